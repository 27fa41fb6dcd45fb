"""Several episodes' audio, brought up to date at once and told of as one step."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import FIRST_EXCEPTION, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from typing import TypeVar

from publisher.audio.parallel import count_cores
from publisher.building.request import Progress
from publisher.errors import Problem, SourceError

T = TypeVar("T")
_MAIN_STAGE = "encoding"
"""The stage that takes the longest, and whose progress is that of an episode."""


def settle_together(tasks: Mapping[str, Callable[[Progress], T]], progress: Progress) -> dict[str, T]:
    """Do the task of every episode, as many at once as there are cores, and return results in their order.

    Each task is given where to tell its progress. A single one tells it itself; several are told of as one.

    Raises:
        SourceError: every problem of all of them; the others have been done all the same.
        SurroundingsError: what stopped one of them; the others were stopped too.
    """
    if len(tasks) < 2:
        return {slug: task(progress) for slug, task in tasks.items()}
    problems: list[Problem] = []
    with progress(f"finishing {len(tasks)} episodes", 0, "audio") as advance:
        told = _Told(advance)
        with ThreadPoolExecutor(max_workers=min(len(tasks), count_cores())) as pool:
            futures = {slug: pool.submit(_guarded, task, told.show) for slug, task in tasks.items()}
            try:
                wait(futures.values(), return_when=FIRST_EXCEPTION)
                _raise_first(futures.values())
            finally:
                told.is_over.set()
                pool.shutdown(wait=False, cancel_futures=True)
    results: dict[str, T] = {}
    for slug, future in futures.items():
        result = future.result()
        if isinstance(result, SourceError):
            problems.extend(result.problems)
        else:
            results[slug] = result
    if problems:
        raise SourceError(tuple(problems))
    return results


class _OverError(Exception):
    """Another episode could not be finished for a reason that would stop this one too."""


class _Told:
    """Adds up how much audio has been encoded, of all that there is to encode."""

    def __init__(self, advance: Callable[..., None]) -> None:
        self.is_over = threading.Event()
        self._advance = advance
        self._lock = threading.Lock()
        self._done: list[float] = []
        self._totals: list[float] = []

    @contextmanager
    def show(self, _label: str, total: float, _unit: str) -> Iterator[Callable[..., None]]:
        """Take part in the sum, as something that tells its progress by itself would."""
        with self._lock:
            number = len(self._done)
            self._done.append(0.0)
            self._totals.append(total)

        def advance(done: float, total: float = 0, stage: str = "") -> None:
            if self.is_over.is_set():
                raise _OverError
            with self._lock:
                self._totals[number] = max(total, self._totals[number])
                if stage == _MAIN_STAGE:
                    self._done[number] = max(done, self._done[number])
                self._advance(sum(self._done), sum(self._totals))

        yield advance


def _guarded(task: Callable[[Progress], T], progress: Progress) -> T | SourceError:
    try:
        return task(progress)
    except SourceError as error:
        return error


def _raise_first(futures: Iterable[Future[T]]) -> None:
    for future in futures:
        if future.done():
            future.result()
