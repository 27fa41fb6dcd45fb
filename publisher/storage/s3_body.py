"""A file to the body of a request that tells how much of it went out."""

from __future__ import annotations

import io
from pathlib import Path

from publisher.storage.durable import cannot_read
from publisher.storage.protocol import OnBytes


class Body(io.FileIO):
    """A file that tells how much of it went out; what is read to sign the request does not count."""

    def __init__(self, path: Path, on_bytes: OnBytes | None) -> None:
        try:
            super().__init__(path, "rb")
        except OSError as error:
            raise cannot_read(path, error) from error
        self._on_bytes = on_bytes
        self._sending = False
        self._sent = 0

    def start(self) -> None:
        """Count from here: the request, or a repeated one, is about to be sent."""
        if self._sent and self._on_bytes:
            self._on_bytes(-self._sent)
        self._sending, self._sent = True, 0

    def read(self, size: int | None = -1, /) -> bytes:
        """Read on."""
        data = super().read(-1 if size is None else size) or b""
        if self._sending and data and self._on_bytes:
            self._sent += len(data)
            self._on_bytes(len(data))
        return data
