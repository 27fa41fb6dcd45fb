"""What a feed taken apart consists of: elements that know their line and column, and the making of those."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from xml.parsers import expat

from publisher.errors import Problem
from publisher.feed.decoding import Decoded
from publisher.feed.vocabulary import PREFIXES, usual_name, usual_prefix


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
    names: dict[str, str] = field(default_factory=dict)

    @property
    def channel(self) -> Element | None:
        """Return the channel, whose items are not among its children."""
        return self.root.first("channel") if self.root else None

    def item(self, number: int) -> Element:
        """Return an item by its position in the feed."""
        start, end, line, column = self.spans[number]
        return parse_item(self.decoded.data[start:end], self.scope, line, column, self.names)

    def item_bytes(self, number: int) -> bytes:
        """Return an item as it stands in the feed, in UTF-8."""
        start, end, *_ = self.spans[number]
        return self.decoded.data[start:end]


def parse_item(
    data: bytes,
    scope: Mapping[str, str],
    line: int = 1,
    column: int = 1,
    names: dict[str, str] | None = None,
) -> Element:
    """Turn the bytes of one `<item>…</item>` that was parsed before into elements.

    `scope` maps prefixes to namespaces, `line` and `column` are where the item begins in its feed.
    `names` remembers from item to item how names are usually spelt in that scope.
    """
    builder = Builder(Names(scope, names), line - 1, column - 1)
    builder.parser.Parse(data, True)
    return builder.top


class Names:
    """Written names into usual ones, under the namespaces declared so far."""

    def __init__(
        self, scope: Mapping[str, str], known: dict[str, str] | None = None, *, is_rss: bool = True
    ) -> None:
        self.scope: Mapping[str, str] = scope
        self.is_rss = is_rss
        self._known: dict[str, str] = {} if known is None else known

    def usual(self, written: str) -> str:
        """Return what a name was meant to be."""
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
        """Take note of a namespace."""
        if not prefix and self.is_rss:
            return  # RSS has no namespace; readers that know none see the name alone
        if self.scope.get(prefix) != uri:
            self.scope = {**self.scope, prefix: uri}
            self._known = {}  # what others remember holds in their scope


_FRAME = frozenset({"rss", "channel", "item"})


class Builder:
    """Builds the elements of one piece of XML."""

    def __init__(self, names: Names, lines_before: int, columns_before: int) -> None:
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
        self.defaults: list[str] = []
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
        """Open an element."""
        if attributes:
            for key, value in attributes.items():
                if key.startswith("xmlns"):
                    self.names.declare(key[6:], value)
        is_apart = self.defaults or "xmlns" in attributes
        self.begin(written, attributes, self.prefix_by_default(written, attributes) if is_apart else "")

    def prefix_by_default(self, written: str, attributes: dict[str, str]) -> str:
        """Return the usual prefix of an element under a default namespace that is not RSS, else "".

        A default that stands on what makes it a feed was not meant: readers that know none see names alone.
        """
        uri = attributes.get("xmlns")
        if not self.names.is_rss:
            return ""
        prefix = self.defaults[-1] if uri is None else PREFIXES.get(uri, "")
        if uri is not None and written.casefold() in _FRAME:
            prefix = ""
        if prefix or self.defaults:
            self.defaults.append(prefix)
        return "" if ":" in written else prefix

    def begin(self, written: str, attributes: dict[str, str], prefix: str) -> None:
        """Open an element, in the namespace that a default gave it."""
        line, column = self.here()
        name = usual_name(prefix, written) if prefix else self.names.usual(written)
        element = Element(name, written, line, column, attributes)
        if self.open:
            self.open[-1].children.append(element)
        else:
            self.top = element
        self.open.append(element)
        self.texts.append([])

    def end(self, _written: str) -> None:
        """Close the element that was opened last."""
        if self.defaults:
            self.defaults.pop()
        element = self.open.pop()
        element.text = text = "".join(self.texts.pop())
        if text:  # the parser says where a text ended
            element.text_line = self.parser.CurrentLineNumber + self.lines_before - text.count("\n")

    def characters(self, text: str) -> None:
        """Add text to the element that is open."""
        if not self.open:
            return
        element = self.open[-1]
        self.texts[-1].append(text)
        if self.in_cdata:
            element.has_cdata = True
        elif not element.has_plain and text.strip():
            element.has_plain = True

    def start_cdata(self) -> None:
        """Note that CDATA begins."""
        self.in_cdata = True

    def end_cdata(self) -> None:
        """Note that CDATA ends."""
        self.in_cdata = False
