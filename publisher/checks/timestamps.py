"""Lists of times in show notes, chapters in tags and in the feed into lists that can be compared."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from html import unescape

from publisher.audio.id3 import HEADER_BYTES, Frame, parse_header, read_frames, sub_frames
from publisher.checks.views import ItemView, read_duration
from publisher.feed.elements import Element

_ENCODINGS = {0: "latin-1", 1: "utf-16", 2: "utf-16-be", 3: "utf-8"}
_SIGN = re.compile(r"\d:[0-5]\d")
_BREAK = re.compile(r"<br\b[^>]*>|</(?:p|li|div|h\d|tr)>", re.IGNORECASE)
_TAG = re.compile(r"<[^>]*>")
_ENTRY = re.compile(
    r"\s*(?:[-•*]\s+)?(?P<written>(?P<open>[(\[]?)(?P<time>(?:\d{1,2}:)?\d{1,3}:[0-5]\d)[)\]]?)"
    r"(?!\s*(?:[ap]\.?m\b|uhr\b|[-–—]\s*\d{1,2}:\d))[\s:|–—-]*(?P<title>.*)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Stamp:
    """A time with what it is called; `written` is how the time stands there."""

    seconds: float
    title: str
    written: str = ""


def stamps_in_notes(item: ItemView) -> tuple[Stamp, ...]:
    """Return the list of times in an item's notes, where there is one that means the episode."""
    element = item.notes_element
    return _stamps_in(element.value, item.duration_s) if element is not None else ()


@lru_cache(maxsize=1)
def _stamps_in(notes: str, duration: float | None) -> tuple[Stamp, ...]:
    """Do the same for a text; several rules ask for it, one after the other."""
    if len(_SIGN.findall(notes)) < 2:
        return ()
    found = []
    for line in unescape(_TAG.sub("", _BREAK.sub("\n", notes))).splitlines():
        entry = _ENTRY.match(line)
        seconds = read_duration(entry["time"]) if entry else None
        if entry and seconds is not None:
            found.append(Stamp(seconds, entry["title"].strip(), entry["written"]))
    if len(found) < 2 or (len(found) == 2 and found[0].seconds > 0):
        return ()
    last = max(stamp.seconds for stamp in found)
    return () if duration and last > duration else tuple(found)


def stamps_in_feed(item: ItemView) -> tuple[Stamp, ...]:
    """Return the chapters of Podlove Simple Chapters in an item."""
    chapters = item.first("psc:chapters")
    found = [_of_psc(each) for each in chapters.all("psc:chapter")] if chapters is not None else []
    return tuple(stamp for stamp in found if stamp is not None)


def _of_psc(chapter: Element) -> Stamp | None:
    seconds = read_duration(chapter.get("start"))
    return None if seconds is None else Stamp(seconds, chapter.get("title"))


def stamps_in_json(data: bytes) -> tuple[Stamp, ...] | None:
    """Return the listed chapters of a JSON file; None when it cannot be read."""
    try:
        listed = json.loads(data)["chapters"]
        return tuple(
            Stamp(float(each["startTime"]), str(each.get("title", "")).strip())
            for each in listed
            if each.get("toc", True)
        )
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None


@dataclass(frozen=True, slots=True)
class TaggedChapter:
    """A chapter of an ID3 tag; `is_listed` tells whether a table of contents names it."""

    stamp: Stamp
    end_seconds: float
    is_listed: bool


def chapters_in_tag(data: bytes) -> tuple[TaggedChapter, ...]:
    """Return the chapters of a file's leading ID3 tag, in its order."""
    header = parse_header(data[:HEADER_BYTES])
    frames = read_frames(data[: header.size]) if header else ()
    tables = [frame.body.partition(b"\0")[2] for frame in frames if frame.id == "CTOC"]
    listed = {name for table in tables if len(table) > 1 for name in table[2:].split(b"\0")[: table[1]]}
    version = header.version if header else 3
    return tuple(
        _tagged(frame, version, frame.body.partition(b"\0")[0] in listed)
        for frame in frames
        if frame.id == "CHAP"
    )


def _tagged(frame: Frame, version: int, is_listed: bool) -> TaggedChapter:
    times = frame.body.partition(b"\0")[2][:8]
    titles = [_text(sub.body) for sub in sub_frames(frame, version) if sub.id == "TIT2"]
    stamp = Stamp(int.from_bytes(times[:4]) / 1000, "".join(titles[:1]))
    return TaggedChapter(stamp, int.from_bytes(times[4:]) / 1000, is_listed)


def _text(body: bytes) -> str:
    encoding = _ENCODINGS.get(body[0], "latin-1") if body else "latin-1"
    return body[1:].decode(encoding, "replace").strip("\0 ")


def difference(here: Sequence[Stamp], there: Sequence[Stamp]) -> str:
    """Say in which way two lists of chapters disagree; "" when they agree."""
    if len(here) != len(there):
        return f"{len(here)} chapters here, {len(there)} there"
    for one, other in zip(here, there, strict=True):
        if abs(one.seconds - other.seconds) > 1:
            return f"{one.title!r} begins at {one.seconds:g} s here, at {other.seconds:g} s there"
        if _plain(one.title) != _plain(other.title):
            return f"{one.title!r} here, {other.title!r} there"
    return ""


def _plain(title: str) -> str:
    return "".join(char for char in title.casefold() if char.isalnum())
