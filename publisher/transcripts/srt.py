"""SubRip (SRT) to a transcript."""

from __future__ import annotations

import re

from publisher.errors import Place, Problem, SourceError
from publisher.timecodes import parse_timecode
from publisher.transcripts.blocks import Line, split_blocks, split_speaker
from publisher.transcripts.cues import Cue, TimedPart, Transcript, find_disorder

_TIMES = re.compile(
    r"\s*(\d{1,3}:[0-5]\d:[0-5]\d[,.]\d{1,3})\s*-->\s*(\d{1,3}:[0-5]\d:[0-5]\d[,.]\d{1,3})(?:\s.*)?"
)
_STYLE = re.compile(r"</?(?:[ibu]|font)(?:\s[^>]*)?>|\{\\an?\d+\}", re.IGNORECASE)
_TIMES_HINT = "write times as 00:01:10,000 --> 00:01:12,500"


def read_srt(text: str, shown: str, *, language: str | None = None) -> Transcript:
    """Read SubRip; a `Name: ` before the words names the speaker, styles are passed over.

    Raises:
        SourceError: a time cannot be read, or times go back.
    """
    cues: list[Cue] = []
    parts: list[TimedPart] = []
    problems: list[Problem] = []
    for block in split_blocks(text):
        at = next((index for index, line in enumerate(block[:2]) if "-->" in line.text), None)
        if at is None:
            problems.append(_timeless(block, shown))
            continue
        line = block[at]
        match = _TIMES.fullmatch(line.text)
        if not match:
            message = f"this time cannot be read: {line.text.strip()}"
            problems.append(Problem(message, Place(shown, line.number, 1), _TIMES_HINT))
            continue
        part = TimedPart(parse_timecode(match[1]), parse_timecode(match[2]), Place(shown, line.number, 1))
        parts.append(part)
        lines = (" ".join(_STYLE.sub("", each.text).split()) for each in block[at + 1 :])
        speaker, words = split_speaker("\n".join(each for each in lines if each))
        cues.append(Cue(part.start_ms, part.end_ms, speaker, words))
    if not cues and not problems:
        problems.append(Problem("there are no cues in this file", Place(shown), _TIMES_HINT))
    problems += find_disorder(parts)
    if problems:
        raise SourceError(tuple(sorted(problems, key=lambda each: each.place or Place(shown))))
    return Transcript(tuple(cues), language)


def _timeless(block: tuple[Line, ...], shown: str) -> Problem:
    hint = f"{_TIMES_HINT}, on a line between the number and the words; leave no empty line within a cue"
    return Problem("these words have no time", Place(shown, block[0].number, 1), hint)
