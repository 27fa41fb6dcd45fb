"""Places in a text and what shall stand there into the same text with nothing else changed."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass


class EditError(ValueError):
    """What was to be changed is not there, or cannot be changed so that all else stays as it is."""


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """The characters from `start` to `end` of a text become `text`."""

    start: int
    end: int
    text: str

    def meets(self, other: Span) -> bool:
        """Tell whether two spans want to change the same characters; the same insertion twice does, too."""
        if self.start == self.end and other.start == other.end:
            return self == other
        return self.start < other.end and other.start < self.end


def index_of(text: str, line: int, column: int) -> int:
    """Return the index of a place in a text, both from 1; the start of the line without a column.

    Raises:
        EditError: the text has no such line.
    """
    at = 0
    for _ in range(max(line, 1) - 1):
        at = text.find("\n", at) + 1
        if at == 0:
            raise EditError("the file has no such line any more")
    return at + max(column, 1) - 1


def replaced(text: str, spans: Iterable[Span]) -> str:
    """Return a text with its spans changed; they do not overlap."""
    parts: list[str] = []
    at = 0
    for span in sorted(spans):
        parts += (text[at : span.start], span.text)
        at = span.end
    return "".join((*parts, text[at:]))


def edit_words(text: str, line: int, column: int, old: str, new: str) -> Span:
    """Change words where they stand in plain text: at the place, else on its line, else the only such ones.

    Raises:
        EditError: they are not there.
    """
    start = index_of(text, line, column)
    if not old:
        return Span(start, start, new)
    if column and text.startswith(old, start):
        return Span(start, start + len(old), new)
    line_start = index_of(text, line, 1)
    line_end = text.find("\n", line_start)
    found = text.find(old, line_start, line_end if line_end >= 0 else len(text))
    if found < 0:
        found = text.find(old, line_start)
        if found < 0 or text.find(old, found + 1) >= 0:
            raise EditError(f"{shortened(old)} does not stand there")
    return Span(found, found + len(old), new)


def value_with(value: str, old: str, new: str) -> str:
    """Return a value in which `old` is `new`: all of it, or the words in it.

    Raises:
        EditError: the value is another one.
    """
    value, old = unicodedata.normalize("NFC", value), unicodedata.normalize("NFC", old)
    if value.strip() == old.strip():
        return new
    if old and old in value:
        return value.replace(old, new)
    raise EditError(f"{shortened(old)} does not stand there, but {shortened(value)}")


def shortened(text: str) -> str:
    """Return the beginning of a text in quotes, for messages."""
    return repr(text if len(text) <= 40 else f"{text[:37]}…")
