"""An episode's chapters, or those of any file, into another form, moved, or taken in from elsewhere."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from publisher.building.coming import reached
from publisher.building.reading import read_episode
from publisher.building.workshop import open_workshop
from publisher.chapters import (
    chapters_json,
    chapters_text,
    format_exact,
    is_chapter_file,
    read_chapters,
    write_labels,
    write_psc,
)
from publisher.chapters.moving import moved_start, shift_chapters, shift_file
from publisher.episodes import field_place
from publisher.episodes.folders import EPISODE_FILE, EPISODES_FOLDER, find_folders, find_slug
from publisher.errors import SourceError, UsageError
from publisher.files import write_if_changed
from publisher.masters import is_master
from publisher.model import Chapter, Episode
from publisher.source.document import read_text

FORMS = ("json", "psc", "text", "audacity")
_FILES = ("chapters.txt", "chapters.json", "chapters.psc")
_LIMIT_BYTES = 4 * 1024 * 1024
_WRITTEN = re.compile(r"\"[^\"]*\"|'[^']*'|[^\s,}]+")


@dataclass(frozen=True, slots=True)
class Taken:
    """Chapters that were written to a file of the show."""

    shown: str
    chapters: tuple[Chapter, ...]
    is_new: bool


def is_file_with_chapters(path: Path) -> bool:
    """Tell whether somebody means a file, not an episode: of chapters, or a recording."""
    return path.is_file() and (is_chapter_file(path.name) or is_master(path.name))


def chapters_of_file(path: Path, shown: str) -> tuple[Chapter, ...]:
    """Read a file of chapters, or what the tags of a recording say.

    Raises:
        SourceError: every problem of the file.
        UsageError: the recording has no chapters.
    """
    if not is_master(path.name):
        return read_chapters(shown, read_text(path, shown, limit_bytes=_LIMIT_BYTES))
    from publisher.audio.tags.chapters import read_tagged_chapters  # mutagen: seldom needed

    chapters = read_tagged_chapters(path, shown)
    if not chapters:
        raise UsageError(
            f"there are no chapters in {shown}", hint="set them where it is edited, or in a text"
        )
    return chapters


def chapters_of_episode(root: Path, name: str, now: datetime) -> tuple[Chapter, ...]:
    """Return an episode's chapters, wherever they are written.

    Raises:
        UsageError: there is no such episode, or it has no chapters.
        SourceError: every problem of its files.
    """
    episode = _read(root, name, now)
    if not episode.chapters:
        hint = f"write them to {EPISODES_FOLDER}/{episode.slug}/chapters.txt: 01:10 What changed"
        raise UsageError(f"{episode.slug} has no chapters", hint=hint)
    return episode.chapters


def write_form(chapters: tuple[Chapter, ...], form: str) -> bytes:
    """Write chapters as `json`, `psc`, `text` or `audacity`; silent ones only have a place in the first."""
    if form == "json":
        return chapters_json(chapters)
    if form == "psc":
        return write_psc(chapters)
    return chapters_text(chapters) if form == "text" else write_labels(chapters)


def take_in(root: Path, name: str, source: Path | None, shown: str, now: datetime) -> Taken:
    """Write the chapters of a file, or of the episode's own recording, to the episode's chapters file.

    Raises:
        UsageError: there is no such episode, or its chapters are in `episode.md`.
        SourceError: every problem of its files and of the other one.
    """
    episode = _read(root, name, now)
    folder = root / EPISODES_FOLDER / episode.slug
    there = next((file for file in _FILES if (folder / file).is_file()), None)
    if episode.chapters and there is None:
        hint = f"delete `chapters:` from {EPISODE_FILE} first: one of two lists would be wrong some day"
        raise UsageError(f"the chapters of {episode.slug} are in {EPISODE_FILE}", hint=hint)
    if source is None:
        if episode.master is None:
            raise UsageError(f"the recording of {episode.slug} is not on this machine", hint="copy it there")
        source, shown = episode.master, episode.master.name
    chapters = chapters_of_file(source, shown)
    text = chapters_text(chapters)
    is_plain = _reads_back(text, chapters)
    target = there or ("chapters.txt" if is_plain else "chapters.json")
    if target == "chapters.txt" and not is_plain:
        hint = "delete chapters.txt; they are written to chapters.json then"
        raise UsageError("pictures and silent chapters have no place in chapters.txt", hint=hint)
    data = {"chapters.txt": text, "chapters.psc": write_psc(chapters)}.get(target, chapters_json(chapters))
    is_new = write_if_changed(folder / target, data)
    return Taken(f"{EPISODES_FOLDER}/{episode.slug}/{target}", chapters, is_new)


def shift_episode(root: Path, name: str, by_ms: int, from_ms: int, now: datetime, *, write: bool) -> Taken:
    """Move the chapters of an episode where they are written, and nothing else in that file.

    Raises:
        UsageError: there is no such episode, or it has no chapters.
        SourceError: every problem of its files; a chapter would not come after the one before it.
    """
    episode = _read(root, name, now)
    chapters = chapters_of_episode(root, name, now)
    moved = shift_chapters(chapters, by_ms, from_ms)
    folder = root / EPISODES_FOLDER / episode.slug
    there = next((file for file in _FILES if (folder / file).is_file()), EPISODE_FILE)
    shown = f"{EPISODES_FOLDER}/{episode.slug}/{there}"
    text = read_text(folder / there, shown, limit_bytes=_LIMIT_BYTES)
    if there == EPISODE_FILE:
        after = _shift_front_matter(root, episode, text, by_ms, from_ms)
    else:
        after = shift_file(shown, text, by_ms, from_ms, format_exact)
    is_new = write_if_changed(folder / there, after.encode()) if write else after != text
    return Taken(shown, moved, is_new)


def _shift_front_matter(root: Path, episode: Episode, text: str, by_ms: int, from_ms: int) -> str:
    """Write each changed time over the one that is there, in its quotes."""
    lines = text.split("\n")
    for number, chapter in reversed(list(enumerate(episode.chapters))):
        start_ms = moved_start(chapter.start_ms, by_ms, from_ms)
        place = field_place(root, episode.slug, "chapters", number, "at")
        line, column = lines[place.line - 1], place.column - 1
        if start_ms != chapter.start_ms and (match := _WRITTEN.match(line, column)):
            lines[place.line - 1] = f'{line[:column]}"{format_exact(start_ms)}"{line[match.end() :]}'
    return "\n".join(lines)


def _reads_back(text: bytes, chapters: tuple[Chapter, ...]) -> bool:
    try:
        return read_chapters("chapters.txt", text.decode()) == chapters
    except SourceError:
        return False


def _read(root: Path, name: str, now: datetime) -> Episode:
    workshop = open_workshop(root, reached(root, now))
    return read_episode(workshop, find_slug(name, find_folders(root)))
