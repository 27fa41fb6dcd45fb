"""What the author wrote into subjects: the show, an episode, all of them, each knowing its places."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, ClassVar

from publisher.checks.files import ArtView, ChaptersView, MediaView, ResponseView, TranscriptView
from publisher.checks.html import Fragment, parse_fragment
from publisher.checks.places import PlaceOf
from publisher.checks.views import ChannelView, DocumentView, HistoryView, ItemsView, ItemView
from publisher.errors import Place

if TYPE_CHECKING:
    from publisher.checks.written import WrittenFacts
    from publisher.model import Episode, Item, Show

SHOW_FILE = "show.toml"
_NOTHING: Mapping[str, str] = {}


@dataclass(frozen=True)
class ShowSubject:
    """The show's settings alone."""

    show: Show
    place_of: PlaceOf
    now: datetime
    lacks: ClassVar[Mapping[str, str]] = _NOTHING
    present: ClassVar[None] = None

    @property
    def name(self) -> str:
        """Return what a report calls it."""
        return "the show"

    def at(self, *loc: str | int) -> Place:
        """Return where a field of `[show]` is written."""
        return self.place_of("", ("show", *loc))


@dataclass(frozen=True)
class CatalogueSubject:
    """The whole show with what is kept of all its episodes, for rules that compare them."""

    show: Show
    episodes: tuple[WrittenFacts, ...]
    place_of: PlaceOf
    lacks: ClassVar[Mapping[str, str]] = _NOTHING
    present: ClassVar[None] = None

    @property
    def name(self) -> str:
        """Return what a report calls it."""
        return "the episodes"

    def at(self, *loc: str | int) -> Place:
        """Return where a field of `[show]` is written."""
        return self.place_of("", ("show", *loc))

    def within(self, episode: WrittenFacts, *loc: str | int) -> Place:
        """Return where a field of an episode is written."""
        return self.place_of(episode.slug, loc)


@dataclass(frozen=True)
class EpisodeSubject:
    """One episode as its author wrote it; a rule on it never sees another."""

    show: Show
    episode: Episode
    place_of: PlaceOf
    now: datetime
    lacks: ClassVar[Mapping[str, str]] = _NOTHING
    present: ClassVar[None] = None

    @property
    def name(self) -> str:
        """Return what a report calls it."""
        return self.episode.slug

    def at(self, *loc: str | int) -> Place:
        """Return where a field of the episode is written."""
        return self.place_of(self.episode.slug, loc)


@dataclass(frozen=True)
class ItemSubject:
    """One episode with its finished audio and rendered notes; `transcript_end_ms` is None when not known."""

    show: Show
    item: Item
    place_of: PlaceOf
    transcript_end_ms: int | None = None
    lacks: ClassVar[Mapping[str, str]] = _NOTHING
    present: ClassVar[None] = None

    @property
    def name(self) -> str:
        """Return what a report calls it."""
        return self.item.episode.slug

    def at(self, *loc: str | int) -> Place:
        """Return where a field of the episode is written."""
        return self.place_of(self.item.episode.slug, loc)

    def in_notes(self) -> Place:
        """Return where the notes begin."""
        episode = self.item.episode
        return Place(episode.source.file, episode.notes_line)

    @cached_property
    def notes(self) -> Fragment:
        """Return the notes as the feed carries them, taken apart."""
        return parse_fragment(self.item.notes.feed_html)


Subject = (
    ShowSubject
    | CatalogueSubject
    | EpisodeSubject
    | ItemSubject
    | DocumentView
    | ChannelView
    | ItemView
    | ItemsView
    | HistoryView
    | ArtView
    | MediaView
    | TranscriptView
    | ChaptersView
    | ResponseView
)
