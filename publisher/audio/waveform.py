"""Turn the bounds of each tenth of a second into the peaks that a player draws."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

PEAKS_A_SECOND = 10


@dataclass(frozen=True, slots=True)
class Waveform:
    """Lowest and highest value of each pixel in turn, over all channels, from -128 to 127."""

    sample_rate: int
    samples_per_pixel: int
    data: tuple[int, ...]

    def as_json(self) -> dict[str, Any]:
        """Return version 2 of audiowaveform's JSON, which the common players read."""
        return {
            "version": 2,
            "channels": 1,
            "sample_rate": self.sample_rate,
            "samples_per_pixel": self.samples_per_pixel,
            "bits": 8,
            "length": len(self.data) // 2,
            "data": list(self.data),
        }
