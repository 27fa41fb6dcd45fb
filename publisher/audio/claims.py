"""Turn the header of a WAV, Wave64, CAF or FLAC file or of an MP3 into the length that it claims to have."""

from __future__ import annotations

import os
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from publisher.audio.mp3 import claimed_ms as _frame_claimed_ms
from publisher.audio.mp3 import find_frame

_UNKNOWN = 0xFFFFFFFF
_MAX_CHUNKS = 1000


def claimed_ms(path: Path, kind: str) -> int | None:
    """Return what the header of `path` says; None when it is silent, or not read here."""
    with path.open("rb") as file:
        try:
            if kind == "wav":
                return _wav_ms(file)
            if kind == "w64":
                return _wave_ms(_w64_chunks(file))
            if kind == "caf":
                return _caf_ms(file)
            if kind == "flac":
                return _flac_ms(file.read(42))
        except (struct.error, ArithmeticError, ValueError, OSError):
            return None  # too damaged to claim anything; decoding will tell the rest
    return None


def mp3_ms(head: bytes) -> int | None:
    """Return what the first frame of an MP3 claims; `head` holds the beginning of its audio."""
    position = find_frame(head)
    return None if position is None else _frame_claimed_ms(head[position : position + 2048])


def _wav_ms(file: BinaryIO) -> int | None:
    """Read a RIFF or RF64 header (EBU Tech 3306); a recorder that was cut off leaves the size open."""
    order = ">" if file.read(12).startswith(b"RIFX") else "<"
    chunks = list(_chunks(file, f"{order}4sI"))
    large = next((body for name, _, body in chunks if name == b"ds64"), b"")
    if large and chunks[-1][:2] == (b"data", _UNKNOWN):
        chunks[-1] = (b"data", struct.unpack_from("<Q", large, 8)[0], b"")
    return _wave_ms(iter(chunks), order)


def _wave_ms(chunks: Iterator[tuple[bytes, int, bytes]], order: str = "<") -> int | None:
    bytes_per_second = 0
    for name, size, body in chunks:
        if name == b"fmt ":
            codec, _, _, bytes_per_second = struct.unpack_from(f"{order}HHII", body)
            if codec not in {1, 3, 6, 7, 0xFFFE}:  # only plain samples have a steady rate
                return None
        elif name == b"data":
            return None if size in {0, _UNKNOWN} else size * 1000 // bytes_per_second
    return None


def _chunks(file: BinaryIO, layout: str) -> Iterator[tuple[bytes, int, bytes]]:
    """Yield name, claimed size and first bytes of each chunk, up to the audio itself."""
    head_bytes = struct.calcsize(layout)
    for _ in range(_MAX_CHUNKS):
        head = file.read(head_bytes)
        if len(head) < head_bytes:
            return
        name, size = struct.unpack(layout, head)
        body = file.read(min(max(size, 0), 64))
        yield name, size, body
        if name == b"data":
            return
        padding = size & 1 if layout.endswith("I") else 0
        file.seek(size - len(body) + padding, os.SEEK_CUR)


def _w64_chunks(file: BinaryIO) -> Iterator[tuple[bytes, int, bytes]]:
    """Yield the chunks of a Wave64 file: 16-byte names, sizes that count their own head, steps of eight."""
    file.seek(40)
    for _ in range(_MAX_CHUNKS):
        head = file.read(24)
        if len(head) < 24:
            return
        name, size = head[:4], struct.unpack_from("<Q", head, 16)[0] - 24
        if size < 0:
            return
        body = file.read(min(size, 64))
        yield name, size, body
        if name == b"data":
            return
        file.seek((size + 7) // 8 * 8 - len(body), os.SEEK_CUR)


def _caf_ms(file: BinaryIO) -> int | None:
    """Read an Apple Core Audio file's header; only plain samples have a steady rate."""
    file.seek(8)
    rate, packet_bytes, packet_frames = 0.0, 0, 0
    for name, size, body in _chunks(file, ">4sq"):
        if size < 0 and name != b"data":
            return None
        if name == b"desc":
            rate, _, _, packet_bytes, packet_frames = struct.unpack_from(">d4sIII", body)
        elif name == b"data" and size > 4 and packet_bytes:
            return round((size - 4) // packet_bytes * packet_frames * 1000 / rate)
    return None


def _flac_ms(head: bytes) -> int | None:
    """Read the STREAMINFO block (RFC 9639, section 8.2); 0 samples means unknown."""
    if len(head) < 26 or head[4] & 0x7F:
        return None
    packed = int.from_bytes(head[18:26])
    rate, samples = packed >> 44, packed & 0xFFFFFFFFF
    return samples * 1000 // rate if samples else None
