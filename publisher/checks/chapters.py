"""Rules on transcripts and chapters: the groups TR and CHJ."""

# ruff: noqa: D401 - a rule's docstring is its documentation, written for people

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from publisher.checks.engine import Fault, rule
from publisher.checks.subjects import EpisodeSubject, ItemSubject
from publisher.timecodes import format_clock

TRANSCRIPT_TYPES = ("text/vtt", "application/x-subrip", "text/html", "application/json", "text/plain")
LATE_CUE_MS = 2000
_HOUR_MS = 3_600_000


@rule("TR-001", "transcript-owed", "error", "public")
def transcript_owed(subject: EpisodeSubject) -> Iterator[Fault]:
    """A public agency owes everyone who cannot hear the episode its words, from the first day.

    Bad: an episode without `transcript:`
    Good: `transcript: transcript.vtt`, corrected by a person
    Source: WCAG 2.1, 1.2.1; 28 CFR Part 35 Subpart H (ADA Title II).
    """
    if subject.episode.transcript is None:
        yield Fault(
            "the episode has no transcript, which a public agency owes",
            subject.at("transcript"),
            "put transcript.vtt into the episode's folder",
        )


@rule("TR-002", "transcript-missing", "warn", "-public")
def transcript_missing(subject: EpisodeSubject) -> Iterator[Fault]:
    """A transcript is read by people who cannot listen, and found by people who search.

    Bad: an episode without `transcript:`
    Good: `transcript: transcript.vtt`
    Source: PSP-1; Apple, Transcripts on Apple Podcasts.
    """
    if subject.episode.transcript is None:
        yield Fault(
            "the episode has no transcript",
            subject.at("transcript"),
            "put transcript.vtt into the episode's folder",
        )


@rule("TR-003", "transcript-type", "error")
def transcript_type(subject: ItemSubject) -> Iterator[Fault]:
    """Apps choose a transcript by its type and pass over one they do not know.

    Bad: `type="application/msword"`
    Good: `type="text/vtt"`
    Source: Podcast namespace, transcript.
    """
    for link in subject.item.transcripts:
        if link.type not in TRANSCRIPT_TYPES:
            yield Fault(
                f"no app reads a transcript of type {link.type!r}",
                subject.at("transcript"),
                f"offer one of: {', '.join(TRANSCRIPT_TYPES)}",
            )


@rule("TR-005", "transcript-not-timed", "warn")
def transcript_not_timed(subject: ItemSubject) -> Iterator[Fault]:
    """Apple shows and follows WebVTT; a transcript without times stands still beside the audio.

    Bad: only `transcript.txt`
    Good: `transcript.vtt` with `<v Name>` before each speaker
    Source: Apple, Transcripts on Apple Podcasts; Podcast namespace, transcripts.
    """
    types = {link.type for link in subject.item.transcripts}
    if types and "text/vtt" not in types:
        yield Fault(
            "the transcript is not offered as WebVTT",
            subject.at("transcript"),
            "make a .vtt of it: publisher transcript",
        )


@rule("TR-008", "transcript-rel", "error")
def transcript_rel(subject: ItemSubject) -> Iterator[Fault]:
    """Only a timed transcript can stand for captions.

    Bad: `rel="captions"` on a page of text
    Good: `rel="captions"` on WebVTT or SubRip, and none elsewhere
    Source: Podcast namespace, transcript.
    """
    for link in subject.item.transcripts:
        if link.rel and (link.rel != "captions" or link.type not in {"text/vtt", "application/x-subrip"}):
            yield Fault(
                f"a transcript of type {link.type!r} is marked rel={link.rel!r}",
                subject.at("transcript"),
                "leave rel out for anything but timed captions",
            )


@rule("TR-012", "transcript-after-audio", "error")
def transcript_after_audio(subject: ItemSubject) -> Iterator[Fault]:
    """Words after the end of the audio belong to another recording or to an older cut.

    Bad: a last cue at 41:10 for 38 minutes of audio
    Good: a transcript made from the finished audio
    Source: equal to what is heard: WCAG 2.1, 1.2.1.
    """
    end, duration = subject.transcript_end_ms, subject.item.enclosure.duration_ms
    if end is not None and end > duration + LATE_CUE_MS:
        yield Fault(
            f"the transcript ends at {format_clock(end)}, the audio at {format_clock(duration)}",
            subject.at("transcript"),
            "make the transcript from the finished audio",
        )


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
