"""The podcast namespace's JSON transcript to a transcript and back."""

from __future__ import annotations

import json
from typing import Any

from publisher.errors import Place, Problem, SourceError
from publisher.source.located_json import has_illegal_characters, read_listing
from publisher.transcripts.cues import Cue, TimedPart, Transcript, find_disorder

_HINT = 'a segment looks like {"speaker": "Ana", "startTime": 1.5, "endTime": 4, "body": "Welcome."}'
_MAX_SECONDS = 1_000_000


def read_json(text: str, shown: str, *, language: str | None = None) -> Transcript:
    """Read segments; one without an end lasts until the next one starts.

    Raises:
        SourceError: it is no such JSON, a segment lacks its time or words, or times go back.
    """
    segments: list[tuple[dict[str, Any], Place]] = []
    problems: list[Problem] = []
    for element in read_listing(text, shown, "segments"):
        wrong = _what_is_wrong(element.value)
        if wrong:
            problems.append(Problem(wrong, element.place, _HINT))
        else:
            segments.append((element.value, element.place))
    starts = [_milliseconds(segment["startTime"]) for segment, _ in segments]
    cues: list[Cue] = []
    parts: list[TimedPart] = []
    for (segment, place), start, following in zip(segments, starts, [*starts[1:], *starts[-1:]], strict=True):
        end = segment.get("endTime")
        end_ms = _milliseconds(end) if end is not None else max(start, following)
        parts.append(TimedPart(start, end_ms, place))
        speaker = " ".join((segment.get("speaker") or "").split())
        cues.append(Cue(start, end_ms, speaker or None, segment["body"].strip()))
    if not cues and not problems:
        problems.append(Problem("there are no segments in this file", Place(shown), _HINT))
    problems += find_disorder(parts)
    if problems:
        raise SourceError(tuple(sorted(problems, key=lambda each: each.place or Place(shown))))
    return Transcript(tuple(cues), language)


def write_json(transcript: Transcript) -> bytes:
    """Write one segment for each cue; equal transcripts give equal bytes.

    Raises:
        ValueError: the transcript has no times.
    """
    if not transcript.is_timed:
        raise ValueError("a transcript without times cannot be written as JSON")
    segments = [
        {
            **({"speaker": cue.speaker} if cue.speaker else {}),
            "startTime": cue.start_ms / 1000,
            "endTime": cue.end_ms / 1000,
            "body": cue.text,
        }
        for cue in transcript.cues
    ]
    document = {"version": "1.0.0", "segments": segments}
    return (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode()


def _what_is_wrong(segment: object) -> str:
    if not isinstance(segment, dict):
        return "this segment is no object in braces"
    if not _is_time(segment.get("startTime")):
        return "this segment's startTime is not a number of seconds"
    if segment.get("endTime") is not None and not _is_time(segment["endTime"]):
        return "this segment's endTime is not a number of seconds"
    if not isinstance(segment.get("body"), str):
        return "this segment has no body with its words"
    if not isinstance(segment.get("speaker"), str | None):
        return "this segment's speaker is not a name"
    if has_illegal_characters(segment["body"]) or has_illegal_characters(segment.get("speaker")):
        return "this segment has a character that no file can carry"
    return ""


def _is_time(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value < _MAX_SECONDS


def _milliseconds(seconds: float) -> int:
    return round(seconds * 1000)
