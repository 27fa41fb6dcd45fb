"""What keeps a source from being read into findings, with a fix where it is plain what was meant."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import PurePosixPath

from publisher.errors import Place, Problem
from publisher.feed.parsing import parse_feed
from publisher.guids import FRESH_GUID
from publisher.model import Edit, Finding, Fix

UNREADABLE = "SRC-001"
"""The rule of everything that keeps a file from being read; the loader finds it, not a rule of the table."""


def finding_of(problem: Problem, published: Iterable[bytes] = ()) -> Finding:
    """Return the finding of a problem; `published` are the committed feeds, which remember guids."""
    place = problem.place or Place("")
    return Finding(UNREADABLE, "error", place, problem.message, problem.hint, _fix(problem, place, published))


def _fix(problem: Problem, place: Place, published: Iterable[bytes]) -> Fix | None:
    if problem.instead == FRESH_GUID:
        known = _published_guid(PurePosixPath(place.file).parent.name, published)
        words = "take back its published guid" if known else "mint a guid"
        return Fix(words, (Edit(place, "", known or FRESH_GUID, "guid"),))
    if problem.instead:
        return Fix(f"write {problem.instead}", (Edit(place, problem.written, problem.instead, problem.key),))
    if problem.picture:
        return Fix(
            "bring the picture to the size and colours of screens", repair="cover", file=problem.picture
        )
    return None


def _published_guid(slug: str, published: Iterable[bytes]) -> str:
    """Return the guid that an episode has in a committed feed, found by its page or its audio's name."""
    for data in published:
        feed = parse_feed(data, "")
        for number in range(len(feed.spans)):
            item = feed.item(number)
            link, guid, enclosure = item.first("link"), item.first("guid"), item.first("enclosure")
            names = {PurePosixPath(link.value.rstrip("/")).name} if link is not None else set()
            audio = PurePosixPath(enclosure.get("url")).name if enclosure is not None else ""
            if guid is not None and (slug in names or audio.startswith((f"{slug}-", f"{slug}."))):
                return guid.value
    return ""
