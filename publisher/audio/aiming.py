"""Turn a measured master into the filters that bring it to the asked loudness once it is encoded."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from publisher.audio.ffmpeg import OnProgress, input_file, output_file, run
from publisher.audio.formats import codec_arguments, format_of
from publisher.audio.leveling import (
    GAIN_HEADROOM_DB,
    LIMITER_HEADROOM_DB,
    Chain,
    Source,
    delivered_channels,
    mix,
    peak_guard_db,
)
from publisher.audio.limiting import blocks_after, estimate, stretches_of
from publisher.audio.loudness import METER, SILENCE_LUFS, Level, level_after, read_level
from publisher.audio.metering import Blocks, level_of_blocks
from publisher.audio.parallel import run_at_once
from publisher.audio.parts import is_long
from publisher.audio.reading import KNOWN

_CLOSE_ENOUGH_LU = 0.05
_WELL_TOLD_LU = 0.4
"""So near to the target, the limiter's answer to the rest is known well enough."""

_MAX_STEPS = 8
_RARE_PEAK_DB, _RARE_PEAK_MS, _RARER_PEAK_DB = 0.35, 600_000, 0.05
"""So much higher is a codec's highest peak in 10 minutes than in excerpts; and with each doubling of them."""

_EXCERPTS = 5
_EXCERPT_SHARE, _EXCERPT_MS = 150, (4_000, 12_000)


def find_chain(source: Source, scratch: Path) -> Chain | None:
    """Solve for the gain whose decoded result hits the target, without encoding the whole file.

    `scratch` names files that come and go beside it. None when nothing can be heard of the mixed channels.
    """
    settings, measured = source.settings, source.measured
    mixed = mix(measured.channels, delivered_channels(settings, measured), format_of(settings).sample_rate)
    start = _start(source, mixed)
    if start.integrated_lufs <= SILENCE_LUFS:
        return None
    chain = Chain(mixed, settings.loudness_lufs - start.integrated_lufs)
    if _has_room(source, chain, start):
        return _corrected_for_codec(source, chain, scratch) if is_long(source) else chain
    ceiling_db = settings.true_peak_dbtp - LIMITER_HEADROOM_DB
    if is_long(source):
        return _limited(source, replace(chain, ceiling_db=ceiling_db - _rare_peak_db(source)), scratch)
    return _levelled(source, replace(chain, ceiling_db=ceiling_db))


@dataclass(frozen=True, slots=True)
class _Effect:
    """What coding does to excerpts: how much quieter they get, and how far their peaks go too high."""

    lost_lu: float = 0.0
    excess_db: float = 0.0
    """With what is kept for the peaks that excerpts do not show."""

    def undone(self, chain: Chain) -> Chain:
        """Return the chain whose result will be right after coding."""
        if self.excess_db > 0 and chain.ceiling_db is not None:
            chain = chain.lowered_by(self.excess_db)
        return chain.louder_by(self.lost_lu)


def _rare_peak_db(source: Source) -> float:
    """Return what to keep for rare peaks: the highest of many grows with the logarithm of their number.

    A whole hour would be encoded once more for a hundredth of a decibel.
    """
    doublings = math.log2(max(source.measured.duration_ms / _RARE_PEAK_MS, 1.0))
    return round(_RARE_PEAK_DB + _RARER_PEAK_DB * doublings, 2)


def _start(source: Source, mixed: str) -> Level:
    """Return the level before any gain; it has to be measured anew when different channels are mixed."""
    measured = source.measured
    as_heard = mix(2, 2, format_of(source.settings).sample_rate)
    is_mixed = measured.channels > 1 and mixed != as_heard and not measured.channels_identical
    if not is_mixed:
        return Level(measured.integrated_lufs, measured.range_lu, measured.true_peak_dbtp)
    return level_after(source.ffmpeg, source.master, mixed, peak=True, on_progress=source.watch("mixing"))


def _has_room(source: Source, chain: Chain, start: Level) -> bool:
    """Whether gain is enough: the true peak is measured only where the samples' peak leaves it open."""
    highest = source.settings.true_peak_dbtp - GAIN_HEADROOM_DB - chain.gain_db
    if source.measured.is_peak_exact or start.true_peak_dbtp > highest:
        return start.true_peak_dbtp <= highest
    exact = level_after(
        source.ffmpeg, source.master, chain.mix, peak=True, on_progress=source.watch("measuring")
    )
    return exact.true_peak_dbtp <= highest


def _levelled(source: Source, chain: Chain) -> Chain:
    """Find the gain for which the limiter's output is as loud as the target, by the secant method."""
    before: tuple[Chain, float] | None = None
    for _ in range(_MAX_STEPS):
        watched = source.watch("levelling")
        level = level_after(
            source.ffmpeg, source.master, chain.filters(), on_progress=watched
        ).integrated_lufs
        chain = chain.learned(level, before)
        missing = source.settings.loudness_lufs - level
        if abs(missing) <= _CLOSE_ENOUGH_LU:
            break
        before = (chain, level)
        chain = chain.louder_by(missing)
    return chain


def _limited(source: Source, chain: Chain, scratch: Path) -> Chain:
    """Find that gain for a long recording: estimate, then try it on all of it and on the codec at once."""
    target = source.settings.loudness_lufs
    chain = estimate(source, chain, source.watch("levelling"))
    found: list[_Effect | Blocks] = run_at_once(
        [partial(_effect, source, chain, scratch), *_tasks(source, chain)], source.watch("levelling")
    )
    effect, *rest = found
    assert isinstance(effect, _Effect)
    level = level_of_blocks([each for each in rest if isinstance(each, Blocks)])
    before: tuple[Chain, float] | None = None
    for _ in range(_MAX_STEPS):
        chain = chain.learned(level.integrated_lufs, before)
        missing = target - level.integrated_lufs
        before = (chain, level.integrated_lufs)
        chain = chain.louder_by(missing)
        if abs(missing) <= _WELL_TOLD_LU:
            break
        level = level_of_blocks(run_at_once(_tasks(source, chain), source.watch("levelling")))
    return effect.undone(chain)


def _tasks(source: Source, chain: Chain) -> list[Callable[[OnProgress], Blocks]]:
    return [partial(blocks_after, source, chain, stretch) for stretch in stretches_of(source)]


def _corrected_for_codec(source: Source, chain: Chain, scratch: Path) -> Chain:
    return run_at_once([partial(_effect, source, chain, scratch)], source.watch("levelling"))[0].undone(chain)


def _effect(source: Source, chain: Chain, scratch: Path, on_progress: OnProgress) -> _Effect:
    """Encode excerpts and see what the codec does to loudness and peak."""
    step = source.measured.duration_ms // (_EXCERPTS + 1)
    length_ms = min(max(source.measured.duration_ms // _EXCERPT_SHARE, _EXCERPT_MS[0]), _EXCERPT_MS[1])
    inputs: list[str] = []
    for number in range(1, _EXCERPTS + 1):
        start_ms = step * number - length_ms // 2
        inputs += ["-ss", f"{start_ms / 1000:.3f}", "-t", f"{length_ms / 1000:g}"]
        inputs += [*KNOWN, *input_file(source.master)]
    joined = "".join(f"[{number}:a:0]" for number in range(_EXCERPTS)) + f"concat=n={_EXCERPTS}:v=0:a=1"
    graph = f"{joined},{chain.filters()},aformat=sample_fmts=fltp,asplit=2[heard][out]"
    graph += f";[heard]{METER.replace('peak=true:', '')},ametadata=print:file=-,anullsink"
    coded = scratch.with_name(f"{scratch.name}.coded")
    arguments = ["-filter_complex", graph, "-map", "[out]", *codec_arguments(source.settings)]
    try:
        sent = run(
            source.ffmpeg,
            [*inputs, *arguments, *output_file(coded)],
            on_progress=on_progress,
            writes_data=True,
        )
        before = read_level(sent.data, sent.log).integrated_lufs
        after = level_after(source.ffmpeg, coded, "anull", peak=True)
    finally:
        coded.unlink(missing_ok=True)
    if min(before, after.integrated_lufs) <= SILENCE_LUFS:
        return _Effect(excess_db=_rare_peak_db(source))
    excess = after.true_peak_dbtp + peak_guard_db(source.settings) - source.settings.true_peak_dbtp
    return _Effect(before - after.integrated_lufs, excess + _rare_peak_db(source))
