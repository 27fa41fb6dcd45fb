"""When something is said in a recording into when it is heard in the finished audio."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from publisher.model.credits import Chapter
from publisher.model.episode import Episode


@dataclass(frozen=True, slots=True)
class Timeline:
    """How much later than in its recording everything is heard: what plays of the intro before it."""

    offset_ms: int = 0

    def moved(self, time_ms: int) -> int:
        """Return when something is heard that the recording has at `time_ms`."""
        return time_ms + self.offset_ms

    def begins(self, time_ms: int) -> int:
        """Return when what begins at `time_ms` of the recording is heard; at 0, it covers the intro."""
        return self.moved(time_ms) if time_ms else 0

    def chapters(self, chapters: Iterable[Chapter]) -> tuple[Chapter, ...]:
        """Return chapters as they are heard."""
        return tuple(replace(each, start_ms=self.begins(each.start_ms)) for each in chapters)

    def episode(self, episode: Episode) -> Episode:
        """Return an episode with its chapters, soundbites and corrections as they are heard."""
        if not self.offset_ms:
            return episode
        bites = (replace(each, start_ms=self.moved(each.start_ms)) for each in episode.soundbites)
        corrections = (
            each if each.at_ms is None else replace(each, at_ms=self.moved(each.at_ms))
            for each in episode.corrections
        )
        return replace(
            episode,
            chapters=self.chapters(episode.chapters),
            soundbites=tuple(bites),
            corrections=tuple(corrections),
        )


AS_RECORDED = Timeline()
