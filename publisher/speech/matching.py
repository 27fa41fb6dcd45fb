"""Written words and heard words to those that are certainly the same."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from publisher.speech.heard import Heard

_CERTAIN = 3
"""So many words in a row are no accident."""

_LEAST_MS_A_WORD = 90


def match(written: Sequence[str], heard: Sequence[Heard]) -> dict[int, Heard]:
    """Return where words were heard, by their number in the text: those in runs of three and more."""
    matcher = SequenceMatcher(None, written, [each.word for each in heard], autojunk=False)
    certain = min(_CERTAIN, len(written))
    return {
        block.a + offset: heard[block.b + offset]
        for block in matcher.get_matching_blocks()
        if block.size >= certain
        for offset in range(block.size)
    }


@dataclass(frozen=True, slots=True)
class Hole:
    """Words in a row that were not found, from `first` to before `last`, and the time left for them."""

    first: int
    last: int
    start_ms: int
    end_ms: int


def find_holes(found: Mapping[int, Heard], count: int, end_ms: int) -> Iterator[Hole]:
    """Yield the runs of words between found ones, but for those that nobody can say in their time."""
    first, from_ms = 0, 0
    for number in [*sorted(found), count]:
        to_ms = found[number].start_ms if number in found else end_ms
        if number > first and to_ms - from_ms >= (number - first) * _LEAST_MS_A_WORD:
            yield Hole(first, number, from_ms, to_ms)
        if number in found:
            first, from_ms = number + 1, found[number].end_ms
