"""The changed part of a show into its outputs, and the whole show's outputs into feeds and listing."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from datetime import datetime
from email.utils import parsedate_to_datetime
from pathlib import Path

from publisher.building.artifacts import BUILD_FOLDER
from publisher.building.joining import feed_chunks, make_shared, write_feed
from publisher.building.look import SHARED_FILES, Sight, look, look_at_episode
from publisher.building.making import (
    MadeEpisode,
    Workshop,
    locked_enclosure,
    make_episode,
    open_workshop,
    read_episode,
    state_of_episode,
)
from publisher.building.mastering import Settled, settle_audio, verify_audio
from publisher.building.memory import (
    EpisodeMemory,
    FeedMemory,
    Made,
    Memory,
    Output,
    read_memory,
    write_memory,
)
from publisher.building.request import FEEDS_FOLDER, BuildRequest, Built
from publisher.building.snapshot import FileState, stamp_of
from publisher.episodes import field_place, find_folders, find_slug
from publisher.errors import Problem, SourceError
from publisher.model import Episode, Show

_WORTH_TWO_PROCESSES = 200
_LAST_BUILD = re.compile(rb"<lastBuildDate>([^<]{1,64})</lastBuildDate>")


def assemble(request: BuildRequest, memory: Memory, sight: Sight, *, is_whole: bool) -> Built:
    """Make what changed, join it with what is remembered, and write feeds, listing and memory.

    Raises:
        SourceError: every problem of the show's own files; feeds and memory are as before then.
    """
    workshop = open_workshop(request.root, reached(request.root, request.now))
    slugs = find_folders(request.root)
    wanted = [slug for slug in slugs if is_whole or slug in sight.stale or slug in request.renew]
    settled: dict[str, Settled] = {}
    if request.locked and len(wanted) >= _WORTH_TWO_PROCESSES:
        fresh = _make_in_parallel(workshop, wanted)
    else:
        episodes = _read(workshop, wanted)
        _refuse_twins(request.root, memory, slugs, {slug: entry.guid for slug, entry in episodes.items()})
        settled = _settle(request, workshop, sight, episodes)
        fresh = _make(workshop, episodes, settled)
    _refuse_twins(request.root, memory, slugs, {slug: entry.made.guid for slug, entry in fresh.items()})
    made = {slug: fresh[slug].made if slug in fresh else memory.episodes[slug].made for slug in slugs}
    feeds = {feed.name: write_feed(workshop, feed, memory, made, fresh) for feed in workshop.show.feeds}
    outputs = make_shared(workshop, made, feeds)
    _sweep(request.root, memory, [*outputs, *(output for entry in made.values() for output in entry.outputs)])
    after = _remember(request, sight, memory, workshop.show, made, set(fresh), feeds, outputs)
    write_memory(request.root, after)
    notices = tuple(entry.notice for entry in settled.values() if entry.notice)
    return Built(request.root, after, frozenset(wanted), notices)


def stale_feeds(root: Path, now: datetime) -> tuple[tuple[str, bytes, bytes], ...]:
    """Return name, committed bytes and right bytes of every feed that is not as the sources say.

    Nothing is written and no audio is needed.

    Raises:
        SourceError: every problem of the show's own files.
    """
    workshop = replace(open_workshop(root, reached(root, now)), writes=False)
    slugs = find_folders(root)
    episodes = _read(workshop, slugs)
    _refuse_twins(root, Memory(), slugs, {slug: episode.guid for slug, episode in episodes.items()})
    fresh = _make(workshop, episodes, {})
    made = {slug: entry.made for slug, entry in fresh.items()}
    stale = []
    for feed in workshop.show.feeds:
        path = root / FEEDS_FOLDER / f"{feed.name}.xml"
        committed = path.read_bytes() if path.is_file() else b""
        right = b"".join(chunk for _, chunk in feed_chunks(workshop, feed, made, fresh, {}, b""))
        if committed != right:
            stale.append((f"{FEEDS_FOLDER}/{feed.name}.xml", committed, right))
    return tuple(stale)


def reached(root: Path, now: datetime) -> datetime:
    """Return the time that has certainly come: the clock's, or the newest date in a committed feed.

    What was published once does not become a future episode again because a machine's clock is wrong.
    """
    latest = now
    for path in sorted((root / FEEDS_FOLDER).glob("*.xml")):
        with path.open("rb") as handle:
            match = _LAST_BUILD.search(handle.read(64 * 1024))
        if match:
            try:
                latest = max(latest, parsedate_to_datetime(match[1].decode("ascii")))
            except (ValueError, TypeError):
                continue  # an edited feed is no witness; the feed is written anew anyway
    return latest


def _read(workshop: Workshop, slugs: Iterable[str]) -> dict[str, Episode]:
    """Read episodes, or raise every problem of all of them."""
    episodes: dict[str, Episode] = {}
    problems: list[Problem] = []
    for slug in slugs:
        try:
            episodes[slug] = read_episode(workshop, slug)
        except SourceError as error:
            problems.extend(error.problems)
    if problems:
        raise SourceError(tuple(problems))
    return episodes


def _refuse_twins(root: Path, memory: Memory, slugs: Iterable[str], guids: Mapping[str, str]) -> None:
    """Refuse two episodes with one guid: apps would take them for the same one (IT-014)."""
    problems: list[Problem] = []
    seen: dict[str, str] = {}
    for slug in slugs:
        known = memory.episodes.get(slug)
        guid = guids.get(slug) or (known.made.guid if known else slug)
        twin = seen.setdefault(guid.casefold(), slug)
        if twin != slug:
            hint = "give the newer episode a guid of its own; never change the one that is published"
            message = f"this guid is also that of episodes/{twin}"
            problems.append(Problem(message, field_place(root, slug, "guid"), hint))
    if problems:
        raise SourceError(tuple(problems))


def _settle(
    request: BuildRequest, workshop: Workshop, sight: Sight, episodes: Mapping[str, Episode]
) -> dict[str, Settled]:
    """Bring the audio of all episodes that need it up to date; a locked build needs none."""
    settled: dict[str, Settled] = {}
    problems: list[Problem] = []
    for slug, episode in episodes.items():
        if request.locked or (episode.draft and slug not in request.renew):
            continue
        try:
            settled[slug] = settle_audio(
                workshop, episode, sight.files[slug], renew=slug in request.renew, progress=request.progress
            )
        except SourceError as error:
            problems.extend(error.problems)
    if problems:
        raise SourceError(tuple(problems))
    return settled


def _make(
    workshop: Workshop, episodes: Mapping[str, Episode], settled: Mapping[str, Settled]
) -> dict[str, MadeEpisode]:
    made: dict[str, MadeEpisode] = {}
    problems: list[Problem] = []
    for slug, episode in episodes.items():
        try:
            made[slug] = _make_one(workshop, episode, settled.get(slug))
        except SourceError as error:
            problems.extend(error.problems)
    if problems:
        raise SourceError(tuple(problems))
    return made


def _make_one(workshop: Workshop, episode: Episode, settled: Settled | None) -> MadeEpisode:
    if settled is not None:
        return make_episode(workshop, episode, settled.enclosure)
    is_public = state_of_episode(episode, workshop.now) == "public"
    return make_episode(workshop, episode, locked_enclosure(workshop, episode) if is_public else None)


_worker: Workshop | None = None


def _open_worker(root: Path, now: datetime) -> None:
    global _worker
    _worker = open_workshop(root, now)


def _work(slug: str) -> MadeEpisode | tuple[Problem, ...]:
    assert _worker is not None
    try:
        return _make_one(_worker, read_episode(_worker, slug), None)
    except SourceError as error:
        return error.problems


def _make_in_parallel(workshop: Workshop, slugs: list[str]) -> dict[str, MadeEpisode]:
    """Make many locked episodes on all cores; the result does not depend on how they were shared out."""
    made: dict[str, MadeEpisode] = {}
    problems: list[Problem] = []
    with ProcessPoolExecutor(initializer=_open_worker, initargs=(workshop.root, workshop.now)) as pool:
        for slug, result in zip(slugs, pool.map(_work, slugs, chunksize=32), strict=True):
            if isinstance(result, MadeEpisode):
                made[slug] = result
            else:
                problems.extend(result)
    if problems:
        raise SourceError(tuple(problems))
    return made


def _sweep(root: Path, memory: Memory, outputs: Iterable[Output]) -> None:
    """Remove from `build/` what the last build made and this one did not."""
    current = {output.key for output in outputs}
    before = [
        *memory.outputs,
        *(output for entry in memory.episodes.values() for output in entry.made.outputs),
    ]
    for output in before:
        if output.key not in current and not output.source:
            (root / BUILD_FOLDER / output.key).unlink(missing_ok=True)


def _remember(
    request: BuildRequest,
    sight: Sight,
    memory: Memory,
    show: Show,
    made: Mapping[str, Made],
    fresh: set[str],
    feeds: Mapping[str, tuple[FeedMemory, int]],
    outputs: tuple[Output, ...],
) -> Memory:
    root = request.root
    episodes: dict[str, EpisodeMemory] = {}
    for slug, entry in made.items():
        known = memory.episodes.get(slug)
        files = sight.files[slug]
        if slug in fresh:  # its lock may just have been written
            before = EpisodeMemory(sight.folders[slug], files, entry, request.locked)
            files = look_at_episode(
                root, slug, before, is_same_folder=False, locked=request.locked, started_ns=request.started_ns
            )
            episodes[slug] = EpisodeMemory(sight.folders[slug], files, entry, request.locked)
        elif known is not None:
            episodes[slug] = EpisodeMemory(
                sight.folders[slug], {**known.files, **files}, entry, known.is_locked
            )
    shared = {name: state for name, state in sight.shared.items() if name in SHARED_FILES}
    for output in outputs:
        if output.source:
            shared[output.source] = FileState(stamp_of(root / output.source), output.sha256)
    scheduled = [entry.date for entry in made.values() if entry.state == "scheduled"]
    folders = sorted(
        {f"{BUILD_FOLDER}/{output.key}".rpartition("/")[0] for output in _in_build(made, outputs)}
    )
    return Memory(
        engine=sight.engine,
        shared_files=shared,
        until=min(scheduled, key=datetime.fromisoformat, default=""),
        episodes=episodes,
        feeds={name: feed for name, (feed, _) in feeds.items()},
        outputs=outputs,
        folders={name: stamp_of(root / name) for name in folders},
    )


def _in_build(made: Mapping[str, Made], outputs: Iterable[Output]) -> Iterator[Output]:
    for output in (*outputs, *(output for entry in made.values() for output in entry.outputs)):
        if not output.source:
            yield output


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
    sight = look(request.root, read_memory(request.root), locked=False, started_ns=request.started_ns)
    return tuple(_settle(request, workshop, sight, episodes).values())


def verify_tags_of(root: Path, name: str, now: datetime) -> tuple[str, tuple[str, ...]]:
    """Return an episode's slug and every difference between its finished audio's tags and its metadata.

    Raises:
        UsageError: there is no such episode.
        SourceError: every problem of its files.
    """
    workshop = open_workshop(root, reached(root, now))
    slug = find_slug(name, find_folders(root))
    return slug, verify_audio(workshop, read_episode(workshop, slug))
