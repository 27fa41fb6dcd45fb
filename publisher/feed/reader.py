"""Turn the bytes of an RSS feed, ours or anybody's, into values."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from publisher.errors import SourceError
from publisher.feed import itunes, podcasting20
from publisher.feed.dates import parse_date
from publisher.feed.safe_xml import line_of, parse_xml, refusal
from publisher.model import Channel, Link, PublishedItem

_ATOM = "http://www.w3.org/2005/Atom"
MAX_ITEMS = 100_000
_NAMESPACES = {"itunes": itunes.NAMESPACE, "podcast": podcasting20.NAMESPACE, "atom": _ATOM}


@dataclass(frozen=True, slots=True)
class FeedItem:
    """One item as it stands in a feed; texts are trimmed, and "" stands for what is missing.

    `line` is that of its `<item>` tag, counted from 1.
    """

    line: int
    title: str
    guid: str
    is_permalink: bool
    date: str
    link: str
    description: str
    audio_url: str
    audio_bytes: str
    audio_type: str
    duration: str
    explicit: str
    type: str
    season: str
    number: str
    image: str
    chapters_url: str
    transcripts: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class FeedFacts:
    """What a feed says; texts are trimmed, and "" stands for what is missing."""

    title: str
    link: str
    description: str
    language: str
    author: str
    guid: str
    explicit: str
    image: str
    self_link: str
    new_feed_url: str
    last_build: str
    items: tuple[FeedItem, ...]


def read_items(data: bytes, name: str = "feed") -> tuple[PublishedItem, ...]:
    """Read what subscribers' apps know about each item, in the feed's order.

    An item without a guid is known by its audio file or its page, as apps do it. A date that can be read is
    given as ISO 8601 in UTC, so that the same moment is the same text; an absent or unreadable length is 0.

    Raises:
        SourceError: see `read_feed`.
    """
    return tuple(
        PublishedItem(
            guid=item.guid or item.audio_url or item.link,
            title=item.title,
            date=_moment(item.date),
            audio_url=item.audio_url,
            audio_bytes=_length(item.audio_bytes),
            audio_sha256="",
        )
        for item in read_feed(data, name).items
    )


def read_channel(data: bytes) -> Channel:
    """Read what directories list a show under; only what stands before the first item is looked at.

    What cannot be read is unknown: this never fails.
    """
    start = data.find(b"<item")
    head = data if start < 0 else data[:start] + b"</channel></rss>"
    try:
        channel = _channel(head, "feed")
    except SourceError:
        return Channel()
    name = f"{{{itunes.NAMESPACE}}}category"
    categories = tuple(
        " > ".join(part.get("text", "").strip() for part in (parent, *parent.findall(name)))
        for parent in channel.findall(name)
    )
    return Channel(_Reader(channel).text("title"), categories)


def read_feed(data: bytes, name: str = "feed") -> FeedFacts:
    """Read a feed's own facts and its items'.

    Nothing is fetched, no entity is expanded, and the work is bounded whatever the bytes are.

    Raises:
        SourceError: the bytes are no RSS 2.0 feed that can be read safely; names the line.
    """
    channel = _channel(data, name)
    owner, elements = _Reader(channel), channel.findall("item")
    if len(elements) > MAX_ITEMS:
        raise refusal(name, f"the feed has more than {MAX_ITEMS:,} items", "check where it is from")
    self_link = next(
        (link.get("href", "") for link in channel.iterfind(f"{{{_ATOM}}}link") if link.get("rel") == "self"),
        "",
    )
    return FeedFacts(
        title=owner.text("title"),
        link=owner.text("link"),
        description=owner.text("description"),
        language=owner.text("language"),
        author=owner.text("itunes:author"),
        guid=owner.text("podcast:guid"),
        explicit=owner.text("itunes:explicit"),
        image=owner.attribute("itunes:image", "href") or owner.text("image/url"),
        self_link=self_link.strip(),
        new_feed_url=owner.text("itunes:new-feed-url"),
        last_build=owner.text("lastBuildDate"),
        items=tuple(_item(element) for element in elements),
    )


def _item(element: etree._Element) -> FeedItem:
    item = _Reader(element)
    return FeedItem(
        line=line_of(element),
        title=item.text("title"),
        guid=item.text("guid"),
        is_permalink=item.attribute("guid", "isPermaLink").casefold() != "false",
        date=item.text("pubDate"),
        link=item.text("link"),
        description=item.text("description"),
        audio_url=item.attribute("enclosure", "url"),
        audio_bytes=item.attribute("enclosure", "length"),
        audio_type=item.attribute("enclosure", "type"),
        duration=item.text("itunes:duration"),
        explicit=item.text("itunes:explicit"),
        type=item.text("itunes:episodeType"),
        season=item.text("itunes:season") or item.text("podcast:season"),
        number=item.text("itunes:episode") or item.text("podcast:episode"),
        image=item.attribute("itunes:image", "href"),
        chapters_url=item.attribute("podcast:chapters", "url"),
        transcripts=tuple(item.links("podcast:transcript")),
    )


class _Reader:
    """Texts and attributes of one element's children, by their usual prefixed names."""

    __slots__ = ("_element",)

    def __init__(self, element: etree._Element) -> None:
        self._element = element

    def find(self, path: str) -> etree._Element | None:
        return self._element.find(path, _NAMESPACES)

    def text(self, path: str) -> str:
        """Return all text inside, also that of markup that somebody forgot to escape."""
        found = self.find(path)
        return "" if found is None else "".join(map(str, found.itertext())).strip()

    def attribute(self, path: str, name: str) -> str:
        found = self.find(path)
        return "" if found is None else found.get(name, "").strip()

    def links(self, path: str) -> Iterator[Link]:
        for found in self._element.iterfind(path, _NAMESPACES):
            if url := found.get("url", "").strip():
                yield Link(url, found.get("type", "").strip(), found.get("language"), found.get("rel"))


def _channel(data: bytes, name: str) -> etree._Element:
    """Return the `channel` of a feed, or say in plain words what the bytes are instead."""
    root = parse_xml(data, name)
    if root.tag != "rss":
        atom = root.tag == f"{{{_ATOM}}}feed"
        what = "this is an Atom feed" if atom else f"this is no feed: its first tag is <{_plain(root.tag)}>"
        raise refusal(name, what, "ask for the show's RSS feed", line_of(root))
    channel = root.find("channel")
    if channel is None:
        raise refusal(name, "the feed has no <channel>", "ask for the whole feed", line_of(root))
    _unify_namespaces(root)
    return channel


def _unify_namespaces(root: etree._Element) -> None:
    """Give elements of the podcast namespace's old address the name they have today."""
    old = f"{{{podcasting20.NAMESPACE_ALIAS}}}"
    for element in root.iter(f"{old}*"):
        element.tag = f"{{{podcasting20.NAMESPACE}}}{_plain(element.tag)}"


def _plain(tag: object) -> str:
    return str(tag).rpartition("}")[2][:40]


def _moment(date: str) -> str:
    parsed = parse_date(date)
    return parsed.isoformat(timespec="seconds").replace("+00:00", "Z") if parsed else date


def _length(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 18 else 0
