"""Turn channels, gain and ceiling into filters, and what they made into how they answer to more gain."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from publisher.audio.ffmpeg import OnProgress
from publisher.audio.formats import codec_arguments
from publisher.audio.loudness import Measurement
from publisher.model import AudioSettings

SAMPLE_RATE = 44100
"""One rate for every MP3: the one that directories recommend, and that lets hosts join files."""

GAIN_HEADROOM_DB = 0.3
"""Kept between a plain gain's true peak and the target: room for what the codec adds."""

LIMITER_HEADROOM_DB = 0.5
"""The same for the limiter, which holds the samples but not the curve between them."""

METERS_DIFFER_DB = 0.05
"""Other meters read up to this much more than this one."""

_TREBLE_DB = 0.3
"""The same where treble up to 20 kHz is kept: four steps between the samples (ITU-R BS.1770) miss so much."""

MIN_SLOPE = 0.1
"""Where a decibel of gain makes less than this of loudness, the limiter eats it all."""

_MAX_SLOPE = 4.0
"""More than one where a little gain lifts quiet passages over the gate of ITU-R BS.1770."""

_MAX_STEP_DB = 12.0

_LIMITER = "alimiter=limit=1:attack=12:release=5:level=false:latency=true"
"""Looks ahead for longer than a wave of a voice lasts (12 ms: 83 Hz): it does not follow the wave. It lets go
at once: what is not too loud keeps its level, and quiet and loud stay as far apart as they can."""

OnStage = Callable[[str, int, int], None]
"""Told the stage in a word, and the milliseconds of audio done and to be done in it."""


@dataclass(frozen=True, slots=True)
class Watch:
    """Names the stage of work to whoever watches."""

    on_stage: OnStage | None
    total_ms: int

    def __call__(self, stage: str) -> OnProgress | None:
        """Return what a single run of ffmpeg reports its milliseconds to."""
        on_stage, total_ms = self.on_stage, self.total_ms
        if on_stage is None:
            return None
        return lambda done_ms: on_stage(stage, min(done_ms, total_ms), total_ms)


@dataclass(frozen=True, slots=True)
class Chain:
    """What is done to the master's samples: channels and rate first, then gain, then the limiter if any.

    `slope` is how much louder (LU) the result gets for one more decibel of gain.
    """

    mix: str
    gain_db: float
    ceiling_db: float | None = None
    slope: float = 1.0

    def filters(self) -> str:
        """Write the chain as ffmpeg does; the limiter works at full scale, so any ceiling is possible."""
        if self.ceiling_db is None:
            return f"{self.mix},{_volume(self.gain_db)}"
        return f"{self.mix},{_volume(self.gain_db - self.ceiling_db)},{_LIMITER},{_volume(self.ceiling_db)}"

    def louder_by(self, level_lu: float) -> Chain:
        """Return the chain whose result is this much louder."""
        step = max(-_MAX_STEP_DB, min(_MAX_STEP_DB, level_lu / self.slope))
        return replace(self, gain_db=self.gain_db + step)

    def lowered_by(self, ceiling_db: float) -> Chain:
        """Return the chain with this much less under its ceiling, and as much loudness as before."""
        if self.ceiling_db is None:
            raise ValueError("a chain without a limiter has no ceiling")
        lowered = replace(self, ceiling_db=self.ceiling_db - ceiling_db)
        return lowered.louder_by((1 - self.slope) * ceiling_db)

    def learned(self, level: float, before: tuple[Chain, float] | None) -> Chain:
        """Return the chain with the slope that its level and that of an earlier one tell (secant).

        Seen from its ceiling, the limiter's output depends on nothing but the gain above the ceiling.
        """
        if before is None or self.ceiling_db is None or before[0].ceiling_db is None:
            return self
        earlier, earlier_level = before
        gained = (self.gain_db - self.ceiling_db) - (earlier.gain_db - before[0].ceiling_db)
        if abs(gained) < 0.02:
            return self
        slope = ((level - self.ceiling_db) - (earlier_level - before[0].ceiling_db)) / gained
        return replace(self, slope=min(max(slope, MIN_SLOPE), _MAX_SLOPE))


@dataclass(frozen=True, slots=True)
class Source:
    """A measured master and how it shall sound; `shown` is the path that people know it by."""

    ffmpeg: Path
    master: Path
    shown: str
    settings: AudioSettings
    measured: Measurement
    watch: Watch


def mix(heard: int, channels: int, rate: int = SAMPLE_RATE) -> str:
    """Return the filters that bring `heard` channels to the delivered ones and their rate.

    Mono and stereo are mixed by hand: ffmpeg's own matrices change their level by 3 dB.
    """
    if heard > 2:  # surround: ffmpeg's normalised downmix, then as stereo
        return f"aformat=channel_layouts=stereo,{mix(2, channels, rate)}"
    pans = {(1, 1): "mono|c0=c0", (1, 2): "stereo|c0=c0|c1=c0", (2, 2): "stereo|c0=c0|c1=c1"}
    pan = pans.get((heard, channels), "mono|c0=0.5*c0+0.5*c1")
    return f"aformat=sample_fmts=dblp,pan={pan},aresample={rate},aformat=sample_fmts=dbl"


def mp3_codec(settings: AudioSettings) -> list[str]:
    """Return the encoder's arguments for an MP3, whatever the format of the episodes is."""
    return codec_arguments(replace(settings, format="mp3"))


def delivered_channels(settings: AudioSettings, measured: Measurement) -> int:
    """Decide between mono and stereo; `auto` is mono when both channels are the same."""
    if settings.channels == "auto":
        return 1 if measured.channels == 1 or measured.channels_identical else 2
    return 1 if settings.channels == "mono" else 2


def _volume(gain_db: float) -> str:
    return f"volume={gain_db:.4f}dB:precision=double"


def peak_guard_db(settings: AudioSettings) -> float:
    """Return what to keep below the highest peak for meters that read more; MP3 and AAC cut treble off."""
    return _TREBLE_DB if settings.format == "opus" else METERS_DIFFER_DB
