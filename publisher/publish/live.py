"""A storage to what it serves now: the feeds, and what the last publish knew about everything else."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

from publisher.errors import GuardError, SourceError
from publisher.files import digest_bytes
from publisher.model import Channel, Live, LiveFeed, LiveRecord, PublishedItem
from publisher.releases import (
    LIVE_KEY,
    RELEASES_PREFIX,
    Release,
    decode_live,
    decode_release,
    feed_copy_key,
    feeds_mark,
    parse_release_key,
    recorded,
)
from publisher.storage.protocol import Storage, Stored

_AT_ONCE = 8

ReadItems = Callable[[bytes], tuple[PublishedItem, ...]]
ReadChannel = Callable[[bytes], Channel]


def _unknown_channel(_: bytes) -> Channel:
    return Channel()


def read_live(
    storage: Storage,
    feed_keys: Iterable[str],
    read_items: ReadItems,
    read_channel: ReadChannel = _unknown_channel,
    *,
    doubted: bool = False,
) -> Live:
    """Read the live feeds and the live record: one request each, and no more when the last publish finished.

    A record that is not of the live feeds is not believed. Then the release record that belongs to them takes
    its place, or nothing does, and the items are read from the feeds' own bytes. What is
    `doubted` is listed, too: only what is there counts, and none of it as compared.

    Raises:
        GuardError: a live feed cannot be read, so nobody knows what subscribers have.
        SurroundingsError: the storage cannot be read, or a newer version of this tool wrote its records.
    """
    keys = tuple(feed_keys)
    with ThreadPoolExecutor(_AT_ONCE) as pool:  # answers take longer than asking
        *found_feeds, last = pool.map(storage.read, (*keys, LIVE_KEY))
    stored = dict(zip(keys, found_feeds, strict=True))
    feeds = {key: feed for key, feed in stored.items() if feed}
    digests = {key: digest_bytes(feed.data) for key, feed in feeds.items()}
    record = decode_live(last.data) if last else None
    last_release = record.release if record else 0
    settled = (
        not doubted and record is not None and _belongs_to(record, {key: digests.get(key) for key in stored})
    )
    if not settled:
        releases = list_releases(storage)
        last_release = max([last_release, *(number for number, _, _ in releases)])
        found = find_release(storage, releases, digests)
        record = recorded(found[1], found[0]) if found else None
    if record and (doubted or storage.lists_for_free):
        record = _only_what_is_there(storage, record, copies=doubted)
    if record and doubted:
        record = replace(record, etags={})
    return Live(
        feeds={
            key: LiveFeed(
                digests[key], feed.etag, _items_of(key, feed, record, read_items), read_channel(feed.data)
            )
            for key, feed in feeds.items()
        },
        record=record,
        record_etag=last.etag if last else None,
        last_release=last_release,
        settled=settled,
        doubted=doubted,
    )


def list_releases(storage: Storage) -> tuple[tuple[int, str, str], ...]:
    """List the releases by number: `(number, mark of the feeds, key)`; not each of them ever was live."""
    found = ((entry.key, parse_release_key(entry.key)) for entry in storage.list(RELEASES_PREFIX))
    return tuple(sorted((*parsed, key) for key, parsed in found if parsed))


def find_release(
    storage: Storage, releases: Sequence[tuple[int, str, str]], feeds: Mapping[str, str]
) -> tuple[str, Release] | None:
    """Return the newest release of exactly these feeds (SHA-256 by key), behind its own key."""
    for _, mark, key in reversed(releases):
        if feeds and mark == feeds_mark(feeds) and (stored := storage.read(key)):
            release = decode_release(stored.data)
            if release and release.feeds == feeds:
                return key, release
    return None


def _belongs_to(record: LiveRecord, digests: Mapping[str, str | None]) -> bool:
    """Tell whether the live record was written for the feeds that are live."""
    return bool(record.feeds) and all(record.feeds.get(key) == sha256 for key, sha256 in digests.items())


def _only_what_is_there(storage: Storage, record: LiveRecord, *, copies: bool) -> LiveRecord | None:
    """Forget objects that somebody removed by hand, so that they are published again.

    Where the `copies` of the feeds matter and one is gone, all is forgotten: a new release keeps them anew.
    """
    there = {entry.key for entry in storage.list()}
    if copies and not {feed_copy_key(sha256) for sha256 in record.feeds.values()} <= there:
        return None
    return replace(
        record,
        objects={key: sha256 for key, sha256 in record.objects.items() if key in there},
        etags={key: etag for key, etag in record.etags.items() if key in there},
    )


def _items_of(
    key: str, feed: Stored, record: LiveRecord | None, read_items: ReadItems
) -> tuple[PublishedItem, ...]:
    if record and key in record.items:
        return record.items[key]
    try:
        return read_items(feed.data)
    except SourceError as error:
        raise GuardError(
            f"the live feed {key} cannot be read, so what its subscribers have is not known: {error.message}",
            hint="bring one back with `publisher rollback N`; `publisher releases` lists what there is. "
            "Without any, put a feed that can be read in its place by hand",
        ) from error
