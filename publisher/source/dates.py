"""A date as an author writes it into an instant."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

_DATE = re.compile(
    r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[ Tt]+(\d{1,2}):(\d{2})(?::(\d{2}))?\s*(Z|z|[+-]\d{2}:?\d{2})?)?"
)


def parse_date(text: str, timezone: str) -> datetime:
    """Turn `2026-01-31 06:00`, with or without an offset, into an instant.

    A time without offset is the show's local time.

    Raises:
        ValueError: no such time; the message and a hint, parted by ` | `.
    """
    match = _DATE.fullmatch(text.strip())
    if not match:
        raise ValueError(f"{text!r} is not a date | write day and time as 2026-01-31 06:00")
    year, month, day = (int(match[group]) for group in (1, 2, 3))
    if match[4] is None:
        raise ValueError(f"{text!r} has no time | add one: {year:04}-{month:02}-{day:02} 06:00")
    hour, minute, second = int(match[4]), int(match[5]), int(match[6] or 0)
    try:
        naive = datetime(year, month, day, hour, minute, second)  # noqa: DTZ001 - the zone follows
    except ValueError as error:
        raise ValueError(f"{text!r} does not exist: {error} | check day and month") from error
    if year < 2000:
        raise ValueError(f"{text!r} lies before podcasts | check the year")
    offset = match[7]
    if offset:
        return datetime.fromisoformat(f"{naive.isoformat()}{'Z' if offset in 'Zz' else offset}")
    return _local(naive, ZoneInfo(timezone), text)


def _local(naive: datetime, zone: ZoneInfo, text: str) -> datetime:
    """Give a local time its offset, refusing what happens twice or never when clocks change."""
    early, late = naive.replace(tzinfo=zone, fold=0), naive.replace(tzinfo=zone, fold=1)
    if early.utcoffset() == late.utcoffset():
        return early
    choices = [f"{naive:%Y-%m-%d %H:%M}{_offset(moment)}" for moment in (early, late)]
    happens_twice = early.astimezone(UTC).astimezone(zone).replace(tzinfo=None) == naive
    if happens_twice:
        message = f"{text} happens twice in {zone.key}: the clocks go back"
        raise ValueError(f"{message} | write {choices[0]} for the first or {choices[1]} for the second")
    real = [(moment.astimezone(UTC)).astimezone(zone) for moment in (late, early)]
    times = " or ".join(f"{moment:%Y-%m-%d %H:%M}" for moment in real)
    raise ValueError(f"{text} does not happen in {zone.key}: the clocks go forward | write {times}")


def _offset(moment: datetime) -> str:
    delta = moment.utcoffset() or timedelta()
    minutes = round(delta.total_seconds() / 60)
    return f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02}:{abs(minutes) % 60:02}"
