"""A parsed source file: plain values, each with the place where somebody wrote it."""

from __future__ import annotations

import io
import os
import re
import unicodedata
from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from publisher.errors import Place, Problem, SourceError

Loc = tuple[str | int, ...]
"""The way to a value: keys and list positions, outermost first."""

# XML 1.0, section 2.2: the characters that no feed can carry; tab and line feed are allowed.
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")
# The same characters as bytes of UTF-8: looking for these takes a tenth of the time.
_CONTROL_BYTES = bytes({*range(0x20), 0x7F} - {0x09, 0x0A, 0x0D})
_NONCHARACTER_BYTES = (b"\xef\xbf\xbe", b"\xef\xbf\xbf")


@dataclass(frozen=True, slots=True)
class Document:
    """`data` as nested dicts, lists and text; `values` and `keys` say where each of them stands."""

    file: str
    data: Any
    values: Mapping[Loc, Place]
    keys: Mapping[Loc, Place]

    def place_of(self, loc: Loc, *, key: bool = False) -> Place:
        """Return where the value (or its key) stands; for something absent, the nearest thing around it."""
        first, second = (self.keys, self.values) if key else (self.values, self.keys)
        for length in range(len(loc), 0, -1):
            place = first.get(loc[:length]) or second.get(loc[:length])
            if place:
                return place
        return self.values.get((), Place(self.file, 1, 1))

    def parts(self) -> dict[str, Document]:
        """Return each top-level entry as a document of its own, whose problems point into the whole file."""
        values: dict[str, dict[Loc, Place]] = {
            key: {(): self.place_of((key,), key=True)} for key in self.data
        }
        keys: dict[str, dict[Loc, Place]] = {key: {} for key in self.data}
        for loc, place in self.values.items():
            if len(loc) > 1:
                values[str(loc[0])][loc[1:]] = place
        for loc, place in self.keys.items():
            if len(loc) > 1:
                keys[str(loc[0])][loc[1:]] = place
        return {key: Document(self.file, self.data[key], values[key], keys[key]) for key in self.data}


def read_text(path: Path, shown: str, *, limit_bytes: int) -> str:
    """Read a source file as NFC text with LF line ends; `shown` is its name in messages.

    Raises:
        SourceError: the file is absent, too large, not UTF-8, or holds control characters.
    """
    try:
        with io.FileIO(path) as handle:  # no buffer: an episode's file is read in one go
            size = os.fstat(handle.fileno()).st_size
            data = handle.read(min(size, limit_bytes) + 1)
            while len(data) != size and (more := handle.read(limit_bytes + 1 - len(data))):
                data += more  # it is growing just now, or is no ordinary file
    except OSError as error:
        raise _one(f"{shown} cannot be read: {error.strerror}", Place(shown)) from error
    if len(data) > limit_bytes:
        limit_kb = f"{limit_bytes // 1024:,} KB"
        raise _one(
            f"{shown} is larger than {limit_kb}", Place(shown), "text belongs here, not audio or pictures"
        )
    return decode_text(data, shown)


def decode_text(data: bytes, shown: str) -> str:
    """Turn the bytes of a source file into NFC text with LF line ends and without a byte order mark.

    With such a mark, UTF-16 is read too: Windows programs save transcripts and labels so.

    Raises:
        SourceError: the bytes are not UTF-8, or hold control characters.
    """
    if data.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
        data = _from_utf_16(data, shown)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = data[: error.start]
        place = Place(shown, before.count(b"\n") + 1, len(before.rsplit(b"\n", 1)[-1]) + 1)
        message = f"this is not UTF-8 text (byte 0x{data[error.start]:02X})"
        raise _one(message, place, "save the file again with the encoding UTF-8") from error
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if _may_hold_illegal(data) and (problems := _illegal_characters(text, shown)):
        raise SourceError(problems[:20])
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def _from_utf_16(data: bytes, shown: str) -> bytes:
    try:
        return data.decode("utf-16").encode()
    except UnicodeDecodeError as error:
        message = "this is not UTF-16 text, as its first two bytes say"
        raise _one(message, Place(shown), "save the file again with the encoding UTF-8") from error


def _may_hold_illegal(data: bytes) -> bool:
    return len(data.translate(None, _CONTROL_BYTES)) != len(data) or any(
        each in data for each in _NONCHARACTER_BYTES
    )


def _illegal_characters(text: str, shown: str) -> tuple[Problem, ...]:
    return tuple(
        Problem(
            f"control character U+{ord(match[0]):04X}, which no feed can carry",
            place_at(shown, text, match.start()),
            "delete it; it often comes in with text pasted from a PDF or a chat",
        )
        for match in _ILLEGAL.finditer(text)
    )


def place_at(file: str, text: str, index: int, first_line: int = 1) -> Place:
    """Return the place of the character at `index` of `text`, which starts on `first_line` of the file."""
    line_start = text.rfind("\n", 0, index) + 1
    return Place(file, first_line + text.count("\n", 0, index), index - line_start + 1)


def _one(message: str, place: Place, hint: str = "") -> SourceError:
    return SourceError((Problem(message, place, hint),))
