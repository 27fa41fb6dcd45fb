"""Text to its blocks between empty lines, each line with its number."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a file, counted from 1."""

    number: int
    text: str


def split_blocks(text: str) -> Iterator[tuple[Line, ...]]:
    """Yield the runs of lines that have something on them."""
    block: list[Line] = []
    for number, line in enumerate(text.split("\n"), 1):
        if line and not line.isspace():
            block.append(Line(number, line))
        elif block:
            yield tuple(block)
            block = []
    if block:
        yield tuple(block)
