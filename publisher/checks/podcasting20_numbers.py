"""Rules on seasons, episodes' numbers and licences: the group P20."""

# ruff: noqa: D401 - a rule's docstring is its documentation, written for people

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import get_close_matches

from publisher.checks.engine import Fault, rule
from publisher.checks.views import ChannelView, ItemsView, ItemView
from publisher.feed.vocabulary import LICENCES
from publisher.model import Edit, Fix

_RESERVED = re.compile(r"all rights reserved|alle rechte vorbehalten|todos los derechos", re.IGNORECASE)
_OPEN = re.compile(r"creative commons|\bcc[- ]by\b|public domain", re.IGNORECASE)
_INTEGER = re.compile(r"\d{1,9}")
_DECIMAL = re.compile(r"\d{1,9}(?:\.\d{1,9})?")
_RFC2822 = re.compile(r"(?:[A-Z][a-z]{2}, ?)?\d{1,2} [A-Z][a-z]{2} \d{4} \d\d:\d\d(?::\d\d)? \S.*")
_LATE_S = 1.0
_RHYTHM_ITEMS = 6


@rule("P20-050", "podcast-season", "error", when=("podcast:season",))
def podcast_season(subject: ItemView) -> Iterator[Fault]:
    """Both names of the season say the same whole number; of two, each app shows another.

    Bad: `<itunes:season>1</itunes:season>` beside `<podcast:season>2</podcast:season>`
    Good: the same number in both
    Source: Podcast namespace, season.
    """
    written, other = subject.text("podcast:season"), subject.text("itunes:season")
    place = subject.at("podcast:season")
    right = other if re.fullmatch(r"[1-9]\d{0,8}", other) else ""
    fix = Fix(f"write {right}", (Edit(place, written, right, "podcast:season"),)) if right else None
    if not _INTEGER.fullmatch(written):
        yield Fault(f"the season {written!r} is no whole number", place, f"write {right or 'a number'}", fix)
    elif right and int(written) != int(right):
        yield Fault(f"podcast:season is {written}, itunes:season {right}", place, "write one number in both")


@rule("P20-051", "podcast-episode", "error", when=("podcast:episode",))
def podcast_episode(subject: ItemView) -> Iterator[Fault]:
    """Both names of the episode's number agree; podcast:episode may have decimals (204.5), and nothing else.

    Bad: `<podcast:episode>Part 2</podcast:episode>`
    Good: `<podcast:episode display="Part 2">2</podcast:episode>`
    Source: Podcast namespace, episode.
    """
    written, other = subject.text("podcast:episode"), subject.text("itunes:episode")
    place = subject.at("podcast:episode")
    if not _DECIMAL.fullmatch(written):
        yield Fault(f"the number {written!r} is no number", place, "write digits; words belong into display")
    elif _both_count(other, written) and int(written) != int(other):
        yield Fault(
            f"podcast:episode is {written}, itunes:episode {other}", place, "write one number in both"
        )


@rule("P20-052", "season-names-differ", "warn")
def season_names_differ(subject: ItemsView) -> Iterator[Fault]:
    """A season has one name; of two, each app shows another.

    Bad: `season: 1` called "Listening" here and "Hearing" there
    Good: the same name in every episode of the season
    Source: Podcast namespace, season.
    """
    names: dict[str, str] = {}
    for item in reversed(subject.items):
        if not (item.season and item.season_name):
            continue
        known = names.setdefault(item.season, item.season_name)
        if known != item.season_name:
            yield Fault(
                f"season {item.season} is called {item.season_name!r} here and {known!r} elsewhere",
                subject.at(item, "podcast:season", "name"),
                "choose one name",
            )


@rule("P20-070", "licence-without-address", "error", when=("podcast:license",))
def licence_without_address(subject: ChannelView | ItemView) -> Iterator[Fault]:
    """A licence that is on nobody's list has to say where its text is.

    Bad: `license = "our-rules"`
    Good: `license = "CC-BY-4.0"`, or `{ id = "our-rules", url = "https://example.org/rules" }`
    Source: Podcast namespace, license.
    """
    known = {name.casefold() for name in LICENCES}
    for licence in subject.all("podcast:license"):
        identifier = licence.value
        if licence.get("url") or identifier.casefold() in known:
            continue
        near = get_close_matches(identifier.upper(), LICENCES, n=1, cutoff=0.7)
        hint = f"did you mean {near[0]}? Otherwise add url" if near else "add the address of its text as url"
        yield Fault(f"the licence {identifier!r} is not a known one", subject.at(licence), hint)


@rule("P20-071", "licence-contradicts-copyright", "warn", when=("podcast:license",))
def licence_contradicts_copyright(subject: ChannelView) -> Iterator[Fault]:
    """Who reads that everything is reserved does not use what the licence gives, and the other way round.

    Bad: `CC-BY-4.0` beside "All rights reserved"
    Good: the holder's name as copyright, and the licence
    Source: the two say it to the same reader.
    """
    licence, copyright_ = subject.text("podcast:license"), subject.text("copyright")
    is_reserved = licence.casefold() == "arr"
    if (licence.casefold().startswith("cc-") and _RESERVED.search(copyright_)) or (
        is_reserved and _OPEN.search(copyright_)
    ):
        yield Fault(
            f"the licence is {licence}, the copyright line says {copyright_!r}",
            subject.at("copyright"),
            "let the copyright line name the holder only",
        )


def _both_count(*written: str) -> bool:
    """Tell whether all are whole numbers from 1 on; another rule speaks of 0."""
    return all(_INTEGER.fullmatch(each) and int(each) for each in written)
