"""The podcast namespace's JSON transcript to a transcript and back."""

from __future__ import annotations

import json
from typing import Any

from publisher.errors import Place, Problem
from publisher.source.located_json import has_illegal_characters, read_listing
from publisher.transcripts.cues import LAST_MS, Cue, Reading, Transcript

_HINT = 'a segment looks like {"speaker": "Ana", "startTime": 1.5, "endTime": 4, "body": "Welcome."}'
_MAX_SECONDS = 1_000_000
_ALIASES = (("startTime", "start"), ("endTime", "end"), ("body", "text"))
"""What recognisers call the same members: they write `segments`, too."""
# What indent=1 gives for an entry of the list, in a third of the time: with `indent`, json is not in C.
_encode = json.JSONEncoder(ensure_ascii=False, separators=(",\n   ", ": ")).encode


def parse_json(text: str, shown: str, language: str | None = None) -> Reading:
    """Read segments; one without an end lasts until the next one starts.

    Raises:
        SourceError: it is no JSON with a list of segments.
    """
    segments: list[dict[str, Any]] = []
    places: list[Place] = []
    problems: list[Problem] = []
    for element in read_listing(text, shown, "segments"):
        segment = _with_usual_names(element.value)
        if wrong := _what_is_wrong(segment):
            problems.append(Problem(wrong, element.place, _HINT))
        else:
            segments.append(segment)
            places.append(element.place)
    starts = [_milliseconds(segment["startTime"]) for segment in segments]
    last = [start + LAST_MS for start in starts[-1:]]
    cues: list[Cue] = []
    for segment, start, following in zip(segments, starts, [*starts[1:], *last], strict=True):
        end = segment.get("endTime")
        end_ms = _milliseconds(end) if end is not None else max(start, following)
        speaker = " ".join((segment.get("speaker") or "").split())
        lines = (" ".join(line.split()) for line in segment["body"].split("\n"))
        cues.append(Cue(start, end_ms, speaker or None, "\n".join(line for line in lines if line)))
    if not cues and not problems:
        problems.append(Problem("there are no segments in this file", Place(shown), _HINT))
    return Reading(tuple(cues), tuple(places), tuple(problems), language)


def write_json(transcript: Transcript) -> bytes:
    """Write one segment for each cue; equal transcripts give equal bytes.

    Raises:
        ValueError: the transcript has no times.
    """
    if not transcript.is_timed:
        raise ValueError("a transcript without times cannot be written as JSON")
    segments = (
        {
            **({"speaker": cue.speaker} if cue.speaker else {}),
            "startTime": cue.start_ms / 1000,
            "endTime": cue.end_ms / 1000,
            "body": cue.text,
        }
        for cue in transcript.cues
    )
    entries = ",\n".join(f"  {{\n   {_encode(segment)[1:-1]}\n  }}" for segment in segments)
    listed = f"[\n{entries}\n ]" if entries else "[]"
    return f'{{\n "version": "1.0.0",\n "segments": {listed}\n}}\n'.encode()


def _with_usual_names(segment: Any) -> Any:  # noqa: ANN401 - whatever the file says
    """Return a segment of a recogniser with the members that the podcast namespace has."""
    if not isinstance(segment, dict):
        return segment
    for usual, other in _ALIASES:
        if usual not in segment and other in segment:
            segment = {**segment, usual: segment[other]}
    return segment


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
