"""The meter against the test signals of EBU Tech 3341 (loudness, true peak) and Tech 3342 (range).

They are synthesised here from the published descriptions; those of the set that are excerpts of real programmes,
and those for momentary and short-term loudness, which nothing here reports, are left out.
"""

from __future__ import annotations

import array
import math
import struct
from pathlib import Path

import pytest

from publisher.audio.ffmpeg import find_ffmpeg, run
from publisher.audio.loudness import Measurement
from publisher.audio.metering import PEAKS_BETWEEN, highest_peak
from publisher.audio.survey import survey

pytestmark = pytest.mark.integration  # real ffmpeg, all of it

RATE = 48000
Part = tuple[float, float]  # seconds, peak level in dBFS


@pytest.mark.parametrize(
    ("parts", "lufs"),
    [
        pytest.param([(20, -23)], -23, id="3341-1"),
        pytest.param([(20, -33)], -33, id="3341-2"),
        pytest.param([(10, -36), (60, -23), (10, -36)], -23, id="3341-3"),
        pytest.param([(10, -72), (10, -36), (60, -23), (10, -36), (10, -72)], -23, id="3341-4"),
        pytest.param([(20, -26), (20.1, -20), (20, -26)], -23, id="3341-5"),
    ],
)
def test_integrated_loudness(tmp_path: Path, parts: list[Part], lufs: float) -> None:
    found = measured(tmp_path, tones(parts), 2)
    assert found.integrated_lufs == pytest.approx(lufs, abs=0.1)


def test_surround_is_weighted(tmp_path: Path) -> None:  # 3341-6
    levels = (-28, -28, -24, None, -30, -30)  # the fourth channel is for low effects: it never counts
    period = [
        0 if level is None else round(32767 * 10 ** (level / 20) * math.sin(2 * math.pi * n / 48))
        for n in range(48)
        for level in levels
    ]
    found = measured(tmp_path, array.array("h", period) * (20 * 1000), 6)
    assert found.integrated_lufs == pytest.approx(-23, abs=0.1)
    assert found.channels == 6


@pytest.mark.parametrize(
    ("divisor", "phase", "amplitude", "dbtp"),
    [
        pytest.param(4, 0.0, 0.50, -6.0, id="3341-15"),
        pytest.param(4, 45.0, 0.50, -6.0, id="3341-16"),
        pytest.param(6, 60.0, 0.50, -6.0, id="3341-17"),
        pytest.param(8, 67.5, 0.50, -6.0, id="3341-18"),
        pytest.param(4, 45.0, 1.41, 3.0, id="3341-19"),
    ],
)
def test_true_peak(tmp_path: Path, divisor: int, phase: float, amplitude: float, dbtp: float) -> None:
    angle = math.radians(phase)
    period = [
        round(32767 * amplitude * math.sin(2 * math.pi * n / divisor + angle))
        for n in range(divisor)
        for _ in "LR"
    ]
    found = measured(tmp_path, faded(array.array("h", period) * (RATE // divisor)), 2)
    assert dbtp - 0.4 <= found.true_peak_dbtp <= dbtp + 0.2
    command = ["-i", str(tmp_path / "signal.wav"), "-af", PEAKS_BETWEEN, "-f", "null", "-"]
    assert dbtp - 0.4 <= highest_peak(run(find_ffmpeg(), command).log) <= dbtp + 0.2


@pytest.mark.parametrize("offset", range(4), ids=lambda offset: f"3341-{20 + offset}")
def test_true_peak_of_one_period_between_samples(tmp_path: Path, offset: int) -> None:
    """A sine at a sixth of the rate, one period of it twice as high, made at four times the rate."""
    high = [
        (1.0 if 2400 <= n < 2424 else 0.5)
        * math.sin(2 * math.pi * n / 24)
        * min(1.0, n / 480, (4800 - n) / 480)
        for n in range(4800)
    ]
    kernel = [
        (math.sin(math.pi * n / 4.4) / (math.pi * n / 4.4) if n else 1.0) * (0.5 + 0.5 * math.cos(math.pi * n / 64))
        for n in range(-63, 64)
    ]  # fmt: skip
    gain = sum(kernel)
    padded = [0.0] * 63 + high + [0.0] * 63
    smooth = [
        sum(map(float.__mul__, kernel, padded[at : at + 127])) / gain if 2200 < at < 2600 else value
        for at, value in enumerate(high)
    ]
    top = max(map(abs, smooth))
    samples = array.array("h", (round(32000 * value / top) for value in smooth[offset::4] for _ in "LR"))
    found = measured(tmp_path, samples, 2)
    dbtp = 20 * math.log10(32000 / 32768)
    assert dbtp - 0.4 <= found.true_peak_dbtp <= dbtp + 0.2


@pytest.mark.parametrize(
    ("levels", "lu"),
    [
        pytest.param([-20, -30], 10, id="3342-1"),
        pytest.param([-20, -15], 5, id="3342-2"),
        pytest.param([-40, -20], 20, id="3342-3"),
        pytest.param([-50, -35, -20, -35, -50], 15, id="3342-4"),
    ],
)
def test_loudness_range(tmp_path: Path, levels: list[float], lu: float) -> None:
    found = measured(tmp_path, tones([(20, level) for level in levels]), 2)
    assert found.range_lu == pytest.approx(lu, abs=1)


def tones(parts: list[Part]) -> array.array[int]:
    """Return a stereo sine of 1 kHz, level after level."""
    samples = array.array("h")
    for seconds, level in parts:
        top = 32767 * 10 ** (level / 20)
        period = [round(top * math.sin(2 * math.pi * n / 48)) for n in range(48) for _ in "LR"]
        samples += array.array("h", period) * round(seconds * 1000)
    return samples


def faded(samples: array.array[int]) -> array.array[int]:
    """Let stereo begin and end softly: a hard edge would have a higher peak than the tone."""
    count = len(samples) // 2
    for n in range(2000):
        for at in (2 * n, 2 * n + 1, 2 * (count - 1 - n), 2 * (count - 1 - n) + 1):
            samples[at] = round(samples[at] * n / 2000)
    return samples


def measured(folder: Path, samples: array.array[int], channels: int) -> Measurement:
    """Write the samples with the loudspeakers that they are for, and measure the file."""
    loudspeakers = {2: 0x3, 6: 0x3F}[channels]
    data = samples.tobytes()
    pcm = b"\x01\x00\x00\x00\x00\x00\x10\x00\x80\x00\x00\xaa\x00\x38\x9b\x71"
    fmt = struct.pack("<HHIIHH", 0xFFFE, channels, RATE, RATE * channels * 2, channels * 2, 16)
    fmt += struct.pack("<HHI", 22, 16, loudspeakers) + pcm
    body = b"WAVEfmt " + struct.pack("<I", len(fmt)) + fmt + b"data" + struct.pack("<I", len(data)) + data
    path = folder / "signal.wav"
    path.write_bytes(b"RIFF" + struct.pack("<I", len(body)) + body)
    return survey(find_ffmpeg(), path).measurement
