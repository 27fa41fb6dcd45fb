"""Numbers into sound files: tones, talk-like bursts and noise, written by the standard library alone."""

from __future__ import annotations

import math
import random
import struct
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
    frames = bytearray()
    for number in range(round(seconds * rate)):
        for signal in signals:
            value = max(-1.0, min(1.0, signal(number / rate)))
            frames += struct.pack("<h", round(value * 32767))
    path.parent.mkdir(parents=True, exist_ok=True)
    with wave.open(str(path), "wb") as file:
        file.setnchannels(len(signals))
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(bytes(frames))
    return path


def convert(source: Path, target: Path, *arguments: str) -> Path:
    """Turn a sound file into another format by the real ffmpeg; its kind follows from the name."""
    run(find_ffmpeg(), ["-i", f"file:{source}", *arguments, "-y", f"file:{target}"])
    return target
