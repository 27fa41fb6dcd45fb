"""The files of a show against what the last build saw: which of them have other bytes now."""

from __future__ import annotations

import os
from array import array
from collections.abc import Container, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from publisher.building.engine import engine_digest, engine_stamp
from publisher.building.seen import Seen, Shelf, Sources
from publisher.building.snapshot import ABSENT, RACY, FileState, Stamp, is_racy, stamp_of, state_of
from publisher.files import PARTIAL_SUFFIX
from publisher.masters import is_master

EPISODES = "episodes"
SHARED_FILES = ("show.toml", "episodes/resources.yaml", "episodes/links.json", "episodes/withdrawn.yaml")


@dataclass(frozen=True, slots=True)
class Sight:
    """What is there now: the show's files, and which episodes have to be made again."""

    before: Shelf
    engine: str
    engine_stamp: str
    shared: Mapping[str, FileState]
    folder: Stamp
    """The stamp of `episodes/`: as long as it is the same, no folder came or went."""
    slugs: tuple[str, ...]
    restamped: Shelf
    """The episodes of which any file has another stamp than before, with their files as they are now."""
    stale: frozenset[str]
    is_whole: bool
    """Whether everything has to be made again, because something changed that all episodes share."""
    is_changed: bool
    """Whether anything has to be made again at all."""
    is_restamped: bool
    """Whether some file has another stamp but the same bytes, which is worth remembering."""
    bookends: Mapping[str, FileState] = field(default_factory=dict)
    """The files that are heard around every recording, looked at before any of them was."""

    def sources(self, slug: str) -> Sources:
        """Return the files of an episode."""
        found = self.restamped.get(slug) or self.before.get(slug)
        assert found is not None
        return found

    def shelf(self, rewritten: Mapping[str, Sources], fresh: Container[str], *, locked: bool) -> Shelf:
        """Return the files of all episodes, of which some were `rewritten` since the look.

        Whether recordings were read is what `locked` says for all that was made `fresh`, and as before else.
        """
        shelf = Shelf()
        for slug in self.slugs:
            if slug in rewritten:
                shelf.add(slug, rewritten[slug])
            else:
                source = self.restamped if slug in self.restamped.rows else self.before
                shelf.take(slug, source, is_locked=locked if slug in fresh else slug in source.locked)
        return shelf


def look(root: Path, seen: Seen, *, locked: bool, started_ns: int) -> Sight:
    """Compare the show's files with those seen before by stamp, and by digest where the stamp differs."""
    stamp = engine_stamp(root, started_ns)
    engine = seen.engine if stamp and stamp == seen.engine_stamp else engine_digest(root)
    shared = {
        name: _state(root / name, seen.shared.get(name), started_ns)
        for name in sorted({*SHARED_FILES, *seen.shared})
    }
    folder = _folder_stamp(f"{root}/{EPISODES}", started_ns)
    is_same_list = folder == seen.folder and folder not in (RACY, ABSENT)
    slugs = tuple(seen.episodes.rows) if is_same_list else episode_folders(root)
    restamped = Shelf()
    stale: set[str] = set()
    for slug in _other_stamps(root, slugs, seen.episodes, locked=locked):
        known = seen.episodes.get(slug)
        now = _look_at_episode(root, slug, known, locked=locked, started_ns=started_ns)
        restamped.add(slug, now)
        if known is None or _differs(known, now, locked=locked):
            stale.add(slug)
    are_outputs_there = all(stamp_of(root / name) == known for name, known in seen.outputs.items())
    is_whole = engine != seen.engine or not seen.feeds or not are_outputs_there
    is_whole = is_whole or _digests(shared) != _digests(seen.shared)
    is_other_set = seen.episodes.rows.keys() != set(slugs)
    return Sight(
        before=seen.episodes,
        engine=engine,
        engine_stamp=stamp,
        shared=shared,
        folder=folder,
        slugs=slugs,
        restamped=restamped,
        stale=frozenset(stale),
        is_whole=is_whole,
        is_changed=is_whole or bool(stale) or is_other_set,
        is_restamped=bool(restamped.rows)
        or (shared, stamp, folder) != (seen.shared, seen.engine_stamp, seen.folder),
    )


def episode_folders(root: Path) -> tuple[str, ...]:
    """Return the names of the folders below `episodes/`; `.` and `_` hide a folder."""
    try:
        with os.scandir(root / EPISODES) as entries:
            return tuple(
                sorted(entry.name for entry in entries if entry.name[0] not in "._" and entry.is_dir())
            )
    except FileNotFoundError:
        return ()


def look_again(root: Path, slug: str, sources: Sources, name: str, sha256: str, started_ns: int) -> Sources:
    """Take in a file that the build itself has written, unless others changed it or the list meanwhile."""
    path = _folder(root, slug)
    folder = _folder_stamp(path, started_ns)
    state = _state(f"{path}/{name}", None, started_ns)
    if state.sha256 != sha256:
        return sources
    files = dict(sorted({**sources.files, name: state}.items()))
    is_same_list = [*files] == _file_names(path)
    return Sources(folder if is_same_list else sources.folder, files, sources.is_locked)


def _other_stamps(root: Path, slugs: tuple[str, ...], shelf: Shelf, *, locked: bool) -> Iterator[str]:
    """Yield the episodes any of whose files has another stamp; a locked build does not ask for recordings."""
    now = array("q")
    extend = now.extend
    starts: list[tuple[str, int, int]] = []
    with _opened(root / EPISODES) as (start, folder):
        for slug in slugs:
            row = shelf.rows.get(slug)
            if row is None or (slug in shelf.locked and not locked):
                yield slug
                continue
            starts.append((slug, len(now), 4 * row))
            path = f"{start}{slug}"
            extend(stamp_of(path, folder))
            for at, name in enumerate(shelf.names[slug], row + 1):
                if locked and is_master(name):
                    extend(shelf.stamps[4 * at : 4 * at + 4])
                else:
                    extend(stamp_of(f"{path}/{name}", folder))
    if now == shelf.stamps:  # nearly always: all in one comparison
        return
    for slug, begin, known in starts:
        length = 4 * (len(shelf.names[slug]) + 1)
        if now[begin : begin + length] != shelf.stamps[known : known + length]:
            yield slug


@contextmanager
def _opened(folder: Path) -> Iterator[tuple[str, int | None]]:
    """Give what paths into a folder start with: nothing and the open folder, where the system has such."""
    if os.stat not in os.supports_dir_fd or not folder.is_dir():
        yield f"{folder}/", None
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        yield "", handle  # a fifth faster: the way to the folder is not walked for every file
    finally:
        os.close(handle)


def _look_at_episode(
    root: Path, slug: str, known: Sources | None, *, locked: bool, started_ns: int
) -> Sources:
    """Return the state of every file of an episode; a locked build keeps what is known of recordings."""
    folder = _folder(root, slug)
    stamp = _folder_stamp(folder, started_ns)
    before = known.files if known else {}
    is_listed = known and known.folder == stamp != RACY and (locked or not known.is_locked)
    names = [*before] if is_listed else _file_names(folder)
    states: dict[str, FileState] = {}
    for name in names:
        if not (locked and is_master(name)):
            states[name] = _state(f"{folder}/{name}", before.get(name), started_ns)
        elif name in before:
            states[name] = before[name]
    return Sources(stamp, states, known.is_locked if known else locked)


def _folder(root: Path, slug: str) -> str:
    return f"{root}/{EPISODES}/{slug}"


def _file_names(folder: str) -> list[str]:
    """List the files of an episode, also those in folders within its own."""
    names: list[str] = []
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.name[0] == "." or entry.name.endswith(PARTIAL_SUFFIX):
                continue
            if entry.is_file():
                names.append(entry.name)
            elif entry.is_dir(follow_symlinks=False):
                names += (f"{entry.name}/{name}" for name in _file_names(entry.path))
    return sorted(names)


def _state(path: Path | str, known: FileState | None, started_ns: int) -> FileState:
    try:
        return state_of(path, known, started_ns=started_ns)
    except FileNotFoundError:
        return FileState(ABSENT, "")


def _folder_stamp(folder: str, started_ns: int) -> Stamp:
    stamp = stamp_of(folder)
    return RACY if is_racy(stamp, started_ns) else stamp


def _digests(files: Mapping[str, FileState]) -> dict[str, str]:
    return {name: state.sha256 for name, state in files.items()}


def _differs(known: Sources, now: Sources, *, locked: bool) -> bool:
    """Tell whether bytes changed; recordings that a locked build did not read count as changed without it."""
    if known.is_locked and not locked:
        return True
    before, after = _digests(known.files), _digests(now.files)
    if locked:
        before, after = (
            {name: digest for name, digest in digests.items() if not is_master(name)}
            for digests in (before, after)
        )
    return before != after
