"""A word that nobody knows into the known one that may have been meant."""

from __future__ import annotations

import difflib
from collections.abc import Iterable


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return `did you mean …?` for the nearest known word, or a short list of what there is."""
    words = sorted(known)
    near = difflib.get_close_matches(word, words, n=1, cutoff=0.6)
    if near:
        return f"did you mean `{near[0]}`?"
    return f"known are: {', '.join(words)}" if words and len(words) <= 12 else ""
