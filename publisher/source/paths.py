"""A file name that an author wrote into a path below a folder."""

from __future__ import annotations

from pathlib import Path

from publisher.errors import Place, Problem
from publisher.source.document import Document
from publisher.source.suggesting import did_you_mean

_NAME_HINT = "write the name of a file in this folder"


def below(
    folder: Path, name: str, document: Document, loc: tuple[str | int, ...]
) -> tuple[Path, list[Problem]]:
    """Return the path of a file below `folder`, which need not be there, and what is wrong with its name."""
    return below_at(folder, name, document.place_of(loc))


def inside(
    folder: Path, name: str, document: Document, loc: tuple[str | int, ...]
) -> tuple[Path, list[Problem]]:
    """Return the path of a file that must lie below `folder` and be there, and what is wrong with it."""
    return inside_at(folder, name, document.place_of(loc))


def below_at(folder: Path, name: str, place: Place) -> tuple[Path, list[Problem]]:
    """Do the same as `below` for a name that stands at `place`.

    Links and `..` that lead elsewhere are refused: nothing outside the show can be published by accident.
    """
    path = folder / name
    try:
        if not path.resolve().is_relative_to(folder.resolve()) or "\\" in name:
            return path, [Problem(f"{name} lies outside {folder.name}/", place, "copy the file in")]
    except (OSError, ValueError) as error:
        return path, [Problem(f"{name} cannot be used as a file name: {error}", place, _NAME_HINT)]
    return path, []


def inside_at(folder: Path, name: str, place: Place) -> tuple[Path, list[Problem]]:
    """Do the same as `inside` for a name that stands at `place`."""
    path, problems = below_at(folder, name, place)
    if problems:
        return path, problems
    try:
        if not path.is_file():
            others = [entry.name for entry in path.parent.iterdir()] if path.parent.is_dir() else []
            hint = did_you_mean(path.name, others) or f"copy it into {folder.name}/, or take the line out"
            return path, [Problem(f"there is no file {name}", place, hint)]
    except (OSError, ValueError) as error:
        return path, [Problem(f"{name} cannot be used as a file name: {error}", place, _NAME_HINT)]
    return path, []
