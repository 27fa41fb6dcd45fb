"""A large file to its parts, and to the checksum that S3 gives to all of them together."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from publisher.storage.durable import cannot_read

LARGE_BYTES = 32 << 20
"""Files above this size go out in parts."""

_PART_BYTES = 8 << 20
_MOST_PARTS = 10_000


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a file, whose bytes are held in memory."""

    number: int
    data: bytes
    digest: bytes

    @property
    def checksum(self) -> str:
        """Return the SHA-256 as S3's headers have it."""
        return base64.b64encode(self.digest).decode()

    def is_sent(self, sent: Mapping[int, Mapping[str, Any]]) -> bool:
        """Tell whether the store has this part; where it keeps no SHA-256, its MD5 and size tell."""
        known = sent.get(self.number)
        if not known or known["Size"] != len(self.data):
            return False
        if "ChecksumSHA256" in known:
            return bool(known["ChecksumSHA256"] == self.checksum)
        return bool(known["ETag"].strip('"') == hashlib.md5(self.data, usedforsecurity=False).hexdigest())


def checksum_of_parts(path: Path, sha256: str) -> str:
    """Return S3's checksum of an object that was sent in parts, or nothing if the file is another by now."""
    digests: list[bytes] = []
    with closing(PartReader(path)) as reader:
        while part := reader.next():
            digests.append(part.digest)
        return checksum_of_digests(digests) if reader.sha256 == sha256 else ""


def checksum_of_digests(digests: Iterable[bytes]) -> str:
    """Return what S3 makes of the SHA-256 of each part: that of all of them, and their number."""
    listed = list(digests)
    return f"{base64.b64encode(hashlib.sha256(b''.join(listed)).digest()).decode()}-{len(listed)}"


class PartReader:
    """A file that gives its parts one after the other, and keeps none of them in memory.

    Equal files have equal parts, so that one run can go on with another's upload.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._number = 0
        self._whole = hashlib.sha256()
        try:
            self._handle = path.open("rb", buffering=0)
            size = path.stat().st_size
        except OSError as error:
            raise cannot_read(path, error) from error
        self._size = max(_PART_BYTES, -(-size // _MOST_PARTS))

    @property
    def sha256(self) -> str:
        """Return the SHA-256 of all that was read."""
        return self._whole.hexdigest()

    def next(self) -> Part | None:
        """Read the next part, or None at the end."""
        try:
            data = self._handle.read(self._size)
        except OSError as error:
            raise cannot_read(self._path, error) from error
        if not data:
            return None
        self._number += 1
        self._whole.update(data)
        return Part(self._number, data, hashlib.sha256(data).digest())

    def close(self) -> None:
        """Let go of the file."""
        self._handle.close()
