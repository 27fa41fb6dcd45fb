"""A speaker's name before words, as SubRip and plain text have it, to name and words, and back.

Neither format says where a name ends. Where what is written would be read otherwise, an invisible word joiner
(U+2060) marks the spot: behind the colon of an unusual name, or before words that only look like a name.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

_JOINER = "\u2060"
_LOOKS_LIKE_A_NAME = re.compile(
    r"(?P<name>[^\W\d_](?:[^\W_]|[ .'’\-&()]){0,48}?) ?: +(?P<words>\S.*)", re.DOTALL
)
_MARKED = re.compile(rf"(?P<name>[^\n]*?):{_JOINER} ?(?P<words>.*)", re.DOTALL)
_PARTICLES = frozenset({"and", "da", "de", "del", "der", "di", "la", "of", "van", "von", "y"})
_MOST_WORDS = 5
_OFTEN = 3


def split_speaker(text: str, known: frozenset[str] = frozenset()) -> tuple[str | None, str]:
    """Take a `Name: ` off the beginning: at most five words with capital letters, numbers and particles.

    What is `known` to be a name needs no capitals.
    """
    if _JOINER in text:
        if text.startswith(_JOINER):
            return None, text[1:]
        if marked := _MARKED.fullmatch(text):
            return marked["name"] or None, marked["words"]
    match = _LOOKS_LIKE_A_NAME.fullmatch(text) if ":" in text[:52] else None
    if match and (match["name"] in known or _is_certain(match["name"])):
        return match["name"], match["words"]
    return None, text


def names_in(texts: Iterable[str]) -> frozenset[str]:
    """Return what stands like a name before the words of at least three of the texts."""
    found = (_LOOKS_LIKE_A_NAME.fullmatch(text) for text in texts if ":" in text[:52])
    counts = Counter(match["name"] for match in found if match and len(match["name"].split()) <= _MOST_WORDS)
    return frozenset(name for name, count in counts.items() if count >= _OFTEN)


def join_speaker(speaker: str | None, text: str) -> str:
    """Write the name before the words, so that `split_speaker` returns both as they were."""
    if speaker is None:
        return f"{_JOINER}{text}" if _JOINER in text or _LOOKS_LIKE_A_NAME.fullmatch(text) else text
    plain = f"{speaker}: {text}"
    return plain if split_speaker(plain) == (speaker, text) else f"{speaker}:{_JOINER} {text}"


def _is_certain(name: str) -> bool:
    words = name.split()
    if len(words) > _MOST_WORDS or not words[0][0].isupper():
        return False
    return not any(word[0].islower() and word not in _PARTICLES for word in words)
