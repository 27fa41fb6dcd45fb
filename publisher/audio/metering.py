"""Turn a finished MP3 into its level, decoding it in several stretches at once.

A stretch yields the loudness of its blocks (ITU-R BS.1770, EBU Tech 3342); gating is done once over all of
them, so that the result does not depend on where the stretches begin.
"""

from __future__ import annotations

import math
import re
from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import chain, islice
from pathlib import Path

from publisher.audio.ffmpeg import OnProgress, run
from publisher.audio.joint import FRAME_SAMPLES, Frames
from publisher.audio.leveling import SAMPLE_RATE
from publisher.audio.loudness import METER, NOWHERE, SILENCE_DBTP, SILENCE_LUFS, Level
from publisher.audio.parallel import run_at_once
from publisher.audio.reading import movie
from publisher.errors import SurroundingsError

_STRETCH_S = 180
LEAD_S = 3
"""Heard before a stretch: what a short-term block (EBU Tech 3341) looks back on."""

_LEAD_FRAMES = 12
"""Decoded before that: what the bit reservoir and the decoder's own memory look back on."""

_DECODER_DELAY = 529
_BLOCKS_A_SECOND = 10
_LEVELS = 100_000
"""From silence to 30 LUFS: the loudest square wave there is has 3."""

MOMENTARY_BLOCKS, _SHORT_TERM_BLOCKS = 4, 30
_UNUSED = (
    "I",
    "LRA",
    "LRA.low",
    "LRA.high",
    *(f"{kind}_peaks_ch{n}" for kind in ("true", "sample") for n in (0, 1)),
)
_UNPEAKED = METER.replace("peak=true:", "")
PEAKS_BETWEEN = (
    "aresample=192000:filter_size=16:linear_interp=0:internal_sample_fmt=fltp,"
    "aformat=sample_fmts=fltp,astats=measure_perchannel=none:measure_overall=Peak_level"
)
"""More than four samples for one (ITU-R BS.1770-4, annex 2), each from 16 around it.

The meter's own true peak takes half as long again for the same figure: it computes with 32 around it, twice.
"""

_PEAK = re.compile(r"Peak level dB: (\S+)")
_BLOCK = re.compile(rb"\.M=(\S+)\n.*?\.S=(\S+)\n", re.S)


@dataclass(frozen=True, slots=True)
class Blocks:
    """The loudness of each tenth of a second of a stretch, in 32 bits, and its highest peak."""

    momentary: array[float]
    short_term: array[float]
    true_peak_dbtp: float


def meter(ffmpeg: Path, path: Path, frames: Frames, *, on_progress: OnProgress | None = None) -> Level:
    """Decode all of a file and return its level.

    Raises:
        SurroundingsError: ffmpeg failed, or it decodes to less than its header says.
    """
    seconds = frames.samples / SAMPLE_RATE
    count = 2 * math.ceil(seconds / (2 * _STRETCH_S))
    length = math.ceil(seconds / count)
    starts = range(0, math.ceil(seconds), length)
    stretches = run_at_once(
        [partial(_stretch, ffmpeg, path, frames, start, length) for start in starts], on_progress
    )
    played = sum(len(blocks.momentary) for blocks in stretches)
    if played != int(seconds * _BLOCKS_A_SECOND):
        raise SurroundingsError(
            f"the finished audio plays {played / _BLOCKS_A_SECOND:.1f} s instead of {seconds:.1f} s",
            hint="run the same command again; when that does not help, please report it",
        )
    return level_of_blocks(stretches)


def level_of_blocks(stretches: Sequence[Blocks]) -> Level:
    """Put stretches together that follow one another without a gap."""
    momentary = array("f", chain.from_iterable(blocks.momentary for blocks in stretches))
    short_term = chain.from_iterable(blocks.short_term for blocks in stretches)
    return Level(
        integrated_lufs=integrated(memoryview(momentary)[MOMENTARY_BLOCKS - 1 :]),
        range_lu=loudness_range(islice(short_term, _SHORT_TERM_BLOCKS - 1, None)),
        true_peak_dbtp=max(blocks.true_peak_dbtp for blocks in stretches),
    )


def integrated(momentary: Sequence[float]) -> float:
    """Gate the loudness of 0.4 s blocks, ten a second, as ITU-R BS.1770-4 says."""
    ungated = _mean(momentary, SILENCE_LUFS)
    if ungated is None:
        return SILENCE_LUFS
    gated = _mean(momentary, max(SILENCE_LUFS, ungated - 10))
    return ungated if gated is None else gated


def loudness_range(short_term: Iterable[float]) -> float:
    """Return the range from the 10th to the 95th percentile of 3 s blocks (EBU Tech 3342).

    They are counted by the thousandth, as the meter tells them: hours of them would take much memory.
    """
    counts = array("I", bytes(array("I").itemsize * _LEVELS))
    for level in short_term:
        if level > SILENCE_LUFS:
            counts[min(round((level - SILENCE_LUFS) * 1000), _LEVELS - 1)] += 1
    loud = sum(counts)
    if not loud:
        return 0.0
    power = sum(count * _power(_level(at)) for at, count in enumerate(counts) if count)
    gate = _loudness(power / loud) - 20
    gated = [(_level(at), count) for at, count in enumerate(counts) if count and _level(at) > gate]
    last = sum(count for _, count in gated) - 1
    return _ranked(gated, round(last * 0.95)) - _ranked(gated, round(last * 0.1))


def _level(at: int) -> float:
    return SILENCE_LUFS + at / 1000


def _ranked(counted: Iterable[tuple[float, int]], rank: int) -> float:
    """Return the level that so many others stand before."""
    for level, count in counted:
        rank -= count
        if rank < 0:
            return level
    raise ValueError("there are not so many")


def _mean(levels: Iterable[float], gate: float) -> float | None:
    """Return the loudness of all levels above a gate together; None when there are none."""
    total, count = 0.0, 0
    for level in levels:
        if level > gate:
            total += _power(level)
            count += 1
    return _loudness(total / count) if count else None


def _stretch(
    ffmpeg: Path, path: Path, frames: Frames, start_s: int, length_s: int, on_progress: OnProgress
) -> Blocks:
    """Decode one stretch with what leads to it; returns the blocks that end within it."""
    lead_s = min(start_s, LEAD_S)
    position = (start_s - lead_s) * SAMPLE_RATE + frames.delay + _DECODER_DELAY
    first = max(0, position // FRAME_SAMPLES - _LEAD_FRAMES)
    skipped = position - first * FRAME_SAMPLES
    end = min(frames.samples - (start_s - lead_s) * SAMPLE_RATE, (lead_s + length_s) * SAMPLE_RATE)
    graph = ",".join(
        (
            movie(path, "mp3", skipped_bytes=frames.offsets[first]),
            f"atrim=start_sample={skipped}:end_sample={skipped + end}",
            f"asetpts=PTS-STARTPTS,{_UNPEAKED},{forget()},ametadata=print:file=-",
            f"{PEAKS_BETWEEN},aselect=0[out]",
        )
    )
    output = run(
        ffmpeg,
        ["-filter_complex", graph, "-map", "[out]", *NOWHERE],
        on_progress=on_progress,
        writes_data=True,
    )
    return blocks_of(output.data, lead_s, length_s, highest_peak(output.log))


def blocks_of(metadata: bytes, lead_s: int, length_s: int | None, peak_db: float) -> Blocks:
    """Read the blocks that end behind what leads to a stretch, and within it."""
    found = [(float(block[1]), float(block[2])) for block in _BLOCK.finditer(metadata)]
    own = found[lead_s * _BLOCKS_A_SECOND :][: length_s and length_s * _BLOCKS_A_SECOND]
    momentary, short_term = (array("f", (block[kind] for block in own)) for kind in (0, 1))
    return Blocks(momentary, short_term, peak_db)


def forget() -> str:
    """Return the filters that take off what the meter says beyond that: it would be too much to keep."""
    return ",".join(f"ametadata=mode=delete:key=lavfi.r128.{name}" for name in _UNUSED)


def highest_peak(log: str) -> float:
    """Read what `PEAKS_BETWEEN` has found, in dBTP; digital silence has no peak."""
    peaks = [float(peak) for peak in _PEAK.findall(log)]
    return max([SILENCE_DBTP, *peaks])


def _power(level: float) -> float:
    return float(10 ** (level / 10))


def _loudness(power: float) -> float:
    return 10 * math.log10(power)
