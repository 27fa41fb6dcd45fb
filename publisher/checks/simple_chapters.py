"""Rules on chapters inside the feed, Podlove Simple Chapters: the group PSC."""

# ruff: noqa: D401 - a rule's docstring is its documentation, written for people

from __future__ import annotations

import re
from collections.abc import Iterator

from publisher.checks.engine import Fault, checklist, rule
from publisher.checks.views import ItemView, host_of
from publisher.feed.elements import Element
from publisher.model import Edit, Fix

_VERSIONS = ("1.0", "1.1", "1.2")
_NORMAL_PLAY_TIME = re.compile(r"(?:(?:(\d{1,3}):)?([0-5]?\d):)?(\d{1,6})(\.\d{1,9})?", re.ASCII)


@rule("PSC-001", "simple-chapters-form", "error", when=("psc:chapters",))
def simple_chapters_form(subject: ItemView) -> Iterator[Fault]:
    """Apps that know these chapters go by their version, and expect nothing but chapters in the list.

    Bad: `<psc:chapters version="2.0">`
    Good: `<psc:chapters version="1.2">`
    Source: Podlove, Simple Chapters 1.2.
    """
    for chapters in subject.all("psc:chapters"):
        version = chapters.get("version")
        if version not in _VERSIONS:
            place = subject.at(chapters, "version")
            fix = Fix("write version 1.2", (Edit(place, version, "1.2", "psc:chapters@version"),))
            said = f"have version {version[:20]!r}" if version else "have no version"
            yield Fault(f"the simple chapters {said}", place, 'write version="1.2"', fix)
        for child in chapters.children:
            if child.name != "psc:chapter":
                place = subject.at(child)
                yield Fault(f"<{child.written}> stands among the simple chapters", place, "take it out")
        if not chapters.children:
            yield Fault(
                "the list of simple chapters is empty", subject.at(chapters), "fill it or take it out"
            )


@rule("PSC-002", "simple-chapter-form", "error", when=("psc:chapters",))
def simple_chapter_form(subject: ItemView) -> Iterator[Fault]:
    """A chapter has a time and a title; link and picture have their whole address.

    Bad: `<psc:chapter start="1h 2m" title=""/>`
    Good: `<psc:chapter start="01:02:00" title="Families"/>`
    Source: Podlove, Simple Chapters 1.2; RFC 2326, Normal Play Time.
    """
    for chapter in _chapters(subject):
        start = chapter.get("start")
        if _milliseconds(start) is None:
            place = subject.at(chapter, "start")
            yield Fault(f"a simple chapter starts at {start[:40]!r}", place, "write hh:mm:ss or hh:mm:ss.fff")
        if not chapter.get("title"):
            place = subject.at(chapter, "title")
            yield Fault(f"the simple chapter at {start[:40]} has no title", place, "name it in a few words")
        for name in ("href", "image"):
            address = chapter.get(name)
            is_whole = address.casefold().startswith(("https://", "http://")) and host_of(address)
            if chapter.has(name) and not is_whole:
                place = subject.at(chapter, name)
                message = f"the {name} of the simple chapter at {start[:40]} is no whole web address"
                yield Fault(message, place, "begin it with https://")


@rule("PSC-003", "simple-chapters-unsorted", "error", when=("psc:chapters",))
def simple_chapters_unsorted(subject: ItemView) -> Iterator[Fault]:
    """Apps read chapters in the order of the list; one that goes back, or behind the end, is never reached.

    Bad: `start="00:10:00"` before `start="00:05:00"`
    Good: times that rise, up to the end of the audio
    Source: Podlove, Simple Chapters 1.2.
    """
    last = -1
    end = None
    if subject.own is None and subject.duration_s:  # of the show's own, CHJ-005 says it where it is written
        end = int(subject.duration_s * 1000) + 1000  # the feed's seconds are rounded
    for chapter in _chapters(subject):
        start = _milliseconds(chapter.get("start"))
        if start is None:
            continue  # PSC-002's
        place = subject.at(chapter, "start")
        if start <= last:
            message = f"the simple chapter at {chapter.get('start')} does not begin after the one before it"
            yield Fault(message, place, "sort the chapters by time, each with a time of its own")
        elif end and start >= end:
            message = f"the simple chapter at {chapter.get('start')} begins after the end of the audio"
            yield Fault(message, place, "note the times from the finished audio")
        last = max(last, start)


@checklist("PSC-004", "simple-chapters-switch", "warn", kept=True)
def simple_chapters_switch() -> None:
    """W3C's validator does not know these chapters and warns once; the tool writes them only where asked to.

    Bad: a warning that nobody understands, for chapters that nobody asked for
    Good: `psc = true` for the feed whose listeners use apps that read them
    Source: W3C Feed Validation Service, UnknownNamespace.
    """


def _chapters(subject: ItemView) -> Iterator[Element]:
    for chapters in subject.all("psc:chapters"):
        yield from chapters.all("psc:chapter")


def _milliseconds(written: str) -> int | None:
    match = _NORMAL_PLAY_TIME.fullmatch(written)
    if match is None or (match[2] and int(match[3]) > 59):
        return None
    seconds = (int(match[1] or 0) * 60 + int(match[2] or 0)) * 60 + int(match[3])
    return seconds * 1000 + round(float(match[4] or 0) * 1000)
