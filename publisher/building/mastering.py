"""An episode's recording and lock into the finished audio of its item, made only when it must be."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from publisher.audio.cover import prepare_cover
from publisher.audio.ffmpeg import encoder_name, find_ffmpeg
from publisher.audio.finish import AudioJob, finish, recipe
from publisher.audio.lock import read_lock, write_lock
from publisher.audio.tags import Tags, verify_tags
from publisher.building.artifacts import BUILD_FOLDER
from publisher.building.making import Workshop, locked_enclosure, read_words
from publisher.building.request import FEEDS_FOLDER, Progress
from publisher.building.snapshot import FileState
from publisher.episodes import EPISODES_FOLDER, LOCK_FILE
from publisher.errors import SurroundingsError
from publisher.files import digest_file
from publisher.model import Enclosure, Episode
from publisher.transcripts import spoken_text

CACHE_FOLDER = ".publisher/cache"
_FROZEN = (
    "{slug}: its tags or settings changed, but its audio stays as the feed has it;"
    " `publisher audio {slug}` makes it anew, and apps would download it again"
)


@dataclass(frozen=True, slots=True)
class Settled:
    """The finished audio of an episode: `made` in this run or `kept`, and what is worth telling about it."""

    slug: str
    guid: str
    enclosure: Enclosure
    state: str
    notice: str = ""

    def as_json(self) -> dict[str, Any]:
        """Return the result for machines."""
        return {
            "slug": self.slug,
            "guid": self.guid,
            "state": self.state,
            "enclosure": asdict(self.enclosure),
        }


def settle_audio(
    workshop: Workshop,
    episode: Episode,
    files: Mapping[str, FileState],
    *,
    renew: bool,
    progress: Progress,
) -> Settled:
    """Return the audio facts that the feed will carry, making the audio where it is missing or out of date.

    Once a committed feed names the finished file, a corrected title, a new cover or another encoder does not
    change it any more: apps would download it again. Only `renew` does, or another recording, which `publish`
    then asks about.

    Raises:
        SourceError: there is neither recording nor lock, or the recording cannot be used.
        SurroundingsError: ffmpeg or the disk failed.
    """
    slug, root = episode.slug, workshop.root
    lock_name = f"{EPISODES_FOLDER}/{slug}/{LOCK_FILE}"
    if episode.master is None:
        return Settled(slug, episode.guid, locked_enclosure(workshop, episode), "kept")
    lock = read_lock(root / lock_name, lock_name)
    job = audio_job(workshop, episode)
    ffmpeg = find_ffmpeg()
    master_sha256 = files[episode.master.name].sha256
    facts = (master_sha256, recipe(job, encoder_name(ffmpeg)))
    is_current = lock is not None and (lock.master_sha256, lock.recipe) == facts
    if lock and not renew:
        if is_current and _is_finished(workshop, lock):
            return Settled(slug, episode.guid, lock, "kept")
        if not is_current and lock.master_sha256 == master_sha256 and _is_named_by_a_feed(workshop, lock):
            return Settled(slug, episode.guid, lock, "kept", _FROZEN.format(slug=slug))
    with progress(f"finishing {slug}", 0, "audio") as advance:
        enclosure = finish(
            job,
            ffmpeg=ffmpeg,
            output=root / BUILD_FOLDER,
            cache=root / CACHE_FOLDER,
            on_progress=lambda stage, done_ms, total_ms: advance(done_ms / 1000, total_ms / 1000, stage),
        )
    was_written = write_lock(root / lock_name, enclosure)
    state = "made" if was_written else "kept"
    return Settled(slug, episode.guid, enclosure, state, _limited_notice(enclosure, slug))


def audio_job(workshop: Workshop, episode: Episode) -> AudioJob:
    """Return what the finished audio is made of: recording, settings, tags and cover."""
    master = episode.master or workshop.root / EPISODES_FOLDER / episode.slug
    show = workshop.show
    artist = ", ".join(person.name for person in show.hosts) or show.author
    words = read_words(workshop, episode)
    tags = Tags(
        title=episode.title,
        album=show.title,
        artist=artist,
        language=show.language,
        season=episode.season,
        number=episode.number,
        date=episode.date.date(),
        comment=episode.summary,
        page_url=f"{show.base_url}episodes/{episode.slug}.html",
        feed_url=f"{show.base_url}{show.feeds[0].name}.xml",
        guid=episode.guid,
        chapters=episode.chapters,
        transcript=spoken_text(words) if words else "",
    )
    return AudioJob(
        slug=episode.slug,
        master=master,
        settings=show.audio,
        tags=tags,
        cover=episode.cover or show.cover,
        shown=master.relative_to(workshop.root).as_posix(),
    )


def _is_finished(workshop: Workshop, lock: Enclosure) -> bool:
    """Tell whether the finished file is here, byte for byte."""
    path = workshop.root / BUILD_FOLDER / lock.key
    return path.is_file() and path.stat().st_size == lock.bytes and digest_file(path) == lock.sha256


def _is_named_by_a_feed(workshop: Workshop, lock: Enclosure) -> bool:
    key = lock.key.encode()
    paths = (workshop.root / FEEDS_FOLDER / f"{feed.name}.xml" for feed in workshop.show.feeds)
    return any(path.is_file() and key in path.read_bytes() for path in paths)


def _limited_notice(enclosure: Enclosure, slug: str) -> str:
    raised = enclosure.loudness_lufs - enclosure.master_loudness_lufs
    if enclosure.mode != "limited" or raised <= 6:
        return ""
    return (
        f"{slug}: the recording was raised by {raised:.0f} LU and its peaks were limited;"
        " it sounds better when it is recorded or mixed louder"
    )


def verify_audio(workshop: Workshop, episode: Episode) -> tuple[str, ...]:
    """Read the tags of an episode's finished audio back, and return every difference from its metadata.

    Raises:
        SourceError: there is no lock.
        SurroundingsError: the finished file is not on this machine.
    """
    lock = locked_enclosure(workshop, episode)
    path = workshop.root / BUILD_FOLDER / lock.key
    if not path.is_file():
        hint = f"run `publisher build`, or `publisher audio {episode.slug}`"
        raise SurroundingsError(f"the finished audio of {episode.slug} is not on this machine", hint=hint)
    job = audio_job(workshop, episode)
    cover = prepare_cover(job.cover) if job.cover else None
    return verify_tags(path, replace(job.tags, cover_jpeg=cover, duration_ms=lock.duration_ms))
