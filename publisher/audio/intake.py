"""Turn somebody's recording into what it already says about itself: a start for a new episode."""

from __future__ import annotations

import re
import shutil
from dataclasses import dataclass
from pathlib import Path

from publisher.audio.ffmpeg import FfmpegError, find_ffmpeg, input_file, run
from publisher.audio.loudness import unreadable
from publisher.audio.probe import probe
from publisher.audio.scratch import scratch
from publisher.errors import Place, Problem, SourceError
from publisher.files import move_into_place
from publisher.model import Chapter

_MAX_CHAPTERS = 500
_MAX_TEXT = 4000
_LINE = re.compile(r"(?:[^\\\n]|\\.)+", re.S)  # a line feed behind a backslash belongs to the value
_ESCAPE = re.compile(r"\\(.)", re.S)


@dataclass(frozen=True, slots=True)
class Recording:
    """A recording outside the show, with what its own tags say; empty where they say nothing."""

    path: Path
    title: str
    artist: str
    album: str
    comment: str
    chapters: tuple[Chapter, ...]

    def copy_to(self, folder: Path) -> Path:
        """Copy the recording into an episode's folder, whole or not at all; return where it is.

        Raises:
            SourceError: a file of that name is there already.
            SurroundingsError: the disk is full or the folder cannot be written.
        """
        final = folder / self.path.name.lstrip(".")
        if final.exists():
            hint = "take that one away first; recordings are never overwritten"
            raise SourceError((Problem(f"{final.name} is there already", Place(str(final)), hint),))
        with scratch(final) as partial:
            shutil.copyfile(self.path, partial)
            move_into_place(partial, final)
        return final


def take_in(path: Path, shown: str = "") -> Recording:
    """Look at a recording and read its tags; `shown` is its name for people.

    Raises:
        SourceError: it is no audio, or it is damaged.
    """
    return read_tags(find_ffmpeg(), path, shown)


def read_tags(ffmpeg: Path, path: Path, shown: str = "") -> Recording:
    """Read the tags of any recording in a process of its own, whose memory and time are bounded.

    Raises:
        SourceError: it is no audio, or ffmpeg cannot make anything of it.
    """
    kind = probe(path, shown).kind
    where = ["-map_metadata", "0:s:a:0"] if kind == "ogg" else []  # Ogg's tags belong to its streams
    try:
        output = run(
            ffmpeg, ["-copyts", *input_file(path), *where, "-f", "ffmetadata", "-"], writes_data=True
        )
    except FfmpegError as error:
        raise unreadable(path, shown or str(path), error.reason) from error
    whole, chapters = _parse(output.data.decode("utf-8", "replace"))
    return Recording(
        path=path,
        title=_clean(whole.get("title", "")),
        artist=_clean(whole.get("artist", "")),
        album=_clean(whole.get("album", "")),
        comment=_clean(whole.get("comment", "")),
        chapters=tuple(sorted(filter(None, map(_chapter, chapters)), key=lambda chapter: chapter.start_ms)),
    )


def _parse(text: str) -> tuple[dict[str, str], list[dict[str, str]]]:
    """Split ffmpeg's metadata format into the pairs of the file and those of each chapter."""
    whole: dict[str, str] = {}
    chapters: list[dict[str, str]] = []
    current = whole
    for line in _LINE.findall(text):
        if line == "[CHAPTER]" and len(chapters) < _MAX_CHAPTERS:
            current = {}
            chapters.append(current)
        elif line.startswith("["):
            current = {}
        elif not line.startswith(";"):
            name, _, value = line.partition("=")
            current.setdefault(name.lower(), _ESCAPE.sub(r"\1", value)[:_MAX_TEXT])
    return whole, chapters


def _chapter(pairs: dict[str, str]) -> Chapter | None:
    title = _clean(pairs.get("title", ""))
    base = re.fullmatch(r"(\d{1,12})/(\d{1,12})", pairs.get("timebase", ""))
    start = pairs.get("start", "")
    if not (title and base and start.isdecimal() and int(base[2])):
        return None
    return Chapter(round(int(start) * int(base[1]) * 1000 / int(base[2])), title)


def _clean(text: str) -> str:
    return " ".join("".join(char if char.isprintable() else " " for char in text).split())
