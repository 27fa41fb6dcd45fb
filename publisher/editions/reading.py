"""The files `episode.<language>.md` of a folder into translations."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from publisher.editions import is_same_language, primary
from publisher.errors import Place, Problem, SourceError
from publisher.model import Correction, Translation
from publisher.source import schemas
from publisher.source.document import Document, read_text
from publisher.source.frontmatter import parse_yaml, split_front_matter
from publisher.source.paths import inside
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
    transcript: Path | None = None
    if file.transcript is not None:
        transcript, more = inside(folder, file.transcript, document, ("transcript",))
        problems = (*problems, *more)
    problems = (
        *problems,
        *_count_problem(document, "chapters", file.chapters, original.chapters),
        *_count_problem(document, "soundbites", file.soundbites, original.soundbites),
    )
    translation = Translation(
        language=language,
        source=place,
        title=file.title,
        summary=file.summary,
        notes=notes if notes.strip() else "",
        notes_line=notes_line,
        chapters=tuple(file.chapters) if len(file.chapters) == original.chapters else (),
        soundbites=tuple(file.soundbites) if len(file.soundbites) == original.soundbites else (),
        questions=tuple(file.questions),
        corrections=tuple(Correction(entry.date, entry.text, entry.at) for entry in file.corrections),
        transcript=transcript,
    )
    return translation, problems


def _count_problem(document: Document, key: str, titles: Sequence[str], expected: int) -> tuple[Problem, ...]:
    if not titles or len(titles) == expected:
        return ()
    message = f"titles here: {len(titles)}, {key} in episode.md: {expected}"
    hint = f"translate each title of the {key}, in their order; the times stay in episode.md"
    return (Problem(message, document.place_of((key,)), hint),)
