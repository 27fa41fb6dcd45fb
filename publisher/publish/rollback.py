"""An earlier release to the live one: its feeds, byte for byte, swapped in without a build."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from publisher.errors import (
    LiveFeedState,
    PublisherError,
    SourceError,
    StoppedError,
    SurroundingsError,
    UsageError,
)
from publisher.files import digest_bytes
from publisher.plan.impact import describe_feed
from publisher.publish.live import ReadItems, find_release
from publisher.publish.swapping import swap_feed
from publisher.releases import (
    FEEDS_PREFIX,
    RECORDS_PREFIX,
    Release,
    decode_release,
    feed_copy_key,
    parse_release_key,
)
from publisher.storage.protocol import Storage, Stored

_PAGES = "the web pages stay as they are; the next publish brings feed and pages to what the sources say"


@dataclass(frozen=True, slots=True)
class ReturningFeed:
    """A feed that is to be live again, and the storage's name for the one that is live now."""

    key: str
    data: bytes
    expected_etag: str | None


@dataclass(frozen=True, slots=True)
class Rollback:
    """What a return to release `number` does; without feeds that release is live already."""

    target: str
    number: int
    feeds: tuple[ReturningFeed, ...]
    impact: tuple[str, ...]


def plan_rollback(
    storage: Storage,
    feed_keys: Iterable[str],
    number: int | None,
    read_items: ReadItems,
    *,
    target_name: str,
) -> Rollback:
    """Decide how to return to a release, by default to the one before the live one; touches nothing.

    With a number and one feed this takes three requests, and the return itself a fourth.

    Raises:
        UsageError: there is no such release.
        SurroundingsError: the storage cannot be read, or what was kept is damaged.
    """
    keys = tuple(feed_keys)
    wanted = _Wanted(storage, keys)
    number = wanted.number_before() if number is None else number
    feeds: list[ReturningFeed] = []
    impact: dict[str, None] = {}
    digests = {key: sha256 for key, sha256 in wanted.feeds_of(number).items() if key in keys}
    if not digests:
        raise UsageError(
            f"release {number} has no {' or '.join(keys)}: the show's feeds had other names then",
            hint="go back to a later release, or write the old name of the feed in show.toml first",
        )
    for key, sha256 in digests.items():
        there = wanted.live.get(key)
        if there and digest_bytes(there.data) == sha256:
            continue
        data = wanted.read_copy(sha256, number)
        feeds.append(ReturningFeed(key, data, there.etag if there else None))
        impact.update(dict.fromkeys(_describe(feeds[-1], there, read_items)))
    left = sorted(wanted.live.keys() - digests.keys())
    impact.update((f"{key} stays as it is: release {number} has no such feed", None) for key in left)
    return Rollback(target_name, number, tuple(feeds), (*impact, _PAGES) if feeds else ())


def roll_back(plan: Rollback, storage: Storage) -> None:
    """Swap the feeds of an earlier release in, provided that what is live is what the plan saw.

    Raises:
        ConflictError: somebody else published since the plan was made.
        SurroundingsError: the storage did not do its part. Every error says in `live_feed` what was done.
    """
    state: LiveFeedState = "unchanged"
    for feed in plan.feeds:
        try:
            swap_feed(storage, feed.key, feed.data, feed.expected_etag)
        except PublisherError as error:
            error.live_feed = error.live_feed or state
            raise
        except KeyboardInterrupt as stop:
            raise StoppedError("unknown") from stop
        state = "updated"


def _describe(feed: ReturningFeed, there: Stored | None, read_items: ReadItems) -> Iterable[str]:
    """Say what listeners will notice; that the live feed cannot be read is a reason to go back."""
    after = read_items(feed.data)
    try:
        before = read_items(there.data) if there else None
    except SourceError:
        return (f"{feed.key} cannot be read as it is live now; apps get {len(after)} episodes again",)
    return describe_feed(feed.key, before, after)


class _Wanted:
    """What is kept in a storage and what is live, looked up with as few requests as possible."""

    def __init__(self, storage: Storage, feed_keys: tuple[str, ...]) -> None:
        self._storage = storage
        self._feed_keys = feed_keys
        self._read_copies: dict[str, bytes] = {}
        keys = [entry.key for entry in storage.list(RECORDS_PREFIX)]
        parsed = ((parse_release_key(key), key) for key in keys)
        self._releases = sorted((*found, key) for found, key in parsed if found)
        self._copies = [
            key.removeprefix(FEEDS_PREFIX).removesuffix(".xml")
            for key in keys
            if key.startswith(FEEDS_PREFIX)
        ]
        self.live: Mapping[str, Stored] = {key: found for key in feed_keys if (found := storage.read(key))}

    def number_before(self) -> int:
        """Return the number of the release that the live one followed."""
        digests = {key: digest_bytes(feed.data) for key, feed in self.live.items()}
        found = find_release(self._storage, self._releases, digests)
        if not found:
            raise UsageError(
                "the live feed belongs to no release that is kept here",
                hint="name the release to go back to; `publisher releases` lists them"
                + (f", the last is `publisher rollback {self._releases[-1][0]}`" if self._releases else ""),
            )
        number = next((number for number, _, key in self._releases if key == found[1].parent), None)
        if number is None:
            raise UsageError(f"release {found[1].number} is the first; there is none to go back to")
        return number

    def feeds_of(self, number: int) -> Mapping[str, str]:
        """Return the SHA-256 of each feed of a release by the feed's key."""
        candidates = [entry for entry in self._releases if entry[0] == number]
        if not candidates:
            raise UsageError(
                f"there is no release {number} here", hint="`publisher releases` lists what there is"
            )
        marks = {mark for _, mark, _ in candidates}
        if len(marks) == 1 and len(self._feed_keys) == 1:  # the mark is the start of the one feed's digest
            (mark,) = marks
            copies = [sha256 for sha256 in self._copies if sha256.startswith(mark)]
            if len(copies) == 1 and self._is_of(self._feed_keys[0], copies[0], number):
                return {self._feed_keys[0]: copies[0]}
        release = self._read([key for _, _, key in candidates], number)
        return release.feeds

    def read_copy(self, sha256: str, number: int) -> bytes:
        """Return the bytes that were kept of a feed, which must be those that were published."""
        if sha256 not in self._read_copies:
            self._read_copies[sha256] = _read_copy(self._storage, sha256, number)
        return self._read_copies[sha256]

    def _is_of(self, key: str, sha256: str, number: int) -> bool:
        """Tell whether a kept feed was published under this name: it names its own address."""
        there = self.live.get(key)
        if there and digest_bytes(there.data) == sha256:
            return True
        return f"/{key}".encode() in self.read_copy(sha256, number)

    def _read(self, keys: list[str], number: int) -> Release:
        """Return the one of several records of a number that was live, as the next release tells."""
        found = {key: release for key in keys if (release := self._decode(key))}
        if not found:
            raise SurroundingsError(
                f"the record of release {number} is damaged", hint="`publisher releases` lists the others"
            )
        if len(found) > 1:
            later = (self._decode(key) for at, _, key in self._releases if at > number)
            parent = next((release.parent for release in later if release and release.parent in found), "")
            return found.get(parent) or found[keys[-1]]
        return next(iter(found.values()))

    def _decode(self, key: str) -> Release | None:
        stored = self._storage.read(key)
        return decode_release(stored.data) if stored else None


def _read_copy(storage: Storage, sha256: str, number: int) -> bytes:
    """Return the bytes that were kept of a feed, which must be those that were published."""
    stored = storage.read(feed_copy_key(sha256))
    if not stored or digest_bytes(stored.data) != sha256:
        raise SurroundingsError(
            f"the kept feed of release {number} is {'damaged' if stored else 'gone'}; nothing was changed",
            hint="go back to another release, or publish from the sources",
        )
    return stored.data
