"""One episode, from what its author wrote to what a feed or page needs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from publisher.errors import Place
from publisher.model.credits import (
    Chapter,
    Correction,
    Licence,
    Location,
    Person,
    Resource,
    Soundbite,
    Txt,
    Waiver,
)

EpisodeType = Literal["full", "trailer", "bonus"]

LOCK_FILE = "audio.lock"
"""What is known of an episode's finished audio; of that in another language, `audio.es.lock`."""


DeliveryMode = Literal["copied", "gain", "limited"]


@dataclass(frozen=True, slots=True)
class Translation:
    """What the author wrote about an episode in one more language; what is empty was not translated.

    `chapters` and `soundbites` are the titles of all of them, in order. A translation with a recording of its
    own, whose facts are in the file `lock_name`, has `own_chapters` and `own_soundbites` instead.
    """

    language: str
    source: Place
    title: str | None = None
    summary: str | None = None
    notes: str = ""
    notes_line: int = 0
    chapters: tuple[str, ...] = ()
    soundbites: tuple[str, ...] = ()
    questions: tuple[str, ...] = ()
    corrections: tuple[Correction, ...] = ()
    transcript: Path | None = None
    master: Path | None = None
    lock_name: str = ""
    own_chapters: tuple[Chapter, ...] = ()
    own_soundbites: tuple[Soundbite, ...] = ()


@dataclass(frozen=True, slots=True)
class Bookends:
    """What is heard before and after a recording, and how long each end is blended with it."""

    intro: Path | None = None
    outro: Path | None = None
    crossfade_ms: int = 0


NO_BOOKENDS = Bookends()


@dataclass(frozen=True, slots=True)
class Episode:
    """What the author wrote about one episode; it has no URL and no length yet.

    `language` is None for the show's own; in another one, `untranslated` names the fields that hold words
    of the show's own language.
    """

    slug: str
    title: str
    guid: str
    date: datetime
    summary: str
    notes: str
    notes_line: int
    source: Place
    type: EpisodeType = "full"
    season: int | None = None
    season_name: str | None = None
    number: int | None = None
    explicit: bool | None = None
    draft: bool = False
    withdrawn: bool = False
    people: tuple[Person, ...] = ()
    resources: tuple[Resource, ...] = ()
    chapters: tuple[Chapter, ...] = ()
    soundbites: tuple[Soundbite, ...] = ()
    transcript: Path | None = None
    cover: Path | None = None
    master: Path | None = None
    location: Location | None = None
    licence: Licence | None = None
    txt: tuple[Txt, ...] = ()
    questions: tuple[str, ...] = ()
    corrections: tuple[Correction, ...] = ()
    translations: tuple[Translation, ...] = ()
    lock_name: str = LOCK_FILE
    language: str | None = None
    untranslated: tuple[str, ...] = ()
    bookends: Bookends = NO_BOOKENDS
    waivers: tuple[Waiver, ...] = ()


@dataclass(frozen=True, slots=True)
class Alternate:
    """Facts about the same episode in another format (podcast:alternateEnclosure).

    `codecs` is the name of the coding after RFC 6381, `bitrate` in bits a second as the file has it.
    """

    recipe: str
    key: str
    bytes: int
    sha256: str
    media_type: str
    codecs: str
    bitrate: int
    duration_ms: int
    loudness_lufs: float
    true_peak_dbtp: float
    encoder: str


@dataclass(frozen=True, slots=True)
class Enclosure:
    """Facts about one finished audio file; exactly what `audio.lock` remembers.

    The `alternates` are of the same recording; where there are none, the lock does not mention them. So with
    `bookends`, which names intro, outro and crossfade by 16 digits, and `offset_ms`, where the recording
    begins behind the intro.
    """

    master_sha256: str
    recipe: str
    key: str
    bytes: int
    sha256: str
    media_type: str
    duration_ms: int
    sample_rate: int
    channels: int
    loudness_lufs: float
    true_peak_dbtp: float
    loudness_range_lu: float
    master_loudness_lufs: float
    mode: DeliveryMode
    encoder: str
    alternates: tuple[Alternate, ...] = ()
    bookends: str = ""
    offset_ms: int = 0


@dataclass(frozen=True, slots=True)
class Link:
    """A published file that an item points to; `type` is a media type, `language` a BCP 47 tag."""

    url: str
    type: str
    language: str | None = None
    rel: str | None = None


@dataclass(frozen=True, slots=True)
class Notes:
    """The show notes, rendered: `feed_html` holds only what podcast apps show, `page_html` is richer.

    `below_html` is that without the corrections, which the episode's page has at its very top.
    """

    feed_html: str
    page_html: str
    below_html: str | None = None


@dataclass(frozen=True, slots=True)
class Item:
    """An episode with its finished audio and rendered notes: all that a feed entry or page needs.

    Every URL is absolute and starts with the show's `base_url`. `alternate_urls` are those of the
    enclosure's alternates, in their order.
    """

    episode: Episode
    enclosure: Enclosure
    notes: Notes
    audio_url: str
    page_url: str
    transcripts: tuple[Link, ...] = ()
    chapters_url: str | None = None
    cover_url: str | None = None
    alternate_urls: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Teaser:
    """What a list of episodes says about one of them."""

    title: str
    date: datetime
    summary: str
    page_url: str
    duration_ms: int
    type: str
    season: int | None
    number: int | None


def standing(
    date: datetime, season: int | None, number: int | None, guid: str
) -> tuple[datetime, int, int, str]:
    """Return what an episode is sorted by in the feed, the greatest first: newest, number, guid."""
    return date.astimezone(UTC), season or 0, number or 0, guid
