"""Turn the sizes that stand in a container into whether its end is there, where no length says so."""

from __future__ import annotations

import os
from pathlib import Path
from typing import BinaryIO

_MAX_PAGE_BYTES = 27 + 255 + 255 * 255
_LAST_PAGE = 4
_MAX_BOXES = 200_000  # a live recording has two a second
_BOXES = {b"mdat", b"moof", b"moov"}
_SEGMENT = b"\x18\x53\x80\x67"


def is_whole(path: Path, kind: str) -> bool:
    """Whether the file goes on for as long as its container says; True where that cannot be told."""
    with path.open("rb") as file:
        size = os.fstat(file.fileno()).st_size
        if kind == "ogg":
            return _ends_in_last_page(file, size)
        if kind == "mp4":
            return _boxes_fit(file, size)
        if kind == "matroska":
            return _segment_fits(file, size)
        if kind == "wav":
            return _chunks_fit(file, size)
    return True


def _ends_in_last_page(file: BinaryIO, size: int) -> bool:
    """Whether an Ogg file ends with a whole page that says it is the last one (RFC 3533, section 6)."""
    file.seek(max(size - 2 * _MAX_PAGE_BYTES, 0))
    tail = file.read()
    page = tail[max(tail.rfind(b"OggS"), 0) :]
    lengths = page[27 : 27 + page[26]] if len(page) > 26 else b""
    is_there = len(page) > 26 and len(lengths) == page[26] and len(page) >= 27 + len(lengths) + sum(lengths)
    return is_there and bool(page[5] & _LAST_PAGE)


def _boxes_fit(file: BinaryIO, size: int) -> bool:
    """Whether the boxes of an MP4 or MOV end within the file (ISO 14496-12, section 4.2)."""
    at = 0
    for _ in range(_MAX_BOXES):
        file.seek(at)
        head = file.read(16)
        if len(head) < 8:
            return True
        length = int.from_bytes(head[:4])
        if length == 1:
            length = int.from_bytes(head[8:])
        if length < 8:  # 0: up to the end of the file; else no box at all
            return True
        if at + length > size:
            return head[4:8] not in _BOXES
        at += length
    return True


def _segment_fits(file: BinaryIO, size: int) -> bool:
    """Whether the one segment of a Matroska or WebM file ends within it; live recordings leave that open."""
    head = file.read(4096)
    at = head.find(_SEGMENT) + len(_SEGMENT)
    if at < len(_SEGMENT) or at >= len(head) or not head[at]:
        return True
    width = 9 - head[at].bit_length()
    length = int.from_bytes(head[at : at + width]) - (1 << 7 * width)
    is_open = length == (1 << 7 * width) - 1
    return is_open or at + width + length <= size


def _chunks_fit(file: BinaryIO, size: int) -> bool:
    """Whether the sound of a RIFF file ends within it; a recorder that was cut off leaves its size open."""
    head = file.read(12)
    if head[:4] != b"RIFF":
        return True
    at = 12
    for _ in range(1000):
        file.seek(at)
        head = file.read(8)
        if len(head) < 8:
            return True
        length = int.from_bytes(head[4:], "little")
        if head[:4] == b"data":
            return length == 0xFFFFFFFF or at + 8 + length <= size
        at += 8 + length + (length & 1)
    return True
