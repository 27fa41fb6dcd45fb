"""Turn blocks of samples into the runs that stay at full scale, where a wave was cut off."""

from __future__ import annotations

import re
from dataclasses import dataclass

from publisher.audio.planes import at_full_scale

CLIPPED_SAMPLES = 3
"""So many samples at full scale in a row are clipped; one or two may be the top of a wave."""

_RUN = re.compile(rb"\x01+|\x02+")


@dataclass(frozen=True, slots=True)
class Clipping:
    """Runs of samples at full scale; those of several channels at one time are one."""

    runs: int
    longest_samples: int
    first_at: int | None
    """The first sample of the first run; None when there is none."""


class ClipFinder:
    """Takes in channel after channel of each block; a run may begin in one block and end in another."""

    def __init__(self) -> None:
        """Begin with nothing found."""
        self._open: dict[int, tuple[int, int]] = {}  # of a channel: highest or lowest, and since when
        self._runs = self._longest = self._until = 0
        self._first: int | None = None

    @property
    def is_in_run(self) -> bool:
        """Whether the last block ended at full scale: the next one has to be looked at."""
        return bool(self._open)

    def take(self, channel: int, samples: bytes, start: int) -> None:
        """Look at the next samples of a channel, the first of which is number `start`."""
        marks = at_full_scale(samples)
        mark, since = self._open.pop(channel, (0, 0))
        if mark and marks[0] != mark:
            self._close(since, start)
            mark = 0
        for run in _RUN.finditer(marks):
            begin = since if mark and run.start() == 0 else start + run.start()
            if run.end() == len(marks):
                self._open[channel] = (marks[-1], begin)
            else:
                self._close(begin, start + run.end())

    def finish(self, end: int) -> Clipping:
        """Return what was found; the recording ends before sample `end`."""
        for _, since in self._open.values():
            self._close(since, end)
        self._open.clear()
        return Clipping(self._runs, self._longest, self._first)

    def _close(self, start: int, end: int) -> None:
        if end - start < CLIPPED_SAMPLES:
            return
        self._longest = max(self._longest, end - start)
        self._runs += start >= self._until
        self._until = max(self._until, end)
        self._first = start if self._first is None else min(self._first, start)
