"""The text of a feed and one value that shall be another into the change of characters that does that."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from html import unescape
from types import MappingProxyType
from xml.parsers import expat
from xml.sax.saxutils import escape, quoteattr

from publisher.source.edits import EditError, Span, edit_words, index_of, value_with

_ATTRIBUTE = r"""\s+([^\s=<>/"']+)\s*=\s*("[^"]*"|'[^']*')"""
_TAG = re.compile(rf"<([^\s<>/!?]+)((?:{_ATTRIBUTE})*)\s*(/?)>")
_ONE = re.compile(_ATTRIBUTE)
_NOTHING: Mapping[str, str] = MappingProxyType({})
_FIXED = frozenset({"guid"})


def edit_xml(
    text: str, line: int, column: int, old: str, new: str, key: str = "", more: Mapping[str, str] = _NOTHING
) -> tuple[Span, ...]:
    """Return the changes by which the value `old` at a place is `new`; "" stands for one that is not there.

    `key` is `element@attribute`, or `element` for its text; without one, the words stand at the place. The
    name of the tag there is changed in its end tag, too. `more` are attributes of an element that is added.

    Raises:
        EditError: something else stands there, or a guid would change.
    """
    key = key.strip("<>")
    if key.startswith("?xml@"):
        return (_declaration(text, key.removeprefix("?xml@"), old, new),)
    start = index_of(text, line, column)
    tag = _TAG.match(text, start) if column else None
    if tag is None:
        return (_words(text, line, column, old, new),)
    element, _, attribute = key.partition("@")
    if not key and old == tag[1]:
        return _renamed(text, tag, new)
    is_this = not element or _local(element) == _local(tag[1])
    if not is_this:
        if old:
            raise EditError(f"<{element}> does not stand there")
        if attribute:
            return (_added(text, tag, element, {attribute: new}, ""),)
        return (_added(text, tag, element, more, new),)
    if attribute:
        return (_attribute(tag, attribute, old, new),)
    if not key and (name := re.search(rf"(?<=\s){re.escape(old)}(?=\s*=)", tag[2])) and old:
        return (Span(tag.start(2) + name.start(), tag.start(2) + name.end(), new),)
    if not key and (found := text.find(old, tag.start(), tag.end())) >= 0 and old:
        return (Span(found, found + len(old), new),)
    return (_content(text, tag, old, new),)


def is_whole_xml(text: str) -> bool:
    """Tell whether a text is well-formed XML."""
    try:
        expat.ParserCreate("utf-8").Parse(text.encode(), True)
    except expat.ExpatError:
        return False
    return True


def _declaration(text: str, name: str, old: str, new: str) -> Span:
    """Change or add a part of the XML declaration, which comes first of all."""
    found = re.match(r"\s*<\?xml(?=\s)[^<>]*?(?=\s*\?>)", text)
    if found is None:
        return Span(0, 0, f'<?xml version="1.0" {name}={quoteattr(new)}?>\n')
    part = re.search(rf"""(?<=\s){name}\s*=\s*(["'])(.*?)\1""", found[0])
    if part is None:
        if old:
            raise EditError(f"there is no {name}")
        return Span(found.end(), found.end(), f" {name}={quoteattr(new)}")
    if part[2].strip() != old.strip():
        raise EditError(f"{old[:40]!r} does not stand there")
    return Span(found.start() + part.start(2), found.start() + part.end(2), new)


def _words(text: str, line: int, column: int, old: str, new: str) -> Span:
    """Change words in a text that is CDATA, or in which & and < are written as codes."""
    for say in (str, escape):
        try:
            found = edit_words(text, line, column, say(old), say(new))
        except EditError:
            continue
        around = text[max(0, text.rfind("<guid", 0, found.start)) : found.start]
        if around.startswith("<guid") and "</guid" not in around:
            raise EditError("a guid never changes")
        return found
    raise EditError(f"{old[:40]!r} does not stand there")


def _local(name: str) -> str:
    return name.rpartition(":")[2].casefold()


def _attribute(tag: re.Match[str], name: str, old: str, new: str) -> Span:
    """Change or add an attribute of a start tag."""
    start = tag.start(2)
    for found in _ONE.finditer(tag[2]):
        if found[1].casefold() == name.casefold():
            written = found[2][1:-1]
            wanted = value_with(unescape(written), old, new) if old or written.strip() else new
            if not old and written.strip():
                raise EditError(f"{name} is there already")
            quote = found[2][0]
            value = escape(wanted, {quote: "&quot;" if quote == '"' else "&apos;"})
            return Span(start + found.start(2) + 1, start + found.end(2) - 1, value)
    if old:
        raise EditError(f"there is no {name}")
    return Span(tag.end(2), tag.end(2), f" {name}={quoteattr(new)}")


def _content(text: str, tag: re.Match[str], old: str, new: str) -> Span:
    """Change the text between a start tag and its end tag."""
    if _local(tag[1]) in _FIXED and old.strip():
        raise EditError("a guid never changes")
    if text[tag.end() - 2] == "/":
        if old:
            raise EditError("the element is empty")
        return Span(tag.end() - 2, tag.end(), f">{escape(new)}</{tag[1]}>")
    end = _end_of(text, tag)
    raw = text[tag.end() : end]
    for way in _ways(raw, old, new):
        return Span(tag.end(), end, way)
    raise EditError(f"{old[:40]!r} does not stand there")


def _ways(raw: str, old: str, new: str) -> Iterator[str]:
    """Yield how the text of an element could be written, in CDATA where it was."""
    if old and raw.count(old) == 1 and raw.strip() != old.strip():
        yield raw.replace(old, new if "<![CDATA[" in raw else escape(new))
    cdata = re.fullmatch(r"(\s*)<!\[CDATA\[(.*?)\]\]>(\s*)", raw, re.DOTALL)
    if cdata is not None:
        yield f"{cdata[1]}<![CDATA[{value_with(cdata[2], old, new)}]]>{cdata[3]}"
    elif "<" not in raw:
        value = unescape(raw)
        has_room = old == old.strip() and value.strip() == old
        front = raw[: len(raw) - len(raw.lstrip())] if has_room else ""
        back = raw[len(raw.rstrip()) :] if has_room and raw.strip() else ""
        yield front + escape(value_with(value, old, new)) + back


def _end_of(text: str, tag: re.Match[str]) -> int:
    """Return where the end tag of an element starts."""
    depth, at = 1, tag.end()
    either = re.compile(rf"<(/?){re.escape(tag[1])}(?=[\s/>])[^<>]*?(/?)>")
    while depth:
        found = either.search(text, at)
        if found is None:
            raise EditError("the element does not end")
        cdata = text.rfind("<![CDATA[", tag.end(), found.start())
        if cdata >= 0 and (close := text.find("]]>", cdata)) > found.start():
            at = close + 3
            continue
        depth += -1 if found[1] else 0 if found[2] else 1
        at = found.end()
        if not depth:
            return found.start()
    raise EditError("the element does not end")


def _renamed(text: str, tag: re.Match[str], new: str) -> tuple[Span, ...]:
    name = Span(tag.start(1), tag.end(1), new)
    if text[tag.end() - 2] == "/":
        return (name,)
    end = _end_of(text, tag)
    return (name, Span(end + 2, end + 2 + len(tag[1]), new))


def _added(text: str, tag: re.Match[str], element: str, attributes: Mapping[str, str], content: str) -> Span:
    """Add an element as the first child of the one at the place, on a line of its own."""
    prefix, _, _ = element.rpartition(":")
    if prefix and not re.search(rf"\sxmlns:{re.escape(prefix)}\s*=", text[:100_000]):
        raise EditError(f"the feed does not declare xmlns:{prefix}")
    if text[tag.end() - 2] == "/":
        raise EditError(f"<{tag[1]}> is empty")
    space = re.match(r"\s*", text[tag.end() :])
    margin = space[0] if space else ""
    start = "".join((element, *(f" {name}={quoteattr(value)}" for name, value in attributes.items())))
    added = f"<{start}>{escape(content)}</{element}>" if content else f"<{start}/>"
    return Span(tag.end(), tag.end(), f"{margin}{added}")
