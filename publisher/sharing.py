"""A long row of like pieces of work, shared out among all cores, into its results in order."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from typing import TypeVar, cast

MANY = 400
"""From how many pieces on sharing pays for the processes that it takes."""

_PART = 32
"""How many pieces are done at once: few, so that nobody waits long for the last who is at work."""
_FORKING = ("linux", "freebsd")
_Result = TypeVar("_Result")
_work: Callable[[int], object] | None = None
"""What the processes that are forked now have to do; they inherit it with everything that it knows."""


def in_parallel(count: int, work: Callable[[int], _Result]) -> Iterator[_Result]:
    """Yield what `work` makes of each number below `count`, in order, whoever did it.

    Where processes cannot be forked, or there is one core only, all is done here. Results travel between
    processes: they are plain values.
    """
    if count < MANY or _cores() < 2 or sys.platform not in _FORKING:
        yield from map(work, range(count))
        return
    import multiprocessing  # load much, for large shows and feeds only
    from concurrent.futures import ProcessPoolExecutor

    global _work
    _work = work
    try:
        context = multiprocessing.get_context("fork")
        with ProcessPoolExecutor(_cores(), mp_context=context) as pool:
            for part in pool.map(_do, range(0, count, _PART), [count] * len(range(0, count, _PART))):
                yield from cast("list[_Result]", part)
    finally:
        _work = None


def _do(start: int, count: int) -> list[object]:
    assert _work is not None
    return [_work(number) for number in range(start, min(start + _PART, count))]


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
