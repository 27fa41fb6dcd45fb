"""An episode's finished audio into clips of it: MP3s, or videos with its cover and captions."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from publisher.audio.audiogram import Audiogram, captions_of, make_audiogram
from publisher.audio.clips import check_stretch, cut_clip, cut_faded
from publisher.audio.cover import prepare_cover
from publisher.audio.ffmpeg import find_ffmpeg
from publisher.audio.loudness import Measurement, measure
from publisher.audio.scratch import scratch
from publisher.audio.tags.content import Tags
from publisher.building.artifacts import BUILD_FOLDER
from publisher.building.coming import reached
from publisher.building.leftovers import at_work
from publisher.building.mastering import audio_job
from publisher.building.reading import as_heard, locked_enclosure, read_episode
from publisher.building.request import Progress, no_progress
from publisher.building.wording import read_words
from publisher.building.workshop import Workshop, open_workshop
from publisher.episodes.folders import EPISODES_FOLDER, find_folders, find_slug
from publisher.errors import SurroundingsError, UsageError
from publisher.model import Enclosure, Episode, Timeline
from publisher.timecodes import format_clock
from publisher.transcripts import Cue

CLIPS_FOLDER = f"{BUILD_FOLDER}/clips"


@dataclass(frozen=True, slots=True)
class Stretch:
    """From where to where in the finished audio, and how the clip is called."""

    start_ms: int
    end_ms: int
    title: str = ""

    @property
    def length_ms(self) -> int:
        """Return how long the clip will be."""
        return self.end_ms - self.start_ms


@dataclass(frozen=True, slots=True)
class ClipRequest:
    """Which clips to make of an episode and how.

    Without `stretch`, the soundbite of that number (from 1), or every soundbite of the metadata.
    `video` names the shape of the picture, `square` or `wide`.
    """

    root: Path
    episode: str
    now: datetime
    stretch: Stretch | None = None
    soundbite: int | None = None
    fade_ms: int = 300
    output: Path | None = None
    video: str | None = None
    font: Path | None = None
    progress: Progress = no_progress


@dataclass(frozen=True, slots=True)
class Clip:
    """A clip as it was made and measured; `captions` counts those in its picture."""

    slug: str
    title: str
    start_ms: int
    end_ms: int
    path: Path
    bytes: int
    loudness_lufs: float
    true_peak_dbtp: float
    captions: int = 0

    def as_json(self) -> dict[str, Any]:
        """Return the clip for machines."""
        return {
            "path": str(self.path),
            "title": self.title,
            "from_seconds": self.start_ms / 1000,
            "to_seconds": self.end_ms / 1000,
            "bytes": self.bytes,
            "loudness_lufs": round(self.loudness_lufs, 2),
            "true_peak_dbtp": round(self.true_peak_dbtp, 2),
            "captions": self.captions,
        }


@dataclass(frozen=True, slots=True)
class Finished:
    """The finished audio of an episode, and when the words of its transcript are heard in it."""

    path: Path
    timeline: Timeline


def make_clips(request: ClipRequest) -> tuple[Clip, ...]:
    """Make the clips that are asked for; nothing of them is ever published by itself.

    Raises:
        UsageError: there is no such episode, soundbite or stretch, or a clip cannot be written there.
        SourceError: every problem of the episode's files.
        SurroundingsError: the finished audio is not on this machine; ffmpeg or the disk failed.
    """
    slug = find_slug(request.episode, find_folders(request.root))
    workshop = open_workshop(request.root, reached(request.root, request.now))
    written = read_episode(workshop, slug)
    lock = locked_enclosure(workshop, written)
    episode = as_heard(written, lock)
    stretches = tuple(_stretches(request, episode))
    if request.output and len(stretches) > 1:
        hint = "choose one with --soundbite N, or leave --output out"
        raise UsageError(f"there are {len(stretches)} soundbites, and one --output", hint=hint)
    for stretch in stretches:
        check_stretch(stretch.start_ms, stretch.end_ms)
    finished = _finished(workshop, episode, lock)
    for stretch in stretches:
        if stretch.end_ms > lock.duration_ms:
            end, length = format_clock(stretch.end_ms), format_clock(lock.duration_ms)
            raise UsageError(
                f"a clip to {end} is outside the episode", hint=f"the finished audio of {slug} lasts {length}"
            )
    paths = [_destination(request, slug, stretch) for stretch in stretches]
    source = Finished(finished, Timeline(lock.offset_ms))
    with at_work(request.root):
        return tuple(
            _make(request, workshop, episode, source, stretch, path)
            for stretch, path in zip(stretches, paths, strict=True)
        )


def _stretches(request: ClipRequest, episode: Episode) -> Iterator[Stretch]:
    """Yield what is asked for: the one stretch, or soundbites."""
    if request.stretch:
        yield request.stretch
        return
    bites = episode.soundbites
    hint = "say which stretch: --from 01:10 --to 01:55; or list `soundbites:` in episode.md"
    if not bites:
        raise UsageError(f"{episode.slug} has no soundbites", hint=hint)
    if request.soundbite is not None and not 1 <= request.soundbite <= len(bites):
        count = "one soundbite" if len(bites) == 1 else f"{len(bites)} soundbites"
        raise UsageError(f"there is no soundbite {request.soundbite}: {episode.slug} has {count}", hint=hint)
    wanted = bites if request.soundbite is None else (bites[request.soundbite - 1],)
    for bite in wanted:
        yield Stretch(bite.start_ms, bite.start_ms + bite.duration_ms, bite.title)


def _finished(workshop: Workshop, episode: Episode, lock: Enclosure) -> Path:
    path = workshop.root / BUILD_FOLDER / lock.key
    if path.is_file() and path.stat().st_size == lock.bytes:
        return path
    hint = f"run `publisher audio {episode.slug}`"
    raise SurroundingsError(f"the finished audio of {episode.slug} is not on this machine", hint=hint)


def _destination(request: ClipRequest, slug: str, stretch: Stretch) -> Path:
    """Return where a clip goes; sources are never written to."""
    suffix = ".mp4" if request.video else ".mp3"
    if request.output is None:
        name = f"{slug}-{_stamp(stretch.start_ms)}-{_stamp(stretch.end_ms)}{suffix}"
        return request.root / CLIPS_FOLDER / name
    if request.output.suffix.lower() != suffix:
        kind = "video" if request.video else "clip"
        raise UsageError(f"a {kind} is written as {suffix}", hint=f"name a file that ends in {suffix}")
    if request.output.resolve().is_relative_to((request.root / EPISODES_FOLDER).resolve()):
        hint = "a sound file among an episode's sources would count as a recording; choose another folder"
        raise UsageError(f"a clip cannot go into {EPISODES_FOLDER}/", hint=hint)
    return request.output


def _stamp(milliseconds: int) -> str:
    """Write a time for a file name: 0110 for 01:10, 0110.5 for half a second more."""
    fraction = f".{milliseconds % 1000:03}".rstrip("0").rstrip(".")
    return format_clock(milliseconds).replace(":", "") + fraction


def _make(
    request: ClipRequest,
    workshop: Workshop,
    episode: Episode,
    finished: Finished,
    stretch: Stretch,
    path: Path,
) -> Clip:
    source = finished.path
    job = audio_job(workshop, episode)
    title = stretch.title or episode.title
    cues: tuple[Cue, ...] = ()
    with request.progress(f"making {path.name}", stretch.length_ms / 1000, "audio") as advance:
        if request.video is None:
            tags = _tags(job.tags, title, prepare_cover(job.cover) if job.cover else None)
            found = cut_clip(
                find_ffmpeg(), source, stretch.start_ms, stretch.end_ms, request.fade_ms, path,
                settings=workshop.show.audio, tags=tags,
            )  # fmt: skip
        else:
            words = read_words(workshop, episode)
            if words and words.is_timed:
                cues = captions_of(words.moved(finished.timeline).cues, stretch.start_ms, stretch.end_ms)
            cover = job.cover or workshop.show.cover
            shown = Audiogram(title, workshop.show.title, cover, cues, request.video, request.font)
            found = _film(request, source, stretch, shown, path, job.tags.artist, advance)
    return Clip(
        slug=episode.slug,
        title=title,
        start_ms=stretch.start_ms,
        end_ms=stretch.end_ms,
        path=path,
        bytes=path.stat().st_size,
        loudness_lufs=found.integrated_lufs,
        true_peak_dbtp=found.true_peak_dbtp,
        captions=len(cues),
    )


def _tags(episode: Tags, title: str, cover_jpeg: bytes | None) -> Tags:
    """Return a clip's tags: the show's, the page of its episode, and nothing that makes it an episode."""
    plain = replace(episode, title=title, season=None, number=None, comment="", chapters=(), transcript="")
    return replace(plain, guid=None, feed_url=None, cover_jpeg=cover_jpeg)


def _film(
    request: ClipRequest,
    source: Path,
    stretch: Stretch,
    shown: Audiogram,
    path: Path,
    artist: str,
    advance: Callable[..., None],
) -> Measurement:
    ffmpeg = find_ffmpeg()
    with scratch(path.with_suffix(".wav")) as sound:
        cut_faded(ffmpeg, source, stretch.start_ms, stretch.end_ms, request.fade_ms, sound)
        make_audiogram(
            ffmpeg, sound, shown, path, artist=artist, on_progress=lambda done_ms: advance(done_ms / 1000)
        )
    return measure(ffmpeg, path)
