"""What a feed says of its channel and of one item, as views that know their places."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from publisher.checks.html import Fragment, parse_fragment
from publisher.checks.places import Places, SourcePlaces
from publisher.errors import Place
from publisher.feed.elements import Element

if TYPE_CHECKING:
    from publisher.model import Item, Show

DESCRIPTIONS = ("content:encoded", "description", "itunes:summary")


@dataclass(frozen=True)
class Context:
    """What is true for the whole feed, whoever's it is: `show` is None for a foreign one.

    `now` is the time of the check, `address` where the feed was fetched from or belongs, "" when unknown.
    `withdrawn` are the guids that were taken out on purpose.
    """

    now: datetime
    show: Show | None = None
    address: str = ""
    title: str = ""
    link: str = ""
    language: str = ""
    author: str = ""
    type: str = ""
    explicit: str = ""
    hosts: tuple[str, ...] = ()
    self_link: str = ""
    withdrawn: frozenset[str] = frozenset()
    lacks: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_own(self) -> bool:
        """Tell whether the feed is made from sources that are at hand."""
        return self.show is not None


class _ElementView:
    """An element of a feed with its children, each of which knows its place."""

    element: Element
    places: Places
    context: Context

    def first(self, name: str) -> Element | None:
        """Return the first child of a name, such as `itunes:image`."""
        return self.element.first(name)

    def all(self, name: str) -> list[Element]:
        """Return the children of a name, in the feed's order."""
        return self.element.all(name)

    def text(self, name: str) -> str:
        """Return the text of the first child of a name, trimmed; "" when there is none."""
        found = self.element.first(name)
        return found.value if found is not None else ""

    def raw(self, name: str) -> str:
        """Return the same text as it stands there, with the white space around it."""
        found = self.element.first(name)
        return found.text if found is not None else ""

    def attribute(self, name: str, attribute: str) -> str:
        """Return an attribute of the first child of a name, trimmed; "" when either is missing."""
        found = self.element.first(name)
        return found.get(attribute) if found is not None else ""

    def at(self, what: Element | str | None = None, attribute: str = "") -> Place:
        """Return where an element or its attribute is written; a name stands for the first of that name.

        What is not there is where it would be: the front matter or the tag around it.
        """
        name = what if isinstance(what, str) else ""
        found = self.element.first(name) if name else what
        return self.places.of(self.element, found if isinstance(found, Element) else None, name, attribute)

    def at_text(self, what: Element | str, *needles: str) -> Place:
        """Return where words stand inside an element's text: in the notes, or at the feed's line.

        The first of the `needles` that is there counts; without any, it is where the text begins.
        """
        found = self.element.first(what) if isinstance(what, str) else what
        if found is None:
            return self.at(what)
        return self.places.within(self.element, found, needles)

    @cached_property
    def present(self) -> frozenset[str] | None:
        """Return the names of the children, for rules that ask for one of them."""
        return frozenset([child.name for child in self.element.children])


@dataclass
class ChannelView(_ElementView):
    """The channel without its items."""

    element: Element
    places: Places
    context: Context
    item_count: int = 0

    def at_source(self, *loc: str | int) -> Place:
        """Return where a key of `[show]` is written; for a foreign feed, the channel."""
        return self.places_in_show("show", *loc)

    def places_in_show(self, *loc: str | int) -> Place:
        """Return where any key of `show.toml` is written; for a foreign feed, the channel."""
        if isinstance(self.places, SourcePlaces):
            return self.places.place_of("", loc)
        return self.at()

    @property
    def name(self) -> str:
        """Return what a report calls it."""
        return "the show" if self.context.is_own else "the channel"

    @property
    def lacks(self) -> Mapping[str, str]:
        """Return what cannot be looked at, with the reason."""
        return self.context.lacks


@dataclass
class ItemView(_ElementView):
    """One item; a rule on it never sees another. `number` is its position in the feed, from 0.

    `own` is there for the show's own episodes: what the author wrote and the finished audio's facts.
    """

    element: Element
    places: Places
    context: Context
    number: int = 0
    own: Item | None = None
    slug: str = ""
    has_audio: bool = True
    transcript_end_ms: int | None = None

    @property
    def name(self) -> str:
        """Return what a report calls it."""
        return self.slug or self.title or f"item {self.number + 1}"

    @property
    def lacks(self) -> Mapping[str, str]:
        """Return what cannot be looked at, with the reason."""
        if self.has_audio:
            return self.context.lacks
        return {**self.context.lacks, "audio": "its audio is not finished yet"}

    def at_source(self, *loc: str | int) -> Place:
        """Return where a key of the front matter is written; for a foreign feed, the item."""
        if isinstance(self.places, SourcePlaces):
            return self.places.place_of(self.slug, loc)
        return self.at()

    def at_show(self, *loc: str | int) -> Place:
        """Return where a key of `[show]` is written; for a foreign feed, the item."""
        if isinstance(self.places, SourcePlaces):
            return self.places.place_of("", ("show", *loc))
        return self.at()

    @cached_property
    def title(self) -> str:
        """Return the title, trimmed."""
        return self.text("title")

    @cached_property
    def guid(self) -> str:
        """Return the guid, trimmed."""
        return self.text("guid")

    @cached_property
    def kind(self) -> str:
        """Return `full`, `trailer` or `bonus`; what says nothing that apps know is full."""
        kind = self.text("itunes:episodeType").casefold()
        return kind if kind in {"trailer", "bonus"} else "full"

    @cached_property
    def audio_url(self) -> str:
        """Return the address of the first enclosure."""
        return self.attribute("enclosure", "url")

    @cached_property
    def duration_s(self) -> float | None:
        """Return the duration in seconds, or None when it is missing or cannot be read."""
        return read_duration(self.text("itunes:duration"))

    @cached_property
    def notes_element(self) -> Element | None:
        """Return the element with the show notes that apps prefer."""
        return next((found for name in DESCRIPTIONS if (found := self.first(name)) is not None), None)

    @cached_property
    def notes(self) -> Fragment:
        """Return the show notes, taken apart."""
        return parse_fragment(self.notes_element.value if self.notes_element is not None else "")

    def in_notes(self, *needles: str) -> Place:
        """Return where words stand in the notes, or where the notes begin."""
        element = self.notes_element
        if element is None:
            return self.at("description")
        return self.at_text(element, *needles)


def read_duration(written: str) -> float | None:
    """Return seconds from `3723`, `62:03` or `1:02:03`, or None."""
    parts = written.split(":")
    if not written or len(parts) > 3 or not all(part.replace(".", "", 1).isdigit() for part in parts):
        return None
    seconds = 0.0
    for part in parts:
        if len(part) > 12:
            return None
        seconds = seconds * 60 + float(part)
    return seconds


def path_of(address: str) -> str:
    """Return the path of an address; one that makes no sense has none."""
    try:
        return urlsplit(address).path
    except ValueError:
        return ""


def host_of(address: str) -> str:
    """Return the host of an address in lower case; one that makes no sense has none."""
    try:
        return urlsplit(address).hostname or ""
    except ValueError:
        return ""
