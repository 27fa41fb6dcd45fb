"""Show notes in Markdown to HTML whose references to the catalogue are links."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from html import escape, unescape
from urllib.parse import unquote

import pyromark
from pyromark import event as parsed

from publisher.model import Catalogue, Resource
from publisher.notes.resources import ARCHIVED_COPY, copies_of, format_mark, marks_of, say_format

# The parser hands a link's title through; between these marks it carries what the link's text has to become.
_MARK = "\x1f"
_MARKED_LINK = re.compile(
    rf'(<a href="[^"]*") title="{_MARK}([^"{_MARK}]*){_MARK}([^"{_MARK}]*)">(.*?)</a>', re.DOTALL
)
_COMMENT = re.compile(r"<!--(?:-?>|.*?-->)", re.DOTALL)
_ANY_TAG = re.compile(r"<(/?)(?!br |hr |img )[a-z]")
_PICTURE = re.compile(r'<img src="([^"]*)" alt="([^"]*)"(?: title="[^"]*")? />')
_LINK = re.compile(r"<a [^>]*>.*?</a>", re.DOTALL)
_HEADING = re.compile(r"<(/?)h([1-6])>")
_HREF = re.compile(r'<a href="([^"]*)"')
_LEADS_SOMEWHERE = re.compile(r"https?://[^/?#\s]|mailto:[^@?\s]+@[^@?\s]", re.IGNORECASE)
_PLAIN_LINK = re.compile(r'<a href="([^"]*)">(.*?)</a>', re.DOTALL)
_EMPTY_LINK = re.compile(r"<a [^>]*>\s*</a>")

LEFT_ALONE = frozenset({"Link", "Image", "CodeBlock"})
"""What means itself: neither a time nor an address in it is one of the notes."""

MOST_DEEP = 220
"""Elements within one another: a hundred lists. Parsers that feeds meet give up at 256."""


@dataclass(frozen=True, slots=True)
class Rendered:
    """HTML that still has to pass the allowlist; not `is_sound` when something may have to be mended.

    Its links were not looked at, nor was whether there is HTML of the author's.
    """

    html: str
    is_sound: bool


def render_html(markdown: str, catalogue: Mapping[str, Resource]) -> Rendered:
    """Render notes: no comments, pictures as links, headings that start at `h2` and skip no level."""
    unknown: list[parsed.BrokenLink] = []
    html = pyromark.html(markdown, broken_link_callback=_resolver(catalogue, unknown))
    if "<" in markdown:
        html = leave_out_remarks(html)
    if _MARK in html:
        html = _MARKED_LINK.sub(_retitle, html)
    if copies := copies_of(catalogue):
        said = marks_of(catalogue).get(ARCHIVED_COPY, ARCHIVED_COPY)
        html = _PLAIN_LINK.sub(lambda link: _to_copy(link, copies, said), html)
    if "!" in markdown and "<img" in html:
        html = _PICTURE.sub(r'<a href="\1">\2</a>', _LINK.sub(_picture_texts, html))
    if html.count("<h") != html.count("<h2>"):
        html = _reorder_headings(html)
    has_broken_link = "]" in html and "](http" in html  # its address has a space, so it stayed text
    return Rendered(html, not unknown and not has_broken_link)


def leave_out_remarks(text: str, instead: Callable[[re.Match[str]], str] = lambda remark: "") -> str:
    """Take out whole `<!-- … -->`; behind the last `-->`, none is whole, and none is looked for."""
    last = text.rfind("-->") + 3
    return _COMMENT.sub(instead, text[:last]) + text[last:] if last > 2 else text


def is_deep(html: str) -> bool:
    """Tell whether more elements lie within one another than readers' programs take."""
    if html.count("</") < MOST_DEEP:
        return False
    depth = 0
    for tag in _ANY_TAG.finditer(html):
        depth += -1 if tag[1] else 1
        if depth > MOST_DEEP:
            return True
    return False


def have_right_links(html: str) -> bool:
    """Tell whether every link of clean HTML leads somewhere and has words."""
    return (
        "<a>" not in html
        and all(_LEADS_SOMEWHERE.match(href) for href in _HREF.findall(html))
        and not _EMPTY_LINK.search(html)
    )


def events(
    markdown: str, catalogue: Mapping[str, Resource], unknown: list[parsed.BrokenLink]
) -> Iterator[tuple[parsed.Event, parsed.Range]]:
    """Parse notes into events with their byte ranges; references that lead nowhere are put into `unknown`."""
    return pyromark.events_with_range(markdown, broken_link_callback=_resolver(catalogue, unknown))


def mark_of(event: parsed.Event) -> tuple[str, str]:
    """Return what an event does, and to which block or mark."""
    if isinstance(event, str):
        return event, ""
    ((kind, tag),) = event.items()
    return kind, next(iter(tag)) if isinstance(tag, dict) else str(tag)


def leads_somewhere(address: str) -> bool:
    """Tell whether readers of a feed can open an address: http, https or mailto, and absolute."""
    return bool(_LEADS_SOMEWHERE.match(address))


def find_resource(reference: str, catalogue: Mapping[str, Resource]) -> Resource | None:
    """Return the resource that a reference names: the id itself, or the id in other letters."""
    resources = catalogue.resources if isinstance(catalogue, Catalogue) else catalogue
    if found := resources.get(reference):
        return found
    label = " ".join(reference.split())
    return resources.get(label) or resources.get(label.casefold())


def link_text(text: str, title: str) -> str:
    """Return what a link's text has to be, given the text and the title that the parser handed through."""
    if not title.startswith(_MARK) or title.count(_MARK) != 2:  # else it is the author's own
        return text
    _, replacement, mark = title.split(_MARK)
    return say_format(replacement or text, mark)


def _resolver(
    catalogue: Mapping[str, Resource], unknown: list[parsed.BrokenLink]
) -> Callable[[parsed.BrokenLink], tuple[str, str] | None]:
    """Look up references that the notes do not define themselves.

    `[text][id]` keeps its text. `[][id]`, and the short forms `[id][]` and `[id]`, take the resource's title;
    a short `[word]` that names no resource is ordinary text.
    """
    marks = marks_of(catalogue)

    def resolve(link: parsed.BrokenLink) -> tuple[str, str] | None:
        resource = find_resource(link["reference"], catalogue)
        if resource is None:
            if link["link_type"] != "Shortcut":
                unknown.append(link)
            return None
        span = link["span"]
        has_own_text = link["link_type"] == "Reference" and span["end"] - span["start"] > len(
            f"[][{link['reference']}]".encode()
        )
        title = "" if has_own_text else resource.title.replace(_MARK, "")
        return resource.address, f"{_MARK}{title}{_MARK}{format_mark(resource, marks).replace(_MARK, '')}"

    return resolve


def _retitle(link: re.Match[str]) -> str:
    start, title, mark, text = link.groups()
    if "&" in title:
        title = title.replace("&quot;", '"').replace("&#x27;", "'")  # in words they mean themselves
    return f"{start}>{say_format(title or text, mark)}</a>"


def copy_of(address: str, copies: Mapping[str, str]) -> str | None:
    """Return the archived copy of an address that is gone; the parser may have encoded its letters."""
    found = copies.get(address)
    if found or "%" not in address:
        return found
    plain = unquote(address)
    return next((copy for known, copy in copies.items() if unquote(known) == plain), None)


def _to_copy(link: re.Match[str], copies: Mapping[str, str], said: str) -> str:
    copy = copy_of(unescape(link[1]), copies)
    return (
        f'<a href="{escape(copy)}">{say_format(link[2], escape(said, quote=False))}</a>' if copy else link[0]
    )


def _picture_texts(link: re.Match[str]) -> str:
    """Turn pictures within a link into their descriptions: links do not nest."""
    return _PICTURE.sub(r"\2", link[0])


def _reorder_headings(html: str) -> str:
    """Shift headings so that the first rank used is `h2`, under the page's own `h1`, and none is skipped."""
    ranks = {
        rank: level for level, rank in enumerate(sorted({found[2] for found in _HEADING.finditer(html)}), 2)
    }
    level = 1
    pieces: list[str] = []
    end = 0
    for found in _HEADING.finditer(html):
        if not found[1]:
            level = min(ranks[found[2]], level + 1, 6)
        pieces += (html[end : found.start()], f"<{found[1]}h{level}>")
        end = found.end()
    return "".join((*pieces, html[end:]))
