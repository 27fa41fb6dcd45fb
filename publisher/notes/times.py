"""Text, HTML or Markdown to the times of the episode in it, each with its place."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import pyromark
from pyromark import event as parsed

from publisher.notes.markdown import LEFT_ALONE, mark_of

_TIME = r"\d{1,3}(?::[0-5]\d){1,2}"
STAMP = re.compile(_TIME)
_MINUTE = re.compile(r":[0-5]\d")  # what begins with one letter is found much sooner
_TOKEN = re.compile(r"(<(/?)([a-z0-9]+)[^>]*>)|([^<]+)")
_RANGE = rf"{_TIME}(?:\s?[-–—]\s?{_TIME})?"
_NO_CLOCK = r"(?!\s*(?:[ap]\.?\s?m\b|uhr\b|h\b|o['’]clock))"
_BEGINNING = re.compile(rf"\s*{_RANGE}(?=[\s.,;:)–—-]|\Z){_NO_CLOCK}", re.IGNORECASE)
_IN_BRACKETS = re.compile(rf"(?<=[(\[]){_RANGE}(?=[)\]])")
_LINE_STARTS = frozenset({"p", "li", "br", "h2", "h3", "h4", "h5", "h6", "blockquote"})
_TAGS_LEFT_ALONE = frozenset({"a", "code", "pre"})
_BLOCKS = frozenset({"Paragraph", "Item", "Heading", "BlockQuote"})

_Change = Callable[[str], str]
_Piece = tuple[str, int]
"""Words, and the byte of the source at which they begin."""


def may_hold_times(text: str) -> bool:
    """Tell, at little cost, whether it is worth while to look for times in a text."""
    return _MINUTE.search(text) is not None


def change_times(text: str, change: _Change, *, is_beginning: bool = True) -> str:
    """Change the times in plain text: those that start a line, or stand alone in brackets.

    That is `01:10`, `1:02:03`, also `(01:10–02:30)`.
    """
    return _changed(text, _Reading(is_beginning), change)


def change_times_in_html(html: str, change: _Change) -> str:
    """Change the times in HTML, but none within a link or code."""
    reading = _Reading()
    pieces: list[str] = []
    left_alone = 0
    for tag, closes, name, text in _TOKEN.findall(html):
        if tag:
            if name in _TAGS_LEFT_ALONE:
                left_alone += -1 if closes else 1
            reading.is_beginning = reading.is_beginning or name in _LINE_STARTS
        elif left_alone:
            reading.is_beginning = False
        pieces.append(tag or (text if left_alone else _changed(text, reading, change)))
    return "".join(pieces)


def change_times_in_markdown(markdown: str, change: _Change) -> str:
    """Change the times in Markdown, the same as in the HTML that it becomes."""
    source = markdown.encode()
    pieces: list[bytes] = []
    end = 0
    for start, stamp in times_in_markdown(markdown):
        pieces += (source[end:start], change(stamp).encode())
        end = start + len(stamp.encode())
    return b"".join((*pieces, source[end:])).decode()


def times_in_markdown(markdown: str) -> Iterator[tuple[int, str]]:
    """Yield the times in Markdown, each with the byte at which it begins."""
    if not may_hold_times(markdown):
        return
    reading = _Reading()
    left_alone = 0
    pieces: list[_Piece] = []
    for event, span in pyromark.events_with_range(markdown, broken_link_callback=_as_link):
        words = _words_of(event)
        if words is not None:
            if left_alone:
                reading.is_beginning = False
            else:
                pieces.append((words, span["start"]))
            continue
        yield from _times_in_pieces(reading, pieces)
        pieces.clear()
        kind, name = mark_of(event)
        if name in LEFT_ALONE:
            left_alone += 1 if kind == "Start" else -1
        reading.is_beginning = kind != "Code" and (reading.is_beginning or name in _BLOCKS)
    yield from _times_in_pieces(reading, pieces)


@dataclass(slots=True)
class _Reading:
    """A text on its way past: whether a line begins where it was read to."""

    is_beginning: bool = True

    def times(self, text: str) -> list[re.Match[str]]:
        """Read on, and return the times in these words."""
        found: list[re.Match[str]] = []
        at = 0
        lines = text.split("\n")
        for number, line in enumerate(lines):
            first = _BEGINNING.match(line) if number or self.is_beginning else None
            spans = [first.span()] if first else []
            spans += [each.span() for each in _IN_BRACKETS.finditer(line, first.end() if first else 0)]
            for start, end in spans:
                found += STAMP.finditer(text, at + start, at + end)
            at += len(line) + 1
        self.is_beginning = not lines[-1].strip() and (self.is_beginning or len(lines) > 1)
        return found


def _changed(text: str, reading: _Reading, change: _Change) -> str:
    pieces: list[str] = []
    end = 0
    for stamp in reading.times(text):
        pieces += (text[end : stamp.start()], change(stamp[0]))
        end = stamp.end()
    return "".join((*pieces, text[end:]))


def _times_in_pieces(reading: _Reading, pieces: Sequence[_Piece]) -> Iterator[tuple[int, str]]:
    """Find times in words that lie side by side; the parser divides them at every bracket."""
    if not pieces:
        return
    for stamp in reading.times("".join(words for words, _ in pieces)):
        before = stamp.start()
        for words, start in pieces:
            if before < len(words):
                yield start + len(words[:before].encode()), stamp[0]
                break
            before -= len(words)


def _as_link(link: parsed.BrokenLink) -> tuple[str, str] | None:
    """Take references for links without a look at the catalogue; `[01:10]` alone is a time."""
    is_time = link["link_type"] == "Shortcut" and STAMP.search(link["reference"])
    return None if is_time else ("#", "")


def _words_of(event: parsed.Event) -> str | None:
    """Return the words that an event adds to a paragraph: of a remark none, which nobody sees."""
    if isinstance(event, str):
        return "\n" if event in ("SoftBreak", "HardBreak") else None
    if "InlineHtml" in event:
        return ""
    return str(event["Text"]) if "Text" in event else None
