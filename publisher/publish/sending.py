"""Files of a plan to verified objects in a storage, several at a time."""

from __future__ import annotations

import os.path
import threading
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed

from publisher.errors import PublisherError
from publisher.files import digest_bytes
from publisher.model import Artifact, LiveRecord
from publisher.storage.durable import cannot_read
from publisher.storage.protocol import OnBytes, Outcome, StaleError, Storage, not_the_file

OnProgress = Callable[[float], None]

_WORKERS = 8
_MAX_LISTINGS = 8


class Sender:
    """Send artifacts, and remember how many went out and what the storage calls their bytes."""

    def __init__(self, storage: Storage, record: LiveRecord, on_progress: OnProgress | None) -> None:
        self.uploaded = 0
        self.etags: dict[str, str] = {}
        self.put_off: list[Artifact] = []
        self._created: list[Artifact] = []
        self._storage = storage
        self._known_etags = record.etags
        self._on_progress = on_progress
        self._there: set[str] = set()
        self._bytes_done = 0
        self._mutex = threading.Lock()
        self._stop = threading.Event()
        self._failure: PublisherError | None = None

    def look_around(self, keys: Sequence[str]) -> None:
        """List what is there under names that the live record does not know, such as a killed run leaves."""
        self._there = set(self._list(keys))

    def send(self, artifacts: Iterable[Artifact], *, only_create: bool = False) -> None:
        """Send all of them, and return when each is there with exactly its bytes, and is listed.

        With `only_create`, one that would replace other bytes is put off: whoever has not won the feed
        must not change what may be the winner's.

        Raises:
            ConflictError: somebody else changed one of them at the same time.
            SurroundingsError: the first of what went wrong; nothing else is begun, running uploads are ended.
        """
        is_done = False
        with ThreadPoolExecutor(_WORKERS) as pool:
            try:
                tasks = [pool.submit(self._send, artifact, only_create) for artifact in artifacts]
                for task in as_completed(tasks):
                    task.result()
                is_done = True
            except KeyboardInterrupt:
                if self._failure:  # an upload that was ended because of it
                    raise self._failure from None
                raise
            finally:
                if not is_done:
                    self._stop.set()
                    pool.shutdown(cancel_futures=True)
        self._read_back()

    def advance(self, count: int) -> None:
        """Tell that so many bytes more are done, fewer when an upload starts over."""
        if self._stop.is_set():
            raise KeyboardInterrupt  # ends this upload: for boto3 an Exception is a reason to try again
        with self._mutex:
            self._bytes_done += count
            if self._on_progress:
                self._on_progress(self._bytes_done)

    def _send(self, artifact: Artifact, only_create: bool) -> None:
        if self._stop.is_set():
            return
        try:
            sent = self.create(artifact) if artifact.immutable else self._replace(artifact, only_create)
        except PublisherError as error:
            with self._mutex:
                self._failure = self._failure or error
            self._stop.set()
            raise
        with self._mutex:
            self.uploaded += sent
            if sent and artifact.immutable:
                self._created.append(artifact)

    def _read_back(self) -> None:
        """See that the store has not lost what it took; what is not listed is asked for by name."""
        created, self._created = self._created, []
        listed = self._list([artifact.key for artifact in created]) if created else {}
        for artifact in created:
            if listed.get(artifact.key) != artifact.bytes:
                self._put_new(artifact, look_first=True)

    def _list(self, keys: Sequence[str]) -> dict[str, int]:
        """List the folders of some keys with few requests; return the sizes of what is there."""
        folders = {f"{folder}/" if folder else key for key in keys for folder in [key.rpartition("/")[0]]}
        if len(folders) > _MAX_LISTINGS:
            folders = {os.path.commonprefix(list(keys))}  # noqa: RUF071 - letters is what a listing goes by
        return {entry.key: entry.bytes for prefix in sorted(folders) for entry in self._storage.list(prefix)}

    def create(self, artifact: Artifact) -> bool:
        """Create one immutable object, and tell whether it was not there yet."""
        told = 0

        def on_bytes(count: int) -> None:
            nonlocal told
            told += count
            self.advance(count)

        outcome = self._put_new(artifact, look_first=artifact.key in self._there, on_bytes=on_bytes)
        self.advance(artifact.bytes - told)
        return outcome == "created"

    def _put_new(self, artifact: Artifact, *, look_first: bool, on_bytes: OnBytes | None = None) -> Outcome:
        return self._storage.put_new(
            artifact.key,
            artifact.path,
            sha256=artifact.sha256,
            content_type=artifact.content_type,
            cache_control=artifact.cache_control,
            look_first=look_first,
            on_bytes=on_bytes,
        )

    def _replace(self, artifact: Artifact, only_create: bool) -> bool:
        """Put a mutable object in the place of the one that the live record knows, or that is found there."""
        data = load(artifact)
        etag = self._known_etags.get(artifact.key)
        if etag is None and artifact.key in self._there and (found := self._storage.read(artifact.key)):
            if found.data == data:
                return self._note(artifact, found.etag, sent=False)
            if only_create:
                return self._put_off(artifact)
            etag = found.etag
        try:
            new_etag = self._storage.swap(
                artifact.key,
                data,
                expected_etag=etag,
                content_type=artifact.content_type,
                cache_control=artifact.cache_control,
            )
        except StaleError:
            found = self._storage.read(artifact.key)
            if found and found.data == data:
                return self._note(artifact, found.etag, sent=True)
            if only_create and etag is None:
                return self._put_off(artifact)
            raise
        return self._note(artifact, new_etag, sent=True)

    def _note(self, artifact: Artifact, etag: str, *, sent: bool) -> bool:
        self.advance(artifact.bytes)
        with self._mutex:
            self.etags[artifact.key] = etag
        return sent

    def _put_off(self, artifact: Artifact) -> bool:
        with self._mutex:
            self.put_off.append(artifact)
            self._there.add(artifact.key)
        return False


def load(artifact: Artifact) -> bytes:
    """Return an artifact's bytes, which must be those that were planned.

    Raises:
        SurroundingsError: the file is gone or was changed.
    """
    try:
        data = artifact.path.read_bytes()
    except OSError as error:
        raise cannot_read(artifact.path, error) from error
    if digest_bytes(data) != artifact.sha256:
        raise not_the_file(artifact.path)
    return data
