"""Files into signatures that tell cheaply, and never wrongly, whether their bytes can have changed."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from publisher.files import digest_file

Stamp = tuple[int, int, int, int]
"""Size, modification and change time in nanoseconds, and inode: git's way of noticing a change."""

ABSENT: Stamp = (-1, 0, 0, 0)
RACY: Stamp = (-2, 0, 0, 0)
_CLOCK_GRAIN_NS = 50_000_000
_SIGNED = (1 << 63) - 1


@dataclass(frozen=True, slots=True)
class FileState:
    """A file as it was last read: its stamp, and the SHA-256 of its bytes ("" when they were not needed)."""

    stamp: Stamp
    sha256: str


def stamp_of(path: Path | str, folder: int | None = None) -> Stamp:
    """Return the stamp of a file or folder, or ABSENT; `folder` is an open one that `path` starts from."""
    try:
        found = os.stat(path, dir_fd=folder)
    except OSError:
        return ABSENT
    return (found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino & _SIGNED)


def is_racy(stamp: Stamp, started_ns: int) -> bool:
    """Tell whether something may change again without this stamp, taken in this run, showing it.

    That is so within the file system's clock grain of `started_ns`, the start of the run.
    """
    return max(stamp[1], stamp[2]) >= started_ns - _CLOCK_GRAIN_NS


def state_of(path: Path | str, known: FileState | None, *, started_ns: int) -> FileState:
    """Return a file's state, reading it only when its stamp differs from the known one.

    A racy stamp is noted as RACY, and the next run reads the file again.

    Raises:
        OSError: the file cannot be read.
    """
    stamp = stamp_of(path)
    if known and known.sha256 and known.stamp == stamp:
        return known
    digest = digest_file(path)
    return FileState(RACY if is_racy(stamp, started_ns) else stamp, digest)
