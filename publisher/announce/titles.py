"""The titles of several episodes to the one title that they share."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from publisher.translations import Words

_NUMERAL = re.compile(r"#?(?:\d{1,4}|[ivxlc]{1,6}|[a-z])[.:)]?", re.IGNORECASE)
_WRITTEN = frozenset(
    [
        "one",
        "two",
        "three",
        "four",
        "five",
        "six",
        "seven",
        "eight",
        "nine",
        "ten",
        "uno",
        "una",
        "dos",
        "tres",
        "cuatro",
        "cinco",
        "seis",
        "siete",
        "ocho",
        "nueve",
        "diez",
    ]
)
_DIVIDER = (":", ",", "-", "–", "—", "|", "·", "/")
_MOST_LISTED = 3


@dataclass(frozen=True, slots=True)
class _Compared:
    """Titles as words: what all begin with, what each has for itself, and what all end with."""

    before: list[str]
    middles: list[list[str]]
    after: list[str]

    @property
    def is_numbered(self) -> bool:
        """Whether the titles differ in a number only."""
        alone = all(len(middle) == 1 and _is_numeral(middle[0]) for middle in self.middles)
        return alone and bool(self.before or self.after)


def common_title(titles: Sequence[str], words: Words) -> str:
    """Join titles: `…, Part I` and `…, Part II` become `…, Parts I and II`; others are named one by one."""
    if len(titles) == 1:
        return titles[0]
    found = _compare(titles)
    if found.is_numbered:
        numerals = [middle[0].rstrip(".:)") for middle in found.middles]
        tail = found.middles[-1][0][len(numerals[-1]) :]
        before = [*found.before[:-1], _in_plural(found.before[-1], words)] if found.before else []
        return " ".join([*before, words.listed(numerals) + tail, *found.after])
    if found.before:
        return " ".join([*found.before, words.listed([" ".join(middle) for middle in found.middles])])
    if len(titles) <= _MOST_LISTED:
        return words.listed([words.text("“%(title)s”") % {"title": title} for title in titles])
    rest = words.plural("%(count)s more", "%(count)s more", len(titles) - _MOST_LISTED + 1)
    shown = [words.text("“%(title)s”") % {"title": title} for title in titles[: _MOST_LISTED - 1]]
    return words.listed([*shown, rest])


def part_label(title: str, titles: Sequence[str], words: Words) -> str:
    """Return what tells a title from the others: `Part I`; the whole title where they share nothing."""
    if len(titles) == 1:
        return title
    found = _compare(titles)
    middle = found.middles[list(titles).index(title)]
    if found.is_numbered:
        part = found.before[-1].lstrip("([") if found.before else ""
        return f"{part} {middle[0].rstrip('.:)')}" if part and _in_plural(part, words) != part else title
    return " ".join(middle) if found.before else title


def _compare(titles: Sequence[str]) -> _Compared:
    """Compare titles word by word; what they share ends before a number, or with a colon, comma or dash."""
    split = [title.split() for title in titles]
    start = _shared(split)
    end = _shared([parts[start:][::-1] for parts in split])
    middles = [parts[start : len(parts) - end] for parts in split]
    found = _Compared(split[0][:start], middles, split[0][len(split[0]) - end :] if end else [])
    if found.is_numbered:
        return found
    while start and not split[0][start - 1].endswith(_DIVIDER):
        start -= 1
    return _Compared(split[0][:start], [parts[start:] for parts in split], [])


def hashtag(title: str) -> str:
    """Return a title as a hashtag, each word with a capital, to be heard: `#RisingFromTheMargins`."""
    words = re.findall(r"\w+", title.replace("’", "").replace("'", ""))
    tag = "".join(word[:1].upper() + word[1:] for word in words).replace("_", "")
    return f"#{tag}" if tag and not tag.isdigit() and len(tag) <= 60 else ""


def _shared(split: Sequence[Sequence[str]]) -> int:
    """Count the words that all titles begin with; each keeps at least one word of its own."""
    most = min(len(parts) for parts in split) - 1
    count = 0
    while count < most and len({parts[count] for parts in split}) == 1:
        count += 1
    return count


def _is_numeral(word: str) -> bool:
    return bool(_NUMERAL.fullmatch(word)) or word.casefold().rstrip(".:)") in _WRITTEN


def _in_plural(word: str, words: Words) -> str:
    """Put the word for a part into its plural, in English or in the readers' language; others stay."""
    forms = {
        "Part": "Parts",
        "Episode": "Episodes",
        "Chapter": "Chapters",
        words.text("Part"): words.text("Parts"),
        words.text("Episode"): words.text("Episodes"),
        words.text("Chapter"): words.text("Chapters"),
    }
    bare = word.lstrip("([")
    opened = word[: len(word) - len(bare)]
    for one, several in forms.items():
        for form in (str, str.lower, str.upper):
            if bare == form(one):
                return opened + form(several)
    return word
