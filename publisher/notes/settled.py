"""HTML to what the allowlist would leave of it, found by one look where that is certain: nearly always."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

_HOST = r"(?:(?!xn--)[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}"
_PATH = r"[/?#](?:[A-Za-z0-9!$%()*+,./:;=?@_~#-]|&amp;)*+"
_MAIL = r"mailto:[A-Za-z0-9._+-]+@[A-Za-z0-9.-]+"
_LINK = '<a href="'
_KNOWN_LINK = re.compile(rf'(?:https?://{_HOST}(?:{_PATH})?|{_MAIL})">(?!\s*</a>)')
_KNOWN_ENTITIES = ("&amp;", "&lt;", "&gt;", "&nbsp;", "&#39;", "&#34;")
_TEXT = "[^<]*+"
_SPACE = r"\n*+"
_MARKS = ("em", "strong", 'a href="[^"]*+"')


def settle(html: str) -> str | None:
    """Return what the allowlist of a page leaves of `html`, or nothing where one look cannot tell.

    A parser that takes HTML apart and writes it anew changes nothing of the form that `_form` describes but
    how some letters are written: elements end in the order in which they began, none stands where a parser
    would move it, none has an attribute but an address that all parsers read alike, or the start of a list.
    Links lead somewhere and have words; no paragraph is empty.
    """
    if "\0" in html or "\r" in html or html.count("<") != html.count(">"):  # each of them has to be a tag's
        return None
    if "&" in html and html.count("&") != sum(map(html.count, _KNOWN_ENTITIES)):
        return None
    if not all(map(_KNOWN_LINK.match, html.split(_LINK)[1:])):
        return None
    form = _form()
    if not form.fullmatch(html) and not form.fullmatch(html := html.replace(" />", ">")):
        return None
    if "&#3" in html:
        html = html.replace("&#39;", "'").replace("&#34;", '"')
    return html.replace("\xa0", "&nbsp;")


@cache
def _form() -> re.Pattern[str]:
    """Compile what notes look like: headings, and blocks of phrases, in lists and quotations perhaps.

    No quantifier gives back what it took, so that the time grows with the text alone.
    """
    phrases = _phrases()
    paragraph = _element("p", f"(?!</p>){phrases}")
    lists = _lists(phrases, [paragraph, *_lists(phrases)])
    quotation = _element("blockquote", _SPACE + _any_of([paragraph], _SPACE))
    blocks = [paragraph, *(_element(name, phrases) for name in ("h2", "h3", "h4")), *lists, quotation, "hr"]
    return re.compile(_SPACE + _any_of(blocks, _SPACE))


def _lists(phrases: str, within: Iterable[str] = ()) -> list[str]:
    item = _element("li", phrases + _any_of(within, _SPACE))
    items = _SPACE + _any_of([item], _SPACE)
    return [_element("ul", items), _element("ol", items), _element('ol start="[0-9]++"', items)]


def _phrases(marks: tuple[str, ...] = _MARKS, depth: int = 2) -> str:
    """Write text and what is marked in it, at the last depth no further; no mark stands within itself."""
    kinds = [_element("code", _TEXT)]
    for mark in marks:
        others = tuple(other for other in marks if other != mark)
        kinds.append(_element(mark, _phrases(others, depth - 1) if depth > 1 else _TEXT))
    return _TEXT + _any_of(["br", *kinds] if depth > 1 else kinds, _TEXT)


def _element(tag: str, content: str) -> str:
    """Write an element but for the `<` and `>` around it, which are the same for all its neighbours."""
    return f"{tag}>{content}</{tag.partition(' ')[0]}"


def _any_of(elements: Iterable[str], behind: str) -> str:
    return f"(?:<(?:{'|'.join(elements)})>{behind})*+"
