"""Turn a show and its items into the bytes of an RSS 2.0 feed, through feedgen.

Items are rendered one at a time and joined: memory stays flat, and an item's bytes can be kept for as long as
nothing that reaches it has changed. Nothing here touches the process locale: threads may build feeds.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from datetime import UTC, datetime
from html import escape

from feedgen.entry import FeedEntry
from feedgen.ext.base import BaseEntryExtension, BaseExtension
from feedgen.feed import FeedGenerator
from lxml import etree

from publisher.chapters.psc import NAMESPACE as PSC
from publisher.errors import Place, Problem, SourceError
from publisher.feed import itunes, podcasting20, simple_chapters
from publisher.feed.dates import format_date
from publisher.model import FeedSettings, Item, Show, standing

NAMESPACES: Mapping[str, str] = {
    "itunes": itunes.NAMESPACE,
    "podcast": podcasting20.NAMESPACE,
    "atom": "http://www.w3.org/2005/Atom",
    "content": "http://purl.org/rss/1.0/modules/content/",
}
"""Declared once, on `rss`: what Apple and PSP-1 require, also where a feed happens not to use one of them."""

PSC_NAMESPACES: Mapping[str, str] = {**NAMESPACES, "psc": PSC}
"""Those of a feed with Podlove Simple Chapters, which is not the usual one: validators do not know them."""

GENERATOR = "publisher"
"""No version: an upgrade of this tool must not change a feed whose content is the same."""

_DECLARATION = b'<?xml version="1.0" encoding="UTF-8"?>\n'
ITEM_INDENT = b"    "
TAIL = b"  </channel>\n</rss>\n"
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def render_item(show: Show, feed: FeedSettings, item: Item) -> bytes:
    """Render one complete `<item>…</item>` as it stands in the feed, without the indent before it.

    What reaches the bytes is the item, the show's `explicit` and `hosts`, and the feed's `psc`.

    Raises:
        SourceError: a text holds a character that XML cannot carry.
    """
    episode = item.episode
    try:
        entry = FeedEntry()
        entry.title(episode.title.strip())
        entry.link(href=item.page_url)
        if description := _description(item):
            entry.content(description, type="CDATA")
        entry.guid(episode.guid, permalink=False)
        entry.enclosure(item.audio_url, str(item.enclosure.bytes), item.enclosure.media_type)
        _extend_entry(entry, "dates", _ItemDate, date=episode.date)
        _extend_entry(entry, "itunes", itunes.ItunesItem, show=show, item=item)
        _extend_entry(entry, "podcasting20", podcasting20.PodcastItem, show=show, item=item)
        if feed.psc and any(chapter.toc for chapter in episode.chapters):
            _extend_entry(entry, "psc", simple_chapters.SimpleChapters, item=item)
        # Below an element that declares the namespaces, lxml writes the item without declarations of its own.
        rss = etree.Element("rss", nsmap=_namespaces(feed))
        etree.SubElement(rss, "channel").append(entry.rss_entry())
        written = etree.tostring(rss, encoding="UTF-8", pretty_print=True)
    except ValueError as error:
        raise _unwritable(f"episode {episode.slug!r}", episode.source, item, error) from error
    return written[written.index(b"<item>") : written.rindex(b"</item>") + len(b"</item>")]


def render_feed(
    show: Show, feed: FeedSettings, items: Iterable[bytes], *, cover_url: str, last_build: datetime | None
) -> bytes:
    """Join rendered items, newest first, below the channel's own elements into a whole feed.

    Raises:
        SourceError: title, link or description is empty, or a text holds a character that XML cannot carry.
    """
    body = b"".join(ITEM_INDENT + item + b"\n" for item in items)
    return b"".join((render_head(show, feed, cover_url=cover_url, last_build=last_build), body, TAIL))


def render(show: Show, feed: FeedSettings, items: Iterable[Item], *, cover_url: str) -> bytes:
    """Render a whole feed from items in any order: the simple way, where nothing is kept between two runs."""
    ordered = in_feed_order(items)
    written = (render_item(show, feed, item) for item in ordered)
    last = last_change(item.episode.date for item in ordered)
    return render_feed(show, feed, written, cover_url=cover_url, last_build=last)


def in_feed_order(items: Iterable[Item]) -> tuple[Item, ...]:
    """Sort items as they stand in the feed: newest first, then the higher number, then the guid."""
    return tuple(sorted(items, key=_standing, reverse=True))


def _standing(item: Item) -> tuple[datetime, int, int, str]:
    episode = item.episode
    return standing(episode.date, episode.season, episode.number, episode.guid)


def last_change(dates: Iterable[datetime]) -> datetime | None:
    """Return the date for `lastBuildDate`: the newest item's, so that the clock never reaches a feed."""
    return max(dates, default=None)


def feed_url(show: Show, feed: FeedSettings) -> str:
    """Return the address that the feed is published under."""
    return f"{show.base_url.rstrip('/')}/{feed.name}.xml"


def render_head(show: Show, feed: FeedSettings, *, cover_url: str, last_build: datetime | None) -> bytes:
    """Write the declaration and everything of the channel that stands before the first item.

    A whole feed is this, the items with `ITEM_INDENT` before and a line feed behind each, and `TAIL`.

    Raises:
        SourceError: title, link or description is empty, or a text holds a character that XML cannot carry.
    """
    _refuse_empty(show)
    try:
        generator = FeedGenerator()
        generator.title(show.title.strip())
        generator.link(href=feed_url(show, feed), rel="self", type="application/rss+xml")
        generator.link(href=show.link, rel="alternate")  # feedgen makes the last link the channel's
        generator.description(show.description.strip().replace("\r\n", "\n"))
        generator.language(feed.language)
        generator.copyright((show.copyright or "").strip() or None)
        generator.generator(GENERATOR)
        generator.docs("")
        generator.image(url=cover_url, title=show.title.strip(), link=show.link)
        generator.lastBuildDate(_UNWRITTEN)
        _extend(generator, "dates", _ChannelDate, date=last_build)
        _extend(generator, "itunes", itunes.ItunesShow, show=show, cover_url=cover_url)
        if feed.hub:
            _extend(generator, "hub", _HubLink, href=feed.hub)
        if feed.psc:
            _extend(generator, "psc", simple_chapters.Declared)
        _extend(generator, "podcasting20", podcasting20.PodcastShow, show=show)
        written: bytes = generator.rss_str(pretty=True)
    except ValueError as error:
        raise _unwritable("the show", Place("show.toml"), show, error) from error
    return _DECLARATION + written[written.index(b"<rss") : written.rindex(TAIL)]


def _namespaces(feed: FeedSettings) -> dict[str, str]:
    return dict(PSC_NAMESPACES if feed.psc else NAMESPACES)


def _description(item: Item) -> str:
    """Return the HTML of the notes; an episode without notes has its summary, so that no item is bare."""
    html = item.notes.feed_html.replace("\r\n", "\n").replace("\r", "\n").strip()
    summary = item.episode.summary.strip()
    return html or (f"<p>{escape(summary, quote=False)}</p>" if summary else "")


def _extend(generator: FeedGenerator, name: str, extension: type[BaseExtension], **values: object) -> None:
    """Load an extension into the channel; feedgen makes the instance itself, without arguments."""
    generator.register_extension(name, extension, None, atom=False)
    for key, value in values.items():
        setattr(getattr(generator, name), key, value)


def _extend_entry(entry: FeedEntry, name: str, extension: type[BaseEntryExtension], **values: object) -> None:
    """Load an extension into an item."""
    entry.register_extension(name, extension, atom=False)
    for key, value in values.items():
        setattr(getattr(entry, name), key, value)


class _Unwritten(datetime):
    """A date that feedgen accepts and leaves out: it would switch the process locale to write one."""

    def __bool__(self) -> bool:
        return False


_UNWRITTEN = _Unwritten(2000, 1, 1, tzinfo=UTC)


class _ChannelDate(BaseExtension):  # type: ignore[misc]  # feedgen has no types
    """The channel's `lastBuildDate`, or none."""

    date: datetime | None

    def extend_rss(self, feed: etree._Element) -> etree._Element:
        if self.date is not None:
            etree.SubElement(feed[0], "lastBuildDate").text = format_date(self.date)
        return feed


class _HubLink(BaseExtension):  # type: ignore[misc]  # feedgen has no types
    """Where apps may ask to be told of changes (WebSub 1.0, section 4)."""

    href: str

    def extend_rss(self, feed: etree._Element) -> etree._Element:
        etree.SubElement(feed[0], f"{{{NAMESPACES['atom']}}}link", href=self.href, rel="hub")
        return feed


class _ItemDate(BaseEntryExtension):  # type: ignore[misc]  # feedgen has no types
    """The item's `pubDate`."""

    date: datetime

    def extend_rss(self, entry: etree._Element) -> etree._Element:
        etree.SubElement(entry, "pubDate").text = format_date(self.date)
        return entry


def _refuse_empty(show: Show) -> None:
    """RSS 2.0 asks three elements of every channel."""
    place = Place("show.toml")
    empty = [name for name in ("title", "link", "description") if not getattr(show, name).strip()]
    if empty:
        raise SourceError(
            tuple(
                Problem(f"the show has no {name}", place, f'write {name} = "…" under [show]')
                for name in empty
            )
        )


def _unwritable(what: str, place: Place, value: object, error: ValueError) -> SourceError | ValueError:
    """Name the fields whose text lxml refused; an error with another cause is a bug and stays what it is."""
    problems = tuple(
        Problem(
            f"{what}: {field} holds the character U+{ord(match[0]):04X}, which no feed can carry",
            place,
            "delete it; such characters usually come along when text is pasted",
        )
        for field, text in _texts(value)
        if (match := _NOT_XML.search(text))
    )
    return SourceError(problems) if problems else error


def _texts(value: object, path: str = "") -> Iterator[tuple[str, str]]:
    """List every text in a value with the path of its field."""
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, tuple):
        for number, part in enumerate(value, start=1):
            yield from _texts(part, f"{path} {number}")
    elif is_dataclass(value):
        for field in fields(value):
            inner = f"{path}.{field.name}" if path else field.name
            yield from _texts(getattr(value, field.name), inner.removeprefix("episode."))
