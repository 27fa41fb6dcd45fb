"""How far a long step is, told without getting in the way."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console
    from rich.progress import Progress, TaskID

_PATIENCE_SECONDS = 1.0


class _Bar:
    """A bar for one step, which may have several stages; each stage has a rate of its own."""

    def __init__(self, label: str, total: float, unit: str, *, is_shown: bool) -> None:
        self._label, self._unit, self._is_shown = label, unit, is_shown
        self._total, self._done, self._stage = total, 0.0, ""
        self._started = self._stage_started = time.monotonic()
        self._bar: Progress | None = None
        self._task: TaskID | None = None

    def advance(self, done: float, total: float = 0, stage: str = "") -> None:
        """Note how much is done of the current stage."""
        now = time.monotonic()
        self._total, self._done = total or self._total, done
        is_next = stage != self._stage
        if is_next:
            self._stage, self._stage_started = stage, now
        if not self._is_shown or now - self._started < _PATIENCE_SECONDS:
            return
        if self._bar is None or self._task is None:
            self._bar = _drawn()
            self._task = self._bar.add_task(self._label, total=self._total or None, rate="")
            self._bar.start()
        elif is_next:
            self._bar.reset(self._task, total=self._total or None)
        rate = format_rate(done, now - self._stage_started, self._unit)
        name = f"{self._label}: {stage}" if stage else self._label
        self._bar.update(self._task, description=name, completed=done, rate=rate)

    def close(self) -> str:
        """Take the bar away; return a line on what it took, or nothing for a moment's work."""
        if self._bar is not None:
            self._bar.stop()
        elapsed = time.monotonic() - self._started
        if elapsed < _PATIENCE_SECONDS:
            return ""
        return (
            f"{self._label}: {elapsed:.1f} s, {format_rate(self._total or self._done, elapsed, self._unit)}"
        )


def _drawn() -> Progress:
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn  # only for long steps

    return Progress(
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        TextColumn("{task.fields[rate]}", markup=False),
        TimeRemainingColumn(compact=True),
        console=_console(),
        transient=True,
    )


def _console() -> Console:
    from rich.console import Console  # as above

    return Console(stderr=True, highlight=False)


@contextmanager
def show_progress(
    label: str, total: float, unit: str, *, bar: bool, quiet: bool
) -> Iterator[Callable[..., None]]:
    """Show a bar on a terminal, and one line at the end; neither when it took under a second."""
    shown = _Bar(label, total, unit, is_shown=bar and not quiet)
    try:
        yield shown.advance
    finally:
        line = shown.close()
    if line and not quiet:
        sys.stderr.write(f"{line}\n")  # a line is no reason to load what draws bars


def format_rate(done: float, elapsed_seconds: float, unit: str) -> str:
    """Write a rate in the unit's own words: `42 × real time`, `3.1 MB/s`, `12 episodes/s`."""
    rate = done / elapsed_seconds if elapsed_seconds > 0 else 0.0
    if unit == "audio":
        return f"{rate:.0f} × real time"
    if unit == "bytes":
        return f"{rate / 1e6:.1f} MB/s"
    return f"{rate:.0f} {unit}/s"
