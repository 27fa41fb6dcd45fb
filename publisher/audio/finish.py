"""Turn a master into its finished, tagged file under a public key, doing nothing twice."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from publisher.audio.embedding import embedded_cover, embedded_pictures
from publisher.audio.encode import Delivery, deliver
from publisher.audio.ffmpeg import OnProgress
from publisher.audio.formats import format_of
from publisher.audio.leveling import OnStage
from publisher.audio.loudness import Measurement
from publisher.audio.measuring import measure_at_once
from publisher.audio.probe import probe
from publisher.audio.programme import Parts, join
from publisher.audio.recipe import AudioJob, bookends_of, encoder_of, recipe
from publisher.audio.remembered import (
    Encoded,
    encoded_path,
    read_encoded,
    read_finished,
    write_encoded,
    write_finished,
)
from publisher.audio.scratch import scratch
from publisher.audio.tags.content import Tags
from publisher.audio.tags.finished import verify_finished, write_finished_file
from publisher.errors import SurroundingsError
from publisher.files import DiskFullError, digest_file, key_digest, move_into_place
from publisher.model import Enclosure, Timeline

_ROOM_BYTES_PER_SECOND = 280_000  # as doctor says: about 1 GB an hour


def tags_of(job: AudioJob, offset_ms: int, duration_ms: int, cover_jpeg: bytes | None, cache: Path) -> Tags:
    """Return the tags of a finished file: chapters as they are heard in it, its pictures and its length."""
    chapters = Timeline(offset_ms).chapters(job.tags.chapters)
    shown = [each.picture for each in chapters if each.picture and job.settings.format == "mp3"]
    pictures = embedded_pictures(shown, cache)
    return replace(
        job.tags, cover_jpeg=cover_jpeg, duration_ms=duration_ms, chapters=chapters, pictures=pictures
    )


def finish(
    job: AudioJob,
    *,
    ffmpeg: Path,
    output: Path,
    cache: Path,
    on_progress: OnStage | None = None,
    measured: Callable[[Path], Measurement | None] = lambda _path: None,
) -> Enclosure:
    """Make `output/audio/<slug>-<digest>.mp3` (or another kind), unless it is there, and return its facts.

    `cache` keeps encoded audio, so that new tags cost no new encoding; it can be deleted at any time.
    `on_progress` gets a stage in a word, and the milliseconds of audio done and to be done in it. `measured`
    gives the measurement of a master for which that is done already.

    Raises:
        SourceError: the master is no audio, damaged, cut off or silent, or cannot be made this loud.
        SurroundingsError: the disk is full, and how much room it takes, or ffmpeg failed.
    """
    try:
        return _finish(job, ffmpeg, output, cache, on_progress, measured)
    except DiskFullError as error:
        error.hint = f"making the audio of {job.slug} takes about {_room_mb(job):,} MB; {error.hint}"
        raise


def _finish(
    job: AudioJob,
    ffmpeg: Path,
    output: Path,
    cache: Path,
    on_progress: OnStage | None,
    measured: Callable[[Path], Measurement | None],
) -> Enclosure:
    encoder = encoder_of(ffmpeg, job.settings)
    master_sha256 = _digest_master(job)
    made_with = recipe(job, encoder)
    known = read_finished(cache, job.slug, master_sha256, made_with)
    if known and _is_there(output / known.key, known):
        return known
    source = encoded_path(cache, master_sha256, made_with)
    encoded = read_encoded(cache, master_sha256, made_with)
    with embedded_cover(job.cover, cache) as picture:
        if encoded is None:
            encoded = _encode(job, ffmpeg, source, measured, on_progress)
            write_encoded(cache, master_sha256, made_with, encoded)
        tags = tags_of(job, encoded.offset_ms, encoded.duration_ms, picture(), cache)
        key, size, sha256 = _tag(job, ffmpeg, source, tags, output)
    enclosure = Enclosure(
        master_sha256=master_sha256,
        recipe=made_with,
        key=key,
        bytes=size,
        sha256=sha256,
        media_type=format_of(job.settings).media_type,
        duration_ms=encoded.duration_ms,
        sample_rate=encoded.sample_rate,
        channels=encoded.channels,
        loudness_lufs=encoded.loudness_lufs,
        true_peak_dbtp=encoded.true_peak_dbtp,
        loudness_range_lu=encoded.loudness_range_lu,
        master_loudness_lufs=encoded.master_loudness_lufs,
        mode=encoded.mode,
        encoder=encoder,
        bookends=bookends_of(job),
        offset_ms=encoded.offset_ms,
    )
    write_finished(cache, job.slug, enclosure)
    return enclosure


def _room_mb(job: AudioJob) -> int:
    """Return how many megabytes the making takes at most, by the length and by the size of the master."""
    length_ms = probe(job.master, job.shown).claimed_ms or 0
    room = max(length_ms * _ROOM_BYTES_PER_SECOND // 1000, 2 * job.master.stat().st_size)
    return -(-room // 1_000_000)


def _digest_master(job: AudioJob) -> str:
    """Return the master's SHA-256; a file that is no audio is told apart first, and in plain words."""
    probe(job.master, job.shown)
    return job.master_sha256 or digest_file(job.master)


def _encode(
    job: AudioJob,
    ffmpeg: Path,
    final: Path,
    known: Callable[[Path], Measurement | None],
    on_stage: OnStage | None,
) -> Encoded:
    """Measure and encode the master into the cache."""
    read = [job.master, *(end.path for end in (job.intro, job.outro) if end)]
    before = [_stamp(path) for path in read]
    watched = _stage(on_stage, "measuring")
    measured = known(job.master) or measure_at_once(ffmpeg, job.master, job.shown, on_progress=watched)
    parts = Parts(job.master, job.shown, measured, job.intro, job.outro, job.crossfade_ms)
    with (
        scratch(final) as partial,
        join(ffmpeg, parts, job.settings, partial, on_stage) as programme,
    ):
        delivery = deliver(
            ffmpeg, programme.path, job.settings, programme.measured, partial,
            shown=job.shown, on_stage=on_stage,
        )  # fmt: skip
        for path, stamp in zip(read, before, strict=True):
            if _stamp(path) != stamp:
                raise SurroundingsError(
                    f"{path.name} was written to while it was read",
                    hint="wait until the recording is complete and run the same command again",
                )
        encoded = _encoded(partial, delivery, measured, programme.offset_ms)
        move_into_place(partial, final, durable=False)  # every byte of it is compared before it is used again
    return encoded


def _encoded(path: Path, delivery: Delivery, master: Measurement, offset_ms: int) -> Encoded:
    found = delivery.measurement
    return Encoded(
        sha256=digest_file(path),
        bytes=path.stat().st_size,
        duration_ms=found.duration_ms,
        sample_rate=found.sample_rate,
        channels=found.channels,
        loudness_lufs=_rounded(found.integrated_lufs),
        true_peak_dbtp=_rounded(found.true_peak_dbtp),
        loudness_range_lu=_rounded(found.range_lu),
        master_loudness_lufs=_rounded(master.integrated_lufs),
        mode=delivery.mode,
        offset_ms=offset_ms,
    )


def _tag(job: AudioJob, ffmpeg: Path, source: Path, tags: Tags, output: Path) -> tuple[str, int, str]:
    """Put tag and audio together under the name of their digest; return key, size and digest."""
    kind = format_of(job.settings)
    with scratch(output / "audio" / f"{job.slug}{kind.suffix}") as partial:
        sha256, size = write_finished_file(ffmpeg, kind.name, source, tags, partial)
        differences = verify_finished(kind.name, partial, tags)
        if differences:  # a fault of this program; better no file than a wrong one
            raise SurroundingsError(
                f"the tags of {job.slug} do not read back as written: {differences[0]}",
                hint="please report this, with the episode's front matter",
            )
        key = f"audio/{job.slug}-{key_digest(sha256)}{kind.suffix}"
        move_into_place(partial, output / key, durable=False)  # as above; what is published is read back
    return key, size, sha256


def _is_there(path: Path, known: Enclosure) -> bool:
    try:
        return path.stat().st_size == known.bytes and digest_file(path) == known.sha256
    except OSError:
        return False


def _stage(on_stage: OnStage | None, name: str) -> OnProgress | None:
    """Tell the stage without a total: it is what this stage finds out."""
    return None if on_stage is None else lambda done_ms: on_stage(name, done_ms, 0)


def _stamp(path: Path) -> tuple[int, int]:
    status = path.stat()
    return status.st_size, status.st_mtime_ns


def _rounded(level: float) -> float:
    """Round to a hundredth, and never to minus zero."""
    return round(level, 2) + 0.0
