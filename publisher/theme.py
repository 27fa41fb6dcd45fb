"""The built-in and a show's own template files, with the catalogues beside them, to one theme."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from publisher.errors import Place, Problem, SourceError
from publisher.translations import CATALOGUES_FOLDER, DOMAIN, join_catalogues
from publisher.translations.po import Messages

SUFFIXES = frozenset({".html", ".txt", ".md", ".css", ".js", ".svg"})
MAX_BYTES = 1_000_000


@dataclass(frozen=True, slots=True)
class Source:
    """One template file: where it is, and what is in it."""

    path: Path
    text: str


@dataclass(frozen=True, slots=True)
class Theme:
    """All template files in use, by name, and in `catalogues` the words of each language."""

    sources: Mapping[str, Source]
    catalogues: Mapping[str, Messages]


def read_theme(own: Path | None = None) -> Theme:
    """Read the built-in templates, and over them, file by file, those of the show's own folder `own`.

    Catalogues of words are joined message by message: `locales/<language>/LC_MESSAGES/publisher.po` in the
    show's folder rewords what it names. A missing folder is an empty one. Hidden files, editors' backups and
    other kinds of file are passed over.

    Raises:
        SourceError: a file leads out of its folder, is not UTF-8 text, or is over 1 MB; a catalogue has a
            mistake.
    """
    sources: dict[str, Source] = {}
    problems: list[Problem] = []
    messages = _read_catalogues(own, problems)
    for folder in (built_in_folder(), own):
        if folder is None or not folder.is_dir():
            continue
        for path in sorted(folder.rglob("*")):
            name = path.relative_to(folder).as_posix()
            if path.suffix not in SUFFIXES or any(part.startswith(".") for part in name.split("/")):
                continue
            read = _read(folder, path)
            if isinstance(read, Problem):
                problems.append(read)
            elif read is not None:
                sources[name] = read
    if problems:
        raise SourceError(tuple(problems))
    return Theme(sources, messages)


def _read_catalogues(own: Path | None, problems: list[Problem]) -> dict[str, Messages]:
    """Read the words of every language; what is wrong with them is put into `problems`."""
    texts: dict[str, list[tuple[str, str]]] = {}
    for folder in (CATALOGUES_FOLDER, own / "locales" if own else None):
        for path in sorted(folder.glob(f"*/LC_MESSAGES/{DOMAIN}.po")) if folder else ():
            read = _read(path.parents[2], path)
            if isinstance(read, Problem):
                problems.append(read)
            elif read is not None:
                texts.setdefault(path.parts[-3], []).append((str(path), read.text))
    messages: dict[str, Messages] = {}
    for language, catalogues in texts.items():
        try:
            messages[language] = join_catalogues(catalogues)
        except SourceError as error:
            problems.extend(error.problems)
    return messages


def built_in_folder() -> Path:
    """Return the folder of the built-in templates: inside the installed package, or of this checkout."""
    package = Path(__file__).resolve().parent
    installed = package / "templates"
    return installed if installed.is_dir() else package.parent / "templates"


def _read(folder: Path, path: Path) -> Source | Problem | None:
    if not path.resolve().is_relative_to(folder.resolve()):
        return Problem(
            "this template leads out of its folder",
            Place(str(path)),
            "copy the file itself into the folder; links to other places are not followed",
        )
    if not path.is_file():
        return None
    try:
        if path.stat().st_size > MAX_BYTES:
            return Problem("this template is larger than 1 MB", Place(str(path)), "make it shorter")
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError:
        return Problem("this template is not UTF-8 text", Place(str(path)), "save the file as UTF-8")
    except OSError as error:
        return Problem(
            f"this template cannot be read: {error.strerror}",
            Place(str(path)),
            "check the file's permissions",
        )
    return Source(path, text.replace("\r\n", "\n"))
