"""Bytes to files that outlive a kill or a power cut, under locks that do not."""

from __future__ import annotations

import os
import secrets
import sys
from pathlib import Path
from typing import BinaryIO

from publisher.errors import SurroundingsError
from publisher.files import PARTIAL_SUFFIX, sync_folder
from publisher.storage.protocol import OnBytes

_CHUNK_BYTES = 1 << 20

if sys.platform == "win32":
    import msvcrt

    def lock_file(handle: BinaryIO, *, wait: bool) -> None:
        """Lock an open file until it is closed; see below. The locked byte lies behind all content."""
        handle.seek(1 << 40)
        msvcrt.locking(handle.fileno(), msvcrt.LK_LOCK if wait else msvcrt.LK_NBLCK, 1)
        handle.seek(0)
else:
    import fcntl

    def lock_file(handle: BinaryIO, *, wait: bool) -> None:
        """Lock an open file until it is closed.

        Raises:
            OSError: somebody else holds the lock, and we are not to wait.
        """
        fcntl.flock(handle, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))


def create_locked(folder: Path) -> tuple[Path, BinaryIO]:
    """Create a partial file in `folder` and hold it locked, so that nobody takes it for a leftover."""
    while True:
        path = folder / f"{secrets.token_hex(8)}{PARTIAL_SUFFIX}"
        handle = path.open("x+b")
        try:
            lock_file(handle, wait=True)
        except OSError:  # a file system without locks
            handle.close()
            path.unlink()
            raise
        if os.fstat(handle.fileno()).st_nlink:
            return path, handle
        handle.close()  # swept between its creation and its lock


def copy_file(source: Path, handle: BinaryIO, on_bytes: OnBytes | None) -> None:
    """Copy a file into an open one, so that it survives a power cut."""
    try:
        reader = source.open("rb")
    except OSError as error:
        raise cannot_read(source, error) from error
    with reader:
        while chunk := reader.read(_CHUNK_BYTES):
            handle.write(chunk)
            if on_bytes:
                on_bytes(len(chunk))
    handle.flush()
    os.fsync(handle.fileno())


def make_folder(folder: Path) -> None:
    """Create a folder and those above it so that they survive a power cut."""
    if folder.is_dir():
        return
    make_folder(folder.parent)
    folder.mkdir(exist_ok=True)
    sync_folder(folder.parent)


def cannot_read(path: Path, error: OSError) -> SurroundingsError:
    """Say in plain words that a file could not be read."""
    return SurroundingsError(
        f"{path} could not be read: {error.strerror or error}",
        hint="check that it is there and that you may read it",
    )
