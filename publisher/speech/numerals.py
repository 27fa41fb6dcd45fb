"""Numbers as they are written to the words with which they are read aloud, in every usual way."""

from __future__ import annotations

import re

_SMALL = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
)  # fmt: skip
_TENS = ("", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_GROUPS = ((10**9, "billion"), (10**6, "million"), (1000, "thousand"))
_ORDINALS = {
    "one": "first", "two": "second", "three": "third", "five": "fifth", "eight": "eighth", "nine": "ninth",
    "twelve": "twelfth",
}  # fmt: skip
_NUMBER = re.compile(
    r"(?P<sign>[$£€])?(?P<whole>\d{1,3}(?:,\d{3})+|\d+)(?:\.(?P<part>\d+))?(?P<tail>%|st|nd|rd|th|'?s)?",
    re.ASCII,
)
_MONEY = {"$": "dollars", "£": "pounds", "€": "euros"}


def read_aloud(text: str) -> tuple[str, ...]:
    """Return the ways to say a number such as `2022`, `51.6`, `$1,500` or `3rd`; none of other text."""
    match = _NUMBER.fullmatch(text)
    if not match:
        return ()
    digits = match["whole"].replace(",", "")
    tail = match["tail"]
    if match["part"]:
        ways = [f"{way} point {_each(match['part'])}" for way in _whole(digits)]
    else:
        ways = _whole(digits)
    if tail == "%":
        ways = [f"{way} percent" for way in ways]
    elif tail in {"st", "nd", "rd", "th"}:
        ways = [_ordinal(way) for way in ways]
    elif tail:
        ways = [_plural(way) for way in ways]
    if match["sign"]:
        ways = [f"{way} {_MONEY[match['sign']]}" for way in ways]
    return tuple(dict.fromkeys(ways))


def _whole(digits: str) -> list[str]:
    number = int(digits[:15])
    if len(digits) > 12 or (len(digits) > 1 and digits[0] == "0"):
        return [_each(digits), _each(digits).replace("zero", "oh")]
    ways = [_cardinal(number)]
    if len(digits) == 4 and number % 1000 >= 10:  # a year, most likely
        high, low = divmod(number, 100)
        pair = "hundred" if low == 0 else f"oh {_cardinal(low)}" if low < 10 else _cardinal(low)
        ways.insert(0, f"{_cardinal(high)} {pair}")
    if number > 100 and number % 100:
        head, tail = _cardinal(number // 100 * 100), _cardinal(number % 100)
        ways.append(f"{head} and {tail}")
    if 100 < number < 1000:
        ways.append(_each(digits))
    return ways


def _cardinal(number: int) -> str:
    for size, name in _GROUPS:
        if number >= size:
            rest = number % size
            return f"{_cardinal(number // size)} {name}" + (f" {_cardinal(rest)}" if rest else "")
    if number >= 100:
        rest = number % 100
        return f"{_SMALL[number // 100]} hundred" + (f" {_cardinal(rest)}" if rest else "")
    if number >= 20:
        return _TENS[number // 10] + (f" {_SMALL[number % 10]}" if number % 10 else "")
    return _SMALL[number]


def _each(digits: str) -> str:
    return " ".join(_SMALL[int(digit)] for digit in digits)


def _ordinal(words: str) -> str:
    head, _, last = words.rpartition(" ")
    regular = f"{last[:-1]}ieth" if last.endswith("y") else f"{last}th"
    return f"{head} {_ORDINALS.get(last, regular)}".strip()


def _plural(words: str) -> str:
    return f"{words[:-1]}ies" if words.endswith("y") else f"{words}es" if words.endswith("x") else f"{words}s"
