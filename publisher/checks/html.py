"""Show notes in HTML into the tags, links and text that rules ask about."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache
from html import unescape
from typing import NamedTuple

_VOID = frozenset({"br", "img", "hr", "wbr"})
_TOKEN = re.compile(
    r"<!--.*?(?:-->|\Z)"
    r"|<(?P<close>/?)(?P<name>[a-zA-Z][^\s/>]{0,60})(?P<rest>(?:[^>\"']|\"[^\"]*\"|'[^']*')*)>"
    r"|<[!?][^>]*>",
    re.DOTALL,
)
_BREAK = re.compile(r"</?(?:p|br|li|ul|ol|div|h[1-6]|tr|hr|blockquote|pre)(?:\s[^>]*)?/?>", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"([^\s=/\"'>]+)(?:\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+)))?")


class Tag(NamedTuple):
    """A start tag with its attributes, names in lower case."""

    name: str
    attributes: tuple[tuple[str, str], ...]

    def get(self, name: str) -> str | None:
        """Return an attribute's value, trimmed."""
        for key, value in self.attributes:
            if key == name:
                return value.strip()
        return None


class Anchor(NamedTuple):
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
    at = 0
    for token in _TOKEN.finditer(html):
        start, end = token.span()
        if start > at:
            parser.text(html[at:start])
        at = end
        close, name, rest = token.groups()
        if name is None:
            continue
        if close:
            parser.end(name.lower())
        else:
            parser.start(name.lower(), rest)
    if at < len(html):
        parser.text(html[at:])
    return parser.finish()


class _Parser:
    """Collects tags, links and text, and keeps the stack of open tags with where their text began."""

    def __init__(self) -> None:
        self._found = Fragment()
        self._texts: list[str] = []
        self._open: list[tuple[Tag, int, int]] = []
        self._names: dict[str, int] = {}

    def start(self, name: str, rest: str) -> None:
        seen = Tag(name, _attributes(rest) if rest else ())
        self._found.tags.append(seen)
        if name not in _VOID:
            self._open.append((seen, len(self._texts), len(self._found.tags)))
            self._names[name] = self._names.get(name, 0) + 1
            if rest.endswith("/"):
                self.end(name)

    def end(self, name: str) -> None:
        if not self._names.get(name):
            if name not in _VOID:
                self._found.unclosed.append(name)
            return
        while self._open[-1][0].name != name:
            self._found.unclosed.append(self._close()[0].name)
        seen, first_text, tags_before = self._close()
        if name == "a" and (href := seen.get("href")) is not None:
            text = "".join(self._texts[first_text:])
            self._found.anchors.append(Anchor(href, " ".join(text.split())))
        if len(self._found.tags) == tags_before and not "".join(self._texts[first_text:]).strip():
            self._found.empty.append(name)

    def _close(self) -> tuple[Tag, int, int]:
        closed = self._open.pop()
        self._names[closed[0].name] -= 1
        return closed

    def text(self, data: str) -> None:
        self._texts.append(unescape(data) if "&" in data else data)

    def finish(self) -> Fragment:
        """Return what was found, tags still open counted as unclosed."""
        self._found.unclosed.extend(seen.name for seen, *_ in self._open)
        self._found.text = "".join(self._texts)
        return self._found


def _attributes(rest: str) -> tuple[tuple[str, str], ...]:
    return tuple(
        (found[1].lower(), unescape(found[2] or found[3] or found[4] or ""))
        for found in _ATTRIBUTE.finditer(rest)
    )


@lru_cache(maxsize=1)
def lines_of(html: str) -> tuple[str, ...]:
    """Return the text of HTML as a reader sees it: a line for each paragraph, list entry and line break.

    Several rules ask for it, one after the other.
    """
    broken = _BREAK.sub("\n", html.replace("\n", " ") if "<" in html else html)
    plain = unescape(_TOKEN.sub("", broken))
    return tuple(line for written in plain.split("\n") if (line := " ".join(written.split())))
