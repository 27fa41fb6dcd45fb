"""What a build read and made into what the next one may rely on."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from publisher.audio.lock import format_lock
from publisher.building.artifacts import BUILD_FOLDER
from publisher.building.look import SHARED_FILES, Sight, look_again
from publisher.building.memory import MEMORY_FILE, Memory
from publisher.building.request import FEEDS_FOLDER, BuildRequest
from publisher.building.seen import BuiltFeed, Seen, Sources
from publisher.building.snapshot import FileState, stamp_of
from publisher.files import digest_bytes
from publisher.model import Enclosure


def sweep(root: Path, before: Memory, after: Memory, wanted: Iterable[str]) -> None:
    """Remove from `build/` what the last build made and this one did not."""
    if not before.outputs:
        return
    old = list(before.outputs)
    new = {output.key for output in after.outputs}
    for slug in wanted:
        new.update(output.key for output in after.episodes[slug].outputs)
    for slug in before.episodes.keys() & {*wanted, *(before.episodes.keys() - after.episodes.keys())}:
        old.extend(before.episodes[slug].outputs)
    for output in old:
        if output.key not in new and not output.source:
            (root / BUILD_FOLDER / output.key).unlink(missing_ok=True)


def see(
    request: BuildRequest,
    sight: Sight,
    memory: Memory,
    wanted: Iterable[str],
    settled: Mapping[str, Enclosure],
) -> Seen:
    """Note what was read; `settled` holds audio by the name of its lock.

    A file edited after the look keeps its older state, so that the edit is seen.
    """
    root, episodes = request.root, memory.episodes.values()
    rewritten: dict[str, Sources] = {}
    for lock, enclosure in settled.items():
        slug, _, name = lock.partition("/")
        sources = rewritten.get(slug) or replace(sight.sources(slug), is_locked=request.locked)
        sha256 = digest_bytes(format_lock(enclosure))
        rewritten[slug] = look_again(root, slug, sources, name, sha256, request.started_ns)
    states = Counter(made.state for made in episodes)
    scheduled = [made.date for made in episodes if made.state == "scheduled"]
    return Seen(
        engine=sight.engine,
        engine_stamp=sight.engine_stamp,
        shared=_shared(root, sight, memory),
        folder=sight.folder,
        outputs={name: stamp_of(root / name) for name in (MEMORY_FILE, *_build_folders(root))},
        until=min(scheduled, key=datetime.fromisoformat, default=""),
        states={state: states[state] for state in ("public", "scheduled", "draft", "withdrawn")},
        feeds=tuple(
            BuiltFeed(name, f"{FEEDS_FOLDER}/{name}.xml", feed.sha256, states["public"])
            for name, feed in memory.feeds.items()
        ),
        episodes=sight.shelf(rewritten, frozenset(wanted), locked=request.locked),
    )


def _shared(root: Path, sight: Sight, memory: Memory) -> dict[str, FileState]:
    """Return the files that all episodes share: settings, catalogue, cover and the feeds just written."""
    shared = {name: sight.shared[name] for name in SHARED_FILES} | dict(sight.bookends)
    for output in memory.outputs:
        if output.source:
            known = sight.shared.get(output.source)
            is_known = known is not None and known.sha256 == output.sha256
            stamp = known.stamp if known and is_known else stamp_of(root / output.source)
            shared[output.source] = FileState(stamp, output.sha256)
    return shared


def _build_folders(root: Path) -> list[str]:
    """Return the folder of everything made and those in it: their stamps show that a file was taken away."""
    with os.scandir(root / BUILD_FOLDER) as entries:
        folders = sorted(f"{BUILD_FOLDER}/{entry.name}" for entry in entries if entry.is_dir())
    return [BUILD_FOLDER, *folders]
