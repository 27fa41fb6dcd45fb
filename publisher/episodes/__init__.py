"""A folder below `episodes/` into an Episode."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path

from publisher.chapters import read_chapters
from publisher.chapters.pictures import locate_pictures
from publisher.config import licence, location, txt, waivers
from publisher.editions.reading import Original, read_translations, recording
from publisher.episodes.folders import EPISODE_FILE, EPISODES_FOLDER
from publisher.errors import Place, Problem, SourceError
from publisher.masters import is_master
from publisher.model import (
    LOCK_FILE,
    Bookends,
    Catalogue,
    Chapter,
    Correction,
    Episode,
    Person,
    Resource,
    Show,
    Soundbite,
    Translation,
)
from publisher.resources import CATALOGUE_FILE
from publisher.source import schemas
from publisher.source.dates import parse_date
from publisher.source.document import Document, Loc, read_text
from publisher.source.frontmatter import parse_yaml, split_front_matter
from publisher.source.paths import below, inside
from publisher.source.suggesting import did_you_mean
from publisher.source.validation import by_place, validate_in_part

_TRANSCRIPTS = ("transcript.vtt", "transcript.srt", "transcript.json", "transcript.html", "transcript.txt")
_CHAPTER_FILES = ("chapters.txt", "chapters.json", "chapters.psc")
_COVERS = ("cover.jpg", "cover.jpeg", "cover.png")
_STAND_INS = {"title": "-", "guid": "-", "date": "2000-01-01 00:00 +00:00"}
MAX_CHAPTERS = 255
_LIMIT_BYTES = 4 * 1024 * 1024


def field_place(root: Path, slug: str, *loc: str | int) -> Place:
    """Return where a field stands in an `episode.md`; parsed anew, for the few times that somebody asks.

    Raises:
        SourceError: the file cannot be read any more.
    """
    return episode_places(root, slug)(loc)


def episode_places(root: Path, slug: str) -> Callable[[Loc], Place]:
    """Return what finds the fields of one `episode.md`, which is parsed for it.

    Raises:
        SourceError: the file cannot be read any more.
    """
    shown = f"{EPISODES_FOLDER}/{slug}/{EPISODE_FILE}"
    text = read_text(root / shown, shown, limit_bytes=_LIMIT_BYTES)
    document, _, notes_line = _parse(text, shown)

    def place_of(loc: Loc) -> Place:
        return Place(shown, notes_line, 1) if loc == ("notes",) else document.place_of(loc)

    return place_of


def picture_place(root: Path, slug: str, number: int) -> Place:
    """Return where the picture of a chapter is named: in `episode.md`, or else in the file of chapters.

    Raises:
        SourceError: the file cannot be read any more.
    """
    listed = f"{EPISODES_FOLDER}/{slug}/{_CHAPTER_FILES[1]}"
    if (root / listed).is_file():
        return Place(listed)
    return field_place(root, slug, "chapters", number, "image")


def load_episode(
    root: Path,
    slug: str,
    show: Show,
    catalogue: Catalogue,
    check: Callable[[Episode], Iterable[Problem]] = lambda _episode: (),
) -> Episode:
    """Read and check one episode; `check` adds what it finds to the problems.

    Raises:
        SourceError: every problem of the episode's files.
    """
    shown = f"{EPISODES_FOLDER}/{slug}/{EPISODE_FILE}"
    folder = root / EPISODES_FOLDER / slug
    text = read_text(folder / EPISODE_FILE, shown, limit_bytes=_LIMIT_BYTES)
    document, notes, notes_line = _parse(text, shown)
    file, problems = validate_in_part(schemas.EpisodeFile, document, _STAND_INS)
    if file is None:
        raise SourceError(problems)
    loader = _Loader(folder, slug, show, catalogue, document, file)
    episode = loader.load(notes, notes_line)
    problems = (*problems, *loader.problems, *check(episode))
    if problems:
        raise SourceError(tuple(sorted(problems, key=by_place)))
    return episode


@lru_cache(maxsize=1)
def _parse(text: str, shown: str) -> tuple[Document, str, int]:
    """Return the facts and the notes of an `episode.md`, and the line on which the notes start.

    Where its fields stand is often asked as soon as it was read: the last one is not parsed again.
    """
    front, notes, notes_line = split_front_matter(text, shown)
    return parse_yaml(front, shown, first_line=2), notes, notes_line


class _Loader:
    """Turns one checked front matter into an Episode, collecting problems on the way."""

    def __init__(
        self,
        folder: Path,
        slug: str,
        show: Show,
        catalogue: Catalogue,
        document: Document,
        file: schemas.EpisodeFile,
    ) -> None:
        self.folder = folder
        self.slug = slug
        self.show = show
        self.catalogue = catalogue
        self.document = document
        self.file = file
        self.problems: list[Problem] = []
        self.names = sorted(
            entry.name for entry in os.scandir(folder)
        )  # asking once is cheaper than asking for every usual name

    def load(self, notes: str, notes_line: int) -> Episode:
        """Return the episode; what is wrong with it is in `problems` then."""
        file = self.file
        chapters = self._chapters()
        translations = self._translations(len(chapters))
        return Episode(
            slug=self.slug,
            title=file.title,
            guid=file.guid,
            date=self._date(),
            summary=file.summary or "",
            notes=notes,
            notes_line=notes_line,
            source=Place(self.document.file),
            type=file.type,
            season=file.season,
            season_name=file.season_name,
            number=file.episode,
            explicit=file.explicit,
            draft=file.draft,
            people=self._people(),
            resources=self._resources(),
            chapters=chapters,
            soundbites=tuple(Soundbite(bite.at, bite.duration, bite.title) for bite in file.soundbites),
            transcript=self._optional_file(file.transcript, "transcript", _TRANSCRIPTS),
            cover=self._optional_file(file.cover, "cover", _COVERS),
            master=self._master(each.master.name for each in translations if each.master),
            bookends=self._bookends(),
            location=location(file.location),
            licence=licence(file.license),
            txt=txt(file.txt),
            questions=tuple(file.questions),
            corrections=tuple(Correction(entry.date, entry.text, entry.at) for entry in file.corrections),
            translations=translations,
            waivers=waivers(file.check.ignore),
        )

    def _problem(self, message: str, loc: Loc, hint: str = "") -> None:
        self.problems.append(Problem(message, self.document.place_of(loc), hint))

    def _date(self) -> datetime:
        try:
            return parse_date(self.file.date, self.show.timezone)
        except ValueError as error:
            message, _, hint = str(error).partition(" | ")
            self._problem(message, ("date",), hint)
            return datetime(1970, 1, 1, tzinfo=UTC)

    def _people(self) -> tuple[Person, ...]:
        people = {person.id: person for person in self.show.people}
        credited: list[Person] = []
        for index, entry in enumerate(self.file.people):
            person = people.get(entry.id)
            if person is None:
                hint = did_you_mean(entry.id, people) or "add the person to show.toml as [[people]]"
                self._problem(f"unknown person `{entry.id}`", ("people", index, "id"), hint)
                continue
            role, group = (entry.role or person.role).lower(), (entry.group or person.group).lower()
            credited.append(Person(person.id, person.name, role, group, person.href, person.img))
        return tuple(credited)

    def _resources(self) -> tuple[Resource, ...]:
        found: list[Resource] = []
        for index, identifier in enumerate(self.file.resources):
            resource = self.catalogue.get(identifier)
            if resource is None:
                hint = did_you_mean(identifier, self.catalogue) or f"add it to {CATALOGUE_FILE}"
                self._problem(f"unknown resource `{identifier}`", ("resources", index), hint)
            elif resource in found:
                self._problem(f"resource `{identifier}` is listed twice", ("resources", index), "keep one")
            else:
                found.append(resource)
        return tuple(found)

    def _chapters(self) -> tuple[Chapter, ...]:
        entries = self.file.chapters
        chapters = tuple(
            Chapter(entry.at, entry.title, entry.url, entry.image, entry.toc) for entry in entries
        )
        for index in range(1, len(chapters)):
            if chapters[index].start_ms <= chapters[index - 1].start_ms:
                hint = "write chapters in the order in which they are heard"
                self._problem(
                    "this chapter does not start after the one before", ("chapters", index, "at"), hint
                )
        path = self._optional_file(None, "chapters", _CHAPTER_FILES)
        if path is None or chapters:
            if path:
                hint = "keep one of the two lists"
                self._problem(f"there are chapters here and in {path.name}", ("chapters",), hint)
            return self._illustrated(chapters, lambda at: self.document.place_of(("chapters", at, "image")))
        shown = f"{EPISODES_FOLDER}/{self.slug}/{path.name}"
        try:
            chapters = read_chapters(shown, read_text(path, shown, limit_bytes=_LIMIT_BYTES))
        except SourceError as error:
            self.problems.extend(error.problems)
            return ()
        return self._illustrated(chapters, lambda _: Place(shown))

    def _illustrated(
        self, chapters: tuple[Chapter, ...], place_of: Callable[[int], Place]
    ) -> tuple[Chapter, ...]:
        if len(chapters) > MAX_CHAPTERS:
            hint = f"players can list at most {MAX_CHAPTERS}; join some of them"
            self._problem(f"{len(chapters)} chapters are too many for audio", ("chapters",), hint)
        chapters, problems = locate_pictures(self.folder, chapters, place_of)
        self.problems.extend(problems)
        return chapters

    def _translations(self, chapters: int) -> tuple[Translation, ...]:
        shown = f"{EPISODES_FOLDER}/{self.slug}"
        original = Original(self.show.language, chapters, len(self.file.soundbites))
        translations, problems = read_translations(self.folder, shown, self.names, original)
        self.problems.extend(problems)
        return translations

    def _optional_file(self, named: str | None, key: str, usual: tuple[str, ...]) -> Path | None:
        """Return the file that the author named, or else the one that is there under a usual name."""
        if named is not None:
            path, problems = inside(self.folder, named, self.document, (key,))
            self.problems.extend(problems)
            return path
        present = [self.folder / name for name in usual if name in self.names]
        present = [path for path in present if path.is_file()]
        if len(present) > 1:
            names = " and ".join(path.name for path in present)
            self._problem(f"there are {names}", (), f"say which one with `{key}:`, or delete the others")
        return present[0] if present else None

    def _bookends(self) -> Bookends:
        """Return what is heard around the recording: the show's, but for what the episode says of it."""
        entry, usual = self.file.audio, self.show.bookends
        found = {"intro": usual.intro, "outro": usual.outro}
        for key, name in (("intro", entry.intro), ("outro", entry.outro)):
            if name is not None:
                path, problems = below(self.folder, name, self.document, ("audio", key))
                self.problems.extend(problems)
                found[key] = path if name else None
        crossfade_ms = usual.crossfade_ms if entry.crossfade is None else round(entry.crossfade * 1000)
        return Bookends(found["intro"], found["outro"], crossfade_ms)

    def _master(self, translated: Iterable[str]) -> Path | None:
        """Return the recording; those that are `translated` belong to other languages."""
        entry = self.file.audio
        if entry.file is not None:
            path, problems = recording(self.folder, entry.file, LOCK_FILE, self.document, ("audio", "file"))
            self.problems.extend(problems)
            return path
        others = {entry.intro, entry.outro, *translated}
        recordings = [
            name for name in self.names if is_master(name) and name[0] != "." and name not in others
        ]
        masters = [path for name in recordings if (path := self.folder / name).is_file()]
        if len(masters) > 1:
            names = ", ".join(path.name for path in masters)
            hint = f"say which one is the master: `audio: {masters[0].name}`"
            self._problem(f"there are {len(masters)} recordings: {names}", (), hint)
        return masters[0] if masters else None
