"""A show's files that a check can see into their stamps, which tell a change as git does."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from publisher.building.snapshot import ABSENT, Stamp, stamp_of
from publisher.files import PARTIAL_SUFFIX

Stamped = tuple[str, Stamp]
_FOLDERS = ("episodes", "feeds", "templates", "build/audio")
_FILES = ("show.toml",)


def stamps_below(root: Path) -> tuple[Stamped, ...]:
    """Return path and stamp of everything that a check of the sources can see."""
    return tuple((path, stamp) for path in _files(root) if (stamp := stamp_of(path)) != ABSENT)


def read_memory(path: Path) -> dict[str, Any]:
    """Return what is remembered in a file; damaged memory counts as none."""
    try:
        said = json.loads(path.read_bytes())
    except (OSError, ValueError):
        return {}
    return said if isinstance(said, dict) else {}


def _files(root: Path) -> Iterator[str]:
    for name in _FILES:
        yield f"{root}/{name}"
    for name in _FOLDERS:
        yield from _below(f"{root}/{name}")


def _below(folder: str) -> Iterator[str]:
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
        else:
            yield entry.path
