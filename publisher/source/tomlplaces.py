"""TOML text into values that know their place, which the standard library's reader does not tell."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Set
from dataclasses import dataclass

from publisher.errors import Place, Problem, SourceError
from publisher.source.document import Document, Loc, place_at

_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
_SCALAR_END = re.compile(r"[^,\]}\n#]*")
_BLANK = re.compile(r"(?:[ \t\n]|#[^\n]*)*")
_SPACE = re.compile(r"[ \t]*")
_STRINGS = {
    '"""': re.compile(r'"""(?:\\.|[^\\])*?"{3,5}', re.DOTALL),
    "'''": re.compile(r"'''.*?'{3,5}", re.DOTALL),
    '"': re.compile(r'"(?:\\.|[^"\\\n])*"'),
    "'": re.compile(r"'[^'\n]*'"),
}
_TOML_PLACE = re.compile(r" \(at (?:line (\d+), column (\d+)|end of document)\)$")


def parse_toml(text: str, file: str) -> Document:
    """Parse TOML 1.0 and note where each key and value stands.

    Raises:
        SourceError: the text is not TOML.
    """
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise SourceError((_syntax_problem(error, text, file),)) from error
    except RecursionError as error:
        problem = Problem("lists nested far too deep", Place(file, 1, 1), "flatten this list")
        raise SourceError((problem,)) from error
    scan = _Scan(text)
    scan.document()
    values = {loc: place_at(file, text, index) for loc, index in scan.values.items()}
    keys = {loc: place_at(file, text, index) for loc, index in scan.keys.items()}
    return Document(file, data, values, keys)


@dataclass(frozen=True, slots=True)
class TomlSpans:
    """Where each value starts and ends, where each key starts, and which ways are those of `[tables]`."""

    values: Mapping[Loc, tuple[int, int]]
    keys: Mapping[Loc, int]
    tables: Set[Loc]


def scan_toml(text: str) -> TomlSpans:
    """Find every key and value of a text that is known to be valid TOML."""
    scan = _Scan(text)
    scan.document()
    values = {
        loc: (start, start + len(text[start : scan.ends.get(loc, start)].rstrip()))
        for loc, start in scan.values.items()
    }
    return TomlSpans(values, scan.keys, scan.tables)


class _Scan:
    """Runs over text that is known to be valid TOML, noting the index of each key and value."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.values: dict[Loc, int] = {}
        self.keys: dict[Loc, int] = {}
        self.counts: dict[Loc, int] = {}
        self.ends: dict[Loc, int] = {}
        self.tables: set[Loc] = set()

    def document(self) -> None:
        """Scan tables and key-value lines to the end."""
        table: Loc = ()
        self._skip(_BLANK)
        while self.at < len(self.text):
            if self.text[self.at] == "[":
                table = self._header()
            else:
                self._pair(table)
            self._skip(_BLANK)

    def _skip(self, pattern: re.Pattern[str]) -> None:
        match = pattern.match(self.text, self.at)
        if match:
            self.at = match.end()

    def _header(self) -> Loc:
        start = self.at
        is_array = self.text.startswith("[[", self.at)
        self.at += 2 if is_array else 1
        names = self._dotted_key()
        self.at += 2 if is_array else 1
        loc: Loc = ()
        for position, name in enumerate(names):
            loc = (*loc, name)
            self.keys.setdefault(loc, start)
            self.values.setdefault(loc, start)
            if is_array and position == len(names) - 1:
                self.counts[loc] = self.counts.get(loc, -1) + 1
            if loc in self.counts:  # a name that is a list of tables means its newest one
                loc = (*loc, self.counts[loc])
        self.keys[loc] = self.values[loc] = start
        self.tables.update(loc[:length] for length in range(1, len(loc) + 1))
        return loc

    def _pair(self, table: Loc) -> None:
        start = self.at
        names = self._dotted_key()
        loc: Loc = table
        for name in names:
            loc = (*loc, name)
            self.keys.setdefault(loc, start)
        self.at += 1  # the equals sign
        self._skip(_SPACE)
        self._value(loc)

    def _dotted_key(self) -> tuple[str, ...]:
        names = [self._key()]
        while self.text.startswith(".", self.at):
            self.at += 1
            names.append(self._key())
        return tuple(names)

    def _key(self) -> str:
        self._skip(_SPACE)
        quote = self.text[self.at]
        match = _STRINGS.get(quote, _BARE_KEY).match(self.text, self.at)
        if not match:  # pragma: no cover - tomllib has accepted the text
            raise AssertionError(f"no key at index {self.at}")
        self.at = match.end()
        self._skip(_SPACE)
        if quote not in _STRINGS:
            return match[0]
        return next(iter(tomllib.loads(f"{match[0]} = 0")))

    def _value(self, loc: Loc) -> None:
        self.values[loc] = self.at
        opening = self.text[self.at]
        if opening == "[":
            self._array(loc)
        elif opening == "{":
            self._inline_table(loc)
        else:
            quote = next((mark for mark in _STRINGS if self.text.startswith(mark, self.at)), None)
            self._skip(_STRINGS[quote] if quote else _SCALAR_END)
        self.ends[loc] = self.at

    def _array(self, loc: Loc) -> None:
        self.at += 1
        index = 0
        self._skip(_BLANK)
        while self.text[self.at] != "]":
            self._value((*loc, index))
            index += 1
            self._skip_separator()
        self.at += 1

    def _inline_table(self, loc: Loc) -> None:
        self.at += 1
        self._skip(_BLANK)
        while self.text[self.at] != "}":
            self._pair(loc)
            self._skip_separator()
        self.at += 1

    def _skip_separator(self) -> None:
        self._skip(_BLANK)
        if self.text[self.at] == ",":
            self.at += 1
            self._skip(_BLANK)


def _syntax_problem(error: tomllib.TOMLDecodeError, text: str, file: str) -> Problem:
    """Turn the standard library's message into a place and plain words."""
    message = str(error)
    found = _TOML_PLACE.search(message)
    if found and found[1]:
        place = Place(file, int(found[1]), int(found[2]))
    else:
        place = place_at(file, text, len(text))
    detail = message[: found.start()] if found else message
    hint = 'text stands in "double quotes"; each setting has a line of its own: name = "value"'
    return Problem(f"this cannot be understood: {detail[:1].lower()}{detail[1:]}", place, hint)
