"""The clock and the committed feeds into the time that has certainly come."""

from __future__ import annotations

import re
from datetime import datetime
from email.utils import parsedate_to_datetime
from pathlib import Path

from publisher.building.request import FEEDS_FOLDER

_LAST_BUILD = re.compile(rb"<lastBuildDate>([^<]{1,64})</lastBuildDate>")


def reached(root: Path, now: datetime) -> datetime:
    """Return the time that has certainly come: the clock's, or the newest date in a committed feed.

    What was published once does not become a future episode again because a machine's clock is wrong.
    """
    latest = now
    for path in sorted((root / FEEDS_FOLDER).glob("*.xml")):
        with path.open("rb") as handle:
            match = _LAST_BUILD.search(handle.read(64 * 1024))
        if match:
            try:
                latest = max(latest, parsedate_to_datetime(match[1].decode("ascii")))
            except (ValueError, TypeError):
                continue  # an edited feed is no witness; the feed is written anew anyway
    return latest
