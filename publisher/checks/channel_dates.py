"""Rules on the dates of the whole feed: when it was made, and when published (group CH)."""

# ruff: noqa: D401 - a rule's docstring is its documentation, written for people

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from email.utils import parsedate

from publisher.checks.engine import Fault, rule
from publisher.checks.views import ChannelView, ItemsView
from publisher.feed.dates import format_date, parse_date
from publisher.model import Edit, Fix

_FORM = re.compile(
    r"(?:(Mon|Tue|Wed|Thu|Fri|Sat|Sun), )?\d{1,2} (?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) \d{4} "
    r"[0-2]\d:[0-5]\d(?::[0-6]\d)? (?:[+-]\d{4}|GMT|UT|Z|[ECMP][SD]T)"
)
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_FIRST_YEAR = 2000
_LOOKED_AT = 200
_DAY = timedelta(days=1)


@rule("CH-016", "show-date-odd", "warn")
def show_date_odd(subject: ItemsView) -> Iterator[Fault]:
    """A channel's pubDate is that of its newest episode; one that is always "now" makes apps fetch in vain.

    Bad: `<pubDate>` with the time at which the feed was fetched
    Good: no `<pubDate>` in the channel, or that of the newest item
    Source: RSS Best Practices Profile.
    """
    said = parse_date(subject.channel.text("pubDate"))
    newest = _newest(subject)
    if said is None or newest is None or said.year < _FIRST_YEAR:
        return
    if abs(said - newest) > _DAY:  # zones that are written wrongly are another rule's
        place = subject.channel.at("pubDate")
        right = format_date(newest)
        fix = Fix(f"write {right}", (Edit(place, subject.channel.text("pubDate"), right, "pubDate"),))
        message = "the channel's pubDate is not that of its newest episode"
        yield Fault(message, place, f"write {right}, or leave pubDate out of the channel", fix)


@rule("CH-017", "show-date-invalid", "error", when=("pubDate", "lastBuildDate"))
def show_date_invalid(subject: ChannelView) -> Iterator[Fault]:
    """Apps read dates in one form only, in English; others are taken for no date.

    Bad: `<lastBuildDate>2026-01-20T14:00:00Z</lastBuildDate>`
    Good: `<lastBuildDate>Tue, 20 Jan 2026 14:00:00 +0000</lastBuildDate>`
    Source: RSS 2.0; RFC 2822; W3C Feed Validation Service, InvalidRFC2822Date and IncorrectDOW.
    """
    for name in ("pubDate", "lastBuildDate"):
        written = subject.text(name)
        if not written:
            continue
        place, date = subject.at(name), _read(written)
        found = _FORM.fullmatch(written)
        if date is None or found is None:
            fix = (
                Fix(f"write {format_date(date)}", (Edit(place, written, format_date(date), name),))
                if date
                else None
            )
            hint = f"write {format_date(date)}" if date else 'write it as "Tue, 20 Jan 2026 14:00:00 +0000"'
            yield Fault(f"{name} is no date as RSS writes it: {written[:60]!r}", place, hint, fix)
        elif found[1] and found[1] != _weekday(written):
            right = _weekday(written) + written[3:]
            fix = Fix(f"write {right}", (Edit(place, written, right, name),))
            yield Fault(f"{name} names the wrong day of the week: {written}", place, f"write {right}", fix)


@rule("CH-018", "build-date-odd", "warn")
def build_date_odd(subject: ItemsView) -> Iterator[Fault]:
    """When the feed last changed tells apps whether to look closer; in the future or long past, it misleads.

    Bad: a `<lastBuildDate>` of last year over an episode of last week
    Good: the time of the last change
    Source: RSS 2.0 (that it changes only with the content is seen by comparing feeds: ID rules).
    """
    if subject.context.is_own:
        return  # it is made from the dates of the finished episodes
    written = subject.channel.text("lastBuildDate")
    place = subject.channel.at("lastBuildDate")
    if not written:
        hint = "add it: the time at which the feed last changed"
        yield Fault("the feed does not say when it last changed (lastBuildDate)", place, hint)
        return
    said, newest = parse_date(written), _newest(subject)
    if said is None:
        return  # another rule's
    if said > subject.context.now + _DAY:
        yield Fault(
            f"the feed was last changed in the future: {written}", place, "set the clock where it is made"
        )
    elif newest is not None and said < newest - _DAY:
        message = "the feed says that it last changed before its newest episode"
        yield Fault(message, place, "let it be set whenever the feed is made")


def _newest(subject: ItemsView) -> datetime | None:
    """Return the date of the newest item; None where any date is doubtful, or the order is not by date."""
    dates = [parse_date(item.date) for item in subject.items[:_LOOKED_AT]]
    known = [date for date in dates if date is not None]
    if not known or len(known) < len(dates) or min(known).year < _FIRST_YEAR:
        return None
    newest = max(known)
    return newest if newest == known[0] and newest <= subject.context.now else None


def _read(written: str) -> datetime | None:
    date = parse_date(written)
    if date is None:
        try:
            date = datetime.fromisoformat(written)
        except ValueError:
            return None
    return date if date.tzinfo and date.year > 1 else None


def _weekday(written: str) -> str:
    """Return the day of the week that a date of the right form falls on, in its own zone."""
    read = parsedate(written)
    return _DAYS[datetime(*read[:3]).weekday()] if read else ""  # noqa: DTZ001 - a day alone has no zone
