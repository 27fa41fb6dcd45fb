"""Episodes that were made into what the show has once: its feeds, its page and its shared files."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import nullcontext
from datetime import datetime
from typing import BinaryIO

from publisher.building.fresh import Fresh
from publisher.building.memory import FeedMemory, Made, Output
from publisher.building.request import FEEDS_FOLDER
from publisher.building.workshop import Workshop, own_feed, workshops, write_output
from publisher.editions import as_in_feed
from publisher.errors import SurroundingsError
from publisher.feed.rss import TAIL, render_head
from publisher.files import digest_file, write_stream
from publisher.model import FeedSettings, standing
from publisher.site import (
    CORRECTIONS_KEY,
    INDEX_KEY,
    assets,
    join_corrections_page,
    join_show_page,
)

_PIECE_BYTES = 1024 * 1024
Run = tuple[int, int]
"""Where items that follow one another begin and end in the feed as it was before."""


def write_feed(
    workshop: Workshop,
    feed: FeedSettings,
    known: FeedMemory,
    ordered: Sequence[Made],
    fresh: Fresh,
) -> tuple[FeedMemory, int]:
    """Write `feeds/<name>.xml` if it changes, and note where each item stands in it.

    Items that did not change are cut out of the file as it was before, which is never held as a whole.

    Raises:
        SurroundingsError: somebody else changed the file meanwhile, or it cannot be written.
    """
    path = workshop.root / FEEDS_FOLDER / f"{feed.name}.xml"
    there = digest_file(path) if path.is_file() else ""
    if known.slices and there != known.sha256:
        raise SurroundingsError(
            f"{FEEDS_FOLDER}/{feed.name}.xml was changed while the show was built",
            hint="run the same command again; nothing was lost",
        )
    slices: dict[str, tuple[int, int]] = {}
    with path.open("rb") if there else nullcontext() as before:
        chunks = _feed_chunks(workshop, feed, known, ordered, fresh, slices)
        read = (part for chunk in chunks for part in _read(before, chunk))
        digest, size = write_stream(path, read, unless_sha256=there)
    return FeedMemory(digest, slices), size


def feed_bytes(workshop: Workshop, feed: FeedSettings, ordered: Sequence[Made], fresh: Fresh) -> bytes:
    """Return a feed all of whose items were just made."""
    chunks = _feed_chunks(workshop, feed, FeedMemory(), ordered, fresh, {})
    return b"".join(chunk for chunk in chunks if isinstance(chunk, bytes))


def _feed_chunks(
    workshop: Workshop,
    feed: FeedSettings,
    known: FeedMemory,
    ordered: Sequence[Made],
    fresh: Fresh,
    slices: dict[str, tuple[int, int]],
) -> Iterator[bytes | Run]:
    """Yield the feed piece by piece, and fill in the slices."""
    last_build = datetime.fromisoformat(ordered[0].date) if ordered else None
    cover_url = f"{workshop.show.base_url}{workshop.cover.key}"
    show = as_in_feed(workshop.show, feed)
    head = render_head(show, feed, cover_url=cover_url, last_build=last_build)
    yield head
    position = len(head)
    run = (0, 0)
    for made in ordered:
        if made.slug in fresh.made:
            yield run
            run = (0, 0)
            item = fresh.item(made.slug, feed.name)
            length = len(item)
            yield item
        else:
            start, end = known.slices[made.slug]
            length = end - start
            if start != run[1]:
                yield run
                run = (start, start)
            run = (run[0], end)
        slices[made.slug] = (position, position + length)
        position += length
    yield run
    yield TAIL


def _read(before: BinaryIO | None, chunk: bytes | Run) -> Iterator[bytes]:
    """Yield the bytes of a chunk, those of a run in pieces."""
    if isinstance(chunk, bytes):
        yield chunk
        return
    start, end = chunk
    if before is not None and start < end:
        before.seek(start)
        while start < end and (piece := before.read(min(end - start, _PIECE_BYTES))):
            yield piece
            start += len(piece)


def make_shared(
    workshop: Workshop, ordered: Sequence[Made], feeds: Mapping[str, tuple[FeedMemory, int]]
) -> tuple[Output, ...]:
    """Make what belongs to no single episode: style sheet, cover, show page and the feeds as outputs."""
    return (
        workshop.cover,
        *(write_output(workshop, asset.key, asset.data) for asset in assets(workshop.templates)),
        *(_make_show_page(place, ordered, number) for number, place in enumerate(workshops(workshop))),
        *_make_corrections_pages(workshop, ordered),
        *(
            Output(f"{name}.xml", feed.sha256, size, f"{FEEDS_FOLDER}/{name}.xml")
            for name, (feed, size) in feeds.items()
        ),
    )


def _make_show_page(workshop: Workshop, ordered: Sequence[Made], number: int) -> Output:
    """Make the show's page in a language, by its number."""
    show, edition = workshop.show, workshop.edition
    page = join_show_page(
        show,
        own_feed(workshop),
        (made.teasers[number] for made in ordered),
        workshop.templates,
        cover_url=f"{show.base_url}{workshop.cover.key}",
        edition=edition,
        has_corrections=any(made.corrections for made in ordered),
    )
    return write_output(workshop, f"{edition.prefix}{INDEX_KEY}", page)


def _make_corrections_pages(workshop: Workshop, ordered: Sequence[Made]) -> Iterator[Output]:
    """Make the page of all corrections in each language, once something has been corrected."""
    corrected = [made for made in ordered if made.corrections]
    if not corrected:
        return
    for number, place in enumerate(workshops(workshop)):
        cover_url = f"{place.show.base_url}{place.cover.key}"
        parts = (made.corrections[number] for made in corrected)
        page = join_corrections_page(
            place.show, parts, place.templates, cover_url=cover_url, edition=place.edition
        )
        yield write_output(place, f"{place.edition.prefix}{CORRECTIONS_KEY}", page)


def _order(made: Made) -> tuple[datetime, int, int, str]:
    return standing(datetime.fromisoformat(made.date), made.season, made.number, made.guid)


def in_feed_order(made: Iterable[Made]) -> list[Made]:
    """Return the public episodes as they stand in the feed: newest first, ties broken by number and guid."""
    return sorted((entry for entry in made if entry.is_public), key=_order, reverse=True)
