"""Words, some with times, to captions that can be read along."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from publisher.speech.heard import Heard
from publisher.transcripts import Cue, Transcript

_LINE = 42
_MOST_LETTERS = 2 * _LINE
_MOST_MS = 7_000
_PAUSE_MS = 900
_LEAST_LETTERS = 20
_GUESSED_MS = 400
_SENTENCE_END = re.compile(r"[.!?…][\"”’')\]]*$")
_CLAUSE_END = re.compile(r"[,;:–—][\"”’')\]]*$")


@dataclass(frozen=True, slots=True)
class Token:
    """A word as it stands in a cue of the transcript; what is in square brackets is not spoken."""

    text: str
    cue: int
    is_spoken: bool = True


@dataclass(frozen=True, slots=True)
class Placed:
    """A token with its time, which was heard, or guessed from its neighbours."""

    token: Token
    start_ms: int
    end_ms: int
    is_heard: bool


@dataclass(frozen=True, slots=True)
class Gap:
    """Spoken words in a row that were not found, and between which times they must be."""

    start_ms: int
    end_ms: int
    text: str


def split_tokens(transcript: Transcript) -> tuple[Token, ...]:
    """Return every word of a transcript."""
    tokens: list[Token] = []
    for number, cue in enumerate(transcript.cues):
        depth = 0
        for word in cue.text.split():
            depth += word.count("[")
            is_word = any(char.isalnum() or char in "&%@" for char in word)
            tokens.append(Token(word, number, is_spoken=is_word and depth == 0))
            depth = max(0, depth - word.count("]"))
    return tuple(tokens)


def place(tokens: Sequence[Token], heard: Sequence[Heard | None], end_ms: int) -> tuple[Placed, ...]:
    """Give every token a time: `heard` has those of the spoken ones, the others stand between these."""
    times = iter(heard)
    known = [next(times) if token.is_spoken else None for token in tokens]
    placed: list[Placed] = []
    at, now = 0, 0
    while at < len(tokens):
        if found := known[at]:
            placed.append(Placed(tokens[at], found.start_ms, found.end_ms, is_heard=True))
            now, at = found.end_ms, at + 1
            continue
        behind = next((number for number in range(at, len(tokens)) if known[number]), len(tokens))
        after = known[behind] if behind < len(tokens) else None
        placed += _guess(tokens[at:behind], now, after.start_ms if after else end_ms, is_first=at == 0)
        at = behind
        now = placed[-1].end_ms
    return tuple(placed)


def _guess(tokens: Sequence[Token], from_ms: int, to_ms: int, *, is_first: bool) -> Iterator[Placed]:
    """Spread words over the time between their neighbours; they stay close to one of these."""
    length = max(0, min(to_ms - from_ms, _GUESSED_MS * len(tokens)))
    start = to_ms - length if is_first else from_ms
    letters, done = sum(len(token.text) for token in tokens), 0
    for token in tokens:
        begin = start + length * done // letters
        done += len(token.text)
        yield Placed(token, begin, start + length * done // letters, is_heard=False)


def spread(tokens: Sequence[Token], end_ms: int) -> tuple[Heard, ...]:
    """Spread spoken words over the whole time, where nothing was listened to; longer words last longer."""
    letters, done = sum(len(token.text) + 1 for token in tokens), 0
    spoken: list[Heard] = []
    for token in tokens:
        start_ms = end_ms * done // letters
        done += len(token.text) + 1
        spoken.append(Heard(token.text, start_ms, end_ms * done // letters))
    return tuple(spoken)


def find_gaps(placed: Sequence[Placed], end_ms: int) -> tuple[Gap, ...]:
    """Return where spoken words were not found."""
    gaps: list[Gap] = []
    words: list[str] = []
    now = 0
    for each in placed:
        if each.is_heard:
            if words:
                gaps.append(Gap(now, each.start_ms, " ".join(words)))
            words, now = [], each.end_ms
        elif each.token.is_spoken:
            words.append(each.token.text)
    if words:
        gaps.append(Gap(now, end_ms, " ".join(words)))
    return tuple(gaps)


def caption(transcript: Transcript, placed: Sequence[Placed]) -> Transcript:
    """Return the transcript with the times: cues that had times keep their words, paragraphs are divided."""
    cues: list[Cue] = []
    for number, cue in enumerate(transcript.cues):
        words = [each for each in placed if each.token.cue == number]
        if not words:
            continue
        groups = [words] if transcript.is_timed else list(_divide(words))
        for group in groups:
            text = cue.text if transcript.is_timed else _lines(group)
            cues.append(Cue(group[0].start_ms, group[-1].end_ms, cue.speaker, text))
    return Transcript(tuple(cues), transcript.language)


def _divide(words: Sequence[Placed]) -> Iterator[list[Placed]]:
    """Divide a paragraph at sentences, pauses and commas, into what two lines hold."""
    group: list[Placed] = []
    for number, word in enumerate(words):
        group.append(word)
        following = words[number + 1] if number + 1 < len(words) else None
        if following is None:
            break
        letters = sum(len(each.token.text) + 1 for each in group)
        is_long = letters + len(following.token.text) > _MOST_LETTERS
        is_long = is_long or following.end_ms - group[0].start_ms > _MOST_MS
        if is_long and len(group) > 1:
            kept = _best_end(group)
            yield group[:kept]
            group = group[kept:]
        elif following.start_ms - word.end_ms > _PAUSE_MS or (
            letters >= _LEAST_LETTERS and _SENTENCE_END.search(word.token.text)
        ):
            yield group
            group = []
    if group:
        yield group


def _best_end(group: Sequence[Placed]) -> int:
    """Return behind which word a caption that is full ends: the last comma of its second half."""
    commas = [at for at in range(len(group) // 2, len(group)) if _CLAUSE_END.search(group[at].token.text)]
    return commas[-1] + 1 if commas else len(group)


def _lines(group: Sequence[Placed]) -> str:
    text = " ".join(each.token.text for each in group)
    if len(text) <= _LINE:
        return text
    return "\n".join(textwrap.wrap(text, len(text) // 2 + 5, break_long_words=False))
