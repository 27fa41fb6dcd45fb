"""A transcript and what was said wrongly in it to a transcript with a note at each such place."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable

from publisher.transcripts.cues import Cue, Transcript

_LETTERS_A_SECOND = 15
_LEAST_MS = 3_000
_LINE = 60


def with_notes(transcript: Transcript, notes: Iterable[tuple[int, str]], end_ms: int) -> Transcript:
    """Put each note, in square brackets, behind what is said at its time; nothing else moves.

    Paragraphs without times begin with the notes.
    """
    added = [_note(at_ms, text, end_ms, is_timed=transcript.is_timed) for at_ms, text in notes]
    if not added:
        return transcript
    if not transcript.is_timed:
        return Transcript((*added, *transcript.cues), transcript.language, is_timed=False)
    ranked = [(cue.start_ms, 0, number, cue) for number, cue in enumerate(transcript.cues)]
    ranked += [(cue.start_ms, 1, number, cue) for number, cue in enumerate(added)]
    cues = tuple(cue for *_, cue in sorted(ranked, key=lambda each: each[:3]))
    return Transcript(cues, transcript.language)


def _note(at_ms: int, text: str, end_ms: int, *, is_timed: bool) -> Cue:
    words = f"[{' '.join(text.split())}]"
    if not is_timed:
        return Cue(0, 0, None, words)
    start_ms = min(at_ms, end_ms)
    lasting_ms = max(_LEAST_MS, 1000 * len(words) // _LETTERS_A_SECOND)
    lines = textwrap.wrap(words, _LINE, break_long_words=False, break_on_hyphens=False)
    return Cue(start_ms, max(start_ms, min(start_ms + lasting_ms, end_ms)), None, "\n".join(lines))
