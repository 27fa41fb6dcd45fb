"""Turn an item's chapters into the element of Podlove Simple Chapters (podlove.org/simple-chapters)."""

from __future__ import annotations

from feedgen.ext.base import BaseEntryExtension, BaseExtension
from lxml import etree

from publisher.chapters import psc_attributes
from publisher.chapters.psc import NAMESPACE
from publisher.model import Item


class Declared(BaseExtension):  # type: ignore[misc]  # feedgen has no types
    """The namespace on `rss`; the channel itself has no chapters."""

    def extend_ns(self) -> dict[str, str]:
        """Name the namespace that feedgen declares."""
        return {"psc": NAMESPACE}


class SimpleChapters(BaseEntryExtension):  # type: ignore[misc]  # feedgen has no types
    """An item's listed chapters."""

    item: Item

    def extend_rss(self, entry: etree._Element) -> etree._Element:
        """Append `psc:chapters`, version 1.2."""
        chapters = etree.SubElement(entry, f"{{{NAMESPACE}}}chapters", version="1.2")
        for attributes in psc_attributes(self.item.episode.chapters):
            etree.SubElement(chapters, f"{{{NAMESPACE}}}chapter", attributes)
        return entry
