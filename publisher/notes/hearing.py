"""Times in an episode's words to the moments of its finished audio at which they are heard."""

from __future__ import annotations

from dataclasses import replace

from publisher.errors import Place, Problem
from publisher.model import AS_RECORDED, Episode, Notes, Timeline
from publisher.notes.times import (
    STAMP,
    change_times,
    change_times_in_html,
    change_times_in_markdown,
    may_hold_times,
    times_in_markdown,
)
from publisher.timecodes import format_clock, format_seconds, parse_timecode


def hear_words(episode: Episode, timeline: Timeline) -> Episode:
    """Return an episode whose notes, summary and corrections name times as they are heard.

    Whatever is made of these words is made of them afterwards: times move once, for every output alike.
    """
    if not timeline.offset_ms:
        return episode

    def heard(stamp: str) -> str:
        milliseconds = _milliseconds(stamp)
        return format_clock(timeline.begins(milliseconds)) if milliseconds else stamp

    corrections = (
        replace(each, text=change_times(each.text, heard, is_beginning=False)) for each in episode.corrections
    )
    return replace(
        episode,
        notes=change_times_in_markdown(episode.notes, heard),
        summary=change_times(episode.summary, heard),
        corrections=tuple(corrections),
    )


def time_problems(episode: Episode, timeline: Timeline, duration_ms: int) -> tuple[Problem, ...]:
    """Say where times stand in the notes, as their author wrote them, that are not in the episode."""

    def is_outside(stamp: str) -> bool:
        milliseconds = _milliseconds(stamp)
        return milliseconds is None or timeline.begins(milliseconds) >= duration_ms

    if not may_hold_times(episode.notes) or not any(map(is_outside, STAMP.findall(episode.notes))):
        return ()
    source = episode.notes.encode()
    problems = []
    for start, stamp in times_in_markdown(episode.notes):
        if is_outside(stamp):
            before = source[:start].decode()
            line = episode.notes_line + before.count("\n")
            problems.append(
                Problem(
                    f"the time {stamp} is not in the episode, which lasts {format_clock(duration_ms)}",
                    Place(episode.source.file, line, len(before) - before.rfind("\n")),
                    "correct the time; or, if it is none of the episode, write it `between backticks`",
                )
            )
    return tuple(problems)


def link_times(notes: Notes, audio: str, duration_ms: int, timeline: Timeline = AS_RECORDED) -> Notes:
    """Make links to `audio`, as the page addresses it, of the times in its notes that are in the episode.

    The notes name times as they are heard, in whole seconds; the links lead to where exactly the recording,
    behind its intro, has them. The feed has none: apps make links of times themselves.
    """
    if not may_hold_times(notes.page_html):
        return notes

    def link(stamp: str) -> str:
        milliseconds = _milliseconds(stamp)
        if milliseconds is None or milliseconds >= duration_ms:
            return stamp
        fraction = timeline.offset_ms % 1000 if milliseconds else 0
        seconds = format_seconds(milliseconds + fraction)
        return f'<a href="{audio}#t={seconds}" data-t="{seconds}">{stamp}</a>'

    page = change_times_in_html(notes.page_html, link)
    below = notes.below_html and change_times_in_html(notes.below_html, link)
    return replace(notes, page_html=page, below_html=below)


def _milliseconds(stamp: str) -> int | None:
    try:
        return parse_timecode(stamp)
    except ValueError:
        return None  # more than 59 minutes behind hours
