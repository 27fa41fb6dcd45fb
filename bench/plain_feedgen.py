"""The facts of items into a feed through feedgen alone, the way its documentation shows it."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from feedgen.ext.base import BaseEntryExtension, BaseExtension
from feedgen.feed import FeedGenerator
from lxml import etree

_PODCAST = "https://podcastindex.org/namespace/1.0"


class Show(BaseExtension):  # type: ignore[misc]  # feedgen has no types
    """The podcast namespace on the channel."""

    def extend_ns(self) -> dict[str, str]:
        """Declare the namespace."""
        return {"podcast": _PODCAST}


class Item(BaseEntryExtension):  # type: ignore[misc]  # feedgen has no types
    """The podcast elements of an item: feedgen itself knows none of them."""

    facts: dict[str, Any]

    def extend_rss(self, entry: etree._Element) -> etree._Element:
        """Append the elements."""
        facts = self.facts
        etree.SubElement(entry, f"{{{_PODCAST}}}season").text = str(facts["season"])
        etree.SubElement(entry, f"{{{_PODCAST}}}episode").text = str(facts["episode"])
        for name, role, group in facts["people"]:
            person = etree.SubElement(entry, f"{{{_PODCAST}}}person", role=role, group=group)
            person.text = name
        for url, kind, language in facts["transcripts"]:
            etree.SubElement(entry, f"{{{_PODCAST}}}transcript", url=url, type=kind, language=language)
        chapters = {"url": facts["chapters_url"], "type": "application/json+chapters"}
        etree.SubElement(entry, f"{{{_PODCAST}}}chapters", chapters)
        return entry


def generator(items: Iterable[dict[str, Any]]) -> FeedGenerator:
    """Return a feed with all items, ready to be written."""
    feed = FeedGenerator()
    feed.load_extension("podcast")
    feed.register_extension("podcast20", Show, Item, atom=False)
    feed.title("A synthetic show")
    feed.link(href="https://media.example.org/bench/")
    feed.description("Episodes without audio, to measure how long a build takes.")
    feed.language("en")
    feed.podcast.itunes_explicit("no")
    feed.podcast.itunes_category("Education")
    for facts in items:
        entry = feed.add_entry(order="append")
        entry.title(facts["title"])
        entry.link(href=facts["page_url"])
        entry.content(facts["html"], type="CDATA")
        entry.guid(facts["guid"], permalink=False)
        entry.enclosure(facts["audio_url"], str(facts["bytes"]), "audio/mpeg")
        entry.pubDate(facts["date"])
        entry.podcast.itunes_duration(facts["seconds"])
        entry.podcast.itunes_explicit("no")
        entry.podcast.itunes_episode_type("full")
        entry.podcast.itunes_season(facts["season"])
        entry.podcast.itunes_episode(facts["episode"])
        entry.podcast20.facts = facts
    return feed


def main(facts: Path, feed: Path) -> None:
    """Read the facts from JSON and write the feed."""
    generator(json.loads(facts.read_bytes())).rss_file(str(feed), pretty=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
