"""A feed by its file or address into findings; nothing but it is read."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from publisher import checks
from publisher.errors import SurroundingsError, UsageError
from publisher.inspection.request import CheckRequest
from publisher.inspection.result import DIRECTORIES, Inspection

if TYPE_CHECKING:
    from publisher.checks.judging import More, Views
    from publisher.checks.subjects import Subject

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


def inspect_feed(folder: Path, argument: str, request: CheckRequest) -> Inspection:
    """Check a feed by its file or address; only an address is fetched, and only it.

    Raises:
        UsageError: the file cannot be read.
        FetchError: the address leads where not everybody can go, or there was no answer.
    """
    data, address = read_feed_bytes(folder, argument, request.allowed)
    return judge_feed(data, argument, request, address)


def read_feed_bytes(folder: Path, argument: str, allowed: tuple[str, ...] = ()) -> tuple[bytes, str]:
    """Read a feed from a file or an address; return its bytes and where they came from in the end."""
    if argument.startswith(("http://", "https://")):
        from publisher.fetch import Asking, fetch  # TLS: not for files

        answer = fetch(argument, Asking(limit_bytes=_READ_BYTES, timeout_s=60, allowed=allowed))
        if answer.status != 200:
            raise SurroundingsError(
                f"{argument} answers {answer.status} {answer.reason}", hint="check the address in a browser"
            )
        return answer.body, answer.address
    path = folder / argument
    try:
        if path.exists() and not path.is_file() and not path.is_dir():
            raise UsageError(f"{argument} is no file, but a pipe or a device", hint="save the feed first")
        with path.open("rb") as handle:
            return handle.read(_READ_BYTES), ""
    except OSError as error:
        raise UsageError(
            f"{argument} cannot be read: {error.strerror}", hint="name a file or an address of a feed"
        ) from error


def judge_feed(data: bytes, file: str, request: CheckRequest, address: str = "") -> Inspection:
    """Check the bytes of a feed; without profiles, for the directories that most shows are in."""
    asked = request.profiles or DIRECTORIES
    feed = checks.open_feed(data, file, request.now, address)
    verdict = checks.check_feed(
        feed,
        profiles=asked,
        witnesses=request.witnesses,
        more=_asking(request),
        is_online=request.online,
    )
    return Inspection(
        findings=verdict.findings,
        not_checked=verdict.not_checked,
        is_readable=True,
        waived=verdict.waived,
        profiles=tuple(asked),
        subject=feed.context.title or file,
        titles={},
    )


def _asking(request: CheckRequest) -> More | None:
    if not request.online:
        return None
    from publisher.inspection.fetching import fetch_files  # as above
    from publisher.inspection.online import asking

    ask = asking(request)

    def look(views: Views) -> Iterator[Subject]:
        if ask:
            yield from ask(views)
        with request.progress("looking into files", len(views), "files"):
            yield from fetch_files(views, request.allowed)

    return look
