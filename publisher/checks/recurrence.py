"""A recurrence rule (RFC 5545) into what is wrong with it, and how many days lie between two dates."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import timedelta
from types import MappingProxyType

_DATE = re.compile(r"\d{8}")
_TIME = re.compile(r"\d{8}T\d{6}Z?")
_DAY = re.compile(r"(?:[+-]?\d{1,2})?(?:MO|TU|WE|TH|FR|SA|SU)")
_DAYS: Mapping[str, float] = MappingProxyType(
    {"SECONDLY": 1 / 86400, "MINUTELY": 1 / 1440, "HOURLY": 1 / 24, "DAILY": 1, "WEEKLY": 7, "MONTHLY": 30.44}
    | {"YEARLY": 365.25}
)
_LISTS: Mapping[str, tuple[int, int]] = MappingProxyType(
    {
        "BYSECOND": (0, 60),
        "BYMINUTE": (0, 59),
        "BYHOUR": (0, 23),
        "BYMONTHDAY": (-31, 31),
        "BYYEARDAY": (-366, 366),
        "BYWEEKNO": (-53, 53),
        "BYMONTH": (1, 12),
        "BYSETPOS": (-366, 366),
    }
)


def problems_of(written: str, start: str) -> Iterator[tuple[str, str]]:
    """Yield what is wrong with a rule that begins at `start` ("" for nothing said), and what to do."""
    parts = parse(written)
    if parts is None:
        yield f"{written!r} is no recurrence rule", "write pairs such as FREQ=WEEKLY;INTERVAL=2"
        return
    if parts.get("FREQ", "") not in _DAYS:
        yield "the rule does not say how often", f"begin with FREQ=: {', '.join(_DAYS)}"
    for name, value in parts.items():
        if not _is_sound(name, value):
            yield f"{name}={value} is nothing a recurrence rule can say", "look it up in RFC 5545, 3.3.10"
    if "COUNT" in parts and "UNTIL" in parts:
        yield "the rule has both COUNT and UNTIL", "keep one of the two"
    if "COUNT" in parts and not start:
        yield "the rule counts, and does not say from when", "add dtstart"
    until = parts.get("UNTIL", "")
    if until and start and ("T" in until) != ("T" in start.upper()):
        yield "UNTIL and dtstart are not of one form", "write both with a time, or both without"


def parse(written: str) -> Mapping[str, str] | None:
    """Return the parts of a rule by name, or None when it has another form."""
    pairs = [part.partition("=") for part in written.strip().upper().removeprefix("RRULE:").split(";")]
    parts = {name.strip(): value.strip() for name, _, value in pairs}
    if len(parts) != len(pairs) or not all(equals and value.strip() for _, equals, value in pairs):
        return None
    return parts


def interval_of(written: str) -> timedelta | None:
    """Return the usual time between two dates of a sound rule; None where a rule has none."""
    parts = parse(written)
    if parts is None or any(True for _ in problems_of(written, "x")):
        return None
    days = _DAYS[parts["FREQ"]] * int(parts.get("INTERVAL", "1"))
    listed = parts.get("BYDAY") or parts.get("BYMONTHDAY") or parts.get("BYMONTH") or ""
    if parts["FREQ"] in {"DAILY", "HOURLY", "MINUTELY", "SECONDLY"} and len(parts) > 1 + (
        "INTERVAL" in parts
    ):
        return None  # such a rule leaves days out
    return timedelta(days=days / (listed.count(",") + 1))


def _is_sound(name: str, value: str) -> bool:
    if name == "FREQ":
        return True  # said already
    if name in {"INTERVAL", "COUNT"}:
        return value.isascii() and value.isdigit() and 0 < int(value[:9]) < 1000
    if name == "UNTIL":
        return bool(_DATE.fullmatch(value) or _TIME.fullmatch(value))
    if name == "WKST":
        return value in {"MO", "TU", "WE", "TH", "FR", "SA", "SU"}
    if name == "BYDAY":
        return all(_DAY.fullmatch(day) for day in value.split(","))
    if name not in _LISTS:
        return False
    least, most = _LISTS[name]
    numbers = value.split(",")
    return all(re.fullmatch(r"[+-]?\d{1,3}", each) and least <= int(each) <= most for each in numbers)
