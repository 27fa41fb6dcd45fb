"""Turn a master into its finished, tagged file under a public key, doing nothing twice."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from publisher.audio import cover as covers
from publisher.audio.embedding import embedded_cover, embedded_pictures
from publisher.audio.encode import ALGORITHM, Delivery, deliver
from publisher.audio.ffmpeg import OnProgress, encoder_name
from publisher.audio.formats import format_of
from publisher.audio.leveling import OnStage
from publisher.audio.loudness import Measurement
from publisher.audio.measuring import measure_at_once
from publisher.audio.probe import probe
from publisher.audio.programme import JOINING, Bookend, Parts, join
from publisher.audio.remembered import (
    Encoded,
    encoded_path,
    read_encoded,
    read_finished,
    write_encoded,
    write_finished,
)
from publisher.audio.scratch import scratch
from publisher.audio.tags import Tags
from publisher.audio.tags.finished import WRITERS, verify_finished, write_finished_file
from publisher.errors import SurroundingsError
from publisher.files import digest_bytes, digest_file, key_digest, move_into_place
from publisher.model import AudioSettings, Enclosure, Timeline


@dataclass(frozen=True, slots=True)
class AudioJob:
    """All that decides the bytes of an episode's finished audio.

    `tags` go without cover and duration, which `finish` fills in; `cover` is the picture to embed; `shown` is
    the master's path as people know it; `master_sha256` is the digest of its bytes, where it is known. The
    times of chapters are those of the master, also where an intro plays before it.
    """

    slug: str
    master: Path
    settings: AudioSettings
    tags: Tags
    cover: Path | None = None
    shown: str = ""
    master_sha256: str = ""
    intro: Bookend | None = None
    outro: Bookend | None = None
    crossfade_ms: int = 0


def encoder_of(ffmpeg: Path, settings: AudioSettings) -> str:
    """Name the encoder that these settings ask for, as recipes and `audio.lock` do: `ffmpeg 9.0.2 aac`."""
    release, _, _ = encoder_name(ffmpeg).rpartition(" ")
    return f"{release} {format_of(settings).encoder}"


def recipe(job: AudioJob, encoder: str, cover_sha256: str | None = None) -> str:
    """Name what the audio is made with: `<encode digest>.<tags digest>`, 16 hexadecimal digits each.

    Equal first halves mean that nothing has to be encoded again. `encoder` is `encoder_of(…)`;
    the cover's digest is taken from the file where it is not given.
    """
    if cover_sha256 is None and job.cover:
        cover_sha256 = digest_file(job.cover)
    encode = {"algorithm": ALGORITHM, "encoder": encoder, **asdict(job.settings)}
    if job.settings.vbr_quality is None:
        del encode["vbr_quality"]
    if job.intro or job.outro:
        encode["bookends"] = _bookends(job)
    encode |= {name: float(encode[name]) for name in ("loudness_lufs", "true_peak_dbtp")}
    bare = asdict(replace(job.tags, cover_jpeg=None, duration_ms=0))
    del bare["pictures"]
    for chapter in bare["chapters"]:
        picture = chapter.pop("picture")
        if picture:
            chapter["picture_sha256"] = digest_file(picture)
    tags = {"writer": [WRITERS[job.settings.format], covers.WRITER], "cover": cover_sha256, **bare}
    return f"{_digest(encode)}.{_digest(tags)}"


def bookends_of(job: AudioJob) -> str:
    """Name what is heard around the recording by 16 hexadecimal digits; "" where there is nothing."""
    return _digest(_bookends(job)) if job.intro or job.outro else ""


def tags_of(job: AudioJob, offset_ms: int, duration_ms: int, cover_jpeg: bytes | None, cache: Path) -> Tags:
    """Return the tags of a finished file: chapters as they are heard in it, its pictures and its length."""
    chapters = Timeline(offset_ms).chapters(job.tags.chapters)
    shown = [each.picture for each in chapters if each.picture and job.settings.format == "mp3"]
    pictures = embedded_pictures(shown, cache)
    return replace(
        job.tags, cover_jpeg=cover_jpeg, duration_ms=duration_ms, chapters=chapters, pictures=pictures
    )


def finish(
    job: AudioJob, *, ffmpeg: Path, output: Path, cache: Path, on_progress: OnStage | None = None
) -> Enclosure:
    """Make `output/audio/<slug>-<digest>.mp3` (or another kind), unless it is there, and return its facts.

    `cache` keeps encoded audio, so that new tags cost no new encoding; it can be deleted at any time.
    `on_progress` gets a stage in a word, and the milliseconds of audio done and to be done in it.

    Raises:
        SourceError: the master is no audio, damaged, cut off or silent, or cannot be made this loud.
        SurroundingsError: the disk is full, or ffmpeg failed.
    """
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
            encoded = _encode(job, ffmpeg, source, on_progress)
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


def _digest_master(job: AudioJob) -> str:
    """Return the master's SHA-256; a file that is no audio is told apart first, and in plain words."""
    probe(job.master, job.shown)
    return job.master_sha256 or digest_file(job.master)


def _encode(job: AudioJob, ffmpeg: Path, final: Path, on_stage: OnStage | None) -> Encoded:
    """Measure and encode the master into the cache."""
    read = [job.master, *(end.path for end in (job.intro, job.outro) if end)]
    before = [_stamp(path) for path in read]
    measured = measure_at_once(ffmpeg, job.master, job.shown, on_progress=_stage(on_stage, "measuring"))
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
        move_into_place(partial, final)
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
        move_into_place(partial, output / key)
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


def _bookends(job: AudioJob) -> dict[str, Any]:
    ends = {"intro": job.intro, "outro": job.outro}
    digests = {name: end.sha256 for name, end in ends.items() if end}
    return {"joining": JOINING, "crossfade_ms": job.crossfade_ms, **digests}


def _digest(values: dict[str, Any]) -> str:
    return digest_bytes(json.dumps(values, sort_keys=True, default=str).encode())[:16]
