"""What publishing needs of any storage: four verbs, and names that stay inside it."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal, Protocol, runtime_checkable

from publisher.errors import ConflictError, SurroundingsError, UsageError

OnBytes = Callable[[int], None]
Outcome = Literal["created", "exists"]

_MAX_KEY_BYTES = 900  # S3 allows 1024; the rest is for a prefix


@dataclass(frozen=True, slots=True)
class Stored:
    """An object's bytes, the storage's name for exactly these bytes, and their type where it keeps one."""

    data: bytes
    etag: str
    content_type: str = ""


@dataclass(frozen=True, slots=True)
class Summary:
    """What an object's bytes add up to, and their type where the storage keeps one."""

    sha256: str
    bytes: int
    content_type: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """An object in a listing."""

    key: str
    bytes: int


class StaleError(ConflictError):
    """An object is not, or no longer, the one that a swap expected."""

    def __init__(self, key: str) -> None:
        super().__init__(
            f"{key} was changed by somebody else meanwhile",
            hint="run the same command again to see the new plan",
        )
        self.key = key


class Storage(Protocol):
    """A place that holds objects under keys such as `episodes/part-i/audio-3f2a.mp3`.

    Nothing is ever deleted, and no object is ever seen half written. Every verb raises a SurroundingsError
    when the storage cannot be reached, refuses, or is full, and a UsageError for a key that leaves it. All
    verbs may be called from several threads.
    """

    @property
    def address(self) -> str:
        """Name the place for people; holds no secret."""
        ...

    @property
    def requests(self) -> int:
        """Count the requests so far."""
        ...

    @property
    def lists_for_free(self) -> bool:
        """Tell whether listing is so cheap that it may be done in every run."""
        ...

    @property
    def has_conditions(self) -> bool:
        """Tell whether the storage itself decides who may write: else only one may publish at a time."""
        ...

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
        """Create an object from a file, and return only when exactly these bytes are under `key`.

        `look_first` is for an object that is probably there: it is verified before anything is sent.
        `on_bytes` is told how many bytes went out, with a negative number when a try starts over.

        Raises:
            SurroundingsError: other bytes are under this key already (they are left alone), or the file's
                bytes are not those of `sha256`.
        """
        ...

    def swap(
        self, key: str, data: bytes, *, expected_etag: str | None, content_type: str, cache_control: str
    ) -> str:
        """Replace an object, provided that it is the one with `expected_etag` (None: there is none).

        Returns:
            The new etag.

        Raises:
            StaleError: it is not.
        """
        ...

    def read(self, key: str) -> Stored | None:
        """Return an object's bytes, or None when there is none."""
        ...

    def summarise(self, key: str) -> Summary | None:
        """Read an object of any size to its end, in little memory; return None when there is none."""
        ...

    def list(self, prefix: str = "") -> Iterator[Entry]:
        """Yield the objects whose keys start with `prefix`, in an order of the storage's own."""
        ...


@runtime_checkable
class Clocked(Protocol):
    """A storage that has a clock of its own."""

    @property
    def clock(self) -> datetime | None:
        """Return the storage's time at its last answer, or None before there was one."""
        ...


@dataclass(frozen=True, slots=True)
class BucketFacts:
    """How a bucket is set up; None is unknown, most likely because one may not look."""

    keeps_versions: bool | None
    ends_unfinished: bool | None
    unfinished: int | None


@runtime_checkable
class Described(Protocol):
    """A storage that can tell how it is set up."""

    def describe(self) -> BucketFacts:
        """Look at the settings; a few requests."""
        ...


def check_key(key: str) -> str:
    """Return a key that names one object inside a storage, on any system.

    Raises:
        UsageError: the key could lead out of the storage, or cannot be a file's name.
    """
    if (
        not key
        or len(key.encode("utf-8", "surrogatepass")) > _MAX_KEY_BYTES
        or any(segment in {"", ".", ".."} for segment in key.split("/"))
        or any(letter in '\\:*?"<>|' or unicodedata.category(letter).startswith("C") for letter in key)
    ):
        raise UsageError(
            f"{key[:200]!r} cannot be the name of a published file",
            hint="names hold letters, digits, hyphens and dots, with / between folders",
        )
    return key


def other_bytes(address: str, key: str) -> SurroundingsError:
    """Say that an object which is never changed is there with bytes that are not ours."""
    return SurroundingsError(
        f"{key} is already in {address} with other bytes; nothing was overwritten",
        hint="something damaged it or wrote to the same place; remove that one file there, then run the same "
        "command again",
    )


def not_the_file(path: Path) -> SurroundingsError:
    """Say that a file's bytes are no longer those that were planned."""
    return SurroundingsError(
        f"{path.name} changed while it was being published, or its bytes were damaged on the way",
        hint="run the same command again; it builds and plans anew",
    )
