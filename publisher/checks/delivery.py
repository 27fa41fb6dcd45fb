"""Rules on whether servers answer, to whom and on which way: the group HT."""

# ruff: noqa: D205, D401 - a rule's docstring is its documentation, written for people

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import pairwise
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from publisher.checks.engine import Fault, NotChecked, checklist, rule
from publisher.checks.robots import may_come
from publisher.checks.views import ChannelView, ItemView, host_of

if TYPE_CHECKING:
    from publisher.checks.files import ResponseView

FILES = frozenset({"feed", "media", "art", "transcript", "chapters"})
"""What apps fetch on their own; pages and links are for people."""

BLOCKED = frozenset({401, 402, 403, 407, 429, 451})
_SILENT = frozenset({"unknown-host", "refused", "timeout", "broken"})
_WORDS = {
    "feed": "the feed",
    "media": "the audio",
    "art": "the picture",
    "transcript": "the transcript",
    "chapters": "the chapters file",
    "page": "the page",
}
_CRAWLERS = ("iTMS", "Spotify", "Googlebot", "*")
_SAME = ("content-type", "content-length", "etag")


def called(subject: ResponseView) -> str:
    """Name what was asked for, for a sentence."""
    return _WORDS.get(subject.role, "the link")


def is_served(subject: ResponseView) -> bool:
    """Tell whether apps get it at all; what else is wrong then counts for nothing."""
    return subject.status == 200 and subject.role in FILES


@rule("HT-001", "delivery-not-https", "error", when=("itunes:image",))
def delivery_not_https(subject: ChannelView | ItemView | ResponseView, *, days: int = 14) -> Iterator[Fault]:
    """Apps refuse what comes without encryption, and when a certificate ends, the whole show is off the air.
    Of audio, transcripts and the feed's own link, IT-005, P20-003 and CH-013 say that they are not https.

    Bad: `https://media.example.org/` with a certificate that ends tomorrow
    Good: a certificate that its server renews by itself, a month before its end
    Source: Apple, Podcast RSS feed requirements; practice of iOS and Android.
    """
    if isinstance(subject, ChannelView | ItemView):
        if subject.attribute("itunes:image", "href").startswith("http://"):
            place = subject.at("itunes:image", "href")
            yield Fault("the picture's address is not https", place, "offer it over https")
        return
    if subject.failure_kind == "tls" and subject.role in FILES:
        yield Fault(subject.failure, subject.at(), "have the certificate of this server renewed")
    elif subject.certificate_ends and subject.role in FILES:
        left = datetime.fromtimestamp(subject.certificate_ends, UTC) - subject.context.now
        if left.days < days:
            message = (
                f"the certificate of {host_of(subject.final or subject.address)} ends in {left.days} days"
            )
            yield Fault(message, subject.at(), "renew it now, and let the server renew it by itself")


@rule("HT-002", "no-proper-answer", "error")
def no_proper_answer(subject: ResponseView) -> Iterator[Fault | NotChecked]:
    """Apple asks by HEAD, which gives the headers without the file; it must get what GET gets.

    Bad: 200 to GET, 405 to HEAD
    Good: 200 and the same headers to both
    Source: Apple, Podcast RSS feed requirements.
    """
    if subject.role not in FILES or (subject.role == "art" and subject.status not in {0, 200}):
        return  # of pictures, ART-013 speaks
    what = called(subject)
    if subject.failure_kind in _SILENT:
        yield Fault(
            f"{what} cannot be fetched: {subject.failure}", subject.at(), "check the address and the server"
        )
    elif subject.failure_kind:
        if subject.failure_kind not in {"tls", "loop", "redirects"}:
            yield NotChecked("HT-002", subject.failure)
    elif subject.status != 200:
        if subject.status not in BLOCKED | {404, 410}:
            message = f"{what} is answered with {subject.status}, not 200"
            yield Fault(message, subject.at(), "look at what the server says")
    elif subject.head_status not in {0, 200}:
        if subject.head_status not in BLOCKED or subject.role != "art":
            message = f"{what} is answered with {subject.head_status} to HEAD, but with 200 to GET"
            yield Fault(message, subject.at(), "let the server allow HEAD")
    elif subject.head_status:
        for name in _SAME:
            by_get, by_head = subject.headers.get(name, ""), subject.head.get(name, "")
            if by_get and by_head and by_get != by_head:
                message = f"{what} has the {name} {by_head!r} by HEAD, but {by_get!r} by GET"
                yield Fault(message, subject.at(), "let the server give the same headers to both")
                return


@rule("HT-011", "delivery-blocked", "error")
def delivery_blocked(subject: ResponseView) -> Iterator[Fault]:
    """Apps and directories have no password, keep no cookies and run no scripts: what asks for one is closed.

    Bad: a check for bots in front of the audio, or 403 to everybody but browsers
    Good: files that anybody can fetch, by whatever program
    Source: Apple, Podcast RSS feed requirements.
    """
    if subject.role not in FILES or (subject.role == "art" and subject.status != 200):
        return
    what, hint = called(subject), "let the server give it to everybody, without a check for browsers"
    if subject.status in BLOCKED:
        yield Fault(f"{what} is closed: the server answers {subject.status}", subject.at(), hint)
    elif subject.headers.get("cf-mitigated") == "challenge":
        yield Fault(f"{what} is behind a check for bots", subject.at(), hint)
    elif subject.status == 200 and subject.app_status in BLOCKED:
        message = f"{what} is closed to podcast apps: the server answers them {subject.app_status}"
        yield Fault(message, subject.at(), hint)


@rule("HT-012", "redirects", "error")
def redirects(subject: ResponseView, *, most: int = 5) -> Iterator[Fault]:
    """Every redirect takes time, and apps give up after some; a feed's address should be its own.

    Bad: `https://…` that leads to `http://…`, or six services in a row
    Good: the address at which the file is
    Source: practice of apps and directories; RFC 9110, 15.4.
    """
    if subject.role not in FILES:
        return
    place, what = subject.at(), called(subject)
    on_the_way = [address for _, address in subject.hops] + [subject.final] * bool(subject.final)
    schemes = [urlsplit(address).scheme for address in on_the_way]
    if subject.failure_kind == "loop":
        yield Fault(f"{what} redirects in a circle", place, "mend the redirects of the server")
    elif subject.failure_kind == "redirects" or len(subject.hops) > most:
        message = f"{what} is behind {len(subject.hops)} redirects; apps follow {most}"
        yield Fault(message, place, "write the address where it ends")
    elif ("https", "http") in pairwise(schemes):
        yield Fault(f"{what} is redirected from https to http", place, "let every redirect lead to https")
    elif subject.role == "feed" and subject.hops:
        yield Fault(
            f"the feed's address redirects to {subject.final}",
            place,
            "write the address where it ends, or serve the feed at this one",
            level="warn" if subject.hops[0][0] in {301, 308} else None,
        )


@rule("HT-015", "robots-keep-out", "warn")
def robots_keep_out(subject: ResponseView) -> Iterator[Fault]:
    """Directories obey a host's robots.txt: what it forbids, they neither list nor check.
    Which names the crawlers go by changes; asked are Apple's, Spotify's, Google's and everybody's.

    Bad: `Disallow: /` for all on the host of the audio
    Good: no robots.txt there, or one that lets everybody in
    Source: RFC 9309; practice of directories.
    """
    is_text = not subject.headers.get("content-type", "").startswith("text/html")
    if subject.role != "robots" or subject.status != 200 or not is_text:
        return
    robots = subject.start.decode("utf-8", "replace")
    for agent in _CRAWLERS:
        for address in subject.named:
            parts = urlsplit(address)
            path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
            if not may_come(robots, agent, path):
                who = "everybody" if agent == "*" else agent
                message = f"the robots.txt of {parts.netloc} keeps {who} from {address}"
                yield Fault(message, subject.at(), "take the Disallow away that forbids it")
                return


@rule("HT-016", "answer-slow", "warn")
def answer_slow(
    subject: ResponseView, *, seconds: float = 2.0, whole_seconds: float = 10.0
) -> Iterator[Fault]:
    """Apps ask for the feed every hour and do not wait long; a directory takes a slow one off.

    Bad: a feed that the server writes anew for everybody who asks
    Good: a feed that lies there as a file
    Source: practice of apps and directories.
    """
    if subject.role != "feed" or subject.status != 200:
        return
    if subject.seconds > seconds:
        message = f"the server took {subject.seconds:.1f} s until it began to answer"
        yield Fault(message, subject.at(), "serve the feed as a file, or put a cache in front of it")
    elif subject.whole_seconds > whole_seconds:
        message = f"the whole feed took {subject.whole_seconds:.1f} s"
        yield Fault(message, subject.at(), "let the server compress it, or shorten it")


@rule("HT-017", "named-file-missing", "error")
def named_file_missing(subject: ResponseView) -> Iterator[Fault]:
    """A feed never names what is not there: apps show the episode and fail when somebody plays it.
    publish sends the files first, reads them back, and the feed last; here the servers are asked.

    Bad: a feed that is published before its audio
    Good: everything that the feed names answers 200
    Source: Apple, Podcast RSS feed requirements.
    """
    if subject.role in FILES - {"art"} and subject.status in {404, 410}:
        message = f"{called(subject)} is not there: the server answers {subject.status}"
        yield Fault(message, subject.at(), "publish the file, or correct the address")


@checklist("HT-018", "stored-bytes-differ", "error", kept=True)
def stored_bytes_differ() -> None:
    """What a storage holds after an upload is what was sent, byte for byte.
    publish reads back what it sent; `publisher verify` compares a target with what it must hold. From
    outside, only the size can be seen, which is HT-004's.

    Bad: an upload that broke off in the middle
    Good: `publisher verify TARGET` that says that everything is there
    Source: practice of object stores.
    """
