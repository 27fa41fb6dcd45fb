"""Rules on trailers, soundbites and the rhythm of a show: the group P20."""

# ruff: noqa: D205, D401 - a rule's docstring is its documentation, written for people

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from publisher.checks.engine import Fault, rule
from publisher.checks.podcasting20_table import is_whole
from publisher.checks.recurrence import interval_of, problems_of
from publisher.checks.views import ChannelView, ItemsView, ItemView
from publisher.feed.dates import parse_date
from publisher.model import Edit, Fix

_INTEGER = re.compile(r"\d{1,9}")
_DECIMAL = re.compile(r"\d{1,9}(?:\.\d{1,9})?")
_RFC2822 = re.compile(r"(?:[A-Z][a-z]{2}, ?)?\d{1,2} [A-Z][a-z]{2} \d{4} \d\d:\d\d(?::\d\d)? \S.*")
_LATE_S = 1.0
_RHYTHM_ITEMS = 6


@rule("P20-060", "trailer-unusable", "error", when=("podcast:trailer",))
def trailer_unusable(subject: ChannelView) -> Iterator[Fault]:
    """A trailer is played from its address and listed with its title and date. What is missing
    altogether is a matter of P20-001.

    Bad: `<podcast:trailer url="trailer.mp3" pubdate="2026-01-06"/>`
    Good: `<podcast:trailer url="https://…/t.mp3" pubdate="Tue, 06 Jan 2026 14:00:00 +0000">Hello`
    Source: Podcast namespace, trailer.
    """
    for trailer in subject.all("podcast:trailer"):
        date, url, season = (trailer.get(name) for name in ("pubdate", "url", "season"))
        if date and not (_RFC2822.fullmatch(date) and parse_date(date)):
            hint = "write it like Tue, 06 Jan 2026 14:00:00 +0000"
            yield Fault(f"the trailer's date {date!r} cannot be read", subject.at(trailer, "pubdate"), hint)
        if url and not is_whole(url):
            place = subject.at(trailer, "url")
            yield Fault(f"the trailer's address is not whole: {url}", place, "write the whole https address")
        if not trailer.value:
            yield Fault("the trailer has no title", subject.at(trailer), "write its title between the tags")
        if season and not _INTEGER.fullmatch(season):
            place = subject.at(trailer, "season")
            yield Fault(f"the trailer's season {season!r} is no whole number", place, "write a number")


@rule("P20-061", "trailer-type", "warn", when=("podcast:trailer",))
def trailer_type(subject: ChannelView) -> Iterator[Fault]:
    """With size and type apps know what they fetch before they do.

    Bad: `type="audio/mp3"`, or no `length`
    Good: `length="1920789" type="audio/mpeg"`
    Source: Podcast namespace, trailer.
    """
    for trailer in subject.all("podcast:trailer"):
        length, kind = trailer.get("length"), trailer.get("type")
        if not length.isdecimal() or int(length[:15]) == 0:
            message = f"the trailer's length is {length!r}" if length else "the trailer has no length"
            yield Fault(message, subject.at(trailer, "length"), "write the size of the file in bytes")
        place = subject.at(trailer, "type")
        if not kind:
            yield Fault("the trailer has no type", place, "write audio/mpeg, or what it is")
        elif kind.casefold() in {"audio/mp3", "audio/x-mp3", "audio/mpeg3"}:
            fix = Fix("write audio/mpeg", (Edit(place, kind, "audio/mpeg", "podcast:trailer@type"),))
            yield Fault(f"{kind!r} is no media type", place, "write audio/mpeg", fix)
        elif not re.fullmatch(
            r"(?:audio|video)/[\w.+-]+|application/(?:x-mpegurl|vnd\.apple\.mpegurl)", kind, re.I
        ):
            yield Fault(f"{kind!r} is nothing that can be played", place, "write audio/mpeg, or what it is")


@rule("P20-150", "update-frequency-form", "error", when=("podcast:updateFrequency",))
def update_frequency_form(subject: ChannelView) -> Iterator[Fault]:
    """Apps say when the next episode comes from the recurrence rule; one that is broken says nothing.

    Bad: `rrule="WEEKLY"`
    Good: `rrule="FREQ=WEEKLY;INTERVAL=2"`
    Source: Podcast namespace, updateFrequency; RFC 5545.
    """
    for element in subject.all("podcast:updateFrequency"):
        if rule_ := element.get("rrule"):
            for message, hint in problems_of(rule_, element.get("dtstart")):
                yield Fault(message, subject.at(element, "rrule"), hint)
        if len(element.value) > 128:
            message = f"the text has {len(element.value)} characters; the namespace allows 128"
            yield Fault(message, subject.at(element), "shorten it")
        complete, place = element.get("complete"), subject.at(element, "complete")
        if complete not in {"", "true", "false"}:
            yield Fault(f"complete is {complete!r}", place, "write true or false")


@rule("P20-151", "update-frequency-not-kept", "warn")
def update_frequency_not_kept(subject: ItemsView, *, least_items: int = 4) -> Iterator[Fault]:
    """A rhythm that is promised and not kept makes apps look at the wrong time, and listeners wait.
    Judged once there are at least four full episodes, by the last six.

    Bad: `FREQ=WEEKLY` with an episode a month
    Good: the rhythm of the last episodes
    Source: what listeners are promised.
    """
    element = subject.channel.first("podcast:updateFrequency")
    if element is None:
        return
    is_complete = element.get("complete") == "true"
    said = subject.channel.text("itunes:complete").casefold()
    if is_complete != (said == "yes") and (is_complete or said):
        message = (
            f"complete is {element.get('complete') or 'not said'!r}, itunes:complete {said or 'not said'!r}"
        )
        yield Fault(message, subject.channel.at(element, "complete"), "let both say the same")
    interval = interval_of(element.get("rrule")) if element.get("rrule") else None
    dates = [parse_date(item.date) for item in subject.items if item.kind == "full"]
    known = sorted((date for date in dates if date), reverse=True)[:_RHYTHM_ITEMS]
    if interval is None or is_complete or len(known) < least_items:
        return
    odd = [
        later - earlier
        for later, earlier in pairwise(known)
        if abs(later - earlier - interval) > interval / 2
    ]
    if odd:
        days = round(odd[0].total_seconds() / 86_400, 1)
        message = (
            f"the rule says every {interval.days} days, and {days:g} lie between two of the last episodes"
        )
        yield Fault(message, subject.channel.at(element, "rrule"), "promise what is kept, or leave rrule out")


@rule("P20-170", "soundbite-outside", "error", needs=("audio",), when=("podcast:soundbite",))
def soundbite_outside(subject: ItemView) -> Iterator[Fault]:
    """A soundbite that reaches behind the end of the audio plays nothing, or something else.

    Bad: 30 seconds from `38:00` in 38 minutes of audio
    Good: times noted from the finished audio
    Source: Podcast namespace, soundbite.
    """
    own = subject.own
    duration = own.enclosure.duration_ms / 1000 if own else (subject.duration_s or 0) + _LATE_S
    for bite in subject.all("podcast:soundbite"):
        times = [bite.get("startTime"), bite.get("duration")]
        if not all(times):
            continue
        place = subject.at(bite, "duration")
        if not all(re.fullmatch(r"\d{1,9}(?:\.\d{1,9})?", time) for time in times):
            yield Fault(
                f"the soundbite's times are no seconds: {times[0]}, {times[1]}", place, "write seconds"
            )
            continue
        start, lasts = (float(time) for time in times)
        if lasts <= 0:
            yield Fault(f"the soundbite {bite.value!r} lasts {lasts:g} s", place, "write how long it lasts")
        elif (own or subject.duration_s) and start + lasts > duration:
            yield Fault(
                f"the soundbite {bite.value!r} ends at {start + lasts:g} s; "
                f"the audio at {duration if own else duration - _LATE_S:g} s",
                place,
                "note the times from the finished audio",
            )


@rule("P20-171", "soundbite-length", "warn", when=("podcast:soundbite",))
def soundbite_length(subject: ItemView, *, shortest_s: int = 15, longest_s: int = 120) -> Iterator[Fault]:
    """A soundbite is a taste: 15 seconds to two minutes, as apps and social pages play it.

    Bad: `duration: "04:00"`
    Good: `duration: "00:45"`
    Source: Podcast namespace, soundbite.
    """
    for bite in subject.all("podcast:soundbite"):
        lasts = bite.get("duration")
        if _DECIMAL.fullmatch(lasts) and float(lasts) > 0 and not shortest_s <= float(lasts) <= longest_s:
            yield Fault(
                f"the soundbite {bite.value!r} lasts {lasts} s",
                subject.at(bite, "duration"),
                f"choose {shortest_s} to {longest_s} seconds",
            )
