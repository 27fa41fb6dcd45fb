"""The text of a transcript's file to what its own format has against it, though its cues can be read."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import PurePath

from publisher.errors import Place
from publisher.model import Finding
from publisher.transcripts.blocks import split_blocks

_NUMBER = re.compile(r"\s*\d{1,9}\s*")
_DOT = re.compile(r"\d\.\d{1,3}\s*-->|-->\s*[\d:]+\.\d")


def check_writing(shown: str, text: str) -> Iterator[Finding]:
    """Find what strict readers stumble over: numbers and commas of SubRip, WebVTT's empty line, a version."""
    kind = PurePath(shown).suffix.casefold()
    if kind == ".srt":
        yield from _subrip(shown, text)
    elif kind == ".vtt":
        lines = text.split("\n", 2)
        if len(lines) > 1 and "-->" in lines[1]:
            hint = "put an empty line after WEBVTT"
            yield Finding(
                "TR-009", "error", Place(shown, 2, 1), "a cue follows WEBVTT without a line between", hint
            )
    elif kind == ".json":
        yield from _version(shown, text)


def _subrip(shown: str, text: str) -> Iterator[Finding]:
    """Yield the first wrong number and the first time with a dot; what follows is most often wrong alike."""
    wanted, is_counted, is_dotted = 0, True, False
    for block in split_blocks(text):
        timed = next((line for line in block[:2] if "-->" in line.text), None)
        if timed is None:
            continue
        wanted += 1
        first = block[0]
        found = int(first.text) if first is not timed and _NUMBER.fullmatch(first.text) else None
        if is_counted and found != wanted:
            is_counted = False
            said = f"has the number {found}" if found is not None else "has no number"
            hint = f"number the cues from 1: here {wanted}"
            yield Finding("TR-010", "error", Place(shown, first.number, 1), f"this cue {said}", hint)
        if not is_dotted and _DOT.search(timed.text):
            is_dotted = True
            hint = "write times as 00:01:10,000 --> 00:01:12,500"
            message = "the times of this cue have a dot where SubRip has a comma"
            yield Finding("TR-010", "error", Place(shown, timed.number, 1), message, hint)


def _version(shown: str, text: str) -> Iterator[Finding]:
    try:
        whole = json.loads(text)
    except (ValueError, RecursionError):
        return  # said already: it cannot be read
    if isinstance(whole, dict) and not isinstance(whole.get("version"), str):
        message, hint = "the file does not say its version", 'begin with "version": "1.0.0"'
        yield Finding("TR-017", "error", Place(shown, 1, 1), message, hint)
