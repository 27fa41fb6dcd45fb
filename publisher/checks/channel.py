"""Rules on what is true for the whole show: the groups CH and APL."""

# ruff: noqa: D401 - a rule's docstring is its documentation, written for people

from __future__ import annotations

import re
from collections.abc import Iterator

from publisher.categories import CATEGORIES, is_category, replacement_for, split_category, suggest_category
from publisher.checks.apple import PARENT_OF
from publisher.checks.engine import Fault, rule
from publisher.checks.views import ChannelView, path_of
from publisher.errors import Place
from publisher.feed.elements import Element
from publisher.model import Edit, Fix

MAX_DESCRIPTION_BYTES = 4000
_TAG = re.compile(r"</?[a-zA-Z][^<>]*>")
LANGUAGE = re.compile(r"[a-z]{2}(-[A-Za-z0-9]{2,8})*")
_COPYRIGHT_WORDS = re.compile(r"copyright|©|\(c\)|\b(19|20)\d\d\b", re.IGNORECASE)
_COPYRIGHT_SIGNS = re.compile(r"copyright|©|\(c\)|\b(19|20)\d\d\b(\s*[-–,]\s*(19|20)\d\d\b)*", re.IGNORECASE)
_PICTURES = (".jpg", ".jpeg", ".png")


@rule("CH-005", "language-code", "error")
def language_code(subject: ChannelView) -> Iterator[Fault]:
    """A language is two letters, with a region when it matters: apps and directories know no other form.

    Bad: `language = "eng"`
    Good: `language = "en"` or `language = "es-MX"`
    Source: Apple, A Podcaster's Guide to RSS; W3C Feed Validation Service, InvalidLanguage.
    """
    written = [(subject.text("language"), subject.at("language"))]
    if show := subject.context.show:
        written = [(show.language, subject.at("language"))]
        written += [
            (feed.language, subject.places_in_show("feeds", feed.name, "language"))
            for feed in show.feeds
            if feed.language != show.language
        ]
    for language, place in written:
        if language and not LANGUAGE.fullmatch(language):
            yield Fault(
                f"{language!r} is no two-letter language code",
                place,
                'write "en", "es" or, with a region, "es-MX"',
                _language_fix(place, language),
            )


@rule("CH-007", "description-too-long", "error")
def description_too_long(subject: ChannelView) -> Iterator[Fault]:
    """A show's description has at most 4,000 bytes, an accented letter being two; Apple refuses more.

    Bad: a history of the programme since its beginning
    Good: two or three paragraphs: who speaks, about what, for whom
    Source: PSP-1; Apple, A Podcaster's Guide to RSS.
    """
    size = len(subject.text("description").encode())
    if size > MAX_DESCRIPTION_BYTES:
        yield Fault(
            f"the description has {size:,} bytes; directories take {MAX_DESCRIPTION_BYTES:,}",
            subject.at("description"),
            "shorten it, and put the rest on the show's page",
        )


@rule("CH-010", "html-in-show-text", "warn")
def html_in_show_text(subject: ChannelView) -> Iterator[Fault]:
    """The description of a show is plain text: apps show tags as they are written.

    Bad: `description = "<p>Conversations about schools.</p>"`
    Good: `description = "Conversations about schools."`
    Source: RSS Best Practices Profile; W3C Feed Validation Service, ContainsHTML (of titles TX-007 speaks).
    """
    if found := _TAG.search(subject.text("description")):
        yield Fault(
            f"the show's description holds the tag {found[0]}",
            subject.at("description"),
            "write plain text without tags",
        )


@rule("CH-029", "copyright-missing", "warn")
def copyright_missing(subject: ChannelView) -> Iterator[Fault]:
    """Whoever wants to quote or rebroadcast an episode looks here for whom to ask.

    Bad: no `copyright` key
    Good: `copyright = "The Sample Office"`
    Source: Apple, A Podcaster's Guide to RSS.
    """
    if not subject.text("copyright"):
        hint = 'add <copyright> to the channel: copyright = "…" under [show]'
        yield Fault("nobody is named as holder of the rights", subject.at(), hint)


@rule("CH-030", "copyright-wording", "warn", "psp")
def copyright_wording(subject: ChannelView) -> Iterator[Fault]:
    """The element's name says "copyright" already, and a year is out of date from January on.

    Bad: `copyright = "© 2024 The Sample Office"`
    Good: `copyright = "The Sample Office"`
    Source: PSP-1 (Apple accepts both).
    """
    if found := _COPYRIGHT_WORDS.search(subject.text("copyright")):
        yield Fault(
            f"the copyright line holds {found[0]!r}",
            subject.at("copyright"),
            "name the holder only, without sign or year",
            _holder_only(subject),
        )


@rule("APL-002", "cover-file-type", "error")
def cover_file_type(subject: ChannelView) -> Iterator[Fault]:
    """Apple takes JPEG and PNG, and tells them by the end of the address.

    Bad: `cover = "episodes/cover.webp"`
    Good: `cover = "episodes/cover.jpg"`
    Source: Apple, A Podcaster's Guide to RSS; PSP-1.
    """
    show = subject.context.show
    address = show.cover.name if show else subject.attribute("itunes:image", "href")
    if address and not path_of(address).casefold().endswith(_PICTURES):
        yield Fault(
            f"the cover {address!r} is neither .jpg nor .png",
            subject.at("itunes:image", "href"),
            "save it as JPEG or PNG, 3000 × 3000 pixels",
        )
    elif address and not show and not address.casefold().startswith(("http://", "https://", "{{", "{%")):
        message = f"the cover's address is no whole web address: {address[:100]!r}"
        yield Fault(message, subject.at("itunes:image", "href"), "write the whole address, with https://")


@rule("APL-004", "category-unknown", "error")
def category_unknown(subject: ChannelView) -> Iterator[Fault]:
    """Apple's 19 categories are the ones that every directory reads; anything else is dropped.

    Bad: `categories = ["Schools"]`
    Good: `categories = ["Education"]`
    Source: Apple Podcasts categories (1691); W3C Feed Validation Service, InvalidItunesCategory.
    """
    for written, element in _categories(subject):
        parent, child = split_category(written)
        if (
            parent not in CATEGORIES
            and not child
            and not replacement_for(written)
            and parent not in PARENT_OF
        ):
            yield _category_fault(subject, element, f"{parent!r} is none of Apple's categories", written)


@rule("APL-005", "subcategory-unknown", "error")
def subcategory_unknown(subject: ChannelView) -> Iterator[Fault]:
    """A subcategory counts only below its own category, written `Category > Subcategory`.

    Bad: `categories = ["Education > Documentary"]`
    Good: `categories = ["Society & Culture > Documentary"]`
    Source: Apple Podcasts categories (1691).
    """
    for written, element in _categories(subject):
        parent, child = split_category(written)
        if child and parent in CATEGORIES and not is_category(written) and not replacement_for(written):
            yield _category_fault(subject, element, f"{parent!r} has no subcategory {child!r}", written)


@rule("APL-006", "category-retired", "warn")
def category_retired(subject: ChannelView) -> Iterator[Fault]:
    """Apple gave up some categories in 2019; a show that still names one is listed in none.

    Bad: `categories = ["Education > K-12"]`
    Good: `categories = ["Education"]`
    Source: Apple Podcasts categories (1691); W3C Feed Validation Service, ObsoleteItunesCategory.
    """
    for written, element in _categories(subject):
        if replacement_for(written):
            yield _category_fault(subject, element, f"Apple retired {written!r} in 2019", written)


@rule("APL-008", "categories-too-many", "warn")
def categories_too_many(subject: ChannelView) -> Iterator[Fault]:
    """Apple uses the first category and at most two more; each is named once.

    Bad: `categories = ["Education", "Education", "Government", "News", "History"]`
    Good: `categories = ["Education", "Government"]`
    Source: Apple, A Podcaster's Guide to RSS.
    """
    show = subject.context.show
    listed = _listed(show.categories) if show else [written for written, _ in _categories(subject)]
    elements = subject.all("itunes:category")
    for number, category in enumerate(listed):
        if category in listed[:number]:
            place = subject.at_source("categories", number) if show else subject.at(elements[-1])
            yield Fault(f"{category!r} is named twice", place, "delete one of them")
    parents = list(dict.fromkeys(split_category(category)[0] for category in listed))
    if len(parents) > 3:
        yield Fault(
            f"the show is in {len(parents)} categories; Apple uses three",
            subject.at_source("categories") if show else subject.at(elements[3]),
            f"keep {', '.join(parents[:3])} or choose three others",
        )


@rule("APL-017", "new-address-not-https", "error")
def new_address_not_https(subject: ChannelView) -> Iterator[Fault]:
    """The address that a show moves to is followed by every app, so it has to be whole and safe.

    Bad: `new_feed_url = "http://example.org/feed.xml"`
    Good: `new_feed_url = "https://example.org/feed.xml"`
    Source: Apple, A Podcaster's Guide to RSS.
    """
    address = subject.text("itunes:new-feed-url")
    if address and not address.startswith("https://"):
        yield Fault(
            f"the show's new address {address} is not https",
            subject.at("itunes:new-feed-url"),
            "use the https address",
        )


@rule("PL-003", "no-mail-to-claim", "warn", "youtube", "spotify")
def no_mail_to_claim(subject: ChannelView) -> Iterator[Fault]:
    """These directories send the code that proves the show is yours to the address in the feed.

    Bad: no `owner` key
    Good: `owner = { name = "The Sample Office", email = "podcast@example.org" }`
    Source: what the directories do; their primary texts could not be read again.
    """
    if subject.first("itunes:owner") is None and not subject.attribute("podcast:locked", "owner"):
        yield Fault(
            "the feed has no mail address for directories to send their code to",
            subject.at(),
            'add owner = { name = "…", email = "…" } under [show]; a role address, not a personal one',
        )


def _categories(subject: ChannelView) -> Iterator[tuple[str, Element]]:
    """Yield the channel's categories as they are written in `show.toml`, a parent before its children."""
    for outer in subject.all("itunes:category"):
        parent = outer.get("text")
        if parent:
            yield parent, outer
        for inner in outer.all("itunes:category"):
            if child := inner.get("text"):
                yield f"{parent} > {child}", inner


def _listed(categories: tuple[str, ...]) -> list[str]:
    return [" > ".join(part for part in split_category(category) if part) for category in categories]


def _language_fix(place: Place, language: str) -> Fix | None:
    """Write a hyphen for an underscore."""
    meant = language.strip().replace("_", "-")
    if meant == language or not LANGUAGE.fullmatch(meant):
        return None
    return Fix(f"write {meant}", (Edit(place, language, meant, "language"),))


def _holder_only(subject: ChannelView) -> Fix | None:
    """Leave out signs and years, where a name is left."""
    written = subject.text("copyright")
    holder = _COPYRIGHT_SIGNS.sub("", written).strip(" ,.-–")
    if not holder or _COPYRIGHT_WORDS.search(holder):
        return None
    return Fix(f"write {holder}", (Edit(subject.at("copyright"), written, holder, "copyright"),))


def _category_fault(subject: ChannelView, element: Element, message: str, category: str) -> Fault:
    near = replacement_for(category) or suggest_category(category)
    hint = f"did you mean {near!r}?" if near else f"choose one of: {', '.join(CATEGORIES)}"
    return Fault(message, subject.at(element), hint, _category_fix(subject, element, category, near))


def _category_fix(subject: ChannelView, element: Element, category: str, near: str | None) -> Fix | None:
    """Write today's name; in a feed only where its two halves stay where they are."""
    if near is None:
        return None
    place, now = subject.at(element), split_category(near)
    if subject.context.is_own:
        return Fix(f"write {near}", (Edit(place, category, near),))
    if split_category(category)[1:] == (None,) == now[1:]:
        return Fix(f"write {near}", (Edit(place, category, near, "itunes:category@text"),))
    was = split_category(category)
    if was[0] == now[0] and was[1] and now[1]:
        return Fix(f"write {near}", (Edit(place, was[1], now[1], "itunes:category@text"),))
    return None
