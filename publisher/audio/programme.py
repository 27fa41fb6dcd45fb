"""Turn a recording, its intro and its outro into one programme, all of it as loud as the recording."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from publisher.audio.ffmpeg import OnProgress, input_file, output_file, run
from publisher.audio.formats import format_of
from publisher.audio.leveling import OnStage, Watch, mix
from publisher.audio.loudness import Measurement, level_after, measure
from publisher.audio.measuring import measure_at_once
from publisher.audio.recipe import Bookend
from publisher.errors import Place, Problem, SourceError
from publisher.model import AudioSettings

_CURVE = "qsin"
"""Of equal power: where two sounds are blended, it gets neither louder nor quieter."""


@dataclass(frozen=True, slots=True)
class Parts:
    """What is joined: the recording as it was measured, and what is heard around it."""

    master: Path
    shown: str
    measured: Measurement
    intro: Bookend | None = None
    outro: Bookend | None = None
    crossfade_ms: int = 0


@dataclass(frozen=True, slots=True)
class Programme:
    """What is brought to its loudness and encoded; the recording begins at `offset_ms`."""

    path: Path
    measured: Measurement
    offset_ms: int = 0


@contextmanager
def join(
    ffmpeg: Path, parts: Parts, settings: AudioSettings, scratch: Path, on_stage: OnStage | None = None
) -> Iterator[Programme]:
    """Yield the programme: the recording itself where nothing is around it, or else its samples in one file.

    That file is uncompressed, stands beside `scratch` and is gone afterwards: nothing is encoded twice.

    Raises:
        SourceError: intro or outro is no audio or silent, or a part is too short for the crossfade.
        SurroundingsError: the disk is full, or ffmpeg failed.
    """
    if not (parts.intro or parts.outro) or parts.measured.is_silent:
        yield Programme(parts.master, parts.measured)
        return
    joined = scratch.with_name(f"{scratch.name}.joined.w64")
    try:
        offset_ms = _join(ffmpeg, parts, settings, joined, on_stage)
        measuring: OnProgress | None = _told(on_stage, "measuring")
        measured = measure_at_once(ffmpeg, joined, parts.shown, on_progress=measuring)
        yield Programme(joined, measured, offset_ms)
    finally:
        joined.unlink(missing_ok=True)


@dataclass(frozen=True, slots=True)
class _Part:
    path: Path
    shown: str
    measured: Measurement


def _join(ffmpeg: Path, parts: Parts, settings: AudioSettings, joined: Path, on_stage: OnStage | None) -> int:
    """Write the programme's samples, and return where the recording begins in it."""
    speech = _Part(parts.master, parts.shown, parts.measured)
    intro, outro = (
        _Part(end.path, end.shown, measure(ffmpeg, end.path, end.shown, samples_only=True)) if end else None
        for end in (parts.intro, parts.outro)
    )
    in_order = [part for part in (intro, speech, outro) if part]
    _refuse(in_order, parts.crossfade_ms)
    channels = _channels(in_order, settings)
    rate = format_of(settings).sample_rate
    mixes = [mix(part.measured.channels, channels, rate) for part in in_order]
    levels = [_level(ffmpeg, part, mixed, channels) for part, mixed in zip(in_order, mixes, strict=True)]
    target = levels[in_order.index(speech)]
    graph = [
        f"[{number}:a:0]{mixed},volume={target - level:.4f}dB:precision=double"
        f"{_length(part, intro, rate)}[p{number}]"
        for number, (part, mixed, level) in enumerate(zip(in_order, mixes, levels, strict=True))
    ]
    last = "p0"
    for number in range(1, len(in_order)):
        graph.append(f"[{last}][p{number}]{_blend(parts.crossfade_ms, rate)}[j{number}]")
        last = f"j{number}"
    total_ms = sum(part.measured.duration_ms for part in in_order) - parts.crossfade_ms * (len(in_order) - 1)
    samples = ["-map", f"[{last}]", "-c:a", "pcm_f32le", "-bitexact", "-f", "w64", *output_file(joined)]
    inputs = [argument for part in in_order for argument in input_file(part.path)]
    watch = Watch(on_stage, total_ms)
    run(ffmpeg, [*inputs, "-filter_complex", ";".join(graph), *samples], on_progress=watch("joining"))
    return intro.measured.duration_ms - parts.crossfade_ms if intro else 0


def _length(part: _Part, intro: _Part | None, rate: int) -> str:
    """Return what makes the intro exactly as long as it was measured, whatever its own rate is."""
    if part is not intro:
        return ""
    samples = round(part.measured.duration_ms * rate / 1000)
    return f",apad=whole_len={samples},atrim=end_sample={samples}"


def _blend(crossfade_ms: int, rate: int) -> str:
    if not crossfade_ms:
        return "concat=n=2:v=0:a=1"
    return f"acrossfade=ns={round(crossfade_ms * rate / 1000)}:c1={_CURVE}:c2={_CURVE}"


def _channels(parts: list[_Part], settings: AudioSettings) -> int:
    """Decide between mono and stereo: two channels only where those of some part are not the same."""
    if settings.channels == "mono":
        return 1
    is_mono = all(part.measured.channels == 1 or part.measured.channels_identical for part in parts)
    return 1 if is_mono else 2


def _level(ffmpeg: Path, part: _Part, mixed: str, channels: int) -> float:
    """Return how loud a part is once its channels are mixed; different ones lose by it."""
    measured = part.measured
    if measured.channels <= channels or measured.channels_identical:
        return measured.integrated_lufs
    return level_after(ffmpeg, part.path, mixed).integrated_lufs


def _refuse(parts: list[_Part], crossfade_ms: int) -> None:
    problems = []
    for part in parts:
        name, length_s = Path(part.shown).name, part.measured.duration_ms / 1000
        if part.measured.is_silent:
            hint = "check that this is the right file, and that it lasts half a second at least"
            message = f"{name} is silent: nothing in it can be heard"
            problems.append(Problem(message, Place(part.shown), hint))
        elif 2 * crossfade_ms > part.measured.duration_ms:
            message = f"{name} lasts {length_s:.1f} s, too short for a crossfade of {crossfade_ms / 1000:g} s"
            hint = (
                f"ask for a `crossfade` of at most {int(length_s * 5) / 10:g} seconds, or for a longer file"
            )
            problems.append(Problem(message, Place(part.shown), hint))
    if problems:
        raise SourceError(tuple(problems))


def _told(on_stage: OnStage | None, name: str) -> Callable[[int], None] | None:
    return None if on_stage is None else lambda done_ms: on_stage(name, done_ms, 0)
