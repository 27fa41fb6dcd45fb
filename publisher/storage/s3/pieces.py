"""A large file to its parts, and to the checksum that S3 gives to all of them together."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from publisher.storage.durable import cannot_read

LARGE_BYTES = 32 << 20
"""Files above this size go out in parts."""

_PART_BYTES = 16 << 20
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
    whole = hashlib.sha256()
    for part in read_parts(path):
        digests.append(part.digest)
        whole.update(part.data)
    return checksum_of_digests(digests) if whole.hexdigest() == sha256 else ""


def checksum_of_digests(digests: Iterable[bytes]) -> str:
    """Return what S3 makes of the SHA-256 of each part: that of all of them, and their number."""
    listed = list(digests)
    return f"{base64.b64encode(hashlib.sha256(b''.join(listed)).digest()).decode()}-{len(listed)}"


def read_parts(path: Path) -> Iterator[Part]:
    """Read a file part by part; equal files have equal parts, so that one can go on with another's upload."""
    try:
        with path.open("rb", buffering=0) as handle:
            size = max(_PART_BYTES, -(-path.stat().st_size // _MOST_PARTS))
            number = 0
            while data := handle.read(size):
                number += 1
                yield Part(number, data, hashlib.sha256(data).digest())
    except OSError as error:
        raise cannot_read(path, error) from error
