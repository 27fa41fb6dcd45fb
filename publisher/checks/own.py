"""The show's own sources into everything that rules look at."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from publisher.checks.places import ITEM_FIELDS, Loc, PlaceOf, SourcePlaces
from publisher.checks.subjects import (
    SHOW_FILE,
    CatalogueSubject,
    EpisodeSubject,
    ItemSubject,
    ShowSubject,
    Subject,
)
from publisher.checks.views import ChannelView, Context, DocumentView, ItemFacts, ItemsView, ItemView
from publisher.checks.written import WrittenFacts
from publisher.errors import Place
from publisher.feed.elements import parse_item
from publisher.feed.parsing import parse_feed
from publisher.feed.podcasting20 import everybody
from publisher.feed.rss import (
    NAMESPACES,
    TAIL,
    feed_url,
    last_change,
    render_head,
    render_item,
)
from publisher.model import Episode, FeedSettings, Item, Show, standing

_SPELT: dict[str, str] = {}
"""How the names in the show's own items are usually spelt, which is always the same."""


@dataclass(frozen=True)
class OwnShow:
    """The show as it is: its `episodes`, and as `items` those that have to be judged as a feed has them.

    Those in `unfinished` have no audio yet: what is said of it there is made up, and not judged. `feeds` are
    the bytes of committed feeds, by path, and `feed` is the one that the items stand in: a show in two
    languages is two of these. `whole` tells whether the episodes are all there are; `files_of`
    finds the files that the show or an item names.
    """

    show: Show
    episodes: tuple[WrittenFacts, ...]
    items: tuple[Item, ...]
    feeds: Mapping[str, bytes]
    now: datetime
    place_of: PlaceOf
    unfinished: frozenset[str] = frozenset()
    cover_url: str = ""
    transcript_end: Callable[[Item], int | None] = lambda _item: None
    whole: bool = True
    withdrawn: frozenset[str] = frozenset()
    lacks: Mapping[str, str] = field(default_factory=dict)
    files_of: Callable[[ItemView | ChannelView], Iterable[Subject]] = lambda _view: ()
    feed: FeedSettings | None = None

    @property
    def context(self) -> Context:
        """Return what is true for the whole feed."""
        show, feed = self.show, self._feed
        address = feed_url(show, feed)
        return Context(
            now=self.now,
            show=show,
            address=address,
            title=show.title,
            link=show.link,
            language=feed.language,
            author=show.author,
            type=show.type,
            explicit="true" if show.explicit else "false",
            hosts=tuple(host.name for host in show.hosts),
            self_link=address,
            withdrawn=self.withdrawn,
            lacks=self.lacks,
        )

    @property
    def feed_name(self) -> str:
        """Return the name of the feed that the items stand in."""
        return self._feed.name

    @property
    def _feed(self) -> FeedSettings:
        if self.feed:
            return self.feed
        return self.show.feeds[0] if self.show.feeds else FeedSettings("feed", self.show.language)

    def shared_subjects(self) -> Iterator[Subject]:
        """Yield what is there once: the show, its channel, the committed feeds."""
        yield ShowSubject(self.show, self.place_of, self.now)
        channel = self.channel()
        yield channel
        yield from self.files_of(channel)
        for file, data in self.feeds.items():
            yield DocumentView(file, parse_feed(data, file), self.context)

    def channel(self) -> ChannelView:
        """Return the channel as the feed would have it."""
        last = last_change(each.date for each in self.episodes if each.slug not in self.unfinished)
        head = render_head(self.show, self._feed, cover_url=self.cover_url, last_build=last)
        channel = parse_feed(head + TAIL, SHOW_FILE).channel
        assert channel is not None
        return ChannelView(
            channel,
            SourcePlaces(self.place_of, categories=self.show.categories),
            self.context,
            len(self.episodes),
        )

    def item_subjects(self, item: Item, context: Context, number: int = 0) -> Iterator[Subject]:
        """Yield what there is of one episode; nothing of it comes from another."""
        yield EpisodeSubject(self.show, item.episode, self.place_of, self.now)
        if item.episode.slug not in self.unfinished:
            yield ItemSubject(self.show, item, self.place_of, self.transcript_end(item))
        view = self.item_view(item, context, number)
        yield view
        yield from self.files_of(view)

    def item_view(self, item: Item, context: Context, number: int = 0) -> ItemView:
        """Return an episode as the feed would have it."""
        episode = item.episode
        data = render_item(self.show, self._feed, item)
        is_finished = episode.slug not in self.unfinished
        return ItemView(
            parse_item(data, NAMESPACES, names=_SPELT),
            _places(self.show, episode, self.place_of),
            context,
            number,
            item,
            episode.slug,
            is_finished,
            self.transcript_end(item) if is_finished else None,
        )

    def catalogue_subjects(self) -> Iterator[Subject]:
        """Yield what compares episodes as they are written, which needs all of them."""
        yield CatalogueSubject(self.show, self.episodes, self.place_of)

    def items_view(self, facts: Iterable[ItemFacts], channel: ChannelView) -> ItemsView:
        """Return all items side by side; a draft is in no feed."""

        def place_of(item: ItemFacts, name: str, attribute: str) -> Place:
            loc: Loc = ITEM_FIELDS.get(name, ())
            if (name, attribute) == ("podcast:season", "name"):
                loc = ("season_name",)
            return self.place_of(item.slug, loc)

        drafts = {episode.slug for episode in self.episodes if episode.draft}
        public = (item for item in facts if item.slug not in drafts)
        items = tuple(item._replace(number=number) for number, item in enumerate(public))
        return ItemsView(channel, items, place_of, self.context)

    def ordered(self) -> tuple[WrittenFacts, ...]:
        """Return the episodes as they stand in the feed."""
        return tuple(sorted(self.episodes, key=_standing, reverse=True))


def _standing(episode: WrittenFacts) -> tuple[datetime, int, int, str]:
    return standing(episode.date, episode.season, episode.number, episode.guid)


def _places(show: Show, episode: Episode, place_of: PlaceOf) -> SourcePlaces:
    people = everybody(show.hosts, episode.people)
    added = len(people) - len(episode.people)
    hosts = {host.id: number for number, host in enumerate(show.hosts)}
    locs: dict[str, Loc] = {
        f"podcast:person#{number}": ("show", "hosts", hosts[person.id])
        if number < added
        else ("people", number - added)
        for number, person in enumerate(people)
    }
    return SourcePlaces(place_of, episode.slug, episode.notes, episode.notes_line, episode.source.file, locs)


def files_only(episodes: Iterable[Episode]) -> PlaceOf:
    """Point at whole files, for callers that know no lines."""
    sources = {episode.slug: episode.source for episode in episodes}

    def place_of(slug: str, _loc: Loc) -> Place:
        return sources.get(slug, Place(SHOW_FILE))

    return place_of
