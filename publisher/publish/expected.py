"""What a storage remembers of its releases to what must be in it."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

from publisher.errors import UsageError
from publisher.files import digest_bytes
from publisher.model import LiveRecord, PublishedItem
from publisher.publish.live import list_releases
from publisher.releases import (
    FEEDS_PREFIX,
    LIVE_KEY,
    RELEASES_PREFIX,
    Release,
    decode_live,
    decode_release,
    feed_copy_key,
    feeds_mark,
    name_release,
    parse_release_key,
)
from publisher.storage.protocol import Storage

Part = Literal["live", "past"]


@dataclass(frozen=True, slots=True)
class Complaint:
    """One thing that is not as it was released; `key` is the object it is about.

    What is `live` reaches listeners and can be mended. What is `past` is kept for going back alone, and
    nothing that is here can make it again.
    """

    key: str
    message: str
    part: Part = "live"


@dataclass(frozen=True, slots=True)
class Expected:
    """What must be there, SHA-256 by key; `feeds` are the live ones' bytes, `items` the release's.

    `current` are the records of the release that is live; the others are kept for going back alone.
    """

    release: str
    feeds: Mapping[str, bytes]
    objects: Mapping[str, str]
    copies: Mapping[str, str]
    items: tuple[PublishedItem, ...]
    current: frozenset[str]
    complaints: tuple[Complaint, ...] = field(default=())

    def is_past(self, key: str) -> bool:
        """Tell whether an object is of the history alone, so that nothing here can make it again."""
        return key.startswith((RELEASES_PREFIX, FEEDS_PREFIX)) and key not in self.current


def read_expected(storage: Storage, feed_keys: Iterable[str]) -> Expected:
    """Read the live feeds and the records, and say what they promise, and what of them is damaged itself.

    Raises:
        SurroundingsError: the storage cannot be read, or a newer version of this tool wrote its records.
        UsageError: nothing was published there.
    """
    feed_keys = tuple(feed_keys)
    feeds = {key: found.data for key in feed_keys if (found := storage.read(key))}
    digests = {key: digest_bytes(data) for key, data in feeds.items()}
    stored = storage.read(LIVE_KEY)
    record = decode_live(stored.data) if stored else None
    listed = list_releases(storage)
    if not (feeds or stored or listed):
        raise UsageError(
            f"nothing was published to {storage.address} yet",
            hint="publish first, with `publisher publish` to the same target. If something was there before, "
            "all of it is gone; publishing sends it again",
        )
    complaints: list[Complaint] = []
    if record is None:
        what = "is damaged" if stored else "is gone"
        complaints.append(
            Complaint(LIVE_KEY, f"the record of what is live {what}; the next publish writes it anew")
        )
    releases = _read_releases(storage, [(number, key) for number, _, key in listed], complaints)
    complaints[:0] = _missing_feeds(feed_keys, feeds, record, releases)
    live_key = next((key for key in reversed(releases) if releases[key].feeds == digests), "")
    live = releases.get(live_key)
    if record and record.key not in releases:
        complaints.append(Complaint(record.key, "the record of the last release is gone or damaged"))
    is_of_live = record is not None and record.feeds == digests
    release = (
        live or (releases.get(record.key) if record else None) or next(reversed(releases.values()), None)
    )
    if live is None:
        complaints += _other_feeds(release, record, digests)
    objects = dict(release.objects) if release else {}
    if record and is_of_live:
        complaints += _contradictions(record, objects)
        objects |= record.objects
    elif record and release:  # somebody went back: the pages are those of the release after
        objects |= {key: sha256 for key, sha256 in record.objects.items() if key in record.etags}
    return Expected(
        release=name_release(release) if release else "no release",
        feeds=feeds,
        objects=objects,
        copies={
            feed_copy_key(sha256): sha256 for each in releases.values() for sha256 in each.feeds.values()
        },
        current=frozenset(
            {live_key or (record.key if record else "")}
            | {key for _, mark, key in listed if digests and mark == feeds_mark(digests)}
            | {feed_copy_key(sha256) for sha256 in digests.values()}
        ),
        items=tuple(item for items in (release.items.values() if release else ()) for item in items),
        complaints=tuple(complaints),
    )


def _missing_feeds(
    feed_keys: Iterable[str],
    feeds: Container[str],
    record: LiveRecord | None,
    releases: Mapping[str, Release],
) -> Iterator[Complaint]:
    """Name the feeds that are gone; one that no publish knew yet is not."""
    published = {key for known in (record, *releases.values()) if known for key in known.feeds}
    for key in feed_keys:
        if key not in feeds and (key in published or not published):
            yield Complaint(key, "the feed is gone")


def _read_releases(
    storage: Storage, listed: Iterable[tuple[int, str]], complaints: list[Complaint]
) -> dict[str, Release]:
    """Return the releases by key, in their order; each key tells the digest of its own record."""
    releases = {}
    for number, key in listed:
        stored = storage.read(key)
        release = decode_release(stored.data) if stored else None
        if stored is None or release is None or digest_bytes(stored.data)[:12] not in key.rpartition("-")[2]:
            complaints.append(Complaint(key, f"the record of release {number} is damaged"))
        else:
            releases[key] = release
    for release in list(releases.values()):
        if release.parent and release.parent not in releases and parse_release_key(release.parent):
            complaints.append(
                Complaint(
                    release.parent, f"the record of the release before {release.number} is gone or damaged"
                )
            )
    return releases


def _other_feeds(
    release: Release | None, record: LiveRecord | None, digests: Mapping[str, str]
) -> Iterable[Complaint]:
    """Name the feeds that are not those of the last release."""
    should = release.feeds if release else record.feeds if record else {}
    for key, sha256 in digests.items():
        if should.get(key) != sha256:
            yield Complaint(key, "the live feed is not the one that was released; it was changed or damaged")


def _contradictions(record: LiveRecord, objects: Mapping[str, str]) -> Iterable[Complaint]:
    """Name what the live record claims against the release: files named by a digest never change."""
    for key, sha256 in objects.items():
        if key not in record.etags and record.objects.get(key, sha256) != sha256:
            yield Complaint(LIVE_KEY, f"the record of what is live is wrong about {key}")
