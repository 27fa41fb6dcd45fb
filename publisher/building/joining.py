"""Episodes that were made into what the show has once: its feeds, its page and its shared files."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime

from publisher.building.making import MadeEpisode, Workshop, write_output
from publisher.building.memory import FeedMemory, Made, Memory, Output
from publisher.building.request import FEEDS_FOLDER
from publisher.feed.rss import ITEM_INDENT, TAIL, render_head
from publisher.files import digest_file, write_stream
from publisher.model import FeedSettings, Show, Teaser
from publisher.site import assets, render_show_page


def write_feed(
    workshop: Workshop,
    feed: FeedSettings,
    memory: Memory,
    made: Mapping[str, Made],
    fresh: Mapping[str, MadeEpisode],
) -> tuple[FeedMemory, int]:
    """Write `feeds/<name>.xml` if it changes, and note where each item stands in it."""
    path = workshop.root / FEEDS_FOLDER / f"{feed.name}.xml"
    known = memory.feeds.get(feed.name, FeedMemory("", {}))
    before = path.read_bytes() if len(fresh) < len(made) else b""
    slices: dict[str, tuple[int, int]] = {}

    def chunks() -> Iterator[bytes | memoryview]:
        position = 0
        for slug, chunk in feed_chunks(workshop, feed, made, fresh, known.slices, before):
            if slug:
                slices[slug] = (position, position + len(chunk))
            position += len(chunk)
            yield chunk

    there = digest_file(path) if path.is_file() else ""
    digest, size = write_stream(path, chunks(), unless_sha256=there)
    return FeedMemory(digest, slices), size


def feed_chunks(
    workshop: Workshop,
    feed: FeedSettings,
    made: Mapping[str, Made],
    fresh: Mapping[str, MadeEpisode],
    slices: Mapping[str, tuple[int, int]],
    before: bytes,
) -> Iterator[tuple[str, bytes | memoryview]]:
    """Yield the feed piece by piece; items that did not change are cut out of the feed as it was before."""
    ordered = in_feed_order(made)
    last_build = datetime.fromisoformat(ordered[0].date) if ordered else None
    cover_url = f"{workshop.show.base_url}{workshop.cover.key}"
    yield "", render_head(workshop.show, feed, cover_url=cover_url, last_build=last_build)
    view = memoryview(before)
    for entry in ordered:
        if entry.slug in fresh:
            yield entry.slug, ITEM_INDENT + fresh[entry.slug].items[feed.name] + b"\n"
        else:
            start, end = slices[entry.slug]
            yield entry.slug, view[start:end]
    yield "", TAIL


def make_shared(
    workshop: Workshop, made: Mapping[str, Made], feeds: Mapping[str, tuple[FeedMemory, int]]
) -> tuple[Output, ...]:
    """Make what belongs to no single episode: style sheet, cover, show page and the feeds as outputs."""
    show = workshop.show
    page = render_show_page(
        show,
        show.feeds[0],
        tuple(_teaser(show, entry) for entry in in_feed_order(made)),
        workshop.templates,
        cover_url=f"{show.base_url}{workshop.cover.key}",
    )
    return (
        workshop.cover,
        *(write_output(workshop, asset.key, asset.data) for asset in assets(workshop.templates)),
        write_output(workshop, "index.html", page),
        *(
            Output(f"{name}.xml", feed.sha256, size, f"{FEEDS_FOLDER}/{name}.xml")
            for name, (feed, size) in feeds.items()
        ),
    )


def _order(made: Made) -> tuple[datetime, int, int, str]:
    return (datetime.fromisoformat(made.date).astimezone(UTC), made.season or 0, made.number or 0, made.guid)


def in_feed_order(made: Mapping[str, Made]) -> list[Made]:
    """Return the public episodes as they stand in the feed: newest first, ties broken by number and guid."""
    return sorted((entry for entry in made.values() if entry.is_public), key=_order, reverse=True)


def _teaser(show: Show, made: Made) -> Teaser:
    return Teaser(
        title=made.title,
        date=datetime.fromisoformat(made.date),
        summary=made.summary,
        page_url=f"{show.base_url}episodes/{made.slug}.html",
        duration_ms=made.enclosure["duration_ms"] if made.enclosure else 0,
        type=made.type,
        season=made.season,
        number=made.number,
    )
