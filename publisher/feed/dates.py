"""Dates as RFC 2822 writes them, to datetimes and back."""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def format_date(date: datetime) -> str:
    """Write a date in English, whatever the locale, with a numeric offset and to the second.

    Offsets that are no half hours (Nepal's, or local mean times before there were zones) are written in UTC,
    because validators take them for mistakes.

    Raises:
        ValueError: the date has no zone.
    """
    offset = date.utcoffset()
    if offset is None:
        raise ValueError(f"{date} has no time zone")
    minutes, rest = divmod(offset.total_seconds(), 60)
    if rest or minutes % 30:
        date, minutes = date.astimezone(UTC), 0
    sign = "-" if minutes < 0 else "+"
    hours, minutes = divmod(abs(int(minutes)), 60)
    day = f"{_DAYS[date.weekday()]}, {date.day:02} {_MONTHS[date.month - 1]} {date.year:04}"
    return f"{day} {date.hour:02}:{date.minute:02}:{date.second:02} {sign}{hours:02}{minutes:02}"


def parse_date(text: str) -> datetime | None:
    """Read a date of RFC 2822 or its obsolete forms; one without a zone is taken as UTC, nonsense is None."""
    try:
        date = parsedate_to_datetime(text)
        return (date if date.tzinfo else date.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError, IndexError, TypeError):
        return None
