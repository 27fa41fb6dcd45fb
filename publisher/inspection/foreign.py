"""A feed by its file or address into findings; nothing but it is read."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from publisher import checks
from publisher.errors import UsageError
from publisher.inspection.result import DIRECTORIES, Inspection

_ENDINGS = (".xml", ".rss", ".gz", ".atom", ".rdf")
_READ_BYTES = 100_000_000


def is_feed(folder: Path, argument: str) -> bool:
    """Tell whether an argument means a feed: an address, a file named like XML, or one that begins so."""
    if argument.startswith(("http://", "https://")):
        return True
    path = folder / argument
    try:
        if not path.is_file():
            return argument.lower().endswith(_ENDINGS)
        if argument.lower().endswith(_ENDINGS):
            return True
        with path.open("rb") as handle:
            return (
                handle.read(512).lstrip(b"\xef\xbb\xbf \t\r\n").startswith((b"<?xml", b"<rss", b"\x1f\x8b"))
            )
    except OSError:
        return False


def inspect_feed(folder: Path, argument: str, now: datetime, profiles: tuple[str, ...]) -> Inspection:
    """Check a feed of which only the file is at hand.

    Raises:
        UsageError: the file cannot be read.
    """
    path = folder / argument
    try:
        with path.open("rb") as handle:
            data = handle.read(_READ_BYTES)
    except OSError as error:
        raise UsageError(
            f"{argument} cannot be read: {error.strerror}", hint="name a file or an address of a feed"
        ) from error
    return judge_feed(data, argument, now, profiles)


def judge_feed(
    data: bytes, file: str, now: datetime, profiles: tuple[str, ...], address: str = ""
) -> Inspection:
    """Check the bytes of a feed; without `profiles`, for the directories that most shows are in."""
    asked = profiles or DIRECTORIES
    feed = checks.open_feed(data, file, now, address)
    verdict = checks.check_feed(feed, profiles=asked)
    return Inspection(
        findings=verdict.findings,
        not_checked=verdict.not_checked,
        is_readable=True,
        waived=verdict.waived,
        profiles=tuple(asked),
        subject=feed.context.title or file,
        titles={},
    )
