"""The dates of the episodes, beside the feeds in the folder, to what is due and what comes next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from publisher.building.reading import read_episode
from publisher.building.request import FEEDS_FOLDER
from publisher.building.workshop import open_workshop
from publisher.episodes.folders import find_folders


@dataclass(frozen=True, slots=True)
class Schedule:
    """How many episodes are due and not in the feed, how many are still to come, and when the next one is."""

    due: int
    scheduled: int
    next: datetime | None


def read_schedule(root: Path, now: datetime) -> Schedule:
    """Compare each episode's date with the time; drafts and withdrawn episodes wait for nothing.

    Raises:
        SourceError: every problem of the show's own files.
    """
    workshop = open_workshop(root, now)
    episodes = [read_episode(workshop, slug) for slug in find_folders(root)]
    waiting = [episode for episode in episodes if not (episode.draft or episode.withdrawn)]
    feeds = [root / FEEDS_FOLDER / f"{feed.name}.xml" for feed in workshop.show.feeds]
    built = [path.read_bytes() if path.is_file() else b"" for path in feeds]
    due = [
        episode
        for episode in waiting
        if episode.date <= now and any(_mark(episode.guid) not in feed for feed in built)
    ]
    to_come = [episode.date.astimezone(UTC) for episode in waiting if episode.date > now]
    return Schedule(len(due), len(to_come), min(to_come, default=None))


def _mark(guid: str) -> bytes:
    escaped = guid.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return f">{escaped}</guid>".encode()
