"""The items of a show into a feed, by this tool's writer and by feedgen alone, in one process and in turn."""

from __future__ import annotations

import json
import resource
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bench import plain_feedgen
from bench.measure import RSS_UNIT
from publisher.building.making import make_item
from publisher.building.reading import locked_enclosure, read_episode
from publisher.building.workshop import open_workshop
from publisher.episodes.folders import find_folders
from publisher.feed.rss import ITEM_INDENT, TAIL, in_feed_order, render_head, render_item
from publisher.model import Item, Show

NOW = datetime(2100, 1, 1, tzinfo=UTC)


def main(root: Path, facts: Path, rounds: int, result: Path) -> None:
    """Write the facts of all items as JSON, and what both writers took as JSON."""
    show, items = _items(root)
    told = [_facts(show, item) for item in items]
    facts.write_text(json.dumps(told), encoding="utf-8")
    feeds = facts.with_name("ours.xml"), facts.with_name("feedgen.xml")
    before = _peak_mb()
    _write(show, items, feeds[0])
    grown = _peak_mb() - before
    writers: tuple[Callable[[], object], ...] = (
        lambda: _write(show, items, feeds[0]),
        lambda: plain_feedgen.generator(told).rss_file(str(feeds[1]), pretty=True),
    )
    taken: tuple[list[float], ...] = ([], [])
    for _ in range(rounds):
        for writer, times in zip(writers, taken, strict=True):
            started = time.process_time()
            writer()
            times.append(time.process_time() - started)
    counts = [[_items_of(feed).count(each) for each in _COUNTED] for feed in feeds]
    ours, feedgen = (statistics.median(times) for times in taken)
    taken_s = {"ours_s": ours, "feedgen_s": feedgen, "grown_mb": grown, "is_same": counts[0] == counts[1]}
    result.write_text(json.dumps(taken_s), encoding="utf-8")


_COUNTED = (
    b"<item>",
    b"<guid",
    b"<description>",
    b"<enclosure",
    b"<pubDate>",
    b"<itunes:duration>",
    b"<podcast:person",
    b"<podcast:transcript",
    b"<podcast:chapters",
)


def _items_of(feed: Path) -> bytes:
    data = feed.read_bytes()
    return data[data.index(b"<item>") :]


def _items(root: Path) -> tuple[Show, tuple[Item, ...]]:
    workshop = replace(open_workshop(root, NOW), writes=False)
    items = []
    for slug in find_folders(root):
        episode = read_episode(workshop, slug)
        items.append(make_item(workshop, episode, locked_enclosure(workshop, episode)).item)
    return workshop.show, in_feed_order(items)


def _write(show: Show, items: tuple[Item, ...], path: Path) -> None:
    """Write a feed as a build does: item by item, never as a whole."""
    [feed] = show.feeds
    cover_url = f"{show.base_url}cover.jpg"
    with path.open("wb") as handle:
        handle.write(render_head(show, feed, cover_url=cover_url, last_build=items[0].episode.date))
        for item in items:
            handle.write(ITEM_INDENT + render_item(show, feed, item) + b"\n")
        handle.write(TAIL)


def _facts(show: Show, item: Item) -> dict[str, Any]:
    episode = item.episode
    named = {person.id for person in episode.people}
    people = (*(host for host in show.hosts if host.id not in named), *episode.people)
    return {
        "title": episode.title,
        "page_url": item.page_url,
        "html": item.notes.feed_html,
        "guid": episode.guid,
        "audio_url": item.audio_url,
        "bytes": item.enclosure.bytes,
        "date": episode.date.isoformat(),
        "seconds": item.enclosure.duration_ms // 1000,
        "season": episode.season,
        "episode": episode.number,
        "people": [[person.name, person.role, person.group] for person in people],
        "transcripts": [[link.url, link.type, link.language] for link in item.transcripts],
        "chapters_url": item.chapters_url,
    }


def _peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * RSS_UNIT / 1e6


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]), Path(sys.argv[4]))
