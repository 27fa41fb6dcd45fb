"""Written English words to the sounds that a recogniser listens for."""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence

from publisher.speech.numerals import read_aloud

Sounds = Mapping[str, Sequence[str]]
"""A pronouncing dictionary: each word with its pronunciations, whose sounds are separated by spaces."""

_MOST_WAYS = 8
_MOST_LETTERS = 300
"""Of a pronunciation: nobody reads a longer word aloud, such as a whole address."""
_BETWEEN = re.compile(r"[-–—/:_]+|\.{2,}|…")
_ACRONYM = re.compile(r"(?:[A-Z]\.?){2,6}")
_SAID_AS = {
    "&": "and", "+": "plus", "=": "equals", "@": "at", "%": "percent", "#": "number", "dr": "doctor",
    "mr": "mister", "mrs": "missus", "ms": "miss", "vs": "versus", "jr": "junior", "sr": "senior",
    "etc": "et cetera",
}  # fmt: skip
# The longest match counts: enough for a name that no dictionary has to be found where it was said.
_LETTERS = {
    "tch": "CH", "sch": "S K", "igh": "AY", "dge": "JH", "tion": "SH AH N", "sion": "ZH AH N", "ough": "AO",
    "augh": "AO", "eigh": "EY", "qu": "K W", "ch": "CH", "sh": "SH", "th": "TH", "ph": "F", "wh": "W",
    "ck": "K", "ng": "NG", "kn": "N", "wr": "R", "gh": "G", "ee": "IY", "ea": "IY", "oo": "UW", "ou": "AW",
    "ow": "OW", "oa": "OW", "oi": "OY", "oy": "OY", "ai": "EY", "ay": "EY", "au": "AO", "aw": "AO",
    "ei": "EY", "ey": "IY", "ie": "IY", "ue": "UW", "ui": "UW", "ew": "UW", "er": "ER", "ir": "ER",
    "ur": "ER", "ar": "AA R", "or": "AO R", "a": "AE", "b": "B", "c": "K", "d": "D", "e": "EH", "f": "F",
    "g": "G", "h": "HH", "i": "IH", "j": "JH", "k": "K", "l": "L", "m": "M", "n": "N", "o": "OW", "p": "P",
    "q": "K", "r": "R", "s": "S", "t": "T", "u": "AH", "v": "V", "w": "W", "x": "K S", "y": "IY", "z": "Z",
}  # fmt: skip
_SOFT = {"c": "S", "g": "JH"}


def pronounce(written: str, sounds: Sounds) -> tuple[str, ...]:
    """Return the ways to say a word as it stands in a text; none when nothing is said, as for a dash."""
    plain = unicodedata.normalize("NFKD", written.replace("’", "'"))
    plain = "".join(char for char in plain if not unicodedata.combining(char))
    said = [ways for part in _BETWEEN.split(plain) if (ways := list(_part(part, sounds)))]
    return tuple(way for way in _joined(said) if len(way) <= _MOST_LETTERS)


def is_known(written: str, sounds: Sounds) -> bool:
    """Tell whether a dictionary has the word itself."""
    return _bare(written.replace("’", "'")).lower() in sounds


def _part(text: str, sounds: Sounds) -> Iterator[str]:
    """Yield the pronunciations of something without dashes."""
    if text.strip() in _SAID_AS:
        yield from _phrase(_SAID_AS[text.strip()], sounds)
        return
    number = re.sub(r"[.,;!?)\]\"”']+$", "", text.lstrip("(["))
    if ways := read_aloud(number.lower()):
        for way in ways:
            yield from _phrase(way, sounds)
        return
    bare = _bare(text)
    word = bare.lower()
    if not word:
        return
    if word in _SAID_AS:
        yield from _phrase(_SAID_AS[word], sounds)
        return
    yield from sounds.get(word, ())
    letters = bare.removesuffix("s").replace(".", "")
    if letters.isascii() and _ACRONYM.fullmatch(letters):
        yield from _phrase(" ".join(letters.lower()), sounds)
    if word not in sounds:
        yield from _unknown(word, sounds)


def _bare(text: str) -> str:
    """Return a word without what stands around it."""
    return re.sub(r"^[^\w&@]+|[^\w]+$", "", text)


def _unknown(word: str, sounds: Sounds) -> Iterator[str]:
    """Yield how a word may sound that is in no dictionary."""
    stem = next((word.removesuffix(end) for end in ("'s", "s'", "s") if word.endswith(end)), "")
    if stem in sounds:
        yield from (f"{way} Z" for way in sounds[stem])
        return
    for at in range(len(word) - 3, 2, -1):
        if word[:at] in sounds and word[at:] in sounds:
            yield f"{sounds[word[:at]][0]} {sounds[word[at:]][0]}"
            return
    if any(char.isdigit() for char in word):  # such as K12 or 3D
        pieces = re.findall(r"\d+|[^\W\d]+", word)
        yield from _joined([list(_part(piece, sounds)) for piece in pieces])
    elif spelt := _by_letters(word):
        yield spelt


def _by_letters(word: str) -> str:
    """Guess a pronunciation from the spelling."""
    word = re.sub(r"[^a-z]", "", word)
    word = re.sub(r"([b-df-hj-np-tv-z])\1", r"\1", word)
    if len(word) > 3 and word[-1] == "e" and word[-2] not in "aeiou":
        word = word[:-1]
    said, at = [], 0
    while at < len(word):
        if word[at] in _SOFT and word[at + 1 : at + 2] in {"e", "i", "y"}:
            said.append(_SOFT[word[at]])
            at += 1
            continue
        size = next(size for size in (4, 3, 2, 1) if word[at : at + size] in _LETTERS)
        said.append(_LETTERS[word[at : at + size]])
        at += size
    return " ".join(said)


def _phrase(words: str, sounds: Sounds) -> tuple[str, ...]:
    """Return the ways to say several words that a dictionary has."""
    return _joined([list(sounds.get(word, ()))[:2] for word in words.split()])


def _joined(parts: Sequence[Sequence[str]]) -> tuple[str, ...]:
    """Return what is said one after the other, in the most usual combinations."""
    if not parts or not all(parts):
        return ()
    ways = (" ".join(way) for way in itertools.islice(itertools.product(*parts), 4 * _MOST_WAYS))
    return tuple(dict.fromkeys(ways))[:_MOST_WAYS]
