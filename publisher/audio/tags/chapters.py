"""Turn a recording or finished file into the chapters that its own tags hold."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from mutagen import MutagenError, flac, oggopus, oggvorbis

from publisher.audio.id3 import HEADER_BYTES, Frame, parse_header, read_frames, sub_frames
from publisher.audio.mp3 import MAX_TAG_BYTES
from publisher.audio.mp4 import read_index
from publisher.audio.probe import probe
from publisher.model import Chapter
from publisher.timecodes import parse_timecode

_ENCODINGS = {0: "latin-1", 1: "utf-16", 2: "utf-16-be", 3: "utf-8"}
_NUMBERED = re.compile(r"CHAPTER(\d{1,4})(NAME|URL)?", re.IGNORECASE)


def read_tagged_chapters(path: Path, shown: str = "") -> tuple[Chapter, ...]:
    """Return the chapters in order of time: of ID3 (CHAP), MP4 (the chapter list) or Vorbis comments.

    Chapters that the table of contents of an ID3 tag leaves out are silent ones.

    Raises:
        SourceError: the file is no audio, or its tags are unsafe.
    """
    kind = probe(path, shown).kind
    if kind == "mp4":
        index = read_index(path)
        found = [Chapter(start_ms, _one_line(title)) for start_ms, title in index.chapters] if index else []
    elif kind in {"flac", "ogg"}:
        found = _from_comments(_comments(path, is_flac=kind == "flac"))
    else:
        found = _from_id3(path)
    titled = (chapter for chapter in found if chapter.title or not chapter.toc)
    return tuple(sorted(titled, key=lambda chapter: (chapter.start_ms, not chapter.toc)))


def _from_id3(path: Path) -> list[Chapter]:
    with path.open("rb") as file:
        header = parse_header(file.read(HEADER_BYTES))
        if header is None:
            return []
        file.seek(0)
        frames = read_frames(file.read(min(header.size, MAX_TAG_BYTES)))
    tables = [frame.body.partition(b"\0")[2] for frame in frames if frame.id == "CTOC"]
    listed = {name for table in tables if len(table) > 1 for name in table[2:].split(b"\0")[: table[1]]}
    return [
        _chapter(frame, header.version, is_listed=not tables or frame.body.partition(b"\0")[0] in listed)
        for frame in frames
        if frame.id == "CHAP"
    ]


def _chapter(frame: Frame, version: int, *, is_listed: bool) -> Chapter:
    start_ms = int.from_bytes(frame.body.partition(b"\0")[2][:4])
    title, url = "", None
    for part in sub_frames(frame, version):
        if part.id == "TIT2" and part.body:
            encoding = _ENCODINGS.get(part.body[0], "latin-1")
            title = _one_line(part.body[1:].decode(encoding, "replace").partition("\0")[0])
        elif part.id == "WXXX" and part.body:
            separator = b"\0\0" if part.body[0] in {1, 2} else b"\0"
            _, _, address = part.body[1:].partition(separator)
            url = address.decode("latin-1").strip("\0 ") or None
    return Chapter(start_ms, title, url, toc=is_listed)


def _comments(path: Path, *, is_flac: bool) -> list[tuple[str, str]]:
    kinds = (flac.FLAC,) if is_flac else (oggopus.OggOpus, oggvorbis.OggVorbis)
    for kind in kinds:
        try:
            tags: Iterable[tuple[object, object]] = kind(path).tags or ()  # type: ignore[assignment]  # Vorbis
            return [(str(name), str(value)) for name, value in tags]
        except MutagenError:
            continue
    return []


def _from_comments(comments: Iterable[tuple[str, str]]) -> list[Chapter]:
    """Read `CHAPTER001=00:01:10.000` with its NAME and URL."""
    parts: dict[int, dict[str, str]] = {}
    for name, value in comments:
        if match := _NUMBERED.fullmatch(name):
            parts.setdefault(int(match[1]), {})[(match[2] or "TIME").upper()] = value
    found = []
    for _, part in sorted(parts.items()):
        try:
            start_ms = parse_timecode(part.get("TIME", ""))
        except ValueError:
            continue  # a name without a time is no chapter
        found.append(Chapter(start_ms, _one_line(part.get("NAME", "")), part.get("URL") or None))
    return found


def _one_line(text: str) -> str:
    return " ".join(text.split())
