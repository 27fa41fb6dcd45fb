"""A gettext catalogue as translators write it (`.po`) to its messages, each found by its English text."""

from __future__ import annotations

import ast
import gettext
import re
import struct
from collections.abc import Mapping
from dataclasses import dataclass, field

from publisher.errors import Place, Problem, SourceError

_LINE = re.compile(r'(?:(msgctxt|msgid_plural|msgid|msgstr(?:\[(\d)\])?)\s+)?("(?:[^"\\]|\\.)*")\s*')
_PLACEHOLDER = re.compile(r"%\((\w+)\)s")
_PERCENT = re.compile(r"%(?:\(\w+\)s|%)|(%)")
_PLURAL_FORMS = re.compile(r"^plural-forms:\s*(nplurals=\d+;\s*plural=([^;\n]{1,500});?)\s*$", re.I | re.M)
_MAGIC = 0x950412DE

Messages = Mapping[str, tuple[str, ...]]
"""What each message is in this language: one text, or one for each of the language's plural forms.

A message with a plural is known by both, with a zero byte between; the empty one tells the plural forms.
"""


@dataclass(slots=True)
class _Entry:
    line: int
    is_fuzzy: bool
    parts: dict[str, str] = field(default_factory=dict)


def read_po(text: str, shown: str) -> Messages:
    """Read a catalogue; messages that are empty or marked as fuzzy are left out, as gettext does.

    Raises:
        SourceError: every line that is none of a catalogue, every translation with other placeholders than
            its message, and a message that is there twice.
    """
    problems: list[Problem] = []
    messages: dict[str, tuple[str, ...]] = {}
    for entry in _entries(text, shown, problems):
        message = entry.parts.get("msgid")
        place = Place(shown, entry.line)
        if message is None or "msgctxt" in entry.parts:
            hint = "write msgid and msgstr; contexts (msgctxt) are not used here"
            problems.append(Problem("this entry is no message", place, hint))
            continue
        forms = tuple(value for key, value in sorted(entry.parts.items()) if key.startswith("msgstr"))
        if "msgid_plural" in entry.parts:
            message = f"{message}\0{entry.parts['msgid_plural']}"
        if message in messages:
            told = message.partition("\0")[0]
            problems.append(Problem(f"“{told}” is translated twice", place, "keep one of the two"))
        elif not message:
            messages.update(_plural_forms("".join(forms), place, problems))
        elif not entry.is_fuzzy and forms and all(forms):
            _check_placeholders(entry, forms, place, problems)
            messages[message] = forms
    if problems:
        raise SourceError(tuple(problems))
    return messages


def to_mo(messages: Messages) -> bytes:
    """Write messages in gettext's binary form, for `gettext.GNUTranslations`; sorted, as it must be."""
    header = ("Content-Type: text/plain; charset=UTF-8\n" + "".join(messages.get("", ())),)
    pairs = sorted(
        (key.encode(), "\0".join(forms).encode()) for key, forms in {**messages, "": header}.items()
    )
    start = 28 + 16 * len(pairs)
    keys = b"".join(key + b"\0" for key, _ in pairs)
    values = b"".join(value + b"\0" for _, value in pairs)
    key_table, value_table = [], []
    key_at, value_at = start, start + len(keys)
    for key, value in pairs:
        key_table += [len(key), key_at]
        value_table += [len(value), value_at]
        key_at += len(key) + 1
        value_at += len(value) + 1
    head = struct.pack("<7I", _MAGIC, 0, len(pairs), 28, 28 + 8 * len(pairs), 0, start)
    return head + struct.pack(f"<{4 * len(pairs)}I", *key_table, *value_table) + keys + values


def _entries(text: str, shown: str, problems: list[Problem]) -> list[_Entry]:
    """Divide the file at its msgid lines; a remark `#, fuzzy` counts for the entry below it."""
    entries: list[_Entry] = []
    key, is_fuzzy = "", False
    for number, line in enumerate(text.splitlines(), 1):
        line = line.strip()
        if not line or line.startswith("#"):
            is_fuzzy = is_fuzzy or (line.startswith("#,") and "fuzzy" in line)
            continue
        match = _LINE.fullmatch(line)
        if match is None or (match[1] is None and not entries):
            hint = 'a line is msgid "…", msgstr "…", "…" or # a remark; \\" for a quotation mark within'
            problems.append(Problem("this is no line of a gettext catalogue", Place(shown, number), hint))
            continue
        if match[1] in ("msgid", "msgctxt") and (not entries or "msgid" in entries[-1].parts):
            entries.append(_Entry(number, is_fuzzy))
            is_fuzzy = False
        key = match[1] or key
        entries[-1].parts[key] = entries[-1].parts.get(key, "") + _unquote(match[3], shown, number, problems)
    return entries


def _unquote(quoted: str, shown: str, number: int, problems: list[Problem]) -> str:
    try:
        return str(ast.literal_eval(quoted))
    except (SyntaxError, ValueError):
        hint = r"use \" for a quotation mark, \\ for a backslash, \n for a new line"
        problems.append(Problem("this text has an unknown \\ in it", Place(shown, number), hint))
        return ""


def _plural_forms(header: str, place: Place, problems: list[Problem]) -> dict[str, tuple[str, ...]]:
    """Return what the catalogue's header says of the language's plural forms; nothing else of it counts."""
    if "plural-forms" not in header.lower():
        return {}
    match = _PLURAL_FORMS.search(header)
    try:
        if match:
            gettext.c2py(match[2])
            return {"": (f"Plural-Forms: {match[1].rstrip(';')};\n",)}
    except ValueError:
        pass  # told below
    hint = 'such as "Plural-Forms: nplurals=2; plural=(n != 1);\\n"'
    problems.append(Problem("these plural forms cannot be understood", place, hint))
    return {}


def _check_placeholders(entry: _Entry, forms: tuple[str, ...], place: Place, problems: list[Problem]) -> None:
    """Refuse a translation that would show a wrong value, or none, or break off the page."""
    known = set(_PLACEHOLDER.findall(entry.parts["msgid"] + entry.parts.get("msgid_plural", "")))
    for form in forms:
        has_values = bool(known)
        lost = known - set(_PLACEHOLDER.findall(form)) if len(forms) == 1 else set()
        foreign = set(_PLACEHOLDER.findall(form)) - known
        broken = has_values and any(_PERCENT.findall(form))
        if lost or foreign or broken:
            hint = f"keep exactly {', '.join(f'%({name})s' for name in sorted(known)) or 'no placeholder'}"
            problems.append(
                Problem(f"the placeholders of “{form}” are not those of its message", place, hint)
            )
