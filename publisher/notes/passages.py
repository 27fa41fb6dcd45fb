"""Show notes to the passages that an announcement takes over: what opens them, their points, what follows."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape, unescape
from typing import Any

from pyromark import event as parsed

from publisher.model import Resource
from publisher.notes.allowlist import clean_for_page
from publisher.notes.markdown import events, link_text, render_html
from publisher.notes.text import render_text

_REFERENCES = (
    "Reference",
    "Collapsed",
    "Shortcut",
    "ReferenceUnknown",
    "CollapsedUnknown",
    "ShortcutUnknown",
)
_TAG = re.compile(r"<[^>]*>")
_LINE_BREAK = re.compile(r"[ \t]*\n[ \t]*")
_SPECIAL = re.compile(r"([\\`*_\[\]<>&#])")
_BEGINNING = re.compile(r"\A(\s*\d*)([-+.)=~])")
_OUTER_PARAGRAPH = re.compile(r"\A<p>(.*)</p>\s*\Z", re.DOTALL)
MOST_OPENING = 4
MOST_POINTS = 7
_MOST_LETTERS = 50_000
_MOST_READ = 20
"""How many items of a list are read at all, empty ones and links among them."""

_Parsed = tuple[parsed.Event, parsed.Range]


@dataclass(frozen=True, slots=True)
class Passage:
    """One paragraph in every form: HTML within its paragraph, text with visible addresses, or words only.

    `markdown` stands by itself: no link in it needs the catalogue. `lead` is its beginning in bold.
    """

    html: str
    text: str
    words: str
    markdown: str
    lead: str = ""


@dataclass(frozen=True, slots=True)
class Passages:
    """What opens the notes, the points of their first list, and the paragraph that follows it."""

    opening: tuple[Passage, ...] = ()
    points: tuple[Passage, ...] = ()
    closing: tuple[Passage, ...] = ()


def take_passages(markdown: str, catalogue: Mapping[str, Resource]) -> Passages:
    """Take the passages out of sound notes.

    The paragraphs before the first heading open them; one that ends with a colon only announces the list
    below it. A list of nothing but links is no list of points.
    """
    if len(markdown) > _MOST_LETTERS:  # only its beginning can be announced
        start = markdown[:_MOST_LETTERS]
        markdown = start.rpartition("\n\n")[0] or start
    source = markdown.encode()
    opening: list[Passage] = []
    points: list[Passage] = []
    closing: list[Passage] = []
    is_opening = True
    for block in _blocks(list(events(markdown, catalogue, []))):
        kind = _name(block[0][0])
        if kind == "Paragraph" and points:
            closing.append(_passage(source, block))
            break
        if kind == "Paragraph" and is_opening:
            opening.append(_passage(source, block))
        elif kind == "List" and not points:
            found = [_passage(source, item) for item in _items(block)[:_MOST_READ]]
            if not all(_is_link(each) for each in found):
                points = [each for each in found if each.words][:MOST_POINTS]
        elif points:
            break
        is_opening = is_opening and kind == "Paragraph"
    if opening and opening[-1].words.endswith((":", "：")):
        opening.pop()
    kept = [each for each in opening if each.words]
    return Passages(tuple(kept[:MOST_OPENING]), tuple(points), tuple(each for each in closing if each.words))


def passage_of(text: str) -> Passage:
    """Turn plain text, such as a summary, into a passage: nothing in it is read as Markdown."""
    plain = " ".join(text.split())
    return Passage(escape(plain, quote=False), plain, plain, escape_markdown(plain))


def escape_markdown(text: str) -> str:
    """Write plain text as Markdown of one line, so that nothing in it is read as a mark."""
    plain = _SPECIAL.sub(r"\\\1", _LINE_BREAK.sub(" ", text))
    return _BEGINNING.sub(r"\1\\\2", plain)


def _blocks(parsing: Iterable[_Parsed]) -> list[list[_Parsed]]:
    """Divide events into those of each outermost block."""
    blocks: list[list[_Parsed]] = []
    depth = 0
    for event, span in parsing:
        if not depth:
            blocks.append([])
        blocks[-1].append((event, span))
        if isinstance(event, dict):
            depth += ("Start" in event) - ("End" in event)
    return [block for block in blocks if isinstance(block[0][0], dict)]


def _items(block: Sequence[_Parsed]) -> list[list[_Parsed]]:
    """Return what each item of a list says itself, without further paragraphs and lists within it."""
    items: list[list[_Parsed]] = []
    for item in _blocks(block[1:-1]):
        inner = item[1:-1]
        if inner and _name(inner[0][0]) == "Paragraph":
            inner = _blocks(inner)[0][1:-1]
        else:
            end = next((at for at, each in enumerate(inner) if _is_block(each[0])), len(inner))
            inner = inner[:end]
        if inner:
            items.append(
                [({"Start": "Paragraph"}, inner[0][1]), *inner, ({"End": "Paragraph"}, inner[-1][1])]
            )
    return items


def _passage(source: bytes, block: Sequence[_Parsed]) -> Passage:
    inner = block[1:-1]
    if not inner:
        return Passage("", "", "", "")
    start = min(span["start"] for _, span in inner)
    end = max(span["end"] for _, span in inner)
    markdown = _standing_alone(source, inner, start, end)
    return _render(_LINE_BREAK.sub("\n", markdown.strip()), _bold_beginning(inner))


def _render(markdown: str, lead: str) -> Passage:
    html, _ = clean_for_page(render_html(markdown, {}).html)
    match = _OUTER_PARAGRAPH.match(html)
    html = match[1] if match else html.strip()
    words = " ".join(unescape(_TAG.sub("", html)).split())
    return Passage(html, " ".join(render_text(markdown, {}).split()), words, markdown, lead)


def _bold_beginning(inner: Sequence[_Parsed]) -> str:
    if _name(inner[0][0]) != "Strong":
        return ""
    words = []
    for event, _ in inner[1:]:
        if isinstance(event, dict) and event.get("End") == "Strong":
            break
        words.append(str(event.get("Text") or event.get("Code") or "") if isinstance(event, dict) else " ")
    return " ".join("".join(words).split())


def _standing_alone(source: bytes, inner: Sequence[_Parsed], start: int, end: int) -> str:
    """Write references as whole links, pictures as links, and leave remarks out."""
    pieces: list[bytes] = []
    at = start
    for index, (event, span) in enumerate(inner):
        if span["start"] < at or not isinstance(event, dict):
            continue
        instead = _instead(source, inner, index, event)
        if instead is not None:
            pieces += (source[at : span["start"]], instead)
            at = span["end"]
    return b"".join((*pieces, source[at:end])).decode()


def _instead(source: bytes, inner: Sequence[_Parsed], index: int, event: Mapping[str, Any]) -> bytes | None:
    if "InlineHtml" in event:
        return b""
    tag = event.get("Start")
    if not isinstance(tag, dict) or not ({"Link", "Image"} & set(tag)):
        return None
    link = tag.get("Link") or tag["Image"]
    if "Link" in tag and link["link_type"] not in _REFERENCES:
        return None
    name = "Link" if "Link" in tag else "Image"
    last = next(at for at in range(index + 1, len(inner)) if inner[at][0] == {"End": name})
    within = inner[index + 1 : last]
    own = source[within[0][1]["start"] : within[-1][1]["end"]].decode() if within else ""
    words = link_text(own, link["title"])
    if words != own and not words.startswith(own + " ("):
        words = escape_markdown(words)
    address = link["dest_url"]
    if re.search(r"[\s()<>]", address):
        address = f"<{address.replace('<', '%3C').replace('>', '%3E')}>"
    return f"[{words}]({address})".encode()


def _name(event: parsed.Event) -> str:
    """Return the kind of block or mark that an event starts."""
    if isinstance(event, str):
        return event
    tag: object = next(iter(event.values()))
    return next(iter(tag)) if isinstance(tag, dict) else str(tag)


def _is_block(event: parsed.Event) -> bool:
    is_start = isinstance(event, dict) and "Start" in event
    return is_start and _name(event) in (
        "Paragraph",
        "List",
        "BlockQuote",
        "CodeBlock",
        "Heading",
        "HtmlBlock",
    )


def _is_link(passage: Passage) -> bool:
    return bool(re.fullmatch(r"<a [^>]*>[^<]*</a>\W*", passage.html))
