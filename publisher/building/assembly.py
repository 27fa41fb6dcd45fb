"""The changed part of a show into its outputs, and the whole show's outputs into feeds and listing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from publisher.building.ahead import NOTHING, Ahead
from publisher.building.batch import make_episodes, read_episodes
from publisher.building.coming import reached
from publisher.building.fresh import Fresh
from publisher.building.joining import feed_bytes, in_feed_order, make_shared, write_feed
from publisher.building.leftovers import at_work
from publisher.building.look import Sight, look
from publisher.building.memory import FeedMemory, Memory, read_memory, write_memory
from publisher.building.reading import lock_of, read_episode
from publisher.building.remembering import see, sweep
from publisher.building.request import FEEDS_FOLDER, BuildRequest, Built, Progress
from publisher.building.seen import read_seen, write_seen
from publisher.building.snapshot import FileState
from publisher.building.workshop import Workshop, open_workshop, say, workshops
from publisher.episodes import field_place
from publisher.episodes.folders import EPISODE_FILE, find_folders, find_slug
from publisher.errors import Problem, SourceError
from publisher.masters import is_master
from publisher.model import Episode

if TYPE_CHECKING:
    from publisher.building.mastering import Settled

_WORTH_TWO_PROCESSES = 200


def assemble(request: BuildRequest, sight: Sight, ahead: Ahead = NOTHING, *, is_whole: bool) -> Built:
    """Make what changed, join it with what is remembered, and write feeds, listing and memory.

    `ahead` is what is being measured already.

    Raises:
        SourceError: every problem of the show's own files; feeds and memory are as before then.
    """
    root = request.root
    workshop = open_workshop(root, reached(root, request.now))
    sight = replace(sight, bookends=_bookends(request, sight, workshop))
    before = read_memory(root)
    wanted = [
        slug
        for slug in sight.slugs
        if is_whole or slug in sight.stale or slug in request.renew or slug not in before.episodes
    ]
    if any(slug not in before.episodes or EPISODE_FILE not in sight.sources(slug).files for slug in wanted):
        find_folders(root)  # refuses what cannot be an episode's folder
    with Fresh() as fresh:
        settled = _make_wanted(request, workshop, sight, ahead, before, wanted, fresh)
        made = {slug: fresh.made.get(slug) or before.episodes[slug] for slug in sight.slugs}
        _refuse_twins(root, {slug: entry.guid for slug, entry in made.items()})
        ordered = in_feed_order(made.values())
        feeds: dict[str, tuple[FeedMemory, int]] = {}
        for feed in workshop.show.feeds:
            is_needed = len(fresh.made) < len(made)
            known = before.feeds.get(feed.name, FeedMemory()) if is_needed else FeedMemory()
            feeds[feed.name] = write_feed(workshop, feed, known, ordered, fresh)
    outputs = make_shared(workshop, ordered, feeds)
    after = Memory(made, {name: feed for name, (feed, _) in feeds.items()}, outputs)
    sweep(root, before, after, wanted)
    write_memory(root, after)
    seen = see(request, sight, after, wanted, {slug: entry.enclosure for slug, entry in settled.items()})
    write_seen(root, seen)
    notices = tuple(entry.notice for entry in settled.values() if entry.notice)
    return Built(root, seen, frozenset(wanted), notices, after)


def stale_feeds(root: Path, now: datetime) -> tuple[tuple[str, bytes, bytes], ...]:
    """Return name, committed bytes and right bytes of every feed that is not as the sources say.

    Nothing is written and no audio is needed.

    Raises:
        SourceError: every problem of the show's own files.
    """
    workshop = replace(open_workshop(root, reached(root, now)), writes=False)
    episodes = _read(workshop, find_folders(root))
    _refuse_twins(root, {slug: episode.guid for slug, episode in episodes.items()})
    stale = []
    with Fresh() as fresh:
        _make(workshop, tuple(episodes.values()), {}, fresh)
        ordered = in_feed_order(fresh.made.values())
        for feed in workshop.show.feeds:
            path = root / FEEDS_FOLDER / f"{feed.name}.xml"
            committed = path.read_bytes() if path.is_file() else b""
            right = feed_bytes(workshop, feed, ordered, fresh)
            if committed != right:
                stale.append((f"{FEEDS_FOLDER}/{feed.name}.xml", committed, right))
    return tuple(stale)


def _read(workshop: Workshop, slugs: Iterable[str]) -> dict[str, Episode]:
    """Read episodes, or raise every problem of all of them."""
    episodes, problems = read_episodes(workshop, slugs)
    if problems:
        raise SourceError(tuple(problems))
    return {episode.slug: episode for episode in episodes}


def _refuse_twins(root: Path, guids: Mapping[str, str]) -> None:
    """Refuse two episodes with one guid: apps would take them for the same one (IT-014)."""
    problems: list[Problem] = []
    seen: dict[str, str] = {}
    for slug, guid in guids.items():
        twin = seen.setdefault(guid.casefold(), slug)
        if twin != slug:
            hint = "give the newer episode a guid of its own; never change the one that is published"
            message = f"this guid is also that of episodes/{twin}"
            problems.append(Problem(message, field_place(root, slug, "guid"), hint))
    if problems:
        raise SourceError(tuple(problems))


def _make_wanted(
    request: BuildRequest,
    workshop: Workshop,
    sight: Sight,
    ahead: Ahead,
    before: Memory,
    wanted: list[str],
    fresh: Fresh,
) -> dict[str, Settled]:
    """Make the episodes that are wanted, and return how the audio of each was settled."""
    if request.locked and len(wanted) >= _WORTH_TWO_PROCESSES:
        from publisher.building.workers import make_in_parallel  # processes: only where they are worth it

        make_in_parallel(workshop, wanted, fresh)
        return {}
    episodes = _read(workshop, wanted)
    guids = {slug: (episodes.get(slug) or before.episodes[slug]).guid for slug in sight.slugs}
    _refuse_twins(request.root, guids)
    settled = _settle(request, workshop, sight, ahead, episodes)
    _make(workshop, tuple(episodes.values()), settled, fresh)
    return settled


def _bookends(request: BuildRequest, sight: Sight, workshop: Workshop) -> Mapping[str, FileState]:
    """Look at what is heard around all recordings, so that a change of it is noticed by the next build."""
    ends = workshop.show.bookends
    if request.locked or not (ends.intro or ends.outro):
        return {name: state for name, state in sight.shared.items() if is_master(name)}
    from publisher.building.bookends import look_at_bookends  # every codec: a locked build has no use

    return look_at_bookends(request.root, workshop.show, sight.shared, request.started_ns)


def _settle(
    request: BuildRequest, workshop: Workshop, sight: Sight, ahead: Ahead, episodes: Mapping[str, Episode]
) -> dict[str, Settled]:
    """Bring the audio of all episodes that need it up to date, by the names of their locks.

    A locked build needs none.
    """
    if request.locked:
        return {}
    from publisher.building.mastering import settle_audio  # every codec and tag: a locked build has no use
    from publisher.building.together import settle_together  # as above

    def settle(place: Workshop, episode: Episode, progress: Progress) -> Settled:
        files, renew = sight.sources(episode.slug).files, episode.slug in request.renew
        return settle_audio(
            place, episode, files, renew=renew, frozen=request.frozen, progress=progress, ahead=ahead
        )

    places = workshops(workshop)
    wanted: dict[str, Callable[[Progress], Settled]] = {}
    for slug, episode in episodes.items():
        if (episode.draft or episode.withdrawn) and slug not in request.renew:
            continue
        for place in places:
            said = say(place, episode)
            wanted.setdefault(lock_of(said), partial(settle, place, said))
    return settle_together(wanted, request.progress)


def _make(
    workshop: Workshop, episodes: Sequence[Episode], settled: Mapping[str, Settled], fresh: Fresh
) -> None:
    """Make episodes, or raise every problem of all of them."""
    enclosures = {slug: entry.enclosure for slug, entry in settled.items()}
    made, problems = make_episodes(workshop, episodes, enclosures)
    if problems:
        raise SourceError(tuple(problems))
    fresh.add(made)


def make_audio(request: BuildRequest, slugs: tuple[str, ...]) -> tuple[Settled, ...]:
    """Bring the finished audio and locks of all episodes, or of those named, up to date, and nothing else.

    Raises:
        UsageError: there is no such episode.
        SourceError: every problem of the show's own files.
    """
    workshop = open_workshop(request.root, reached(request.root, request.now))
    known = find_folders(request.root)
    named = [find_slug(slug, known) for slug in slugs]
    request = replace(request, renew=frozenset(named))
    episodes = _read(workshop, named or known)
    sight = look(request.root, read_seen(request.root), locked=False, started_ns=request.started_ns)
    with at_work(request.root):
        return tuple(_settle(request, workshop, sight, NOTHING, episodes).values())


def verify_tags_of(root: Path, name: str, now: datetime) -> tuple[str, tuple[str, ...]]:
    """Return an episode's slug and every difference between its finished audio's tags and its metadata.

    Raises:
        UsageError: there is no such episode.
        SourceError: every problem of its files.
    """
    workshop = open_workshop(root, reached(root, now))
    slug = find_slug(name, find_folders(root))
    from publisher.building.mastering import verify_audio  # every codec and tag: not needed to build

    return slug, verify_audio(workshop, read_episode(workshop, slug))
