"""A transcript's file to the same file with its times moved; everything but the times stays as it is."""

from __future__ import annotations

import json
import re
from pathlib import PurePath

from publisher.errors import Problem, SourceError, UsageError
from publisher.timecodes import format_clock, format_vtt
from publisher.transcripts.cues import Cue, Reading, Transcript
from publisher.transcripts.page import write_html
from publisher.transcripts.podcasting20 import write_json

_TIME = r"(?:\d{1,4}:)?[0-5]?\d:[0-5]\d[.,]\d{1,3}"
_LINE = re.compile(rf"(\s*)({_TIME})(\s*-->\s*)({_TIME})(.*)", re.ASCII)
_WITHIN = re.compile(rf"<({_TIME})>", re.ASCII)


def shift_text(text: str, shown: str, reading: Reading, by_ms: int, from_ms: int = 0) -> str:
    """Move every cue that starts at `from_ms` or later by `by_ms`, back or forth.

    Raises:
        SourceError: the file is not sound, or a cue would end before the beginning or before the cue above.
        UsageError: it is plain text, which has no times.
    """
    transcript = reading.transcript()
    if not transcript.is_timed:
        raise UsageError(f"{shown} has no times to shift", hint="only timed transcripts can be shifted")
    _refuse_lost(reading, by_ms, from_ms)
    kind = PurePath(shown).suffix.casefold()
    if kind in {".vtt", ".srt"}:
        return "\n".join(_shift_line(line, by_ms, from_ms) for line in text.split("\n"))
    if kind == ".json":
        return _shift_json(text, transcript, by_ms, from_ms)
    return write_html(shift_cues(transcript, by_ms, from_ms)).decode()


def shift_cues(transcript: Transcript, by_ms: int, from_ms: int = 0) -> Transcript:
    """Move the cues; one that would start before the beginning starts there."""
    cues = (
        Cue(max(0, cue.start_ms + by_ms), max(0, cue.end_ms + by_ms), cue.speaker, cue.text)
        if cue.start_ms >= from_ms
        else cue
        for cue in transcript.cues
    )
    return Transcript(tuple(cues), transcript.language, transcript.is_timed)


def _refuse_lost(reading: Reading, by_ms: int, from_ms: int) -> None:
    """Refuse to move words out of the audio, or over those that stay."""
    problems = []
    stay_ms = max((cue.start_ms for cue in reading.cues if cue.start_ms < from_ms), default=0)
    for cue, place in zip(reading.cues, reading.places, strict=True):
        if cue.start_ms < from_ms:
            continue
        if cue.end_ms + by_ms < 0 or (cue.end_ms + by_ms == 0 and cue.text):
            at = format_clock(cue.start_ms)
            hint = "delete the cues that were cut away first"
            problems.append(Problem(f"the cue at {at} would lie before the beginning", place, hint))
        elif cue.start_ms + by_ms < stay_ms:
            at, other = format_clock(cue.start_ms), format_clock(stay_ms)
            hint = "delete what was cut away first, or shift from an earlier time"
            problems.append(Problem(f"the cue at {at} would come before the one at {other}", place, hint))
    if problems:
        raise SourceError(tuple(problems))


def _shift_line(line: str, by_ms: int, from_ms: int) -> str:
    if match := _LINE.fullmatch(line):
        lead, start, arrow, end, rest = match.groups()
        if _ms(start) < from_ms:
            return line
        return f"{lead}{_moved(start, by_ms)}{arrow}{_moved(end, by_ms)}{rest}"
    if "<" not in line:
        return line
    return _WITHIN.sub(
        lambda match: f"<{_moved(match[1], by_ms)}>" if _ms(match[1]) >= from_ms else match[0], line
    )


def _moved(written: str, by_ms: int) -> str:
    moved = format_vtt(max(0, _ms(written) + by_ms))
    return moved.replace(".", ",") if "," in written else moved


def _ms(written: str) -> int:
    whole, fraction = re.split(r"[.,]", written)
    seconds = 0
    for part in whole.split(":"):
        seconds = seconds * 60 + int(part)
    return seconds * 1000 + int(fraction.ljust(3, "0"))


def _shift_json(text: str, transcript: Transcript, by_ms: int, from_ms: int) -> str:
    """Move the times of each segment, whatever else it holds."""
    document = json.loads(text)
    if not all("startTime" in segment for segment in document["segments"]):
        return write_json(shift_cues(transcript, by_ms, from_ms)).decode()
    for segment in document["segments"]:
        if round(segment["startTime"] * 1000) >= from_ms:
            for key in ("startTime", "endTime"):
                if segment.get(key) is not None:
                    segment[key] = max(0, round(segment[key] * 1000) + by_ms) / 1000
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"
