"""What a publish remembers to JSON in the storage, and back."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from publisher.errors import SurroundingsError
from publisher.files import digest_bytes
from publisher.model import LiveRecord, PublishedItem

LIVE_KEY = ".publisher/live.json"
RECORDS_PREFIX = ".publisher/"
RELEASES_PREFIX = ".publisher/releases/"
FEEDS_PREFIX = ".publisher/feeds/"
RECORD_TYPE = "application/json"
RECORD_CACHE = "no-store"
FEED_TYPE = "application/rss+xml; charset=utf-8"
FEED_CACHE = "public, max-age=300"

_LIVE_SCHEMA = "publisher/live/1"
_RELEASE_SCHEMA = "publisher/release/1"
_RELEASE_KEY = re.compile(re.escape(RELEASES_PREFIX) + r"(\d{6,})-([0-9a-f]{12})-[0-9a-f]{12}\.json")

VOID = LiveRecord(release=0, key="", feeds={}, objects={}, etags={}, items={})


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a release comes from: revision of the sources, time and person, as far as anybody may know."""

    revision: str = ""
    published_at: str = ""
    published_by: str = ""


@dataclass(frozen=True, slots=True)
class Release:
    """One state of the feeds that was published, with everything that belongs to it; never changed.

    `parent` is the key of the release before, if any. Whoever may read the storage can read all of this.
    """

    number: int
    parent: str
    origin: Origin
    feeds: Mapping[str, str]
    items: Mapping[str, tuple[PublishedItem, ...]]
    objects: Mapping[str, str]


def name_release(release: Release) -> str:
    """Name a release for people: its number, and when and by whom it was published, where that is known."""
    by = f" by {release.origin.published_by}" if release.origin.published_by else ""
    at = f" of {release.origin.published_at}" if release.origin.published_at else ""
    return f"release {release.number}{at}{by}"


def feed_copy_key(sha256: str) -> str:
    """Return where a feed's bytes are kept for going back."""
    return f"{FEEDS_PREFIX}{sha256}.xml"


def feeds_mark(feeds: Mapping[str, str]) -> str:
    """Return twelve digits for the feeds of a release: of the one feed's SHA-256, or of all together."""
    if len(feeds) == 1:
        return next(iter(feeds.values()))[:12]
    return digest_bytes("".join(f"{key} {feeds[key]}\n" for key in sorted(feeds)).encode())[:12]


def release_stem(number: int, feeds: Mapping[str, str]) -> str:
    """Return the part of a release's key that is known before it is written."""
    return f"{RELEASES_PREFIX}{number:06}-{feeds_mark(feeds)}"


def release_key(release: Release, data: bytes) -> str:
    """Return a release's key: number, mark of the feeds, digest of the record, so that no two are one."""
    return f"{release_stem(release.number, release.feeds)}-{digest_bytes(data)[:12]}.json"


def parse_release_key(key: str) -> tuple[int, str] | None:
    """Return the number of a release and the mark of its feeds, or None when the key is none."""
    match = _RELEASE_KEY.fullmatch(key)
    return (int(match[1]), match[2]) if match else None


def encode_release(release: Release) -> bytes:
    """Write a release; equal releases give equal bytes."""
    return _encode(_RELEASE_SCHEMA, asdict(release))


def decode_release(data: bytes) -> Release | None:
    """Read a release, or None when the bytes are none.

    Raises:
        SurroundingsError: a newer version of this tool wrote it.
    """
    content = _decode(_RELEASE_SCHEMA, data)
    try:
        return Release(
            number=_whole(content["number"]),
            parent=_text(content["parent"]),
            origin=Origin(**_texts(content["origin"])),
            feeds=_texts(content["feeds"]),
            items=_items(content["items"]),
            objects=_texts(content["objects"]),
        )
    except (KeyError, TypeError, AttributeError):
        return None


def encode_live(record: LiveRecord) -> bytes:
    """Write the live record; equal records give equal bytes."""
    return _encode(_LIVE_SCHEMA, asdict(record))


def decode_live(data: bytes) -> LiveRecord | None:
    """Read the live record, or None when the bytes are none: then it claims nothing.

    Raises:
        SurroundingsError: a newer version of this tool wrote it.
    """
    content = _decode(_LIVE_SCHEMA, data)
    try:
        return LiveRecord(
            release=_whole(content["release"]),
            key=_text(content["key"]),
            feeds=_texts(content["feeds"]),
            objects=_texts(content["objects"]),
            etags=_texts(content["etags"]),
            items=_items(content["items"]),
        )
    except (KeyError, TypeError, AttributeError):
        return None


def recorded(release: Release, key: str) -> LiveRecord:
    """Turn a release into what is surely there when its feeds are live: nothing of the mutable objects."""
    return LiveRecord(
        release=release.number,
        key=key,
        feeds=release.feeds,
        objects=release.objects,
        etags={},
        items=release.items,
    )


def _encode(schema: str, content: Mapping[str, object]) -> bytes:
    text = json.dumps(
        {"schema": schema, **content}, sort_keys=True, ensure_ascii=False, separators=(",", ":")
    )
    return f"{text}\n".encode()


def _decode(schema: str, data: bytes) -> dict[str, Any]:
    """Return the members of a record, none when it is no such record."""
    try:
        content = json.loads(data)
    except (ValueError, RecursionError):
        return {}
    if not isinstance(content, dict):
        return {}
    found = str(content.get("schema", ""))
    if found != schema and found.startswith(schema.rpartition("/")[0] + "/"):
        raise SurroundingsError(
            f"a newer version of publisher has published here: its record is {found}, not {schema}",
            hint="update publisher on this computer, then run the same command again",
        )
    return content if found == schema else {}


def _whole(value: Any) -> int:  # noqa: ANN401 - JSON
    if type(value) is not int or value < 0:
        raise TypeError(value)
    return value


def _text(value: Any) -> str:  # noqa: ANN401 - JSON
    if not isinstance(value, str):
        raise TypeError(value)
    return value


def _texts(value: Any) -> dict[str, str]:  # noqa: ANN401 - JSON
    return {key: _text(text) for key, text in value.items()}


def _items(value: Any) -> dict[str, tuple[PublishedItem, ...]]:  # noqa: ANN401 - JSON
    return {
        feed: tuple(
            PublishedItem(
                guid=_text(item["guid"]),
                title=_text(item["title"]),
                date=_text(item["date"]),
                audio_url=_text(item["audio_url"]),
                audio_bytes=_whole(item["audio_bytes"]),
                audio_sha256=_text(item["audio_sha256"]),
            )
            for item in items
        )
        for feed, items in value.items()
    }
