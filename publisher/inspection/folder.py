"""A show's sources and committed feeds into findings, the ones that keep it from being read among them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from publisher import checks
from publisher.audio.lock import read_lock
from publisher.building.assembly import reached
from publisher.building.making import PreparedItem, item_of, make_item, make_notes, make_sidecars
from publisher.building.reading import read_episode, read_words
from publisher.building.request import FEEDS_FOLDER
from publisher.building.workshop import Workshop, open_workshop
from publisher.checks.own import OwnShow
from publisher.checks.unreadable import finding_of
from publisher.config import show_place
from publisher.episodes import episode_places
from publisher.episodes.folders import EPISODES_FOLDER, find_folders, find_slug
from publisher.errors import Place, Problem, SourceError
from publisher.inspection.files import files_of
from publisher.inspection.online import asking
from publisher.inspection.request import CheckRequest
from publisher.inspection.result import Inspection
from publisher.model import LOCK_FILE, Enclosure, Episode, Item
from publisher.source.document import Loc

_STAND_IN = Enclosure(
    master_sha256="",
    recipe="",
    key="",
    bytes=1,
    sha256="",
    media_type="audio/mpeg",
    duration_ms=60_000,
    sample_rate=44_100,
    channels=1,
    loudness_lufs=-16.0,
    true_peak_dbtp=-1.0,
    loudness_range_lu=5.0,
    master_loudness_lufs=-16.0,
    mode="gain",
    encoder="",
)
"""Stands where finished audio will be; rules that look at audio are told that there is none."""


@dataclass(frozen=True, slots=True)
class _Prepared:
    """The episodes that can be read, as items, and what is wrong with the others."""

    episodes: tuple[Episode, ...]
    items: tuple[PreparedItem, ...]
    unfinished: frozenset[str]
    problems: tuple[Problem, ...]


def inspect_show(root: Path, slugs: Iterable[str], request: CheckRequest) -> Inspection:
    """Check the whole show or some episodes.

    Raises:
        SourceError: `show.toml`, the catalogue or a template cannot be read: nothing can be judged then.
        UsageError: there is no such episode.
    """
    workshop = replace(open_workshop(root, reached(root, request.now)), writes=False)
    known = find_folders(root)
    wanted = [find_slug(slug, known) for slug in slugs] or list(known)
    prepared = _prepare_all(workshop, wanted)
    is_whole = set(wanted) == set(known)
    asked = request.profiles or workshop.show.profiles
    feeds = _committed_feeds(workshop) if is_whole else {}
    own = OwnShow(
        show=workshop.show,
        episodes=prepared.episodes,
        items=tuple(entry.item for entry in prepared.items),
        feeds=feeds,
        now=workshop.now,
        place_of=_places(root),
        unfinished=prepared.unfinished,
        cover_url=f"{workshop.show.base_url}{workshop.cover.key}",
        transcript_end=_transcript_ends(prepared.items),
        whole=is_whole,
        files_of=files_of(root),
    )
    verdict = checks.check_own(
        own,
        profiles=asked,
        witnesses={**dict(list(feeds.items())[:1]), **request.witnesses},
        more=asking(request),
        is_online=request.online,
    )
    unreadable = tuple(finding_of(problem, feeds.values()) for problem in prepared.problems)
    return Inspection(
        findings=(*unreadable, *verdict.findings),
        not_checked=verdict.not_checked,
        is_readable=not prepared.problems,
        waived=verdict.waived,
        profiles=tuple(asked),
        subject=workshop.show.title,
        titles={f"{EPISODES_FOLDER}/{episode.slug}/": episode.title for episode in prepared.episodes},
    )


def _prepare_all(workshop: Workshop, slugs: Iterable[str]) -> _Prepared:
    episodes: list[Episode] = []
    items: list[PreparedItem] = []
    unfinished: set[str] = set()
    problems: list[Problem] = []
    for slug in slugs:
        try:
            episode = read_episode(workshop, slug)
            shown = f"{EPISODES_FOLDER}/{slug}/{LOCK_FILE}"
            lock = read_lock(workshop.root / shown, shown)
            if lock is None:
                unfinished.add(slug)
                items.append(_unfinished_item(workshop, episode))
            else:
                items.append(make_item(workshop, episode, lock))
            episodes.append(episode)
        except SourceError as error:
            problems.extend(error.problems)
    return _Prepared(tuple(episodes), tuple(items), frozenset(unfinished), tuple(problems))


def _unfinished_item(workshop: Workshop, episode: Episode) -> PreparedItem:
    """Return the item of an episode without finished audio, whose audio is made up."""
    enclosure = replace(_STAND_IN, key=f"audio/{episode.slug}.mp3")
    transcript = read_words(workshop, episode)
    sidecars = make_sidecars(workshop, episode, transcript)
    item = item_of(workshop, episode, enclosure, sidecars, make_notes(workshop, episode))
    return PreparedItem(item, transcript, tuple(sidecars.values()))


def _committed_feeds(workshop: Workshop) -> dict[str, bytes]:
    feeds = {}
    for feed in workshop.show.feeds:
        path = workshop.root / FEEDS_FOLDER / f"{feed.name}.xml"
        if path.is_file():
            feeds[f"{FEEDS_FOLDER}/{feed.name}.xml"] = path.read_bytes()
    return feeds


def _places(root: Path) -> Callable[[str, Loc], Place]:
    """Return what finds a field; a file is parsed once, however often somebody asks."""
    places_in = cache(lambda slug: episode_places(root, slug))

    @cache
    def place_of(slug: str, loc: Loc) -> Place:
        return places_in(slug)(loc) if slug else show_place(root, *loc)

    return place_of


def _transcript_ends(prepared: Iterable[PreparedItem]) -> Callable[[Item], int | None]:
    ends = {
        entry.item.episode.slug: max((cue.end_ms for cue in entry.transcript.cues), default=0)
        for entry in prepared
        if entry.transcript
    }
    return lambda item: ends.get(item.episode.slug)
