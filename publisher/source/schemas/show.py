"""The shape of `show.toml`."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import (
    Field,
)

from publisher.source.schemas.shared import IgnoreTable, Licence, Location, Table, TxtEntry, as_table
from publisher.source.schemas.values import (
    Bitrate,
    Crossfade,
    Flag,
    Guid,
    Identifier,
    Language,
    NamespaceText,
    ShortText,
    Text,
    Url,
)


class OwnerEntry(Table):
    """Who answers mail about the show; directories send their claim codes there."""

    name: ShortText
    email: Annotated[Text, Field(pattern=r"^[^@\s]+@[^@\s]+\.[^@\s]+$")]


class FundingEntry(Table):
    """podcast:funding."""

    url: Url
    text: NamespaceText


class UpdateFrequencyEntry(Table):
    """podcast:updateFrequency."""

    text: NamespaceText
    rrule: Text | None = None
    dtstart: Text | None = None
    complete: Flag = False


UpdateFrequency = Annotated[UpdateFrequencyEntry, as_table("text")]


class ShowTable(Table):
    """`[show]`: what is true for the whole show."""

    title: ShortText
    description: Text
    language: Language
    author: ShortText
    base_url: Url
    link: Url | None = None
    guid: Guid
    timezone: Text
    cover: Text
    categories: Annotated[list[Text], Field(min_length=1)]
    owner: OwnerEntry | None = None
    copyright: ShortText | None = None
    explicit: Flag = False
    type: Literal["episodic", "serial"] = "episodic"
    hosts: list[Identifier] = []
    locked: Flag = True
    transcripts: list[Literal["srt", "json", "html"]] = []
    medium: Text = "podcast"
    block: Flag = False
    complete: Flag = False
    new_feed_url: Url | None = None
    funding: list[FundingEntry] = []
    location: Location | None = None
    license: Licence | None = None
    update_frequency: UpdateFrequency | None = None
    txt: list[TxtEntry] = []
    sign_releases: Flag = False


class PersonTable(Table):
    """`[[people]]`: somebody heard or named in several episodes."""

    id: Identifier
    name: NamespaceText
    role: NamespaceText = "guest"
    group: NamespaceText = "cast"
    href: Url | None = None
    img: Url | None = None


class AlternateTable(Table):
    """`[[audio.alternates]]`: the same episodes in one more format."""

    format: Literal["mp3", "m4a", "opus"]
    bitrate: Bitrate | None = None


class AudioTable(Table):
    """`[audio]`: how finished audio sounds."""

    loudness: Annotated[float, Field(ge=-36, le=-8)] = -16.0
    true_peak: Annotated[float, Field(ge=-9, le=0)] = -1.0
    format: Literal["mp3", "m4a", "opus"] = "mp3"
    bitrate: Bitrate | None = None
    channels: Literal["auto", "mono", "stereo"] = "auto"
    intro: Text | None = None
    outro: Text | None = None
    crossfade: Crossfade = 0.0
    alternates: list[AlternateTable] = []


class FeedTable(Table):
    """`[feeds.NAME]`: one feed of the show; what it says of itself stands in for what the show says."""

    language: Language | None = None
    title: ShortText | None = None
    description: Annotated[Text, Field(max_length=4000)] | None = None
    guid: Guid | None = None
    psc: Flag = False
    hub: Url | None = None


class CheckTable(Table):
    """`[check]`: which profiles are checked."""

    profiles: list[Text] = []
    ignore: list[IgnoreTable] = []
    numbers: dict[Text, dict[Text, int | float]] = {}


class TargetTable(Table):
    """`[targets.NAME]`: a place to publish to; credentials come from the standard AWS chain only."""

    url: Annotated[Text, Field(pattern=r"^(file:.+|s3://[a-z0-9][a-z0-9.-]+(/.*)?)$")]
    region: Text | None = None
    endpoint: Url | None = None
    profile: Text | None = None
    expected_owner: Annotated[Text, Field(pattern=r"^\d{12}$")] | None = None
    conditional_writes: bool = True


class ShowFile(Table):
    """`show.toml`."""

    show: ShowTable
    people: list[PersonTable] = []
    audio: AudioTable = AudioTable()
    feeds: dict[Identifier, FeedTable] = {}
    check: CheckTable = CheckTable()
    targets: dict[Identifier, TargetTable] = {}
