"""Turn several runs of ffmpeg into their results, as many at once as there are cores."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait
from typing import TypeVar

from publisher.audio.ffmpeg import OnProgress

T = TypeVar("T")


def count_cores() -> int:
    """Return how many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1  # pragma: no cover - exercised on macOS and Windows only


_free_cores = threading.BoundedSemaphore(count_cores())
"""Shared by all episodes that are worked on at once."""


def run_at_once(tasks: Sequence[Callable[[OnProgress], T]], on_progress: OnProgress | None = None) -> list[T]:
    """Do all tasks and return their results in order; each hands what it is given on to one run of ffmpeg.

    `on_progress` gets the sum of what they tell. When one fails, or on Ctrl-C, the others are ended.
    """
    together = _Together(len(tasks), on_progress)
    with ThreadPoolExecutor(max_workers=min(len(tasks), count_cores())) as pool:
        futures = [pool.submit(together.do, number, task) for number, task in enumerate(tasks)]
        try:
            done, _ = wait(futures, return_when=FIRST_EXCEPTION)
            for future in futures:
                if future in done:
                    future.result()
        finally:
            together.is_over.set()
            pool.shutdown(wait=False, cancel_futures=True)
    return [future.result() for future in futures]


class _OverError(Exception):
    """Another task has failed: this one's result is of no use any more."""


class _Together:
    def __init__(self, count: int, on_progress: OnProgress | None) -> None:
        self.is_over = threading.Event()
        self._on_progress = on_progress
        self._done_ms = [0] * count
        self._lock = threading.Lock()

    def do(self, number: int, task: Callable[[OnProgress], T]) -> T:
        def tell(done_ms: int) -> None:
            if self.is_over.is_set():
                raise _OverError
            with self._lock:
                self._done_ms[number] = done_ms
                if self._on_progress:
                    self._on_progress(sum(self._done_ms))

        with _free_cores:
            tell(0)
            return task(tell)
