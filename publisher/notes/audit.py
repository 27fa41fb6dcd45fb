"""Show notes to everything in them that must be mended, each at its line and column of `episode.md`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from pyromark import event as parsed

from publisher.errors import Place, Problem
from publisher.model import Episode, Resource
from publisher.notes.allowlist import keeps_link
from publisher.notes.markdown import MOST_DEEP, events, leads_somewhere, leave_out_remarks

_TAG_NAME = re.compile(r"</?([A-Za-z][A-Za-z0-9-]*)")
_INSTEAD = {
    "a": "write a link as [text](https://…)",
    "b": "write **bold**",
    "blockquote": "start the line with > for a quotation",
    "br": "end the line with a backslash to break it there",
    "code": "write `code` between backticks",
    "em": "write *emphasis*",
    "hr": "write --- on a line of its own",
    "i": "write *emphasis*",
    "img": "write a picture as ![what it shows](https://…)",
    "li": "start each line of the list with a hyphen",
    "ol": "start each line of the list with 1., 2., 3.",
    "p": "leave an empty line between paragraphs",
    "strong": "write **bold**",
    "ul": "start each line of the list with a hyphen",
    **{f"h{level}": f"write {'#' * max(level, 2)} before the heading" for level in range(1, 7)},
}
_LEAVE_OUT = "leave it out: podcast apps show text, lists and links only"
_MEANT_AS_TEXT = "write it in Markdown, or put a backslash before the < when you mean the sign itself"
_INERT = frozenset(
    {"embed", "form", "iframe", "input", "link", "meta", "object", "script", "style", "svg", "table", "video"}
)

_MOST_TOLD = 200
_TOO_DEEP = "lists, quotations or marks lie more than a hundred deep within one another here"
_NOWHERE = "this link leads nowhere for readers: “{}”"
_WORDLESS = {
    "Image": ("this picture has no description", "say what it shows: ![description](https://…)"),
    "Link": ("this link has no words", "say where it leads: [words](https://…)"),
}

_Parsed = tuple[parsed.Event, parsed.Range]
_Found = tuple[int, str, str]  # byte offset, message, hint


def find_problems(episode: Episode, catalogue: Mapping[str, Resource]) -> tuple[Problem, ...]:
    """Find unknown references, raw HTML, links that lead nowhere, links or pictures without words.

    What lies too deep within lists and quotations is found as well, and nothing behind it is looked at.
    """
    unknown: list[parsed.BrokenLink] = []
    source = episode.notes.encode()
    parsing, too_deep = _until_too_deep(events(episode.notes, catalogue, unknown))
    found = [
        *_unknown_references(source, unknown, catalogue),
        *_raw_html(source, parsing),
        *_bad_links(source, parsing),
        *too_deep,
    ]
    ordered = sorted(set(found))
    told = [
        Problem(message, _place(episode, source, offset), hint)
        for offset, message, hint in ordered[:_MOST_TOLD]
    ]
    if len(ordered) > _MOST_TOLD:
        more = f"{len(ordered) - _MOST_TOLD:,} more of the like are in these notes"
        told.append(
            Problem(more, _place(episode, source, ordered[_MOST_TOLD][0]), "mend the first ones first")
        )
    return tuple(told)


def _place(episode: Episode, source: bytes, offset: int) -> Place:
    before = source[:offset].decode()
    return Place(
        episode.source.file, episode.notes_line + before.count("\n"), len(before) - before.rfind("\n")
    )


def _until_too_deep(parsing: Iterable[_Parsed]) -> tuple[list[_Parsed], list[_Found]]:
    """Read events up to the first that lies too deep within others, and point at that one."""
    read: list[_Parsed] = []
    depth = 0
    for event, span in parsing:
        if isinstance(event, dict):
            depth += ("Start" in event) - ("End" in event)
        if depth > MOST_DEEP:
            return read, [
                (span["start"], _TOO_DEEP, "take levels out: every > opens one, every hyphen, star or number")
            ]
        read.append((event, span))
    return read, []


def _unknown_references(
    source: bytes, unknown: list[parsed.BrokenLink], catalogue: Mapping[str, Resource]
) -> Iterator[_Found]:
    """Point at the label itself: the last pair of brackets, or the only one that is not empty."""
    for link in unknown:
        span, label = link["span"], link["reference"]
        text = source[span["start"] : span["end"]]
        bracket = text.rfind(b"[") if link["link_type"] == "Reference" else text.find(b"[")
        near = get_close_matches(" ".join(label.split()).casefold(), list(catalogue), n=1)
        instead = f"did you mean “{near[0]}”? If not, add" if near else "add"
        yield (
            span["start"] + bracket + 1,
            f"there is no resource “{label}”",
            f"{instead} it to the catalogue of resources, or write \\[ to keep the brackets as text",
        )


def _raw_html(source: bytes, parsing: list[_Parsed]) -> Iterator[_Found]:
    """Refuse HTML other than comments, the author's own remarks; an end tag counts with its start."""
    opened: set[str] = set()
    for event, span in parsing:
        kind, content = _kind(event)
        if kind == "Start" and content == "HtmlBlock":
            yield from _html_block(span["start"], source[span["start"] : span["end"]].decode())
        elif kind == "InlineHtml":
            tag = str(content)
            name = _tag_name(tag)
            if tag.startswith("<!--") or (tag.startswith("</") and name in opened):
                continue
            opened.add(name)
            yield _html_problem(span["start"], tag)


def _html_block(start: int, text: str) -> Iterator[_Found]:
    rest = leave_out_remarks(text, lambda remark: " " * len(remark[0].encode()))
    if not rest.strip():
        return
    offset = start + len(rest[: len(rest) - len(rest.lstrip())].encode())
    rest = rest.strip()
    if rest.startswith("<!--"):
        yield offset, "this remark has no end, so the rest of the notes would be lost", "end it with -->"
    elif rest.startswith("<"):
        yield _html_problem(offset, rest)
    else:
        yield (
            offset,
            "text on the line of a remark <!-- … --> is not read as Markdown",
            "put the remark on a line of its own, with an empty line after it",
        )


def _tag_name(tag: str) -> str:
    match = _TAG_NAME.match(tag)
    return match[1].lower() if match else ""


def _html_problem(offset: int, text: str) -> _Found:
    name = _tag_name(text)
    hint = _LEAVE_OUT if name in _INERT else _INSTEAD.get(name, _MEANT_AS_TEXT)
    shown = f"<{'/' if text.startswith('</') else ''}{name}>" if name else text[:20]
    return offset, f"show notes are Markdown; HTML such as {shown} does not work in them", hint


def _bad_links(source: bytes, parsing: list[_Parsed]) -> Iterator[_Found]:
    """Check each link and picture: an absolute address that readers may open, and words to show for it."""
    opened: list[_OpenLink] = []
    for event, span in parsing:
        kind, content = _kind(event)
        start = span["start"]
        if kind in {"Text", "Code"}:
            for link in opened:
                link.has_words = link.has_words or bool(str(content).strip())
            if kind == "Text" and source[start - 1 : start + 5] == b"](http":
                yield start, "this address has a space in it, so there is no link", "write %20 for each space"
        elif kind == "Start" and isinstance(content, dict) and ("Link" in content or "Image" in content):
            link_data = content.get("Link") or content["Image"]
            opened.append(_OpenLink(start, link_data["title"].startswith("\x1f")))
            yield from _bad_address(start, link_data)
        elif kind == "End" and content in ("Link", "Image"):
            link = opened.pop()
            if not link.has_words:
                yield link.start, *_WORDLESS[content]


@dataclass(slots=True)
class _OpenLink:
    start: int
    has_words: bool


def _kind(event: parsed.Event) -> tuple[str, Any]:
    """Take an event apart: its name, and what it holds."""
    return (event, None) if isinstance(event, str) else next(iter(event.items()))


def _bad_address(start: int, link: Mapping[str, str]) -> Iterator[_Found]:
    address = f"mailto:{link['dest_url']}" if link["link_type"] == "Email" else link["dest_url"]
    if leads_somewhere(address) and keeps_link(address):
        return
    if not address:
        yield start, "this link has no address", "write [words](https://…)"
    elif ":" in address.split("/")[0]:
        yield start, _NOWHERE.format(address), "use an address that starts with https:// or mailto:"
    else:
        yield start, _NOWHERE.format(address), "write the whole address, starting with https://"
