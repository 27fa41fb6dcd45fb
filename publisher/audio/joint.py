"""Turn the parts of an MP3 that were encoded side by side into one file, as if one encoder had made it.

Parts overlap. An MP3 frame's main data begin in the frames before it (the bit reservoir, ISO 11172-3 section
2.4.3.4), so the next part takes over where both encoders have come to write the same bytes, or else where the
frames before have room for the data that its first frame needs there.
"""

from __future__ import annotations

import os
from array import array
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from publisher.audio.crc16 import crc16, joined, without_head, without_tail
from publisher.audio.mp3 import parse_frame

FRAME_SAMPLES = 1152
"""What a frame holds at the rates of MPEG-1, which are all that is delivered."""

_EQUAL_ENOUGH = 12
"""Where this many frames in a row say the same in both parts, there is nothing to be heard of a joint."""

_SETTLING, _ENDING = 50, 6
"""Frames until a part's encoder does as one that has long been running, and frames that its end spoils."""

_TOUCHED = 16
"""Frames before a joint that may hold the reservoir of the one behind it: at most 511 bytes."""

_PIECE_BYTES = 256 * 1024
_MOST_BYTES = 0xFFFFFFFF
_HUNDREDTHS = 100
_HEAD_BYTES = 4 + 2 + 32
_XING = 36
"""Where a stereo file's header stands within its first frame; a mono file's stands 15 bytes earlier."""


class JointError(Exception):
    """The parts cannot be joined; encoded in one go, the file will be right."""


@dataclass(frozen=True, slots=True)
class Frames:
    """Where each frame of an MP3 begins in its file, and how many samples a player plays of them.

    `delay` is the encoder's, as the header of the first frame tells it.
    """

    offsets: array[int]
    delay: int
    samples: int


def join_parts(parts: Iterable[tuple[int, Path]], destination: Path) -> Frames:
    """Join parts, each with the number of its first frame in the programme, in their order.

    Every part has a Xing or Info header of its own; that of the result tells its exact length.

    Raises:
        JointError: there is no frame at which one of them can go on from the one before.
    """
    remaining = iter(parts)
    with ExitStack() as files, destination.open("wb") as file:
        first, path = next(remaining)
        part, begin = _read(first, files.enter_context(path.open("rb"))), 0
        info = bytearray(part.info)
        file.write(info)
        track = _Track(file, len(info))
        for first, path in remaining:
            following = _read(first, files.enter_context(path.open("rb")))
            joint = _find_joint(part, following)
            track.add(part, begin, joint - part.first, following.reservoir(joint - following.first))
            part, begin = following, joint - following.first
        track.add(part, begin, part.count, b"")
        frames = Frames(track.offsets, part.delay, part.first * FRAME_SAMPLES + part.samples)
        _tell(info, frames, track.size, track.crc)
        file.seek(0)
        file.write(info)
    return frames


@dataclass(frozen=True, slots=True)
class _Part:
    """A part of the programme: `offsets` are those of its frames in `file`, and of its end."""

    first: int
    info: bytes
    file: BinaryIO
    offsets: array[int]

    @property
    def count(self) -> int:
        return len(self.offsets) - 1

    @property
    def end(self) -> int:
        return self.first + self.count

    @property
    def samples(self) -> int:
        """How many samples were encoded, after the encoder's delay and before its padding."""
        padding = int.from_bytes(self._told(141, 3)) & 0xFFF
        return self.count * FRAME_SAMPLES - self.delay - padding

    @property
    def delay(self) -> int:
        return int.from_bytes(self._told(141, 3)) >> 12

    @property
    def crc(self) -> int:
        return int.from_bytes(self._told(152, 2))

    def _told(self, offset: int, length: int) -> bytes:
        start = _xing(self.info) + offset
        return self.info[start : start + length]

    def frames(self, start: int, end: int) -> bytes:
        """Return frames, counted from the part's first."""
        return b"".join(self.pieces(start, end))

    def pieces(self, start: int, end: int) -> Iterator[bytes]:
        """Yield frames piece by piece: a part is as long as minutes are, and not held in memory."""
        at, until = self.offsets[start], self.offsets[end]
        self.file.seek(at)
        while at < until:
            piece = self.file.read(min(_PIECE_BYTES, until - at))
            if not piece:
                raise JointError("a part is not whole")
            at += len(piece)
            yield piece

    def main_data_begin(self, number: int) -> int:
        """Return how many bytes of the frames before a frame's main data take."""
        head = self._head(number)
        at = 4 if head[1] & 1 else 6
        return head[at] << 1 | head[at + 1] >> 7

    def side_information(self, number: int) -> bytes:
        """Return how a frame's main data are coded, and how long they are, but not where they begin."""
        head = self._head(number)
        side = head[5 if head[1] & 1 else 7 : _payload(head)]
        return bytes((side[0] & 0x7F,)) + side[1:]

    def payload(self, number: int) -> tuple[int, int]:
        """Return where a frame's share of main data begins and ends: behind header and side information."""
        return self.offsets[number] + _payload(self._head(number)), self.offsets[number + 1]

    def reservoir(self, number: int) -> bytes:
        """Return those bytes of the frames before a frame that its main data take."""
        wanted, found = self.main_data_begin(number), b""
        while len(found) < wanted and number:
            number -= 1
            start, end = self.payload(number)
            self.file.seek(start)
            found = self.file.read(end - start) + found
        return found[len(found) - wanted :]

    def _head(self, number: int) -> bytes:
        """Return what begins a frame: its header, a checksum where there is one, and side information."""
        self.file.seek(self.offsets[number])
        return self.file.read(_HEAD_BYTES)


def _payload(head: bytes) -> int:
    """Return how many bytes of a frame stand before its main data."""
    return (17 if head[3] >> 6 == 3 else 32) + (4 if head[1] & 1 else 6)


@dataclass(slots=True)
class _Track:
    """What has been written: where each frame begins, counted from the file's beginning, and a checksum."""

    file: BinaryIO
    size: int
    crc: int = 0
    offsets: array[int] = field(default_factory=lambda: array("I"))

    def add(self, part: _Part, begin: int, end: int, reservoir: bytes) -> None:
        """Write frames of a part, and over the end of their main data what the frame to come needs there."""
        touched = end - _TOUCHED if reservoir else end
        if touched < begin:
            raise JointError("a part is too short")
        kept = sum(map(self.file.write, part.pieces(begin, touched)))
        changed = _with_reservoir(part, touched, end, reservoir)
        self.file.write(changed)
        moved = self.size - part.offsets[begin]
        if self.size + kept > _MOST_BYTES:
            raise JointError("a header cannot tell of so many bytes")
        self.offsets.extend(offset + moved for offset in part.offsets[begin:end])
        self.size += kept + len(changed)
        behind = part.frames(touched, part.count)
        until = without_tail(part.crc, crc16(behind), len(behind))
        told = without_head(until, crc16(part.frames(0, begin)), kept)
        self.crc = joined(joined(self.crc, told, kept), crc16(changed), len(changed))


def _with_reservoir(part: _Part, start: int, end: int, reservoir: bytes) -> bytes:
    frames = bytearray(part.frames(start, end))
    base = part.offsets[start]
    while reservoir:
        if end == start:
            raise JointError("a frame needs more of those before it than there can be")
        end -= 1
        begins, ends = part.payload(end)
        here = reservoir[max(0, len(reservoir) - (ends - begins)) :]
        frames[ends - base - len(here) : ends - base] = here
        reservoir = reservoir[: len(reservoir) - len(here)]
    return bytes(frames)


def _read(first: int, file: BinaryIO) -> _Part:
    """Find the frames of a part."""
    sizes: dict[bytes, int] = {}
    offsets = array("Q")
    at, end = 0, os.fstat(file.fileno()).st_size
    begin, data = 0, b""
    while at < end:
        if at + 4 > begin + len(data):
            file.seek(at)
            begin, data = at, file.read(_PIECE_BYTES)
        head = data[at - begin : at - begin + 3]
        if head not in sizes:
            frame = parse_frame(data[at - begin : at - begin + 4])
            if frame is None or frame.samples != FRAME_SAMPLES:
                raise JointError(f"there is no frame at byte {at}")
            sizes[head] = frame.bytes
        offsets.append(at)
        at += sizes[head]
    file.seek(0)
    info = file.read(offsets[1]) if len(offsets) > 1 else b""
    if at != end or info[_xing(info) :][:4] not in {b"Info", b"Xing"}:
        raise JointError("a part is not whole")
    offsets.append(end)
    return _Part(first, info, file, offsets[1:])


def _xing(info: bytes) -> int:
    return _XING - 15 if len(info) > 3 and info[3] >> 6 == 3 else _XING


def _find_joint(part: _Part, following: _Part) -> int:
    """Return the number in the programme of the frame from which on the following part is taken.

    It has room before it for its reservoir, and as many frames before it as possible say the same in both.
    """
    run, best, joint = 0, 0, 0
    for number in range(following.first, min(part.end, following.end) - _ENDING):
        mine, other = number - part.first, number - following.first
        has_room = part.main_data_begin(mine) >= following.main_data_begin(other)
        if has_room and (run > best or (not joint and other >= _SETTLING)):
            best, joint = run, number
        if best == _EQUAL_ENOUGH:
            break
        run = run + 1 if part.side_information(mine) == following.side_information(other) else 0
    if not joint:
        raise JointError("neither part has room for the other")
    return joint


def _tell(info: bytearray, frames: Frames, size: int, crc: int) -> None:
    """Write the numbers of the whole into its header: frames, bytes, table of contents, length, checksums."""
    xing, count = _xing(bytes(info)), len(frames.offsets)

    def put(offset: int, length: int, number: int) -> None:
        info[xing + offset : xing + offset + length] = number.to_bytes(length)

    put(8, 4, count)
    put(12, 4, size)
    for hundredth in range(_HUNDREDTHS):
        put(16 + hundredth, 1, frames.offsets[hundredth * count // _HUNDREDTHS] * 256 // size)
    put(141, 3, frames.delay << 12 | count * FRAME_SAMPLES - frames.delay - frames.samples)
    put(148, 4, size)
    put(152, 2, crc)
    put(154, 2, crc16(bytes(info[: xing + 154])))
