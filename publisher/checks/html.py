"""Show notes in HTML into the tags, links and text that rules ask about."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

_VOID = frozenset({"br", "img", "hr", "wbr"})


@dataclass(frozen=True, slots=True)
class Tag:
    """A start tag with its attributes, names in lower case."""

    name: str
    attributes: tuple[tuple[str, str], ...]

    def get(self, name: str) -> str | None:
        """Return an attribute's value, trimmed."""
        return next((value.strip() for key, value in self.attributes if key == name), None)


@dataclass(frozen=True, slots=True)
class Anchor:
    """A link with the text that a listener reads."""

    href: str
    text: str


@dataclass(slots=True)
class Fragment:
    """What a piece of HTML holds; `unclosed` names tags that are opened or closed alone."""

    tags: list[Tag] = field(default_factory=list)
    anchors: list[Anchor] = field(default_factory=list)
    unclosed: list[str] = field(default_factory=list)
    empty: list[str] = field(default_factory=list)
    text: str = ""


def parse_fragment(html: str) -> Fragment:
    """Take HTML apart leniently; nothing is refused, so that rules can say what is wrong."""
    parser = _Parser()
    parser.feed(html)
    parser.close()
    return parser.finish()


class _Parser(HTMLParser):
    """Collects tags, links and text, and keeps the stack of open tags with where their text began."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._found = Fragment()
        self._texts: list[str] = []
        self._open: list[tuple[Tag, int, int]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        seen = Tag(tag, tuple((key, value or "") for key, value in attrs))
        self._found.tags.append(seen)
        if tag not in _VOID:
            self._open.append((seen, len(self._texts), len(self._found.tags)))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in _VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        while (
            self._open and self._open[-1][0].name != tag and any(seen.name == tag for seen, *_ in self._open)
        ):
            self._found.unclosed.append(self._open.pop()[0].name)
        if not self._open or self._open[-1][0].name != tag:
            if tag not in _VOID:
                self._found.unclosed.append(tag)
            return
        seen, first_text, tags_before = self._open.pop()
        inner = "".join(self._texts[first_text:]).strip()
        if tag == "a" and (href := seen.get("href")) is not None:
            self._found.anchors.append(Anchor(href, " ".join(inner.split())))
        if not inner and len(self._found.tags) == tags_before:
            self._found.empty.append(tag)

    def handle_data(self, data: str) -> None:
        self._texts.append(data)

    def finish(self) -> Fragment:
        """Return what was found, tags still open counted as unclosed."""
        self._found.unclosed.extend(seen.name for seen, *_ in self._open)
        self._found.text = "".join(self._texts)
        return self._found
