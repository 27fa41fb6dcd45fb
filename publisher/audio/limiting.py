"""Turn a gain that the limiter will answer into the one whose result is as loud as the target."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from publisher.audio.ffmpeg import OnProgress, input_file, run
from publisher.audio.leveling import MIN_SLOPE, Chain, Source
from publisher.audio.loudness import METER, NOWHERE, SILENCE_LUFS, Level, read_level
from publisher.audio.reading import CONTAINERS, movie

_METER = METER.replace("peak=true:", "")
_TRIED_DB = (0.5, 4.0)
"""Gains above that which would do without a limiter."""

_SAMPLES, _SAMPLE_S = 30, 2
"""A minute in all, taken from everywhere."""

_MAX_STEP_DB = 12.0


def estimate(source: Source, chain: Chain, on_progress: OnProgress | None = None) -> Chain:
    """Return the chain whose result will be nearly as loud as the target, and how it answers to more gain.

    Tells from a minute of the programme, which is longer, what the limiter takes at several gains.
    """
    tried = [replace(chain, gain_db=chain.gain_db + more) for more in _TRIED_DB]
    branches = [chain.mix, *(each.filters() for each in tried)]
    ways = "".join(f"[in{way}]" for way in range(len(branches)))
    every_s = source.measured.duration_ms / 1000 / _SAMPLES
    graph = [f"[0:a:0]aselect='lt(mod(t,{every_s:.3f}),{_SAMPLE_S})',asplit={len(branches)}{ways}"]
    for way, filters in enumerate(branches):
        marked = f"ametadata=add:key=way:value={way},ametadata=print:file=-"
        end = "[out]" if way == 0 else ",anullsink"
        graph.append(f"[in{way}]{filters},{_METER},{marked}{end}")
    arguments = [*input_file(source.master), "-filter_complex", ";".join(graph), "-map", "[out]", *NOWHERE]
    output = run(source.ffmpeg, arguments, on_progress=on_progress, writes_data=True)
    unlimited, *limited = (_last_level(output.data, way) for way in range(len(branches)))
    if unlimited <= SILENCE_LUFS:
        return chain
    wanted = unlimited + chain.gain_db
    return _interpolated(tried, [level - wanted for level in limited])


def level_of(source: Source, chain: Chain, on_progress: OnProgress | None = None) -> Level:
    """Measure what a chain makes of a whole recording that `movie` can read; the true peak is left out."""
    reader = movie(source.master, CONTAINERS[source.measured.kind])
    graph = f"{reader},{chain.filters()},{_METER},ametadata=print:file=-,aselect=0[out]"
    arguments = ["-filter_complex", graph, "-map", "[out]", *NOWHERE]
    output = run(source.ffmpeg, arguments, on_progress=on_progress, writes_data=True)
    return read_level(output.data, output.log)


def _interpolated(tried: Sequence[Chain], missed: Sequence[float]) -> Chain:
    """Return the chain that misses nothing, by a line through the two that are nearest to it."""
    right = next((at for at, miss in enumerate(missed) if at and miss >= 0), len(missed) - 1)
    left = right - 1
    gained = tried[right].gain_db - tried[left].gain_db
    slope = min(max((missed[right] - missed[left]) / gained, MIN_SLOPE), 1.2)
    step = min(-missed[right] / slope, _MAX_STEP_DB)
    return replace(tried[right], gain_db=tried[right].gain_db + step, slope=slope)


def _last_level(metadata: bytes, way: int) -> float:
    found = re.findall(rb"\.r128\.I=(\S+)\n(?:lavfi[^\n]*\n)*way=%d\n" % way, metadata)
    return float(found[-1]) if found else SILENCE_LUFS
