"""Items into the facts that they are compared by, with one another and with those published before."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from hashlib import blake2b
from typing import NamedTuple

from publisher.checks.parts import ChannelView, Context, ItemView
from publisher.errors import Place


class ItemFacts(NamedTuple):
    """What rules compare between items; texts are trimmed, "" for what is missing. Kept for every item.

    `description` stands for the notes that apps prefer, `about` for the description beside them; that is 0
    in a feed for whose language nobody wrote notes.
    """

    number: int
    slug: str
    title: str
    guid: str
    date: str
    kind: str
    season: str
    episode: str
    season_name: str
    explicit: str
    audio_url: str
    audio_bytes: str
    link: str
    description: int
    about: int
    line: int
    ai_content: str
    has_transcript: bool

    @property
    def name(self) -> str:
        """Return what a report calls it."""
        return self.slug or self.title or f"item {self.number + 1}"


@dataclass
class ItemsView:
    """All items of a feed, in its order, for rules that compare them."""

    channel: ChannelView
    items: tuple[ItemFacts, ...]
    place_of: Callable[[ItemFacts, str, str], Place]
    context: Context
    present: None = None

    @property
    def name(self) -> str:
        """Return what a report calls it."""
        return "the episodes" if self.context.is_own else "the items"

    @property
    def lacks(self) -> Mapping[str, str]:
        """Return what cannot be looked at, with the reason."""
        return self.context.lacks

    def at(self, item: ItemFacts, name: str = "", attribute: str = "") -> Place:
        """Return where an element of an item is written; the item itself without a name."""
        return self.place_of(item, name, attribute)


@dataclass
class HistoryView:
    """What was published before beside what there is now, item by item, matched as apps do it.

    `before` and `after` are keyed by guid; `witness` says who remembers it: the committed feed or a target.
    """

    witness: str
    before: ItemsView
    after: ItemsView
    context: Context
    present: None = None

    @property
    def name(self) -> str:
        """Return what a report calls it."""
        return self.witness

    @property
    def lacks(self) -> Mapping[str, str]:
        """Return what cannot be looked at, with the reason."""
        return self.context.lacks

    @cached_property
    def pairs(self) -> tuple[tuple[ItemFacts, ItemFacts], ...]:
        """Return the items that are in both: of the same guid, else of the same audio, else title and day."""
        return tuple(_pairs(self.before.items, self.after.items))

    @cached_property
    def gone(self) -> tuple[ItemFacts, ...]:
        """Return the items that are not there any more, under whatever guid."""
        kept = {old.number for old, _ in self.pairs}
        return tuple(item for item in self.before.items if item.number not in kept)

    @cached_property
    def new(self) -> tuple[ItemFacts, ...]:
        """Return the items that were not there before."""
        known = {now.number for _, now in self.pairs}
        return tuple(item for item in self.after.items if item.number not in known)

    def at(self, item: ItemFacts | None = None, name: str = "", attribute: str = "") -> Place:
        """Return where an item of now is written; without one, where the show is."""
        return self.after.at(item, name, attribute) if item else self.after.channel.at(name or None)


def _pairs(
    before: tuple[ItemFacts, ...], after: tuple[ItemFacts, ...]
) -> Iterator[tuple[ItemFacts, ItemFacts]]:
    left = {item.number: item for item in after}
    old_left = {item.number: item for item in before}
    for key in (_by_guid, _by_audio, _by_title):
        index = {key(item): item for item in reversed([*left.values()])}
        for old in [*old_left.values()]:
            wanted = key(old)
            now = index.get(wanted) if wanted else None
            if now is not None and now.number in left:
                del left[now.number], old_left[old.number]
                yield old, now


def _by_guid(item: ItemFacts) -> str:
    return item.guid


def _by_audio(item: ItemFacts) -> str:
    return item.audio_url


def _by_title(item: ItemFacts) -> str:
    return f"{item.title}\0{item.date}" if item.title and item.date else ""


def facts_of(view: ItemView) -> ItemFacts:
    """Take from an item what rules compare."""
    name = view.first("podcast:season")
    description = view.notes_element
    about = view.text("description") or (description.value if description is not None else "")
    is_borrowed = view.own is not None and "notes" in view.own.episode.untranslated
    return ItemFacts(
        number=view.number,
        slug=view.slug,
        title=view.title,
        guid=view.guid,
        date=view.text("pubDate"),
        kind=view.kind,
        season=view.text("itunes:season") or view.text("podcast:season"),
        episode=view.text("itunes:episode") or view.text("podcast:episode"),
        season_name=name.get("name") if name is not None else "",
        explicit=view.text("itunes:explicit").casefold(),
        audio_url=view.audio_url,
        audio_bytes=view.attribute("enclosure", "length"),
        link=view.text("link"),
        description=_digest(description.value) if description is not None else 0,
        about=0 if is_borrowed else _digest(about),
        line=view.element.line,
        ai_content=_ai_content(view),
        has_transcript="podcast:transcript" in (view.present or ()),
    )


def _ai_content(view: ItemView) -> str:
    """Return what an item says of the part that machines had in it."""
    if "podcast:txt" not in (view.present or ()):
        return ""
    found = (txt.value for txt in view.all("podcast:txt") if txt.get("purpose") == "ai-content")
    return next(found, "")


def _digest(text: str) -> int:
    """Return a number that stands for a text; 0 stands for none."""
    return int.from_bytes(blake2b(text.encode("utf-8", "replace"), digest_size=8).digest()) if text else 0
