"""An episode's recording into the same episode in further formats, each made only when it must be."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from publisher.audio.formats import format_of
from publisher.audio.recipe import AudioJob, encoder_of, recipe
from publisher.building.artifacts import BUILD_FOLDER
from publisher.files import digest_file
from publisher.model import Alternate, AudioSettings, Enclosure


def settle_alternates(
    job: AudioJob,
    wanted: tuple[AudioSettings, ...],
    known: Enclosure | None,
    make: Callable[[AudioJob], Enclosure],
    *,
    ffmpeg: Path,
    root: Path,
    is_frozen: bool,
) -> tuple[Alternate, ...]:
    """Return the facts of the wanted formats, making those that are missing or out of date.

    `known` is what the lock says of the same recording; `make` is `finish`. When `is_frozen`, the episode's
    audio stays as the feed has it in spite of new tags; so do its alternates, while a new format is made.

    Raises:
        SourceError: the recording cannot be used.
        SurroundingsError: ffmpeg or the disk failed.
    """
    locked = known.alternates if known else ()
    settled = []
    for settings in wanted:
        its_job = replace(job, settings=settings)
        made_with = recipe(its_job, encoder_of(ffmpeg, settings))
        there = next((each for each in locked if _is_right(each, made_with, is_frozen=is_frozen)), None)
        if there is None or not (is_frozen or is_finished(root, there)):
            there = _alternate(make(its_job), format_of(settings).codecs)
        settled.append(there)
    return tuple(settled)


def is_finished(root: Path, facts: Enclosure | Alternate) -> bool:
    """Tell whether a finished file is here, byte for byte."""
    path = root / BUILD_FOLDER / facts.key
    return path.is_file() and path.stat().st_size == facts.bytes and digest_file(path) == facts.sha256


def _is_right(there: Alternate, made_with: str, *, is_frozen: bool) -> bool:
    """Whether an alternate is made as wanted; frozen ones may carry other tags."""
    if is_frozen:
        return there.recipe.partition(".")[0] == made_with.partition(".")[0]
    return there.recipe == made_with


def _alternate(made: Enclosure, codecs: str) -> Alternate:
    return Alternate(
        recipe=made.recipe,
        key=made.key,
        bytes=made.bytes,
        sha256=made.sha256,
        media_type=made.media_type,
        codecs=codecs,
        bitrate=round(made.bytes * 8000 / made.duration_ms),
        duration_ms=made.duration_ms,
        loudness_lufs=made.loudness_lufs,
        true_peak_dbtp=made.true_peak_dbtp,
        encoder=made.encoder,
    )
