"""A post's text to its length, counted as the network counts it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Literal

_URL = re.compile(r"https?://[^\s<>\"]+")
_ZWJ = "\u200d"
_SPACING = "\u0e33\u0eb3"
_SKIN_TONES = range(0x1F3FB, 0x1F400)
_REGIONAL = range(0x1F1E6, 0x1F200)
_TAGS = range(0xE0020, 0xE0080)
_URL_ON_MASTODON = 23
_PAGE = 100
"""How many characters a post may have for each that counts: one grapheme may be made of many."""


@dataclass(frozen=True, slots=True)
class Network:
    """Where a post goes: its limit, and in what it is counted."""

    name: str
    title: str
    limit: int
    unit: Literal["characters", "graphemes", "utf-16"]
    most_bytes: int | None = None
    url_length: int | None = None
    """How many characters an address costs, whatever its length; None where it costs what it is long."""

    def length(self, text: str) -> int:
        """Return the length of a post as this network counts it."""
        if self.url_length is not None:
            text = _URL.sub("x" * self.url_length, text)
        return (
            len(text.encode("utf-16-le")) // 2 if self.unit == "utf-16" else sum(1 for _ in graphemes(text))
        )

    def takes(self, text: str) -> bool:
        """Tell whether a post is inside the limits."""
        if self.most_bytes is not None and len(text.encode()) > self.most_bytes:
            return False
        if self.unit == "graphemes" and self.url_length is None:  # a book is refused after its first page
            return sum(1 for _ in islice(graphemes(text), self.limit + 1)) <= self.limit
        return self.length(text[: _PAGE * self.limit]) <= self.limit and len(text) <= _PAGE * self.limit


NETWORKS = (
    Network("mastodon", "Mastodon", 500, "graphemes", url_length=_URL_ON_MASTODON),
    Network("bluesky", "Bluesky", 300, "graphemes", most_bytes=3000),
    Network("linkedin", "LinkedIn", 3000, "utf-16"),
    Network("facebook", "Facebook", 63_206, "utf-16"),
)


def graphemes(text: str) -> Iterator[str]:
    """Divide text into what people see as one character each (UAX #29, extended grapheme clusters).

    Rarer rules are left out where that makes the count higher, never lower, than the network's.
    """
    cluster = ""
    for char in text:
        if cluster and not _joins(cluster, char):
            yield cluster
            cluster = ""
        cluster += char
    if cluster:
        yield cluster


def shorten(text: str, most: int) -> str:
    """Cut text to at most `most` graphemes, at a word where one is near, with “…” for what is left out."""
    parts = list(graphemes(text))
    if len(parts) <= most:
        return text
    cut = "".join(parts[: max(most - 1, 0)])
    at_word = cut.rpartition(" ")[0]
    return (at_word if len(at_word) > len(cut) * 0.6 else cut).rstrip(" ,;:–—-") + "…" if most > 0 else ""


def _joins(cluster: str, char: str) -> bool:
    last, code = cluster[-1], ord(char)
    if last == "\r":
        return char == "\n"
    if last in "\n" or char in "\r\n" or unicodedata.category(last) == "Cc":
        return False
    if char == _ZWJ or _extends(char):
        return True
    if unicodedata.category(char) in ("Mn", "Me", "Mc") or char in _SPACING:
        return True
    if last == _ZWJ:
        base = next((each for each in reversed(cluster[:-1]) if not _extends(each)), "")
        return bool(base) and _is_pictographic(base) and _is_pictographic(char)
    if code in _REGIONAL:
        return len(cluster) % 2 == 1 and all(ord(each) in _REGIONAL for each in cluster)
    return _is_hangul_joined(last, char)


def _extends(char: str) -> bool:
    code = ord(char)
    return (
        char == "\u200c" or code in _SKIN_TONES or code in _TAGS or unicodedata.category(char) in ("Mn", "Me")
    )


def _is_pictographic(char: str) -> bool:
    if ord(char) in _REGIONAL:
        return False
    return char in "©®‼⁉™〰〽↔♾" or (unicodedata.category(char) == "So" and char > "\u2190")


def _is_hangul_joined(last: str, char: str) -> bool:
    """Follow rules GB6 to GB8: leading consonants, vowels and trailing consonants make one syllable."""
    before, now = ord(last), ord(char)
    is_syllable = 0xAC00 <= before <= 0xD7A3
    is_open = is_syllable and (before - 0xAC00) % 28 == 0
    if 0x1100 <= before <= 0x115F:
        return 0x1100 <= now <= 0x11A7 or 0xAC00 <= now <= 0xD7A3
    if 0x1160 <= before <= 0x11A7 or is_open:
        return 0x1160 <= now <= 0x11FF
    return (0x11A8 <= before <= 0x11FF or is_syllable) and 0x11A8 <= now <= 0x11FF
