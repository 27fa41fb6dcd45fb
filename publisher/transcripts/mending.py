"""A broken transcript to one that can be read: times in order, ends behind starts, all else kept."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from publisher.errors import SourceError
from publisher.timecodes import format_vtt
from publisher.transcripts.cues import Cue, Reading, Transcript

_TIME = r"(?:(\d{1,4}):)?(\d{1,2}):(\d{1,2})(?:[.,:](\d{1,3}))?"
_TIMES = re.compile(rf"\s*{_TIME}\s*[-–—=]{{1,3}}>\s*{_TIME}(?P<settings>(?:\s.*)?)", re.ASCII)
_ASIDE = re.compile(r"(?:NOTE|STYLE|REGION)(?:[ \t].*)?")
_NUMBER = re.compile(r"\s*\d+\s*")
_LETTERS_A_SECOND = 15
_LEAST_MS = 1_000


@dataclass(slots=True)
class _Part:
    """A cue with what stands before it; a part without times holds notes behind the last cue."""

    before: list[str] = field(default_factory=list)
    name: str = ""
    start_ms: int = -1
    end_ms: int = -1
    settings: str = ""
    words: list[str] = field(default_factory=list)
    cue: Cue | None = None


@dataclass(frozen=True, slots=True)
class Mended:
    """The text of the file as it should be, and what was done to it, in words."""

    text: str
    done: tuple[str, ...]


def mend_cues(reading: Reading, duration_ms: int | None = None) -> tuple[Transcript, tuple[str, ...]]:
    """Put cues in order and correct their ends, for forms that are written anew; return what was done, too.

    Raises:
        SourceError: something in the file is no cue at all.
    """
    if reading.problems:
        raise SourceError(reading.problems)
    parts = [
        _Part(start_ms=cue.start_ms, end_ms=cue.end_ms, words=[cue.text] if cue.text else [], cue=cue)
        for cue in reading.cues
    ]
    in_order, done = _mend(parts, duration_ms)
    cues = (Cue(part.start_ms, part.end_ms, part.cue.speaker, part.cue.text) for part in in_order if part.cue)
    return Transcript(tuple(cues), reading.language, reading.is_timed), tuple(done)


def mend_times(text: str, *, is_vtt: bool, duration_ms: int | None = None) -> Mended:
    """Put cues in order, end none before it starts, after the next one or after the audio, and number SubRip.

    Words, notes, settings and identifiers stay as they are; words without a time go to the cue above.
    """
    header, lines = _take_header(text.split("\n"), is_vtt=is_vtt)
    parts, behind, joined = _split(lines, is_vtt=is_vtt)
    done = [f"{joined} paragraphs without a time joined to the cue above"] if joined else []
    in_order, mended_times = _mend(parts, duration_ms)
    done += mended_times
    blocks = ["\n".join(header)] if is_vtt else []
    for number, part in enumerate(in_order, 1):
        blocks += part.before
        name = [part.name] if part.name and is_vtt else [] if is_vtt else [str(number)]
        blocks.append("\n".join((*name, _times(part, is_vtt=is_vtt), *part.words)))
    mended = "\n\n".join((*blocks, *behind)) + "\n"
    if mended != text and not done:
        done.append("header, numbers, forms of times or empty lines corrected")
    return Mended(mended, tuple(done)) if mended != text else Mended(text, ())


def _take_header(lines: list[str], *, is_vtt: bool) -> tuple[list[str], list[str]]:
    """Return the lines of the header, a new one where there is none, and the rest."""
    if not is_vtt:
        return [], lines
    if not lines[0].strip().upper().startswith("WEBVTT"):
        return ["WEBVTT"], lines
    at = 1
    while at < len(lines) and lines[at].strip() and "-->" not in lines[at]:
        at += 1
    return ["WEBVTT" + lines[0].strip()[6:], *lines[1:at]], lines[at:]


def _split(lines: Sequence[str], *, is_vtt: bool) -> tuple[list[_Part], list[str], int]:
    """Return the cues, the notes behind the last one, and how many paragraphs had no time."""
    parts: list[_Part] = []
    asides: list[str] = []
    name, joined, is_aside, was_empty = "", 0, False, True
    for number, line in enumerate(lines):
        following = lines[number + 1] if number + 1 < len(lines) else ""
        if match := _TIMES.fullmatch(line):
            start_ms, end_ms = _ms(*match.groups()[:4]), _ms(*match.groups()[4:8])
            parts.append(_Part(asides, name, start_ms, end_ms, match["settings"].rstrip()))
            asides, name, is_aside, was_empty = [], "", False, False
        elif not line.strip():
            is_aside, was_empty = False, True
        elif _TIMES.fullmatch(following) and (was_empty or _NUMBER.fullmatch(line)):
            name, was_empty = line, False
        elif is_vtt and was_empty and _ASIDE.fullmatch(line):
            asides.append(line)
            is_aside, was_empty = True, False
        elif is_aside:
            asides[-1] += f"\n{line}"
        elif parts:
            joined += was_empty
            parts[-1].words.append(line.rstrip())
            was_empty = False
        else:
            asides.append(f"NOTE {line}" if is_vtt else "")
    return parts, [each for each in asides if each], joined


def _mend(parts: Sequence[_Part], duration_ms: int | None) -> tuple[list[_Part], list[str]]:
    """Return the cues in order, their ends corrected, and what was done."""
    done = []
    in_order = sorted(parts, key=lambda part: part.start_ms)
    if moved := sum(one is not other for one, other in zip(parts, in_order, strict=True)):
        done.append(f"{moved} cues put in the order of their times")
    ends, limit = 0, duration_ms
    for number in range(len(in_order) - 1, -1, -1):
        part = in_order[number]
        following = in_order[number + 1].start_ms if number + 1 < len(in_order) else None
        if following is not None and following > part.start_ms:
            limit = following
        end_ms = _fitting_end(part, limit)
        ends += end_ms != part.end_ms
        part.end_ms = end_ms
    if ends:
        done.append(f"the end of {ends} cue{'s' if ends > 1 else ''} corrected")
    return in_order, done


def _fitting_end(part: _Part, limit_ms: int | None) -> int:
    """Return the end of a cue: as written where that can be, else as long as its words take."""
    end_ms = part.end_ms
    if end_ms < part.start_ms or (end_ms == part.start_ms and part.words):
        letters = sum(len(line) for line in part.words)
        end_ms = part.start_ms + max(_LEAST_MS, 1000 * letters // _LETTERS_A_SECOND)
    return min(end_ms, limit_ms) if limit_ms is not None and limit_ms > part.start_ms else end_ms


def _times(part: _Part, *, is_vtt: bool) -> str:
    start, end = format_vtt(part.start_ms), format_vtt(part.end_ms)
    if not is_vtt:
        start, end = start.replace(".", ","), end.replace(".", ",")
    return f"{start} --> {end}{part.settings}"


def _ms(hours: str | None, minutes: str, seconds: str, fraction: str | None) -> int:
    whole = (int(hours or 0) * 60 + int(minutes)) * 60 + int(seconds)
    return whole * 1000 + int((fraction or "").ljust(3, "0"))
