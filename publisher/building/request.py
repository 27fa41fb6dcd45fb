"""What a build is asked for, and what it left behind."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Any

from publisher.building.artifacts import BUILD_FOLDER, artifact
from publisher.building.memory import Made, Memory, Output
from publisher.model import Artifact, PublishedItem

FEEDS_FOLDER = "feeds"

Progress = Callable[[str, float, str], AbstractContextManager[Callable[..., None]]]
"""Given a label, a total and its unit, a context whose value is told done, and perhaps total and stage."""


def no_progress(_label: str, _total: float, _unit: str) -> AbstractContextManager[Callable[..., None]]:
    """Tell nobody how far a step is."""
    return nullcontext(lambda *_told: None)


@dataclass(frozen=True, slots=True)
class BuildRequest:
    """What to build and how: `now` decides what is due, `started_ns` is the time for spotting racing edits.

    `locked` needs no audio and touches none. `renew` names the episodes whose audio is brought up to date
    even where the committed feed names it already.
    """

    root: Path
    now: datetime
    started_ns: int
    locked: bool = False
    renew: frozenset[str] = frozenset()
    progress: Progress = no_progress


@dataclass(frozen=True, slots=True)
class BuiltFeed:
    """A feed file, and how many items it has."""

    name: str
    path: str
    sha256: str
    items: int


@dataclass(frozen=True)
class Built:
    """What a build left behind: every episode, feed and artifact, and what is worth telling."""

    root: Path
    memory: Memory
    made: frozenset[str] = frozenset()
    notices: tuple[str, ...] = ()

    @property
    def episodes(self) -> tuple[Made, ...]:
        """Return all episodes in order of slug."""
        return tuple(entry.made for entry in self.memory.episodes.values())

    @property
    def feeds(self) -> tuple[BuiltFeed, ...]:
        """Return all feeds with the number of their items."""
        items = sum(episode.is_public for episode in self.episodes)
        return tuple(
            BuiltFeed(name, f"{FEEDS_FOLDER}/{name}.xml", feed.sha256, items)
            for name, feed in self.memory.feeds.items()
        )

    @cached_property
    def artifacts(self) -> tuple[Artifact, ...]:
        """Return everything to be published."""
        outputs = [output for made in self.episodes for output in made.outputs]
        outputs.extend(self.memory.outputs)
        unique = {output.key: output for output in outputs}
        return tuple(self._artifact(output) for output in unique.values())

    def _artifact(self, output: Output) -> Artifact:
        path = self.root / (output.source or f"{BUILD_FOLDER}/{output.key}")
        return artifact(output.key, path, output.sha256, output.bytes)

    def items(self, base_url: str) -> tuple[PublishedItem, ...]:
        """Return what subscribers' apps will know of each public episode."""
        public = (made for made in self.episodes if made.is_public)
        return tuple(_published(made, made.enclosure, base_url) for made in public if made.enclosure)


def _published(made: Made, enclosure: Mapping[str, Any], base_url: str) -> PublishedItem:
    return PublishedItem(
        guid=made.guid,
        title=made.title,
        date=datetime.fromisoformat(made.date).astimezone(UTC).isoformat(),
        audio_url=f"{base_url}{enclosure['key']}",
        audio_bytes=enclosure["bytes"],
        audio_sha256=enclosure["sha256"],
    )
