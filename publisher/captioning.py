"""An episode's transcript, or any file of one, into another form, findings, or the same file set right."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from difflib import unified_diff
from pathlib import Path

from publisher.audio.lock import read_lock
from publisher.building.coming import reached
from publisher.building.reading import read_episode
from publisher.building.workshop import open_workshop
from publisher.episodes.folders import EPISODES_FOLDER, find_folders, find_slug
from publisher.errors import UsageError
from publisher.files import write_if_changed
from publisher.model import LOCK_FILE, Finding, Person
from publisher.source.document import read_text
from publisher.transcripts import FORMS, Reading, media_type, parse_transcript
from publisher.transcripts.checking import Background, check_reading
from publisher.transcripts.mending import mend_cues, mend_times
from publisher.transcripts.moving import shift_text
from publisher.transcripts.people import match_person, speakers_of, with_full_names
from publisher.transcripts.writing import check_writing

_LIMIT_BYTES = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Words:
    """A transcript's file with what is known of it; of a single file neither people nor audio are known."""

    path: Path
    shown: str
    text: str
    language: str | None = None
    people: tuple[Person, ...] = ()
    duration_ms: int | None = None
    title: str = "Transcript"

    def parse(self) -> Reading:
        """Read what can be read.

        Raises:
            SourceError: nothing can.
        """
        return parse_transcript(self.shown, self.text, language=self.language)


@dataclass(frozen=True, slots=True)
class Speaker:
    """A name in a transcript, who of the show that is, and how often and long they are heard."""

    name: str
    person: str | None
    cues: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Changed:
    """What a file would hold, what was done to it in words, and the difference for people."""

    path: Path
    shown: str
    text: str
    done: tuple[str, ...]
    difference: tuple[str, ...]

    def save(self) -> bool:
        """Write the file whole, unless it is as it should be; tell whether it was written.

        Raises:
            SurroundingsError: the disk is full or the folder cannot be written.
        """
        return write_if_changed(self.path, self.text.encode())


def is_transcript_file(path: Path) -> bool:
    """Tell whether somebody means a file, not an episode."""
    return path.is_file() and (media_type(path.name) is not None or path.suffix.lower() == ".htm")


def words_of_file(path: Path, shown: str) -> Words:
    """Read a file that belongs to no show.

    Raises:
        SourceError: it cannot be read, or is no text.
    """
    return Words(path, shown, read_text(path, shown, limit_bytes=_LIMIT_BYTES))


def words_of_episode(root: Path, name: str, now: datetime) -> Words:
    """Read the transcript of an episode.

    Raises:
        UsageError: there is no such episode, or it has no transcript.
        SourceError: every problem of its files.
    """
    workshop = open_workshop(root, reached(root, now))
    episode = read_episode(workshop, find_slug(name, find_folders(root)))
    if episode.transcript is None:
        hint = "add transcript.vtt, .srt, .json, .html or .txt to the episode's folder"
        raise UsageError(f"{episode.slug} has no transcript", hint=hint)
    shown = episode.transcript.relative_to(root).as_posix()
    lock_shown = f"{EPISODES_FOLDER}/{episode.slug}/{LOCK_FILE}"
    lock = read_lock(root / lock_shown, lock_shown)
    hosts = tuple(host for host in workshop.show.hosts if host.id not in {who.id for who in episode.people})
    return Words(
        path=episode.transcript,
        shown=shown,
        text=read_text(episode.transcript, shown, limit_bytes=_LIMIT_BYTES),
        language=workshop.show.language,
        people=(*hosts, *episode.people),
        duration_ms=lock.duration_ms - lock.offset_ms if lock else None,
        title=episode.title,
    )


def convert(words: Words, form: str) -> bytes:
    """Write the transcript as `vtt`, `srt`, `json`, `html` or `text`, its speakers named as the show does.

    Raises:
        SourceError: the file is not sound.
        UsageError: it has no times, and the form needs them.
    """
    transcript = with_full_names(words.parse().transcript(), words.people)
    if not transcript.is_timed and form not in {"html", "text"}:
        hint = "write it as html or text, or find its times: `publisher transcript from-text EPISODE`"
        raise UsageError(f"{words.shown} has no times, which {form} needs", hint=hint)
    if form == "html":
        from publisher.transcripts import write_html

        return write_html(transcript, title=words.title)
    return FORMS[form](transcript)


def check_words(words: Words) -> tuple[tuple[Finding, ...], tuple[Speaker, ...]]:
    """Return what to complain about, and who speaks.

    Raises:
        SourceError: nothing of the file can be read.
    """
    reading = words.parse()
    background = Background(words.duration_ms, words.people)
    found = (*check_reading(words.shown, reading, background), *check_writing(words.shown, words.text))
    findings = tuple(sorted(found, key=lambda each: (each.place, each.rule)))
    speakers = []
    for name in speakers_of(reading.cues):
        own = [cue for cue in reading.cues if cue.speaker == name]
        person = match_person(name, words.people)
        lasting_ms = sum(max(0, cue.end_ms - cue.start_ms) for cue in own)
        speakers.append(Speaker(name, person.id if person else None, len(own), lasting_ms / 1000))
    return findings, tuple(speakers)


def shift(words: Words, by_ms: int, from_ms: int = 0) -> Changed:
    """Move the cues that start at `from_ms` or later.

    Raises:
        SourceError: the file is not sound, or a cue would lie outside the audio.
        UsageError: it has no times.
    """
    reading = words.parse()
    text = shift_text(words.text, words.shown, reading, by_ms, from_ms)
    count = sum(cue.start_ms >= from_ms for cue in reading.cues)
    moved = words.shown, f"{by_ms / 1000:+g} s"
    return _changed(words, text, ("{} cues of {} moved by {}".format(count, *moved),))


def repair(words: Words) -> Changed:
    """Bring times into order and into the right form, and change nothing else.

    Raises:
        SourceError: there is something that no program can mend.
        UsageError: it has no times.
    """
    kind = words.path.suffix.casefold()
    if kind in {".vtt", ".srt"}:
        mended = mend_times(words.text, is_vtt=kind == ".vtt", duration_ms=words.duration_ms)
        parse_transcript(words.shown, mended.text).transcript()  # what is still wrong is told
        return _changed(words, mended.text, mended.done)
    reading = words.parse()
    if not reading.is_timed:
        raise UsageError(f"{words.shown} has no times to repair", hint="only timed transcripts are repaired")
    transcript, done = mend_cues(reading, words.duration_ms)
    if not done:
        return _changed(words, words.text, ())
    return _changed(words, FORMS["json" if kind == ".json" else "html"](transcript).decode(), done)


def _changed(words: Words, text: str, done: tuple[str, ...]) -> Changed:
    lines = unified_diff(
        words.text.splitlines(), text.splitlines(), words.shown, words.shown, n=1, lineterm=""
    )
    return Changed(words.path, words.shown, text, done, tuple(lines))
