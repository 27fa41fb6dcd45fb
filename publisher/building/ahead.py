"""A new recording into its measurement, begun while all else is still loaded and read."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from publisher.building.look import EPISODES, Sight
from publisher.building.snapshot import ABSENT, Stamp, stamp_of
from publisher.masters import is_master
from publisher.model import LOCK_FILE

if TYPE_CHECKING:
    from publisher.audio.loudness import Measurement


@dataclass(frozen=True, slots=True)
class Ahead:
    """What is measured already, or will be soon: a recording that was as `stamp` tells."""

    path: Path | None = None
    stamp: Stamp = ABSENT
    future: Future[Measurement] | None = None

    def measured(self, path: Path) -> Measurement | None:
        """Wait for the measurement of a recording; None when it is another one, or other bytes than then.

        Raises:
            SourceError: it is no audio, is damaged, or ends before its header says.
            SurroundingsError: ffmpeg could not be run.
        """
        if self.future is None or path != self.path or stamp_of(path) != self.stamp:
            return None
        return self.future.result()


NOTHING = Ahead()


class _OverError(Exception):
    """Nobody waits for it any more."""


@contextmanager
def measured_ahead(root: Path, sight: Sight) -> Iterator[Ahead]:
    """Begin to measure the recording of the one episode that changed, when no lock knows it.

    Loading and reading take a core half a second; meanwhile, the others would have nothing to do.
    """
    found = _new_recording(root, sight)
    if found is None:
        yield NOTHING
        return
    from publisher.audio.ffmpeg import find_ffmpeg  # every meter: only where there is something to measure
    from publisher.audio.measuring import measure_at_once

    is_over = threading.Event()

    def go_on(_done_ms: int) -> None:
        if is_over.is_set():
            raise _OverError

    path, shown = root / found, found
    stamp, ffmpeg = stamp_of(path), find_ffmpeg()
    with ThreadPoolExecutor(max_workers=1) as pool:
        try:
            yield Ahead(path, stamp, pool.submit(measure_at_once, ffmpeg, path, shown, on_progress=go_on))
        finally:
            is_over.set()


def _new_recording(root: Path, sight: Sight) -> str | None:
    """Return the path of the recording, below the show's folder; None where it is not just one."""
    if len(sight.stale) != 1:
        return None
    slug = next(iter(sight.stale))
    files = sight.sources(slug).files
    masters = [name for name in files if is_master(name)]
    if len(masters) != 1:
        return None
    lock = root / EPISODES / slug / LOCK_FILE
    known = lock.read_bytes() if LOCK_FILE in files and lock.is_file() else b""
    if files[masters[0]].sha256.encode() in known:
        return None
    return f"{EPISODES}/{slug}/{masters[0]}"
