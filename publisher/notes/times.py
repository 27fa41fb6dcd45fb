"""Notes as HTML to the same notes in which each time of the episode is a link to its moment."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace

from publisher.errors import Place, Problem
from publisher.model import AS_RECORDED, Episode, Notes, Timeline
from publisher.timecodes import format_clock, format_seconds, parse_timecode

_TIME = r"\d{1,3}(?::[0-5]\d){1,2}"
_STAMP = re.compile(_TIME)
_TOKEN = re.compile(r"(<(/?)([a-z0-9]+)[^>]*>)|([^<]+)")
_RANGE = rf"{_TIME}(?:\s?[-–—]\s?{_TIME})?"
_NO_CLOCK = r"(?!\s*(?:[ap]\.?\s?m\b|uhr\b|h\b|o['’]clock))"
_BEGINNING = re.compile(rf"\s*{_RANGE}(?=[\s.,;:)–—-]|\Z){_NO_CLOCK}", re.IGNORECASE)
_IN_BRACKETS = re.compile(rf"(?<=[(\[]){_RANGE}(?=[)\]])")
_LINE_STARTS = frozenset({"p", "li", "br", "h2", "h3", "h4", "h5", "h6", "blockquote"})
_LEFT_ALONE = frozenset({"a", "code", "pre"})


def link_times(
    notes: Notes, audio: str, duration_ms: int, timeline: Timeline = AS_RECORDED
) -> tuple[Notes, tuple[str, ...]]:
    """Make links to `audio`, as the page addresses it, of the times in its notes.

    A time stands at the start of a line, or alone in brackets: `01:10`, `1:02:03`, also `(01:10–02:30)`.
    Where an intro comes first, times move too, also those in the feed, which apps make links of.
    Those that are not in the episode stay text and are returned.
    """
    if not _STAMP.search(notes.page_html):
        return notes, ()
    outside: list[str] = []

    def link(stamp: re.Match[str]) -> str:
        milliseconds = _milliseconds(stamp[0])
        if milliseconds is None or timeline.begins(milliseconds) >= duration_ms:
            outside.append(stamp[0])
            return stamp[0]
        seconds = format_seconds(timeline.begins(milliseconds))
        return f'<a href="{audio}#t={seconds}" data-t="{seconds}">{heard(stamp)}</a>'

    def heard(stamp: re.Match[str]) -> str:
        milliseconds = _milliseconds(stamp[0])
        if milliseconds is None or not timeline.offset_ms:
            return stamp[0]
        return format_clock(timeline.begins(milliseconds))

    page = "".join(_replace(notes.page_html, lambda found: _STAMP.sub(link, found[0])))
    told = tuple(outside)
    below = notes.below_html and "".join(_replace(notes.below_html, lambda found: _STAMP.sub(link, found[0])))
    feed = notes.feed_html
    if timeline.offset_ms:
        feed = "".join(_replace(feed, lambda found: _STAMP.sub(heard, found[0])))
    return replace(notes, page_html=page, feed_html=feed, below_html=below), told


def time_problems(episode: Episode, outside: tuple[str, ...], duration_ms: int) -> tuple[Problem, ...]:
    """Say of each time that is not in the episode where it stands in the notes."""
    problems = []
    at: dict[str, int] = {}
    for stamp in outside:
        found = re.compile(rf"(?<![\d:]){stamp}(?![\d:])").search(episode.notes, at.get(stamp, 0))
        start = found.start() if found else 0
        at[stamp] = found.end() if found else 0
        before = episode.notes[:start]
        line = episode.notes_line + before.count("\n")
        problems.append(
            Problem(
                f"the time {stamp} is not in the episode, which lasts {format_clock(duration_ms)}",
                Place(episode.source.file, line, start - before.rfind("\n")),
                "correct the time; or, if it is none of the episode, write it `between backticks`",
            )
        )
    return tuple(problems)


def _replace(html: str, change: Callable[[re.Match[str]], str]) -> Iterator[str]:
    """Yield the HTML with what counts as times changed: never within a link or code."""
    left_alone = 0
    is_beginning = True
    for token in _TOKEN.finditer(html):
        tag, closes, name, text = token.groups()
        if tag:
            if name in _LEFT_ALONE:
                left_alone += -1 if closes else 1
            is_beginning = is_beginning or name in _LINE_STARTS
            yield tag
            continue
        if left_alone:
            is_beginning = False
            yield text
            continue
        lines = text.split("\n")
        for number, line in enumerate(lines):
            first = _BEGINNING.match(line) if number or is_beginning else None
            rest = line[first.end() :] if first else line
            lines[number] = (change(first) if first else "") + _IN_BRACKETS.sub(change, rest)
        is_beginning = not lines[-1].strip() and (is_beginning or len(lines) > 1)
        yield "\n".join(lines)


def _milliseconds(stamp: str) -> int | None:
    try:
        return parse_timecode(stamp)
    except ValueError:
        return None  # more than 59 minutes behind hours
