"""Rules on chapters in notes and tags, and on all forms of an item's chapters together (CHD, CHI, CHX)."""

# ruff: noqa: D401 - a rule's docstring is its documentation, written for people

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import TYPE_CHECKING

from publisher.checks.engine import Fault, NotChecked, rule
from publisher.checks.timestamps import (
    Stamp,
    chapters_in_tag,
    difference,
    stamps_in_feed,
    stamps_in_json,
    stamps_in_notes,
)
from publisher.checks.views import DESCRIPTIONS, ItemView
from publisher.errors import Place
from publisher.model import Edit, Fix

if TYPE_CHECKING:
    from publisher.checks.files import ChaptersView, MediaView

_AGREE = "make all of them from one list"
_LATE_S = 2


@rule("CHD-001", "time-list-unread", "warn", when=DESCRIPTIONS)
def time_list_unread(subject: ItemView) -> Iterator[Fault]:
    """Apple and others make chapters of a list of times in the notes, when it begins at zero and rises.

    Bad: `00:45 Welcome`, `12:10 What changed` and nothing else
    Good: `00:00 Welcome`, `03:10 Where it began`, `12:10 What changed`, each on a line of its own
    Source: Apple, Chapters on Apple Podcasts (5482).
    """
    stamps = stamps_in_notes(subject)
    if not stamps:
        return
    late = next((after for before, after in pairwise(stamps) if after.seconds <= before.seconds), None)
    untitled = next((stamp for stamp in stamps if not stamp.title), None)
    if stamps[0].seconds > 0:
        yield Fault(
            f"the list of times in the notes begins at {stamps[0].written}",
            subject.in_notes(stamps[0].written),
            "begin it with 00:00",
        )
    elif len(stamps) < 3:
        hint = "add the turns that are missing, or leave the list out"
        message = f"the list of times in the notes has {len(stamps)} entries; Apple asks for three"
        yield Fault(message, subject.in_notes(stamps[0].written), hint)
    elif late is not None:
        message = f"the list of times in the notes goes back at {late.written}"
        yield Fault(message, subject.in_notes(late.written), "sort it by time")
    elif untitled is not None:
        message = f"{untitled.written} in the notes has no title behind it"
        yield Fault(
            message, subject.in_notes(untitled.written), "write the title behind the time, on its line"
        )


@rule("CHD-002", "time-list-dense", "warn", when=DESCRIPTIONS)
def time_list_dense(subject: ItemView, *, seconds: int = 30) -> Iterator[Fault]:
    """YouTube drops a list whose entries are less than 10 seconds apart, Spotify one of less than 30.

    Bad: `[00:00] Welcome`, or `03:10` and `03:20`
    Good: `00:00 Welcome` or `(00:00) Welcome`, and half a minute at least to the next
    Source: Spotify and YouTube, as widely documented; their texts could not be read again.
    """
    stamps = stamps_in_notes(subject)
    odd = next((stamp for stamp in stamps if stamp.written.startswith("[")), None)
    if odd is not None:
        place, right = subject.in_notes(odd.written), odd.written.strip("[]")
        fix = Fix(f"write {right}", tuple(_unbracketed(subject, stamp) for stamp in stamps))
        message = f"{odd.written} in the notes is not written as apps read times"
        yield Fault(message, place, f"write {right} or ({right})", fix)
    for before, after in pairwise(stamps):
        if 0 < after.seconds - before.seconds < seconds:
            gap = f"{after.seconds - before.seconds:g}"
            yield Fault(
                f"{before.written} and {after.written} in the notes are {gap} s apart",
                subject.in_notes(after.written),
                f"leave at least {seconds} s between two entries",
            )
            return


@rule("CHI-001", "chapter-tags-odd", "warn")
def chapter_tags_odd(subject: MediaView) -> Iterator[Fault | NotChecked]:
    """Players show the chapters that the table of contents lists, in their order, up to the end of the file.

    Bad: a chapter that no CTOC names, or that begins after the end
    Good: CTOC with every CHAP, times that rise
    Source: Apple, Chapters on Apple Podcasts (5482); ID3v2 Chapter Frame Addendum.
    """
    if subject.enclosure is not None:
        return  # the build has read the tags back and compared them
    if subject.data is None:
        yield NotChecked("", "the file is not here")
        return
    chapters = chapters_in_tag(subject.data)
    duration = subject.item.duration_s if subject.item is not None else None
    unlisted = [chapter for chapter in chapters if not chapter.is_listed]
    if unlisted:
        message = f"{len(unlisted)} of {len(chapters)} chapters in the tag are in no table of contents"
        yield Fault(message, subject.at(), "write them again, with a CTOC that lists every CHAP")
    for before, after in pairwise(chapters):
        if after.stamp.seconds <= before.stamp.seconds:
            message = (
                f"the chapter {after.stamp.title!r} in the tag does not begin after {before.stamp.title!r}"
            )
            yield Fault(message, subject.at(), "sort the chapters by time")
            break
    for chapter in chapters:
        if duration and chapter.stamp.seconds > duration + _LATE_S:
            message = f"the chapter {chapter.stamp.title!r} in the tag begins after the end"
            yield Fault(message, subject.at(), "note the times from the finished audio")
            break


@rule("CHX-001", "chapters-disagree", "error")
def chapters_disagree(subject: ItemView | ChaptersView | MediaView) -> Iterator[Fault]:
    """An episode has one list of chapters, in whatever forms, so that each app jumps to the same place.

    Bad: JSON chapters of the first cut beside a list in the notes of the second
    Good: all forms made from one list
    Source: practice.
    """
    item = subject if isinstance(subject, ItemView) else subject.item
    if item is None:
        return
    notes, feed = stamps_in_notes(item), stamps_in_feed(item)
    if isinstance(subject, ItemView):
        if notes and feed and (said := difference(feed, notes)):
            yield _disagree("the feed", "the notes", said, item.at("psc:chapters"))
        return
    if not notes and not feed:
        return
    from publisher.checks.files import ChaptersView  # only where there are files

    if isinstance(subject, ChaptersView):
        name, stamps = "the chapters file", stamps_in_json(subject.data) if subject.data else None
    elif subject.enclosure is None and subject.data:
        name = "the tag"
        stamps = tuple(chapter.stamp for chapter in chapters_in_tag(subject.data)) or None
    else:
        return
    for other, there in (("the feed", feed), ("the notes", notes)):
        if stamps and there and (said := difference(stamps, there)):
            yield _disagree(name, other, said, subject.at())
            return


def _disagree(here: str, there: str, said: str, place: Place) -> Fault:
    return Fault(f"the chapters in {here} and in {there} disagree: {said}", place, _AGREE)


def _unbracketed(subject: ItemView, stamp: Stamp) -> Edit:
    return Edit(subject.in_notes(stamp.written), stamp.written, stamp.written.strip("[]"))
