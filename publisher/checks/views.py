"""A whole feed as a subject that knows its places, and by one door all that rules see of a feed."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from publisher.checks.facts import HistoryView, ItemFacts, ItemsView, facts_of
from publisher.checks.parts import (
    DESCRIPTIONS,
    ChannelView,
    Context,
    ItemView,
    host_of,
    path_of,
    read_duration,
)
from publisher.errors import Place
from publisher.feed.elements import Aside, Declaration, ParsedFeed, Usage

__all__ = [
    "DESCRIPTIONS",
    "ChannelView",
    "Context",
    "DocumentView",
    "HistoryView",
    "ItemFacts",
    "ItemView",
    "ItemsView",
    "facts_of",
    "host_of",
    "path_of",
    "read_duration",
]


@dataclass
class DocumentView:
    """A feed's bytes and its use of XML; names and attributes are counted for the whole feed."""

    file: str
    feed: ParsedFeed
    context: Context
    present: None = None

    @property
    def name(self) -> str:
        """Return what a report calls it."""
        return self.file

    @property
    def lacks(self) -> Mapping[str, str]:
        """Return what cannot be looked at, with the reason."""
        return self.context.lacks

    @property
    def data(self) -> bytes:
        """Return the bytes as they are."""
        return self.feed.decoded.original

    @cached_property
    def text(self) -> str:
        """Return the feed as text, without what stands before its declaration."""
        return self.feed.decoded.data.decode("utf-8", "replace")

    @property
    def usages(self) -> tuple[Usage, ...]:
        """Return every name below every parent: elements, where `attribute` is "", and attributes."""
        return self.feed.usages

    @property
    def declarations(self) -> list[Declaration]:
        """Return the namespaces that are declared."""
        return self.feed.declarations

    @property
    def asides(self) -> list[Aside]:
        """Return comments, processing instructions and stray texts."""
        return self.feed.asides

    def at(self, line: int = 0, column: int = 0) -> Place:
        """Return a line of the feed."""
        return Place(self.file, line, column)

    @cached_property
    def _ends(self) -> list[int]:
        return [found.start() for found in re.finditer("\n", self.text)]

    def at_index(self, index: int) -> Place:
        """Return the place of a character of `text`."""
        before = bisect_left(self._ends, index)
        start = self._ends[before - 1] + 1 if before else 0
        return Place(self.file, before + 1 + self.feed.decoded.lines_before, index - start + 1)
