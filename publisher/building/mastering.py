"""An episode's recording and lock into the finished audio of its item, made only when it must be."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import asdict, dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from publisher.audio.ffmpeg import find_ffmpeg
from publisher.audio.formats import format_of_key
from publisher.audio.lock import read_lock, write_lock
from publisher.audio.recipe import AudioJob, bookends_of, encoder_of, recipe
from publisher.audio.tags.content import Tags
from publisher.building.ahead import NOTHING, Ahead
from publisher.building.alternates import is_finished, settle_alternates
from publisher.building.artifacts import BUILD_FOLDER
from publisher.building.bookends import with_bookends
from publisher.building.reading import locked_enclosure, read_words
from publisher.building.request import FEEDS_FOLDER, Progress
from publisher.building.snapshot import FileState, stamp_of
from publisher.building.workshop import Workshop, own_feed, page_url
from publisher.episodes.folders import EPISODES_FOLDER
from publisher.errors import SurroundingsError
from publisher.files import digest_file
from publisher.model import LOCK_FILE, Alternate, Enclosure, Episode
from publisher.transcripts import spoken_text

CACHE_FOLDER = ".publisher/cache"
_FROZEN = (
    "{slug}: its tags or settings changed, but its audio stays as the feed has it;"
    " `publisher audio {slug}` makes it anew, and apps would download it again"
)


@dataclass(frozen=True, slots=True)
class Settled:
    """The finished audio of an episode: `made` in this run or `kept`, and what is worth telling about it.

    `language` is that of a recording in another language than the show's own.
    """

    slug: str
    guid: str
    enclosure: Enclosure
    state: str
    notice: str = ""
    language: str | None = None
    lock_name: str = LOCK_FILE

    def as_json(self) -> dict[str, Any]:
        """Return the result for machines."""
        return {
            "slug": self.slug,
            "guid": self.guid,
            "state": self.state,
            "enclosure": asdict(self.enclosure),
            **({"language": self.language} if self.language else {}),
        }


def settle_audio(
    workshop: Workshop,
    episode: Episode,
    files: Mapping[str, FileState],
    *,
    renew: bool,
    frozen: frozenset[str] = frozenset(),
    progress: Progress,
    ahead: Ahead = NOTHING,
) -> Settled:
    """Return the audio facts that the feed will carry, making the audio where it is missing or out of date.

    Once the finished file is `frozen`, because it is live, or named by a committed feed, a corrected title, a
    new cover or another encoder does not change it any more: apps would download it again. Only `renew` does,
    or another recording, which `publish` then asks about.

    Raises:
        SourceError: there is neither recording nor lock, or the recording cannot be used.
        SurroundingsError: ffmpeg or the disk failed.
    """
    slug, root = episode.slug, workshop.root
    lock_name = f"{EPISODES_FOLDER}/{slug}/{episode.lock_name}"
    if episode.master is None:
        enclosure = locked_enclosure(workshop, episode)
        return Settled(slug, episode.guid, enclosure, "kept", "", episode.language, episode.lock_name)
    lock = read_lock(root / lock_name, lock_name)
    job = with_bookends(workshop, episode, audio_job(workshop, episode))
    ffmpeg = find_ffmpeg()
    seen = files[episode.master.name]
    master_sha256 = seen.sha256
    if seen.stamp == stamp_of(episode.master):
        job = replace(job, master_sha256=master_sha256)
    facts = (master_sha256, recipe(job, encoder_of(ffmpeg, job.settings)))
    known = lock if lock and lock.master_sha256 == master_sha256 else None
    is_current = known is not None and (known.master_sha256, known.recipe) == facts
    is_frozen = known is not None and not (is_current or renew) and _is_out(workshop, known, frozen)
    is_kept = known is not None and (is_frozen or (is_current and not renew and is_finished(root, known)))
    with ExitStack() as shown:
        make = _maker(
            root, ffmpeg, ahead, lambda: shown.enter_context(progress(f"finishing {slug}", 0, "audio"))
        )
        enclosure = known if known and is_kept else make(job)
        if known and is_frozen and known.bookends != bookends_of(job):
            alternates = known.alternates  # new ones would have another intro than the audio that stays
        else:
            alternates = settle_alternates(
                job, workshop.show.alternates, known, make, ffmpeg=ffmpeg, root=root, is_frozen=is_frozen
            )
    enclosure = replace(enclosure, alternates=alternates)
    was_written = enclosure != lock and write_lock(root / lock_name, enclosure)
    notice = _FROZEN.format(slug=slug) if is_frozen else "" if is_kept else _limited_notice(enclosure, slug)
    state = "made" if was_written else "kept"
    return Settled(slug, episode.guid, enclosure, state, notice, episode.language, episode.lock_name)


def _maker(
    root: Path, ffmpeg: Path, ahead: Ahead, show: Callable[[], Callable[..., None]]
) -> Callable[[AudioJob], Enclosure]:
    """Return what makes audio of an episode; `show` begins to show its progress, the first time only."""
    shown = cache(show)

    def make(job: AudioJob) -> Enclosure:
        from publisher.audio.finish import finish  # every codec and tag: what stays as it is needs none

        told = shown()
        return finish(
            job,
            ffmpeg=ffmpeg,
            output=root / BUILD_FOLDER,
            cache=root / CACHE_FOLDER,
            on_progress=lambda stage, done_ms, total_ms: told(done_ms / 1000, total_ms / 1000, stage),
            measured=ahead.measured,
        )

    return make


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
        page_url=page_url(workshop, episode),
        feed_url=f"{show.base_url}{own_feed(workshop).name}.xml",
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


def _is_out(workshop: Workshop, lock: Enclosure, frozen: frozenset[str]) -> bool:
    """Tell whether listeners have the file: it is live somewhere, or a committed feed names it."""
    if lock.key in frozen:
        return True
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

    Where there is none, the file still has to be, byte for byte, the one that its lock notes.

    Raises:
        SourceError: there is no lock.
        SurroundingsError: the finished file is not on this machine.
    """
    from publisher.audio.cover import prepare_cover  # pictures, codecs and tags, as above
    from publisher.audio.finish import tags_of
    from publisher.audio.tags.finished import verify_finished

    lock = locked_enclosure(workshop, episode)
    job = audio_job(workshop, episode)
    cover = prepare_cover(job.cover) if job.cover else None
    found: list[str] = []
    finished: tuple[Enclosure | Alternate, ...] = (lock, *lock.alternates)
    for facts in finished:
        path = workshop.root / BUILD_FOLDER / facts.key
        if not path.is_file():
            hint = f"run `publisher build`, or `publisher audio {episode.slug}`"
            raise SurroundingsError(f"the finished audio of {episode.slug} is not on this machine", hint=hint)
        kind = format_of_key(facts.key)
        tags = tags_of(job, lock.offset_ms, facts.duration_ms, cover, workshop.root / CACHE_FOLDER)
        differences = verify_finished(kind.name, path, tags)
        if not differences and digest_file(path) != facts.sha256:
            differences = (
                "its bytes are not those that audio.lock notes: its sound is another one, or damaged",
            )
        found += [f"{kind.suffix}: {each}" if facts is not lock else each for each in differences]
    return tuple(found)
