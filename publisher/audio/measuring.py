"""Turn a long recording into its measurement, decoding it in several stretches at once."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from publisher.audio.ffmpeg import FfmpegError, OnProgress, input_file, run
from publisher.audio.loudness import (
    COMPARE,
    METER,
    NOWHERE,
    Measurement,
    measure,
    measurement_of,
    read_level,
)
from publisher.audio.metering import LEAD_S, Blocks, blocks_of, forget, level_of_blocks
from publisher.audio.parallel import run_at_once
from publisher.audio.probe import Probe, probe
from publisher.audio.reading import CONTAINERS, is_exact, movie
from publisher.audio.streams import read_stream

_LONG_MS = 120_000
_STRETCH_S = 180
_METER = METER.replace("peak=true:", "peak=sample:")
_SAMPLES = re.compile(r"volumedetect_\d+ @ [^\]]+\] n_samples: (\d+)")
_ZEROS = re.compile(r"histogram_91db: (\d+)")


@dataclass(frozen=True, slots=True)
class _Stretch:
    """What was found in a stretch and what leads to it; in `zeros` samples both channels are the same."""

    lead_s: int
    blocks: Blocks
    samples: int
    zeros: int


def measure_at_once(
    ffmpeg: Path, path: Path, shown: str = "", *, on_progress: OnProgress | None = None
) -> Measurement:
    """Measure a recording as `loudness.measure` does with `samples_only`, a long one on all cores.

    Raises:
        SourceError: it is no audio, is damaged, or ends before its header says.
        SurroundingsError: ffmpeg could not be run.
    """
    probed = probe(path, shown or str(path))
    found = None
    if probed.kind in CONTAINERS and (probed.claimed_ms or 0) >= _LONG_MS:
        found = _measured(ffmpeg, path, shown or str(path), probed, on_progress)
    return found or measure(ffmpeg, path, shown, samples_only=True, on_progress=on_progress)


def _measured(
    ffmpeg: Path, path: Path, shown: str, probed: Probe, on_progress: OnProgress | None
) -> Measurement | None:
    """Measure in stretches; None when anything about the recording is other than its header says."""
    log = _headed(ffmpeg, path)
    stream = read_stream(log)
    if stream is None or not is_exact(probed.kind, stream.codec):
        return None
    seconds = math.ceil((probed.claimed_ms or 0) / 1000)
    length = math.ceil(seconds / (2 * math.ceil(seconds / (2 * _STRETCH_S))))
    starts = range(0, seconds, length)
    lengths = [*([length] * (len(starts) - 1)), None]
    try:
        stretches = run_at_once(
            [
                partial(_stretch, ffmpeg, path, CONTAINERS[probed.kind], *span)
                for span in zip(starts, lengths, strict=True)
            ],
            on_progress,
        )
    except FfmpegError:
        return None  # whole, it may be better understood
    if any(len(each.blocks.momentary) != 10 * length for each in stretches[:-1]):
        return None
    own = [each.samples - each.lead_s * stream.sample_rate for each in stretches]
    if any(samples != length * stream.sample_rate for samples in own[:-1]):
        return None
    level = level_of_blocks([each.blocks for each in stretches])
    is_same = all(each.samples == each.zeros for each in stretches)
    found = measurement_of(path, shown, probed, level, log, sum(own), is_same)
    return replace(found, is_peak_exact=False)


def _headed(ffmpeg: Path, path: Path) -> str:
    """Return what ffmpeg says of a recording of which it reads the beginning only; "" when it can't."""
    try:
        return run(ffmpeg, ["-t", "0.01", *input_file(path), "-map", "0:a:0", *NOWHERE]).log
    except FfmpegError:
        return ""


def _stretch(
    ffmpeg: Path, path: Path, container: str, start_s: int, length_s: int | None, on_progress: OnProgress
) -> _Stretch:
    lead_s = min(start_s, LEAD_S)
    reader = movie(path, container, start_s=start_s - lead_s)
    trim = f"atrim=start={start_s - lead_s}" + ("" if length_s is None else f":end={start_s + length_s}")
    heard = f"[heard]{_METER},{forget()},ametadata=print:file=-,aselect=0[out]"
    graph = f"{reader},{trim},asetpts=PTS-STARTPTS,asplit=2[heard][compared];{heard};{COMPARE}"
    arguments = ["-filter_complex", graph, "-map", "[out]", *NOWHERE]
    output = run(ffmpeg, arguments, on_progress=on_progress, writes_data=True)
    blocks = blocks_of(output.data, lead_s, length_s, read_level(output.data, output.log).true_peak_dbtp)
    return _Stretch(lead_s, blocks, _count(_SAMPLES, output.log), _count(_ZEROS, output.log))


def _count(pattern: re.Pattern[str], log: str) -> int:
    return max((int(number) for number in pattern.findall(log)), default=0)
