"""Times within an episode: `1:08:22.5` to whole milliseconds and back."""

from __future__ import annotations

import re

_TIMECODE = re.compile(
    r"(?:(?:(?P<hours>\d{1,3}):)?(?P<minutes>\d{1,3}):)?(?P<seconds>\d{1,6})(?:[.,](?P<fraction>\d{1,9}))?"
)


def parse_timecode(text: str) -> int:
    """Turn `ss`, `mm:ss` or `h:mm:ss`, each with an optional fraction, into milliseconds.

    Raises:
        ValueError: the text is no time, or has minutes or seconds above 59 behind a larger unit.
    """
    match = _TIMECODE.fullmatch(text.strip())
    if not match or not text.isascii():
        raise ValueError(f"{text!r} is not a time")
    hours, minutes, seconds = (int(match[name] or 0) for name in ("hours", "minutes", "seconds"))
    if (match["hours"] and minutes > 59) or (match["minutes"] and seconds > 59):
        raise ValueError(f"{text!r} has more than 59 minutes or seconds")
    fraction_ms = round(int((match["fraction"] or "0").ljust(9, "0")) / 1_000_000)
    return ((hours * 60 + minutes) * 60 + seconds) * 1000 + fraction_ms


def format_clock(milliseconds: int) -> str:
    """Write a time as people read it: `mm:ss`, or `h:mm:ss` from one hour on; fractions are cut off."""
    seconds = milliseconds // 1000
    hours, minutes = seconds // 3600, seconds // 60 % 60
    return f"{hours}:{minutes:02}:{seconds % 60:02}" if hours else f"{minutes:02}:{seconds % 60:02}"


def format_vtt(milliseconds: int) -> str:
    """Write a time as WebVTT does (section 4.1): `hh:mm:ss.ttt`."""
    seconds, fraction = divmod(milliseconds, 1000)
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}.{fraction:03}"


def format_seconds(milliseconds: int) -> str:
    """Write a time as decimal seconds without trailing zeros, the form of the podcast namespace: `73.5`."""
    seconds, fraction = divmod(milliseconds, 1000)
    return f"{seconds}.{fraction:03}".rstrip("0").rstrip(".") if fraction else str(seconds)
