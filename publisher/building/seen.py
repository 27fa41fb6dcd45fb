"""What the last build read, as columns: stamp and digest of every source file, so that looking is quick."""

from __future__ import annotations

import json
import sys
from array import array
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from publisher.building.snapshot import ABSENT, FileState, Stamp
from publisher.files import write_whole

SEEN_FILE = ".publisher/seen"
_FORMAT = 1
_DIGEST_BYTES = 32
_NO_DIGEST = bytes(_DIGEST_BYTES)


@dataclass(frozen=True, slots=True)
class Sources:
    """The files of an episode's folder; `is_locked` tells that its recordings were not read."""

    folder: Stamp
    files: Mapping[str, FileState]
    is_locked: bool


class Shelf:
    """The sources of many episodes: four numbers and a digest a row, a row for the folder and for each file.

    A show of ten thousand episodes fits into 3 MB, and is compared without making a value of any file.
    """

    def __init__(self) -> None:
        self.rows: dict[str, int] = {}
        self.names: dict[str, tuple[str, ...]] = {}
        self.locked: set[str] = set()
        self.stamps = array("q")
        self.digests = bytearray()

    def add(self, slug: str, sources: Sources) -> None:
        """Put an episode's sources behind the others."""
        self._start(slug, tuple(sources.files), is_locked=sources.is_locked)
        self.stamps.extend(sources.folder)
        self.digests += _NO_DIGEST
        for state in sources.files.values():
            self.stamps.extend(state.stamp)
            self.digests += bytes.fromhex(state.sha256) or _NO_DIGEST

    def take(self, slug: str, other: Shelf, *, is_locked: bool) -> None:
        """Copy an episode's sources from another shelf."""
        row, count = other.rows[slug], len(other.names[slug]) + 1
        self._start(slug, other.names[slug], is_locked=is_locked)
        self.stamps += other.stamps[4 * row : 4 * (row + count)]
        self.digests += other.digests[_DIGEST_BYTES * row : _DIGEST_BYTES * (row + count)]

    def get(self, slug: str) -> Sources | None:
        """Return an episode's sources."""
        row = self.rows.get(slug)
        if row is None:
            return None
        states = {
            name: FileState(self._stamp(at), self._digest(at))
            for at, name in enumerate(self.names[slug], row + 1)
        }
        return Sources(self._stamp(row), states, slug in self.locked)

    def _start(self, slug: str, names: tuple[str, ...], *, is_locked: bool) -> None:
        self.rows[slug] = len(self.stamps) // 4
        self.names[slug] = names
        if is_locked:
            self.locked.add(slug)

    def _stamp(self, row: int) -> Stamp:
        size, modified, changed, inode = self.stamps[4 * row : 4 * row + 4]
        return (size, modified, changed, inode)

    def _digest(self, row: int) -> str:
        digest = self.digests[_DIGEST_BYTES * row : _DIGEST_BYTES * (row + 1)]
        return digest.hex() if digest != _NO_DIGEST else ""


@dataclass(frozen=True, slots=True)
class BuiltFeed:
    """A feed file, and how many items it has."""

    name: str
    path: str
    sha256: str
    items: int


@dataclass(frozen=True, slots=True)
class Seen:
    """What the last build read, and the little that is told of it when nothing has changed.

    `engine` is the digest of all that is not a source, `engine_stamp` tells cheaply that it is the same.
    `folder` is the stamp of `episodes/`; `outputs` are those of the folders in `build/` and of the file with
    what was made. Nothing can have changed before `until`, when the next episode comes out. An empty one
    causes a whole build.
    """

    engine: str = ""
    engine_stamp: str = ""
    shared: Mapping[str, FileState] = field(default_factory=dict)
    folder: Stamp = ABSENT
    outputs: Mapping[str, Stamp] = field(default_factory=dict)
    until: str = ""
    states: Mapping[str, int] = field(default_factory=dict)
    feeds: tuple[BuiltFeed, ...] = ()
    episodes: Shelf = field(default_factory=Shelf)


def read_seen(root: Path) -> Seen:
    """Read what was seen; damaged or foreign content counts as nothing."""
    try:
        data = (root / SEEN_FILE).read_bytes()
        head, _, columns = data.partition(b"\n")
        facts = json.loads(head)
        if [facts["format"], facts["byteorder"]] != [_FORMAT, sys.byteorder]:
            return Seen()
        return Seen(
            engine=facts["engine"],
            engine_stamp=facts["engine_stamp"],
            shared={
                name: FileState(_four(stamp), digest) for name, (stamp, digest) in facts["shared"].items()
            },
            folder=_four(facts["folder"]),
            outputs={name: _four(stamp) for name, stamp in facts["outputs"].items()},
            until=facts["until"],
            states=facts["states"],
            feeds=tuple(BuiltFeed(*feed) for feed in facts["feeds"]),
            episodes=_shelf(facts, columns),
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return Seen()


def write_seen(root: Path, seen: Seen) -> None:
    """Write what the next build may rely on."""
    shelf = seen.episodes
    # Most folders hold files of the same names, so that each list is written once.
    lists = {names: at for at, names in enumerate(dict.fromkeys(map(tuple, shelf.names.values())))}
    facts = {
        "format": _FORMAT,
        "byteorder": sys.byteorder,
        "engine": seen.engine,
        "engine_stamp": seen.engine_stamp,
        "shared": {name: [state.stamp, state.sha256] for name, state in seen.shared.items()},
        "folder": seen.folder,
        "outputs": dict(seen.outputs),
        "until": seen.until,
        "states": dict(seen.states),
        "feeds": [[feed.name, feed.path, feed.sha256, feed.items] for feed in seen.feeds],
        "locked": sorted(shelf.locked),
        "lists": list(lists),
        "slugs": {slug: lists[tuple(names)] for slug, names in shelf.names.items()},
    }
    head = json.dumps(facts, separators=(",", ":")).encode()
    write_whole(
        root / SEEN_FILE, b"".join((head, b"\n", shelf.stamps.tobytes(), shelf.digests)), durable=False
    )


def _shelf(facts: Mapping[str, Any], columns: bytes) -> Shelf:
    shelf = Shelf()
    lists = [tuple(names) for names in facts["lists"]]
    shelf.locked = set(facts["locked"])
    row = 0
    for slug, at in facts["slugs"].items():
        shelf.names[slug] = lists[at]
        shelf.rows[slug] = row
        row += 1 + len(lists[at])
    stamp_bytes = 4 * shelf.stamps.itemsize * row
    if len(columns) != stamp_bytes + _DIGEST_BYTES * row:
        raise ValueError("the columns are not complete")
    shelf.stamps.frombytes(columns[:stamp_bytes])
    shelf.digests = bytearray(columns[stamp_bytes:])
    return shelf


def _four(numbers: Iterable[int]) -> Stamp:
    size, modified, changed, inode = numbers
    return (size, modified, changed, inode)
