"""The nouns of the house: each type is one stage on the way from a folder to a published feed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Literal

from publisher.errors import Place

EpisodeType = Literal["full", "trailer", "bonus"]
ShowType = Literal["episodic", "serial"]
DeliveryMode = Literal["copied", "gain", "limited"]
AudioFormat = Literal["mp3", "m4a", "opus"]


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody heard or named; `role` and `group` are the Podcast Taxonomy's, in lower case."""

    id: str
    name: str
    role: str = "guest"
    group: str = "cast"
    href: str | None = None
    img: str | None = None


@dataclass(frozen=True, slots=True)
class Resource:
    """One entry of the catalogue: something worth linking from many episodes."""

    id: str
    title: str
    url: str
    by: str | None = None
    publisher: str | None = None
    kind: str = "web page"
    languages: tuple[str, ...] = ()
    description: str | None = None
    format: str | None = None
    verified_on: date | None = None
    archived_url: str | None = None


@dataclass(frozen=True, slots=True)
class Chapter:
    """A named stretch of the episode, from `start_ms` to the next chapter's start."""

    start_ms: int
    title: str
    url: str | None = None
    image: str | None = None
    toc: bool = True


@dataclass(frozen=True, slots=True)
class Soundbite:
    """A short passage worth playing on its own (podcast:soundbite)."""

    start_ms: int
    duration_ms: int
    title: str = ""


@dataclass(frozen=True, slots=True)
class Location:
    """Where the show or episode is about or made (podcast:location, as revised in 2025)."""

    name: str
    geo: str | None = None
    osm: str | None = None
    country: str | None = None
    rel: Literal["subject", "creator"] | None = None


@dataclass(frozen=True, slots=True)
class Licence:
    """A licence identifier, with its address when it is a custom one (podcast:license)."""

    identifier: str
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Funding:
    """A page where listeners can support the show (podcast:funding)."""

    url: str
    text: str


@dataclass(frozen=True, slots=True)
class Txt:
    """A free text for machines (podcast:txt)."""

    text: str
    purpose: str | None = None


@dataclass(frozen=True, slots=True)
class UpdateFrequency:
    """How often episodes come (podcast:updateFrequency); `rrule` in RFC 5545 form."""

    text: str
    rrule: str | None = None
    dtstart: str | None = None
    complete: bool = False


@dataclass(frozen=True, slots=True)
class Correction:
    """Something said wrongly, and what is right; shown, never hidden."""

    date: date
    text: str


@dataclass(frozen=True, slots=True)
class AudioSettings:
    """How finished audio must sound and be coded; these are part of the audio recipe.

    With `vbr_quality` (0 the best, 9 the smallest) the bit rate varies, and `bitrate_kbps` is what comes of
    it as a rule.
    """

    loudness_lufs: float = -16.0
    true_peak_dbtp: float = -1.0
    format: AudioFormat = "mp3"
    bitrate_kbps: int = 128
    channels: Literal["auto", "mono", "stereo"] = "auto"
    vbr_quality: int | None = None


@dataclass(frozen=True, slots=True)
class FeedSettings:
    """One feed of the show: file `feeds/<name>.xml`, published as `<base_url><name>.xml`."""

    name: str
    language: str


@dataclass(frozen=True, slots=True)
class TargetSettings:
    """A place to publish to: `file:FOLDER` or `s3://BUCKET/PREFIX`."""

    name: str
    url: str
    region: str | None = None
    endpoint: str | None = None
    profile: str | None = None


@dataclass(frozen=True, slots=True)
class Waiver:
    """A finding that is accepted, with its reason, until a day when given."""

    rule: str
    reason: str
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Show:
    """What is true for the whole show."""

    title: str
    description: str
    language: str
    author: str
    base_url: str
    link: str
    guid: str
    timezone: str
    cover: Path
    categories: tuple[str, ...]
    owner_name: str | None = None
    owner_email: str | None = None
    copyright: str | None = None
    explicit: bool = False
    type: ShowType = "episodic"
    locked: bool = True
    medium: str = "podcast"
    block: bool = False
    complete: bool = False
    new_feed_url: str | None = None
    funding: tuple[Funding, ...] = ()
    location: Location | None = None
    licence: Licence | None = None
    update_frequency: UpdateFrequency | None = None
    txt: tuple[Txt, ...] = ()
    people: tuple[Person, ...] = ()
    hosts: tuple[Person, ...] = ()
    audio: AudioSettings = AudioSettings()
    alternates: tuple[AudioSettings, ...] = ()
    feeds: tuple[FeedSettings, ...] = ()
    targets: tuple[TargetSettings, ...] = ()
    profiles: tuple[str, ...] = ()
    waivers: tuple[Waiver, ...] = ()


@dataclass(frozen=True, slots=True)
class Episode:
    """What the author wrote about one episode; it has no URL and no length yet."""

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

    The `alternates` are of the same recording; where there are none, the lock does not mention them.
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


@dataclass(frozen=True, slots=True)
class Link:
    """A published file that an item points to; `type` is a media type, `language` a BCP 47 tag."""

    url: str
    type: str
    language: str | None = None
    rel: str | None = None


@dataclass(frozen=True, slots=True)
class Notes:
    """The show notes, rendered: `feed_html` holds only what podcast apps show, `page_html` is richer."""

    feed_html: str
    page_html: str


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


class Role(StrEnum):
    """What an artifact is for; the order of the members is the order of publishing."""

    MEDIA = "media"
    SIDECAR = "sidecar"
    PAGE = "page"
    FEED = "feed"
    LISTING = "listing"


@dataclass(frozen=True, slots=True)
class Artifact:
    """A file to be published: where its bytes are, and how they must be served.

    `immutable` artifacts carry a digest of their bytes in the key and are created once;
    the others are swapped under a stable key.
    """

    key: str
    path: Path
    sha256: str
    bytes: int
    content_type: str
    cache_control: str
    role: Role
    immutable: bool


Level = Literal["error", "warn"]


@dataclass(frozen=True, slots=True)
class Finding:
    """Something about the author's content that an app, a directory or a listener will stumble over."""

    rule: str
    level: Level
    place: Place
    message: str
    fix: str = ""


@dataclass(frozen=True, slots=True)
class PublishedItem:
    """What subscribers' apps know about one published episode.

    `date` is ISO 8601 in UTC. `audio_sha256` is empty where only the feed is known, `audio_bytes` 0 where
    the feed does not say.
    """

    guid: str
    title: str
    date: str
    audio_url: str
    audio_bytes: int
    audio_sha256: str = ""


@dataclass(frozen=True, slots=True)
class LiveFeed:
    """A feed as the target serves it now; `etag` is the storage's name for exactly these bytes."""

    sha256: str
    etag: str
    items: tuple[PublishedItem, ...]


@dataclass(frozen=True, slots=True)
class LiveRecord:
    """What a publish left behind for the next: the release that is live and the objects it verified.

    `objects` and `feeds` map keys to SHA-256. `etags` holds the storage's names for the bytes of the mutable
    objects; one that is not in it has to be read before it is believed. `items` are those of each feed.
    """

    release: int
    key: str
    feeds: Mapping[str, str]
    objects: Mapping[str, str]
    etags: Mapping[str, str]
    items: Mapping[str, tuple[PublishedItem, ...]]


@dataclass(frozen=True, slots=True)
class Live:
    """What the target serves now; a feed that is not there is not in `feeds`.

    `record` is only there when it belongs to the live feeds. `settled` tells that the last publish finished:
    otherwise the live record (whose etag is `record_etag`, if it exists) is of another time.
    """

    feeds: Mapping[str, LiveFeed]
    record: LiveRecord | None = None
    record_etag: str | None = None
    last_release: int = 0
    settled: bool = False


Action = Literal["put", "keep", "swap"]


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that `publish` will do, with its reason in words; a record has no artifact."""

    action: Action
    key: str
    bytes: int
    reason: str
    artifact: Artifact | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything that `publish` will do, in order, and what subscribers will notice of it.

    `release` is the number of the release that it makes, or None when the feeds stay as they are.
    """

    target: str
    steps: tuple[Step, ...]
    impact: tuple[str, ...]
    live: Live
    items: Mapping[str, tuple[PublishedItem, ...]]
    release: int | None = None

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to do."""
        return all(step.action == "keep" for step in self.steps)

    @property
    def bytes_to_send(self) -> int:
        """The size of everything that is not there yet, as far as the plan knows."""
        return sum(step.bytes for step in self.steps if step.action != "keep")
