"""A folder as a storage: objects are files, created by linking and replaced under a lock."""

from __future__ import annotations

import errno
import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO
from urllib.parse import unquote

from publisher.errors import SurroundingsError, UsageError
from publisher.files import PARTIAL_SUFFIX, cannot_write, digest_bytes, digest_file, sync_folder
from publisher.model import TargetSettings
from publisher.storage.durable import cannot_read, copy_file, create_locked, lock_file, make_folder
from publisher.storage.protocol import (
    Entry,
    OnBytes,
    Outcome,
    StaleError,
    Stored,
    Summary,
    check_key,
    not_the_file,
    other_bytes,
)

_PARTIALS = ".publisher/partial/"  # on the same file system as the rest, and in nobody's way
_LOCK = ".publisher/lock"
_NO_LINKS = {errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK}


def open_directory(target: TargetSettings, root: Path) -> DirectoryStorage:
    """Open the folder of a `file:` address, relative to the show's folder.

    Raises:
        UsageError: the address names no folder, or one that holds the show itself.
    """
    name = target.url.partition(":")[2]
    if name.startswith("//"):
        host, slash, path = name[2:].partition("/")
        name = slash + unquote(path) if host in {"", "localhost"} else ""
    folder = (root / name).resolve() if name and "\0" not in name else root.resolve()
    if root.resolve().is_relative_to(folder):
        raise UsageError(
            f"the target {target.name} cannot publish to {target.url}",
            hint="name a folder of its own, such as file:public",
        )
    return DirectoryStorage(folder)


class DirectoryStorage:
    """Keep objects as files below a folder; an etag is the SHA-256 of the bytes.

    A file is written under another name, synced, and only then given its own. A killed run leaves at most
    such a partial file, which is locked as long as its writer lives: the next run removes those that are not.
    """

    lists_for_free = True
    has_conditions = True

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._requests = 0
        self._swept = False
        self._mutex = threading.Lock()

    @property
    def address(self) -> str:
        """Name the folder."""
        return str(self._folder)

    @property
    def requests(self) -> int:
        """Count the verbs that were called."""
        return self._requests

    def put_new(
        self,
        key: str,
        path: Path,
        *,
        sha256: str,
        content_type: str,
        cache_control: str,
        look_first: bool = False,
        on_bytes: OnBytes | None = None,
    ) -> Outcome:
        """Copy a file in, unless it is there; see the protocol. Types and caching are the web server's."""
        self._count()
        final = self._find(key)
        try:
            if self._holds(final, key, sha256):
                return "exists"
            make_folder(final.parent)
            with self._partial() as (handle, partial):
                copy_file(path, handle, on_bytes)
                if digest_file(partial) != sha256:
                    raise not_the_file(path)
                if self._link(partial, final):
                    sync_folder(final.parent)
                    return "created"
        except OSError as error:
            raise cannot_write(final, error, path.stat().st_size if path.exists() else 0) from error
        if not self._holds(final, key, sha256):
            raise SurroundingsError(f"{key} vanished from {self.address} while it was being published")
        return "exists"

    def swap(
        self, key: str, data: bytes, *, expected_etag: str | None, content_type: str, cache_control: str
    ) -> str:
        """Replace a file under the lock, provided that it is the expected one; see the protocol."""
        self._count()
        final = self._find(key)
        try:
            make_folder(final.parent)
            with self._partial() as (handle, partial):
                handle.write(data)
                handle.flush()
                os.fsync(handle.fileno())
                with self._lock():
                    if (digest_file(final) if final.exists() else None) != expected_etag:
                        raise StaleError(key)
                    _rename(handle, partial, final)
                    sync_folder(final.parent)
        except OSError as error:
            raise cannot_write(final, error, len(data)) from error
        return digest_bytes(data)

    def read(self, key: str) -> Stored | None:
        """Return a file's bytes and their SHA-256."""
        self._count()
        path = self._find(key)
        try:
            data = path.read_bytes()
        except (FileNotFoundError, NotADirectoryError):
            return None
        except OSError as error:
            raise cannot_read(path, error) from error
        return Stored(data, digest_bytes(data))

    def summarise(self, key: str) -> Summary | None:
        """Return a file's SHA-256 and size; a web server tells the type."""
        self._count()
        path = self._find(key)
        try:
            return Summary(digest_file(path), path.stat().st_size)
        except (FileNotFoundError, NotADirectoryError):
            return None
        except OSError as error:
            raise cannot_read(path, error) from error

    def list(self, prefix: str = "") -> Iterator[Entry]:
        """Yield the files below the folder whose keys start with `prefix`."""
        start = prefix.rpartition("/")[0]
        top = self._find(start) if start else self._folder
        self._count()
        yield from (entry for entry in self._walk(top) if entry.key.startswith(prefix))

    def _walk(self, top: Path) -> Iterator[Entry]:
        try:
            for folder, _, names in os.walk(top, onerror=_unless_absent):
                for path in (Path(folder, name) for name in names):
                    key = path.relative_to(self._folder).as_posix()
                    if key != _LOCK and not key.startswith(_PARTIALS) and not path.is_symlink():
                        yield Entry(key, path.stat().st_size)
        except OSError as error:
            raise cannot_read(top, error) from error

    def _count(self) -> None:
        with self._mutex:
            self._requests += 1

    def _find(self, key: str) -> Path:
        """Return where a key's file is, refusing names and links that lead elsewhere."""
        path = self._folder / check_key(key)
        if key == _LOCK or key.startswith(_PARTIALS):
            raise UsageError(f"{key} is a name that publishing keeps for itself")
        if not _is_plain(path):
            raise SurroundingsError(
                f"{path} leads out of the folder by a link; nothing was read or written there",
                hint="replace the link by a real folder, or name its destination as the target",
            )
        return path

    def _holds(self, final: Path, key: str, sha256: str) -> bool:
        """Tell whether a file is there; one with other bytes is an error."""
        if not final.exists():
            return False
        if digest_file(final) != sha256:
            raise other_bytes(self.address, key)
        sync_folder(final.parent)  # whoever put it there may have been killed before this
        return True

    def _link(self, partial: Path, final: Path) -> bool:
        """Give a finished file its name unless the name is taken; tell whether it was free."""
        try:
            os.link(partial, final)
        except FileExistsError:
            return False
        except OSError as error:
            if error.errno not in _NO_LINKS:
                raise
            with self._lock():  # a file system without hard links
                if final.exists():
                    return False
                partial.rename(final)
        return True

    @contextmanager
    def _partial(self) -> Iterator[tuple[BinaryIO, Path]]:
        """Open a fresh file that this process holds locked, and remove what is left of it afterwards."""
        folder = self._folder / _PARTIALS
        make_folder(folder)
        self._sweep(folder)
        partial, handle = create_locked(folder)
        try:
            with handle:
                yield handle, partial
        finally:
            partial.unlink(missing_ok=True)

    def _sweep(self, folder: Path) -> None:
        """Remove the partial files of runs that were killed; once, before the first is written."""
        with self._mutex:
            if self._swept:
                return
            self._swept = True
        for path in folder.glob(f"*{PARTIAL_SUFFIX}"):
            with suppress(OSError), path.open("rb+") as handle:  # somebody else's, still being written
                lock_file(handle, wait=False)
                path.unlink()

    @contextmanager
    def _lock(self) -> Iterator[None]:
        """Hold the storage's one lock; the system releases it when a process dies."""
        with (self._folder / _LOCK).open("ab+") as handle:
            lock_file(handle, wait=True)
            yield


def _is_plain(path: Path) -> bool:
    """Tell whether no part of a path is a symbolic link."""
    try:
        return path.resolve() == path
    except (OSError, RuntimeError):  # links in a circle
        return False


def _rename(handle: BinaryIO, partial: Path, final: Path) -> None:
    if sys.platform == "win32":  # open files cannot be renamed there
        handle.close()
    partial.replace(final)


def _unless_absent(error: OSError) -> None:
    if not isinstance(error, FileNotFoundError | NotADirectoryError):
        raise error
