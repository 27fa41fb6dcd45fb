"""Turn what an episode's audio shall be into a name for how it is made: equal names, equal bytes."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from publisher.audio.ffmpeg import encoder_name
from publisher.audio.formats import format_of
from publisher.audio.tags.content import Tags
from publisher.audio.versions import COVER, ENCODING, JOINING, TAGS
from publisher.files import digest_bytes, digest_file
from publisher.model import AudioSettings


@dataclass(frozen=True, slots=True)
class Bookend:
    """An intro or outro: its file, the path that people know it by, and the digest of its bytes."""

    path: Path
    shown: str
    sha256: str


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
    encode = {"algorithm": ENCODING, "encoder": encoder, **asdict(job.settings)}
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
    tags = {"writer": [TAGS[job.settings.format], COVER], "cover": cover_sha256, **bare}
    return f"{_digest(encode)}.{_digest(tags)}"


def bookends_of(job: AudioJob) -> str:
    """Name what is heard around the recording by 16 hexadecimal digits; "" where there is nothing."""
    return _digest(_bookends(job)) if job.intro or job.outro else ""


def _bookends(job: AudioJob) -> dict[str, Any]:
    ends = {"intro": job.intro, "outro": job.outro}
    digests = {name: end.sha256 for name, end in ends.items() if end}
    return {"joining": JOINING, "crossfade_ms": job.crossfade_ms, **digests}


def _digest(values: dict[str, Any]) -> str:
    return digest_bytes(json.dumps(values, sort_keys=True, default=str).encode())[:16]
