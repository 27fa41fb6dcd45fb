"""Rules on what every channel has: title, link, description, language, the feed's name (group CH)."""

# ruff: noqa: D401 - a rule's docstring is its documentation, written for people

from __future__ import annotations

import re
from collections.abc import Iterator

from publisher.checks.channel import LANGUAGE
from publisher.checks.engine import Fault, rule
from publisher.checks.languages import unknown_subtag
from publisher.checks.views import ChannelView, ItemView, path_of
from publisher.feed.elements import Element
from publisher.model import Edit, Fix, Level

FEED_TYPE = "application/rss+xml"
_SPACE = " \t\r\n"
_MEDIA = (".mp3", ".m4a", ".mp4", ".m4v", ".mov", ".ogg", ".opus", ".wav", ".aac", ".flac")
_FEED_ENDS = (".xml", ".rss", ".atom")
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
    elif not _ABSOLUTE.match(link) or " " in link:
        hint = "write the whole address, with https://"
        yield Fault(f"the show's link is no whole web address: {link[:100]!r}", subject.at("link"), hint)


@rule("CH-003", "show-description-missing", "error")
def show_description_missing(subject: ChannelView) -> Iterator[Fault]:
    """The description is what people read before they listen, and no directory takes a show without.

    Bad: `<description/>`
    Good: `description = "Conversations about how schools write down what they know."`
    Source: RSS 2.0; Apple, A Podcaster's Guide to RSS; PSP-1.
    """
    if not subject.text("description"):
        hint = "say in two or three sentences who speaks, about what, for whom"
        yield Fault("the show has no description", subject.at("description"), hint)


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
                    yield _spaced(subject, each, f"<{each.written}>", text, trimmed)
            for key, value in each.attributes.items() if not is_item else ():
                if value and (value[0] in _SPACE or value[-1] in _SPACE):
                    yield _spaced(subject, each, f"{key} of <{each.written}>", value, value.strip(_SPACE))


@rule("CH-011", "self-link-missing", "warn", "-psp")
def self_link_missing(subject: ChannelView) -> Iterator[Fault]:
    """The link to itself is how a copied or mirrored feed says where the original is.

    Bad: no `<atom:link rel="self">`
    Good: `<atom:link href="https://media.example.org/ink/feed.xml" rel="self" type="application/rss+xml"/>`
    Source: RSS Best Practices Profile; W3C Feed Validation Service, MissingAtomSelfLink.
    """
    if not _self_links(subject):
        yield _self_missing(subject)


@rule("CH-012", "self-link-owed", "error", "psp")
def self_link_owed(subject: ChannelView) -> Iterator[Fault]:
    """PSP-1 demands the link to itself, with the type of a feed.

    Bad: `<atom:link href="https://media.example.org/ink/feed.xml" rel="self"/>`
    Good: `<atom:link href="https://media.example.org/ink/feed.xml" rel="self" type="application/rss+xml"/>`
    Source: PSP-1.
    """
    links = _self_links(subject)
    if not links:
        yield _self_missing(subject)
        return
    kind = links[0].get("type")
    if kind.casefold() != FEED_TYPE:
        place = subject.at(links[0], "type")
        fix = Fix(f"write {FEED_TYPE}", (Edit(place, kind, FEED_TYPE, "atom:link@type"),))
        said = f"has the type {kind!r}" if kind else "has no type"
        yield Fault(f"the feed's link to itself {said}", place, f'write type="{FEED_TYPE}"', fix)


@rule("CH-014", "self-link-elsewhere", "warn", when=("atom:link",))
def self_link_elsewhere(subject: ChannelView) -> Iterator[Fault]:
    """A feed that was fetched from another address than it names is a copy, or has moved without saying so.

    Bad: fetched from `https://feeds.example.org/ink`, with a self link to `https://old.example.org/ink`
    Good: both the same
    Source: W3C Feed Validation Service, SelfDoesntMatchLocation (of the show's own feed CH-013 speaks).
    """
    address = subject.context.address
    links = _self_links(subject)
    if subject.context.is_own or not address or not links:
        return
    said = links[0].get("href")
    if said.startswith("https://") and said != address:
        message = f"the feed calls itself {said[:200]}, and was fetched from {address[:200]}"
        yield Fault(message, subject.at(links[0], "href"), "let it name the address that apps shall use")


@rule("CH-015", "self-link-twice", "error", when=("atom:link",))
def self_link_twice(subject: ChannelView) -> Iterator[Fault]:
    """A feed has one address; with two links to itself, each app takes another.

    Bad: two `<atom:link rel="self">`
    Good: one
    Source: W3C Feed Validation Service, DuplicateAtomLink.
    """
    for link in _self_links(subject)[1:]:
        yield Fault(
            "the feed has a second link to itself", subject.at(link), "keep the one that apps shall use"
        )


@rule("CH-032", "show-link-no-page", "warn", when=("link",))
def show_link_no_page(subject: ChannelView) -> Iterator[Fault]:
    """The show's link leads people to a page that they can read; a feed or a file is no page.

    Bad: `<link>https://media.example.org/ink/feed.xml</link>`
    Good: `<link>https://www.example.org/ink/</link>`
    Source: practice (whose the host is, no program can tell; whether it answers, HT rules say with --online).
    """
    link = subject.text("link")
    if link and _ABSOLUTE.match(link) and _is_file(subject, link):
        what = "a media file" if path_of(link).casefold().endswith(_MEDIA) else "the feed"
        yield Fault(f"the show's link is {what}", subject.at("link"), "name the show's web page")


def has_page(subject: ChannelView) -> bool:
    """Tell whether the channel's link is the address of a page, so that others can be compared with it."""
    link = subject.text("link")
    return bool(_ABSOLUTE.match(link)) and not _is_file(subject, link)


def _is_file(subject: ChannelView, link: str) -> bool:
    if link in {subject.context.self_link, subject.context.address}:
        return True
    return path_of(link).casefold().endswith((*_MEDIA, *_FEED_ENDS))


def _self_links(subject: ChannelView) -> list[Element]:
    return [link for link in subject.all("atom:link") if link.get("rel") == "self"]


def _self_missing(subject: ChannelView) -> Fault:
    hint = f'add <atom:link href="…" rel="self" type="{FEED_TYPE}"/> with the feed\'s https address'
    return Fault("the feed does not say where it is", subject.at(), hint)


def _spaced(
    subject: ChannelView | ItemView, element: Element, what: str, written: str, trimmed: str
) -> Fault:
    place = subject.at(element)
    fix = Fix("take the blanks off", (Edit(place, written, trimmed, what),))
    level: Level | None = "warn" if isinstance(subject, ItemView) else None
    return Fault(f"{what} begins or ends with blanks or line breaks", place, "take them off", fix, level)
