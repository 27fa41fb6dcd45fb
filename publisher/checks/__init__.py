"""A show, its episodes, items and feeds into findings."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date

from publisher.checks import channel, chapters, document, identity, item, notes, podcasting20, text
from publisher.checks.engine import PROFILES, Rule, all_rules, explain, run
from publisher.checks.subjects import (
    SHOW_FILE,
    CatalogueSubject,
    EpisodeSubject,
    FeedSubject,
    ItemSubject,
    Loc,
    PlaceOf,
    ShowSubject,
    Subject,
)
from publisher.errors import Place
from publisher.model import Episode, Finding, Item, Show, Waiver

__all__ = ["GROUPS", "PROFILES", "Rule", "all_rules", "check", "explain", "not_checked"]

GROUPS = (channel, identity, text, item, notes, chapters, podcasting20, document)
"""The modules whose rules are known; importing them enters their rules."""


def check(
    show: Show,
    episodes: Iterable[Episode],
    items: Iterable[Item] = (),
    feeds: Mapping[str, bytes] | None = None,
    *,
    profiles: Iterable[str] = (),
    waivers: Iterable[Waiver] = (),
    place_of: PlaceOf | None = None,
    transcript_end: Callable[[Item], int | None] | None = None,
    today: date | None = None,
    whole: bool = True,
) -> tuple[Finding, ...]:
    """Judge what is there; what is not there is not judged (see `not_checked`).

    Args:
        show: the show's settings.
        episodes: every episode, drafts too.
        items: those of them whose audio is finished.
        feeds: the bytes of built feeds, by the path of their file as a person names it.
        profiles: directories and duties to check for, out of PROFILES.
        waivers: findings that are accepted.
        place_of: where a field was written; without it findings point at the file.
        transcript_end: when an item's last cue ends, in milliseconds.
        today: the day on which waivers end.
        whole: whether `episodes` are all there are; rules that compare them need that.
    """
    all_episodes = tuple(episodes)
    where = place_of or _files(all_episodes)
    subjects = _subjects(show, all_episodes, items, feeds or {}, where, transcript_end)
    seen = (subject for subject in subjects if whole or not isinstance(subject, CatalogueSubject))
    return run(seen, tuple(profiles), tuple(waivers), today)


def not_checked(
    episodes: Iterable[Episode],
    items: Iterable[Item],
    feeds: Mapping[str, bytes],
    profiles: Iterable[str] = (),
    *,
    whole: bool = True,
) -> tuple[str, ...]:
    """Name the rules that could not look at everything: no finished audio, no feed, or not all episodes."""
    finished = {item.episode.slug for item in items}
    blind: set[type[Subject]] = set()
    if any(episode.slug not in finished for episode in episodes):
        blind.add(ItemSubject)
    if not feeds:
        blind.add(FeedSubject)
    if not whole:
        blind.add(CatalogueSubject)
    asked = tuple(profiles)
    return tuple(known.id for known in all_rules() if blind & set(known.subjects) and known.counts_in(asked))


def _subjects(
    show: Show,
    episodes: tuple[Episode, ...],
    items: Iterable[Item],
    feeds: Mapping[str, bytes],
    place_of: PlaceOf,
    transcript_end: Callable[[Item], int | None] | None,
) -> Iterator[Subject]:
    yield ShowSubject(show, place_of)
    yield CatalogueSubject(show, episodes, place_of)
    for episode in episodes:
        yield EpisodeSubject(show, episode, place_of)
    for entry in items:
        yield ItemSubject(show, entry, place_of, transcript_end(entry) if transcript_end else None)
    for file, data in feeds.items():
        yield FeedSubject(show, file, data)


def _files(episodes: tuple[Episode, ...]) -> PlaceOf:
    """Point at whole files, for callers that know no lines."""
    sources = {episode.slug: episode.source for episode in episodes}

    def place_of(slug: str, _loc: Loc) -> Place:
        return sources.get(slug, Place(SHOW_FILE))

    return place_of
