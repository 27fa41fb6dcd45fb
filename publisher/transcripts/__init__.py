"""Transcript files to transcripts: cues with their times, speakers and words."""

from __future__ import annotations

from pathlib import PurePath

from publisher.errors import Place, Problem, SourceError
from publisher.timecodes import format_clock
from publisher.transcripts.blocks import split_blocks, split_speaker
from publisher.transcripts.cues import Cue, Transcript
from publisher.transcripts.podcasting20 import read_json, write_json
from publisher.transcripts.spoken import spoken_text
from publisher.transcripts.srt import read_srt
from publisher.transcripts.vtt import read_vtt, write_vtt

__all__ = [
    "MEDIA_TYPES",
    "Cue",
    "Transcript",
    "check_against",
    "media_type",
    "read_transcript",
    "spoken_text",
    "write_json",
    "write_vtt",
]

MEDIA_TYPES = {
    ".json": "application/json",
    ".srt": "application/x-subrip",
    ".txt": "text/plain",
    ".vtt": "text/vtt",
}
TOLERANCE_MS = 2_000
"""A last cue may outlast the audio by so much: players round, and encoders cut silence."""


def media_type(name: str) -> str | None:
    """Return the media type of a transcript by its file's name; nothing for a kind that cannot be read."""
    return MEDIA_TYPES.get(_kind(name))


def read_transcript(shown: str, text: str, *, language: str | None = None) -> Transcript:
    """Read WebVTT, SubRip, the podcast namespace's JSON or plain text, by the ending of the file `shown`.

    Raises:
        SourceError: everything that cannot be read or goes back in time.
    """
    kind = _kind(shown)
    if kind == ".json":
        return read_json(text, shown, language=language)
    if kind not in MEDIA_TYPES:
        hint = f"use one of {', '.join(sorted(MEDIA_TYPES))}"
        raise SourceError((Problem(f"a transcript cannot be read from a “{kind}” file", Place(shown), hint),))
    if kind == ".vtt":
        return read_vtt(text, shown, language=language)
    if kind == ".srt":
        return read_srt(text, shown, language=language)
    return _read_paragraphs(text, shown, language)


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


def _read_paragraphs(text: str, shown: str, language: str | None) -> Transcript:
    cues = []
    for block in split_blocks(text):
        speaker, words = split_speaker("\n".join(line.text.strip() for line in block))
        cues.append(Cue(0, 0, speaker, words))
    if not cues:
        raise SourceError((Problem("there are no words in this file", Place(shown), "paste the transcript"),))
    return Transcript(tuple(cues), language, is_timed=False)
