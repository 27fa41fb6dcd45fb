"""The intro and outro of an episode into files that can be joined with its recording."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

from publisher.audio.recipe import AudioJob, Bookend
from publisher.building.snapshot import FileState, Stamp, stamp_of, state_of
from publisher.building.workshop import Workshop
from publisher.config import show_place
from publisher.episodes import field_place
from publisher.errors import Problem, SourceError
from publisher.files import digest_file
from publisher.model import Episode, Show
from publisher.source.suggesting import did_you_mean


def with_bookends(workshop: Workshop, episode: Episode, job: AudioJob) -> AudioJob:
    """Return what an episode's audio is made of, with what is heard around the recording.

    Raises:
        SourceError: intro or outro is not there.
    """
    ends = episode.bookends
    problems: list[Problem] = []
    found: dict[str, Bookend | None] = {"intro": None, "outro": None}
    for key, path in (("intro", ends.intro), ("outro", ends.outro)):
        if path is None:
            continue
        if path.is_file():
            shown = path.relative_to(workshop.root).as_posix()
            found[key] = Bookend(path, shown, _digest(path, stamp_of(path)))
        else:
            problems.append(_missing(workshop, episode, key, path))
    if problems:
        raise SourceError(tuple(problems))
    return replace(job, intro=found["intro"], outro=found["outro"], crossfade_ms=ends.crossfade_ms)


def look_at_bookends(
    root: Path, show: Show, known: Mapping[str, FileState], started_ns: int
) -> dict[str, FileState]:
    """Return the state of the files that are heard around all recordings, as far as they are there."""
    paths = {path for path in (show.bookends.intro, show.bookends.outro) if path and path.is_file()}
    names = sorted(path.relative_to(root).as_posix() for path in paths)
    return {name: state_of(root / name, known.get(name), started_ns=started_ns) for name in names}


@lru_cache(maxsize=64)
def _digest(path: Path, _stamp: Stamp) -> str:
    """Return a file's digest; most episodes have the same intro, and it is read once for all of them."""
    return digest_file(path)


def _missing(workshop: Workshop, episode: Episode, key: str, path: Path) -> Problem:
    is_usual = path == getattr(workshop.show.bookends, key)
    if is_usual:
        place = show_place(workshop.root, "audio", key)
    else:
        place = field_place(workshop.root, episode.slug, "audio", key)
    others = [entry.name for entry in path.parent.iterdir()] if path.parent.is_dir() else []
    name = path.relative_to(workshop.root).as_posix()
    hint = did_you_mean(path.name, others) or "copy it there, or take the line out"
    return Problem(f"there is no file {name}", place, hint)
