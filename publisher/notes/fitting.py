"""Text that is too long to its longest beginning that fits, never cut in the middle of anything."""

from __future__ import annotations

import re
from html import escape

_TAG = re.compile(r'<(/?)([a-z0-9]+)(?: [a-z]+="[^"]*")*>')
_VOID = frozenset({"br", "hr"})
_BLOCKS = frozenset({"p", "li", "ul", "ol"})
_LISTS = frozenset({"li", "ul", "ol"})
_LAST_HEADING = re.compile(r"<p><strong>(?:(?!</strong>).)*</strong></p>\s*\Z", re.DOTALL)


def fit_blocks(html: str, limit_bytes: int) -> str:
    """Return as many whole blocks of well-formed feed HTML as fit; a list may end after any of its items."""
    opened: list[str] = []
    kept, kept_bytes, seen = "", 0, 0
    for tag in _TAG.finditer(html):
        closes, name = bool(tag[1]), tag[2]
        if name in _VOID:
            continue
        if not closes:
            opened.append(name)
            continue
        opened.pop()
        if name not in _BLOCKS or not _LISTS.issuperset(opened):
            continue
        kept_bytes += len(html[seen : tag.end()].encode())
        seen = tag.end()
        closing = "".join(f"</{each}>" for each in reversed(opened))
        if kept_bytes + len(closing) + 1 > limit_bytes:
            break
        kept = f"{html[:seen]}{closing}\n"
    return kept


def drop_last_heading(html: str) -> str:
    """Take off a bold paragraph at the end: a heading whose section did not fit."""
    return _LAST_HEADING.sub("", html)


def fit_words(text: str, limit_bytes: int, *, before: str = "", after: str = "") -> str:
    """Return as many whole words of plain text as fit, escaped, between `before` and `after`, or nothing."""
    room = limit_bytes - len(f"{before}{after}".encode())
    whole = escape(text, quote=False)
    if text and len(whole.encode()) <= room:
        return f"{before}{whole}{after}"
    kept = ""
    for word in re.finditer(r"\s*\S+", text[: max(room, 0)]):
        longer = escape(text[: word.end()], quote=False) + "…"
        if len(longer.encode()) > room:
            break
        kept = longer
    return f"{before}{kept}{after}" if kept else ""
