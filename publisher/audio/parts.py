"""Turn a long recording into one MP3 that several encoders write side by side.

How many parts there are depends on nothing but the recording's length, so that every machine writes the same
bytes, however many of them it can encode at once.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from publisher.audio.ffmpeg import OnProgress, input_file, output_file, run
from publisher.audio.formats import codec_arguments
from publisher.audio.joint import FRAME_SAMPLES, Frames, join_parts
from publisher.audio.leveling import SAMPLE_RATE, Chain, Source
from publisher.audio.parallel import run_at_once
from publisher.audio.reading import KNOWN, is_exact

_LONG_MS = 120_000
_PART_MS = 300_000
_GRID_FRAMES = 49
"""After this many frames of a constant bit rate at 44.1 kHz, their sizes repeat."""

_LEAD_FRAMES, _TAIL_FRAMES = 250, 10
"""What a part has in common with the one before: an encoder settles within it, so that both say the same."""

_WARM_UP_S = 3
"""Heard by the filters before a part begins, so that they do as if they had been at work all the time."""


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the programme: its first frame, and the first one behind it (None for the last part)."""

    first: int
    end: int | None


def is_long(source: Source) -> bool:
    """Whether a recording is worth being worked on in several places at once."""
    return source.measured.duration_ms >= _LONG_MS


@contextmanager
def seekable(source: Source, scratch: Path) -> Iterator[Source]:
    """Give a source that can be read from any sample on: itself, or its samples unpacked beside `scratch`.

    A compressed recording can only be read from its beginning without a sample too many or too few.
    """
    measured = source.measured
    if not is_long(source) or is_exact(measured.kind, measured.codec):
        yield source
        return
    unpacked = scratch.with_name(f"{scratch.name}.w64")
    try:
        samples = ["-map", "0:a:0", "-c:a", "pcm_f32le", "-bitexact", "-f", "w64", *output_file(unpacked)]
        run(source.ffmpeg, [*input_file(source.master), *samples], on_progress=source.watch("unpacking"))
        yield replace(source, master=unpacked, measured=replace(measured, kind="w64", codec="pcm_f32le"))
    finally:
        unpacked.unlink(missing_ok=True)


def divide(duration_ms: int) -> tuple[Part, ...]:
    """Divide a programme into an even number of parts of at most five minutes, on the grid of frames."""
    total = math.ceil(duration_ms * SAMPLE_RATE / 1000 / FRAME_SAMPLES)
    count = 2 * math.ceil(duration_ms / (2 * _PART_MS))
    length = math.ceil(total / count / _GRID_FRAMES) * _GRID_FRAMES
    starts = range(0, total - _LEAD_FRAMES, length)
    ends = (*starts[1:], None)
    return tuple(
        Part(max(0, start - _LEAD_FRAMES), None if end is None else end + _TAIL_FRAMES)
        for start, end in zip(starts, ends, strict=True)
    )


def encode_in_parts(source: Source, chain: Chain, destination: Path) -> Frames:
    """Encode a seekable source, and return where the frames of the result are.

    Raises:
        JointError: parts could not be joined.
        SurroundingsError: the disk is full, or ffmpeg failed.
    """
    parts = divide(source.measured.duration_ms)
    paths = [destination.with_name(f"{destination.name}.{number}") for number in range(len(parts))]
    try:
        run_at_once(
            [partial(_encode, source, chain, part, path) for part, path in zip(parts, paths, strict=True)],
            source.watch("encoding"),
        )
        return join_parts(((part.first, path) for part, path in zip(parts, paths, strict=True)), destination)
    finally:
        for path in paths:
            path.unlink(missing_ok=True)


def _encode(source: Source, chain: Chain, part: Part, path: Path, on_progress: OnProgress) -> None:
    first = part.first * FRAME_SAMPLES
    start_s = max(0, first // SAMPLE_RATE - _WARM_UP_S)
    skipped = first - start_s * SAMPLE_RATE
    span, trim = [], f"atrim=start_sample={skipped}"
    if start_s:
        span += ["-ss", str(start_s)]
    if part.end is not None:
        length = part.end * FRAME_SAMPLES - start_s * SAMPLE_RATE
        span += ["-t", str(length // SAMPLE_RATE + _WARM_UP_S)]
        trim += f":end_sample={length}"
    graph = f"[0:a:0]{chain.filters()},{trim},asetpts=PTS-STARTPTS,aformat=sample_fmts=fltp[out]"
    coded = ["-map", "[out]", *codec_arguments(source.settings), *output_file(path)]
    run(
        source.ffmpeg,
        [*span, *KNOWN, *input_file(source.master), "-filter_complex", graph, *coded],
        on_progress=on_progress,
    )
