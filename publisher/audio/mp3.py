"""Turn an MP3 file into the span of its audio and what its first frame claims about the length."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from publisher.audio.id3 import HEADER_BYTES, parse_header

MAX_TAG_BYTES = 64 << 20
_RATES = ((11025, 12000, 8000), (), (22050, 24000, 16000), (44100, 48000, 32000))
_BITRATES_V1 = (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320)
_BITRATES_V2 = (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160)
_BITRATES_V1_L2 = (0, 32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384)


@dataclass(frozen=True, slots=True)
class Span:
    """Where the audio of an MP3 is, and which tags stand around it (`ID3v2`, `ID3v1`, `APE`, `Lyrics3`)."""

    start: int
    end: int
    tags: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FrameHeader:
    """The four bytes that begin every MPEG audio frame (ISO 11172-3, section 2.4.1.3)."""

    sample_rate: int
    samples: int
    bytes: int
    channels: int
    is_mpeg1: bool


def parse_frame(data: bytes) -> FrameHeader | None:
    """Read the header of an MPEG audio frame of layer II or III; None when these bytes are none."""
    if len(data) < 4 or data[0] != 0xFF or data[1] & 0xE0 != 0xE0:
        return None
    version, layer = data[1] >> 3 & 3, data[1] >> 1 & 3
    bitrate_index, rate_index = data[2] >> 4, data[2] >> 2 & 3
    if version == 1 or layer not in {1, 2} or bitrate_index in {0, 15} or rate_index == 3:
        return None
    mpeg1, layer3 = version == 3, layer == 1
    table = (_BITRATES_V1 if layer3 else _BITRATES_V1_L2) if mpeg1 else _BITRATES_V2
    rate = _RATES[version][rate_index]
    samples = 576 if layer3 and not mpeg1 else 1152
    size = samples // 8 * table[bitrate_index] * 1000 // rate + (data[2] >> 1 & 1)
    return FrameHeader(rate, samples, size, 1 if data[3] >> 6 == 3 else 2, mpeg1)


def find_frame(data: bytes) -> int | None:
    """Return the offset of the first frame that is followed by another one (or by the end of `data`)."""
    position = data.find(b"\xff")
    while position >= 0:
        header = parse_frame(data[position : position + 4])
        if header:
            after = position + header.bytes
            following = parse_frame(data[after : after + 4])
            same_kind = following and following.sample_rate == header.sample_rate
            if same_kind or (position == 0 and after == len(data)):
                return position
        position = data.find(b"\xff", position + 1)
    return None


def locate_audio(path: Path) -> Span:
    """Find where the audio begins and ends between the tags that have gathered around it."""
    with path.open("rb") as file:
        end = os.fstat(file.fileno()).st_size
        start, tags = _skip_front(file, end)
        while found := _find_tail(file, start, end):
            name, length = found
            end -= length
            tags.append(name)
    return Span(start, end, tuple(tags))


def claimed_ms(first_bytes: bytes) -> int | None:
    """Return the length that a Xing, Info or VBRI header claims; None when the audio has none.

    `first_bytes` begins with the first audio frame. Encoder delay and padding are taken off where told.
    """
    header = parse_frame(first_bytes)
    if not header:
        return None
    side_info = (
        (32 if header.channels == 2 else 17) if header.is_mpeg1 else (17 if header.channels == 2 else 9)
    )
    xing = first_bytes[4 + side_info :]
    if xing[:4] in {b"Xing", b"Info"} and len(xing) >= 12 and xing[7] & 1:
        samples = int.from_bytes(xing[8:12]) * header.samples
        lame = 8 + sum(size for bit, size in ((1, 4), (2, 4), (4, 100), (8, 4)) if xing[7] & bit)
        if xing[lame : lame + 4] in {b"LAME", b"Lavf", b"Lavc"} and len(xing) >= lame + 24:
            gap = int.from_bytes(xing[lame + 21 : lame + 24])
            samples -= (gap >> 12) + (gap & 0xFFF)
    elif first_bytes[36:40] == b"VBRI" and len(first_bytes) >= 54:
        samples = int.from_bytes(first_bytes[50:54]) * header.samples
    else:
        return None
    return round(samples * 1000 / header.sample_rate) if samples > 0 else None


def _skip_front(file: BinaryIO, end: int) -> tuple[int, list[str]]:
    """Return where the leading ID3v2 tags end (at most eight), and their names."""
    start, tags = 0, []
    for _ in range(8):
        file.seek(start)
        header = parse_header(file.read(HEADER_BYTES))
        if not header or start + header.size > end:
            break
        start += header.size
        tags.append(f"ID3v2.{header.version}")
    return start, tags


def _find_tail(file: BinaryIO, start: int, end: int) -> tuple[str, int] | None:
    """Name the tag that ends at `end`, with its length."""
    size = min(end - start, 227 + 32)
    file.seek(end - size)
    tail = file.read(size)
    if len(tail) >= 128 and tail[-128:-125] == b"TAG":
        return "ID3v1", 227 + 128 if _ends_with_enhanced(file, start, end - 128) else 128
    if len(tail) >= 32 and tail[-32:-24] == b"APETAGEX":
        length = int.from_bytes(tail[-20:-16], "little")
        has_header = int.from_bytes(tail[-12:-8], "little") & 0x80000000
        length += 32 if has_header else 0
        return ("APE", length) if 32 <= length <= end - start else None
    if tail[-9:] == b"LYRICS200" and tail[-15:-9].isdigit():
        length = int(tail[-15:-9]) + 15
        return ("Lyrics3", length) if length <= end - start else None
    if len(tail) >= 10 and tail[-10:-7] == b"3DI":
        header = parse_header(b"ID3" + tail[-7:])
        return ("ID3v2.4", header.size) if header and header.size <= end - start else None
    return None


def _ends_with_enhanced(file: BinaryIO, start: int, end: int) -> bool:
    if end - 227 < start:
        return False
    file.seek(end - 227)
    return file.read(4) == b"TAG+"
