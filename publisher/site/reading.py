"""A transcript to paragraphs that read well: one voice each, and none that goes on for pages."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from publisher.transcripts import Cue, Transcript

_LONG_MS = 45_000
_LONG_LETTERS = 600
_PAUSE_MS = 4_000
_SENTENCE_ENDS = (".", "!", "?", "…", ".”", "!”", "?”", '."', '!"', '?"', ".)", "]")


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Words of one speaker; the name stands only where the voice changes. Untimed ones start nowhere."""

    start_ms: int | None
    speaker: str | None
    text: str


def paragraphs(transcript: Transcript) -> tuple[Paragraph, ...]:
    """Join cues; a paragraph begins with a new voice, after a pause, or at a sentence when it gets long."""
    if not transcript.is_timed:
        return tuple(_paragraph([cue], None, is_timed=False) for cue in transcript.cues)
    made: list[Paragraph] = []
    voice: str | None = None
    for group in _groups(cue for cue in transcript.cues if cue.text):
        speaker = group[0].speaker
        made.append(_paragraph(group, voice, is_timed=True))
        voice = speaker
    return tuple(made)


def _groups(cues: Iterable[Cue]) -> Iterator[list[Cue]]:
    group: list[Cue] = []
    for cue in cues:
        if group and _begins_anew(group, cue):
            yield group
            group = []
        group.append(cue)
    if group:
        yield group


def _begins_anew(group: list[Cue], cue: Cue) -> bool:
    last = group[-1]
    if cue.speaker != last.speaker or cue.start_ms - last.end_ms > _PAUSE_MS:
        return True
    is_long = (
        cue.start_ms - group[0].start_ms > _LONG_MS or sum(len(each.text) for each in group) > _LONG_LETTERS
    )
    return is_long and last.text.endswith(_SENTENCE_ENDS)


def _paragraph(group: list[Cue], voice: str | None, *, is_timed: bool) -> Paragraph:
    speaker = group[0].speaker
    text = " ".join(" ".join(cue.text.split()) for cue in group)
    return Paragraph(group[0].start_ms if is_timed else None, speaker if speaker != voice else None, text)
