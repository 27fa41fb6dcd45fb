"""Turn a recording into all that can be told of it before it is made an episode, by decoding it once."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from pathlib import Path

from publisher.audio.ffmpeg import SAMPLES_PIPE, OnProgress, input_file
from publisher.audio.loudness import (
    METER,
    NOWHERE,
    SILENCE_DBTP,
    Measurement,
    decode,
    measurement_of,
    read_level,
    unreadable,
)
from publisher.audio.planes import SILENCE_DBFS
from publisher.audio.probe import probe
from publisher.audio.samples import Samples, SampleScan
from publisher.audio.silence import COUNTED_SILENCE_MS
from publisher.timecodes import format_clock

_CHANNEL_PEAK = re.compile(rb"lavfi\.r128\.true_peaks_ch(\d+)=([\d.]+)")
_TOLD_EDGE_MS = 2000
_TOLD_INNER_MS = 5000
_ONE_SIDED_DB = 30.0
_TOLD_DIFFERENCE_MS = 1000


@dataclass(frozen=True, slots=True)
class Survey:
    """A recording's measurement, what its samples hold, and the true peak of each channel."""

    measurement: Measurement
    samples: Samples
    channel_peaks_dbtp: tuple[float, ...]

    def ms(self, samples: int) -> int:
        """Return how long so many samples last."""
        return round(samples * 1000 / self.samples.sample_rate)


def survey(ffmpeg: Path, path: Path, shown: str = "", *, on_progress: OnProgress | None = None) -> Survey:
    """Measure a recording and look at all its samples; memory does not grow with its length.

    One decode feeds both the meter and, as 16-bit samples through a pipe of their own, `SampleScan`.

    Raises:
        SourceError: it is no audio, is damaged, or ends before its header says.
        SurroundingsError: ffmpeg could not be run.
    """
    shown = shown or str(path)
    probed = probe(path, shown)
    scan = SampleScan()

    graph = (
        f"[0:a:0]asplit=2[metered][sampled];[metered]{METER},ametadata=print:file=-[out];"
        "[sampled]aformat=sample_fmts=s16[samples]"
    )
    metered = ["-map", "[out]", *NOWHERE]
    # A recording's own tags would stand in the header before the samples, however long they are.
    bare = ["-map_metadata", "-1", "-map_chapters", "-1", "-bitexact"]
    sampled = ["-map", "[samples]", "-c:a", "pcm_s16le", *bare, "-f", "wav", SAMPLES_PIPE]
    arguments = [*input_file(path), "-filter_complex", graph, *metered, *sampled]
    output = decode(ffmpeg, path, shown, arguments, on_progress=on_progress, on_samples=scan.feed)
    samples = scan.finish()
    if samples is None:
        raise unreadable(path, shown)
    level = read_level(output.data, output.log)
    identical = samples.channels_identical
    return Survey(
        measurement_of(path, shown, probed, level, output.log, samples.count, identical),
        samples,
        _channel_peaks(output.data),
    )


def remarks(found: Survey) -> tuple[str, ...]:
    """Say in words what somebody should know before the recording is made an episode; often nothing."""
    return (*_on_silence(found), *_on_clipping(found), *_on_channels(found), *_on_length(found))


def _on_silence(found: Survey) -> tuple[str, ...]:
    silence = found.samples.silence
    if silence.leading == found.samples.count:
        return (f"is silent: nothing in it reaches {SILENCE_DBFS:g} dBFS",)
    told = []
    for word, samples in (("begins", silence.leading), ("ends", silence.trailing)):
        if found.ms(samples) >= _TOLD_EDGE_MS:
            told.append(f"{word} with {_seconds(found.ms(samples))} of silence")
    longest_ms = found.ms(silence.longest_inner)
    if longest_ms >= _TOLD_INNER_MS:
        at = format_clock(found.ms(silence.longest_inner_at))
        more = f", one of {silence.inner_count} of {COUNTED_SILENCE_MS // 1000} s and more"
        told.append(
            f"is silent for {_seconds(longest_ms)} at {at}" + (more if silence.inner_count > 1 else "")
        )
    return tuple(told)


def _on_clipping(found: Survey) -> tuple[str, ...]:
    clipping = found.samples.clipping
    if clipping.first_at is None:
        return ()
    is_float = found.measurement.codec.startswith("pcm_f")
    what = "goes over full scale" if is_float else "clips"
    times = "once" if clipping.runs == 1 else f"{clipping.runs} times"
    longest = clipping.longest_samples * 1000 / found.samples.sample_rate
    return (
        f"{what} {times}, first at {format_clock(found.ms(clipping.first_at))}, for {longest:.1f} ms at most",
    )


def _on_channels(found: Survey) -> tuple[str, ...]:
    samples = found.samples
    if samples.channels != 2 or samples.silence.leading == samples.count:
        return ()
    if samples.channels_identical:
        return ("has the same sound in both channels: it is mono",)
    if samples.silent_channels:
        return (f"its {_SIDES[samples.silent_channels[0]]} channel is silent",)
    left, right = (*found.channel_peaks_dbtp, 0.0, 0.0)[:2]
    if abs(left - right) < _ONE_SIDED_DB:
        return ()
    return (f"its {_SIDES[left > right]} channel is {abs(left - right):.0f} dB below the other one",)


def _on_length(found: Survey) -> tuple[str, ...]:
    claimed_ms, duration_ms = found.measurement.claimed_ms, found.measurement.duration_ms
    if claimed_ms is None or abs(claimed_ms - duration_ms) < _TOLD_DIFFERENCE_MS:
        return ()
    return (f"lasts {_seconds(duration_ms)}, although its header says {_seconds(claimed_ms)}",)


_SIDES = ("left", "right")


def _seconds(milliseconds: int) -> str:
    return f"{milliseconds / 1000:.1f} s"


def _channel_peaks(metadata: bytes) -> tuple[float, ...]:
    """Read the last word on each channel; below -60 dBTP the meter knows only silence."""
    last = {int(channel): float(peak) for channel, peak in _CHANNEL_PEAK.findall(metadata)}
    return tuple(
        round(20 * math.log10(last[channel]), 1) if last[channel] > 0 else SILENCE_DBTP
        for channel in sorted(last)
    )
