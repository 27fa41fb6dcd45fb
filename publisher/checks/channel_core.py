"""Rules on what every channel has: title, link, description, language (group CH)."""

# ruff: noqa: D401 - a rule's docstring is its documentation, written for people

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from publisher.checks.channel import LANGUAGE
from publisher.checks.engine import Fault, rule
from publisher.checks.languages import unknown_subtag
from publisher.checks.views import ChannelView, ItemView
from publisher.feed.elements import Element
from publisher.model import Edit, Fix
from publisher.model.placeholders import SHOW_DESCRIPTION

if TYPE_CHECKING:
    from publisher.model import Level

_SPACE = " \t\r\n"
_ABSOLUTE = re.compile(r"https?://[^/\s]+", re.IGNORECASE)
_OWN_LIMITS = frozenset({"title", "description", "content:encoded", "guid", "enclosure", "link"})
_LONG_TEXTS = frozenset({"itunes:summary", "itunes:subtitle", "itunes:keywords"})
_LOOSE = frozenset({"content:encoded", "itunes:summary", "itunes:subtitle"})
_LOOSE_IN_ITEMS = _LOOSE | {"description", "guid"}


@rule("CH-001", "show-title-missing", "error")
def show_title_missing(subject: ChannelView) -> Iterator[Fault]:
    """A show without a title is listed nowhere.

    Bad: `<title></title>`
    Good: `title = "Ink and Chalk"`
    Source: RSS 2.0; Apple, A Podcaster's Guide to RSS; PSP-1 (a second one is DOC-027's).
    """
    if not subject.text("title"):
        yield Fault("the show has no title", subject.at("title"), "name the show in <title>")


@rule("CH-002", "show-link-missing", "error")
def show_link_missing(subject: ChannelView) -> Iterator[Fault]:
    """Apps show a way to the show's page: RSS demands one, and it has to be a whole address.

    Bad: no `<link>`, or `<link>/podcast</link>`
    Good: `link = "https://www.example.org/ink/"`
    Source: RSS 2.0; PSP-1.
    """
    link = subject.text("link")
    if not link:
        yield Fault(
            "the show has no link to its page", subject.at("link"), "add <link> with the page's address"
        )
    elif (not _ABSOLUTE.match(link) or " " in link) and "{" not in link:  # a template is DOC-028's
        hint = "write the whole address, with https://"
        yield Fault(f"the show's link is no whole web address: {link[:100]!r}", subject.at("link"), hint)


@rule("CH-003", "show-description-missing", "error")
def show_description_missing(subject: ChannelView) -> Iterator[Fault]:
    """The description is what people read before they listen, and no directory takes a show without.

    Bad: `<description/>`, or the placeholder of a new show
    Good: `description = "Conversations about how schools write down what they know."`
    Source: RSS 2.0; Apple, A Podcaster's Guide to RSS; PSP-1.
    """
    description = subject.text("description")
    if not description or SHOW_DESCRIPTION in description:
        said = "has no description" if not description else "still has the description that `init` wrote"
        hint = "say in two or three sentences who speaks, about what, for whom"
        yield Fault(f"the show {said}", subject.at("description"), hint)


@rule("CH-004", "language-missing", "error")
def language_missing(subject: ChannelView) -> Iterator[Fault]:
    """Directories list a show by its language; one that names none is found in none.

    Bad: no `<language>`
    Good: `language = "en"`
    Source: Apple, A Podcaster's Guide to RSS; PSP-1 (RSS 2.0 does without).
    """
    if not subject.text("language"):
        hint = 'add <language>, such as "en" or "es-MX"'
        yield Fault("the show does not say its language", subject.at("language"), hint)


@rule("CH-006", "language-unregistered", "warn", when=("language",))
def language_unregistered(subject: ChannelView) -> Iterator[Fault]:
    """A code of the right form can still be of no language: `jp` is a country, `en-UK` is nowhere.

    Bad: `language = "jp"` or `language = "en-UK"`
    Good: `language = "ja"` or `language = "en-GB"`
    Source: RFC 5646, and the registers that it names.
    """
    language = subject.text("language")
    if LANGUAGE.fullmatch(language) and (wrong := unknown_subtag(language)):
        what = "language" if language.startswith(wrong) else "country"
        yield Fault(
            f"{wrong!r} in {language!r} is the code of no {what}",
            subject.at("language"),
            "look the code up: ISO 639-1 for languages, ISO 3166-1 for countries",
        )


@rule("CH-008", "value-too-long", "error")
def value_too_long(subject: ChannelView | ItemView, *, characters: int = 255) -> Iterator[Fault]:
    """What is no description has at most 255 characters; directories cut or refuse longer values.

    Bad: an author's name with the whole team's titles and offices
    Good: `author = "The Sample Office"`
    Source: PSP-1; Apple, A Podcaster's Guide to RSS.
    """
    is_channel = isinstance(subject, ChannelView)
    for element in subject.element.children:
        name = element.name
        if len(element.text) <= characters and not element.children:
            continue
        if ":" in name and not name.startswith("itunes:"):
            continue
        if name in _LONG_TEXTS or (name in _OWN_LIMITS and not (is_channel and name in {"title", "link"})):
            continue
        for each in element.walk():
            size = len(each.text.strip())
            if size > characters:
                message = f"<{each.written}> has {size} characters; directories take {characters}"
                yield Fault(message, subject.at(each), "shorten it")


@rule("CH-009", "space-around-value", "error")
def space_around_value(subject: ChannelView | ItemView) -> Iterator[Fault]:
    """Blanks and line breaks around a value become part of it: addresses break, and names sort first.

    Bad: `<title> Ink and Chalk </title>`
    Good: `<title>Ink and Chalk</title>`
    Source: PSP-1; Apple, A Podcaster's Guide to RSS (in items it only warns).
    """
    is_item = isinstance(subject, ItemView)
    for element in subject.element.children:
        if element.name in (_LOOSE_IN_ITEMS if is_item else _LOOSE):
            continue
        for each in element.walk() if element.children else (element,):
            text = each.text
            if text and (text[0] in _SPACE or text[-1] in _SPACE) and not each.children:
                trimmed = text.strip(_SPACE)
                if trimmed:
                    yield _spaced(subject, each, "", text, trimmed)
            for key, value in each.attributes.items() if not is_item else ():
                if value and (value[0] in _SPACE or value[-1] in _SPACE):
                    yield _spaced(subject, each, key, value, value.strip(_SPACE))


def _spaced(
    subject: ChannelView | ItemView, element: Element, attribute: str, written: str, trimmed: str
) -> Fault:
    place = subject.at(element)
    key = f"{element.written}@{attribute}" if attribute else element.written
    what = f"{attribute} of <{element.written}>" if attribute else f"<{element.written}>"
    fix = Fix("take the blanks off", (Edit(place, written, trimmed, key),))
    level: Level | None = "warn" if isinstance(subject, ItemView) else None
    return Fault(f"{what} begins or ends with blanks or line breaks", place, "take them off", fix, level)
