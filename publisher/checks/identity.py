"""Rules on what tells an episode from the others: guid, date and number (group IT)."""

# ruff: noqa: D205, D401 - a rule's docstring is its documentation, written for people

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from publisher.checks.engine import Fault, rule
from publisher.checks.views import ItemFacts, ItemsView, ItemView
from publisher.feed.dates import parse_date

_FIRST_PODCASTS = datetime(2000, 1, 1, tzinfo=UTC)
_FILE_ENDINGS = (".mp3", ".m4a", ".mp4", ".wav", ".flac")


@rule("IT-017", "guid-too-short", "warn")
def guid_too_short(subject: ItemView) -> Iterator[Fault]:
    """A small number is unique on one server, for a while; a guid has to be unique in the world, for ever.

    Bad: `guid: 1042`
    Good: `guid: 3a0d6d5e-3f0f-4b0e-9a0d-0f7f6f9f2f11`
    Source: W3C Feed Validation Service, NotSufficientlyUnique.
    """
    guid = subject.guid
    if guid.isdigit() and len(guid) < 9:
        yield Fault(
            f"the guid {guid} is only a small number",
            subject.at("guid"),
            "use a UUID, unless the episode is already published: then leave it",
        )


@rule("IT-018", "guid-from-mutable-name", "warn")
def guid_from_mutable_name(subject: ItemView) -> Iterator[Fault]:
    """A guid made from a title or a file name tempts somebody to change it along with them.

    Bad: `guid: https://media.example.org/part-1.mp3`
    Good: `guid: 3a0d6d5e-3f0f-4b0e-9a0d-0f7f6f9f2f11`
    Source: Podcast namespace, other recommendations.
    """
    guid = subject.guid
    if guid == subject.slug != "" or guid.casefold().endswith(_FILE_ENDINGS):
        yield Fault(
            f"the guid {guid!r} is made from a name that may change",
            subject.at("guid"),
            "use a UUID, unless the episode is already published: then leave it",
        )


@rule("IT-024", "date-implausible", "error")
def date_implausible(subject: ItemView, *, days_ahead: int = 1) -> Iterator[Fault]:
    """There were no podcasts before 2000, and an episode that is out has no date to come: apps sort the one
    to the very end, and hide the other or keep it on top. The show's own feeds leave out what is to come.

    Bad: `date: 0206-01-13 06:00`
    Good: `date: 2026-01-13 06:00`
    Source: W3C Feed Validation Service, ImplausibleDate.
    """
    moment = parse_date(subject.text("pubDate"))
    if moment and moment < _FIRST_PODCASTS:
        yield Fault(
            f"the date {moment:%Y-%m-%d} is before there were podcasts",
            subject.at("pubDate"),
            "look at the year",
        )
    elif moment and not subject.context.is_own and moment > subject.context.now + timedelta(days=days_ahead):
        message = f"the date {moment:%Y-%m-%d} is still to come"
        hint = "look at the year, or leave the episode out until then"
        yield Fault(message, subject.at("pubDate"), hint)


@rule("IT-026", "same-moment", "warn")
def same_moment(subject: ItemsView) -> Iterator[Fault]:
    """Of two episodes of the same second, each app chooses its own order.

    Bad: Part I and Part II both `date: 2026-01-13 06:00`
    Good: Part I `06:00`, Part II `06:05`
    Source: the order of apps is by date, to the second.
    """
    first: dict[datetime, ItemFacts] = {}
    for item in _full(subject):
        moment = parse_date(item.date)
        known = first.setdefault(moment, item) if moment else item
        if known is not item:
            yield Fault(
                f"{item.name!r} comes out in the same second as {known.name!r}",
                subject.at(item, "pubDate"),
                "let a minute lie between them, in the order in which they should be heard",
            )


@rule("IT-036", "explicit-episode-in-clean-show", "warn")
def explicit_episode_in_clean_show(subject: ItemsView) -> Iterator[Fault]:
    """A show with an explicit episode says so itself: parents and directories look at the show.

    Bad: `explicit = false` in show.toml, `explicit: true` in an episode
    Good: `explicit = true` in show.toml, `explicit: false` in the other episodes
    Source: Apple, A Podcaster's Guide to RSS.
    """
    marked = [item.name for item in subject.items if item.explicit == "true"]
    if marked and subject.context.explicit == "false":
        yield Fault(
            f"the show is not explicit, but {marked[0]!r} is",
            subject.channel.at("itunes:explicit"),
            "set explicit = true for the show",
        )


@rule("IT-040", "number-repeated", "error")
def number_repeated(subject: ItemsView) -> Iterator[Fault]:
    """Apps sort a season by its numbers: of two episodes 3, one is lost or misplaced.

    Bad: two full episodes with `season: 1` and `episode: 3`
    Good: each number once a season
    Source: how apps sort.
    """
    first: dict[tuple[str, str], ItemFacts] = {}
    for item in _full(subject):
        if not item.episode:
            continue
        known = first.setdefault((item.season, item.episode), item)
        if known is not item:
            yield Fault(
                f"{item.name!r} has the same number as {known.name!r}: {_numbered(item)}",
                subject.at(item, "itunes:episode"),
                "give it the next free number",
            )


@rule("IT-041", "number-gap", "warn")
def number_gap(subject: ItemsView) -> Iterator[Fault]:
    """A missing number makes listeners look for an episode that is not there.

    Bad: episodes 1, 2 and 4
    Good: episodes 1, 2 and 3
    Source: how apps show seasons.
    """
    if any(not _is_number(written) for item in _full(subject) for written in (item.episode, item.season)):
        return  # IT-038's and IT-039's
    unnumbered = sum(not item.episode for item in _full(subject))
    numbered = {
        (int(item.season) if item.season.isdecimal() else 0, int(item.episode)): item
        for item in _full(subject)
        if item.episode.isdecimal() and len(item.episode + item.season) < 12
    }
    for before, after in pairwise(sorted(numbered)):
        if before[0] == after[0] and after[1] > before[1] + 1:
            first, last = before[1] + 1, after[1] - 1
            if last - first < unnumbered:
                continue  # those without a number may be the missing ones
            missing = f"number {first} is" if first == last else f"numbers {first} to {last} are"
            item = numbered[after]
            yield Fault(
                f"{missing} missing before {_numbered(item)}",
                subject.at(item, "itunes:episode"),
                "number the episodes without gaps, or leave the number out of those that stand alone",
            )


@rule("IT-042", "serial-without-number", "error")
def serial_without_number(subject: ItemsView) -> Iterator[Fault]:
    """A serial show is heard in order, and the order is that of the numbers.

    Bad: `type = "serial"` in show.toml, and an episode without `episode:`
    Good: `episode: 1` and, where there are seasons, `season: 1` in every full episode
    Source: Apple, A Podcaster's Guide to RSS; PSP-1.
    """
    if subject.context.type != "serial":
        return
    seasons = any(item.season for item in subject.items)
    for item in _full(subject):
        needed = {"episode": item.episode, **({"season": item.season} if seasons else {})}
        for field, value in needed.items():
            if not value:
                yield Fault(
                    f"the show is serial, but {item.name!r} has no {field} number",
                    subject.at(item),
                    f"add {field}: to its front matter, or itunes:{field} to the item",
                )


@rule("IT-044", "trailer-numbered", "warn", needs=("audio",), when=("itunes:episodeType",))
def trailer_numbered(subject: ItemView, *, minutes: int = 10) -> Iterator[Fault]:
    """A trailer is for the show or a season; with an episode number, apps count it as an episode.

    Bad: `type: trailer` and `episode: 1`
    Good: `type: trailer`, with a season where it announces one
    Source: Apple, A Podcaster's Guide to RSS.
    """
    if subject.kind == "trailer" and (found := subject.first("itunes:episode")) is not None:
        yield Fault("a trailer has no episode number", subject.at(found), "delete the number")
    seconds = subject.own.enclosure.duration_ms / 1000 if subject.own else subject.duration_s
    if subject.kind == "trailer" and seconds and seconds > 60 * minutes:
        message = f"the trailer lasts {seconds / 60:.0f} minutes"
        yield Fault(message, subject.at("itunes:duration"), f"stay under {minutes} minutes, or call it bonus")


def _full(subject: ItemsView) -> list[ItemFacts]:
    """Return the full episodes, oldest first."""
    return [item for item in reversed(subject.items) if item.kind == "full"]


def _is_number(written: str) -> bool:
    return not written or (written.isascii() and written.isdecimal() and written[0] != "0")


def _numbered(item: ItemFacts) -> str:
    season = f"season {item.season}, " if item.season else ""
    return f"{season}episode {item.episode}"
