"""Rules on what tells an episode from the others: guid, date and number (group IT)."""

# ruff: noqa: D401 - a rule's docstring is its documentation, written for people

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import pairwise

from publisher.checks.engine import Fault, rule
from publisher.checks.subjects import CatalogueSubject, EpisodeSubject
from publisher.model import Episode

_FIRST_PODCASTS = datetime(2000, 1, 1, tzinfo=UTC)
_FILE_ENDINGS = (".mp3", ".m4a", ".mp4", ".wav", ".flac")


@rule("IT-017", "guid-too-short", "warn")
def guid_too_short(subject: EpisodeSubject) -> Iterator[Fault]:
    """A small number is unique on one server, for a while; a guid has to be unique in the world, for ever.

    Bad: `guid: 1042`
    Good: `guid: 3a0d6d5e-3f0f-4b0e-9a0d-0f7f6f9f2f11`
    Source: W3C Feed Validation Service, NotSufficientlyUnique.
    """
    guid = subject.episode.guid
    if guid.isdigit() and len(guid) < 9:
        yield Fault(
            f"the guid {guid} is only a small number",
            subject.at("guid"),
            "use a UUID, unless the episode is already published: then leave it",
        )


@rule("IT-018", "guid-from-mutable-name", "warn")
def guid_from_mutable_name(subject: EpisodeSubject) -> Iterator[Fault]:
    """A guid made from a title or a file name tempts somebody to change it along with them.

    Bad: `guid: https://media.example.org/part-1.mp3`
    Good: `guid: 3a0d6d5e-3f0f-4b0e-9a0d-0f7f6f9f2f11`
    Source: Podcast namespace, other recommendations.
    """
    guid = subject.episode.guid
    if guid == subject.episode.slug or guid.casefold().endswith(_FILE_ENDINGS):
        yield Fault(
            f"the guid {guid!r} is made from a name that may change",
            subject.at("guid"),
            "use a UUID, unless the episode is already published: then leave it",
        )


@rule("IT-024", "date-implausible", "error")
def date_implausible(subject: EpisodeSubject) -> Iterator[Fault]:
    """There were no podcasts before 2000; such a date is a slip, and apps sort the episode to the very end.

    Bad: `date: 0206-01-13 06:00`
    Good: `date: 2026-01-13 06:00`
    Source: W3C Feed Validation Service, ImplausibleDate.
    """
    if subject.episode.date < _FIRST_PODCASTS:
        yield Fault(
            f"the date {subject.episode.date:%Y-%m-%d} is before there were podcasts",
            subject.at("date"),
            "look at the year",
        )


@rule("IT-026", "same-moment", "warn")
def same_moment(subject: CatalogueSubject) -> Iterator[Fault]:
    """Of two episodes of the same second, each app chooses its own order.

    Bad: Part I and Part II both `date: 2026-01-13 06:00`
    Good: Part I `06:00`, Part II `06:05`
    Source: the order of apps is by date, to the second.
    """
    first: dict[datetime, Episode] = {}
    for episode in _released(subject):
        known = first.setdefault(episode.date.astimezone(UTC), episode)
        if known is not episode:
            yield Fault(
                f"{episode.slug!r} comes out in the same second as {known.slug!r}",
                subject.within(episode, "date"),
                "let a minute lie between them, in the order in which they should be heard",
            )


@rule("IT-036", "explicit-episode-in-clean-show", "warn")
def explicit_episode_in_clean_show(subject: CatalogueSubject) -> Iterator[Fault]:
    """A show with an explicit episode says so itself: parents and directories look at the show.

    Bad: `explicit = false` in show.toml, `explicit: true` in an episode
    Good: `explicit = true` in show.toml, `explicit: false` in the other episodes
    Source: Apple, A Podcaster's Guide to RSS.
    """
    marked = [episode.slug for episode in subject.episodes if episode.explicit]
    if marked and not subject.show.explicit:
        yield Fault(
            f"the show is not explicit, but {marked[0]!r} is",
            subject.at("explicit"),
            "set explicit = true for the show",
        )


@rule("IT-040", "number-repeated", "error")
def number_repeated(subject: CatalogueSubject) -> Iterator[Fault]:
    """Apps sort a season by its numbers: of two episodes 3, one is lost or misplaced.

    Bad: two full episodes with `season: 1` and `episode: 3`
    Good: each number once a season
    Source: how apps sort.
    """
    first: dict[tuple[int | None, int], Episode] = {}
    for episode in _released(subject):
        if episode.number is None:
            continue
        known = first.setdefault((episode.season, episode.number), episode)
        if known is not episode:
            yield Fault(
                f"{episode.slug!r} has the same number as {known.slug!r}: {_numbered(episode)}",
                subject.within(episode, "episode"),
                "give it the next free number",
            )


@rule("IT-041", "number-gap", "warn")
def number_gap(subject: CatalogueSubject) -> Iterator[Fault]:
    """A missing number makes listeners look for an episode that is not there.

    Bad: episodes 1, 2 and 4
    Good: episodes 1, 2 and 3
    Source: how apps show seasons.
    """
    numbered = {
        (episode.season or 0, episode.number): episode
        for episode in _released(subject)
        if episode.number is not None
    }
    for before, after in pairwise(sorted(numbered)):
        if before[0] == after[0] and after[1] > before[1] + 1:
            first, last = before[1] + 1, after[1] - 1
            missing = f"number {first} is" if first == last else f"numbers {first} to {last} are"
            episode = numbered[after]
            yield Fault(
                f"{missing} missing before {_numbered(episode)}",
                subject.within(episode, "episode"),
                "number the episodes without gaps, or leave the number out of those that stand alone",
            )


@rule("IT-042", "serial-without-number", "error")
def serial_without_number(subject: CatalogueSubject) -> Iterator[Fault]:
    """A serial show is heard in order, and the order is that of the numbers.

    Bad: `type = "serial"` in show.toml, and an episode without `episode:`
    Good: `episode: 1` and, where there are seasons, `season: 1` in every full episode
    Source: Apple, A Podcaster's Guide to RSS; PSP-1.
    """
    if subject.show.type != "serial":
        return
    seasons = any(episode.season is not None for episode in subject.episodes)
    for episode in _released(subject):
        needed = {"episode": episode.number, **({"season": episode.season} if seasons else {})}
        for field, value in needed.items():
            if value is None:
                yield Fault(
                    f"the show is serial, but {episode.slug!r} has no {field} number",
                    subject.within(episode),
                    f"add {field}: to its front matter",
                )


@rule("IT-044", "trailer-numbered", "warn")
def trailer_numbered(subject: EpisodeSubject) -> Iterator[Fault]:
    """A trailer is for the show or a season; with an episode number, apps count it as an episode.

    Bad: `type: trailer` and `episode: 1`
    Good: `type: trailer`, with a season where it announces one
    Source: Apple, A Podcaster's Guide to RSS.
    """
    if subject.episode.type == "trailer" and subject.episode.number is not None:
        yield Fault("a trailer has no episode number", subject.at("episode"), "delete the number")


def _released(subject: CatalogueSubject) -> tuple[Episode, ...]:
    """Return the full episodes that are no drafts."""
    return tuple(episode for episode in subject.episodes if episode.type == "full" and not episode.draft)


def _numbered(episode: Episode) -> str:
    season = f"season {episode.season}, " if episode.season is not None else ""
    return f"{season}episode {episode.number}"
