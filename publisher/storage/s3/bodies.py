"""A file, or a part of one, to the body of a request that tells how much of it went out."""

from __future__ import annotations

import hashlib
import io
import os
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from publisher.storage.durable import cannot_read
from publisher.storage.protocol import OnBytes

if TYPE_CHECKING:
    from hashlib import _Hash as Hash

_LEAST_BYTES = 256 * 1024


class _Source(Protocol):
    def read(self, size: int = -1, /) -> bytes | None: ...
    def seek(self, offset: int, whence: int = 0, /) -> int: ...
    def tell(self) -> int: ...
    def close(self) -> None: ...


class Body:
    """Bytes that tell how much of them went out; what is read to look at them does not count."""

    def __init__(
        self, source: _Source, size: int, on_bytes: OnBytes | None, *, wants_etag: bool = False
    ) -> None:
        self.size = size
        self._wants_etag = wants_etag
        self._md5: Hash | None = None
        self._source = source
        self._on_bytes = on_bytes
        self._sending = False
        self._sent = 0

    def start(self) -> None:
        """Count from here: the request, or a repeated one, is about to be sent."""
        self.take_back()
        self._sending = True
        self._md5 = hashlib.md5(usedforsecurity=False) if self._wants_etag else None

    def take_back(self) -> None:
        """Tell that nothing went out, after all."""
        if self._sent and self._on_bytes:
            self._on_bytes(-self._sent)
        self._sent = 0

    def read(self, size: int | None = -1, /) -> bytes:
        """Read on; more at a time than the 16 KB that http.client asks for, which sends whatever it gets."""
        wanted = -1 if size is None or size < 0 else max(size, _LEAST_BYTES if self._sending else size)
        data = self._source.read(wanted) or b""
        if self._sending and data:
            if self._md5:
                self._md5.update(data)
            if self._on_bytes:
                self._sent += len(data)
                self._on_bytes(len(data))
        return data

    @property
    def etag(self) -> str:
        """Return the etag that a store gives to exactly what went out: its MD5, in quotation marks.

        Nothing when nothing went out, or nobody wanted it.
        """
        return f'"{self._md5.hexdigest()}"' if self._md5 else ""

    def seek(self, offset: int, whence: int = 0, /) -> int:
        """Go to another place; a repeated request begins anew."""
        return self._source.seek(offset, whence)

    def tell(self) -> int:
        """Return the place."""
        return self._source.tell()

    def __len__(self) -> int:
        return self.size

    def close(self) -> None:
        """Let go of the file."""
        self._source.close()


def body_of_file(path: Path, on_bytes: OnBytes | None) -> Body:
    """Open a file as a body."""
    try:
        handle = io.FileIO(path, "rb")
        return Body(handle, os.fstat(handle.fileno()).st_size, on_bytes, wants_etag=True)
    except OSError as error:
        raise cannot_read(path, error) from error


def body_of_bytes(data: bytes, on_bytes: OnBytes | None) -> Body:
    """Make a body of bytes, which are not copied."""
    return Body(io.BytesIO(data), len(data), on_bytes)
