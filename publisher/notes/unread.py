"""Notes to the marks of GitHub's Markdown in them, which readers would see as they are written."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

import pyromark
from pyromark import event as parsed

from publisher.notes.markdown import LEFT_ALONE, mark_of

Kind = Literal["table", "struck", "footnote", "box", "address"]

_BRACKET = re.compile(r"\[(?:\^|[ xX]\])")
_LINKED = ("](http", "<http")
_ADDRESS = re.compile(r"(?<![\w/])https?://[^\s<>/?#][^\s<>]*", re.IGNORECASE)
_TRAILING = "?!.,:;*_~'\"’”»]…"
_OPTIONS = (
    pyromark.Options.ENABLE_TABLES
    | pyromark.Options.ENABLE_STRIKETHROUGH
    | pyromark.Options.ENABLE_FOOTNOTES
    | pyromark.Options.ENABLE_TASKLISTS
)
_KINDS: dict[str, Kind] = {
    "Table": "table",
    "Strikethrough": "struck",
    "FootnoteReference": "footnote",
    "TaskListMarker": "box",
}

_Parsed = tuple[parsed.Event, parsed.Range]


@dataclass(frozen=True, slots=True)
class Unread:
    """A mark that stays as it is: its words, and the byte at which they begin.

    An address `is_whole` when it goes on into no other mark.
    """

    kind: Kind
    start: int
    words: str
    is_whole: bool = True


@lru_cache(maxsize=16)
def find_unread(markdown: str) -> tuple[Unread, ...]:
    """Find tables, struck words, footnotes, boxes to tick and bare addresses, in the order of the text.

    What stands in code or in a link means itself; `<https://…>` is a link.
    """
    if not _may_hold_any(markdown):
        return ()
    return tuple(_find(markdown.encode(), list(_parse(markdown))))


def _may_hold_any(markdown: str) -> bool:
    """Tell, at a small part of the cost of parsing, whether there is anything to look for."""
    if "~" in markdown or "|" in markdown or _BRACKET.search(markdown):
        return True
    return markdown.count("://") > sum(map(markdown.count, _LINKED))


def _parse(markdown: str) -> Iterator[_Parsed]:
    """Parse as GitHub does; references are links wherever they lead, words in brackets alone are words."""

    def resolve(link: parsed.BrokenLink) -> tuple[str, str] | None:
        return None if link["link_type"] == "Shortcut" else ("#", "")

    return pyromark.events_with_range(markdown, options=_OPTIONS, broken_link_callback=resolve)


def _find(source: bytes, events: Sequence[_Parsed]) -> Iterator[Unread]:
    left_alone = 0
    for number, (event, span) in enumerate(events):
        does, name = mark_of(event)
        if name in LEFT_ALONE and does in ("Start", "End"):
            left_alone += 1 if does == "Start" else -1
        elif does == "Text" and not left_alone:
            yield from _addresses(source, events, number)
        kind = _KINDS.get(name if does == "Start" else does)
        words = source[span["start"] : span["end"]]
        if kind and not (kind == "struck" and not words.startswith(b"~~")):
            yield Unread(kind, span["start"], words.decode())


def _addresses(source: bytes, events: Sequence[_Parsed], number: int) -> Iterator[Unread]:
    """Find the addresses that begin in a piece of text; they may go on in those behind it."""
    event, span = events[number]
    text = _text_of(event)
    start, end = span["start"], span["start"]
    for following, place in events[number:]:
        if place["start"] != end or source[end : place["end"]] != _text_of(following).encode():
            break
        end = place["end"]
    written = source[start:end].decode()
    for found in _ADDRESS.finditer(written):
        if found.start() >= len(text):
            return
        address = _without_end(found[0])
        goes_on = found.end() == len(written) and source[end : end + 1].strip()
        yield Unread("address", start + len(written[: found.start()].encode()), address, not goes_on)


def _text_of(event: parsed.Event) -> str:
    return str(event["Text"]) if isinstance(event, dict) and "Text" in event else ""


def _without_end(address: str) -> str:
    """Leave off what ends the sentence, and a bracket that opens before the address."""
    while address[-1] in _TRAILING or (address[-1] == ")" and address.count(")") > address.count("(")):
        address = address[:-1]
    return address
