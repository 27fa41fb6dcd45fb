"""Chapter files to chapters, chapters to JSON Chapters."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable

from publisher.errors import Place, Problem, SourceError
from publisher.model import Chapter
from publisher.source.located_json import has_illegal_characters, read_listing
from publisher.timecodes import format_clock, parse_timecode

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


def read_chapters(shown: str, text: str) -> tuple[Chapter, ...]:
    """Read chapters from lines such as `01:10 What changed` or, if `shown` is a .json, from JSON Chapters.

    Raises:
        SourceError: every line or entry that is no chapter or is out of order.
    """
    is_json = shown.casefold().endswith(".json")
    located, problems = _from_json(text, shown) if is_json else _from_lines(text, shown)
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
        match = _LINE.fullmatch(written)
        if not match:
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
