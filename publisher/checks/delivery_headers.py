"""Rules on what servers say of files that they serve: the group HT, with what it says of pictures."""

# ruff: noqa: D205, D401 - a rule's docstring is its documentation, written for people

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from publisher.checks.delivery import called, is_served
from publisher.checks.engine import Fault, rule

if TYPE_CHECKING:
    from publisher.checks.files import ResponseView

_FEED_TYPES = frozenset({"application/rss+xml", "application/xml", "text/xml"})
_NEVER = frozenset({"text/html", "text/plain", "binary/octet-stream", "application/octet-stream"})
_ALIKE = frozenset({"audio/x-m4a", "audio/m4a", "audio/mp4", "audio/aac"})
_KNOWN = _ALIKE | {
    "audio/mpeg", "audio/ogg", "audio/opus", "video/mp4", "video/x-m4v", "video/m4v", "video/quicktime",
    "application/pdf", "application/epub+zip",
}  # fmt: skip
_PACKED = frozenset({"gzip", "x-gzip", "br", "zstd", "deflate"})
_SMALL_BYTES = 1400
_MAX_AGE = re.compile(r"(?:^|,)\s*(?:s-maxage|max-age)\s*=\s*\"?(\d{1,12})")
_VERSIONED = re.compile(r"[0-9a-f]{8,}|v\d+", re.IGNORECASE)


@rule("HT-003", "byte-ranges", "error")
def byte_ranges(subject: ResponseView) -> Iterator[Fault]:
    """Without byte ranges nobody can jump within an episode, and Apple takes the show off.

    Bad: 200 and the whole file to `Range: bytes=0-1`
    Good: 206, `Content-Range: bytes 0-1/14400123`, two bytes, and `Accept-Ranges: bytes`
    Source: Apple, Podcast RSS feed requirements; RFC 9110, 14.
    """
    if subject.role != "media" or not is_served(subject) or not subject.range_status:
        return
    hint = "serve audio from storage or a server that allows byte ranges"
    said = subject.range_headers.get("content-range", "")
    if subject.range_status != 206:
        message = f"the server answers {subject.range_status} where it is asked for two bytes of the audio"
        yield Fault(message, subject.at(), hint)
    elif not said.replace("=", " ").startswith("bytes 0-1/") or subject.range_length != 2:
        message = f"asked for two bytes of the audio, the server sends {subject.range_length} as {said!r}"
        yield Fault(message, subject.at(), hint)
    elif not any("bytes" in each.get("accept-ranges", "") for each in (subject.headers, subject.head)):
        message = "the server allows byte ranges, but does not say so (Accept-Ranges)"
        yield Fault(message, subject.at(), "let it send Accept-Ranges: bytes", level="warn")


@rule("HT-004", "served-length-differs", "error")
def served_length_differs(subject: ResponseView) -> Iterator[Fault]:
    """Apps compare what they have loaded with the size in the feed, and load again what differs.

    Bad: `length="14400123"` of a file that is served with 14,400,999 bytes
    Good: the size of the file that is there
    Source: RFC 9110, 8.6; Apple, A Podcaster's Guide to RSS.
    """
    told = subject.headers.get("content-length", "")
    if subject.role != "media" or not is_served(subject) or not told.isdecimal() or not subject.length:
        return
    if int(told[:16]) != subject.length and not subject.headers.get("content-encoding"):
        message = f"the audio is served with {int(told[:16]):,} bytes; the feed says {subject.length:,}"
        yield Fault(message, subject.at(), "write the size of the file that is there, or send the right file")


@rule("HT-005", "served-type-wrong", "error")
def served_type_wrong(subject: ResponseView) -> Iterator[Fault]:
    """Players and directories go by the type that the server sends, not by the one in the feed.
    Types that mean the same (`audio/x-m4a`, `audio/mp4`) are taken as one.

    Bad: audio as `binary/octet-stream`, which is what object stores say when nobody told them
    Good: audio as `audio/mpeg`, the feed as `application/rss+xml`
    Source: RFC 9110, 8.3; Apple, Podcast RSS feed requirements.
    """
    if subject.role not in {"feed", "media"} or not is_served(subject):
        return
    served = _plain(subject.headers.get("content-type", ""))
    if subject.role == "feed":
        if served not in _FEED_TYPES:
            message = f"the feed is served as {served or 'nothing in particular'!r}"
            yield Fault(message, subject.at(), "let the server send application/rss+xml; charset=utf-8")
        return
    declared = _plain(subject.type)
    is_same = served == declared or {served, declared} <= _ALIKE
    if not served or served in _NEVER or (declared in _KNOWN and not is_same):
        message = f"the audio is served as {served or 'nothing in particular'!r}; the feed says {declared!r}"
        wanted = declared if declared in _KNOWN else "audio/mpeg"
        yield Fault(message, subject.at(), f"let the server send {wanted}")


@rule("HT-006", "feed-type-vague", "warn")
def feed_type_vague(subject: ResponseView) -> Iterator[Fault]:
    """`text/xml` without an encoding means ASCII to some readers; the feed's own type says it all.

    Bad: `Content-Type: text/xml`
    Good: `Content-Type: application/rss+xml; charset=utf-8`
    Source: W3C Feed Validation Service, TextXml and NonSpecificMediaType; RFC 7303.
    """
    told = subject.headers.get("content-type", "")
    if subject.role != "feed" or not is_served(subject) or _plain(told) not in _FEED_TYPES:
        return
    if _plain(told) != "application/rss+xml" or "charset=" not in told.casefold():  # another one is DOC-005's
        message = f"the feed is served as {told!r}"
        yield Fault(message, subject.at(), "let the server send application/rss+xml; charset=utf-8")


@rule("HT-007", "feed-not-conditional", "warn")
def feed_not_conditional(subject: ResponseView) -> Iterator[Fault]:
    """Apps ask every hour whether anything is new; with ETag and 304 the answer takes no data at all.

    Bad: 200 and the whole feed, each time
    Good: a strong `ETag`, `Last-Modified`, and 304 to `If-None-Match`
    Source: Apple, Technical updates for hosting providers; RFC 9110, 13.
    """
    if subject.role != "feed" or not is_served(subject):
        return
    etag = subject.headers.get("etag", "")
    missing = [name for name in ("ETag", "Last-Modified") if not subject.headers.get(name.lower())]
    if missing:
        message = f"the feed is served without {' and '.join(missing)}"
        yield Fault(message, subject.at(), "let the server say which version it sends")
    elif subject.again_status not in {0, 304} or (subject.again_status == 304 and subject.again_length):
        message = f"the server answers {subject.again_status} to somebody who has this feed already, not 304"
        yield Fault(message, subject.at(), "let the server compare If-None-Match with its ETag")
    elif etag.startswith("W/"):
        message = f"the feed's ETag is a weak one: {etag}"
        yield Fault(message, subject.at(), "let the server compress files once, not each answer")


@rule("HT-008", "feed-cache", "warn")
def feed_cache(subject: ResponseView, *, least_s: int = 60, most_s: int = 3600) -> Iterator[Fault]:
    """A feed that caches keep for a day shows a new episode a day late; one never kept is slow for all.

    Bad: `Cache-Control: max-age=86400`
    Good: `Cache-Control: public, max-age=300`
    Source: RFC 9111, 5.2.2.
    """
    if subject.role != "feed" or not is_served(subject):
        return
    age = _max_age(subject.headers)
    if age is None or not least_s <= age <= most_s:
        said = subject.headers.get("cache-control", "")
        message = f"the feed's Cache-Control is {said!r}" if said else "the feed has no Cache-Control"
        hint = f"let the server send public, max-age=300: between {least_s} s and {most_s // 60} minutes"
        yield Fault(message, subject.at(), hint)


@rule("HT-009", "file-cache", "warn")
def file_cache(subject: ResponseView, *, days: int = 30) -> Iterator[Fault]:
    """Audio and pictures never change at their address; who keeps them saves everybody the second transfer.
    `immutable` is only asked of names that carry a version or a digest.

    Bad: `Cache-Control: no-cache` on audio
    Good: `Cache-Control: public, max-age=31536000, immutable`
    Source: RFC 9111, 5.2.2; RFC 8246.
    """
    if subject.role == "feed" or not is_served(subject):
        return
    said = subject.headers.get("cache-control", "").casefold()
    age = _max_age(subject.headers)
    is_versioned = bool(_VERSIONED.search(subject.address.rpartition("/")[2]))
    if age is None or age < days * 86_400 or (is_versioned and "immutable" not in said):
        message = f"the Cache-Control of {called(subject)[4:]} is {said!r}"
        if not said:
            message = f"{called(subject)} has no Cache-Control"
        yield Fault(message, subject.at(), "let the server send public, max-age=31536000, immutable")


@rule("HT-010", "compression", "warn")
def compression(subject: ResponseView) -> Iterator[Fault]:
    """Compressed, a feed is a tenth as large; audio is compressed already, and again it loses its ranges.

    Bad: a feed of 2 MB as it is
    Good: `Content-Encoding: gzip` on the feed, none on audio
    Source: W3C Feed Validation Service, Uncompressed; RFC 9110, 8.4.
    """
    if not is_served(subject) or subject.app_status != 200:
        return
    packed = subject.app.get("content-encoding", "").casefold()
    if subject.role == "feed" and packed not in _PACKED and len(subject.start) > _SMALL_BYTES:
        message = "the feed is sent uncompressed to apps that take gzip"
        yield Fault(message, subject.at(), "switch compression on for application/rss+xml")
    if subject.role == "media" and packed in _PACKED:
        yield Fault(f"the audio is sent with {packed}", subject.at(), "switch compression off for audio")


@rule("HT-013", "no-cors", "warn")
def no_cors(subject: ResponseView) -> Iterator[Fault]:
    """Players on web pages may only read what its server opens to all. Of transcripts TR-023 speaks.

    Bad: a cover without the header
    Good: `Access-Control-Allow-Origin: *`
    Source: Podcast namespace, transcripts.
    """
    if subject.role in {"media", "transcript"} or not is_served(subject):
        return
    name = "access-control-allow-origin"
    told = [each.get(name, "").strip() for each in (subject.headers, subject.head, subject.app)]
    if "*" not in told:
        message = f"players on web pages may not read {called(subject)}"
        yield Fault(message, subject.at(), "let the server send Access-Control-Allow-Origin: *")


@rule("HT-014", "delivery-hidden", "warn")
def delivery_hidden(subject: ResponseView) -> Iterator[Fault]:
    """An attachment is stored instead of played, and what says noindex is found by nobody.

    Bad: `Content-Disposition: attachment` on audio; `X-Robots-Tag: noindex`
    Good: neither of them
    Source: practice of browsers and search engines.
    """
    if subject.status != 200:
        return
    if subject.role == "media" and subject.headers.get("content-disposition", "").lower().startswith(
        "attach"
    ):
        message = "browsers store the audio instead of playing it (Content-Disposition: attachment)"
        yield Fault(message, subject.at(), "take the header away")
    is_ours = subject.role in {"feed", "media", "art", "page"}
    if is_ours and re.search(r"\b(noindex|none)\b", subject.headers.get("x-robots-tag", "").lower()):
        message = f"{called(subject)} keeps search engines out (X-Robots-Tag: noindex)"
        yield Fault(message, subject.at(), "take the header away, unless that is wanted")


def _plain(media_type: str) -> str:
    return media_type.partition(";")[0].strip().casefold()


def _max_age(headers: Mapping[str, str]) -> int | None:
    """Return for how many seconds caches may keep an answer; None where nothing is said."""
    said = headers.get("cache-control", "").casefold()
    if "no-store" in said or "no-cache" in said:
        return 0
    found = _MAX_AGE.search(said)
    return int(found[1]) if found else None
