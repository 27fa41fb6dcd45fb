"""Rules on how texts are written: their characters, quotes, language and names (group TX)."""

# ruff: noqa: D205, D401 - a rule's docstring is its documentation, written for people

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import TYPE_CHECKING

from publisher.checks.engine import Fault, NotChecked, checklist, rule
from publisher.checks.tongues import other_language
from publisher.checks.views import ChannelView, ItemView
from publisher.errors import Place
from publisher.feed.elements import Element
from publisher.model import Edit, Fix

if TYPE_CHECKING:
    from publisher.checks.files import TranscriptView

_STRAIGHT = re.compile(r"(?<!\d)[\"']")
_CURLY = re.compile("[\u2018\u2019\u201a\u201c\u201d\u201e]")
_APOSTROPHE = re.compile(r"(?<=[^\W\d_])'(?=[^\W\d_])")
_SPEAKER = re.compile(r"<v(?:\.[^\s>]+)?\s+([^>]{1,200})>")
_TITLES = ("title", "itunes:title")
_WORD = re.compile(r"[\w'\u2019-]+")
_PLAIN_LETTERS = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ß": "ss", "æ": "ae", "œ": "oe", "ı": "i"})


@rule("TX-010", "text-not-composed", "warn")
def text_not_composed(subject: ChannelView | ItemView) -> Iterator[Fault]:
    """An é can be one character or two that look the same; searching and sorting find one form (NFC).

    Bad: a title copied from a file name of a Mac, with its accents apart from their letters
    Good: the same title, typed
    Source: Unicode Standard Annex 15.
    """
    for element in subject.element.children:
        if not element.children and (fault := _composed(subject, element)):
            yield fault


@rule("TX-011", "quotes-mixed", "warn", when=_TITLES)
def quotes_mixed(subject: ChannelView | ItemView) -> Iterator[Fault]:
    """Straight and curly quotes side by side in one title look like a slip, and are one.

    Bad: `title: "It's what \u201cready\u201d means"` with a straight apostrophe
    Good: `title: It\u2019s what \u201cready\u201d means`
    Source: how titles are set.
    """
    for name in _TITLES:
        title = subject.text(name)
        if _CURLY.search(title) and (straight := _STRAIGHT.search(title)):
            mended = _APOSTROPHE.sub("\u2019", title)
            place = subject.at(name)
            fix = Fix("write the curly apostrophe", (Edit(place, title, mended, name),))
            yield Fault(
                f"the title mixes straight and curly quotes: {straight[0]} and {_CURLY.findall(title)[0]}",
                place,
                "write all of them in one way",
                fix if not _STRAIGHT.search(mended) else None,
            )


@rule("TX-014", "language-disagrees", "warn")
def language_disagrees(subject: ChannelView | ItemView, *, factor: float = 3) -> Iterator[Fault]:
    """Directories offer a show by its declared language; in another one, nobody who reads it finds it.

    Bad: `language = "en"`, and notes in Spanish
    Good: `language = "es"`, or a feed for each language
    Source: what directories do with the language.
    """
    declared = subject.context.language
    if not declared:
        return
    is_channel = isinstance(subject, ChannelView)
    if isinstance(subject, ItemView) and subject.own and "notes" in subject.own.episode.untranslated:
        return  # LNG-001 says that they are in the show's own
    text = subject.text("description") if isinstance(subject, ChannelView) else subject.notes.text
    if found := other_language(text, declared, factor=factor):
        yield Fault(
            f"the text looks like {found!r}, the feed says that it is {declared!r}",
            subject.at("language") if is_channel else subject.at("description"),
            "declare the language in which it is written",
        )


@rule("TX-015", "name-spelled-differently", "warn", when=("podcast:person",))
def name_spelled_differently(subject: ItemView | TranscriptView) -> Iterator[Fault | NotChecked]:
    """Nobody finds all of a person's episodes when the name is spelled in two ways; accents are part of it.
    People are compared with notes and transcripts here, with each other by P20-035; what differs in more than
    accents, hyphens and dots is another name to a program.

    Bad: `Ana Muñoz` among the people, and `Ana Munoz` in the notes
    Good: one spelling everywhere
    Source: how people search.
    """
    if isinstance(subject, ItemView):
        people = {person.value: person for person in subject.all("podcast:person") if person.value}
        text = subject.notes.text
        for written, name in _variants(text, people):
            yield _spelled(written, name, subject.in_notes(written))
        return
    if subject.item is None or not (known := subject.item.all("podcast:person")):
        return
    if subject.data is None:
        yield NotChecked("", "the file is not here")
        return
    names = {_folded(person.value): person.value for person in known}
    seen: set[str] = set()
    text = subject.data.decode("utf-8", "replace")
    for found in _SPEAKER.finditer(text):
        written = " ".join(found[1].split())
        name = names.get(_folded(written), written)
        if name != written and written not in seen:
            seen.add(written)
            line = text.count("\n", 0, found.start()) + 1
            yield _spelled(written, name, subject.at(line))


@checklist("TX-016", "tags-disagree", "warn", kept=True)
def tags_disagree() -> None:
    """Tags in the audio file say what the feed says: both are written from one source; files are MED-020's.

    Bad: a file tagged with the working title
    Good: the title, show, date, number and picture of the feed in the file's tags
    Source: how players show files without a feed.
    """


def _composed(subject: ChannelView | ItemView, element: Element) -> Fault | None:
    for attribute, text in (("", element.value), *element.attributes.items()):
        if text.isascii() or unicodedata.is_normalized("NFC", text):
            continue
        right = unicodedata.normalize("NFC", text)
        if attribute:
            place = subject.at(element, attribute)
        else:
            odd = next(word for word in text.split() if not unicodedata.is_normalized("NFC", word))
            place = subject.at_text(element, odd)
        key = f"{element.name}@{attribute}" if attribute else element.name
        what = f"{attribute} of {element.written}" if attribute else element.written
        return Fault(
            f"accents stand apart from their letters in {what}",
            place,
            "type the words again",
            Fix("put accents and letters together (NFC)", (Edit(place, text, right, key),)),
        )
    return None


def _variants(text: str, people: dict[str, Element]) -> Iterator[tuple[str, str]]:
    """Yield names of people that stand in a text in another spelling."""
    if not people:
        return
    wanted = {_folded(name): name for name in people if " " in name}
    if text.isascii():  # where a name would stand as it is folded, if at all: looked for before all is folded
        lower = text.casefold()
        wanted = {
            folded: name for folded, name in wanted.items() if all(word in lower for word in folded.split())
        }
    if not wanted:
        return
    plain = f" {_folded(text)} "
    wanted = {folded: name for folded, name in wanted.items() if f" {folded} " in plain}
    if not wanted:
        return
    words = [(found.start(), found.end()) for found in _WORD.finditer(text)]
    for folded, name in wanted.items():
        count = len(folded.split())
        for length in {count, len(name.split())}:
            for first in range(len(words) - length + 1):
                written = text[words[first][0] : words[first + length - 1][1]]
                is_name = _folded(written) == folded and not name.startswith(written)
                if is_name and _curly(written) != _curly(name):
                    yield written, name
                    break


def _spelled(written: str, name: str, place: Place) -> Fault:
    return Fault(
        f"{written!r} is spelled {name!r} among the people",
        place,
        "spell the name as the person does, everywhere",
    )


def _curly(text: str) -> str:
    return " ".join(text.replace("\u2019", "'").casefold().split())


def _folded(text: str) -> str:
    """Return the plain letters of a text, one blank between words."""
    if not text.isascii():
        text = unicodedata.normalize("NFKD", text.casefold().translate(_PLAIN_LETTERS))
        text = "".join(character for character in text if not unicodedata.combining(character))
    return " ".join(re.findall(r"[^\W_]+", text.casefold()))
