"""A show's sources and committed feeds into findings, the ones that keep it from being read among them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from pathlib import Path

from publisher import checks
from publisher.audio.lock import read_lock
from publisher.building.assembly import reached
from publisher.building.making import (
    PreparedItem,
    Workshop,
    make_item,
    open_workshop,
    read_episode,
    state_of_episode,
)
from publisher.building.request import FEEDS_FOLDER
from publisher.config import show_place
from publisher.episodes import EPISODES_FOLDER, LOCK_FILE, field_place, find_folders, find_slug
from publisher.errors import Place, Problem, SourceError
from publisher.model import Episode, Finding, Item
from publisher.source.document import Loc

UNREADABLE = "SRC-001"
"""The rule of everything that keeps a file from being read; the loader finds it, not a rule of the table."""


@dataclass(frozen=True, slots=True)
class Inspection:
    """What was found, what could not be looked at, and whether the sources can be read at all."""

    findings: tuple[Finding, ...]
    not_checked: tuple[str, ...]
    is_readable: bool


def inspect(root: Path, now: datetime, slugs: Iterable[str], profiles: tuple[str, ...]) -> Inspection:
    """Check the whole show or some episodes; without `profiles`, for those that `show.toml` names.

    Raises:
        SourceError: `show.toml`, the catalogue or a template cannot be read: nothing can be judged then.
        UsageError: there is no such episode.
    """
    workshop = replace(open_workshop(root, reached(root, now)), writes=False)
    known = find_folders(root)
    wanted = [find_slug(slug, known) for slug in slugs] or known
    episodes: list[Episode] = []
    prepared: list[PreparedItem] = []
    problems: list[Problem] = []
    for slug in wanted:
        try:
            episode = read_episode(workshop, slug)
            episodes.append(episode)
            prepared.extend(_prepare(workshop, episode))
        except SourceError as error:
            problems.extend(error.problems)
    items = [entry.item for entry in prepared]
    is_whole = set(wanted) == set(known)
    feeds = _committed_feeds(workshop) if is_whole else {}
    asked = profiles or workshop.show.profiles
    findings = checks.check(
        workshop.show,
        episodes,
        items,
        feeds,
        profiles=asked,
        waivers=workshop.show.waivers,
        place_of=_places(root),
        transcript_end=_transcript_ends(prepared),
        today=workshop.now.date(),
        whole=is_whole,
    )
    unreadable = tuple(
        Finding(UNREADABLE, "error", problem.place or Place(""), problem.message, problem.hint)
        for problem in problems
    )
    return Inspection(
        findings=(*unreadable, *findings),
        not_checked=checks.not_checked(episodes, items, feeds, asked, whole=is_whole),
        is_readable=not problems,
    )


def _prepare(workshop: Workshop, episode: Episode) -> list[PreparedItem]:
    """Return the item of an episode whose audio is finished; a draft's is not judged yet."""
    shown = f"{EPISODES_FOLDER}/{episode.slug}/{LOCK_FILE}"
    lock = read_lock(workshop.root / shown, shown)
    if lock is None or state_of_episode(episode, workshop.now) == "draft":
        return []
    return [make_item(workshop, episode, lock)]


def _committed_feeds(workshop: Workshop) -> dict[str, bytes]:
    feeds = {}
    for feed in workshop.show.feeds:
        path = workshop.root / FEEDS_FOLDER / f"{feed.name}.xml"
        if path.is_file():
            feeds[f"{FEEDS_FOLDER}/{feed.name}.xml"] = path.read_bytes()
    return feeds


def _places(root: Path) -> Callable[[str, Loc], Place]:
    @cache
    def place_of(slug: str, loc: Loc) -> Place:
        if not slug:
            return show_place(root, *loc)
        return field_place(root, slug, *loc)

    return place_of


def _transcript_ends(prepared: Iterable[PreparedItem]) -> Callable[[Item], int | None]:
    ends = {
        entry.item.episode.slug: max((cue.end_ms for cue in entry.transcript.cues), default=0)
        for entry in prepared
        if entry.transcript
    }
    return lambda item: ends.get(item.episode.slug)
