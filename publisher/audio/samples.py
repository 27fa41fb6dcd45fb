"""Turn the decoded samples of a recording into its silences, clipped runs, silent channels and waveform."""

from __future__ import annotations

import struct
from array import array
from dataclasses import dataclass

from publisher.audio.clipping import ClipFinder, Clipping
from publisher.audio.planes import is_quiet, lowest_and_highest, one_channel
from publisher.audio.silence import Silence, SilenceFinder
from publisher.audio.waveform import PEAKS_A_SECOND, Waveform

_HEADER_BYTES = 256  # at most: 44 for one or two channels, 68 for more


@dataclass(frozen=True, slots=True)
class Samples:
    """What was found in the samples; `count` is that of one channel, channels are numbered from 0."""

    count: int
    sample_rate: int
    channels: int
    channels_identical: bool
    silent_channels: tuple[int, ...]
    silence: Silence
    clipping: Clipping
    waveform: Waveform


class SampleScan:
    """Takes in 16-bit WAV data as it comes, and keeps at most a tenth of a second of it."""

    def __init__(self) -> None:
        """Begin before the first byte of the header."""
        self._buffer = bytearray()
        self._rate = self._channels = self._block_bytes = 0
        self._done = 0
        self._peaks = array("b")
        self._clips = ClipFinder()
        self._silences = SilenceFinder(1, 1)
        self._silent: tuple[int, ...] = ()
        self._identical = True

    def feed(self, chunk: bytes) -> None:
        """Take in what comes next."""
        self._buffer += chunk
        if not self._rate and not self._read_header():
            return
        whole = len(self._buffer) // self._block_bytes * self._block_bytes
        data = bytes(self._buffer[:whole])
        del self._buffer[:whole]
        for at in range(0, whole, self._block_bytes):
            self._take(data[at : at + self._block_bytes])

    def finish(self) -> Samples | None:
        """Return what was found; None when there was not a single sample."""
        if not self._rate:
            return None
        frame_bytes = 2 * self._channels
        rest = bytes(self._buffer[: len(self._buffer) // frame_bytes * frame_bytes])
        if rest:
            self._take(rest)
        if not self._done:
            return None
        return Samples(
            count=self._done,
            sample_rate=self._rate,
            channels=self._channels,
            channels_identical=self._identical,
            silent_channels=self._silent,
            silence=self._silences.finish(self._done),
            clipping=self._clips.finish(self._done),
            waveform=Waveform(self._rate, self._block_bytes // frame_bytes, tuple(self._peaks)),
        )

    def _read_header(self) -> bool:
        """Read what ffmpeg writes before the samples; False until all of it is there."""
        at = self._buffer.find(b"data", 36, _HEADER_BYTES)
        if at < 0 or len(self._buffer) < at + 8:
            return False
        self._channels, self._rate = struct.unpack_from("<HI", self._buffer, 22)
        self._block_bytes = max(self._rate // PEAKS_A_SECOND, 1) * self._channels * 2
        self._silences = SilenceFinder(self._rate, self._channels)
        self._silent = tuple(range(self._channels))
        del self._buffer[: at + 8]
        return True

    def _take(self, block: bytes) -> None:
        """Look at a tenth of a second, or at what is left at the end."""
        lowest, highest = lowest_and_highest(block)
        quiet = lowest >= -1 and highest <= 0 and is_quiet(block)
        self._peaks.extend((lowest, highest))
        self._silences.take(block, self._done, quiet=quiet)
        if highest == 127 or lowest == -128 or self._clips.is_in_run:
            for channel in range(self._channels):
                self._clips.take(channel, self._one(block, channel), self._done)
        if not quiet and self._silent:
            self._silent = tuple(c for c in self._silent if is_quiet(self._one(block, c)))
        if self._identical and self._channels > 1:
            first = self._one(block, 0)
            self._identical = all(self._one(block, c) == first for c in range(1, self._channels))
        self._done += len(block) // (2 * self._channels)

    def _one(self, block: bytes, channel: int) -> bytes:
        return one_channel(block, channel, self._channels)
