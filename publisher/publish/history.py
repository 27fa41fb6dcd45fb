"""The release records in a storage to the show's history: what was live, when, and what changed."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Set
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Literal

from publisher.files import digest_bytes
from publisher.plan.impact import describe_feed
from publisher.publish.live import list_releases
from publisher.releases import LIVE_KEY, Origin, Release, decode_live, decode_release
from publisher.storage.protocol import Storage

_WORKERS = 8

State = Literal["live", "earlier", "aside", "damaged"]


@dataclass(frozen=True, slots=True)
class PastRelease:
    """A release with its key, and what it changed in listeners' words.

    `aside` is one that nothing followed: somebody went back from it, or its publish lost or never finished.
    Of a `damaged` one only the number is known.
    """

    key: str
    release: Release
    state: State
    changes: tuple[str, ...]

    @property
    def episodes(self) -> int:
        """Count the different episodes in all feeds."""
        return len({item.guid for items in self.release.items.values() for item in items})


def read_history(storage: Storage, feed_keys: Iterable[str]) -> tuple[PastRelease, ...]:
    """Read every release, the newest first: a request for each, a few at a time.

    Raises:
        SurroundingsError: the storage cannot be read, or a newer version of this tool wrote its records.
    """
    feeds = {key: digest_bytes(found.data) for key in feed_keys if (found := storage.read(key))}
    listed = list_releases(storage)
    keys = [key for _, _, key in listed]
    with ThreadPoolExecutor(_WORKERS) as pool:
        read = list(pool.map(lambda key: _read_release(storage, key), keys))
    releases = {key: release for key, release in zip(keys, read, strict=True) if release}
    damaged = {
        key: Release(number, "", Origin(), {}, {}, {}) for number, _, key in listed if key not in releases
    }
    last = storage.read(LIVE_KEY)
    record = decode_live(last.data) if last else None
    live = next((key for key in reversed(releases) if feeds and releases[key].feeds == feeds), None)
    known = {release.parent for release in releases.values()} | {record.key if record else "", live}
    if damaged:
        known |= {*keys}  # which release followed which is not known
    return tuple(
        PastRelease(
            key=key,
            release=release,
            state=_state(key, live, known, damaged),
            changes=_changes(release, releases, is_damaged=key in damaged),
        )
        for key in reversed(keys)
        for release in [releases.get(key) or damaged[key]]
    )


def _state(key: str, live: str | None, known: Set[str | None], damaged: Container[str]) -> State:
    if key in damaged:
        return "damaged"
    return "live" if key == live else "earlier" if key in known else "aside"


def _read_release(storage: Storage, key: str) -> Release | None:
    found = storage.read(key)
    return decode_release(found.data) if found else None


def _changes(after: Release, releases: Mapping[str, Release], *, is_damaged: bool) -> tuple[str, ...]:
    """Say what a release changed for listeners; each line once, though several feeds may tell the same."""
    if is_damaged:
        return ("its record cannot be read",)
    before = releases.get(after.parent)
    if after.parent and not before:
        return ("the record of the release before cannot be read, so what changed is not known",)
    lines: dict[str, None] = {}
    for feed, items in after.items.items():
        then = before.items.get(feed) if before else None
        if before and before.feeds.get(feed) == after.feeds.get(feed):
            continue
        lines.update(dict.fromkeys(describe_feed(feed, then, items)))
    return tuple(lines)
