"""Words to the first sentence of them, for places that have room for one."""

from __future__ import annotations

import re

MOST_LETTERS = 300
_END = re.compile(r"[.!?…]+[”’»\"')\]]*(?=\s)|[。！？]+[」』）]*")
_ABBREVIATIONS = frozenset(
    [
        "dr",
        "dra",
        "mr",
        "mrs",
        "ms",
        "prof",
        "sr",
        "sra",
        "srta",
        "st",
        "vs",
        "etc",
        "no",
        "nr",
        "pp",
        "p",
        "vol",
        "ed",
        "ud",
        "uds",
        "pág",
        "e.g",
        "i.e",
        "u.s",
        "u.k",
        "a.m",
        "p.m",
        "d.c",
        "ee.uu",
    ]
)


def first_sentence(text: str, most_letters: int = MOST_LETTERS) -> str:
    """Return the first sentence; one that is longer than `most_letters` is cut at a word."""
    text = " ".join(text[: most_letters * 8].split())
    for end in _END.finditer(text):
        sentence = text[: end.end()]
        if not _is_abbreviation(sentence):
            text = sentence
            break
    if len(text) <= most_letters:
        return text
    cut = text[:most_letters]
    return (cut.rpartition(" ")[0] or cut[:-1]).rstrip(" ,;:–—-") + "…"


def _is_abbreviation(sentence: str) -> bool:
    """Tell whether a full stop only ends a short form (Dr.) or an initial (J.), and the sentence goes on."""
    word = sentence.rpartition(" ")[2].lstrip("(“\"'«¿¡")
    if not word.endswith("."):
        return False
    word = word.rstrip(".").casefold()
    return word in _ABBREVIATIONS or (len(word) == 1 and word.isalpha())
