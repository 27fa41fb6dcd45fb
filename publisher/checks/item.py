"""Rules on finished items and their audio files: the group IT."""

# ruff: noqa: D401 - a rule's docstring is its documentation, written for people

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

from publisher.checks.engine import Fault, rule
from publisher.checks.subjects import ItemSubject

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


@rule("IT-005", "audio-not-https", "error")
def audio_not_https(subject: ItemSubject) -> Iterator[Fault]:
    """Phones refuse to play sound over plain http, and anybody between can change it.

    Bad: `base_url = "http://media.example.org/"`
    Good: `base_url = "https://media.example.org/"`
    Source: Podcast namespace; the rules of iOS and Android for clear text.
    """
    if not subject.item.audio_url.startswith("https://"):
        yield Fault(
            "the audio's address is not https",
            subject.place_of("", ("show", "base_url")),
            "let base_url begin with https://",
        )


@rule("IT-006", "audio-extension", "error")
def audio_extension(subject: ItemSubject) -> Iterator[Fault]:
    """Apple decides by the end of the address whether it takes a file at all.

    Bad: `https://media.example.org/first?format=mp3`
    Good: `https://media.example.org/first.mp3`
    Source: Apple, A Podcaster's Guide to RSS; PSP-1.
    """
    if _extension(subject) not in _TYPES:
        yield Fault(
            f"the audio's address ends in no known file type: {subject.item.audio_url}",
            subject.at(),
            f"let it end in one of: {', '.join(_TYPES)}",
        )


@rule("IT-009", "audio-type-disagrees", "error")
def audio_type_disagrees(subject: ItemSubject) -> Iterator[Fault]:
    """The media type tells apps which player to take; near misses such as `audio/mp3` are none.

    Bad: `first.mp3` sent as `audio/mp3`
    Good: `first.mp3` sent as `audio/mpeg`
    Source: Apple, A Podcaster's Guide to RSS; PSP-1.
    """
    fitting = _TYPES.get(_extension(subject))
    media_type = subject.item.enclosure.media_type
    if fitting and media_type not in fitting:
        yield Fault(
            f"the audio is a .{_extension(subject)} file, but its type is {media_type!r}",
            subject.at(),
            f"the type is {fitting[0]}",
        )


@rule("IT-010", "audio-length", "error")
def audio_length(subject: ItemSubject) -> Iterator[Fault]:
    """Apps show the size before a download and check it afterwards; 0 stands for a file that is not there.

    Bad: `length="0"`
    Good: the size of the file in bytes
    Source: RSS 2.0; Apple, A Podcaster's Guide to RSS.
    """
    if subject.item.enclosure.bytes <= 0:
        yield Fault(
            "the audio file is said to have no bytes", subject.at(), "make the audio again: publisher audio"
        )


@rule("IT-028", "notes-too-long", "error")
def notes_too_long(subject: ItemSubject) -> Iterator[Fault]:
    """The notes of an episode have at most 4,000 bytes with their tags: Apple refuses more, others cut.

    Bad: the whole transcript in the notes
    Good: what it is about, the resources, and a link to the page with the transcript
    Source: PSP-1; Apple, Podcast RSS feed requirements.
    """
    size = len(subject.item.notes.feed_html.encode())
    if size > MAX_DESCRIPTION_BYTES:
        yield Fault(
            f"the notes have {size:,} bytes with their tags; apps take {MAX_DESCRIPTION_BYTES:,}",
            subject.in_notes(),
            "shorten them; the episode's page has room for everything",
        )


@rule("IT-052", "audio-address-long", "warn")
def audio_address_long(subject: ItemSubject) -> Iterator[Fault]:
    """Very long addresses are cut off by some apps, and are mostly made of tracking services.

    Bad: an address with four services in front of the file's own
    Good: the file's own address
    Source: practice of apps and caches.
    """
    length = len(subject.item.audio_url)
    if length > 2000:
        yield Fault(
            f"the audio's address has {length:,} characters", subject.at(), "shorten base_url or the slug"
        )


@rule("MED-019", "duration-odd", "warn")
def duration_odd(subject: ItemSubject) -> Iterator[Fault]:
    """Under ten seconds or over a day, the wrong file was exported.

    Bad: a jingle of four seconds as an episode
    Good: the finished recording
    Source: practice.
    """
    seconds = subject.item.enclosure.duration_ms / 1000
    if not 10 <= seconds <= 24 * 3600:
        yield Fault(
            f"the audio lasts {seconds:,.1f} seconds", subject.at(), "listen whether it is the right file"
        )


def _extension(subject: ItemSubject) -> str:
    return urlsplit(subject.item.audio_url).path.rpartition(".")[2].casefold()
