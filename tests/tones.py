"""Numbers into sound files: tones, talk-like bursts and noise, written by the standard library alone."""

from __future__ import annotations

import array
import math
import operator
import random
import re
import sys
import tempfile
import wave
from collections.abc import Callable, Iterable
from pathlib import Path

from publisher.audio.ffmpeg import find_ffmpeg, run

Signal = Callable[[float], float]


def sine(hertz: float = 440.0, level_db: float = -20.0) -> Signal:
    """A steady tone whose peak is `level_db` below full scale."""
    amplitude = 10 ** (level_db / 20)
    return lambda t: amplitude * math.sin(2 * math.pi * hertz * t)


def talk(level_db: float = -20.0, peak_db: float = -3.0, seed: int = 1) -> Signal:
    """Bursts of a buzzing voice with pauses, and a loud click every second: quiet, with high peaks."""
    amplitude, click = 10 ** (level_db / 20), 10 ** (peak_db / 20)
    pitch = 110 + 40 * random.Random(seed).random()

    def at(t: float) -> float:
        swell = max(0.0, math.sin(2 * math.pi * 1.7 * t + seed)) ** 2
        voice = sum(math.sin(2 * math.pi * pitch * n * t) / n for n in range(1, 9)) / 2
        return amplitude * swell * voice + (click if t % 1.0 < 0.0008 else 0.0)

    return at


def write_wav(path: Path, channels: Iterable[Signal], seconds: float = 3.0, rate: int = 44100) -> Path:
    """Write 16-bit PCM; each signal is one channel."""
    signals = list(channels)
    frames = array.array("h", bytes(2 * len(signals) * round(seconds * rate)))
    for channel, signal in enumerate(signals):
        for number in range(round(seconds * rate)):
            value = max(-1.0, min(1.0, signal(number / rate)))
            frames[number * len(signals) + channel] = round(value * 32767)
    if sys.byteorder == "big":
        frames.byteswap()
    path.parent.mkdir(parents=True, exist_ok=True)
    with wave.open(str(path), "wb") as file:
        file.setnchannels(len(signals))
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(frames.tobytes())
    return path


def convert(source: Path, target: Path, *arguments: str) -> Path:
    """Turn a sound file into another format by the real ffmpeg; its kind follows from the name."""
    run(find_ffmpeg(), ["-i", f"file:{source}", *arguments, "-y", f"file:{target}"])
    return target


def decode(path: Path) -> tuple[list[array.array[float]], int]:
    """Return the samples of each channel of a sound file, and their rate."""
    log = run(find_ffmpeg(), ["-i", f"file:{path}", "-f", "null", "-"]).log
    shape = re.search(r"Audio: .*?(\d+) Hz, (mono|stereo)", log)
    assert shape, log
    count, rate = (1 if shape[2] == "mono" else 2), int(shape[1])
    with tempfile.TemporaryDirectory() as folder:
        raw = Path(folder) / "raw"
        run(find_ffmpeg(), ["-i", f"file:{path}", "-map", "0:a:0", "-f", "f32le", "-y", f"file:{raw}"])
        samples = array.array("f", raw.read_bytes())
    return [samples[channel::count] for channel in range(count)], rate


def integrated_lufs(channels: list[array.array[float]], rate: int) -> float:
    """Measure loudness after ITU-R BS.1770-4 in plain Python: a second meter, sharing nothing with ffmpeg's.

    One channel counts as two, as it is heard.
    """
    heard = channels * 2 if len(channels) == 1 else channels
    step = rate // 10
    filtered = {id(channel): _energies(channel, rate, step) for channel in heard}
    tenths = [sum(parts) for parts in zip(*(filtered[id(channel)] for channel in heard), strict=True)]
    blocks = [sum(tenths[at : at + 4]) / 4 for at in range(len(tenths) - 3)]
    loud = [block for block in blocks if _lufs(block) > -70]
    if not loud:
        return -70.0
    gate = _lufs(sum(loud) / len(loud)) - 10
    kept = [block for block in loud if _lufs(block) > gate]
    return _lufs(sum(kept) / len(kept))


def true_peak_dbtp(channels: list[array.array[float]]) -> float:
    """Return the highest value between the samples, by eightfold sinc interpolation around the highest ones."""
    taps = 32
    highest = 0.0
    kernels = [
        [
            math.sin(math.pi * (n - phase / 8)) / (math.pi * (n - phase / 8)) * (0.5 + 0.5 * math.cos(math.pi * (n - phase / 8) / taps))
            for n in range(-taps + 1, taps + 1)
        ]
        for phase in range(1, 8)
    ]  # fmt: skip
    for samples in channels:
        top = max(map(abs, samples), default=0.0)
        highest = max(highest, top)
        padded = array.array("f", bytes(4 * taps)) + samples + array.array("f", bytes(4 * taps))
        for at in [at for at, value in enumerate(samples) if abs(value) > 0.8 * top][:4000]:
            window = padded[at + 1 : at + 1 + 2 * taps]
            highest = max(highest, *(abs(sum(map(operator.mul, kernel, window))) for kernel in kernels))
    return 20 * math.log10(highest) if highest else -120.0


def _energies(samples: array.array[float], rate: int, step: int) -> list[float]:
    """Return the mean square of each tenth of a second behind the K filter (shelf, then high pass)."""
    shelf, high = _k_filters(rate)
    (b0, b1, b2, a1, a2), (c0, c1, c2, d1, d2) = shelf, high
    x1 = x2 = y1 = y2 = z1 = z2 = 0.0
    energies, total, count = [], 0.0, 0
    for x in samples:
        y = b0 * x + b1 * x1 + b2 * x2 - a1 * y1 - a2 * y2
        z = c0 * y + c1 * y1 + c2 * y2 - d1 * z1 - d2 * z2
        x1, x2, y1, y2, z1, z2 = x, x1, y, y1, z, z1
        total += z * z
        count += 1
        if count == step:
            energies.append(total / step)
            total, count = 0.0, 0
    return energies


def _k_filters(rate: int) -> tuple[tuple[float, ...], tuple[float, ...]]:
    k = math.tan(math.pi * 1681.974450955533 / rate)
    q, vh = 0.7071752369554196, 10 ** (3.999843853973347 / 20)
    vb = vh**0.4996667741545416
    a0 = 1 + k / q + k * k
    shelf = (
        (vh + vb * k / q + k * k) / a0, 2 * (k * k - vh) / a0, (vh - vb * k / q + k * k) / a0,
        2 * (k * k - 1) / a0, (1 - k / q + k * k) / a0,
    )  # fmt: skip
    k = math.tan(math.pi * 38.13547087602444 / rate)
    q = 0.5003270373238773
    a0 = 1 + k / q + k * k
    return shelf, (1.0, -2.0, 1.0, 2 * (k * k - 1) / a0, (1 - k / q + k * k) / a0)


def _lufs(mean_square: float) -> float:
    return -0.691 + 10 * math.log10(mean_square) if mean_square > 0 else -200.0
