"""The sources into what a person asks about them: a list with what is missing, or one episode whole."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from publisher.audio.lock import read_lock
from publisher.building.coming import reached
from publisher.building.making import make_notes, with_times
from publisher.building.reading import as_heard, read_episode, state_of_episode
from publisher.building.workshop import Workshop, open_workshop, say, speaks, wordless, workshop_in
from publisher.episodes.folders import EPISODES_FOLDER, find_folders, find_slug
from publisher.model import Enclosure, Episode
from publisher.notes import first_sentence_of, mail_html, plain_text
from publisher.timecodes import format_clock


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the list."""

    slug: str
    guid: str
    title: str
    date: str
    state: str
    needs: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        """Return the line for machines."""
        return {**asdict(self), "needs": list(self.needs)}


def survey(root: Path, now: datetime) -> tuple[Entry, ...]:
    """Return all episodes, newest first.

    Raises:
        SourceError: every problem of an episode that cannot be read.
    """
    workshop = open_workshop(root, reached(root, now))
    episodes = [read_episode(workshop, slug) for slug in find_folders(root)]
    episodes.sort(key=lambda episode: (episode.date, episode.slug), reverse=True)
    return tuple(
        Entry(
            slug=episode.slug,
            guid=episode.guid,
            title=episode.title,
            date=episode.date.isoformat(),
            state=state_of_episode(episode, workshop.now),
            needs=tuple(_needs(episode, _lock(workshop, episode))),
        )
        for episode in episodes
    )


def describe(root: Path, slug: str, now: datetime) -> dict[str, Any]:
    """Return everything known about one episode, in the words of its files.

    Raises:
        UsageError: there is no such episode.
        SourceError: every problem of its files.
    """
    workshop, episode = _open(root, slug, now)
    lock = _lock(workshop, episode)
    heard = as_heard(episode, lock) if lock else episode
    base = workshop.show.base_url
    return {
        "slug": episode.slug,
        "title": episode.title,
        "guid": episode.guid,
        "state": state_of_episode(episode, workshop.now),
        "date": episode.date.isoformat(),
        "type": episode.type,
        "season": episode.season,
        "episode": episode.number,
        "summary": heard.summary,
        "people": [f"{person.name} ({person.role})" for person in episode.people],
        "resources": [resource.title for resource in episode.resources],
        "chapters": [f"{format_clock(chapter.start_ms)} {chapter.title}" for chapter in heard.chapters],
        "recording": episode.master.name if episode.master else None,
        "transcript": episode.transcript.name if episode.transcript else None,
        "page": f"{base}episodes/{episode.slug}.html",
        "audio": f"{base}{lock.key}" if lock else None,
        "duration": format_clock(lock.duration_ms) if lock else None,
        "loudness": f"{lock.loudness_lufs:.1f} LUFS, peak {lock.true_peak_dbtp:.1f} dBTP" if lock else None,
        "enclosure": asdict(lock) if lock else {},
        "needs": list(_needs(episode, lock)),
    }


def notes_as(root: Path, slug: str, form: str, now: datetime, language: str | None = None) -> str:
    """Return the notes of an episode for the `feed`, the `web`, as `text`, for a `mail`, or as one sentence.

    Raises:
        UsageError: there is no such episode, or there are no words in the language.
        SourceError: every problem of its files.
    """
    workshop, written = _open(root, slug, now)
    language = language or workshop.show.language
    place = workshop_in(workshop, language)
    if place is not workshop and not speaks(workshop, language):
        raise wordless(workshop, language)
    episode = say(place, written)
    lock = _lock(workshop, episode)
    episode = as_heard(episode, lock) if lock else episode
    if form == "sentence":
        return first_sentence_of(episode, place.catalogue)
    if form == "text":
        return plain_text(episode, place.catalogue, place.templates, language=language)
    if form == "mail":
        return mail_html(episode, place.catalogue, place.templates, language=language)
    notes = make_notes(place, episode)
    notes = with_times(place, episode, lock, notes) if lock else notes
    return notes.feed_html if form == "feed" else notes.page_html


def _open(root: Path, slug: str, now: datetime) -> tuple[Workshop, Episode]:
    name = find_slug(slug, find_folders(root))
    workshop = open_workshop(root, reached(root, now))
    return workshop, read_episode(workshop, name)


def _lock(workshop: Workshop, episode: Episode) -> Enclosure | None:
    shown = f"{EPISODES_FOLDER}/{episode.slug}/{episode.lock_name}"
    return read_lock(workshop.root / shown, shown)


def _needs(episode: Episode, lock: Enclosure | None) -> list[str]:
    needs = []
    if lock is None:
        needs.append("recording" if episode.master is None else "finished audio")
    if episode.transcript is None:
        needs.append("transcript")
    if not episode.chapters:
        needs.append("chapters")
    if not episode.notes:
        needs.append("notes")
    if not episode.summary:
        needs.append("summary")
    return needs
