"""A storage in memory that is stricter than any: it checks every digest, condition and type."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from publisher.storage.durable import cannot_read
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


@dataclass(frozen=True)
class Kept:
    data: bytes
    etag: str
    content_type: str
    cache_control: str


@dataclass
class MemoryStorage:
    """Objects in a dictionary, with the log of what was asked for: `(verb, key)`."""

    address: str = "memory:"
    lists_for_free: bool = False
    has_conditions: bool = True
    objects: dict[str, Kept] = field(default_factory=dict)
    log: list[tuple[str, str]] = field(default_factory=list)
    _writes: int = 0
    _mutex: threading.RLock = field(default_factory=threading.RLock)

    @property
    def requests(self) -> int:
        return len(self.log)

    @property
    def writes(self) -> list[tuple[str, str]]:
        return [entry for entry in self.log if entry[0] in {"put_new", "swap"}]

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
        check_key(key)
        with self._mutex:
            if look_first and key in self.objects:
                self.log.append(("look", key))
                if hashlib.sha256(self.objects[key].data).hexdigest() != sha256:
                    raise other_bytes(self.address, key)
                return "exists"
            self.log.append(("put_new", key))
            if key in self.objects:
                if hashlib.sha256(self.objects[key].data).hexdigest() != sha256:
                    raise other_bytes(self.address, key)
                return "exists"
            try:
                data = path.read_bytes()
            except OSError as error:
                raise cannot_read(path, error) from error
            if hashlib.sha256(data).hexdigest() != sha256:
                raise not_the_file(path)
            if on_bytes:
                on_bytes(len(data))
            self._keep(key, data, content_type, cache_control)
            return "created"

    def swap(
        self, key: str, data: bytes, *, expected_etag: str | None, content_type: str, cache_control: str
    ) -> str:
        check_key(key)
        with self._mutex:
            self.log.append(("swap", key))
            current = self.objects.get(key)
            if (current.etag if current else None) != expected_etag:
                raise StaleError(key)
            return self._keep(key, data, content_type, cache_control)

    def read(self, key: str) -> Stored | None:
        check_key(key)
        with self._mutex:
            self.log.append(("read", key))
            kept = self.objects.get(key)
            return Stored(kept.data, kept.etag) if kept else None

    def summarise(self, key: str) -> Summary | None:
        stored = self.read(key)
        return Summary(hashlib.sha256(stored.data).hexdigest(), len(stored.data)) if stored else None

    def list(self, prefix: str = "") -> Iterator[Entry]:
        with self._mutex:
            self.log.append(("list", prefix))
            found = sorted(self.objects.items(), key=lambda pair: pair[0].encode())
        yield from (Entry(key, len(kept.data)) for key, kept in found if key.startswith(prefix))

    def _keep(self, key: str, data: bytes, content_type: str, cache_control: str) -> str:
        if not content_type or not cache_control:
            raise AssertionError(f"{key} was stored without a type or a cache policy")
        self._writes += 1  # an etag that nobody can guess from the bytes
        self.objects[key] = Kept(data, f'"{self._writes}"', content_type, cache_control)
        return self.objects[key].etag
