"""What a transcript is, whatever file it came from: cues in the order of time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from publisher.errors import Place, Problem, SourceError
from publisher.model import Timeline
from publisher.timecodes import format_vtt

LAST_MS = 2_000
"""How long the last words stay where a file says no end; as much as a transcript may outlast its audio."""


@dataclass(frozen=True, slots=True)
class Cue:
    """Some words with their time; `text` may hold line breaks, `speaker` is absent where nobody is named."""

    start_ms: int
    end_ms: int
    speaker: str | None
    text: str


@dataclass(frozen=True, slots=True)
class Transcript:
    """The words of an episode; without times (`is_timed` false) each cue is a paragraph at 0."""

    cues: tuple[Cue, ...]
    language: str | None = None
    is_timed: bool = True

    def moved(self, timeline: Timeline) -> Transcript:
        """Return the words as they are heard in the finished audio."""
        if not (self.is_timed and timeline.offset_ms):
            return self
        cues = (
            replace(each, start_ms=timeline.moved(each.start_ms), end_ms=timeline.moved(each.end_ms))
            for each in self.cues
        )
        return replace(self, cues=tuple(cues))


@dataclass(frozen=True, slots=True)
class Reading:
    """What a file holds, sound or not: its cues, where the times of each stand, and what is no cue at all."""

    cues: tuple[Cue, ...]
    places: tuple[Place, ...]
    problems: tuple[Problem, ...] = ()
    language: str | None = None
    is_timed: bool = True

    def all_problems(self) -> tuple[Problem, ...]:
        """Return everything that has to be mended before the cues are a transcript, in the file's order."""
        problems = (*self.problems, *find_disorder(self))
        return tuple(sorted(problems, key=lambda each: each.place or Place("")))

    def transcript(self) -> Transcript:
        """Return the transcript.

        Raises:
            SourceError: everything that cannot be read or goes back in time.
        """
        if problems := self.all_problems():
            raise SourceError(problems)
        return Transcript(self.cues, self.language, self.is_timed)


def find_disorder(reading: Reading) -> Iterator[Problem]:
    """Find times that end before they start, and starts that go back."""
    latest, before = 0, None
    for cue, place in zip(reading.cues, reading.places, strict=True):
        if place is before:
            continue  # several voices with one time
        before = place
        if cue.end_ms < cue.start_ms:
            start, end = format_vtt(cue.start_ms), format_vtt(cue.end_ms)
            message = f"this cue ends at {end}, before it starts at {start}"
            yield Problem(message, place, "correct one of the two times")
        if cue.start_ms < latest:
            start, above = format_vtt(cue.start_ms), format_vtt(latest)
            message = f"this cue starts at {start}, before the cue above at {above}"
            yield Problem(message, place, "put the cues in the order of their times")
        latest = max(latest, cue.start_ms)
