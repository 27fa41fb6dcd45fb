"""Gettext catalogues to a language's words, dates, numbers and lists, in which readers are spoken to."""

from __future__ import annotations

import gettext
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from publisher.translations.po import Messages, read_po, to_mo

if TYPE_CHECKING:
    from babel import Locale

SOURCE_LANGUAGE = "en"
"""The language of the messages themselves: it needs no catalogue."""
DOMAIN = "publisher"
CATALOGUES_FOLDER = Path(__file__).resolve().parent.parent / "locales"


@dataclass(frozen=True, eq=False)
class Words:
    """What the tool itself says to readers in one language: `language` is the tag of the words it has."""

    language: str
    region: str
    """The tag that was asked for, such as `es-MX`: dates and numbers take its form."""
    messages: Messages

    def text(self, message: str) -> str:
        """Return what `message` (English) is in this language; itself where it is not translated."""
        return self._translations.gettext(message) if message else ""

    def plural(self, one: str, many: str, count: int, **values: object) -> str:
        """Return the form for `count` of a message in two forms (English), with `%(count)s` filled in."""
        return self._translations.ngettext(one, many, count) % {"count": self.number(count), **values}

    def day(self, day: date) -> str:
        """Write a day in the language's long form: `January 13, 2026`, `13 de enero de 2026`."""
        return _format_day(day, self.locale)

    def number(self, value: int | Decimal | str) -> str:
        """Write a number in the language's form: `1,234.5`, `1.234,5`; a text holds the digits to show."""
        return _format_number(str(value), self.locale)

    def language_name(self, tag: str) -> str:
        """Name a language in this one: `es` is `Spanish`, or `español`; else the tag itself."""
        names = self.locale.languages
        return str(names.get(tag) or names.get(tag.partition("-")[0], tag))

    def listed(self, items: Iterable[str], style: Literal["standard", "or"] = "standard") -> str:
        """Write a list in the language's form: `A, B, and C`, `A, B y C`."""
        words = list(items)
        if len(words) < 2:
            return "".join(words)
        if isinstance(items, str):
            raise TypeError("say_list needs several texts, and this is one")
        from babel.lists import format_list

        return format_list(words, style=style, locale=self.locale)

    @property
    def name(self) -> str:
        """Return what the language is called by those who speak it: `English`, `español`."""
        return self.locale.get_language_name() or self.region

    @cached_property
    def locale(self) -> Locale:
        """Return the forms of the region that was asked for, or else of the words' own language."""
        from babel import Locale, UnknownLocaleError  # CLDR's tables: only where something is formatted

        for tag in (self.region, self.language):
            try:
                return Locale.parse(tag.replace("-", "_"))
            except (UnknownLocaleError, ValueError):
                continue
        return Locale(SOURCE_LANGUAGE)

    @cached_property
    def _translations(self) -> gettext.NullTranslations:
        return gettext.GNUTranslations(io.BytesIO(to_mo(self.messages)))


def join_catalogues(catalogues: Iterable[tuple[str, str]]) -> Messages:
    """Read catalogues of one language, each a file's shown name and text; the later win, message by message.

    Raises:
        SourceError: every problem of a catalogue.
    """
    messages: dict[str, tuple[str, ...]] = {}
    for shown, text in catalogues:
        messages.update(read_po(text, shown))
    return messages


def choose(tag: str, known: Mapping[str, Messages]) -> Words:
    """Return the words for a language tag: its own, or its language's, or the English messages themselves."""
    wanted = tag.replace("-", "_").casefold()
    found = {name.casefold(): name for name in known}
    while wanted:
        if wanted in found:
            name = found[wanted]
            return Words(name.replace("_", "-"), tag, known[name])
        if wanted == SOURCE_LANGUAGE:
            return Words(SOURCE_LANGUAGE, tag, {})
        wanted = wanted.rpartition("_")[0]
    return Words(SOURCE_LANGUAGE, SOURCE_LANGUAGE, known.get(SOURCE_LANGUAGE, {}))


@lru_cache(maxsize=4096)
def _format_day(day: date, locale: Locale) -> str:
    from babel.dates import format_date

    return format_date(day, "long", locale=locale)


@lru_cache(maxsize=4096)
def _format_number(digits: str, locale: Locale) -> str:
    from babel.numbers import format_decimal

    value = Decimal(digits)
    exponent = value.as_tuple().exponent
    places = -exponent if isinstance(exponent, int) and exponent < 0 else 0
    pattern = "#,##0" + (f".{'0' * places}" if places else "")
    return format_decimal(value, format=pattern, locale=locale)
