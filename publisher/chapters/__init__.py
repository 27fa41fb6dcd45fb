"""Chapter files to chapters and back: lines, JSON Chapters, Audacity's labels, Podlove Simple Chapters."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable

from publisher.chapters.labels import read_label, write_labels
from publisher.chapters.psc import psc_attributes, read_psc, write_psc
from publisher.errors import Place, Problem, SourceError
from publisher.model import Chapter
from publisher.source.located_json import has_illegal_characters, read_listing
from publisher.timecodes import format_clock, format_seconds, parse_timecode

__all__ = [
    "MEDIA_TYPE",
    "chapters_json",
    "chapters_text",
    "format_exact",
    "is_chapter_file",
    "psc_attributes",
    "read_chapters",
    "write_labels",
    "write_psc",
]

MEDIA_TYPE = "application/json+chapters"
_VERSION = "1.2.0"
_LINE = re.compile(
    r"[(\[]?(?P<time>[\d:.,]+)[)\]]?(?:\s+(?:[-–—]\s+)?(?P<title>.*?))?(?:\s*<(?P<url>https?://[^<>\s]+)>)?"
)
_LINE_HINT = "write the time, a space, then the title: 01:10 What changed"
_MAX_SECONDS = 1_000_000
# What indent=1 gives for an entry of the list, in a third of the time: with `indent`, json is not in C.
_encode = json.JSONEncoder(ensure_ascii=False, separators=(",\n   ", ": ")).encode


def chapters_json(chapters: Iterable[Chapter], *, title: str | None = None) -> bytes:
    """Write JSON Chapters 1.2.0, sorted by start; silent chapters carry `toc: false`."""
    lines = [f' "version": {_encode(_VERSION)}', *([f' "title": {_encode(title)}'] if title else [])]
    in_order = sorted(chapters, key=lambda each: each.start_ms)
    entries = ",\n".join(f"  {{\n   {_encode(_as_json(each))[1:-1]}\n  }}" for each in in_order)
    lines.append(f' "chapters": [\n{entries}\n ]' if entries else ' "chapters": []')
    return ("{\n" + ",\n".join(lines) + "\n}\n").encode()


def chapters_text(chapters: Iterable[Chapter]) -> bytes:
    """Write the listed chapters as lines such as `01:10 What changed <https://example.org>`."""
    return "".join(
        f"{format_exact(chapter.start_ms)} {chapter.title}{f' <{chapter.url}>' if chapter.url else ''}\n"
        for chapter in chapters
        if chapter.toc
    ).encode()


def format_exact(milliseconds: int) -> str:
    """Write a time as people read it, with its fraction where it has one: `01:10.5`."""
    fraction = format_seconds(milliseconds % 1000)[1:] if milliseconds % 1000 else ""
    return format_clock(milliseconds) + fraction


def is_chapter_file(name: str) -> bool:
    """Tell whether a file of this name can hold chapters."""
    return name.casefold().endswith((".txt", ".json", ".psc", ".xml"))


def read_chapters(shown: str, text: str) -> tuple[Chapter, ...]:
    """Read chapters by the ending of `shown`: JSON Chapters (.json), Podlove Simple Chapters (.psc, .xml).

    Else each line is a chapter, such as `01:10 What changed`, or one of Audacity's labels.

    Raises:
        SourceError: every line or entry that is no chapter or is out of order.
    """
    kind = shown.casefold().rpartition(".")[2]
    if kind == "json":
        located, problems = _from_json(text, shown)
    elif kind in {"psc", "xml"}:
        located, problems = read_psc(text, shown)
    else:
        located, problems = _from_lines(text, shown)
    problems += _out_of_order(located)
    if problems:
        raise SourceError(tuple(sorted(problems, key=lambda each: each.place or Place(shown))))
    return tuple(chapter for chapter, _ in located)


_Located = list[tuple[Chapter, Place]]


def _as_json(chapter: Chapter) -> dict[str, object]:
    whole, rest = divmod(chapter.start_ms, 1000)
    entry: dict[str, object] = {"startTime": whole if not rest else chapter.start_ms / 1000}
    if chapter.title:
        entry["title"] = chapter.title
    if chapter.image:
        entry["img"] = chapter.image
    if chapter.url:
        entry["url"] = chapter.url
    if not chapter.toc:
        entry["toc"] = False
    return entry


def _from_lines(text: str, shown: str) -> tuple[_Located, list[Problem]]:
    found: _Located = []
    problems: list[Problem] = []
    for number, line in enumerate(text.split("\n"), 1):
        written = line.strip()
        if not written or written.startswith("#"):
            continue
        place = Place(shown, number, line.index(written) + 1)
        label = read_label(line)
        match = _LINE.fullmatch(written)
        if label is not None:
            if label.title:
                found.append((label, place))
            else:
                at = format_clock(label.start_ms)
                problems.append(Problem(f"the label at {at} has no title", place, "name it in Audacity"))
        elif not match:
            problems.append(Problem("this line does not start with a time", place, _LINE_HINT))
        elif not match["title"]:
            problems.append(Problem(f"the chapter at {match['time']} has no title", place, _LINE_HINT))
        else:
            try:
                found.append((Chapter(parse_timecode(match["time"]), match["title"], match["url"]), place))
            except ValueError as error:
                problems.append(Problem(str(error), place, _LINE_HINT))
    if not found and not problems:
        problems.append(Problem("there are no chapters in this file", Place(shown), _LINE_HINT))
    return found, problems


def _from_json(text: str, shown: str) -> tuple[_Located, list[Problem]]:
    found: _Located = []
    problems: list[Problem] = []
    for element in read_listing(text, shown, "chapters"):
        made = _chapter(element.value)
        if isinstance(made, Chapter):
            found.append((made, element.place))
        else:
            problems.append(Problem(made, element.place, _JSON_HINT))
    return found, problems


_JSON_HINT = 'a chapter looks like {"startTime": 70, "title": "What changed"}'


def _chapter(entry: object) -> Chapter | str:
    """Turn one entry into a chapter, or say what is wrong with it."""
    if not isinstance(entry, dict):
        return "this chapter is no object in braces"
    start = entry.get("startTime")
    if isinstance(start, bool) or not isinstance(start, int | float) or not 0 <= start < _MAX_SECONDS:
        return "this chapter's startTime is not a number of seconds"
    for key, of_type, words in (
        ("title", str, "text"),
        ("url", str, "an address"),
        ("img", str, "an address"),
        ("toc", bool, "true or false"),
    ):
        if not isinstance(entry.get(key), of_type | None):
            return f"this chapter's {key} is not {words}"
        if has_illegal_characters(entry.get(key)):
            return f"this chapter's {key} has a character that no feed can carry"
    title = " ".join((entry.get("title") or "").split())
    is_listed = entry.get("toc") is not False
    if is_listed and not title:
        return f"the chapter at {format_clock(int(start) * 1000)} has no title"
    return Chapter(round(start * 1000), title, entry.get("url"), entry.get("img"), is_listed)


def _out_of_order(located: _Located) -> list[Problem]:
    """Find chapters that do not start after the one before; a silent one may start with a listed one."""
    problems: list[Problem] = []
    latest: dict[bool, int] = {}
    for chapter, place in located:
        before = latest.get(chapter.toc, -1)
        if chapter.start_ms <= before:
            at, other = format_clock(chapter.start_ms), format_clock(before)
            message = f"the chapter at {at} comes after the one at {other}"
            problems.append(
                Problem(message, place, "put the chapters in the order of their times, each time once")
            )
        latest[chapter.toc] = max(before, chapter.start_ms)
    return problems
