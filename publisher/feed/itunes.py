"""Turn a show and its items into the elements of Apple's itunes namespace."""

from __future__ import annotations

from feedgen.ext.base import BaseEntryExtension, BaseExtension
from lxml import etree

from publisher.categories import split_category
from publisher.model import Item, Show

NAMESPACE = "http://www.itunes.com/dtds/podcast-1.0.dtd"


def element(
    parent: etree._Element, tag: str, content: str | None = None, /, **attributes: str | None
) -> etree._Element:
    """Append an itunes element; attributes that are None are left out."""
    added = etree.SubElement(parent, f"{{{NAMESPACE}}}{tag}")
    if content is not None:
        added.text = content.strip()
    for key, value in attributes.items():
        if value is not None:
            added.set(key, value)
    return added


def whole_seconds(duration_ms: int) -> int:
    """Round milliseconds to the nearest second, halves upwards; audio is never written as 0 seconds long."""
    return max(1, (duration_ms + 500) // 1000)


class ItunesShow(BaseExtension):  # type: ignore[misc]  # feedgen has no types
    """The channel's itunes elements; feedgen's own still writes yes/no and drops pictures unseen."""

    show: Show
    cover_url: str

    def extend_ns(self) -> dict[str, str]:
        """Name the namespace that feedgen declares on `rss`."""
        return {"itunes": NAMESPACE}

    def extend_rss(self, feed: etree._Element) -> etree._Element:
        """Append the elements to the channel: Apple, A Podcaster's Guide to RSS; PSP-1."""
        channel, show = feed[0], self.show
        if show.author:
            element(channel, "author", show.author)
        element(channel, "type", show.type)
        element(channel, "explicit", "true" if show.explicit else "false")
        element(channel, "image", href=self.cover_url)
        self._categories(channel)
        if show.owner_email:
            owner = element(channel, "owner")
            element(owner, "name", show.owner_name or show.author)
            element(owner, "email", show.owner_email)
        if show.new_feed_url:
            element(channel, "new-feed-url", show.new_feed_url)
        if show.block:
            element(channel, "block", "Yes")
        if show.complete:
            element(channel, "complete", "Yes")
        return feed

    def _categories(self, channel: etree._Element) -> None:
        """Write each parent once, in the show's order, its subcategories inside it."""
        children: dict[str, list[str]] = {}
        for category in self.show.categories:
            parent, child = split_category(category)
            listed = children.setdefault(parent, [])
            if child and child not in listed:
                listed.append(child)
        for parent, names in children.items():
            outer = element(channel, "category", text=parent)
            for name in names:
                element(outer, "category", text=name)


class ItunesItem(BaseEntryExtension):  # type: ignore[misc]  # feedgen has no types
    """An item's itunes elements."""

    show: Show
    item: Item

    def extend_rss(self, entry: etree._Element) -> etree._Element:
        """Append the elements to the item: Apple, A Podcaster's Guide to RSS; PSP-1."""
        episode = self.item.episode
        explicit = self.show.explicit if episode.explicit is None else episode.explicit
        element(entry, "duration", str(whole_seconds(self.item.enclosure.duration_ms)))
        element(entry, "explicit", "true" if explicit else "false")
        element(entry, "episodeType", episode.type)
        if episode.season is not None:
            element(entry, "season", str(episode.season))
        if episode.number is not None:
            element(entry, "episode", str(episode.number))
        if self.item.cover_url:
            element(entry, "image", href=self.item.cover_url)
        return entry
