"""The files of an episode into what it is made from: its words, the facts of its audio, its transcript."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from publisher.audio.cover import check_cover
from publisher.audio.lock import read_lock
from publisher.building.illustrating import check_pictures
from publisher.building.workshop import Workshop, say
from publisher.editions import episode_in
from publisher.episodes import field_place, load_episode
from publisher.episodes.folders import EPISODES_FOLDER
from publisher.errors import Place, Problem, SourceError
from publisher.model import (
    Enclosure,
    Episode,
    Timeline,
)
from publisher.notes import check_notes
from publisher.notes.hearing import hear_words, time_problems
from publisher.source.document import read_text
from publisher.transcripts import (
    Transcript,
    check_against,
    read_transcript,
)
from publisher.transcripts.corrected import with_notes

_TRANSCRIPT_LIMIT_BYTES = 16 * 1024 * 1024


def read_episode(workshop: Workshop, slug: str) -> Episode:
    """Read and check an episode with its notes.

    Raises:
        SourceError: every problem of the episode's own files.
    """

    def check(episode: Episode) -> Iterator[Problem]:
        yield from check_notes(episode, workshop.catalogue)
        for translation in episode.translations:
            if translation.notes:
                yield from check_notes(episode_in(episode, translation.language), workshop.catalogue)
        if episode.cover:
            yield from check_cover(episode.cover, field_place(workshop.root, slug, "cover"))
        yield from check_pictures(workshop.root, episode)

    episode = load_episode(workshop.root, slug, workshop.show, workshop.catalogue, check)
    entry = workshop.withdrawn.get(episode.guid)
    if entry is None:
        return episode
    if entry.episode != slug:
        hint = "mint another guid here; if the folder was renamed, say so in episodes/withdrawn.yaml"
        message = f"this guid belongs to episodes/{entry.episode}, which was withdrawn"
        raise SourceError((Problem(message, field_place(workshop.root, slug, "guid"), hint),))
    return replace(episode, withdrawn=True)


def state_of_episode(episode: Episode, now: datetime) -> str:
    """Tell whether an episode is a `draft`, `withdrawn`, `scheduled`, or `public`."""
    if episode.draft:
        return "draft"
    if episode.withdrawn:
        return "withdrawn"
    return "scheduled" if episode.date > now else "public"


def lock_of(episode: Episode) -> str:
    """Return the name of the lock of an episode's audio, below `episodes/`."""
    return f"{episode.slug}/{episode.lock_name}"


def locked_enclosure(workshop: Workshop, episode: Episode) -> Enclosure:
    """Return the facts of the finished audio from `audio.lock`, touching no audio.

    Raises:
        SourceError: there is no lock, or it is damaged.
    """
    shown = f"{EPISODES_FOLDER}/{episode.slug}/{episode.lock_name}"
    enclosure = read_lock(f"{workshop.root}/{shown}", shown)
    if enclosure is None:
        if episode.master is None:
            message = "this episode has no audio: neither a recording nor an audio.lock"
            hint = "copy the recording into the episode's folder, or say `draft: true` until it is there"
        else:
            message = "this episode has no audio.lock"
            hint = f"run `publisher audio {episode.slug}` where the recording is, and commit the lock"
        raise SourceError((Problem(message, episode.source, hint),))
    return enclosure


def as_heard(episode: Episode, enclosure: Enclosure) -> Episode:
    """Return an episode whose times are those of its finished audio, whose intro may come first.

    This, and for its transcript `fitting_transcript`, is where everything but the tags is moved.

    Raises:
        SourceError: a time in the notes is not in the episode.
    """
    timeline = Timeline(enclosure.offset_ms)
    if problems := time_problems(episode, timeline, enclosure.duration_ms):
        raise SourceError(problems)
    return hear_words(timeline.episode(episode), timeline)


def hear(workshop: Workshop, place: Workshop, slug: str) -> tuple[Episode, Enclosure]:
    """Read an episode, and return it as said and heard in the language of another workshop.

    Raises:
        SourceError: every problem of its files; it has no finished audio.
    """
    episode = say(place, read_episode(workshop, slug))
    enclosure = locked_enclosure(workshop, episode)
    return as_heard(episode, enclosure), enclosure


def read_words(workshop: Workshop, episode: Episode) -> Transcript | None:
    """Read an episode's transcript, if it has one.

    Raises:
        SourceError: the transcript cannot be read.
    """
    path = episode.transcript
    if path is None:
        return None
    shown = path.relative_to(workshop.root).as_posix()
    return read_transcript(shown, read_text(path, shown, limit_bytes=_TRANSCRIPT_LIMIT_BYTES))


def fitting_transcript(workshop: Workshop, episode: Episode, enclosure: Enclosure) -> Transcript | None:
    """Read an episode's transcript, if it has one, with the times of the finished audio.

    Raises:
        SourceError: the transcript cannot be read or ends after the audio.
    """
    words = read_words(workshop, episode)
    if words is None or episode.transcript is None:
        return None
    transcript = words.moved(Timeline(enclosure.offset_ms))
    shown = episode.transcript.relative_to(workshop.root).as_posix()
    problem = check_against(transcript, enclosure.duration_ms, place=Place(shown))
    if problem:
        raise SourceError((problem,))
    return with_notes(transcript, _corrections(workshop, episode), enclosure.duration_ms)


def _corrections(workshop: Workshop, episode: Episode) -> Iterator[tuple[int, str]]:
    """Yield where the transcript has to say that something is wrong, and what it says there."""
    for correction in episode.corrections:
        if correction.at_ms is not None:
            language = workshop.show.language
            said = workshop.templates.render("correction.txt", language=language, correction=correction)
            yield correction.at_ms, said
