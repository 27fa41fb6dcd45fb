"""HTML to the same HTML with nothing in it but what a page, or a podcast app, is known to show."""

from __future__ import annotations

import re

import nh3

from publisher.notes.settled import settle

FEED_TAGS = frozenset({"p", "ol", "ul", "li", "a", "br", "b", "i", "strong", "em"})
PAGE_TAGS = FEED_TAGS | {"h2", "h3", "h4", "h5", "h6", "blockquote", "code", "pre", "hr"}
SCHEMES = frozenset({"http", "https", "mailto"})

_PAGE = nh3.Cleaner(
    tags=PAGE_TAGS,
    attributes={"a": {"href"}, "ol": {"start"}, "*": set()},  # else title and lang pass on every tag
    url_schemes=set(SCHEMES),
    url_relative="deny",
    link_rel=None,
)
_FEED = nh3.Cleaner(
    tags=FEED_TAGS,
    attributes={"a": {"href"}, "*": set()},
    url_schemes=set(SCHEMES),
    url_relative="deny",
    link_rel=None,
)
_RICH_TAG = re.compile(r"<(/?(?:h[1-6r]|blockquote|code|pre|ol(?= )))(?:\s[^>]*)?>")
_EMPTY_LINES = re.compile(r"\n\n+")
_CODE_BLOCK = re.compile(r"<pre>(.*?)</pre>", re.DOTALL)
_MANY_ENTITIES = 20_000
_NO_CHARACTERS = tuple(map(chr, range(0xFDD0, 0xFDF0)))
_PLAIN = {
    **{f"h{level}": "<p><strong>" for level in range(1, 7)},
    **{f"/h{level}": "</strong></p>" for level in range(1, 7)},
    "hr": "<p>* * *</p>",
    "ol": "<ol>",
    "pre": "<p>",
    "/pre": "</p>",
}


def clean_for_page(html: str) -> tuple[str, bool]:
    """Return what of `html` a page may show, and whether all its links are known to be right.

    Where they are not, one may have no words, lead nowhere, or have lost an address that must not be used.
    """
    if (settled := settle(html)) is not None:
        return settled, True
    cleaned = _take_apart(_PAGE, html).replace("<p></p>\n", "")
    return cleaned, "<a" not in cleaned


def clean_for_feed(html: str) -> str:
    """Return `html` for podcast apps: headings become bold paragraphs, quotes paragraphs, code text."""
    if (settled := settle(html)) is not None:
        return close_up(say_plainly(settled))
    html = _CODE_BLOCK.sub(_break_lines, html) if "<pre>" in html else html
    return close_up(_take_apart(_FEED, say_plainly(html)))


def say_plainly(html: str) -> str:
    """Return `html` in the few elements that podcast apps show; where it is settled, no more is needed."""
    return _RICH_TAG.sub(_plain_tag, html)


def close_up(html: str) -> str:
    """Return `html` without the empty lines that are left where elements were taken off."""
    return _EMPTY_LINES.sub("\n", html).strip()


def keeps_link(address: str) -> bool:
    """Tell whether the allowlist lets a link to `address` through."""
    escaped = address.replace("&", "&amp;").replace('"', "&quot;")
    return "href=" in _PAGE.clean(f'<a href="{escaped}">link</a>')


def _take_apart(cleaner: nh3.Cleaner, html: str) -> str:
    """Let the sanitiser write `html` anew from what it finds in it.

    At every entity it copies the text so far. Where there are very many, letters that mean nothing stand for
    them meanwhile: an address can neither begin nor end its scheme with them, and as text they are the same.
    """
    if html.count("&") < _MANY_ENTITIES:
        return cleaner.clean(html)
    unused = (letter for letter in _NO_CHARACTERS if letter not in html)
    stand_ins = dict(zip(("&amp;", "&lt;", "&gt;"), unused, strict=False))
    for entity, letter in stand_ins.items():
        html = html.replace(entity, letter)
    html = cleaner.clean(html)
    for entity, letter in stand_ins.items():
        html = html.replace(letter, entity)
    return html


def _break_lines(block: re.Match[str]) -> str:
    text = block[1].removeprefix("<code>").removesuffix("</code>")
    return f"<pre>{'<br>'.join(text.rstrip().splitlines())}</pre>"


def _plain_tag(tag: re.Match[str]) -> str:
    return _PLAIN.get(tag[1], "")
