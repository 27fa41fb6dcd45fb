"""Turn a show and its items into the elements of the podcast namespace (Podcasting 2.0)."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable

from feedgen.ext.base import BaseEntryExtension, BaseExtension
from lxml import etree

from publisher.feed.vocabulary import LICENCES
from publisher.model import Alternate, Enclosure, Item, Licence, Location, Person, Show, Txt
from publisher.timecodes import format_seconds

NAMESPACE = "https://podcastindex.org/namespace/1.0"
NAMESPACE_ALIAS = "https://github.com/Podcastindex-org/podcast-namespace/blob/main/docs/1.0.md"
"""Feeds of 2021 and 2022 use it; it is read as the same namespace and never written."""

CHAPTERS_TYPE = "application/json+chapters"


def element(
    parent: etree._Element, tag: str, content: str | None = None, /, **attributes: str | None
) -> None:
    """Append a podcast element; attributes that are None are left out."""
    added = etree.SubElement(parent, f"{{{NAMESPACE}}}{tag}")
    if content is not None:
        added.text = content.strip()
    for key, value in attributes.items():
        if value is not None:
            added.set(key, value)


def everybody(hosts: Iterable[Person], people: tuple[Person, ...]) -> tuple[Person, ...]:
    """Return all the people of an item, hosts first.

    Apps take an item's people instead of the show's, so an item that names anybody must name the hosts too;
    an item that names nobody leaves the show's in force.
    """
    if not people:
        return ()
    named = {person.id for person in people}
    return (*(host for host in hosts if host.id not in named), *people)


class PodcastShow(BaseExtension):  # type: ignore[misc]  # feedgen has no types
    """The channel's podcast elements."""

    show: Show

    def extend_ns(self) -> dict[str, str]:
        """Name the namespace that feedgen declares on `rss`."""
        return {"podcast": NAMESPACE}

    def extend_rss(self, feed: etree._Element) -> etree._Element:
        """Append the elements to the channel: podcastindex.org/namespace/1.0."""
        channel, show = feed[0], self.show
        element(channel, "guid", show.guid)
        element(channel, "locked", "yes" if show.locked else "no", owner=show.owner_email)
        element(channel, "medium", show.medium)
        for funding in show.funding:
            element(channel, "funding", funding.text, url=funding.url)
        _people(channel, show.hosts)
        _location(channel, show.location)
        _licence(channel, show.licence)
        if rhythm := show.update_frequency:
            complete = "true" if rhythm.complete else None
            element(
                channel,
                "updateFrequency",
                rhythm.text,
                complete=complete,
                dtstart=rhythm.dtstart,
                rrule=rhythm.rrule,
            )
        _txt(channel, show.txt)
        return feed


class PodcastItem(BaseEntryExtension):  # type: ignore[misc]  # feedgen has no types
    """An item's podcast elements."""

    show: Show
    item: Item

    def extend_rss(self, entry: etree._Element) -> etree._Element:
        """Append the elements to the item: podcastindex.org/namespace/1.0."""
        item, episode = self.item, self.item.episode
        if episode.season is not None:
            element(entry, "season", str(episode.season), name=episode.season_name)
        if episode.number is not None:
            element(entry, "episode", str(episode.number))
        _people(entry, everybody(self.show.hosts, episode.people))
        for link in item.transcripts:
            element(entry, "transcript", url=link.url, type=link.type, language=link.language, rel=link.rel)
        if item.chapters_url:
            element(entry, "chapters", url=item.chapters_url, type=CHAPTERS_TYPE)
        for bite in episode.soundbites:
            start, length = format_seconds(bite.start_ms), format_seconds(bite.duration_ms)
            element(entry, "soundbite", bite.title or None, startTime=start, duration=length)
        _alternates(entry, item)
        _location(entry, episode.location)
        _licence(entry, episode.licence)
        _txt(entry, episode.txt)
        return entry


def _alternates(entry: etree._Element, item: Item) -> None:
    """List every format of the episode; apps that choose among them need the enclosure's, too (the default).

    The digest lets an app prove what it downloaded, wherever that came from.
    """
    if not item.enclosure.alternates:
        return
    main = item.enclosure
    bitrate = round(main.bytes * 8000 / main.duration_ms)
    _alternate(entry, item.audio_url, main, str(bitrate), default="true")
    for url, alternate in zip(item.alternate_urls, main.alternates, strict=True):
        _alternate(entry, url, alternate, str(alternate.bitrate), codecs=alternate.codecs)


def _alternate(
    entry: etree._Element, url: str, facts: Enclosure | Alternate, bitrate: str, **more: str
) -> None:
    attributes = {"type": facts.media_type, "length": str(facts.bytes), "bitrate": bitrate, **more}
    parent = etree.SubElement(entry, f"{{{NAMESPACE}}}alternateEnclosure", attributes)
    element(parent, "source", uri=url)
    digest = b64encode(bytes.fromhex(facts.sha256)).decode("ascii")
    element(parent, "integrity", type="sri", value=f"sha256-{digest}")


def _people(parent: etree._Element, people: Iterable[Person]) -> None:
    for person in people:
        element(
            parent,
            "person",
            person.name,
            role=person.role,
            group=person.group,
            href=person.href,
            img=person.img,
        )


def _location(parent: etree._Element, place: Location | None) -> None:
    if place:
        element(
            parent,
            "location",
            place.name,
            rel=place.rel,
            geo=place.geo,
            osm=place.osm,
            country=place.country,
        )


def _licence(parent: etree._Element, licence: Licence | None) -> None:
    """Write the licence, a known one as the namespace's list spells it."""
    if licence:
        known = {name.casefold(): name for name in LICENCES}
        identifier = known.get(licence.identifier.strip().casefold(), licence.identifier)
        element(parent, "license", identifier, url=licence.url)


def _txt(parent: etree._Element, texts: Iterable[Txt]) -> None:
    for txt in texts:
        element(parent, "txt", txt.text, purpose=txt.purpose)
