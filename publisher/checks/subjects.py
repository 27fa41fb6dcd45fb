"""What rules look at: a show, an episode, an item or a feed, each knowing where its fields were written."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property

from publisher.checks.html import Fragment, parse_fragment
from publisher.errors import Place, SourceError
from publisher.feed.reader import FeedFacts, read_feed
from publisher.model import Episode, Item, Show

Loc = tuple[str | int, ...]
PlaceOf = Callable[[str, Loc], Place]
"""Where a field was written: the episode's slug ("" for show.toml) and the way to the value in the file."""

SHOW_FILE = "show.toml"


@dataclass(frozen=True)
class ShowSubject:
    """The show's settings alone."""

    show: Show
    place_of: PlaceOf

    def at(self, *loc: str | int) -> Place:
        """Return where a field of `[show]` is written."""
        return self.place_of("", ("show", *loc))


@dataclass(frozen=True)
class CatalogueSubject:
    """The whole show with all its episodes, for rules that compare them."""

    show: Show
    episodes: tuple[Episode, ...]
    place_of: PlaceOf

    def at(self, *loc: str | int) -> Place:
        """Return where a field of `[show]` is written."""
        return self.place_of("", ("show", *loc))

    def within(self, episode: Episode, *loc: str | int) -> Place:
        """Return where a field of an episode is written."""
        return self.place_of(episode.slug, loc)


@dataclass(frozen=True)
class EpisodeSubject:
    """One episode as its author wrote it; a rule on it never sees another."""

    show: Show
    episode: Episode
    place_of: PlaceOf

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


@dataclass(frozen=True)
class FeedSubject:
    """One built feed's bytes, by the path of its file."""

    show: Show
    file: str
    data: bytes

    def at(self, line: int = 0) -> Place:
        """Return a line of the feed's file."""
        return Place(self.file, line)

    @cached_property
    def facts(self) -> FeedFacts | None:
        """Return what the feed says, or None when it cannot be read; DOC-001 says why."""
        try:
            return read_feed(self.data, self.file)
        except SourceError:
            return None


Subject = ShowSubject | CatalogueSubject | EpisodeSubject | ItemSubject | FeedSubject
SUBJECTS: Mapping[str, type[Subject]] = {
    kind.__name__: kind for kind in (ShowSubject, CatalogueSubject, EpisodeSubject, ItemSubject, FeedSubject)
}
