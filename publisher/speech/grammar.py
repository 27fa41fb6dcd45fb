"""A text to the statistics of what follows what in it, as recognisers read them (ARPA trigrams)."""

from __future__ import annotations

import itertools
import math
from collections import Counter
from collections.abc import Iterator, Sequence

_START, _END = "<s>", "</s>"
_KEPT = 0.5
"""The share of what was seen; the other half is left for words in another order than the text has."""


def write_grammar(words: Sequence[str]) -> str:
    """Return the trigrams of a text with back-off; the recogniser strongly expects the words in order."""
    text = [_START, *words, _END]
    singles = Counter(text)
    pairs = Counter(itertools.pairwise(text))
    triples = Counter(zip(text, text[1:], text[2:], strict=False))
    single = {word: count * _KEPT / len(text) for word, count in singles.items()}
    pair = {key: count * _KEPT / singles[key[0]] for key, count in pairs.items()}
    lines = ["\\data\\", f"ngram 1={len(single)}", f"ngram 2={len(pair)}", f"ngram 3={len(triples)}", ""]
    lines += ["\\1-grams:"]
    rest = _left(((first,), single[second]) for first, second in pairs)
    lines += [f"{_log(single[word])} {word} {_log(rest.get((word,), 1.0))}" for word in sorted(single)]
    lines += ["", "\\2-grams:"]
    rest = _left(((first, second), pair[second, third]) for first, second, third in triples)
    lines += [f"{_log(pair[key])} {' '.join(key)} {_log(rest.get(key, 1.0))}" for key in sorted(pair)]
    lines += ["", "\\3-grams:"]
    lines += [f"{_log(triples[key] * _KEPT / pairs[key[:2]])} {' '.join(key)}" for key in sorted(triples)]
    return "\n".join([*lines, "", "\\end\\", ""])


def _left(seen: Iterator[tuple[tuple[str, ...], float]]) -> dict[tuple[str, ...], float]:
    """Return for each history the weight with which shorter ones are asked for what did not follow it."""
    taken: dict[tuple[str, ...], float] = {}
    for history, probability in seen:
        taken[history] = taken.get(history, 0.0) + probability
    return {history: (1 - _KEPT) / max(1 - share, 0.01) for history, share in taken.items()}


def _log(probability: float) -> str:
    return f"{math.log10(probability):.4f}"
