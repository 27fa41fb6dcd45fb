"""Transcript files to transcripts and back: cues with their times, speakers and words."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import PurePath

from publisher.errors import Place, Problem, SourceError
from publisher.timecodes import format_clock
from publisher.transcripts.cues import Cue, Reading, Transcript
from publisher.transcripts.page import parse_html, write_html
from publisher.transcripts.paragraphs import parse_text, write_text
from publisher.transcripts.podcasting20 import parse_json, write_json
from publisher.transcripts.spoken import spoken_text
from publisher.transcripts.srt import parse_srt, write_srt
from publisher.transcripts.vtt import parse_vtt, write_vtt

__all__ = [
    "FORMS",
    "MEDIA_TYPES",
    "Cue",
    "Reading",
    "Transcript",
    "check_against",
    "media_type",
    "parse_transcript",
    "read_transcript",
    "spoken_text",
    "write_html",
    "write_json",
    "write_srt",
    "write_text",
    "write_vtt",
]

MEDIA_TYPES = {
    ".html": "text/html",
    ".json": "application/json",
    ".srt": "application/x-subrip",
    ".txt": "text/plain",
    ".vtt": "text/vtt",
}
FORMS: dict[str, Callable[[Transcript], bytes]] = {
    "vtt": write_vtt,
    "srt": write_srt,
    "json": write_json,
    "html": write_html,
    "text": write_text,
}
"""What a transcript can be written as; HTML and text need no times."""
TOLERANCE_MS = 2_000
"""A last cue may outlast the audio by so much: players round, and encoders cut silence."""
_PARSERS: dict[str, Callable[[str, str, str | None], Reading]] = {
    ".html": parse_html,
    ".htm": parse_html,
    ".json": parse_json,
    ".srt": parse_srt,
    ".txt": parse_text,
    ".vtt": parse_vtt,
}


def media_type(name: str) -> str | None:
    """Return the media type of a transcript by its file's name; nothing for a kind that cannot be read."""
    return MEDIA_TYPES.get(_kind(name))


def read_transcript(shown: str, text: str, *, language: str | None = None) -> Transcript:
    """Read WebVTT, SubRip, the podcast namespace's JSON or HTML, or plain text, by the ending of `shown`.

    Raises:
        SourceError: everything that cannot be read or goes back in time.
    """
    return parse_transcript(shown, text, language=language).transcript()


def parse_transcript(shown: str, text: str, *, language: str | None = None) -> Reading:
    """Read as `read_transcript` does, and keep what is sound beside the problems.

    Raises:
        SourceError: nothing of the file can be read.
    """
    parse = _PARSERS.get(_kind(shown))
    if parse is None:
        hint = f"use one of {', '.join(sorted(MEDIA_TYPES))}"
        message = f"a transcript cannot be read from a “{_kind(shown)}” file"
        raise SourceError((Problem(message, Place(shown), hint),))
    return parse(text, shown, language)


def check_against(transcript: Transcript, duration_ms: int, *, place: Place | None = None) -> Problem | None:
    """Tell when the transcript goes on after the audio has ended: it belongs to another recording or cut."""
    end_ms = max((cue.end_ms for cue in transcript.cues), default=0)
    if end_ms <= duration_ms + TOLERANCE_MS:
        return None
    return Problem(
        f"the transcript ends at {format_clock(end_ms)}, the audio at {format_clock(duration_ms)}",
        place,
        "check that both are of the same recording; after a cut, the transcript's times have to move too",
    )


def _kind(name: str) -> str:
    return PurePath(name).suffix.casefold()
