"""SubRip (SRT) to a transcript and back."""

from __future__ import annotations

import re
from html import unescape

from publisher.errors import Place, Problem
from publisher.timecodes import format_vtt
from publisher.transcripts.blocks import Line, split_blocks
from publisher.transcripts.cues import Cue, Reading, Transcript
from publisher.transcripts.names import join_speaker, names_in, split_speaker

_TIME = r"(?:(\d{1,3}):)?([0-5]?\d):([0-5]\d)[,.](\d{1,3})"
_TIMES = re.compile(rf"\s*{_TIME}\s*-->\s*{_TIME}(?:\s.*)?", re.ASCII)
_NUMBER = re.compile(r"\s*\d+\s*")
_STYLE = re.compile(
    r"</?(?:[bisuv]|br|em|font|p|ruby|rt|span|strong|c|lang)(?:[\s.][^<>]*)?/?>|\{\\[^{}]*\}|\{/?[bisu]\}",
    re.IGNORECASE,
)
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|\w{1,31});")
_GUARD = "\u2060"
_MISREAD = re.compile(
    rf"<(?=[/A-Za-z{_GUARD}])|\{{(?=[\\/bisu{_GUARD}])|&(?=#|\w{{1,31}};|{_GUARD})|--(?=[>{_GUARD}])"
)
_GUARDED = re.compile(rf"([<{{&]|--){_GUARD}")
_TIMES_HINT = "write times as 00:01:10,000 --> 00:01:12,500"


def parse_srt(text: str, shown: str, language: str | None = None) -> Reading:
    """Read SubRip; a `Name: ` before the words names the speaker, styles are passed over."""
    found: list[tuple[int, int, str]] = []
    places: list[Place] = []
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
        late = next((each for each in block[at + 1 :] if "-->" in each.text), None)
        if late and _TIMES.fullmatch(late.text):
            hint = "put an empty line before each cue"
            place = Place(shown, late.number, 1)
            problems.append(Problem("a new cue starts in the middle of another", place, hint))
            continue
        parts = match.groups()
        found.append((_ms(*parts[:4]), _ms(*parts[4:]), _words(block[at + 1 :])))
        places.append(Place(shown, line.number, 1))
    if not found and not problems:
        problems.append(Problem("there are no cues in this file", Place(shown), _TIMES_HINT))
    known = names_in(words for _, _, words in found)
    cues = tuple(_cue(start_ms, end_ms, words, known) for start_ms, end_ms, words in found)
    return Reading(cues, tuple(places), tuple(problems), language)


def write_srt(transcript: Transcript) -> bytes:
    """Write SubRip in one form, numbered from 1; equal transcripts give equal bytes.

    Raises:
        ValueError: the transcript has no times.
    """
    if not transcript.is_timed:
        raise ValueError("a transcript without times cannot be written as SubRip")
    blocks = []
    for number, cue in enumerate(transcript.cues, 1):
        text = "\n".join(line.strip() for line in cue.text.split("\n") if line.strip())
        speaker = " ".join(cue.speaker.replace(_GUARD, "").split()) if cue.speaker else None
        words = _MISREAD.sub(lambda match: match[0] + _GUARD, join_speaker(speaker, text))
        blocks.append(f"{number}\n{_clock(cue.start_ms)} --> {_clock(cue.end_ms)}\n{words}\n")
    return "\n".join(blocks).encode()


def _clock(milliseconds: int) -> str:
    return format_vtt(milliseconds).replace(".", ",")


def _ms(hours: str | None, minutes: str, seconds: str, fraction: str) -> int:
    return ((int(hours or 0) * 60 + int(minutes)) * 60 + int(seconds)) * 1000 + int(fraction.ljust(3, "0"))


def _words(lines: tuple[Line, ...]) -> str:
    kept = []
    for line in lines:
        words = line.text
        if "<" in words or "{" in words:
            words = _STYLE.sub("", words)
        if "&" in words:
            words = _ENTITY.sub(lambda match: unescape(match[0]), words)
        if words := " ".join(words.split()):
            kept.append(words)
    return "\n".join(kept)


def _cue(start_ms: int, end_ms: int, words: str, known: frozenset[str]) -> Cue:
    speaker, text = split_speaker(words, known)
    if _GUARD in words:
        speaker = _GUARDED.sub(r"\1", speaker) if speaker else None
        text = _GUARDED.sub(r"\1", text)
    return Cue(start_ms, end_ms, speaker, text)


def _timeless(block: tuple[Line, ...], shown: str) -> Problem:
    hint = f"{_TIMES_HINT}, on a line between the number and the words; leave no empty line within a cue"
    return Problem("these words have no time", Place(shown, block[0].number, 1), hint)
