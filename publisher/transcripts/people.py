"""Speakers of a transcript to the people of the show."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

from publisher.model import Person
from publisher.transcripts.cues import Cue, Transcript


def speakers_of(cues: Iterable[Cue]) -> tuple[str, ...]:
    """Return every name once, in the order in which they are heard."""
    return tuple(dict.fromkeys(cue.speaker for cue in cues if cue.speaker))


def match_person(name: str, people: tuple[Person, ...]) -> Person | None:
    """Return who is meant: by the whole name, else by a part of it that only one person has.

    Case and accents do not count, nor do words such as a title before the name.
    """
    said = _words(name)
    exact = [person for person in people if _words(person.name) == said or person.id == name]
    if exact:
        return exact[0]
    near = [
        person
        for person in people
        if said and (set(said) <= set(_words(person.name)) or set(_words(person.name)) <= set(said))
    ]
    return near[0] if len(near) == 1 else None


def with_full_names(transcript: Transcript, people: tuple[Person, ...]) -> Transcript:
    """Write each speaker as the show does; a name of nobody stays as it is."""
    names = {name: match_person(name, people) for name in speakers_of(transcript.cues)}
    full = {name: person.name for name, person in names.items() if person}
    cues = (
        Cue(cue.start_ms, cue.end_ms, full.get(cue.speaker or "", cue.speaker), cue.text)
        for cue in transcript.cues
    )
    return Transcript(tuple(cues), transcript.language, transcript.is_timed)


def _words(name: str) -> list[str]:
    plain = unicodedata.normalize("NFKD", name).casefold()
    kept = "".join(char if char.isalnum() else " " for char in plain if not unicodedata.combining(char))
    return kept.split()
