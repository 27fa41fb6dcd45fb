"""What is published, what is live, and what has to be done about the difference."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Literal


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
class Channel:
    """What directories list a show under; "" and () stand for what a feed does not say."""

    title: str = ""
    categories: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LiveFeed:
    """A feed as the target serves it now; `etag` is the storage's name for exactly these bytes."""

    sha256: str
    etag: str
    items: tuple[PublishedItem, ...]
    channel: Channel = Channel()


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
    otherwise the live record (whose etag is `record_etag`, if it exists) is of another time. `doubted` tells
    that every file is to be compared, whatever the record claims.
    """

    feeds: Mapping[str, LiveFeed]
    record: LiveRecord | None = None
    record_etag: str | None = None
    last_release: int = 0
    settled: bool = False
    doubted: bool = False


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
