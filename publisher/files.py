"""Bytes and digests on disk: every file is written whole under another name and renamed into place."""

from __future__ import annotations

import base64
import errno
import hashlib
import io
import os
import secrets
from collections.abc import Iterable
from pathlib import Path

from publisher.errors import SurroundingsError

PARTIAL_SUFFIX = ".partial"
_BLOCK_BYTES = 128 * 1024


def digest_bytes(data: bytes) -> str:
    """Return the SHA-256 of `data` as 64 lower-case hex digits."""
    return hashlib.sha256(data).hexdigest()


def digest_file(path: Path | str) -> str:
    """Return the SHA-256 of a file as 64 lower-case hex digits, reading it in bounded memory."""
    digest = hashlib.sha256()
    with io.FileIO(path) as handle:  # no buffer: half the time of hashlib.file_digest for a small file
        while block := handle.read(_BLOCK_BYTES):
            digest.update(block)
    return digest.hexdigest()


def partial_name(path: Path) -> Path:
    """Return a fresh name beside `path` for writing, so that the rename stays on one file system.

    The name starts with a dot and ends in `.partial`: no reader of sources or outputs takes it for a file.
    """
    return Path(_partial_name(os.fspath(path)))


def _partial_name(path: str) -> str:
    folder, name = os.path.split(path)
    return os.path.join(folder, f".{name[:80]}.{secrets.token_hex(6)}{PARTIAL_SUFFIX}")  # noqa: PTH118 - speed


def move_into_place(partial: Path, final: Path, *, durable: bool = True) -> None:
    """Give a finished file its final name so that it survives a power cut: fsync, rename, fsync folder.

    `durable=False` leaves out the fsyncs, for files that can be made again.
    """
    if durable:
        with partial.open("rb+") as handle:
            os.fsync(handle.fileno())
    partial.replace(final)
    if durable:
        sync_folder(final.parent)


def write_whole(path: Path | str, data: bytes | bytearray, *, durable: bool = True) -> None:
    """Write `data` to `path` so that a reader sees the old file or the new one, never half of one.

    `durable=False` leaves out the fsyncs, for files that can be made again (`build/`, the cache).

    Raises:
        SurroundingsError: the disk is full or the folder cannot be written.
    """
    path = os.fspath(path)  # plain text from here on: ten thousand pages are written one by one
    partial = _partial_name(path)
    is_in_place = False
    try:
        try:
            with _create(partial) as handle:
                rest = memoryview(data)
                while rest:
                    rest = rest[handle.write(rest) :]
                if durable:
                    os.fsync(handle.fileno())
            os.replace(partial, path)  # noqa: PTH105
            is_in_place = True
        finally:
            if not is_in_place:
                Path(partial).unlink(missing_ok=True)
        if durable:
            sync_folder(Path(path).parent)
    except OSError as error:
        raise cannot_write(Path(path), error, len(data)) from error


def _create(path: str) -> io.FileIO:
    """Open a new file for writing, and make its folder where there is none."""
    try:
        return io.FileIO(path, "x")
    except FileNotFoundError:
        Path(path).parent.mkdir(parents=True, exist_ok=True)
        return io.FileIO(path, "x")


def write_if_changed(path: Path | str, data: bytes, *, durable: bool = True) -> bool:
    """Write `data` unless the file holds exactly these bytes already; tell whether it was written."""
    try:
        with io.FileIO(path) as handle:
            if os.fstat(handle.fileno()).st_size == len(data) and handle.readall() == data:
                return False
    except OSError:
        pass  # absent or unreadable: writing it tells what is wrong, if anything is
    write_whole(path, data, durable=durable)
    return True


def sync_folder(folder: Path) -> None:
    """Make renames in `folder` durable, where the system lets folders be opened."""
    if os.name == "nt":  # pragma: no cover - Windows has no folder handles to sync
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def cannot_write(path: Path, error: OSError, needed_bytes: int = 0) -> SurroundingsError:
    """Say in plain words why a file could not be written and what to do; of `needed_bytes`, where known."""
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return disk_full(f"{path} could not be written", path, needed_bytes)
    if error.errno in {errno.EACCES, errno.EPERM, errno.EROFS}:
        return SurroundingsError(
            f"no permission to write {path}",
            hint="check who owns the folder and whether it is read-only",
        )
    return SurroundingsError(
        f"{path} could not be written: {error.strerror or error}",
        hint="check that the folder exists and can be written",
    )


class DiskFullError(SurroundingsError):
    """There was no room for a file."""


def disk_full(what: str, path: Path, needed_bytes: int = 0) -> DiskFullError:
    """Say what could not be done for want of room, how much there is around `path`, and how much it takes."""
    import shutil  # a good deal of code, which hardly anybody ever needs

    folder = next((each for each in (path, *path.parents) if each.is_dir()), Path())
    needed = f"{_megabytes(needed_bytes)} needed, " if needed_bytes else ""
    return DiskFullError(
        f"the disk is full: {what} ({needed}{_megabytes(shutil.disk_usage(folder).free)} free)",
        hint="free some space and run the same command again; nothing was lost or half written",
    )


def _megabytes(size: int) -> str:
    return f"{size / 1e6:,.1f} MB" if size >= 100_000 else f"{size:,} bytes"


def key_digest(sha256: str) -> str:
    """Shorten a digest for use in a public key: 128 bits as 26 lower-case base32 characters."""
    return base64.b32encode(bytes.fromhex(sha256)[:16]).decode("ascii").rstrip("=").lower()


def write_stream(path: Path, chunks: Iterable[bytes | memoryview], *, unless_sha256: str) -> tuple[str, int]:
    """Write chunks to `path` whole, unless they add up to the digest that is there; return digest and size.

    Raises:
        SurroundingsError: the disk is full or the folder cannot be written.
    """
    partial = partial_name(path)
    digest, size = hashlib.sha256(), 0
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            with partial.open("wb") as handle:
                for chunk in chunks:
                    digest.update(chunk)
                    size += handle.write(chunk)
            if digest.hexdigest() != unless_sha256:
                move_into_place(partial, path)
        finally:
            partial.unlink(missing_ok=True)
    except OSError as error:
        raise cannot_write(path, error) from error
    return digest.hexdigest(), size
