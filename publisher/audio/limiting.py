"""Turn a gain that the limiter will answer into the one whose result is as loud as the target."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from publisher.audio.ffmpeg import OnProgress, run
from publisher.audio.leveling import MIN_SLOPE, Chain, Source
from publisher.audio.loudness import METER, NOWHERE, SILENCE_DBTP, SILENCE_LUFS
from publisher.audio.metering import LEAD_S, MOMENTARY_BLOCKS, Blocks, blocks_of, forget, integrated
from publisher.audio.parallel import run_at_once
from publisher.audio.reading import CONTAINERS, movie

_METER = METER.replace("peak=true:", "")
_TRIED_DB = (0.5, 4.0)
"""Gains above that which would do without a limiter."""

_SAMPLES, _SAMPLE_S = 30, 2
"""A minute in all, taken from everywhere."""

_MAX_STEP_DB = 12.0
_STRETCH_S = 150

Stretch = tuple[int, int | None]
"""Where a part of a recording begins, in seconds, and how long it is; the last one goes on to the end."""


def estimate(source: Source, chain: Chain, on_progress: OnProgress | None = None) -> Chain:
    """Return the chain whose result will be nearly as loud as the target, and how it answers to more gain.

    Tells from a minute of the programme, which is longer, what the limiter takes at several gains.
    """
    tried = [replace(chain, gain_db=chain.gain_db + more) for more in _TRIED_DB]
    ways = (chain.mix, *(each.filters() for each in tried))
    half_s = source.measured.duration_ms // 2000
    spans = ((0, half_s), (half_s, None))
    halves = run_at_once([partial(_sampled, source, ways, *span) for span in spans], on_progress)
    unlimited, *limited = (integrated([*first, *second]) for first, second in zip(*halves, strict=True))
    if unlimited <= SILENCE_LUFS:
        return chain
    wanted = unlimited + chain.gain_db
    return _interpolated(tried, [level - wanted for level in limited])


def _sampled(
    source: Source, ways: Sequence[str], start_s: int, end_s: int | None, on_progress: OnProgress
) -> list[list[float]]:
    """Return the loudness of the blocks of a few samples, made in several ways."""
    every_s = source.measured.duration_ms / 1000 / _SAMPLES
    inputs = "".join(f"[in{way}]" for way in range(len(ways)))
    chosen = f"aselect='lt(mod(t,{every_s:.3f}),{_SAMPLE_S})'"
    graph = [f"{_reader(source, start_s, end_s)},{chosen},asplit={len(ways)}{inputs}"]
    for way, filters in enumerate(ways):
        marked = f"ametadata=add:key=way:value={way},ametadata=print:file=-"
        end = ",aselect=0[out]" if way == 0 else ",anullsink"
        graph.append(f"[in{way}]{filters},{_METER},{forget()},{marked}{end}")
    arguments = ["-filter_complex", ";".join(graph), "-map", "[out]", *NOWHERE]
    data = run(source.ffmpeg, arguments, on_progress=on_progress, writes_data=True).data
    return [_momentary(data, way) for way in range(len(ways))]


def stretches_of(source: Source) -> list[Stretch]:
    """Divide a long recording into stretches that can be levelled side by side."""
    seconds = math.ceil(source.measured.duration_ms / 1000)
    length_s = math.ceil(seconds / (2 * math.ceil(seconds / (2 * _STRETCH_S))))
    starts = range(0, seconds, length_s)
    return [(start_s, None if start_s == starts[-1] else length_s) for start_s in starts]


def blocks_after(source: Source, chain: Chain, stretch: Stretch, on_progress: OnProgress) -> Blocks:
    """Return the blocks of what a chain makes of a stretch of a recording that `movie` can read."""
    start_s, length_s = stretch
    lead_s = min(start_s, LEAD_S)
    reader = _reader(source, start_s - lead_s, None if length_s is None else start_s + length_s)
    told = f"{_METER},{forget()},ametadata=print:file=-,aselect=0[out]"
    arguments = ["-filter_complex", f"{reader},{chain.filters()},{told}", "-map", "[out]", *NOWHERE]
    data = run(source.ffmpeg, arguments, on_progress=on_progress, writes_data=True).data
    return blocks_of(data, lead_s, length_s, SILENCE_DBTP)


def _reader(source: Source, start_s: int, end_s: int | None) -> str:
    """Return the filters that read a recording from one second to another one."""
    reader = movie(source.master, CONTAINERS[source.measured.kind], start_s=start_s)
    trim = f"atrim=start={start_s}" + ("" if end_s is None else f":end={end_s}")
    return f"{reader},{trim},asetpts=PTS-STARTPTS"


def _interpolated(tried: Sequence[Chain], missed: Sequence[float]) -> Chain:
    """Return the chain that misses nothing, by a line through the two that are nearest to it."""
    right = next((at for at, miss in enumerate(missed) if at and miss >= 0), len(missed) - 1)
    left = right - 1
    gained = tried[right].gain_db - tried[left].gain_db
    slope = min(max((missed[right] - missed[left]) / gained, MIN_SLOPE), 1.2)
    step = min(-missed[right] / slope, _MAX_STEP_DB)
    return replace(tried[right], gain_db=tried[right].gain_db + step, slope=slope)


def _momentary(metadata: bytes, way: int) -> list[float]:
    """Read the loudness of each tenth of a second, without the first ones: they look back on nothing."""
    found = re.findall(rb"\.M=(\S+)\n(?:lavfi[^\n]*\n)*way=%d\n" % way, metadata)
    return [float(level) for level in found[MOMENTARY_BLOCKS - 1 :]]
