"""Titles to the artifacts of a small show, and a storage to the judgement whether listeners are well served."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from email.utils import format_datetime
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from publisher.feed.reader import read_items
from publisher.model import Artifact, Plan, PublishedItem, Role
from publisher.plan import make_plan
from publisher.plan.guards import Allowed
from publisher.publish import Published, apply, read_live
from publisher.storage import Storage

BASE = "https://media.example.org/show/"
FEED_KEY = "show.xml"
_HEADERS = {
    Role.MEDIA: ("audio/mpeg", "public, max-age=31536000, immutable"),
    Role.SIDECAR: ("text/vtt", "public, max-age=31536000, immutable"),
    Role.PAGE: ("text/html; charset=utf-8", "public, max-age=300"),
    Role.FEED: ("application/rss+xml; charset=utf-8", "public, max-age=300"),
    Role.LISTING: ("text/html; charset=utf-8", "public, max-age=300"),
}


@dataclass(frozen=True)
class Ep:
    """One episode; its guid and audio come from `name`, unless they are given."""

    name: str
    title: str = ""
    guid: str = ""
    audio: bytes = b""
    date: str = "2026-01-01T06:00:00Z"
    page: str = ""

    @property
    def shown(self) -> str:
        return self.title or f"Episode {self.name}"


@dataclass(frozen=True)
class Show:
    """Everything that one build made."""

    artifacts: tuple[Artifact, ...]
    items: dict[str, tuple[PublishedItem, ...]]

    @property
    def feed(self) -> bytes:
        return next(artifact.path.read_bytes() for artifact in self.artifacts if artifact.role is Role.FEED)


def make_show(
    folder: Path, episodes: Sequence[Ep | str], *, about: str = "", feed_key: str = FEED_KEY
) -> Show:
    """Build a show of media, transcripts, pages, a feed and a listing below `folder`."""
    made: list[Artifact] = []
    items: list[PublishedItem] = []

    def add(key: str, data: bytes, role: Role) -> Artifact:
        sha256 = hashlib.sha256(data).hexdigest()
        immutable = role in {Role.MEDIA, Role.SIDECAR}
        if immutable:
            stem, dot, suffix = key.rpartition(".")
            key = f"{stem}-{sha256[:16]}{dot}{suffix}"
        path = folder / key
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        made.append(Artifact(key, path, sha256, len(data), *_HEADERS[role], role, immutable))
        return made[-1]

    for episode in (Ep(entry) if isinstance(entry, str) else entry for entry in episodes):
        place = f"episodes/{episode.name}"
        audio = add(
            f"{place}/audio.mp3", episode.audio or f"sound of {episode.name} ".encode() * 50, Role.MEDIA
        )
        add(f"{place}/transcript.vtt", f"words of {episode.name}".encode(), Role.SIDECAR)
        add(f"{place}/index.html", f"page of {episode.shown} {episode.page}".encode(), Role.PAGE)
        items.append(
            PublishedItem(
                guid=episode.guid or f"guid-{episode.name}",
                title=episode.shown,
                date=episode.date,
                audio_url=BASE + audio.key,
                audio_bytes=audio.bytes,
                audio_sha256=audio.sha256,
            )
        )
    add(feed_key, _feed(feed_key, items, about), Role.FEED)
    listing = "".join(f"<li>{item.title}</li>" for item in items)
    add("index.html", f"<ul>{listing}</ul>{about}".encode(), Role.LISTING)
    return Show(tuple(made), {feed_key: tuple(items)})


def plan_show(show: Show, storage: Storage, **allowed: Any) -> Plan:
    live = read_live(storage, show.items, read_items)
    named: dict[str, Any] = {name.removeprefix("allow_"): guids for name, guids in allowed.items()}
    return make_plan(show.artifacts, show.items, live, target_name="test", allowed=Allowed(**named))


def publish_show(show: Show, storage: Storage, **allowed: Any) -> Published:
    """Do what the command does."""
    return apply(plan_show(show, storage, **allowed), storage)


def live_feed(storage: Storage, key: str = FEED_KEY) -> bytes | None:
    stored = storage.read(key)
    return stored.data if stored else None


def complaints(storage: Storage, shows: Sequence[Show]) -> list[str]:
    """Say what listeners could complain about: no feed, or one of these shows' with all its files, is right."""
    feed = live_feed(storage)
    if feed is None:
        return []
    show = next((show for show in shows if show.feed == feed), None)
    if show is None:
        return [f"the live feed is none of {len(shows)}: {feed[:200]!r}"]
    found = []
    for artifact in show.artifacts:
        if artifact.role in {Role.MEDIA, Role.SIDECAR}:
            stored = storage.read(artifact.key)
            if stored is None:
                found.append(f"{artifact.key} is missing")
            elif hashlib.sha256(stored.data).hexdigest() != artifact.sha256:
                found.append(f"{artifact.key} has other bytes")
        if artifact.role is Role.PAGE and storage.read(artifact.key) is None:
            found.append(f"{artifact.key} is missing")
    return found


def differences(storage: Storage, show: Show) -> list[str]:
    """Name the artifacts of a show that are not there exactly as they were built."""
    return [
        artifact.key
        for artifact in show.artifacts
        if (stored := storage.read(artifact.key)) is None or stored.data != artifact.path.read_bytes()
    ]


def without_digests(items: tuple[PublishedItem, ...]) -> tuple[PublishedItem, ...]:
    """Return what a feed alone tells of its items."""
    return tuple(replace(item, audio_sha256="") for item in items)


def _feed(key: str, items: Sequence[PublishedItem], about: str) -> bytes:
    rows = "".join(
        f"<item><title>{escape(item.title)}</title><guid isPermaLink='false'>{item.guid}</guid>"
        f"<pubDate>{format_datetime(datetime.fromisoformat(item.date))}</pubDate>"
        f"<enclosure url='{item.audio_url}' length='{item.audio_bytes}' type='audio/mpeg'/></item>\n"
        for item in items
    )
    return (
        "<?xml version='1.0' encoding='UTF-8'?>\n<rss version='2.0' xmlns:atom='http://www.w3.org/2005/Atom'>"
        f"<channel><title>Show</title><atom:link href='{BASE}{key}' rel='self'/>"
        f"<link>{BASE}</link><description>{escape(about) or 'A show'}</description>\n{rows}</channel></rss>\n"
    ).encode()
