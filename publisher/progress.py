"""How far a long step is, told without getting in the way."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

_PATIENCE_SECONDS = 1.0


@contextmanager
def show_progress(
    label: str, total: float, unit: str, *, bar: bool, quiet: bool
) -> Iterator[Callable[[float], None]]:
    """Show a bar on a terminal, or one line at the end elsewhere; neither when it took under a second."""
    started = time.monotonic()
    console = Console(stderr=True, highlight=False)
    progress = Progress(
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        TextColumn("{task.fields[rate]}", markup=False),
        TimeRemainingColumn(compact=True),
        console=console,
        transient=True,
    )
    task = progress.add_task(label, total=total or None, rate="")
    done_so_far = 0.0

    def advance(done: float) -> None:
        nonlocal done_so_far
        done_so_far = done
        elapsed = time.monotonic() - started
        if quiet or not bar or elapsed < _PATIENCE_SECONDS:
            return
        if not progress.live.is_started:
            progress.start()
        progress.update(task, completed=done, rate=format_rate(done, elapsed, unit))

    try:
        yield advance
    finally:
        progress.stop()
    elapsed = time.monotonic() - started
    if not quiet and elapsed >= _PATIENCE_SECONDS:
        rate = format_rate(max(done_so_far, total), elapsed, unit)
        console.print(f"{label}: {elapsed:.1f} s, {rate}", markup=False, soft_wrap=True)


def format_rate(done: float, elapsed_seconds: float, unit: str) -> str:
    """Write a rate in the unit's own words: `42 × real time`, `3.1 MB/s`, `12 episodes/s`."""
    rate = done / elapsed_seconds if elapsed_seconds > 0 else 0.0
    if unit == "audio":
        return f"{rate:.0f} × real time"
    if unit == "bytes":
        return f"{rate / 1e6:.1f} MB/s"
    return f"{rate:.0f} {unit}/s"
