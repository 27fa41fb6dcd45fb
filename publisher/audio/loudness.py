"""Turn a recording into what can be measured of it, by decoding it once from end to end."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from publisher.audio.ffmpeg import FfmpegError, OnProgress, OnSamples, Output, input_file, run
from publisher.audio.probe import Kind, Probe, probe, said
from publisher.audio.streams import StreamWatch, header_ms, read_stream, refuse_cut_off
from publisher.errors import Place, Problem, SourceError

SILENCE_LUFS = -70.0
"""The absolute gate of ITU-R BS.1770: what a recording without any loud enough block measures."""

SILENCE_DBTP = -120.0
"""Stands for the true peak of digital silence, which has none."""

KEEP_ALL = "[0:a:0]asplit=2[heard][compared]"
METER = "ebur128=peak=true:dualmono=true:metadata=1:framelog=quiet"
"""The filter that measures; what it found stands in the metadata of its frames, and in ffmpeg's messages."""

NOWHERE = ("-f", "null", "-")
"""The arguments of an output that is thrown away."""

COMPARE = "[compared]aresample,aformat=channel_layouts=stereo,pan=mono|c0=c0-c1,volumedetect,anullsink"
"""The filter that counts samples, and those in which two channels are the same.

Its own `aresample` keeps what it needs, two channels, from what the meter hears.
"""


@dataclass(frozen=True, slots=True)
class Level:
    """Loudness after ITU-R BS.1770 / EBU R 128, mono counted as it is heard: from two loudspeakers."""

    integrated_lufs: float
    range_lu: float
    true_peak_dbtp: float


@dataclass(frozen=True, slots=True)
class Measurement:
    """A recording as it was decoded; `claimed_ms` is the length in its header, None when it names none."""

    integrated_lufs: float
    true_peak_dbtp: float
    range_lu: float
    duration_ms: int
    claimed_ms: int | None
    sample_rate: int
    channels: int
    codec: str
    kind: Kind
    channels_identical: bool
    is_peak_exact: bool = True
    """Whether the peak is the true one; otherwise it is that of the samples, and between them may be more."""

    @property
    def is_silent(self) -> bool:
        """Whether nothing in it is loud enough (or long enough, 0.4 s) to have a loudness."""
        return self.integrated_lufs <= SILENCE_LUFS


def measure(
    ffmpeg: Path,
    path: Path,
    shown: str = "",
    *,
    samples_only: bool = False,
    on_progress: OnProgress | None = None,
) -> Measurement:
    """Measure a recording; `on_progress` gets the milliseconds done, `shown` is the name for problems.

    With `samples_only`, the peak is that of the samples: that takes a third of the time.

    Raises:
        SourceError: it is no audio, is damaged, or ends before its header says.
        SurroundingsError: ffmpeg could not be run.
    """
    shown = shown or str(path)
    probed = probe(path, shown)
    meter = METER.replace("peak=true:", "peak=sample:") if samples_only else METER
    graph = f"{KEEP_ALL};[heard]{meter},ametadata=print:file=-[out];{COMPARE}"
    arguments = [*input_file(path), "-filter_complex", graph, "-map", "[out]", *NOWHERE]
    output = decode(ffmpeg, path, shown, arguments, on_progress=on_progress)
    samples = _number(output.log, r"volumedetect_\d+ @ [^\]]+\] n_samples: (\d+)")
    zeros = _number(output.log, r"histogram_91db: (\d+)")
    level = read_level(output.data, output.log)
    found = measurement_of(path, shown, probed, level, output.log, samples, zeros == samples)
    return replace(found, is_peak_exact=not samples_only)


def measurement_of(
    path: Path, shown: str, probed: Probe, level: Level, log: str, samples: int, channels_identical: bool
) -> Measurement:
    """Put together what was found by decoding `samples` samples a channel, unless too many were missing.

    Raises:
        SourceError: no sound was decoded, or the recording ends before its header says.
    """
    stream = read_stream(log)
    if stream is None or not samples:
        raise unreadable(path, shown)
    duration_ms = round(samples * 1000 / stream.sample_rate)
    claimed_ms = header_ms(probed, log)
    refuse_cut_off(path, shown, probed.kind, log, duration_ms, claimed_ms)
    return Measurement(
        integrated_lufs=level.integrated_lufs,
        true_peak_dbtp=level.true_peak_dbtp,
        range_lu=level.range_lu,
        duration_ms=duration_ms,
        claimed_ms=claimed_ms,
        sample_rate=stream.sample_rate,
        channels=stream.channels,
        codec=stream.codec,
        kind=probed.kind,
        channels_identical=channels_identical,
    )


def level_after(
    ffmpeg: Path, path: Path, filters: str, *, peak: bool = False, on_progress: OnProgress | None = None
) -> Level:
    """Measure what `filters` make of a recording; without `peak` four times as fast, and no true peak."""
    meter = METER if peak else METER.replace("peak=true:", "")
    graph = f"[0:a:0]{filters},{meter},ametadata=print:file=-[out]"
    arguments = [*input_file(path), "-filter_complex", graph, "-map", "[out]", *NOWHERE]
    output = decode(ffmpeg, path, str(path), arguments, on_progress=on_progress)
    return read_level(output.data, output.log)


def unreadable(path: Path, shown: str, reason: str = "") -> SourceError:
    """Say that there is no sound to be had from a file; `reason` is ffmpeg's word on it."""
    if "matches no streams" in reason:
        message, hint = f"{said(path)} holds no sound", "use the finished recording itself"
    else:
        message = f"{said(path)} is damaged: no sound can be read from it"
        hint = "copy it again, or export it again from the audio editor"
        hint += f" (ffmpeg says: {reason})" if reason else ""
    return SourceError((Problem(message, Place(shown), hint),))


def decode(
    ffmpeg: Path, path: Path, shown: str, arguments: Sequence[str],
    *, on_progress: OnProgress | None = None, on_samples: OnSamples | None = None,
) -> Output:  # fmt: skip
    """Run ffmpeg over a recording for what it writes to standard output.

    Raises:
        SourceError: ffmpeg cannot make anything of the recording, or its rate is none that sound has.
    """
    watched = StreamWatch(path, shown)
    try:
        return run(
            ffmpeg,
            arguments,
            on_progress=on_progress,
            on_samples=on_samples,
            on_log=watched,
            writes_data=True,
        )
    except FfmpegError as error:
        raise unreadable(path, shown, error.reason) from error


def read_level(metadata: bytes, log: str) -> Level:
    """Read the meter's last words: three decimals from its frames, the summary for what came after them."""
    lufs = _last_value(metadata, b"I")
    summary_peak = _summary_peak(log)
    linear = _last_value(metadata, b"true_peak") or _last_value(metadata, b"sample_peak") or 0.0
    peak = 20 * math.log10(linear) if linear > 0 else SILENCE_DBTP
    # The frames' peak is linear with three decimals, coarse below -20 dB, and lacks the last, shorter block.
    if linear < 0.1 or abs(peak - summary_peak) > 0.1:
        peak = summary_peak
    return Level(
        integrated_lufs=SILENCE_LUFS if lufs is None else max(lufs, SILENCE_LUFS),
        range_lu=_last_value(metadata, b"LRA") or 0.0,
        true_peak_dbtp=round(peak, 3),
    )


def _last_value(data: bytes, name: bytes) -> float | None:
    key = b"lavfi.r128." + name + b"="
    start = data.rfind(key)
    if start < 0:
        return None
    return float(data[start + len(key) :].split(b"\n", 1)[0])


def _summary_peak(log: str) -> float:
    found = re.findall(r"^    Peak:\s+(-?inf|nan|-?\d+\.\d) dBFS", log, re.M)
    return float(found[-1]) if found and found[-1] not in {"-inf", "nan"} else SILENCE_DBTP


def _number(log: str, pattern: str) -> int:
    return max((int(number) for number in re.findall(pattern, log)), default=0)
