"""The bytes of any feed into elements that know their line and column; nothing is fetched or expanded."""

from __future__ import annotations

import re
from xml.parsers import expat

from publisher.errors import Place, Problem
from publisher.feed.decoding import Decoded, decode_feed
from publisher.feed.elements import Aside, Builder, Declaration, Names, ParsedFeed, Usage
from publisher.feed.vocabulary import ADDRESSES

MAX_DEPTH = 100
MAX_ITEMS = 200_000


def parse_feed(data: bytes, file: str) -> ParsedFeed:
    """Take a feed apart in bounded time and memory; whatever the bytes are, nothing is raised."""
    decoded = decode_feed(data, file)
    feed = ParsedFeed(decoded)
    if decoded.problem:
        feed.problem, feed.problem_kind = decoded.problem, decoded.problem_kind
        return feed
    reader = _Reader(feed, file)
    try:
        reader.parser.Parse(decoded.data, True)
    except _Stop as stop:
        line, column = reader.here()
        feed.problem = Problem(stop.message, Place(file, line, column), stop.hint)
        feed.problem_kind = stop.kind
    except expat.ExpatError as error:
        feed.problem, feed.problem_kind = _mistake(error, file, decoded)
    reader.finish()
    return feed


class _Stop(Exception):  # noqa: N818 - it ends the parsing, and is no error of anybody's
    """Something that ends the reading at once."""

    def __init__(self, kind: str, message: str, hint: str) -> None:
        super().__init__(message)
        self.kind, self.message, self.hint = kind, message, hint


class _Reader(Builder):
    """Reads a whole feed: elements of the channel are built, items only found, names counted everywhere."""

    def __init__(self, feed: ParsedFeed, file: str) -> None:
        super().__init__(Names({}, is_rss=False), feed.decoded.lines_before, 0)
        self.feed, self.file = feed, file
        self.parser.StartDoctypeDeclHandler = self.doctype
        self.parser.CommentHandler = self.comment
        self.parser.ProcessingInstructionHandler = self.instruction
        self.path: list[str] = []
        self.item_depth = 0
        self.item_start = (0, 0, 0)
        self.counts: dict[tuple[str, str, str], list[int]] = {}
        self.by_default: dict[str, str] = {}

    def doctype(self, *_declared: object) -> None:
        raise _Stop(
            "doctype",
            "the feed has a DOCTYPE, which can hide an attack",
            "a feed needs none; take it out where the feed is made",
        )

    def start(self, written: str, attributes: dict[str, str]) -> None:
        path = self.path
        parent = path[-1] if path else ""
        if not path:
            self.names.is_rss = written.casefold() == "rss"
        known, prefix = written, ""
        if self.defaults or "xmlns" in attributes:
            prefix = self.prefix_by_default(written, attributes)
        if prefix:
            known = f"{prefix}:{written}"
            self.by_default[prefix] = ADDRESSES[prefix]
        self._count(parent, known, attributes)
        path.append(known)
        if self.item_depth:
            if len(path) > MAX_DEPTH:
                raise _Stop("deep", f"the feed's elements are nested deeper than {MAX_DEPTH}", _FOREIGN)
            return
        if len(path) == 3 and self.names.usual(written) == "item" and written != path[1]:
            if len(self.feed.spans) >= MAX_ITEMS:
                raise _Stop("many", f"the feed has more than {MAX_ITEMS:,} items", _FOREIGN)
            self.item_depth = 3
            self.item_start = (self.parser.CurrentByteIndex, *self.here())
            return
        if len(path) > MAX_DEPTH:
            raise _Stop("deep", f"the feed's elements are nested deeper than {MAX_DEPTH}", _FOREIGN)
        self.begin(written, attributes, prefix)
        if self.feed.spans and len(path) == 3:
            self.feed.after_items.append(self.open[-1])
        if len(path) == 1:
            self.feed.root = self.top

    def end(self, written: str) -> None:
        path = self.path
        path.pop()
        if not self.item_depth:
            super().end(written)
            return
        if self.defaults:
            self.defaults.pop()
        if len(path) < self.item_depth:
            self.item_depth = 0
            start, line, column = self.item_start
            self.feed.spans.append((start, self._end_of(written), line, column))

    def _end_of(self, written: str) -> int:
        """Return where an element ends; of one that is a single tag, the parser stands behind it already."""
        data, here = self.feed.decoded.data, self.parser.CurrentByteIndex
        closing = re.compile(rb"</" + re.escape(written.encode()) + rb"\s*>")
        found = closing.match(data, here)
        return found.end() if found else here

    def characters(self, text: str) -> None:
        path = self.path
        if not self.item_depth:
            super().characters(text)
            if len(path) > 2 or not text.strip():
                return
        elif len(path) != 3 or not text.strip():
            return
        if path and len(self.feed.asides) < 1000:
            line, column = self.here()
            self.feed.asides.append(Aside("text", text.strip()[:80], path[-1], line, column))

    def comment(self, text: str) -> None:
        self._aside("comment", text)

    def instruction(self, target: str, text: str) -> None:
        self._aside("instruction", f"{target} {text}".strip())

    def _aside(self, kind: str, text: str) -> None:
        if len(self.feed.asides) < 1000:
            line, column = self.here()
            self.feed.asides.append(Aside(kind, text[:200], self.path[-1] if self.path else "", line, column))

    def _count(self, parent: str, written: str, attributes: dict[str, str]) -> None:
        key = (parent, written, "")
        known = self.counts.get(key)
        if known is None:
            self.counts[key] = [*self.here(), 1]
        else:
            known[2] += 1
        for name in attributes:
            if name.startswith("xmlns"):
                line, column = self.here()
                prefix = name[6:]
                if len(self.feed.declarations) < 1000:
                    self.feed.declarations.append(
                        Declaration(prefix, attributes[name], written, line, column)
                    )
                self.names.declare(prefix, attributes[name])
            key = (parent, written, name)
            known = self.counts.get(key)
            if known is None:
                if len(self.counts) > 20_000:
                    raise _Stop(
                        "many", "the feed has more kinds of tags and attributes than any real one", _FOREIGN
                    )
                self.counts[key] = [*self.here(), 1]
            else:
                known[2] += 1

    def finish(self) -> None:
        """Hand over what was found, also where the feed ended too early."""
        while self.open:
            super().end("")
        names, scope = self.names, self.names.scope
        self.feed.scope = dict(scope)
        self.feed.usages = tuple(
            Usage(
                names.usual(parent) if parent else "",
                names.usual(written),
                written,
                scope.get(prefix := written.rpartition(":")[0], "") or self.by_default.get(prefix, ""),
                attribute,
                *found,
            )
            for (parent, written, attribute), found in self.counts.items()
        )


_FOREIGN = "check where the feed is from"


def _mistake(error: expat.ExpatError, file: str, decoded: Decoded) -> tuple[Problem, str]:
    said = expat.ErrorString(error.code)
    place = Place(file, error.lineno + decoded.lines_before, error.offset + 1)
    kind, hint = "xml", "mend it where it is made"
    if said == "undefined entity":
        line = decoded.data.split(b"\n", error.lineno)[error.lineno - 1 : error.lineno]
        found = re.match(rb"&[\w.-]{1,40};", line[0][error.offset :]) if line else None
        name = found[0].decode() if found else "an entity"
        message = f"{name} is no entity that a feed knows"
        return Problem(message, place, "write the character itself"), "entity"
    if error.code in _AFTER_CDATA and _is_after_broken_cdata(decoded.data, error):
        message = "a CDATA section ends before its text does: ]]> stands inside it"
        return Problem(message, place, "write ]]]]><![CDATA[> for it"), "cdata"
    if said == "reference to invalid character number":
        start = decoded.data[_index(decoded.data, error) :][:40]
        found = re.match(rb"&#[0-9A-Za-z]+;", start)
        name = found[0].decode() if found else "a code"
        return Problem(f"the feed holds {name}, which XML cannot carry", place, "delete it"), "character"
    if said == "not well-formed (invalid token)":
        said, hint = (
            "there is a character that cannot stand here",
            "write & as &amp; and < as &lt; outside CDATA",
        )
    elif said == "no element found":
        said, hint = "it ends too early", "get the whole file"
    elif said == "mismatched tag":
        said, hint = "a tag is closed that is not the one opened last", "close each tag in order"
    return Problem(f"the feed is no well-formed XML: {said}", place, hint), kind


def _index(data: bytes, error: expat.ExpatError) -> int:
    """Return where the reading stopped."""
    start = 0
    for _ in range(error.lineno - 1):
        start = data.find(b"\n", start) + 1
    return start + error.offset


_AFTER_CDATA = frozenset({4, 7})
"""The errors of expat that text meets outside its CDATA section: an invalid token, a mismatched tag."""


def _is_after_broken_cdata(data: bytes, error: expat.ExpatError) -> bool:
    """Tell whether the reading stopped between the end of a CDATA section and a further end of it."""
    at = _index(data, error)
    before = data.rfind(b"]]>", 0, max(at - 2, 0))
    ends, begins = data.find(b"]]>", max(at - 2, 0)), data.find(b"<![CDATA[", at)
    is_outside = before > data.rfind(b"<![CDATA[", 0, at) >= 0
    return is_outside and ends >= 0 and (begins < 0 or ends < begins)
