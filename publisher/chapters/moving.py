"""A chapters' file to the same file with its times moved."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from dataclasses import replace

from publisher.errors import Problem, SourceError
from publisher.model import Chapter
from publisher.timecodes import format_clock, parse_timecode

Clock = Callable[[int], str]
"""Writes milliseconds as a time."""
_LINE = re.compile(r"(\s*[(\[]?)(\d[\d:.,]*)(.*)", re.DOTALL)
_LABEL = re.compile(r"(\d+(?:[.,]\d+)?)\t(\d+(?:[.,]\d+)?)(.*)", re.DOTALL)
_START = re.compile(r"(\bstart\s*=\s*[\"'])([\d:.]+)([\"'])")


def shift_chapters(chapters: Iterable[Chapter], by_ms: int, from_ms: int = 0) -> tuple[Chapter, ...]:
    """Move the chapters that start at `from_ms` or later; the one at the very beginning stays there.

    Raises:
        SourceError: a chapter would start before the beginning, or before one that stays.
    """
    moved, problems, latest = [], [], -1
    for chapter in chapters:
        start_ms = moved_start(chapter.start_ms, by_ms, from_ms)
        if start_ms < 0 or (start_ms <= latest and chapter.toc):
            message = (
                f"the chapter at {format_clock(chapter.start_ms)} would not come after the one before it"
            )
            problems.append(Problem(message, None, "delete the chapters that were cut away first"))
        latest = max(latest, start_ms) if chapter.toc else latest
        moved.append(replace(chapter, start_ms=start_ms))
    if problems:
        raise SourceError(tuple(problems))
    return tuple(moved)


def moved_start(start_ms: int, by_ms: int, from_ms: int) -> int:
    """Return where a chapter starts then: one at 0 covers what comes in front, as an intro does."""
    return start_ms + by_ms if start_ms >= from_ms and start_ms > 0 else start_ms


def shift_file(shown: str, text: str, by_ms: int, from_ms: int, write: Clock) -> str:
    """Move the times in a sound file, and keep everything else as it is; `write` writes a time."""
    kind = shown.casefold().rpartition(".")[2]
    if kind == "json":
        return _shift_json(text, by_ms, from_ms)
    if kind in {"psc", "xml"}:
        return _START.sub(lambda match: match[1] + _moved(match[2], by_ms, from_ms, write) + match[3], text)
    return "\n".join(_shift_line(line, by_ms, from_ms, write) for line in text.split("\n"))


def _shift_line(line: str, by_ms: int, from_ms: int, write: Clock) -> str:
    if label := _LABEL.fullmatch(line):
        start_ms, end_ms = (round(float(each.replace(",", ".")) * 1000) for each in label.groups()[:2])
        moved_ms = moved_start(start_ms, by_ms, from_ms)
        end_ms = max(moved_ms, moved_start(end_ms, by_ms, from_ms))
        return f"{moved_ms / 1000:.6f}\t{end_ms / 1000:.6f}{label[3]}"
    match = _LINE.fullmatch(line)
    if not match or line.strip().startswith("#"):
        return line
    return match[1] + _moved(match[2], by_ms, from_ms, write) + match[3]


def _moved(written: str, by_ms: int, from_ms: int, write: Clock) -> str:
    start_ms = parse_timecode(written)
    moved_ms = moved_start(start_ms, by_ms, from_ms)
    return written if moved_ms == start_ms else write(moved_ms)


def _shift_json(text: str, by_ms: int, from_ms: int) -> str:
    document = json.loads(text)
    for entry in document["chapters"]:
        start_ms = round(entry["startTime"] * 1000)
        by = moved_start(start_ms, by_ms, from_ms) - start_ms
        for key in ("startTime", "endTime"):
            if by and entry.get(key) is not None:
                entry[key] = _plain((round(entry[key] * 1000) + by) / 1000)
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def _plain(seconds: float) -> float:
    return int(seconds) if seconds == int(seconds) else seconds
