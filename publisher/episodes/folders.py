"""The folders below `episodes/` into slugs, and what somebody typed into one of them."""

from __future__ import annotations

import os
import re
import unicodedata
from collections.abc import Iterable
from pathlib import Path

from publisher.errors import Place, Problem, SourceError, UsageError
from publisher.source.suggesting import did_you_mean

EPISODES_FOLDER = "episodes"


EPISODE_FILE = "episode.md"


_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


def find_folders(root: Path) -> tuple[str, ...]:
    """Return the slugs of all episode folders in order of name; `.` and `_` hide a folder.

    Raises:
        SourceError: a folder has no `episode.md`, or a name that cannot be a slug, or one that differs
            from another's only in case.
    """
    folder = root / EPISODES_FOLDER
    if not folder.is_dir():
        return ()
    with os.scandir(folder) as entries:
        names = sorted(entry.name for entry in entries if entry.name[0] not in "._" and entry.is_dir())
    problems: list[Problem] = []
    seen: dict[str, str] = {}
    for name in names:
        shown = f"{EPISODES_FOLDER}/{name}"
        is_slug = bool(_SLUG.fullmatch(name)) and len(name) <= 80
        twin = seen.setdefault(name if is_slug else slug_from(name), name)
        if twin != name:
            message = f"{shown} and {EPISODES_FOLDER}/{twin} would have the same address"
            problems.append(Problem(message, Place(shown), "rename one of the two folders"))
        if not is_slug:
            hint = f"rename the folder to {slug_from(name)}; it becomes part of web addresses"
            problems.append(Problem(f"{name!r} cannot be the name of an episode folder", Place(shown), hint))
        if not os.path.isfile(f"{folder}/{name}/{EPISODE_FILE}"):  # noqa: PTH113 - a third of the time
            hint = f"add the file, or rename the folder to _{name} to leave it alone"
            problems.append(Problem(f"there is no {EPISODE_FILE} in {shown}", Place(shown), hint))
    if problems:
        raise SourceError(tuple(problems))
    return tuple(names)


def find_slug(name: str, slugs: Iterable[str]) -> str:
    """Return the slug that somebody meant; a shell completes the folder's path, which is as good.

    Raises:
        UsageError: there is no such episode.
    """
    known, slug = tuple(slugs), Path(name).name
    if slug not in known:
        hint = did_you_mean(slug, known) or "`publisher list` shows what there is"
        raise UsageError(f"there is no episode `{name}`", hint=hint)
    return slug


def slug_from(text: str) -> str:
    """Turn a title or file name into a slug of at most 60 lower-case ASCII letters, digits and dashes."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    slug = re.sub(r"[^a-z0-9]+", "-", plain.replace("'", "")).strip("-")
    return slug[:60].rstrip("-") or "episode"
