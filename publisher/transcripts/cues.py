"""What a transcript is, whatever file it came from: cues in the order of time."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from publisher.errors import Place, Problem
from publisher.model import Timeline
from publisher.timecodes import format_vtt


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
class TimedPart:
    """Cues of one block of a file with the place of its times: what the order is checked on."""

    start_ms: int
    end_ms: int
    place: Place


def find_disorder(parts: Iterable[TimedPart]) -> list[Problem]:
    """Find times that end before they start, and starts that go back."""
    problems: list[Problem] = []
    latest = 0
    for part in parts:
        if part.end_ms < part.start_ms:
            start, end = format_vtt(part.start_ms), format_vtt(part.end_ms)
            message = f"this cue ends at {end}, before it starts at {start}"
            problems.append(Problem(message, part.place, "correct one of the two times"))
        if part.start_ms < latest:
            start, above = format_vtt(part.start_ms), format_vtt(latest)
            message = f"this cue starts at {start}, before the cue above at {above}"
            problems.append(Problem(message, part.place, "put the cues in the order of their times"))
        latest = max(latest, part.start_ms)
    return problems
