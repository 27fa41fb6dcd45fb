"""Raw sound to words with their times by pocketsphinx and the English model that comes with it."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from pocketsphinx import Decoder, Vad, get_model_path

from publisher.errors import Problem, SourceError, SurroundingsError
from publisher.speech.grammar import write_grammar
from publisher.speech.heard import BYTES_PER_MS, SAMPLE_RATE, Heard, OnProgress
from publisher.speech.matching import find_holes, match
from publisher.speech.sounds import is_known, pronounce

_LEAST_PART_MS, _MOST_PART_MS, _PAUSE_MS = 8_000, 30_000, 240
_MOST_HOLE_MS = 60_000
_STRICTEST = 3  # of what counts as speech
_MOST_WORD_MS = 2_500
_LEAST_SPEECH_MS = 120
_KNOWN_SHARE = 0.5
_VARIANT = re.compile(r"\(\d+\)$")


class Sphinx:
    """Both an Aligner and a Listener; holds the pronouncing dictionary (40 MB) while it is kept."""

    def __init__(self) -> None:
        self._sounds = _read_dictionary(Path(get_model_path("en-us/cmudict-en-us.dict")))

    def align(
        self, voice: Path, words: Sequence[str], *, on_progress: OnProgress | None = None
    ) -> tuple[Heard | None, ...]:
        """Return the time of each word of an English text, and nothing for those that were not found.

        The recogniser listens for the text's own words in about their order; what it hears in the right order
        is certain. The words in between are then fitted into the sound in between.

        Raises:
            SourceError: the words are not English.
        """
        said = [pronounce(word, self._sounds) for word in words]
        self._refuse_foreign(words)
        names = _name(said)
        spoken = [number for number, name in enumerate(names) if name]
        placed: list[Heard | None] = [None] * len(words)
        if not spoken:
            return tuple(placed)
        with tempfile.TemporaryDirectory(dir=voice.parent, prefix=".speech-") as folder:
            lexicon = {name: ways for name, ways in zip(names, said, strict=True) if name}
            decoder = _open_decoder(Path(folder), lexicon, [names[number] for number in spoken])
            heard = tuple(_listen(decoder, voice, on_progress))
            found = match([names[number] for number in spoken], heard)
            end_ms = voice.stat().st_size // BYTES_PER_MS
            for hole in tuple(find_holes(found, len(spoken), end_ms)):
                wanted = [names[number] for number in spoken[hole.first : hole.last]]
                fitted = _fit(decoder, voice, wanted, _Part(hole.start_ms, hole.end_ms))
                found.update(enumerate(fitted, hole.first))
        for index, where in found.items():
            placed[spoken[index]] = Heard(words[spoken[index]], where.start_ms, where.end_ms)
        return tuple(placed)

    def listen(
        self, voice: Path, language: str, *, on_progress: OnProgress | None = None
    ) -> tuple[Heard, ...]:
        """Return the words that were heard; of people talking freely, one in three may be wrong.

        Raises:
            SurroundingsError: the language is not English.
        """
        if language.partition("-")[0].lower() != "en":
            hint = "for other languages, another recogniser has to be installed (--engine NAME)"
            raise SurroundingsError("pocketsphinx has a model of English only", hint=hint)
        decoder = Decoder(samprate=SAMPLE_RATE, cmn="batch", loglevel="FATAL")
        return tuple(_listen(decoder, voice, on_progress))

    def _refuse_foreign(self, words: Sequence[str]) -> None:
        letters = [word for word in words if any(char.isalpha() for char in word)]
        known = sum(is_known(word, self._sounds) for word in letters)
        if known < _KNOWN_SHARE * len(letters):
            message = (
                f"only {known} of {len(letters)} words are English, the one language that can be aligned"
            )
            raise SourceError((Problem(message, hint="words of other languages have to be timed by hand"),))


@dataclass(frozen=True, slots=True)
class _Part:
    """A stretch of the sound, and how much of it may be speech."""

    start_ms: int
    end_ms: int
    speech_ms: int = 0


def _read_dictionary(path: Path) -> dict[str, list[str]]:
    sounds: dict[str, list[str]] = {}
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            word, _, way = line.strip().partition(" ")
            sounds.setdefault(_VARIANT.sub("", word), []).append(way)
    return sounds


def _name(said: Sequence[tuple[str, ...]]) -> list[str]:
    """Name words by their sounds: those that sound the same are the same to a recogniser."""
    names: dict[tuple[str, ...], str] = {(): ""}
    return [names.setdefault(ways, f"w{len(names)}") for ways in said]


def _open_decoder(folder: Path, lexicon: dict[str, tuple[str, ...]], text: Sequence[str]) -> Decoder:
    """Open a recogniser that knows the words of one text only, and expects them in their order."""
    lines = []
    for name, ways in sorted(lexicon.items()):
        lines += [f"{name}{f'({number})' if number > 1 else ''} {way}" for number, way in enumerate(ways, 1)]
    dictionary, grammar = folder / "words.dict", folder / "text.arpa"
    dictionary.write_text("\n".join(lines) + "\n", encoding="ascii")
    grammar.write_text(write_grammar(text), encoding="ascii")
    return Decoder(dict=str(dictionary), lm=str(grammar), samprate=SAMPLE_RATE, cmn="batch", loglevel="FATAL")


def _listen(decoder: Decoder, voice: Path, on_progress: OnProgress | None) -> Iterator[Heard]:
    """Yield what is heard, part for part: the sound is never held whole."""
    for part in _parts(voice):
        if part.speech_ms >= _LEAST_SPEECH_MS:  # in silence, a recogniser hears a word all the same
            yield from _decode(decoder, voice, part)
        if on_progress:
            on_progress(part.end_ms)


def _parts(voice: Path) -> Iterator[_Part]:
    """Cut the sound at pauses, or where there are none, after half a minute."""
    detector = Vad(_STRICTEST)
    frame_ms = round(detector.frame_length * 1000)
    start = now = quiet = speech = 0
    with voice.open("rb") as file:
        while len(frame := file.read(detector.frame_bytes)) == detector.frame_bytes:
            now += frame_ms
            if detector.is_speech(frame):
                quiet, speech = 0, speech + frame_ms
            else:
                quiet += frame_ms
            at_pause = now - start > _LEAST_PART_MS and quiet >= _PAUSE_MS
            if at_pause or now - start > _MOST_PART_MS:
                yield _Part(start, now - quiet // 2, speech)
                start, quiet, speech = now - quiet // 2, 0, 0
    if now > start:
        yield _Part(start, now, speech)


def _decode(decoder: Decoder, voice: Path, part: _Part) -> Iterator[Heard]:
    """Yield the words of one part of the sound."""
    with voice.open("rb") as file:
        file.seek(part.start_ms * BYTES_PER_MS)
        data = file.read((part.end_ms - part.start_ms) * BYTES_PER_MS)
    decoder.start_utt()
    decoder.process_raw(data, full_utt=True)
    decoder.end_utt()
    for segment in decoder.seg() or ():
        word = _VARIANT.sub("", segment.word)
        if word[0] not in "<[(+":  # silence and noises
            start, end = segment.start_frame * 10, (segment.end_frame + 1) * 10
            yield Heard(word, part.start_ms + start, min(part.start_ms + end, part.end_ms))


def _fit(decoder: Decoder, voice: Path, words: Sequence[str], part: _Part) -> tuple[Heard, ...]:
    """Return where all of these words are within a stretch of sound; nothing when they cannot be there."""
    if part.end_ms - part.start_ms > _MOST_HOLE_MS:
        return ()
    try:
        decoder.set_align_text(" ".join(words))
        found = tuple(_decode(decoder, voice, part))
    except RuntimeError:  # no way through the words fits the sound
        return ()
    is_whole = [heard.word for heard in found] == list(words)
    is_likely = all(heard.end_ms - heard.start_ms <= _MOST_WORD_MS for heard in found)
    return found if is_whole and is_likely else ()
