"""Turn a measured master into an untagged file that sounds as loud as asked, proved by decoding it."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from publisher.audio.aiming import find_chain
from publisher.audio.copying import copied
from publisher.audio.ffmpeg import input_file, output_file, run
from publisher.audio.formats import codec_arguments
from publisher.audio.joint import Frames, JointError
from publisher.audio.leveling import (
    LIMITER_HEADROOM_DB,
    METERS_DIFFER_DB,
    MIN_SLOPE,
    SAMPLE_RATE,
    Chain,
    OnStage,
    Source,
    Watch,
    delivered_channels,
    peak_guard_db,
)
from publisher.audio.loudness import Measurement, measure
from publisher.audio.metering import meter
from publisher.audio.parts import encode_in_parts, is_long, seekable
from publisher.errors import Place, Problem, SourceError
from publisher.model import AudioSettings, DeliveryMode

_AIMED_LU, _ACCEPTED_LU = 0.06, 0.25
"""The first leaves room within 0.1 LU for other meters, which differ by 0.04; the second is the worst."""

_AIMED_PASSES, _MAX_PASSES = 4, 8  # nearly always one is enough, or two for short files


@dataclass(frozen=True, slots=True)
class Delivery:
    """A finished, untagged file as it was measured, and how it came about."""

    measurement: Measurement
    mode: DeliveryMode


def deliver(
    ffmpeg: Path,
    master: Path,
    settings: AudioSettings,
    measured: Measurement,
    destination: Path,
    *,
    shown: str = "",
    on_stage: OnStage | None = None,
) -> Delivery:
    """Write the untagged file to `destination` (a name that nobody reads yet) and measure what was written.

    Raises:
        SourceError: the master is silent, or cannot be made this loud under this peak.
        SurroundingsError: the disk is full, or ffmpeg failed.
    """
    source = Source(
        ffmpeg, master, shown or str(master), settings, measured, Watch(on_stage, measured.duration_ms)
    )
    if measured.is_silent:
        raise _too_quiet(source)
    kept = copied(source, destination)
    if kept:
        return Delivery(kept, "copied")
    with seekable(source, destination) as ready:
        return _encoded(ready, destination)


def _encoded(source: Source, destination: Path) -> Delivery:
    """Encode, decode and measure: once, as a rule; again where codec or limiter missed the aim."""
    chain = find_chain(source, destination)
    if chain is None:
        raise _too_quiet(source)
    settings = source.settings
    before: tuple[Chain, float] | None = None
    for attempt in range(_MAX_PASSES):
        found = _encode(source, chain, destination)
        missing = settings.loudness_lufs - found.integrated_lufs
        excess = found.true_peak_dbtp + peak_guard_db(settings) - settings.true_peak_dbtp
        if excess <= 0 and abs(missing) <= (_AIMED_LU if attempt < _AIMED_PASSES else _ACCEPTED_LU):
            return Delivery(found, "gain" if chain.ceiling_db is None else "limited")
        chain = chain.learned(found.integrated_lufs, before)
        if excess <= 0 and attempt > 1 and chain.slope <= MIN_SLOPE:
            break  # more gain makes it no louder
        before = (chain, found.integrated_lufs)
        chain = _corrected(chain, missing, excess, settings)
    raise _out_of_reach(source, found)


def _encode(source: Source, chain: Chain, destination: Path) -> Measurement:
    """Encode the whole file, and decode and measure it."""
    if source.settings.format == "mp3" and is_long(source):
        with suppress(JointError):
            return _metered(source, encode_in_parts(source, chain, destination), destination)
    graph = f"[0:a:0]{chain.filters()},aformat=sample_fmts=fltp[out]"
    coded = ["-map", "[out]", *codec_arguments(source.settings), *output_file(destination)]
    arguments = [*input_file(source.master), "-filter_complex", graph, *coded]
    run(source.ffmpeg, arguments, on_progress=source.watch("encoding"))
    return measure(source.ffmpeg, destination, on_progress=source.watch("checking"))


def _metered(source: Source, frames: Frames, path: Path) -> Measurement:
    """Measure a file whose frames are known."""
    level = meter(source.ffmpeg, path, frames, on_progress=source.watch("checking"))
    measured = source.measured
    duration_ms = round(frames.samples * 1000 / SAMPLE_RATE)
    return Measurement(
        integrated_lufs=level.integrated_lufs,
        true_peak_dbtp=level.true_peak_dbtp,
        range_lu=level.range_lu,
        duration_ms=duration_ms,
        claimed_ms=duration_ms,
        sample_rate=SAMPLE_RATE,
        channels=delivered_channels(source.settings, measured),
        codec="mp3",
        kind="mp3",
        channels_identical=measured.channels == 1 or measured.channels_identical,
    )


def _corrected(chain: Chain, missing: float, excess: float, settings: AudioSettings) -> Chain:
    """Take back what the last file missed; a peak that the codec has raised calls for the limiter."""
    if excess > 0 and chain.ceiling_db is None:
        chain = replace(chain, ceiling_db=settings.true_peak_dbtp - LIMITER_HEADROOM_DB)
    if excess > 0:
        chain = chain.lowered_by(excess + METERS_DIFFER_DB)
    return chain.louder_by(missing)


def _too_quiet(source: Source) -> SourceError:
    short = source.measured.duration_ms < 400
    what = "is too short: less than half a second" if short else "is silent: nothing in it can be heard"
    hint = "check that this is the right file, and that its export holds the sound"
    return SourceError((Problem(f"{Path(source.shown).name} {what}", Place(source.shown), hint),))


def _out_of_reach(source: Source, found: Measurement) -> SourceError:
    settings = source.settings
    message = (
        f"{Path(source.shown).name} cannot be brought to {settings.loudness_lufs:g} LUFS with peaks of at "
        f"most {settings.true_peak_dbtp:g} dBTP: it reaches {found.integrated_lufs:.1f} LUFS"
    )
    hint = (
        "it consists of short, loud sounds, or is shifted to one side (DC offset: remove it in the audio"
        " editor); else ask for a lower loudness in show.toml, or produce it denser"
    )
    return SourceError((Problem(message, Place(source.shown), hint),))
