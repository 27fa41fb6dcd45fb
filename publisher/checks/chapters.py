"""Rules on chapters: the group CHJ."""

# ruff: noqa: D401 - a rule's docstring is its documentation, written for people

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import TYPE_CHECKING

from publisher.checks.engine import Fault, rule
from publisher.timecodes import format_clock

if TYPE_CHECKING:
    from publisher.checks.subjects import EpisodeSubject, ItemSubject

_HOUR_MS = 3_600_000


@rule("CHJ-004", "chapters-unsorted", "error")
def chapters_unsorted(subject: EpisodeSubject) -> Iterator[Fault]:
    """Apps read chapters in the order of the file; one that goes back in time breaks the list.

    Bad: `01:10` before `00:40`, or `00:40` twice
    Good: times that rise
    Source: Podcast namespace, JSON chapters.
    """
    for number, (before, after) in enumerate(pairwise(subject.episode.chapters), start=1):
        if after.start_ms <= before.start_ms:
            yield Fault(
                f"the chapter {after.title!r} does not begin after {before.title!r}",
                subject.at("chapters", number, "at"),
                "sort the chapters by time, each with a time of its own",
            )


@rule("CHJ-005", "chapter-after-audio", "error")
def chapter_after_audio(subject: ItemSubject) -> Iterator[Fault]:
    """A chapter behind the end can never be reached: it belongs to another cut.

    Bad: a chapter at 45:00 in 38 minutes of audio
    Good: chapters noted from the finished audio
    Source: Podcast namespace, JSON chapters.
    """
    duration = subject.item.enclosure.duration_ms
    for number, chapter in enumerate(subject.item.episode.chapters):
        if chapter.start_ms >= duration:
            yield Fault(
                f"the chapter {chapter.title!r} begins at {format_clock(chapter.start_ms)}; "
                f"the audio ends at {format_clock(duration)}",
                subject.at("chapters", number, "at"),
                "note the times from the finished audio",
            )


@rule("CHJ-006", "chapters-start-late", "warn")
def chapters_start_late(subject: EpisodeSubject) -> Iterator[Fault]:
    """What comes before the first chapter has no name, and Apple asks for a first one at zero.

    Bad: first chapter at `00:24`
    Good: first chapter at `00:00`
    Source: Apple, Chapters on Apple Podcasts (for lists in the notes).
    """
    shown = [(number, chapter) for number, chapter in enumerate(subject.episode.chapters) if chapter.toc]
    if shown and shown[0][1].start_ms > 0:
        number, chapter = shown[0]
        yield Fault(
            f"the first chapter begins at {format_clock(chapter.start_ms)}",
            subject.at("chapters", number, "at"),
            "begin with a chapter at 00:00",
        )


@rule("CHJ-007", "chapter-untitled", "warn")
def chapter_untitled(subject: EpisodeSubject) -> Iterator[Fault]:
    """A chapter in the list needs a name; one without name needs a picture or link to be there at all.

    Bad: `{at: "01:10", title: ""}`
    Good: `{at: "01:10", title: What changed}`
    Source: Podcast namespace, JSON chapters.
    """
    for number, chapter in enumerate(subject.episode.chapters):
        silent = not chapter.toc and (chapter.url or chapter.image)
        if not chapter.title.strip() and not silent:
            yield Fault(
                f"the chapter at {format_clock(chapter.start_ms)} has no title",
                subject.at("chapters", number, "title"),
                "name it in a few words",
            )


@rule("CHJ-008", "chapter-link-not-https", "error")
def chapter_link_not_https(subject: EpisodeSubject) -> Iterator[Fault]:
    """Apps open a chapter's link and show its picture only over https.

    Bad: `url: http://example.org/notes`
    Good: `url: https://example.org/notes`
    Source: Podcast namespace, JSON chapters.
    """
    for number, chapter in enumerate(subject.episode.chapters):
        if chapter.url and not chapter.url.startswith("https://"):
            yield Fault(
                f"the link of chapter {chapter.title!r} is not https",
                subject.at("chapters", number, "url"),
                "write the https address",
            )


@rule("CHJ-010", "chapter-count", "warn")
def chapter_count(subject: ItemSubject) -> Iterator[Fault]:
    """One or two chapters divide nothing; dozens make a list that nobody reads.

    Bad: two chapters in an hour, or forty
    Good: one wherever the talk turns to something else, about every ten minutes
    Source: Apple, Chapters on Apple Podcasts (at least three); the upper bound is practice.
    """
    count = sum(chapter.toc for chapter in subject.item.episode.chapters)
    most = max(6, round(12 * subject.item.enclosure.duration_ms / _HOUR_MS))
    if 0 < count < 3:
        place, hint = subject.at("chapters"), "add the turns that are missing, or leave chapters out"
        yield Fault(f"Apple asks for at least three chapters; the episode has {count}", place, hint)
    elif count > most:
        place = subject.at("chapters")
        yield Fault(f"{count} chapters are many for this length; {most} would do", place, "join some of them")
