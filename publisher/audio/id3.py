"""Turn the bytes of an ID3v2 tag into frames, without trusting a single size that stands in them."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import dataclass

HEADER_BYTES = 10
MAX_DEPTH = 3
MAX_INFLATED = 4 << 20


class UnsafeTagError(ValueError):
    """The tag is built to do harm, or is damaged beyond use; the message says how, in plain words."""


@dataclass(frozen=True, slots=True)
class TagHeader:
    """The first ten bytes of a tag (ID3v2.3 section 3.1); `size` counts the whole tag with its header."""

    version: int
    flags: int
    size: int


@dataclass(frozen=True, slots=True)
class Frame:
    """One frame; `packed` when its body is compressed or encrypted."""

    id: str
    body: bytes
    packed: bool = False


def parse_header(data: bytes) -> TagHeader | None:
    """Read a tag's header from its first ten bytes; None when there is no tag."""
    if len(data) < HEADER_BYTES or data[:3] != b"ID3" or data[3] not in {2, 3, 4} or data[4] == 0xFF:
        return None
    if any(byte & 0x80 for byte in data[6:10]):
        return None
    size = (data[6] << 21 | data[7] << 14 | data[8] << 7 | data[9]) + HEADER_BYTES
    footer = HEADER_BYTES if data[3] == 4 and data[5] & 0x10 else 0
    return TagHeader(data[3], data[5], size + footer)


def read_frames(tag: bytes) -> tuple[Frame, ...]:
    """Split a whole tag into its frames, up to the padding or to the first frame that cannot be one."""
    header = parse_header(tag)
    if not header:
        return ()
    body = tag[HEADER_BYTES : header.size]
    if header.flags & 0x80 and header.version < 4:
        body = body.replace(b"\xff\x00", b"\xff")
    if header.flags & 0x40 and header.version > 2 and len(body) >= 4:  # an extended header: skip it
        size = _synchsafe(body[:4]) if header.version == 4 else int.from_bytes(body[:4]) + 4
        body = body[size:]
    return tuple(_walk(body, header.version))


def sub_frames(frame: Frame, version: int = 3) -> tuple[Frame, ...]:
    """Return the frames inside a CHAP or CTOC frame (ID3v2 Chapter Frame Addendum, section 3)."""
    _, _, rest = frame.body.partition(b"\0")
    if frame.id == "CHAP":
        return tuple(_walk(rest[16:], version))
    if frame.id != "CTOC" or len(rest) < 2:
        return ()
    children, rest = rest[1], rest[2:]
    for _ in range(children):
        _, _, rest = rest.partition(b"\0")
    return tuple(_walk(rest, version))


def check_safe(tag: bytes) -> None:
    """Refuse a tag that would blow up the memory or the stack of a reader.

    Raises:
        UnsafeTagError: compressed frames inflate beyond 4 MB in all, or chapters are nested in chapters.
    """
    header = parse_header(tag)
    if header:
        _check_frames(read_frames(tag), header.version, depth=1, left=MAX_INFLATED)


def _check_frames(frames: tuple[Frame, ...], version: int, depth: int, left: int) -> int:
    """Return how much of the `left` bytes may still be unpacked."""
    if depth > MAX_DEPTH:
        raise UnsafeTagError("its chapters are nested within chapters")
    for frame in frames:
        if frame.packed:
            left -= _inflated_bytes(frame.body, left)
        if left < 0:
            raise UnsafeTagError("its tag unpacks to far more than the file holds")
        if frame.id in {"CHAP", "CTOC"}:
            left = _check_frames(sub_frames(frame, version), version, depth + 1, left)
    return left


def _inflated_bytes(body: bytes, most: int) -> int:
    """Return how far a compressed body grows, wherever its zlib stream begins, up to one byte over `most`."""
    longest = 0
    for start in (4, 5, 0, 1):
        inflater = zlib.decompressobj()
        try:
            longest = max(longest, len(inflater.decompress(body[start:], most + 1)))
        except zlib.error:
            continue
    return longest


def _walk(body: bytes, version: int) -> Iterator[Frame]:
    id_bytes, head_bytes = (3, 6) if version == 2 else (4, 10)
    position = 0
    while position + head_bytes < len(body) and body[position]:
        head = body[position : position + head_bytes]
        name = head[:id_bytes]
        if not (name.isalnum() and name.isascii()):
            return
        size = _frame_size(body, position, version)
        start = position + head_bytes
        if not 0 < size <= len(body) - start:
            return
        packed = (version == 3 and head[9] & 0xC0) or (version == 4 and head[9] & 0x0C)
        yield Frame(name.decode("ascii"), body[start : start + size], bool(packed))
        position = start + size


def _frame_size(body: bytes, position: int, version: int) -> int:
    """Return a frame's size; iTunes writes plain sizes into ID3v2.4, so the one that fits is taken."""
    if version == 2:
        return int.from_bytes(body[position + 3 : position + 6])
    raw = body[position + 4 : position + 8]
    plain = int.from_bytes(raw)
    if version == 3 or any(byte & 0x80 for byte in raw):
        return plain
    safe = _synchsafe(raw)
    if safe == plain or _is_frame_start(body, position + 10 + safe):
        return safe
    return plain if _is_frame_start(body, position + 10 + plain) else safe


def _is_frame_start(body: bytes, position: int) -> bool:
    name = body[position : position + 4]
    return position == len(body) or not name.strip(b"\0") or (name.isalnum() and name.isupper())


def _synchsafe(raw: bytes) -> int:
    return raw[0] << 21 | raw[1] << 14 | raw[2] << 7 | raw[3]
