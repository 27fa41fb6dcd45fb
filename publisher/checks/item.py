"""Rules on finished items and their audio files: the group IT."""

# ruff: noqa: D401 - a rule's docstring is its documentation, written for people

from __future__ import annotations

from collections.abc import Iterator

from publisher.checks.engine import Fault, rule
from publisher.checks.security import counters_of
from publisher.checks.views import ItemView, path_of
from publisher.model import Edit, Fix

MAX_DESCRIPTION_BYTES = 4000
TRAILER_MINUTES = 10
_TYPES = {
    "mp3": ("audio/mpeg",),
    "m4a": ("audio/x-m4a", "audio/m4a", "audio/mp4"),
    "mp4": ("video/mp4", "audio/mp4"),
    "m4v": ("video/x-m4v", "video/m4v", "video/mp4"),
    "mov": ("video/quicktime",),
    "pdf": ("application/pdf",),
    "epub": ("application/epub+zip",),
}
_KNOWN_TYPES = frozenset(kind for kinds in _TYPES.values() for kind in kinds)
_NEAR_MISSES = {
    "audio/mp3": "audio/mpeg",
    "audio/x-mp3": "audio/mpeg",
    "mp3": "audio/mpeg",
    "audio/mpeg3": "audio/mpeg",
    "audio/x-mpeg": "audio/mpeg",
    "audio/x-mpeg-3": "audio/mpeg",
    "audio/mpg": "audio/mpeg",
    "audio/mpeg": "audio/mpeg",
    "audio/aac": "audio/x-m4a",
    "m4a": "audio/x-m4a",
    "video/mpeg4": "video/mp4",
}


@rule("IT-005", "audio-not-https", "error", when=("enclosure",))
def audio_not_https(subject: ItemView) -> Iterator[Fault]:
    """Phones refuse to play sound over plain http, and anybody between can change it.

    Bad: `base_url = "http://media.example.org/"`
    Good: `base_url = "https://media.example.org/"`
    Source: Podcast namespace; the rules of iOS and Android for clear text.
    """
    if subject.audio_url.startswith("http://"):
        yield Fault(
            "the audio's address is not https",
            subject.at_show("base_url") if subject.own else subject.at("enclosure", "url"),
            "offer the file over https; in show.toml, let base_url begin with https://",
        )


@rule("IT-006", "audio-extension", "error", when=("enclosure",))
def audio_extension(subject: ItemView) -> Iterator[Fault]:
    """Apple decides by the end of the address whether it takes a file at all.

    Bad: `https://media.example.org/first?format=mp3`
    Good: `https://media.example.org/first.mp3`
    Source: Apple, A Podcaster's Guide to RSS; PSP-1.
    """
    if subject.audio_url and _extension(subject) not in _TYPES:
        yield Fault(
            f"the audio's address ends in no known file type: {subject.audio_url}",
            subject.at("enclosure", "url"),
            f"let it end in one of: {', '.join(_TYPES)}",
        )


@rule("IT-009", "audio-type-disagrees", "error", when=("enclosure",))
def audio_type_disagrees(subject: ItemView) -> Iterator[Fault]:
    """The media type tells apps which player to take, and the end of the address says the same.

    Bad: `first.mp3` sent as `audio/mp4`
    Good: `first.mp3` sent as `audio/mpeg`
    Source: Apple, A Podcaster's Guide to RSS; PSP-1.
    """
    fitting = _TYPES.get(_extension(subject))
    media_type = subject.attribute("enclosure", "type")
    if fitting and media_type in _KNOWN_TYPES and media_type not in fitting:
        yield Fault(
            f"the audio is a .{_extension(subject)} file, but its type is {media_type!r}",
            subject.at("enclosure", "type"),
            f"the type is {fitting[0]}",
        )


@rule("IT-010", "audio-length", "error", needs=("audio",), when=("enclosure",))
def audio_length(subject: ItemView) -> Iterator[Fault]:
    """Apps show the size before a download and check it afterwards; 0 stands for a file that is not there.

    Bad: `length="0"`
    Good: the size of the file in bytes
    Source: RSS 2.0; Apple, A Podcaster's Guide to RSS.
    """
    enclosure = subject.first("enclosure")
    length = enclosure.get("length") if enclosure is not None else ""
    if not enclosure or not enclosure.has("length"):
        return  # a missing attribute is IT-003's
    if not (length.isascii() and length.isdigit() and int(length[:20]) > 0):
        yield Fault(
            f"the audio file is said to have {length or 'no'} bytes",
            subject.at(enclosure, "length"),
            "write the size of the file in bytes; publisher audio makes the audio again",
        )


@rule("IT-028", "notes-too-long", "error")
def notes_too_long(subject: ItemView) -> Iterator[Fault]:
    """The notes of an episode have at most 4,000 bytes with their tags: Apple refuses more, others cut.

    Bad: the whole transcript in the notes
    Good: what it is about, the resources, and a link to the page with the transcript
    Source: PSP-1; Apple, Podcast RSS feed requirements.
    """
    size = len(subject.text("description").encode())
    if size > MAX_DESCRIPTION_BYTES:
        yield Fault(
            f"the notes have {size:,} bytes with their tags; apps take {MAX_DESCRIPTION_BYTES:,}",
            subject.in_notes(),
            "shorten them; the episode's page has room for everything",
        )


@rule("IT-052", "audio-address-long", "warn", when=("enclosure",))
def audio_address_long(subject: ItemView, *, services: int = 2) -> Iterator[Fault]:
    """Very long addresses are cut off by some apps, and are mostly made of tracking services.

    Bad: an address with four services in front of the file's own
    Good: the file's own address
    Source: practice of apps and caches.
    """
    length = len(subject.audio_url)
    if length > 2000:
        yield Fault(
            f"the audio's address has {length:,} characters",
            subject.at("enclosure", "url"),
            "shorten it, or base_url and the slug",
        )
    if len(counters := counters_of(subject.audio_url)) > services:
        yield Fault(
            f"the audio is fetched through {len(counters)} services that count: {', '.join(counters)}",
            subject.at("enclosure", "url"),
            f"keep {services} of them at most: each is one more place where a download can fail",
        )


@rule("MED-019", "duration-odd", "warn", needs=("audio",), when=("itunes:duration",))
def duration_odd(subject: ItemView) -> Iterator[Fault]:
    """Under ten seconds or over a day, the wrong file was exported.

    Bad: a jingle of four seconds as an episode
    Good: the finished recording
    Source: practice.
    """
    seconds = subject.own.enclosure.duration_ms / 1000 if subject.own else subject.duration_s
    if seconds and not 10 <= seconds <= 24 * 3600:
        place = subject.at("itunes:duration")
        yield Fault(f"the audio lasts {seconds:,.1f} seconds", place, "listen whether it is the right file")


@rule("IT-008", "audio-type-near-miss", "warn", when=("enclosure",))
def audio_type_near_miss(subject: ItemView) -> Iterator[Fault]:
    """Types that look right and are on no list, such as `audio/mp3`, make some apps pass over the file.

    Bad: `type="audio/mp3"`
    Good: `type="audio/mpeg"`
    Source: IANA, media types; practice of apps.
    """
    media_type = subject.attribute("enclosure", "type")
    if near := _NEAR_MISSES.get(media_type.partition(";")[0].strip().casefold()):
        if media_type == near:
            return
        place = subject.at("enclosure", "type")
        fix = Fix(f"write {near}", (Edit(place, media_type, near, "enclosure@type"),))
        yield Fault(f"the type {media_type!r} is on no list", place, f"write {near}", fix)


@rule("IT-007", "audio-type-unknown", "error", when=("enclosure",))
def audio_type_unknown(subject: ItemView) -> Iterator[Fault]:
    """Apple takes MP3, AAC, MPEG-4 video, PDF and EPUB, and goes by the type that the feed declares.

    Bad: `type="audio/ogg"`
    Good: `type="audio/mpeg"`
    Source: Apple, A Podcaster's Guide to RSS; PSP-1.
    """
    media_type = subject.attribute("enclosure", "type")
    plain = media_type.partition(";")[0].strip().casefold()
    if media_type and media_type not in _KNOWN_TYPES and plain not in _NEAR_MISSES:
        yield Fault(
            f"no directory takes enclosures of type {media_type!r}",
            subject.at("enclosure", "type"),
            f"offer one of: {', '.join(sorted(_KNOWN_TYPES))}",
        )


def _extension(subject: ItemView) -> str:
    return path_of(subject.audio_url).rpartition(".")[2].casefold()
