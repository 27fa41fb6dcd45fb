"""Turn blocks of samples into the silences at the beginning, at the end and within a recording."""

from __future__ import annotations

from dataclasses import dataclass

from publisher.audio.planes import is_quiet

COUNTED_SILENCE_MS = 2000
"""A silence within the recording is counted from this length on; shorter ones are pauses for breath."""

_STEPS_A_SECOND = 100  # the edge of a silence is found to a hundredth of a second


@dataclass(frozen=True, slots=True)
class Silence:
    """Where nothing is heard, in samples; `inner_count` leaves out those under two seconds."""

    leading: int
    trailing: int
    longest_inner: int
    longest_inner_at: int
    inner_count: int


class SilenceFinder:
    """Takes in block after block; only where silence meets sound is a block looked at step by step."""

    def __init__(self, sample_rate: int, channels: int) -> None:
        """Begin before the first sample."""
        self._rate = sample_rate
        self._frame_bytes = 2 * channels
        self._step = max(sample_rate // _STEPS_A_SECOND, 1) * self._frame_bytes
        self._since: int | None = 0
        self._before = b""
        self._leading = self._longest = self._longest_at = self._count = 0

    def take(self, block: bytes, start: int, *, quiet: bool) -> None:
        """Look at the next block, whose first sample is number `start`."""
        if quiet and self._since is None:
            self._since = start - self._quiet_tail(self._before)
        elif not quiet and self._since is not None:
            self._end(self._since, start + self._quiet_head(block))
            self._since = None
        self._before = block

    def finish(self, end: int) -> Silence:
        """Return what was found; of a recording without any sound, all is at the beginning."""
        if self._since is None:
            trailing = self._quiet_tail(self._before)
        elif self._since == 0:
            self._leading, trailing = end, 0
        else:
            trailing = end - self._since
        return Silence(self._leading, trailing, self._longest, self._longest_at, self._count)

    def _end(self, start: int, end: int) -> None:
        if start == 0:
            self._leading = end
            return
        if end - start > self._longest:
            self._longest, self._longest_at = end - start, start
        self._count += (end - start) * 1000 >= COUNTED_SILENCE_MS * self._rate

    def _quiet_head(self, block: bytes) -> int:
        at = 0
        while at < len(block) and is_quiet(block[at : at + self._step]):
            at += self._step
        return min(at, len(block)) // self._frame_bytes

    def _quiet_tail(self, block: bytes) -> int:
        end = len(block)
        while end > 0 and is_quiet(block[max(end - self._step, 0) : end]):
            end -= self._step
        return (len(block) - max(end, 0)) // self._frame_bytes
