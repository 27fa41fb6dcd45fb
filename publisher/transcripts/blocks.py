"""Text to its blocks between empty lines, each line with its number."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_SPEAKER = re.compile(r"(?P<name>[^\W\d_](?:[^\W_]|[ .'’\-&()]){0,48}?): +(?P<words>\S.*)", re.DOTALL)

_PARTICLES = frozenset({"and", "da", "de", "del", "der", "di", "la", "of", "van", "von", "y"})


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a file, counted from 1."""

    number: int
    text: str


def split_blocks(text: str) -> Iterator[tuple[Line, ...]]:
    """Yield the runs of lines that have something on them."""
    block: list[Line] = []
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            block.append(Line(number, line))
        elif block:
            yield tuple(block)
            block = []
    if block:
        yield tuple(block)


def split_speaker(text: str) -> tuple[str | None, str]:
    """Take a `Name: ` off the beginning: at most five words with capital letters, numbers and particles."""
    match = _SPEAKER.fullmatch(text)
    words = match["name"].split() if match else []
    if not match or len(words) > 5 or not words[0][0].isupper():
        return None, text
    if any(word[0].islower() and word not in _PARTICLES for word in words):
        return None, text
    return match["name"], match["words"]
