"""An episode's recording, with or without its words, into a draft of a transcript with times."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from publisher.audio.ffmpeg import find_ffmpeg
from publisher.audio.scratch import scratch
from publisher.audio.voice import write_voice
from publisher.building.coming import reached
from publisher.building.leftovers import at_work
from publisher.building.mastering import CACHE_FOLDER
from publisher.building.reading import locked_enclosure, read_episode
from publisher.building.request import Progress, no_progress
from publisher.building.wording import read_words
from publisher.building.workshop import Workshop, open_workshop
from publisher.episodes.folders import EPISODES_FOLDER, find_folders, find_slug
from publisher.errors import Place, Problem, SourceError, SurroundingsError, UsageError
from publisher.files import write_whole
from publisher.model import Episode
from publisher.source.document import read_text
from publisher.speech import (
    Gap,
    Heard,
    Placed,
    Token,
    caption,
    find_aligner,
    find_gaps,
    find_listener,
    has_aligner,
    name_speakers,
    place,
    split_tokens,
    spread,
)
from publisher.speech.heard import BYTES_PER_MS
from publisher.timecodes import format_clock
from publisher.transcripts import FORMS, Cue, Transcript, read_transcript, write_json

DRAFT_FILE = "transcript.draft"
"""Not one of the names under which a transcript is looked for: nobody publishes a draft by accident."""

_LEAST_FOUND = 0.5
_LIMIT_BYTES = 16 * 1024 * 1024
_LEAST_MS_A_WORD = 90
Listening = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Draft:
    """A transcript with times, and how much of it can be believed: `found` of `words` were heard."""

    slug: str
    transcript: Transcript
    placed: tuple[Placed, ...]
    speakers: tuple[str | None, ...]
    words: int
    found: int
    gaps: tuple[Gap, ...]
    is_aligned: bool = True
    is_guessed: bool = False

    def as_json(self) -> dict[str, Any]:
        """Return the draft's figures and cues for machines."""
        return {
            "episode": self.slug,
            "language": self.transcript.language,
            "words": self.words,
            "found": self.found,
            "gaps": [
                {"from_seconds": gap.start_ms / 1000, "to_seconds": gap.end_ms / 1000, "text": gap.text}
                for gap in self.gaps
            ],
            "cues": [
                {
                    "from_seconds": cue.start_ms / 1000,
                    "to_seconds": cue.end_ms / 1000,
                    "speaker": cue.speaker,
                    "text": cue.text,
                }
                for cue in self.transcript.cues
            ],
        }

    def write(self, form: str) -> bytes:
        """Return the draft as captions in a form, or as `json` of the podcast namespace, word for word."""
        if form != "json":
            return FORMS[form](self.transcript)
        cues = (
            Cue(word.start_ms, word.end_ms, self.speakers[word.token.cue], word.token.text)
            for word in self.placed
        )
        return write_json(Transcript(tuple(cues), self.transcript.language))

    def save(self, root: Path, form: str) -> Path:
        """Write the draft beside the episode, and return where.

        Raises:
            UsageError: there is another draft already, which somebody may have corrected.
            SurroundingsError: the disk is full or the folder cannot be written.
        """
        shown = f"{EPISODES_FOLDER}/{self.slug}/{DRAFT_FILE}.{'txt' if form == 'text' else form}"
        path, data = root / shown, self.write(form)
        if path.exists() and path.read_bytes() != data:
            hint = "delete or rename it first; corrections in it are never overwritten"
            raise UsageError(f"there is another draft: {shown}", hint=hint)
        write_whole(path, data)
        return path


def align_episode(
    root: Path,
    name: str,
    now: datetime,
    progress: Progress = no_progress,
    *,
    text: Path | None = None,
    may_guess: bool = False,
) -> Draft:
    """Find when the words of an episode's transcript, or of the file `text`, are said in its recording.

    `may_guess` spreads the words evenly where no recogniser is installed or their language has none.

    Raises:
        UsageError: there is no such episode, it has no transcript, or the transcript is not English.
        SourceError: every problem of its files; fewer than half of the words were found.
        SurroundingsError: the recording is not on this machine, or the recogniser is not installed.
    """
    workshop, episode = _open(root, name, now)
    transcript, shown = _words(workshop, episode, text)
    transcript = name_speakers(transcript)
    language = transcript.language or workshop.show.language
    transcript = Transcript(transcript.cues, language, transcript.is_timed and text is None)
    is_english = language.partition("-")[0].lower() == "en"
    if may_guess and not (is_english and has_aligner()):
        return _guess(workshop, episode, transcript, shown)
    if not is_english:
        hint = "times in other languages have to be set by hand or by another program"
        raise UsageError(f"only English can be aligned; this transcript is in `{language}`", hint=hint)
    aligner = find_aligner()
    tokens = split_tokens(transcript)
    spoken = [token.text for token in tokens if token.is_spoken]
    with _voice(workshop, episode, progress) as (voice, listening):
        end_ms = voice.stat().st_size // BYTES_PER_MS
        _refuse_too_many(len(spoken), end_ms, shown)
        heard = aligner.align(voice, spoken, on_progress=listening)
    found = sum(each is not None for each in heard)
    if found < _LEAST_FOUND * len(spoken) or not found:
        message = f"only {found} of {len(spoken)} words of the transcript were found in the recording"
        hint = "check that both belong together; much music or a bad line can be the cause as well"
        raise SourceError((Problem(message, shown, hint),))
    return _draft(episode.slug, transcript, tokens, heard, end_ms)


def _words(workshop: Workshop, episode: Episode, text: Path | None) -> tuple[Transcript, Place]:
    """Return the words to find times for, and the file they stand in."""
    if text is not None:
        words = read_text(text, text.name, limit_bytes=_LIMIT_BYTES)
        return read_transcript(f"{text.stem}.txt", words), Place(text.name)
    transcript = read_words(workshop, episode)
    if transcript is None or episode.transcript is None:
        hint = f"add transcript.txt to the episode, or try `publisher transcript {episode.slug} --draft`"
        raise UsageError(f"{episode.slug} has no transcript to align", hint=hint)
    return transcript, Place(episode.transcript.relative_to(workshop.root).as_posix())


def _refuse_too_many(words: int, end_ms: int, shown: Place) -> None:
    if words * _LEAST_MS_A_WORD > end_ms:
        length = format_clock(end_ms)
        message = f"{words} words are more than anybody can say in the recording's {length}"
        raise SourceError((Problem(message, shown, "check that both belong together"),))


def _guess(workshop: Workshop, episode: Episode, transcript: Transcript, shown: Place) -> Draft:
    """Spread the words over the length of the finished audio, the longer ones longer."""
    lock = locked_enclosure(workshop, episode)
    end_ms = lock.duration_ms - lock.offset_ms
    tokens = split_tokens(transcript)
    spoken = [token for token in tokens if token.is_spoken]
    _refuse_too_many(len(spoken), end_ms, shown)
    draft = _draft(episode.slug, transcript, tokens, spread(spoken, end_ms), end_ms)
    return replace(draft, found=0, gaps=(), is_guessed=True)


def draft_episode(
    root: Path, name: str, now: datetime, engine: str, progress: Progress = no_progress
) -> Draft:  # fmt: skip
    """Write down what a recogniser hears in an episode's recording.

    Raises:
        UsageError: there is no such episode.
        SourceError: every problem of its files; nothing was heard.
        SurroundingsError: the recording is not on this machine, or there is no such recogniser or model.
    """
    workshop, episode = _open(root, name, now)
    listener = find_listener(engine)
    language = workshop.show.language
    with _voice(workshop, episode, progress) as (voice, listening):
        heard = listener.listen(voice, language, on_progress=listening)
        end_ms = voice.stat().st_size // BYTES_PER_MS
    if not heard:
        message = "no words were heard in this recording"
        shown = episode.master.relative_to(root).as_posix() if episode.master else ""
        raise SourceError((Problem(message, Place(shown), "check that it is the right file"),))
    words = Transcript((Cue(0, 0, None, " ".join(each.word for each in heard)),), language, is_timed=False)
    tokens = tuple(Token(each.word, 0) for each in heard)
    return replace(_draft(episode.slug, words, tokens, heard, end_ms), is_aligned=False)


def _draft(
    slug: str,
    transcript: Transcript,
    tokens: tuple[Token, ...],
    heard: tuple[Heard | None, ...],
    end_ms: int,
) -> Draft:
    placed = place(tokens, heard, end_ms)
    return Draft(
        slug=slug,
        transcript=caption(transcript, placed),
        placed=placed,
        speakers=tuple(cue.speaker for cue in transcript.cues),
        words=len(heard),
        found=sum(each is not None for each in heard),
        gaps=find_gaps(placed, end_ms),
    )


def _open(root: Path, name: str, now: datetime) -> tuple[Workshop, Episode]:
    slug = find_slug(name, find_folders(root))
    workshop = open_workshop(root, reached(root, now))
    return workshop, read_episode(workshop, slug)


@contextmanager
def _voice(
    workshop: Workshop, episode: Episode, progress: Progress
) -> Iterator[tuple[Path, Listening]]:  # fmt: skip
    """Yield the sound for a recogniser, and whom to tell how far it is; the sound is gone afterwards."""
    if episode.master is None:
        hint = f"copy it into {EPISODES_FOLDER}/{episode.slug}"
        raise SurroundingsError(f"the recording of {episode.slug} is not on this machine", hint=hint)
    shown = episode.master.relative_to(workshop.root).as_posix()
    with (
        at_work(workshop.root),
        scratch(workshop.root / CACHE_FOLDER / f"{episode.slug}.pcm") as voice,
        progress(f"listening to {episode.slug}", 0, "audio") as advance,
    ):
        write_voice(find_ffmpeg(), episode.master, voice, shown)
        total = voice.stat().st_size / BYTES_PER_MS / 1000
        yield voice, lambda done_ms: advance(done_ms / 1000, total)
