"""Many episodes into what is published of them, on all cores at once."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from datetime import datetime
from itertools import chain
from pathlib import Path

from publisher.building.batch import MadeEpisode, make_episodes, read_episodes
from publisher.building.fresh import Fresh
from publisher.building.workshop import Workshop, open_workshop
from publisher.errors import Problem, SourceError

_AT_ONCE = 128
_workshop: Workshop | None = None
"""Where this process works."""


def make_in_parallel(workshop: Workshop, slugs: Sequence[str], fresh: Fresh) -> None:
    """Make many locked episodes on all cores; the result does not depend on how they were shared out.

    Raises:
        SourceError: every problem of all of them.
    """
    global _workshop
    problems: list[Problem] = []
    _workshop = workshop
    try:
        first = _work(slugs[:1])  # compiles the templates, once for all processes that are forked
        parts = [slugs[at : at + _AT_ONCE] for at in range(1, len(slugs), _AT_ONCE)]
        with ProcessPoolExecutor(initializer=_open, initargs=(workshop.root, workshop.now)) as pool:
            for made, found in chain((first,), pool.map(_work, parts)):
                fresh.add(made)
                problems += found
    finally:
        _workshop = None
    if problems:
        raise SourceError(tuple(problems))


def _open(root: Path, now: datetime) -> None:
    """Open the workshop of a process that did not inherit its parent's."""
    global _workshop
    _workshop = _workshop or open_workshop(root, now)


def _work(slugs: Sequence[str]) -> tuple[list[MadeEpisode], list[Problem]]:
    assert _workshop is not None
    episodes, unreadable = read_episodes(_workshop, slugs)
    made, unmakeable = make_episodes(_workshop, episodes, {})
    return made, [*unreadable, *unmakeable]
