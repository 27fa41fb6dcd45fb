"""An episode that left the feed to a storage that holds nothing of it any more, releases included."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from publisher.errors import UsageError
from publisher.files import digest_bytes
from publisher.model import LiveRecord, PublishedItem
from publisher.publish.live import ReadItems, list_releases
from publisher.releases import (
    FEED_CACHE,
    FEED_TYPE,
    LIVE_KEY,
    RECORD_CACHE,
    RECORD_TYPE,
    RECORDS_PREFIX,
    Release,
    decode_live,
    decode_release,
    encode_live,
    encode_release,
    feed_copy_key,
    release_key,
)
from publisher.storage.erasing import Eraser
from publisher.storage.protocol import StaleError, Storage

_DIGEST = "[a-z2-7]{26}"
_ITEM = re.compile(rb"[ \t]*<item>.*?</item>[ \t]*\n?", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Erasure:
    """What has to be written anew without an episode, and what is removed then."""

    writes: Mapping[str, tuple[bytes, str]]
    live: LiveRecord | None
    live_etag: str | None
    removed: tuple[str, ...]
    rewritten: int
    mutable: tuple[str, ...]


def plan_erasure(
    storage: Storage,
    feed_keys: Iterable[str],
    guid: str,
    slug: str,
    read_items: ReadItems,
    *,
    hidden: Iterable[str] = (),
) -> Erasure:
    """Find everything that a storage holds of an episode; touches nothing.

    `hidden` are keys of which it keeps something that its listing does not show.

    Raises:
        UsageError: the episode is in the live feed.
        SurroundingsError: the storage cannot be read.
    """
    keys = tuple(feed_keys)
    for key in keys:
        feed = storage.read(key)
        if feed and any(item.guid == guid for item in read_items(feed.data)):
            raise UsageError(
                f"the episode is still in {key}",
                hint=f"`publisher withdraw {slug}` and `publisher publish` take it out; then erase it",
            )
    releases = _read(storage)
    names = _names(releases.values(), guid, slug)
    stored = storage.read(LIVE_KEY)
    live = decode_live(stored.data) if stored else None
    held = frozenset(live.objects) if live else frozenset()
    shown = {entry.key for entry in storage.list()}
    removed = {key for key in {*shown, *hidden} if names.fullmatch(key)} - held
    removed |= {key for key in {*hidden} - shown if key.startswith(RECORDS_PREFIX)}  # read by nobody any more
    writes: dict[str, tuple[bytes, str]] = {}
    moved: dict[str, str] = {}
    gone_copies: set[str] = set()
    kept_copies: set[str] = set()
    for key, release in releases.items():
        without, copies = _without(storage, release, guid, removed)
        without = replace(without, parent=moved.get(release.parent, release.parent))
        kept_copies |= {feed_copy_key(sha256) for sha256 in without.feeds.values()}
        if without == release:
            continue
        data = encode_release(without)
        moved[key] = release_key(without, data)
        writes |= {copy: (content, FEED_TYPE) for copy, content in copies.items()}
        writes[moved[key]] = (data, RECORD_TYPE)
        gone_copies |= {feed_copy_key(sha256) for sha256 in release.feeds.values()}
    after = None
    if live:
        items = {feed: _others(found, guid) for feed, found in live.items.items()}
        after = replace(live, key=moved.get(live.key, live.key), items=items)
        after = after if after != live else None
    removed |= {*moved, *(gone_copies - kept_copies)}
    changing = {LIVE_KEY, *keys, *(live.etags if live else ())}  # what their older versions say, nobody knows
    return Erasure(
        writes,
        after,
        stored.etag if stored else None,
        tuple(sorted(removed, reverse=True)),
        len(moved),
        tuple(sorted(changing)),
    )


def erase(plan: Erasure, storage: Storage, eraser: Eraser) -> tuple[tuple[str, str], ...]:
    """Write the releases anew, then remove; return `(key, why)` of everything that is left.

    Broken off, the same again finishes it: nothing is removed before what replaces it is there, and newer
    releases before older ones.

    Raises:
        ConflictError: somebody publishes at this moment.
    """
    for key, (data, kind) in plan.writes.items():
        try:
            cache = FEED_CACHE if kind == FEED_TYPE else RECORD_CACHE
            storage.swap(key, data, expected_etag=None, content_type=kind, cache_control=cache)
        except StaleError:
            continue  # an earlier run wrote it: the name holds the digest of these bytes
    if plan.live:
        storage.swap(
            LIVE_KEY,
            encode_live(plan.live),
            expected_etag=plan.live_etag,
            content_type=RECORD_TYPE,
            cache_control=RECORD_CACHE,
        )
    left = [(key, why) for key in plan.removed if (why := eraser.erase(key))]
    left += [(key, why) for key in plan.mutable if (why := eraser.forget(key))]
    return tuple(left)


def names_of(slugs: Iterable[str]) -> re.Pattern[str]:
    """Return what the names of an episode's published files look like."""
    any_slug = "|".join(sorted(re.escape(slug) for slug in slugs))
    language = r"(?:\.[A-Za-z-]{2,8})?"
    return re.compile(
        rf"(?:[a-z-]+/)*(?:audio|chapters|transcripts|covers|images|pictures)/(?:{any_slug}){language}-{_DIGEST}\.\w+"
        rf"|(?:[a-z-]+/)*episodes/(?:{any_slug}){language}\.html"
    )


def _names(releases: Iterable[Release], guid: str, slug: str) -> re.Pattern[str]:
    """Return the pattern for all names that the episode's folder ever had."""
    slugs = {slug}
    for release in releases:
        digests = {
            item.audio_sha256 for items in release.items.values() for item in items if item.guid == guid
        }
        for key, sha256 in release.objects.items():
            match = re.fullmatch(rf"audio/(.+)-{_DIGEST}\.\w+", key)
            if match and sha256 in digests:
                slugs.add(match[1])
    return names_of(slugs)


def _read(storage: Storage) -> dict[str, Release]:
    found = {}
    for _, _, key in list_releases(storage):
        stored = storage.read(key)
        release = decode_release(stored.data) if stored else None
        if release:
            found[key] = release
    return found


def _without(
    storage: Storage, release: Release, guid: str, removed: set[str]
) -> tuple[Release, dict[str, bytes]]:
    """Return a release without the episode, and its feeds anew, by the name of their copy."""
    feeds, copies = dict(release.feeds), {}
    for feed, items in release.items.items():
        if feed not in feeds or all(item.guid != guid for item in items):
            continue
        stored = storage.read(feed_copy_key(feeds[feed]))
        if stored is None:
            continue
        data = cut_item(stored.data, guid)
        feeds[feed] = digest_bytes(data)
        copies[feed_copy_key(feeds[feed])] = data
    objects = {key: sha256 for key, sha256 in release.objects.items() if key not in removed}
    kept = {feed: _others(items, guid) for feed, items in release.items.items()}
    return replace(release, feeds=feeds, items=kept, objects=objects), copies


def cut_item(feed: bytes, guid: str) -> bytes:
    """Return a feed without the item of this guid; every other byte stays."""
    escaped = guid.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").encode()
    return _ITEM.sub(lambda match: b"" if b">" + escaped + b"</guid>" in match[0] else match[0], feed)


def _others(items: tuple[PublishedItem, ...], guid: str) -> tuple[PublishedItem, ...]:
    return tuple(item for item in items if item.guid != guid)
