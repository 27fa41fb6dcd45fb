"""Turn an MP4 file into the boxes that tell its tags, chapters and layout, trusting no size in them."""

from __future__ import annotations

import os
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

MAX_INDEX_BYTES = 64 << 20
_MAX_BOXES = 10_000
_HEAD = 8


@dataclass(frozen=True, slots=True)
class Box:
    """A box (ISO 14496-12, section 4.2): its name, the offset of the whole and of its content, its end."""

    name: bytes
    start: int
    body: int
    end: int


@dataclass(frozen=True, slots=True)
class Index:
    """What an MP4 says of itself: the order of its outer boxes, its tracks, tags and chapters, its language.

    `tracks` are their kinds, such as `soun`. `items` are the tags (`moov/udta/meta/ilst`) with the bytes of
    their values; freeform ones are named `----:MEAN:NAME`. `chapters` are those of the chapter list: start in
    milliseconds, and title.
    """

    order: tuple[bytes, ...]
    tracks: tuple[str, ...]
    items: dict[str, tuple[bytes, ...]]
    chapters: tuple[tuple[int, str], ...]
    language: str

    @property
    def plays_at_once(self) -> bool:
        """Whether the index stands before the sound: a player need not load the file to its end first."""
        return b"mdat" not in self.order or self.order.index(b"moov") < self.order.index(b"mdat")


def read_index(path: Path) -> Index | None:
    """Read the index of an MP4; None when there is none, or it is damaged or far too large."""
    with path.open("rb") as file:
        outer = list(_outer_boxes(file))
        moov = next((box for box in outer if box.name == b"moov"), None)
        if moov is None or moov.end - moov.body > MAX_INDEX_BYTES:
            return None
        file.seek(moov.body)
        data = file.read(moov.end - moov.body)
    udta = _first(data, b"udta")
    return Index(
        order=tuple(box.name for box in outer),
        tracks=tuple(_handler(data[box.body : box.end]) for box in _boxes(data) if box.name == b"trak"),
        items=_items(_first(_first(udta, b"meta")[4:], b"ilst")),
        chapters=_chapters(_first(udta, b"chpl")),
        language=_language(_first(_first(_first(data, b"trak"), b"mdia"), b"mdhd")),
    )


def _outer_boxes(file: BinaryIO) -> Iterator[Box]:
    end = os.fstat(file.fileno()).st_size
    position = 0
    for _ in range(_MAX_BOXES):
        file.seek(position)
        box = _box(file.read(16), position, end)
        if box is None:
            return
        yield box
        position = box.end


def _boxes(data: bytes) -> Iterator[Box]:
    position = 0
    while box := _box(data[position : position + 16], position, len(data)):
        yield box
        position = box.end


def _box(head: bytes, start: int, limit: int) -> Box | None:
    """Read the head of a box; None when it is none, or reaches beyond what holds it."""
    if len(head) < _HEAD:
        return None
    size, name = struct.unpack_from(">I4s", head)
    body = start + _HEAD
    if size == 1 and len(head) == 16:
        size, body = struct.unpack_from(">Q", head, 8)[0], start + 16
    elif size == 0:
        size = limit - start
    end = start + size
    return Box(name, start, body, end) if body <= end <= limit else None


def _first(data: bytes, name: bytes) -> bytes:
    """Return the content of the first box of a name; empty when there is none."""
    return next((data[box.body : box.end] for box in _boxes(data) if box.name == name), b"")


def _items(data: bytes) -> dict[str, tuple[bytes, ...]]:
    found: dict[str, tuple[bytes, ...]] = {}
    for box in _boxes(data):
        content = data[box.body : box.end]
        name = box.name.decode("latin-1")
        if box.name == b"----":
            words = (_first(content, part)[4:].decode("utf-8", "replace") for part in (b"mean", b"name"))
            name = ":".join(("----", *words))
        inner = [content[each.body + 8 : each.end] for each in _boxes(content) if each.name == b"data"]
        found[name] = (*found.get(name, ()), *inner)
    return found


def _chapters(data: bytes) -> tuple[tuple[int, str], ...]:
    """Read the list that most players take chapters from: units of 100 ns, titles of at most 255 bytes."""
    found: list[tuple[int, str]] = []
    position = 9
    for _ in range(data[8] if len(data) > 8 else 0):
        if position + 9 > len(data):
            break
        start, length = struct.unpack_from(">QB", data, position)
        position += 9 + length
        found.append((start // 10_000, data[position - length : position].decode("utf-8", "replace")))
    return tuple(found)


def _handler(trak: bytes) -> str:
    """Return what kind of track it is: `soun`, `vide` or `text`."""
    return _first(_first(trak, b"mdia"), b"hdlr")[8:12].decode("latin-1")


def _language(mdhd: bytes) -> str:
    """Unpack the three letters of a track's language (ISO 14496-12, section 8.4.2)."""
    at = 32 if mdhd[:1] == b"\1" else 20
    if len(mdhd) < at + 2:
        return ""
    packed = int.from_bytes(mdhd[at : at + 2])
    return "".join(chr((packed >> shift & 0x1F) + 0x60) for shift in (10, 5, 0))
