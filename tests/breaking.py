"""A storage to one that does something at a chosen request: die, fail, lose the answer, or let somebody in."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from publisher.storage import Entry, OnBytes, Storage, Stored, Summary
from publisher.storage.protocol import Outcome


class Killed(BaseException):
    """The process is gone: nothing in it may catch this, nothing reaches the storage any more."""


@dataclass
class BreakingStorage:
    """Call `before` and `after` around every verb, with the number of the verb from 1 and its key."""

    inner: Storage
    before: Callable[[int, str], None] = lambda number, key: None
    after: Callable[[int, str], None] = lambda number, key: None
    count: int = 0
    dead: bool = False
    _mutex: threading.RLock = field(default_factory=threading.RLock)

    @property
    def address(self) -> str:
        return self.inner.address

    @property
    def requests(self) -> int:
        return self.inner.requests

    @property
    def lists_for_free(self) -> bool:
        return self.inner.lists_for_free

    @property
    def has_conditions(self) -> bool:
        return self.inner.has_conditions

    @contextmanager
    def _around(self, key: str) -> Iterator[None]:
        with self._mutex:  # one at a time, so that every point is reached
            if self.dead:
                raise Killed
            self.count += 1
            number = self.count
            try:
                self.before(number, key)
                yield
                self.after(number, key)
            except Killed:
                self.dead = True
                raise

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
        with self._around(key):
            return self.inner.put_new(
                key,
                path,
                sha256=sha256,
                content_type=content_type,
                cache_control=cache_control,
                look_first=look_first,
                on_bytes=on_bytes,
            )

    def swap(
        self, key: str, data: bytes, *, expected_etag: str | None, content_type: str, cache_control: str
    ) -> str:
        with self._around(key):
            return self.inner.swap(
                key, data, expected_etag=expected_etag, content_type=content_type, cache_control=cache_control
            )

    def read(self, key: str) -> Stored | None:
        with self._around(key):
            return self.inner.read(key)

    def summarise(self, key: str) -> Summary | None:
        with self._around(key):
            return self.inner.summarise(key)

    def list(self, prefix: str = "") -> Iterator[Entry]:
        with self._around(prefix):
            found = tuple(self.inner.list(prefix))
        yield from found
