"""A finished audio file, whoever made it, into what it is made of: tags, frames, boxes, pictures."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from publisher.audio.id3 import HEADER_BYTES, Frame, parse_header, read_frames
from publisher.audio.mp3 import MAX_TAG_BYTES, FrameHeader, find_frame, locate_audio, parse_frame
from publisher.audio.mp4 import Index, read_index
from publisher.audio.probe import probe
from publisher.errors import SourceError

_LOOK_BYTES = 256 * 1024
_ENCODINGS = {0: "latin-1", 1: "utf-16", 2: "utf-16-be", 3: "utf-8"}
_WORKPLACE = re.compile(r"[A-Za-z]:\\[\w .-]{2,}|/(?:Users|home|Volumes)/[\w.-]+|\\\\[\w.-]+\\")
_MP4_TEXTS = {"©nam": "TIT2", "©alb": "TALB", "©ART": "TPE1", "egid": "TGID", "purl": "WFED"}


@dataclass(frozen=True, slots=True)
class Anatomy:
    """What a file is made of. `kind` is that of its content, "" when it is no audio: then `what` says why.

    `tags` name the tags of an MP3 in order, `tag_bytes` is the size of those in front; `texts` are by the ids
    of ID3, `old_texts` those of ID3v1, `garbled` the ids whose letters stand in an encoding without them.
    `private` are the frames that tell of the machine it was made on. `bit_rates` are those of the frames that
    were looked at, in kbit/s, `kbps` is their average; `has_contents` says that a header tells where in the
    file each moment is.
    """

    kind: str
    size: int
    what: str = ""
    tags: tuple[str, ...] = ()
    tag_bytes: int = 0
    texts: Mapping[str, str] = field(default_factory=dict)
    old_texts: Mapping[str, str] = field(default_factory=dict)
    garbled: tuple[str, ...] = ()
    private: tuple[str, ...] = ()
    pictures: tuple[bytes, ...] = ()
    language: str = ""
    sample_rate: int = 0
    channels: int = 0
    bit_rates: tuple[int, ...] = ()
    kbps: int = 0
    has_contents: bool = False
    plays_at_once: bool = True


def read_anatomy(path: Path) -> Anatomy:
    """Look into a file: its tags and the beginning of its sound, nothing else."""
    size = path.stat().st_size
    try:
        kind = probe(path).kind
    except SourceError as error:
        what = error.problems[0].message
        return Anatomy("", size, what.removeprefix(f"{path.name} "))
    if kind == "mp3":
        return _mp3(path, size)
    index = read_index(path) if kind == "mp4" else None
    return _mp4(size, index) if index else Anatomy(kind, size)


def _mp3(path: Path, size: int) -> Anatomy:
    span = locate_audio(path)
    with path.open("rb") as file:
        front = file.read(min(span.start, MAX_TAG_BYTES))
        head = file.read(_LOOK_BYTES)
        file.seek(span.start + (span.end - span.start) // 2)
        middle = file.read(_LOOK_BYTES // 4)
        file.seek(max(size - 128, 0))
        tail = file.read()
    frames = _frames(front)
    first = find_frame(head) or 0
    opening_frames = [*_headers(head[first:])]
    headers = [*opening_frames[1:], *_headers(middle[find_frame(middle) or 0 :])]
    rates = [_kbps(header) for header in headers]
    opening = parse_frame(head[first:])
    texts = {frame.id: _text(frame) for frame in frames if frame.id[:1] in {"T", "W"} and frame.id != "TXXX"}
    return Anatomy(
        "mp3",
        size,
        tags=span.tags,
        tag_bytes=span.start,
        texts=texts,
        old_texts=_id3v1(tail),
        garbled=tuple(frame.id for frame in frames if _is_garbled(frame)),
        private=tuple(frame.id for frame in frames if _WORKPLACE.search(_any_text(frame))),
        pictures=tuple(_picture(frame.body) for frame in frames if frame.id in {"APIC", "PIC"}),
        language=texts.get("TLAN", ""),
        sample_rate=opening.sample_rate if opening else 0,
        channels=opening.channels if opening else 0,
        bit_rates=tuple(sorted(set(rates))),
        kbps=round(sum(rates) / len(rates)) if rates else 0,
        has_contents=_has_contents(head[first : first + 200]),
    )


def _mp4(size: int, index: Index) -> Anatomy:
    texts = {
        name: values[0].decode("utf-8", "replace")
        for box, name in _MP4_TEXTS.items()
        if (values := index.items.get(box))
    }
    return Anatomy(
        "mp4",
        size,
        texts=texts,
        private=tuple(
            name
            for name, values in index.items.items()
            if name != "covr" and any(_WORKPLACE.search(value.decode("utf-8", "replace")) for value in values)
        ),
        pictures=index.items.get("covr", ()),
        language=index.language,
        plays_at_once=index.plays_at_once,
    )


def _frames(front: bytes) -> tuple[Frame, ...]:
    header = parse_header(front[:HEADER_BYTES])
    return read_frames(front[: header.size]) if header else ()


def _headers(data: bytes) -> Iterator[FrameHeader]:
    position = 0
    while (header := parse_frame(data[position : position + 4])) and header.bytes:
        yield header
        position += header.bytes


def _kbps(header: FrameHeader) -> int:
    """Return the bit rate of a frame; the padding of one byte is rounded away."""
    exact = header.bytes * 8 * header.sample_rate / header.samples / 1000
    return round(exact / 8) * 8


def _has_contents(frame: bytes) -> bool:
    """Tell whether the first frame holds a table of contents: of Xing, Info (bit 2 of the flags) or VBRI."""
    for name in (b"Xing", b"Info"):
        at = frame.find(name, 0, 60)
        if at >= 0 and len(frame) > at + 7:
            return bool(frame[at + 7] & 4)
    return frame[36:40] == b"VBRI"


def _text(frame: Frame) -> str:
    if frame.id.startswith("W"):
        return frame.body.rstrip(b"\0").decode("latin-1")
    encoding = _ENCODINGS.get(frame.body[0], "latin-1") if frame.body else "latin-1"
    return frame.body[1:].decode(encoding, "replace").partition("\0")[0].strip()


def _is_garbled(frame: Frame) -> bool:
    """Tell whether a text is said to be Latin-1, but is UTF-8: what readers show as two wrong letters."""
    if not frame.id.startswith("T") or frame.body[:1] != b"\0" or frame.body.isascii():
        return False
    try:
        frame.body[1:].decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _any_text(frame: Frame) -> str:
    """Return whatever can be read in a frame that is no picture and no chapter."""
    if frame.id in {"APIC", "PIC", "CHAP", "CTOC", "USLT", "COMM"}:
        return ""
    return frame.body[:65_536].replace(b"\0", b"").decode("latin-1")


def _picture(body: bytes) -> bytes:
    """Return the picture of an APIC frame by its first bytes."""
    starts = [at for magic in (b"\xff\xd8\xff", b"\x89PNG") if (at := body.find(magic, 0, 1000)) >= 0]
    return body[min(starts) :] if starts else b""


def _id3v1(tail: bytes) -> dict[str, str]:
    if len(tail) < 128 or not tail.startswith(b"TAG"):
        return {}
    spans: Iterable[tuple[str, int]] = (("TIT2", 3), ("TPE1", 33), ("TALB", 63))
    texts = {name: tail[at : at + 30].partition(b"\0")[0].decode("latin-1").strip() for name, at in spans}
    return {name: text for name, text in texts.items() if text}
