"""The files of a show against what the last build remembers: which of them have other bytes now."""

from __future__ import annotations

import hashlib
import importlib.util
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from publisher.building.memory import EpisodeMemory, Memory
from publisher.building.snapshot import ABSENT, RACY, FileState, Stamp, stamp_of, state_of
from publisher.files import PARTIAL_SUFFIX
from publisher.masters import is_master

EPISODES = "episodes"
SHARED_FILES = ("show.toml", "episodes/resources.yaml")


@dataclass(frozen=True, slots=True)
class Sight:
    """What is there now: the state of each file, and which episodes have to be made again."""

    engine: str
    shared: Mapping[str, FileState]
    folders: Mapping[str, Stamp]
    files: Mapping[str, Mapping[str, FileState]]
    stale: frozenset[str]
    is_whole: bool
    """Whether everything has to be made again, because something changed that all episodes share."""
    is_changed: bool
    """Whether anything has to be made again at all."""
    is_restamped: bool
    """Whether some file has another time but the same bytes, which is worth remembering."""


def look(root: Path, memory: Memory, *, locked: bool, started_ns: int) -> Sight:
    """Compare the show's files with the memory by stamp, and by digest where the stamp differs."""
    engine = engine_digest(root)
    shared = {
        name: _state(root / name, memory.shared_files.get(name), started_ns)
        for name in sorted({*SHARED_FILES, *memory.shared_files})
    }
    is_whole = engine != memory.engine or _digests(shared) != _digests(memory.shared_files)
    is_restamped = shared != memory.shared_files
    folders: dict[str, Stamp] = {}
    files: dict[str, Mapping[str, FileState]] = {}
    stale: set[str] = set()
    for slug in episode_folders(root):
        known = memory.episodes.get(slug)
        folders[slug] = _folder_stamp(root / EPISODES / slug, started_ns)
        files[slug] = look_at_episode(
            root,
            slug,
            known,
            is_same_folder=_is_same(known, folders[slug], locked=locked),
            locked=locked,
            started_ns=started_ns,
        )
        if known is None or (known.is_locked and not locked) or _differs(known, files[slug], locked=locked):
            stale.add(slug)
        elif known.files != files[slug] or known.folder != folders[slug]:
            is_restamped = True
    are_outputs_there = all(stamp_of(root / name) == stamp for name, stamp in memory.folders.items())
    is_whole = is_whole or not memory.feeds or not are_outputs_there
    is_changed = is_whole or bool(stale) or memory.episodes.keys() != folders.keys()
    return Sight(engine, shared, folders, files, frozenset(stale), is_whole, is_changed, is_restamped)


def look_at_episode(
    root: Path,
    slug: str,
    known: EpisodeMemory | None,
    *,
    is_same_folder: bool,
    locked: bool,
    started_ns: int,
) -> Mapping[str, FileState]:
    """Return the state of every file of an episode; a locked build does not read recordings."""
    folder = root / EPISODES / slug
    before = known.files if known else {}
    names = before.keys() if is_same_folder else _file_names(folder)
    states: dict[str, FileState] = {}
    for name in names:
        if locked and is_master(name):
            continue
        known_state = before.get(name)
        states[name] = _state(folder / name, known_state, started_ns)
    return states


def episode_folders(root: Path) -> tuple[str, ...]:
    """Return the names of the folders below `episodes/`; `.` and `_` hide a folder."""
    try:
        with os.scandir(root / EPISODES) as entries:
            return tuple(
                sorted(entry.name for entry in entries if entry.name[0] not in "._" and entry.is_dir())
            )
    except FileNotFoundError:
        return ()


def engine_digest(root: Path) -> str:
    """Return a digest of everything but the sources that decides the bytes of an output.

    That is this tool's own code, the templates, and the versions of the installed libraries.
    """
    digest = hashlib.sha256()
    package = Path(__file__).parent.parent
    for folder in (package, package.parent / "templates", root / "templates"):
        for path in _tool_files(folder):
            data = path.read_bytes()
            digest.update(f"{path.relative_to(folder).as_posix()}\0{len(data)}\0".encode() + data)
    found = importlib.util.find_spec("pyromark")
    if found and found.origin:
        installed = sorted(path.name for path in Path(found.origin).parent.parent.glob("*.dist-info"))
        digest.update("\0".join(installed).encode())
    return digest.hexdigest()


def _tool_files(folder: Path) -> Iterator[Path]:
    for directory, subfolders, names in os.walk(folder):
        subfolders[:] = sorted(name for name in subfolders if name[0] not in "._")
        yield from (Path(directory, name) for name in sorted(names) if not name.endswith(".pyc"))


def _file_names(folder: Path) -> list[str]:
    with os.scandir(folder) as entries:
        return sorted(
            entry.name
            for entry in entries
            if entry.name[0] != "." and not entry.name.endswith(PARTIAL_SUFFIX) and entry.is_file()
        )


def _state(path: Path, known: FileState | None, started_ns: int) -> FileState:
    try:
        return state_of(path, known, started_ns=started_ns)
    except FileNotFoundError:
        return FileState(ABSENT, "")


def _folder_stamp(folder: Path, started_ns: int) -> Stamp:
    stamp = stamp_of(folder)
    return RACY if max(stamp[1], stamp[2]) >= started_ns - 50_000_000 else stamp


def _is_same(known: EpisodeMemory | None, stamp: Stamp, *, locked: bool) -> bool:
    """Tell whether the folder lists the files that are known; a locked build has not seen its recordings."""
    if known is None or stamp == RACY or (known.is_locked and not locked):
        return False
    return known.folder == stamp


def _digests(files: Mapping[str, FileState]) -> dict[str, str]:
    return {name: state.sha256 for name, state in files.items()}


def _differs(known: EpisodeMemory, files: Mapping[str, FileState], *, locked: bool) -> bool:
    before, now = _digests(known.files), _digests(files)
    if locked:
        before = {name: digest for name, digest in before.items() if not is_master(name)}
    return before != now
