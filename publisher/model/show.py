"""What is true for the whole show."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from publisher.model.credits import Funding, Licence, Location, Person, Txt, UpdateFrequency, Waiver
from publisher.model.episode import NO_BOOKENDS, Bookends

ShowType = Literal["episodic", "serial"]


AudioFormat = Literal["mp3", "m4a", "opus"]


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
    """One feed of the show: file `feeds/<name>.xml`, published as `<base_url><name>.xml`.

    Title, description and guid are those of the show where the feed has none of its own. `psc` lists chapters
    in each item as well, for older players;
    `hub` is the WebSub hub that is told of changes.
    """

    name: str
    language: str
    title: str | None = None
    description: str | None = None
    guid: str | None = None
    psc: bool = False
    hub: str | None = None


@dataclass(frozen=True, slots=True)
class Edition:
    """The show in one language: `prefix` stands before the keys of its pages, nothing for the show's own.

    `others` are the tags and prefixes of the further languages that the show comes out in, `original` is the
    language of what nobody translated.
    """

    language: str
    prefix: str = ""
    others: tuple[tuple[str, str], ...] = ()
    original: str = ""


@dataclass(frozen=True, slots=True)
class TargetSettings:
    """A place to publish to: `file:FOLDER` or `s3://BUCKET/PREFIX`."""

    name: str
    url: str
    region: str | None = None
    endpoint: str | None = None
    profile: str | None = None
    expected_owner: str | None = None
    conditional_writes: bool = True


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
    transcripts: tuple[str, ...] = ()
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
    bookends: Bookends = NO_BOOKENDS
    feeds: tuple[FeedSettings, ...] = ()
    targets: tuple[TargetSettings, ...] = ()
    profiles: tuple[str, ...] = ()
    waivers: tuple[Waiver, ...] = ()
    sign_releases: bool = False
    numbers: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    """The bounds of rules that were moved: the rule's id or name, then the number's name."""
