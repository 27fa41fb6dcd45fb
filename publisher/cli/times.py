"""Words of the command line to times."""

from __future__ import annotations

from publisher.errors import UsageError
from publisher.timecodes import parse_timecode


def parse_time(text: str) -> int:
    """Return a time in milliseconds.

    Raises:
        UsageError: it is none.
    """
    try:
        return parse_timecode(text)
    except ValueError as error:
        raise UsageError(f"this is no time: {text}", hint="write 01:10, 1:02:03 or 70.5") from error


def parse_shift(text: str) -> int:
    """Return how far to move, in milliseconds; a minus sign moves back.

    Raises:
        UsageError: it is no time behind the sign.
    """
    sign = -1 if text.strip()[:1] in {"-", "−"} else 1
    return sign * parse_time(text.strip().lstrip("+-−"))
