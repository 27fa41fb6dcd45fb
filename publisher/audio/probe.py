"""Turn a file that should be a recording into the kind of audio it holds, before ffmpeg sees it."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from publisher.audio import claims
from publisher.audio.id3 import HEADER_BYTES, UnsafeTagError, check_safe, parse_header
from publisher.audio.mp3 import MAX_TAG_BYTES, find_frame, locate_audio
from publisher.errors import Place, Problem, SourceError

Kind = Literal["wav", "w64", "aiff", "flac", "ogg", "caf", "mp4", "matroska", "mp3"]

_LOOK_BYTES = 128 * 1024
_MAX_NAME = 80
_AUDIO_HINT = "use the finished recording itself: WAV, AIFF, FLAC, MP3, M4A or Ogg"
_CONVERT_HINT = "save it as WAV or FLAC in the audio editor, and use that"
_W64 = b"riff\x2e\x91\xcf\x11\xa5\xd6\x28\xdb\x04\xc1\x00\x00"
_OTHERS = (
    (b"%PDF", "a PDF"),
    (b"PK\x03\x04", "a ZIP archive or an office document"),
    (b"\xff\xd8\xff", "a picture"),
    (b"\x89PNG", "a picture"),
    (b"GIF8", "a picture"),
    (b"\x1f\x8b", "a compressed archive"),
    (b"7z\xbc\xaf", "a compressed archive"),
    (b"\xd0\xcf\x11\xe0", "an office document"),
    (b"SQLite format 3", "a database"),
    (b"\x7fELF", "a program"),
    (b"MZ", "a program"),
    (b"FLV\x01", "a Flash video"),
)
_UNREAD = (
    (b"0&\xb2u\x8ef\xcf\x11", "a Windows Media file"),
    (b"wvpk", "a WavPack file"),
    (b"TTA1", "a TTA file"),
    (b"\x0bw", "raw AC-3"),
    (b"\xff\xf1", "raw AAC"),
    (b"\xff\xf9", "raw AAC"),
)
"""Sound that is refused all the same: seldom met, and each kind that is read is one more to be abused."""


@dataclass(frozen=True, slots=True)
class Probe:
    """What a file's own bytes say: the kind of audio, and the length that its header claims, if it does.

    `claimed_ms` is None where the header says nothing, or ffmpeg reads it better (MP4, Matroska, AIFF).
    """

    kind: Kind
    claimed_ms: int | None


def probe(path: Path, shown: str = "") -> Probe:
    """Look at a file's content (never its name) and say what audio it is.

    `shown` is the path that people know the file by, for the place of a problem.

    Raises:
        SourceError: it is no audio: a text, a web page, a playlist, empty, missing; or its tags are unsafe.
    """
    try:
        return _probe(path)
    except _NotAudioError as error:
        what, hint = str(error), error.hint
    except FileNotFoundError:
        what, hint = "is not there", "check the name of the file"
    except OSError as error:
        what, hint = f"could not be read: {error.strerror}", "check the file and who may read it"
    except UnsafeTagError as error:
        what = f"cannot be used safely: {error}"
        hint = "save the recording again from the audio editor, without tags"
    raise SourceError((Problem(f"{said(path)} {what}", Place(shown or str(path)), hint),))


def said(path: Path) -> str:
    """Return a file's name for a sentence: on one line, of bearable length, and nothing that plays tricks."""
    name = "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in path.name)
    return name if len(name) <= _MAX_NAME else f"{name[: _MAX_NAME // 2]}…{name[-_MAX_NAME // 2 :]}"


class _NotAudioError(Exception):
    """The file is something else; the message goes on after its name."""

    def __init__(self, what: str, hint: str = _AUDIO_HINT) -> None:
        super().__init__(what)
        self.hint = hint


def _probe(path: Path) -> Probe:
    if not path.is_file():
        if path.exists():
            raise _NotAudioError("is not a file")
        raise FileNotFoundError(path)
    with path.open("rb") as file:
        size = os.fstat(file.fileno()).st_size
        if size == 0:
            raise _NotAudioError("is empty", "copy the recording here again; the last copy did not work")
        head = file.read(_LOOK_BYTES)
        tag = parse_header(head[:HEADER_BYTES])
        if not tag:
            return _identify(path, head, 0)
        if tag.size > min(size, MAX_TAG_BYTES):
            raise UnsafeTagError(f"its tag claims {tag.size / 1e6:.0f} MB, the file has {size / 1e6:.1f} MB")
        file.seek(0)
        check_safe(file.read(tag.size))
        start = locate_audio(path).start
        file.seek(start)
        return _identify(path, file.read(_LOOK_BYTES), start)


def _identify(path: Path, head: bytes, start: int) -> Probe:
    """Name the audio that begins with `head`, at the offset `start` of the file."""
    kind = _kind(head)
    if kind == "mp3":
        return Probe(kind, claims.mp3_ms(head))
    if kind:
        return Probe(kind, claims.claimed_ms(path, kind) if start == 0 else None)
    what = _what_else(head)
    if not what and len(head) < 64:
        what = "too short to hold any audio"
    if what:
        raise _NotAudioError(f"is {what}" + ("" if what.startswith("too") else ", not audio"))
    for magic, what in _UNREAD:
        if head.startswith(magic):
            raise _NotAudioError(f"is {what}, which cannot be read here", _CONVERT_HINT)
    raise _NotAudioError("is no audio that can be read here")


def _kind(head: bytes) -> Kind | None:
    form = head[8:12]
    if head[:4] in {b"RIFF", b"RF64", b"BW64", b"RIFX"} and form == b"WAVE":
        return "wav"
    if head[:4] == b"FORM" and form in {b"AIFF", b"AIFC"}:
        return "aiff"
    if head[4:8] == b"ftyp" or (head[4:8] in {b"moov", b"mdat", b"wide", b"free"} and len(head) > 64):
        return "mp4"
    magics: tuple[tuple[bytes, Kind], ...] = (
        (b"fLaC", "flac"), (b"OggS", "ogg"), (b"caff", "caf"), (b"\x1aE\xdf\xa3", "matroska"), (_W64, "w64"),
    )  # fmt: skip
    for magic, kind in magics:
        if head.startswith(magic):
            return kind
    if _what_else(head):  # a picture may well hold two bytes that look like the start of a frame
        return None
    return "mp3" if find_frame(head) is not None else None


def _what_else(head: bytes) -> str:
    """Name what a file is that is not audio; empty when that cannot be told."""
    for magic, what in _OTHERS:
        if head.startswith(magic):
            return what
    sample = head[:4096]
    if sample.startswith((b"\xff\xfe", b"\xfe\xff")) and sample.count(0) > len(sample) // 4:
        return "a text file"
    if 0 in sample or not sample.strip():
        return ""
    text = sample.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if text.startswith((b"#extm3u", b"ffconcat", b"[playlist]")):
        return "a playlist"
    if text.startswith((b"<!doctype html", b"<html", b"<head", b"<?xml")):
        return "a web page"
    readable = sum(byte >= 32 or byte in b"\t\n\r\f" for byte in sample)
    is_text = (
        len(text) > 1 and readable == len(sample) and sum(byte < 128 for byte in sample) > len(sample) // 2
    )
    return "a text file" if is_text else ""
