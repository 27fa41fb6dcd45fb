"""What a recogniser says it has heard: words with their times."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

OnProgress = Callable[[int], None]
"""Told the milliseconds of audio done."""

SAMPLE_RATE = 16_000
BYTES_PER_MS = 2 * SAMPLE_RATE // 1000
"""Recognisers are given raw sound: one channel of 16-bit numbers, 16 000 a second."""


@dataclass(frozen=True, slots=True)
class Heard:
    """A word where it was heard."""

    word: str
    start_ms: int
    end_ms: int
