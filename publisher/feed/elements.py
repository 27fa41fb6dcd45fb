"""The bytes of any feed into elements that know their line and column; nothing is fetched or expanded."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from xml.parsers import expat

from publisher.errors import Place, Problem
from publisher.feed.decoding import Decoded, decode_feed
from publisher.feed.vocabulary import usual_name, usual_prefix

MAX_DEPTH = 100
MAX_ITEMS = 200_000


@dataclass(slots=True)
class Element:
    """An element: `name` is the usual spelling (`itunes:author`), `written` what stands in the feed.

    `text` is its own text without that of its children; line and column are those of its start tag, and
    `text_line` is where its text begins. A whole feed of these is made, so it is no frozen value.
    """

    name: str
    written: str
    line: int
    column: int
    attributes: Mapping[str, str]
    text: str = ""
    children: list[Element] = field(default_factory=list)
    text_line: int = 0
    has_cdata: bool = False
    has_plain: bool = False

    @property
    def value(self) -> str:
        """Return all text inside, trimmed, also that of markup which somebody forgot to escape."""
        if not self.children:
            return self.text.strip()
        return "".join(part.text for part in self.walk()).strip()

    def get(self, name: str) -> str:
        """Return an attribute's value, trimmed; "" when it is absent, whatever the case of its name."""
        found = self.attributes.get(name)
        if found is None and self.attributes:
            wanted = name.casefold()
            found = next((value for key, value in self.attributes.items() if key.casefold() == wanted), None)
        return (found or "").strip()

    def has(self, name: str) -> bool:
        """Tell whether an attribute is there."""
        return any(key.casefold() == name.casefold() for key in self.attributes)

    def first(self, name: str) -> Element | None:
        """Return the first child of a name."""
        for child in self.children:
            if child.name == name:
                return child
        return None

    def all(self, name: str) -> list[Element]:
        """Return the children of a name."""
        return [child for child in self.children if child.name == name]

    def walk(self) -> Iterator[Element]:
        """Yield this element and everything inside it, in the order of the feed."""
        yield self
        for child in self.children:
            yield from child.walk()


@dataclass(frozen=True, slots=True)
class Usage:
    """A name that a feed uses below a parent: how often, and where first; `attribute` is "" for elements.

    `parent` and `name` are usual spellings, `written` is what stands in the feed, `uri` its namespace.
    """

    parent: str
    name: str
    written: str
    uri: str
    attribute: str
    line: int
    column: int
    count: int


@dataclass(frozen=True, slots=True)
class Declaration:
    """A namespace declared on an element."""

    prefix: str
    uri: str
    element: str
    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Aside:
    """A comment or processing instruction, or text where none belongs; `parent` is "" outside the root."""

    kind: str
    text: str
    parent: str
    line: int
    column: int


@dataclass(slots=True)
class ParsedFeed:
    """A feed taken apart: its channel without items, and each item on demand.

    `problem` says why the rest could not be read; `root` and `spans` hold what stood before it, or nothing.
    """

    decoded: Decoded
    root: Element | None = None
    problem: Problem | None = None
    problem_kind: str = ""
    spans: list[tuple[int, int, int, int]] = field(default_factory=list)
    scope: Mapping[str, str] = field(default_factory=dict)
    usages: tuple[Usage, ...] = ()
    declarations: list[Declaration] = field(default_factory=list)
    asides: list[Aside] = field(default_factory=list)
    after_items: list[Element] = field(default_factory=list)

    @property
    def channel(self) -> Element | None:
        """Return the channel, whose items are not among its children."""
        return self.root.first("channel") if self.root else None

    def item(self, number: int) -> Element:
        """Return an item by its position in the feed."""
        start, end, line, column = self.spans[number]
        return parse_item(self.decoded.data[start:end], self.scope, line, column)

    def item_bytes(self, number: int) -> bytes:
        """Return an item as it stands in the feed, in UTF-8."""
        start, end, *_ = self.spans[number]
        return self.decoded.data[start:end]


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


def parse_item(data: bytes, scope: Mapping[str, str], line: int = 1, column: int = 1) -> Element:
    """Turn the bytes of one `<item>…</item>` that was parsed before into elements.

    `scope` maps prefixes to namespaces, `line` and `column` are where the item begins in its feed.
    """
    builder = _Builder(_Names(scope), line - 1, column - 1)
    builder.parser.Parse(data, True)
    return builder.top


class _Stop(Exception):  # noqa: N818 - it ends the parsing, and is no error of anybody's
    """Something that ends the reading at once."""

    def __init__(self, kind: str, message: str, hint: str) -> None:
        super().__init__(message)
        self.kind, self.message, self.hint = kind, message, hint


class _Names:
    """Written names into usual ones, under the namespaces declared so far."""

    def __init__(self, scope: Mapping[str, str]) -> None:
        self.scope = dict(scope)
        self._known: dict[str, str] = {}

    def usual(self, written: str) -> str:
        known = self._known.get(written)
        if known is None:
            prefix, colon, local = written.rpartition(":")
            uri = self.scope.get(prefix, "")
            if colon and not uri:  # never declared; what it was meant for is plain all the same
                known = usual_name(prefix, local)
            else:
                known = usual_name(usual_prefix(uri, prefix) if uri else "", local)
            self._known[written] = known
        return known

    def declare(self, prefix: str, uri: str) -> None:
        if self.scope.get(prefix) != uri:
            self.scope[prefix] = uri
            self._known.clear()


class _Builder:
    """Builds the elements of one piece of XML."""

    def __init__(self, names: _Names, lines_before: int, columns_before: int) -> None:
        self.parser = parser = expat.ParserCreate("utf-8")
        parser.buffer_text = True
        parser.StartElementHandler = self.start
        parser.EndElementHandler = self.end
        parser.CharacterDataHandler = self.characters
        parser.StartCdataSectionHandler = self.start_cdata
        parser.EndCdataSectionHandler = self.end_cdata
        self.names = names
        self.lines_before, self.columns_before = lines_before, columns_before
        self.in_cdata = False
        self.open: list[Element] = []
        self.texts: list[list[str]] = []
        self.top = Element("", "", 0, 0, {})

    def here(self) -> tuple[int, int]:
        """Return line and column, both from 1."""
        line, column = self.parser.CurrentLineNumber, self.parser.CurrentColumnNumber + 1
        if line == 1:
            column += self.columns_before
        return line + self.lines_before, column

    def start(self, written: str, attributes: dict[str, str]) -> None:
        if attributes:
            for key, value in attributes.items():
                if key.startswith("xmlns"):
                    self.names.declare(key[6:], value)
        line, column = self.here()
        element = Element(self.names.usual(written), written, line, column, attributes)
        if self.open:
            self.open[-1].children.append(element)
        else:
            self.top = element
        self.open.append(element)
        self.texts.append([])

    def end(self, _written: str) -> None:
        element = self.open.pop()
        element.text = text = "".join(self.texts.pop())
        if text:  # the parser says where a text ended
            element.text_line = self.parser.CurrentLineNumber + self.lines_before - text.count("\n")

    def characters(self, text: str) -> None:
        if not self.open:
            return
        element = self.open[-1]
        self.texts[-1].append(text)
        if self.in_cdata:
            element.has_cdata = True
        elif not element.has_plain and text.strip():
            element.has_plain = True

    def start_cdata(self) -> None:
        self.in_cdata = True

    def end_cdata(self) -> None:
        self.in_cdata = False


class _Reader(_Builder):
    """Reads a whole feed: elements of the channel are built, items only found, names counted everywhere."""

    def __init__(self, feed: ParsedFeed, file: str) -> None:
        super().__init__(_Names({}), feed.decoded.lines_before, 0)
        self.feed, self.file = feed, file
        self.parser.StartDoctypeDeclHandler = self.doctype
        self.parser.CommentHandler = self.comment
        self.parser.ProcessingInstructionHandler = self.instruction
        self.path: list[str] = []
        self.item_depth = 0
        self.item_start = (0, 0, 0)
        self.counts: dict[tuple[str, str, str], list[int]] = {}
        self.seen_attributes: dict[int, tuple[str, ...]] = {}

    def doctype(self, *_declared: object) -> None:
        raise _Stop(
            "doctype",
            "the feed has a DOCTYPE, which can hide an attack",
            "a feed needs none; take it out where the feed is made",
        )

    def start(self, written: str, attributes: dict[str, str]) -> None:
        path = self.path
        parent = path[-1] if path else ""
        self._count(parent, written, attributes)
        path.append(written)
        if self.item_depth:
            if len(path) > MAX_DEPTH:
                raise _Stop("deep", f"the feed's elements are nested deeper than {MAX_DEPTH}", _FOREIGN)
            return
        if len(path) == 3 and self.names.usual(written) == "item":
            if len(self.feed.spans) >= MAX_ITEMS:
                raise _Stop("many", f"the feed has more than {MAX_ITEMS:,} items", _FOREIGN)
            self.item_depth = 3
            self.item_start = (self.parser.CurrentByteIndex, *self.here())
            return
        if len(path) > MAX_DEPTH:
            raise _Stop("deep", f"the feed's elements are nested deeper than {MAX_DEPTH}", _FOREIGN)
        super().start(written, attributes)
        if self.feed.spans and len(path) == 3:
            self.feed.after_items.append(self.open[-1])
        if len(path) == 1:
            self.feed.root = self.top

    def end(self, written: str) -> None:
        path = self.path
        path.pop()
        if not self.item_depth:
            super().end(written)
        elif len(path) < self.item_depth:
            self.item_depth = 0
            start, line, column = self.item_start
            end = self.feed.decoded.data.index(b">", self.parser.CurrentByteIndex) + 1
            self.feed.spans.append((start, end, line, column))

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
                scope.get(written.rpartition(":")[0], ""),
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
