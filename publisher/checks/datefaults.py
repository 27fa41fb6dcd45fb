"""A date as a feed writes it into what is wrong with it, and how it is written right."""

from __future__ import annotations

import re
from datetime import date, datetime
from functools import lru_cache
from typing import Literal, NamedTuple

from publisher.feed.dates import format_date, parse_date

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_FORM = re.compile(
    r"(?:(?P<name>[^\W\d]+),\s+)?(?P<day>\d{1,2})\s+(?P<month>[A-Za-z]{3,9})\s+(?P<year>\d{4}|\d{2})\s+"
    r"(?P<hour>\d{2}):(?P<minute>\d{2})(?::(?P<second>\d{2}))?\s+(?P<zone>[+-]\d{4}|[A-Za-z]{1,4})"
    r"(?P<comment>\s*\(.*\))?",
    re.ASCII,
)
_LONG_MONTHS = frozenset(
    ("January", "February", "March", "April", "June", "July", "August", "September", "October")
) | {"November", "December"}
_OBSOLETE = frozenset(["UT", "UTC", "EST", "EDT", "CST", "CDT", "MST", "MDT", "PST", "PDT"]) | frozenset(
    "ABCDEFGHIKLMNOPQRSTUVWXYZ"
)


class DateFault(NamedTuple):
    """What is wrong: the form, the weekday, or an obsolete way; `right` is "" when nobody can know."""

    kind: Literal["form", "weekday", "obsolete", "short"]
    message: str
    right: str


@lru_cache(maxsize=64)
def fault_of_date(written: str) -> DateFault | None:
    """Tell what is wrong with a date of RFC 2822; None when nothing is."""
    match = _FORM.fullmatch(written)
    if match is None:
        return DateFault("form", f"{written[:60]!r} is no date that a feed knows", _from_iso(written))
    name, zone = match["name"], match["zone"]
    year = int(match["year"]) + (0 if len(match["year"]) == 4 else 2000 if int(match["year"]) < 50 else 1900)
    if match["month"] in _LONG_MONTHS:
        short = written.replace(match["month"], match["month"][:3], 1)
        inner = fault_of_date(short)
        right = short if inner is None or inner.kind == "short" else inner.right
        return DateFault("form", f"the month is written out in {written[:60]!r}", right)
    if match["month"] not in _MONTHS or (name and name[:3] not in _DAYS):
        return DateFault("form", f"{written[:60]!r} names its day or month otherwise than in English", "")
    try:
        day = date(year, _MONTHS.index(match["month"]) + 1, int(match["day"]))
    except ValueError:
        return DateFault("form", f"there is no such day as {written[:60]!r}", "")
    if int(match["hour"]) > 23 or int(match["minute"]) > 59 or int(match["second"] or 0) > 60:
        return DateFault("form", f"there is no such time as in {written[:60]!r}", "")
    is_numeric = zone[0] in "+-"
    if is_numeric and (int(zone[1:3]) > 14 or int(zone[3:]) > 59):
        return DateFault("form", f"no place on earth has the offset {zone}", "")
    if not is_numeric and zone != "GMT" and zone not in _OBSOLETE:
        return DateFault("form", f"{zone!r} is no time zone that readers of feeds know", "")
    if name and name != _DAYS[day.weekday()]:
        right = f"{_DAYS[day.weekday()]}{written[len(name) :]}"
        if name.startswith(_DAYS[day.weekday()]):
            return DateFault("form", f"the weekday is written out in {written[:60]!r}", right)
        return DateFault("weekday", f"{day:%Y-%m-%d} is no {name}", right)
    if match["comment"] or len(match["year"]) == 2 or not (is_numeric or zone == "GMT"):
        moment = parse_date(written)
        is_known = moment is not None and (len(zone) > 1 or zone == "Z")
        right = format_date(moment) if moment is not None and is_known else ""
        return DateFault("obsolete", f"the date {written[:60]!r} is written as it was before 2001", right)
    if not name or not match["second"]:
        lacks = "weekday" if not name else "seconds"
        moment = parse_date(written)
        right = f"{_DAYS[day.weekday()]}, {written}" if not name and match["second"] else ""
        if not right and moment is not None:
            right = format_date(moment)
        return DateFault("short", f"the date {written[:60]!r} has no {lacks}", right)
    return None


def _from_iso(written: str) -> str:
    """Return an ISO 8601 date as feeds write it; one without a zone could be any moment of a day."""
    try:
        moment = datetime.fromisoformat(written)
    except ValueError:
        return ""
    return format_date(moment) if moment.tzinfo is not None and moment.year > 999 else ""
