"""Elements of a feed into the place where somebody wrote them: a line of the feed, or of the sources."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Protocol

from publisher.categories import split_category
from publisher.errors import Place
from publisher.feed.elements import Element
from publisher.source.document import place_at

Loc = tuple[str | int, ...]
PlaceOf = Callable[[str, Loc], Place]
"""Where a field was written: the episode's slug ("" for show.toml) and the way to the value in the file."""

ITEM_FIELDS: Mapping[str, Loc] = MappingProxyType(
    {
        "title": ("title",),
        "itunes:title": ("title",),
        "description": ("notes",),
        "content:encoded": ("notes",),
        "itunes:summary": ("notes",),
        "guid": ("guid",),
        "pubDate": ("date",),
        "enclosure": ("audio",),
        "itunes:duration": ("audio",),
        "podcast:alternateEnclosure": ("audio",),
        "itunes:episode": ("episode",),
        "podcast:episode": ("episode",),
        "itunes:season": ("season",),
        "podcast:season": ("season",),
        "itunes:episodeType": ("type",),
        "itunes:explicit": ("explicit",),
        "itunes:image": ("cover",),
        "podcast:image": ("cover",),
        "podcast:person": ("people",),
        "podcast:transcript": ("transcript",),
        "podcast:chapters": ("chapters",),
        "podcast:soundbite": ("soundbites",),
        "podcast:location": ("location",),
        "podcast:license": ("license",),
        "podcast:txt": ("txt",),
    }
)
"""Which key of `episode.md` an element of an item is made from."""

SHOW_FIELDS: Mapping[str, Loc] = MappingProxyType(
    {
        "title": ("show", "title"),
        "description": ("show", "description"),
        "link": ("show", "link"),
        "language": ("show", "language"),
        "copyright": ("show", "copyright"),
        "image": ("show", "cover"),
        "atom:link": ("show", "base_url"),
        "itunes:author": ("show", "author"),
        "itunes:owner": ("show", "owner"),
        "itunes:image": ("show", "cover"),
        "podcast:image": ("show", "cover"),
        "itunes:category": ("show", "categories"),
        "itunes:explicit": ("show", "explicit"),
        "itunes:type": ("show", "type"),
        "itunes:block": ("show", "block"),
        "itunes:complete": ("show", "complete"),
        "itunes:new-feed-url": ("show", "new_feed_url"),
        "podcast:guid": ("show", "guid"),
        "podcast:locked": ("show", "locked"),
        "podcast:medium": ("show", "medium"),
        "podcast:funding": ("show", "funding"),
        "podcast:person": ("show", "hosts"),
        "podcast:location": ("show", "location"),
        "podcast:license": ("show", "license"),
        "podcast:updateFrequency": ("show", "update_frequency"),
        "podcast:txt": ("show", "txt"),
    }
)
"""Which key of `show.toml` an element of the channel is made from."""

_WHOLE = frozenset(
    {"enclosure", "guid", "image", "atom:link", "itunes:image", "podcast:transcript", "podcast:chapters"}
    | {"podcast:alternateEnclosure", "podcast:locked", "podcast:image"}
)
"""What is made from one value of the sources, whatever attributes it has in the feed."""

_LISTS = frozenset(
    {"podcast:person", "podcast:soundbite", "podcast:txt", "podcast:funding", "itunes:category"}
)
_KEYS: Mapping[tuple[str, str], Loc] = MappingProxyType(
    {
        ("podcast:season", "name"): ("season_name",),
        ("podcast:soundbite", "startTime"): ("at",),
        ("podcast:person", ""): (),
        ("podcast:license", ""): ("id",),
        ("podcast:location", ""): ("name",),
        ("podcast:soundbite", ""): ("title",),
        ("podcast:txt", ""): ("text",),
        ("podcast:funding", ""): ("text",),
        ("podcast:updateFrequency", ""): ("text",),
    }
)


class Places(Protocol):
    """Knows where the elements of one channel or item were written."""

    def of(self, owner: Element, element: Element | None, name: str, attribute: str) -> Place:
        """Return the place of an element inside `owner`, or of where one of that name would be."""

    def within(self, owner: Element, element: Element, needles: tuple[str, ...]) -> Place:
        """Return the place of some words in an element's text."""


@dataclass(frozen=True, slots=True)
class FeedPlaces:
    """Places in the feed itself."""

    file: str

    def of(self, owner: Element, element: Element | None, name: str, attribute: str) -> Place:
        """Return the start tag of the element, or of the owner when there is none."""
        found = owner if element is None else element
        return Place(self.file, found.line, found.column)

    def within(self, owner: Element, element: Element, needles: tuple[str, ...]) -> Place:
        """Return the line of the words, or the element's own."""
        at = -1 if element.children else _find(element.text, needles)
        if at < 0:
            return Place(self.file, element.line, element.column)
        return Place(self.file, element.text_line + element.text.count("\n", 0, at))


@dataclass(frozen=True, slots=True)
class SourcePlaces:
    """Places in `show.toml` (slug "") or an episode's file; `notes` holds the notes as they are written.

    `locs` says where the n-th element of a name was written, as `name#n`, when the feed's order is another
    one than the source's; `categories` are the show's, which the feed has nested.
    """

    place_of: PlaceOf
    slug: str = ""
    notes: str = ""
    notes_line: int = 0
    file: str = ""
    locs: Mapping[str, Loc] | None = None
    categories: tuple[str, ...] = ()

    def of(self, owner: Element, element: Element | None, name: str, attribute: str) -> Place:
        """Return the key that the element is made from, and the entry of a list."""
        top, number = _child(owner, element) if element is not None else (None, 0)
        name = top.name if top is not None else name
        fields = ITEM_FIELDS if self.slug else SHOW_FIELDS
        loc = fields.get(name)
        if loc is None:
            return self.place_of(self.slug, () if self.slug else ("show",))
        if self.locs and top is not None and (found := self.locs.get(f"{name}#{number}")) is not None:
            return self.place_of("" if found[:1] == ("show",) else self.slug, found)
        if loc == ("notes",):
            return self._at_notes()
        if name == "itunes:category" and element is not None and top is not None:
            return self.place_of(self.slug, (*loc, self._category(top, element)))
        if name in _LISTS and top is not None:
            loc = (*loc, number)
        key = _KEYS.get((name, attribute), (attribute,) if attribute and name not in _WHOLE else ())
        if name == "itunes:owner" and element is not None and element is not top:
            key = (element.name.partition(":")[2],)
        if (name, attribute) == ("podcast:season", "name"):
            return self.place_of(self.slug, key)
        return self.place_of(self.slug, (*loc, *key))

    def within(self, owner: Element, element: Element, needles: tuple[str, ...]) -> Place:
        """Return the place of the words in the notes when they are written there just so."""
        if ITEM_FIELDS.get(element.name) != ("notes",) or not self.slug:
            return self.of(owner, element, "", "")
        at = _find(self.notes, needles)
        if at < 0:
            return self._at_notes()
        return place_at(self.file, self.notes, at, self.notes_line)

    def _category(self, top: Element, element: Element) -> int:
        """Return which of the show's categories an element was made from."""
        wanted = [top.get("text"), *([] if element is top else [element.get("text")])]
        for number, category in enumerate(self.categories):
            if [part for part in split_category(category) if part][: len(wanted)] == wanted:
                return number
        return 0

    def _at_notes(self) -> Place:
        return Place(self.file, self.notes_line)


def _find(text: str, needles: tuple[str, ...]) -> int:
    return next((at for needle in needles if needle and (at := text.find(needle)) >= 0), -1)


def _child(owner: Element, element: Element) -> tuple[Element | None, int]:
    """Return the child of `owner` that is or holds an element, and its number among those of its name."""
    numbers: dict[str, int] = {}
    for child in owner.children:
        number = numbers.get(child.name, 0)
        numbers[child.name] = number + 1
        if child is element or any(inner is element for inner in child.walk()):
            return child, number
    return None, 0
