"""Many episodes into what is published of them, on all cores at once."""

from __future__ import annotations

from concurrent.futures import ProcessPoolExecutor
from datetime import datetime
from itertools import chain
from pathlib import Path

from publisher.building.fresh import Fresh
from publisher.building.making import MadeEpisode, Workshop, make_from_lock, open_workshop, read_episode
from publisher.errors import Problem, SourceError

_AT_ONCE = 16
_workshop: Workshop | None = None
"""Where this process works."""


def make_in_parallel(workshop: Workshop, slugs: list[str], fresh: Fresh) -> None:
    """Make many locked episodes on all cores; the result does not depend on how they were shared out.

    Raises:
        SourceError: every problem of all of them.
    """
    global _workshop
    problems: list[Problem] = []
    _workshop = workshop
    try:
        first = _work(slugs[0])  # compiles the templates, once for all processes that are forked
        with ProcessPoolExecutor(initializer=_open, initargs=(workshop.root, workshop.now)) as pool:
            for result in chain((first,), pool.map(_work, slugs[1:], chunksize=_AT_ONCE)):
                if isinstance(result, MadeEpisode):
                    fresh.add(result)
                else:
                    problems.extend(result)
    finally:
        _workshop = None
    if problems:
        raise SourceError(tuple(problems))


def _open(root: Path, now: datetime) -> None:
    """Open the workshop of a process that did not inherit its parent's."""
    global _workshop
    _workshop = _workshop or open_workshop(root, now)


def _work(slug: str) -> MadeEpisode | tuple[Problem, ...]:
    assert _workshop is not None
    try:
        return make_from_lock(_workshop, read_episode(_workshop, slug))
    except SourceError as error:
        return error.problems
