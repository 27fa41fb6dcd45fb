"""JSON with a list in it to that list, every element with its line and column."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from publisher.errors import Place, Problem, SourceError

_DECODER = json.JSONDecoder()
_BLANK = " \t\n"
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_AGAIN = "export the file again"


@dataclass(frozen=True, slots=True)
class Element:
    """One element of the list; `value` is whatever the file says, and may be of any type."""

    value: Any
    place: Place


def read_listing(text: str, shown: str, key: str) -> tuple[Element, ...]:
    """Return the elements of the list under `key` of the JSON object that the file `shown` holds.

    Raises:
        SourceError: it is no JSON, no object, or there is no list under `key`.
    """
    try:
        document = json.loads(text)
    except json.JSONDecodeError as error:
        problem = Problem(
            f"this is not JSON: {error.msg[:1].lower()}{error.msg[1:]}",
            Place(shown, error.lineno, error.colno),
            "a comma, quote or bracket is missing or too many just before this spot",
        )
        raise SourceError((problem,)) from error
    except (RecursionError, ValueError) as error:
        problem = Problem("this JSON is nested too deeply, or has a number without end", Place(shown), _AGAIN)
        raise SourceError((problem,)) from error
    if not isinstance(document, dict) or not isinstance(document.get(key), list):
        hint = f'the file has to look like {{"{key}": [ … ]}}'
        raise SourceError((Problem(f"this JSON has no list “{key}”", Place(shown, 1, 1), hint),))
    spots = list(_spots(text, key))
    spots = spots[len(spots) - len(document[key]) :]  # of a repeated key, JSON takes the last
    return tuple(
        Element(value, place) for value, place in zip(document[key], _places(text, shown, spots), strict=True)
    )


def has_illegal_characters(value: object) -> bool:
    """Tell whether a value is text with a character, written as an escape, that XML cannot hold."""
    return isinstance(value, str) and bool(_ILLEGAL.search(value))


def _spots(text: str, key: str) -> Iterator[int]:
    """Walk through the outer object of well-formed JSON; yield where each element under `key` starts."""
    at = _skip(text, _skip(text, 0) + 1)
    while text[at] != "}":
        name, at = _DECODER.raw_decode(text, at)
        at = _skip(text, _skip(text, at) + 1)
        if name == key and text[at] == "[":
            at = _skip(text, at + 1)
            while text[at] != "]":
                yield at
                at = _skip(text, _DECODER.raw_decode(text, at)[1])
                at = _skip(text, at + 1) if text[at] == "," else at
            at += 1
        else:
            at = _DECODER.raw_decode(text, at)[1]
        at = _skip(text, at)
        at = _skip(text, at + 1) if text[at] == "," else at


def _skip(text: str, at: int) -> int:
    while text[at] in _BLANK:
        at += 1
    return at


def _places(text: str, shown: str, spots: Iterable[int]) -> Iterator[Place]:
    """Yield the place of each spot, the spots rising; the text is gone through once."""
    line, start, before = 1, 0, 0
    for spot in spots:
        if passed := text.count("\n", before, spot):
            line += passed
            start = text.rfind("\n", before, spot) + 1
        before = spot
        yield Place(shown, line, spot - start + 1)
