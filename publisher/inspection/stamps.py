"""A show's files that a check can see into their stamps, which tell a change as git does."""

from __future__ import annotations

import json
import os
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from publisher.building.snapshot import ABSENT, RACY, Stamp, stamp_of
from publisher.files import PARTIAL_SUFFIX

Stamped = tuple[str, Stamp]
_FOLDERS = ("episodes", "feeds", "templates", "build/audio")
_SETTINGS = "show.toml"
_NEVER_OVER = (1 << 63) - 1


def stamps_below(root: Path) -> tuple[Stamped, ...]:
    """Return path and stamp of everything that a check of the sources can see.

    A link to a folder has no stamp that tells what changes behind it; it counts as changed just now.
    """
    return tuple((path, stamp) for path, stamp in _stamped(root) if stamp != ABSENT)


def read_memory(path: Path) -> dict[str, Any]:
    """Return what is remembered in a file; damaged memory counts as none."""
    try:
        said = json.loads(path.read_bytes())
    except (OSError, ValueError):
        return {}
    return said if isinstance(said, dict) else {}


def _stamped(root: Path) -> Iterator[Stamped]:
    for path in dict.fromkeys((f"{root}/{_SETTINGS}", *_named(root))):
        yield path, stamp_of(path)
    for name in _FOLDERS:
        yield from _below(f"{root}/{name}")


def _named(root: Path) -> Iterator[str]:
    """Yield the picture that `show.toml` names, which may lie anywhere in the show's folder."""
    try:
        with (root / _SETTINGS).open("rb") as settings:
            show = tomllib.load(settings).get("show")
    except (OSError, ValueError):
        return  # it cannot be read, and that is all a check will say
    cover = show.get("cover") if isinstance(show, dict) else None
    if isinstance(cover, str):
        yield f"{root}/{cover}"


def _below(folder: str) -> Iterator[Stamped]:
    try:
        with os.scandir(folder) as found:
            entries = sorted(found, key=lambda entry: entry.name)
    except OSError:
        return
    for entry in entries:
        if entry.name[0] == "." or entry.name.endswith(PARTIAL_SUFFIX):
            continue
        if entry.is_dir(follow_symlinks=False):
            yield from _below(entry.path)
        elif entry.is_symlink() and entry.is_dir():
            yield entry.path, (RACY[0], _NEVER_OVER, 0, 0)
        else:
            yield entry.path, stamp_of(entry.path)
