"""Rules on the date of an item: the group IT."""

# ruff: noqa: D205, D401 - a rule's docstring is its documentation, written for people

from __future__ import annotations

from collections.abc import Iterator

from publisher.checks.datefaults import DateFault, fault_of_date
from publisher.checks.engine import Fault, rule
from publisher.checks.views import ItemView
from publisher.model import Edit, Fix

_FORM = "Tue, 06 Jan 2026 14:00:00 +0000"


@rule("IT-020", "date-missing", "error")
def date_missing(subject: ItemView) -> Iterator[Fault]:
    """Apps sort episodes by their date; one without a date is never new, and often never shown.

    Bad: an item without `<pubDate>`
    Good: `<pubDate>Tue, 06 Jan 2026 14:00:00 +0000</pubDate>`
    Source: Apple, A Podcaster's Guide to RSS; PSP-1; Spotify, Show metadata requirements.
    """
    if not subject.text("pubDate"):
        yield Fault("the episode has no date", subject.at("pubDate"), f"write it as {_FORM}")


@rule("IT-021", "date-form", "error", when=("pubDate",))
def date_form(subject: ItemView) -> Iterator[Fault]:
    """Readers know one form of date, in English, whatever the feed's language; others are no date at all.
    The RFC lets the weekday and the seconds away, some readers don't: without them it is only advised.

    Bad: `2026-01-06T14:00:00Z`
    Good: `Tue, 06 Jan 2026 14:00:00 +0000`
    Source: Apple, Podcast RSS feed requirements; RFC 2822.
    """
    yield from _faults(subject, "form", f"write it as {_FORM}")
    for fault in _faults(subject, "short", f"write it as {_FORM}"):
        yield Fault(fault.message, fault.place, fault.hint, fault.fix, level="warn")


@rule("IT-022", "date-weekday", "error", when=("pubDate",))
def date_weekday(subject: ItemView) -> Iterator[Fault]:
    """A weekday that is not that of the date says that one of them is wrong; strict readers refuse both.

    Bad: `Mon, 06 Jan 2026 14:00:00 +0000`
    Good: `Tue, 06 Jan 2026 14:00:00 +0000`
    Source: W3C Feed Validation Service, IncorrectDOW.
    """
    yield from _faults(subject, "weekday", "write the weekday of the date, or mend the date")


@rule("IT-023", "date-obsolete", "warn", when=("pubDate",))
def date_obsolete(subject: ItemView) -> Iterator[Fault]:
    """Names of zones such as EST, years of two digits and comments are read in different ways.

    Bad: `Tue, 06 Jan 26 09:00:00 EST`
    Good: `Tue, 06 Jan 2026 09:00:00 -0500`
    Source: RFC 2822, section 4.3; W3C Feed Validation Service, ProblematicalRFC822Date.
    """
    yield from _faults(subject, "obsolete", "write the year with four digits and the zone as a number")


def _faults(subject: ItemView, kind: str, hint: str) -> Iterator[Fault]:
    written = subject.text("pubDate")
    found: DateFault | None = fault_of_date(written) if written else None
    if found is None or found.kind != kind:
        return
    place = subject.at("pubDate")
    fix = (
        Fix(f"write {found.right}", (Edit(place, written, found.right, "pubDate"),)) if found.right else None
    )
    yield Fault(found.message, place, f"write {found.right}" if found.right else hint, fix)
