"""WebVTT to a transcript and back (W3C WebVTT, sections 4 and 6)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape

from publisher.errors import Place, Problem
from publisher.timecodes import format_vtt
from publisher.transcripts.blocks import Line, split_blocks
from publisher.transcripts.cues import Cue, Reading, Transcript

_HEADER = re.compile(r"WEBVTT(?:[ \t].*)?")
_ASIDE = re.compile(r"(?:NOTE|STYLE|REGION)(?:[ \t].*)?")
_TIME = r"(?:(\d{2,4}):)?([0-5]\d):([0-5]\d)\.(\d{3})"
_TIMES = re.compile(rf"\s*{_TIME}\s+-->\s+{_TIME}(?:\s.*)?", re.ASCII)
_VOICE = re.compile(r"<v(?:\.[^\s>]*)?[ \t]+([^>]+)>")
_TAG = re.compile(r"</?[A-Za-z][^<>]*>|<[\d:.]+>|<>")  # any other < is a mere character
_TIMES_HINT = "write times as 00:01:10.000 --> 00:01:12.500"


def parse_vtt(text: str, shown: str, language: str | None = None) -> Reading:
    """Read WebVTT; a `Language:` line of the header wins over `language`.

    Notes, styles, regions, identifiers and settings are passed over; several voices in one cue become one cue
    each.
    """
    first, _, rest = text.partition("\n")
    if not _HEADER.fullmatch(first.rstrip()):
        hint = "put a line WEBVTT and an empty line at the very beginning"
        return Reading((), (), (Problem("this file does not start with WEBVTT", Place(shown, 1, 1), hint),))
    blocks = list(split_blocks("\n" + rest))  # an empty line for the header: line numbers stay right
    if blocks and blocks[0][0].number == 2 and "-->" not in blocks[0][0].text:
        language = _language(blocks.pop(0)) or language
    cues: list[Cue] = []
    places: list[Place] = []
    problems: list[Problem] = []
    for block in blocks:
        if _ASIDE.fullmatch(block[0].text):
            continue
        part = _times(block, shown)
        if isinstance(part, Problem):
            problems.append(part)
            continue
        start_ms, end_ms, place = part
        is_identified = "-->" not in block[0].text
        payload = "\n".join(line.text for line in block[2 if is_identified else 1 :])
        for speaker, words in _voices(payload):
            cues.append(Cue(start_ms, end_ms, speaker, words))
            places.append(place)
    if not cues and not problems:
        problems.append(Problem("there are no cues in this file", Place(shown), _TIMES_HINT))
    return Reading(tuple(cues), tuple(places), tuple(problems), language)


def write_vtt(transcript: Transcript) -> bytes:
    """Write WebVTT in one canonical form: equal transcripts give equal bytes.

    Raises:
        ValueError: the transcript has no times.
    """
    if not transcript.is_timed:
        raise ValueError("a transcript without times cannot be written as WebVTT")
    header = f"WEBVTT\nLanguage: {transcript.language}\n" if transcript.language else "WEBVTT\n"
    blocks = [header]
    for cue in transcript.cues:
        lines = [line.strip() for line in _escape(cue.text).split("\n") if line.strip()]
        voice = f"<v {' '.join(_escape(cue.speaker).split())}>" if cue.speaker else ""
        words = voice + "\n".join(lines)
        blocks.append(f"{format_vtt(cue.start_ms)} --> {format_vtt(cue.end_ms)}\n{words}\n")
    return "\n".join(blocks).encode()


def _escape(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _language(header: tuple[Line, ...]) -> str | None:
    for line in header:
        name, _, value = line.text.partition(":")
        if name.strip().casefold() == "language" and value.strip():
            return value.strip()
    return None


def _times(block: tuple[Line, ...], shown: str) -> tuple[int, int, Place] | Problem:
    """Read the line with the arrow: the first of the block, or the second behind an identifier."""
    line = next((each for each in block[:2] if "-->" in each.text), None)
    if line is None:
        return Problem("these words have no time", Place(shown, block[0].number, 1), _TIMES_HINT)
    match = _TIMES.fullmatch(line.text)
    if not match:
        return Problem(
            f"this time cannot be read: {line.text.strip()}", Place(shown, line.number, 1), _TIMES_HINT
        )
    late = next((each for each in block if "-->" in each.text and each is not line), None)
    if late:
        hint = "put an empty line before each cue"
        return Problem("a new cue starts in the middle of another", Place(shown, late.number, 1), hint)
    return _ms(*match.groups()[:4]), _ms(*match.groups()[4:]), Place(shown, line.number, 1)


def _ms(hours: str | None, minutes: str, seconds: str, thousandths: str) -> int:
    return ((int(hours or 0) * 60 + int(minutes)) * 60 + int(seconds)) * 1000 + int(thousandths)


def _voices(payload: str) -> Iterator[tuple[str | None, str]]:
    """Split the words of a cue at its voice tags; other tags are dropped, entities become characters."""
    pieces = _VOICE.split(payload)
    opening = _plain(pieces[0])
    if opening or len(pieces) == 1:
        yield None, opening
    for name, words in zip(pieces[1::2], pieces[2::2], strict=True):
        yield " ".join(unescape(name).split()), _plain(words)


def _plain(payload: str) -> str:
    if "<" in payload:
        payload = _TAG.sub("", payload)
    if "&" in payload:
        payload = unescape(payload)
    lines = (" ".join(line.split()) for line in payload.split("\n"))
    return "\n".join(line for line in lines if line)
