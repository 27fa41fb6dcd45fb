"""Rules on an item's duration and numbers: the group IT."""

# ruff: noqa: D205, D401 - a rule's docstring is its documentation, written for people

from __future__ import annotations

import re
from collections.abc import Iterator

from publisher.checks.engine import Fault, NotChecked, rule
from publisher.checks.views import HistoryView, ItemView, read_duration
from publisher.model import Edit, Fix

_SECONDS = re.compile(r"\d{1,9}", re.ASCII)
_CLOCK = re.compile(r"(?:\d{1,3}:[0-5]?\d|\d{1,4}):[0-5]\d", re.ASCII)
_POSITIVE = re.compile(r"[1-9]\d*", re.ASCII)
_NEARLY_A_NUMBER = re.compile(
    r"(?:#|no\.?|ep\.?|e|s)?\s*\+?0*([1-9]\d{0,5})(?:\.0+)?", re.ASCII | re.IGNORECASE
)
_WITHOUT_TIME = ("application/", "image/", "text/")


@rule("IT-031", "duration-missing", "warn", when=("enclosure",))
def duration_missing(subject: ItemView) -> Iterator[Fault]:
    """Listeners choose by length; without it, apps show none until the whole file is there.

    Bad: an item without `<itunes:duration>`
    Good: `<itunes:duration>1860</itunes:duration>`
    Source: Apple, A Podcaster's Guide to RSS; PSP-1.
    """
    is_timeless = subject.attribute("enclosure", "type").casefold().startswith(_WITHOUT_TIME)
    if not subject.text("itunes:duration") and not is_timeless:
        place = subject.at("itunes:duration")
        yield Fault("the feed does not say how long the episode is", place, "add itunes:duration, in seconds")


@rule("IT-032", "duration-form", "error", when=("itunes:duration",))
def duration_form(subject: ItemView) -> Iterator[Fault]:
    """A duration is a whole number of seconds, or hours, minutes and seconds; other forms are read as zero.

    Bad: `<itunes:duration>31 min</itunes:duration>`
    Good: `<itunes:duration>1860</itunes:duration>`
    Source: Apple, A Podcaster's Guide to RSS; W3C Feed Validation Service, InvalidDuration.
    """
    written = subject.text("itunes:duration")
    if not written or _SECONDS.fullmatch(written) or _CLOCK.fullmatch(written):
        return
    place, seconds = subject.at("itunes:duration"), read_duration(written)
    fix = None
    if seconds and seconds < 360_000:
        fix = Fix("write whole seconds", (Edit(place, written, f"{seconds:.0f}", "itunes:duration"),))
    yield Fault(f"{written[:40]!r} is no duration", place, "write whole seconds, such as 1860", fix)


@rule("IT-033", "duration-not-seconds", "warn", when=("itunes:duration",))
def duration_not_seconds(subject: ItemView) -> Iterator[Fault]:
    """Seconds can be read in one way only; `1:30` was an hour and a half in some apps.

    Bad: `<itunes:duration>31:00</itunes:duration>`
    Good: `<itunes:duration>1860</itunes:duration>`
    Source: Apple, A Podcaster's Guide to RSS; PSP-1.
    """
    written = subject.text("itunes:duration")
    if _CLOCK.fullmatch(written) and (seconds := read_duration(written)):
        place = subject.at("itunes:duration")
        fix = Fix(f"write {seconds:.0f}", (Edit(place, written, f"{seconds:.0f}", "itunes:duration"),))
        yield Fault(f"the duration {written} is not in seconds", place, f"write {seconds:.0f}", fix)


@rule("IT-034", "duration-untrue", "error", needs=("audio",), when=("itunes:duration",))
def duration_untrue(
    subject: ItemView, *, seconds: int = 1, percent: float = 2
) -> Iterator[Fault | NotChecked]:
    """A duration that is not the file's makes apps stop early, or wait at the end; zero is none at all.

    Bad: `<itunes:duration>0</itunes:duration>`
    Good: the length of the finished file, to the second
    Source: how apps play; the file itself.
    """
    said = subject.duration_s
    if said is None:
        return
    place = subject.at("itunes:duration")
    if not said:
        yield Fault("the episode is said to last 0 seconds", place, "write how long its audio lasts")
    elif subject.own is None:
        reason = "the media files of a feed are not fetched whole"
        yield NotChecked("", reason, "the items")
    elif abs(said - (real := subject.own.enclosure.duration_ms / 1000)) > max(seconds, real * percent / 100):
        yield Fault(
            f"the episode is said to last {said:.0f} seconds, its audio lasts {real:.0f}",
            place,
            "finish its audio again: publisher audio",
        )


@rule("IT-038", "episode-number-form", "error", when=("itunes:episode",))
def episode_number_form(subject: ItemView) -> Iterator[Fault]:
    """An episode's number is 1, 2, 3 …: apps sort by it, and take everything else for no number.

    Bad: `<itunes:episode>#03</itunes:episode>`
    Good: `<itunes:episode>3</itunes:episode>`
    Source: Apple, A Podcaster's Guide to RSS; W3C Feed Validation Service, InvalidPositiveInteger.
    """
    yield from _number(subject, "itunes:episode", "the episode's number")


@rule("IT-039", "season-number-form", "error", when=("itunes:season",))
def season_number_form(subject: ItemView) -> Iterator[Fault]:
    """A season's number is 1, 2, 3 …; its name belongs into `podcast:season`.

    Bad: `<itunes:season>Spring 2026</itunes:season>`
    Good: `<itunes:season>2</itunes:season>`
    Source: Apple, A Podcaster's Guide to RSS; PSP-1.
    """
    yield from _number(subject, "itunes:season", "the season's number")


@rule("IT-043", "trailer-overwritten", "warn")
def trailer_overwritten(subject: HistoryView) -> Iterator[Fault]:
    """An episode that takes the guid of its trailer is never shown as new to those who heard the trailer.
    Two items of one guid in one feed are IT-014's; this compares with the feed as it was before.

    Bad: the trailer's item, with the whole episode put into it
    Good: an item of its own for the episode; the trailer stays or goes
    Source: Apple, A Podcaster's Guide to RSS.
    """
    for old, now in subject.pairs:
        if old.kind == "trailer" and now.kind != "trailer" and old.guid and old.guid == now.guid:
            yield Fault(
                f"{now.name!r} has the guid of its trailer",
                subject.at(now, "guid"),
                "give the episode a guid of its own, and leave the trailer its own",
            )


def _number(subject: ItemView, name: str, what: str) -> Iterator[Fault]:
    written = subject.text(name)
    if _POSITIVE.fullmatch(written):
        return
    place, fix = subject.at(name), None
    if near := _NEARLY_A_NUMBER.fullmatch(written):
        fix = Fix(f"write {near[1]}", (Edit(place, written, near[1], name),))
    said = f"{written[:40]!r}, which is no whole number from 1 on" if written else "empty"
    hint = f"write {near[1]}" if near else "write a whole number, or leave it out"
    yield Fault(f"{what} is {said}", place, hint, fix)
