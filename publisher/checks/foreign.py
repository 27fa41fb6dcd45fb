"""The bytes of anybody's feed into everything that rules look at."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from publisher.checks.places import FeedPlaces
from publisher.checks.views import ChannelView, Context, DocumentView, ItemFacts, ItemsView, ItemView
from publisher.errors import Place
from publisher.feed.elements import ParsedFeed
from publisher.feed.parsing import parse_feed

MAX_ITEMS = 20_000
"""How many items are looked at one by one; more than any app reads."""


@dataclass(frozen=True)
class ForeignFeed:
    """A feed of which only the bytes are at hand; `address` is where it was fetched from, or ""."""

    file: str
    feed: ParsedFeed
    context: Context

    def document(self) -> DocumentView:
        """Return the feed as a document."""
        return DocumentView(self.file, self.feed, self.context)

    def channel(self) -> ChannelView | None:
        """Return the channel; None when the feed cannot be read."""
        channel = self.feed.channel
        if channel is None or self.feed.problem is not None:
            return None
        return ChannelView(channel, FeedPlaces(self.file), self.context, len(self.feed.spans))

    def items(self) -> Iterator[ItemView]:
        """Yield the items one after the other; none is kept."""
        return map(self.item, range(self.item_count))

    @property
    def item_count(self) -> int:
        """Return how many items are looked at."""
        return min(len(self.feed.spans), MAX_ITEMS) if self.feed.problem is None else 0

    def item(self, number: int) -> ItemView:
        """Return one item."""
        return ItemView(self.feed.item(number), FeedPlaces(self.file), self.context, number)

    def catalogue(self, channel: ChannelView, facts: tuple[ItemFacts, ...]) -> ItemsView:
        """Return all items side by side."""

        def place_of(item: ItemFacts, name: str, attribute: str) -> Place:
            return self.item(item.number).at(name or None, attribute)

        return ItemsView(channel, facts, place_of, self.context)


def open_feed(
    data: bytes, file: str, now: datetime, address: str = "", lacks: Mapping[str, str] | None = None
) -> ForeignFeed:
    """Take a feed apart; whatever the bytes are, there is something that rules can look at."""
    feed = parse_feed(data, file)
    context = Context(now=now, address=address, lacks=lacks or {})
    channel = feed.channel
    if channel is not None:
        view = ChannelView(channel, FeedPlaces(file), context)
        context = replace(
            context,
            title=view.text("title"),
            link=view.text("link"),
            language=view.text("language"),
            author=view.text("itunes:author"),
            type=view.text("itunes:type").casefold(),
            explicit=view.text("itunes:explicit").casefold(),
            hosts=tuple(
                person.value
                for person in view.all("podcast:person")
                if person.get("role").casefold() in {"", "host"}
            ),
            self_link=next(
                (link.get("href") for link in view.all("atom:link") if link.get("rel") == "self"), ""
            ),
        )
    return ForeignFeed(file, feed, context)
