"""HTML to the same HTML with nothing in it but what a page, or a podcast app, is known to show."""

from __future__ import annotations

import re

import nh3

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
_RICH_TAG = re.compile(r"<(/?)(h[1-6]|blockquote|code|pre|hr)(?:\s[^>]*)?>")
_EMPTY_LINES = re.compile(r"\n{2,}")
_CODE_BLOCK = re.compile(r"<pre>(.*?)</pre>", re.DOTALL)
_PLAIN = {
    **{f"h{level}": "<p><strong>" for level in range(1, 7)},
    **{f"/h{level}": "</strong></p>" for level in range(1, 7)},
    "hr": "<p>* * *</p>",
    "pre": "<p>",
    "/pre": "</p>",
}


def clean_for_page(html: str) -> tuple[str, bool]:
    """Return what of `html` a page may show, and whether a link lost an address that must not be used."""
    cleaned = _PAGE.clean(html).replace("<p></p>\n", "")
    return cleaned, "<a>" in cleaned


def clean_for_feed(html: str) -> str:
    """Return `html` for podcast apps: headings become bold paragraphs, quotes paragraphs, code text."""
    html = _CODE_BLOCK.sub(_break_lines, html) if "<pre>" in html else html
    plain = _FEED.clean(_RICH_TAG.sub(lambda tag: _PLAIN.get(tag[1] + tag[2], ""), html))
    return _EMPTY_LINES.sub("\n", plain).strip()


def keeps_link(address: str) -> bool:
    """Tell whether the allowlist lets a link to `address` through."""
    escaped = address.replace("&", "&amp;").replace('"', "&quot;")
    return "href=" in _PAGE.clean(f'<a href="{escaped}">link</a>')


def _break_lines(block: re.Match[str]) -> str:
    text = block[1].removeprefix("<code>").removesuffix("</code>")
    return f"<pre>{'<br>'.join(text.rstrip().splitlines())}</pre>"
