"""Turn an Ogg Opus file into the comments of its second packet, trusting no size in them."""

from __future__ import annotations

from pathlib import Path
from typing import BinaryIO

MAX_TAG_BYTES = 64 << 20
_PAGE_HEAD_BYTES = 27


def read_comments(path: Path) -> tuple[tuple[str, str], ...] | None:
    """Return name and value of each comment (RFC 7845, section 5.2); None when there are none to be read."""
    with path.open("rb") as file:
        packet = _second_packet(file)
    if not packet.startswith(b"OpusTags"):
        return None
    vendor_bytes = int.from_bytes(packet[8:12], "little")
    position = 12 + vendor_bytes
    count = int.from_bytes(packet[position : position + 4], "little")
    position += 4
    found: list[tuple[str, str]] = []
    for _ in range(count):
        size = int.from_bytes(packet[position : position + 4], "little")
        position += 4 + size
        if position > len(packet):
            return None
        name, _, value = packet[position - size : position].decode("utf-8", "replace").partition("=")
        found.append((name.upper(), value))
    return tuple(found)


def _second_packet(file: BinaryIO) -> bytes:
    """Join the segments of the stream's second packet, over as many pages as it takes (RFC 3533)."""
    packet, ended = b"", 0
    while len(packet) < MAX_TAG_BYTES:
        head = file.read(_PAGE_HEAD_BYTES)
        if len(head) < _PAGE_HEAD_BYTES or not head.startswith(b"OggS"):
            return b""
        for size in file.read(head[26]):
            segment = file.read(size)
            if ended == 1:
                packet += segment
            ended += size < 255
            if ended == 2:
                return packet
    return b""
