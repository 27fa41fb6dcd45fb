"""The files `episode.<language>.md` of a folder into translations."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from publisher.editions import is_same_language, primary
from publisher.errors import Place, Problem, SourceError
from publisher.model import Chapter, Correction, Soundbite, Translation
from publisher.source import schemas
from publisher.source.document import Document, Loc, read_text
from publisher.source.frontmatter import parse_yaml, split_front_matter
from publisher.source.paths import below, inside
from publisher.source.validation import validate_in_part

_FILE = re.compile(r"episode\.([a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*)\.md")
_LIMIT_BYTES = 4 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Original:
    """What a translation has to fit: the show's language, and how many of each list the episode has."""

    language: str
    chapters: int
    soundbites: int


def read_translations(
    folder: Path, shown: str, names: Iterable[str], original: Original
) -> tuple[tuple[Translation, ...], tuple[Problem, ...]]:
    """Read every translation of an episode; return what can be used of them along with every problem."""
    found: list[Translation] = []
    problems: list[Problem] = []
    for name in sorted(names, key=len):  # episode.es.md before episode.es-MX.md
        match = _FILE.fullmatch(name)
        if match is None:
            continue
        place = Place(f"{shown}/{name}")
        if is_same_language(match[1], original.language):
            hint = "write it in episode.md, or give the file the tag of the language it is in"
            problems.append(Problem(f"{match[1]} is the show's own language", place, hint))
        elif any(is_same_language(match[1], other.language) for other in found):
            hint = f"keep one file, episode.{primary(match[1])}.md"
            problems.append(Problem(f"there are two files for the language {primary(match[1])}", place, hint))
        else:
            try:
                translation, more = _read(folder, place, match[1], original)
            except SourceError as error:
                problems.extend(error.problems)
            else:
                problems.extend(more)
                found.append(translation)
    return tuple(found), tuple(problems)


def _read(
    folder: Path, place: Place, language: str, original: Original
) -> tuple[Translation, tuple[Problem, ...]]:
    text = read_text(folder / Path(place.file).name, place.file, limit_bytes=_LIMIT_BYTES)
    front, notes, notes_line = split_front_matter(text, place.file)
    document = parse_yaml(front, place.file, first_line=2)
    file, problems = validate_in_part(schemas.TranslationFile, document, {})
    if file is None:
        raise SourceError(problems)
    found = list(problems)
    transcript: Path | None = None
    if file.transcript is not None:
        transcript, more = inside(folder, file.transcript, document, ("transcript",))
        found += more
    translation = Translation(
        language=language,
        source=place,
        title=file.title,
        summary=file.summary,
        notes=notes if notes.strip() else "",
        notes_line=notes_line,
        questions=tuple(file.questions),
        corrections=tuple(Correction(entry.date, entry.text, entry.at) for entry in file.corrections),
        transcript=transcript,
    )
    if file.audio is None:
        found += _time_problems(document, file)
        found += _count_problem(document, "chapters", file.chapters, original.chapters)
        found += _count_problem(document, "soundbites", file.soundbites, original.soundbites)
        chapters = tuple(entry.title for entry in file.chapters)
        soundbites = tuple(entry.title for entry in file.soundbites)
        translation = replace(
            translation,
            chapters=chapters if len(chapters) == original.chapters else (),
            soundbites=soundbites if len(soundbites) == original.soundbites else (),
        )
        return translation, tuple(found)
    lock_name = f"audio.{primary(language)}.lock"
    master, more = recording(folder, file.audio, lock_name, document, ("audio",))
    found += more
    own_chapters, more = _own_chapters(document, file)
    found += more
    own_soundbites, more = _own_soundbites(document, file)
    found += more
    return replace(
        translation,
        master=master,
        lock_name=lock_name,
        own_chapters=own_chapters,
        own_soundbites=own_soundbites,
    ), tuple(found)


def recording(
    folder: Path, name: str, lock_name: str, document: Document, loc: Loc
) -> tuple[Path | None, list[Problem]]:
    """Return a recording that an author named; where its lock is, it need not be on this machine."""
    locate = below if (folder / lock_name).is_file() else inside
    path, problems = locate(folder, name, document, loc)
    return (path if path.is_file() or problems else None), problems


def _time_problems(document: Document, file: schemas.TranslationFile) -> list[Problem]:
    """Refuse times of a recording that is the show's own."""
    hint = "write the title only, or name this language's own recording as `audio:`"
    timed = [("chapters", index) for index, entry in enumerate(file.chapters) if entry.at is not None]
    timed += [("soundbites", index) for index, entry in enumerate(file.soundbites) if entry.at is not None]
    places = [document.place_of((*loc, "at")) for loc in timed]
    return [Problem("the times are those of episode.md", place, hint) for place in places]


def _own_chapters(
    document: Document, file: schemas.TranslationFile
) -> tuple[tuple[Chapter, ...], list[Problem]]:
    chapters: list[Chapter] = []
    problems: list[Problem] = []
    for index, entry in enumerate(file.chapters):
        place = document.place_of(("chapters", index))
        if entry.at is None:
            hint = f'write when it begins in this recording: {{at: "01:10", title: {entry.title}}}'
            problems.append(Problem("this chapter has no time", place, hint))
        elif chapters and entry.at <= chapters[-1].start_ms:
            hint = "write chapters in the order in which they are heard"
            problems.append(Problem("this chapter does not start after the one before", place, hint))
        else:
            chapters.append(Chapter(entry.at, entry.title, entry.url, toc=entry.toc))
    return tuple(chapters), problems


def _own_soundbites(
    document: Document, file: schemas.TranslationFile
) -> tuple[tuple[Soundbite, ...], list[Problem]]:
    hint = "write when it begins in this recording, and how long it is, as `at` and `duration`"
    soundbites = tuple(
        Soundbite(entry.at, entry.duration, entry.title)
        for entry in file.soundbites
        if entry.at is not None and entry.duration is not None
    )
    problems = [
        Problem("this soundbite has no times", document.place_of(("soundbites", index)), hint)
        for index, entry in enumerate(file.soundbites)
        if entry.at is None or entry.duration is None
    ]
    return soundbites, problems


def _count_problem(
    document: Document, key: str, titles: Sequence[object], expected: int
) -> tuple[Problem, ...]:
    if not titles or len(titles) == expected:
        return ()
    message = f"titles here: {len(titles)}, {key} in episode.md: {expected}"
    hint = f"translate each title of the {key}, in their order; the times stay in episode.md"
    return (Problem(message, document.place_of((key,)), hint),)
