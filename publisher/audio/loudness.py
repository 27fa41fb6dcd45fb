"""Turn a recording into what can be measured of it, by decoding it once from end to end."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from pathlib import Path

from publisher.audio.ffmpeg import FfmpegError, OnProgress, Output, input_file, run
from publisher.audio.probe import Kind, Probe, probe
from publisher.errors import Place, Problem, SourceError
from publisher.timecodes import format_clock

SILENCE_LUFS = -70.0
"""The absolute gate of ITU-R BS.1770: what a recording without any loud enough block measures."""

SILENCE_DBTP = -120.0
"""Stands for the true peak of digital silence, which has none."""

_COUNTED_KINDS = {"wav", "w64", "caf", "flac", "aiff"}  # headers that count samples
_KEEP_ALL = "[0:a:0]asplit=2[heard][compared]"
_METER = "ebur128={peak}dualmono=true:metadata=1:framelog=quiet,ametadata=print:file=-"
_COMPARE = "[compared]aformat=channel_layouts=stereo,pan=mono|c0=c0-c1,volumedetect,anullsink"
_STREAM = re.compile(
    r"^  Stream #0:\d+(?:\[0x[0-9a-f]+\])?(?:\([^)]*\))?: (Audio|Video|Subtitle|Data): (.*)$", re.M
)
_AUDIO = re.compile(r"(\w+)[^,]*(?:\([^)]*\))*, (\d+) Hz, (?:(\d+) channels|(\d)\.(\d)|(\w+))")
_DURATION = re.compile(r"^  Duration: (\d+):(\d\d):(\d\d)\.(\d\d),", re.M)
_LAYOUTS = {"mono": 1, "stereo": 2, "downmix": 2, "quad": 4, "hexagonal": 6, "octagonal": 8}


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

    @property
    def is_silent(self) -> bool:
        """Whether nothing in it is loud enough (or long enough, 0.4 s) to have a loudness."""
        return self.integrated_lufs <= SILENCE_LUFS


def measure(
    ffmpeg: Path, path: Path, shown: str = "", *, on_progress: OnProgress | None = None
) -> Measurement:
    """Measure a recording; `on_progress` gets the milliseconds done, `shown` is the name for problems.

    Raises:
        SourceError: it is no audio, is damaged, or ends before its header says.
        SurroundingsError: ffmpeg could not be run.
    """
    shown = shown or str(path)
    probed = probe(path, shown)
    graph = f"{_KEEP_ALL};[heard]{_METER.format(peak='peak=true:')}[out];{_COMPARE}"
    output = _decode(ffmpeg, path, shown, graph, on_progress)
    stream = _first_audio(path, shown, output.log)
    level = _level(output)
    samples = _number(output.log, r"volumedetect_\d+ @ [^\]]+\] n_samples: (\d+)")
    zeros = _number(output.log, r"histogram_91db: (\d+)")
    duration_ms = round(samples * 1000 / stream.sample_rate)
    claimed_ms = _claimed_ms(probed, output.log)
    if not samples:
        raise unreadable(path, shown)
    if claimed_ms is not None and _is_truncated(duration_ms, claimed_ms, probed.kind, output.log):
        raise _truncated(path, shown, duration_ms, claimed_ms)
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
        channels_identical=zeros == samples,
    )


def level_after(
    ffmpeg: Path, path: Path, filters: str, *, peak: bool = False, on_progress: OnProgress | None = None
) -> Level:
    """Measure what `filters` make of a recording; without `peak` four times as fast, and no true peak."""
    graph = f"[0:a:0]{filters},{_METER.format(peak='peak=true:' if peak else '')}[out]"
    return _level(_decode(ffmpeg, path, str(path), graph, on_progress))


def unreadable(path: Path, shown: str, reason: str = "") -> SourceError:
    """Say that there is no sound to be had from a file; `reason` is ffmpeg's word on it."""
    if "matches no streams" in reason:
        message, hint = f"{path.name} holds no sound", "use the finished recording itself"
    else:
        message = f"{path.name} is damaged: no sound can be read from it"
        hint = "copy it again, or export it again from the audio editor"
        hint += f" (ffmpeg says: {reason})" if reason else ""
    return SourceError((Problem(message, Place(shown), hint),))


@dataclass(frozen=True, slots=True)
class _Stream:
    codec: str
    sample_rate: int
    channels: int


def _decode(ffmpeg: Path, path: Path, shown: str, graph: str, on_progress: OnProgress | None) -> Output:
    arguments = [*input_file(path), "-filter_complex", graph, "-map", "[out]", "-f", "null", "-"]
    try:
        return run(ffmpeg, arguments, on_progress=on_progress, writes_data=True)
    except FfmpegError as error:
        raise unreadable(path, shown, error.reason) from error


def _level(output: Output) -> Level:
    """Read the meter's last words: three decimals from its frames, the summary for what came after them."""
    lufs = _last_value(output.data, b"I")
    summary_peak = _summary_peak(output.log)
    linear = _last_value(output.data, b"true_peak") or 0.0
    peak = 20 * math.log10(linear) if linear > 0 else SILENCE_DBTP
    # The frames' peak is linear with three decimals, coarse below -20 dB, and lacks the last, shorter block.
    if linear < 0.1 or abs(peak - summary_peak) > 0.1:
        peak = summary_peak
    return Level(
        integrated_lufs=SILENCE_LUFS if lufs is None else max(lufs, SILENCE_LUFS),
        range_lu=_last_value(output.data, b"LRA") or 0.0,
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


def _first_audio(path: Path, shown: str, log: str) -> _Stream:
    for kind, text in _STREAM.findall(log):
        match = _AUDIO.match(text) if kind == "Audio" else None
        if match:
            counted, front, low, name = match[3], match[4], match[5], match[6]
            channels = int(counted) if counted else int(front) + int(low) if front else _LAYOUTS.get(name, 2)
            return _Stream(match[1], int(match[2]), channels)
    raise unreadable(path, shown)


def _claimed_ms(probed: Probe, log: str) -> int | None:
    """Take the header's word from our own reading, or from ffmpeg's where that does not guess."""
    if probed.kind not in {"mp4", "matroska", "aiff"}:
        return probed.claimed_ms
    match = _DURATION.search(log)
    if not match:
        return None
    hours, minutes, seconds, hundredths = (int(part) for part in match.groups())
    return ((hours * 60 + minutes) * 60 + seconds) * 1000 + hundredths * 10


def _is_truncated(duration_ms: int, claimed_ms: int, kind: Kind, log: str) -> bool:
    """Whether clearly less was there than claimed; beside a moving picture the sound may end early."""
    has_video = any(name == "Video" and "(attached pic)" not in text for name, text in _STREAM.findall(log))
    allowed_ms = 100 if kind in _COUNTED_KINDS else max(500, claimed_ms // 10) if has_video else 500
    return claimed_ms - duration_ms > allowed_ms


def _truncated(path: Path, shown: str, duration_ms: int, claimed_ms: int) -> SourceError:
    def words(milliseconds: int) -> str:
        return f"{format_clock(milliseconds)} ({milliseconds / 1000:.1f} s)"

    message = (
        f"{path.name} is cut off: it should last {words(claimed_ms)}, but holds only {words(duration_ms)}"
    )
    hint = "copy the recording again, or export it again from the audio editor"
    return SourceError((Problem(message, Place(shown), hint),))
