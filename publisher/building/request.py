"""What a build is asked for, and what it left behind."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from publisher.building.seen import BuiltFeed, Seen
from publisher.errors import SurroundingsError

if TYPE_CHECKING:
    from publisher.building.memory import Made, Memory
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
    even where the committed feed names it already. `frozen` are the keys of audio that is live somewhere.
    """

    root: Path
    now: datetime
    started_ns: int
    locked: bool = False
    renew: frozenset[str] = frozenset()
    frozen: frozenset[str] = frozenset()
    progress: Progress = no_progress


@dataclass(frozen=True)
class Built:
    """What a build left behind: every episode, feed and artifact, and what is worth telling."""

    root: Path
    seen: Seen
    made: frozenset[str] = frozenset()
    notices: tuple[str, ...] = ()
    remembered: Memory | None = None

    @property
    def feeds(self) -> tuple[BuiltFeed, ...]:
        """Return all feeds with the number of their items."""
        return self.seen.feeds

    @property
    def states(self) -> Mapping[str, int]:
        """Return how many episodes are in the feed, still to come, and drafts."""
        return self.seen.states

    @cached_property
    def memory(self) -> Memory:
        """Everything that was made; read only when somebody asks.

        Raises:
            SurroundingsError: the file has been damaged.
        """
        from publisher.building.memory import MEMORY_FILE, read_memory  # not needed to tell of no change

        memory = self.remembered or read_memory(self.root)
        if len(memory.episodes) != sum(self.states.values()):
            hint = "delete the folder .publisher and run the same command again; everything is made anew then"
            raise SurroundingsError(f"{MEMORY_FILE} is damaged", hint=hint)
        return memory

    @property
    def episodes(self) -> tuple[Made, ...]:
        """Return all episodes in order of slug."""
        return tuple(self.memory.episodes.values())

    @cached_property
    def artifacts(self) -> tuple[Artifact, ...]:
        """Return everything to be published."""
        from publisher.building.artifacts import artifact_of  # as above

        outputs = [output for made in self.episodes for output in made.outputs]
        outputs.extend(self.memory.outputs)
        unique = {output.key: output for output in outputs}
        return tuple(artifact_of(self.root, output) for output in unique.values())

    def items(self, base_url: str, language: int = 0) -> tuple[PublishedItem, ...]:
        """Return what subscribers' apps will know of each public episode, in a language by its number."""
        from publisher.building.artifacts import published_item  # as above

        public = (made for made in self.episodes if made.is_public)
        return tuple(
            published_item(made, enclosure, base_url, language)
            for made in public
            if (enclosure := made.enclosure_in(language))
        )
