"""Text from anywhere into text that a terminal shows as it is, and places into the line they mean."""

from __future__ import annotations

import json
import re
from pathlib import Path

from publisher.errors import Place

# Control characters and bidirectional overrides could fake what a terminal shows; line feeds are ours.
_UNSAFE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def neutralise(text: str) -> str:
    r"""Make control and bidi characters visible as `\x1b` or `\u202e`, so that no text can play tricks."""
    return _UNSAFE.sub(lambda match: match[0].encode("unicode_escape").decode("ascii"), text)


def format_json(content: object) -> str:
    r"""Write JSON in which the same characters stand as `\u009b`, which means them there."""
    text = json.dumps(content, ensure_ascii=False, indent=2, default=str)
    return _UNSAFE.sub(lambda match: f"\\u{ord(match[0]):04x}", text)


def line_of(place: Place, folder: Path) -> str | None:
    """Return the line of a file that a place is on, or None when it cannot be read."""
    if not place.line:
        return None
    for start in (folder, *folder.parents):
        try:
            with (start / place.file).open(encoding="utf-8", errors="replace") as handle:
                for number, line in enumerate(handle, 1):
                    if number == place.line:
                        return line.rstrip("\n")
                    if number > 100_000:
                        return None
        except OSError:
            continue
        return None
    return None
