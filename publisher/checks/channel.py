"""Rules on what is true for the whole show: the groups CH and APL."""

# ruff: noqa: D401 - a rule's docstring is its documentation, written for people

from __future__ import annotations

import re
from collections.abc import Iterator

from publisher.categories import CATEGORIES, is_category, replacement_for, split_category, suggest_category
from publisher.checks.engine import Fault, rule
from publisher.checks.subjects import ShowSubject
from publisher.checks.views import ChannelView

MAX_DESCRIPTION_BYTES = 4000
_TAG = re.compile(r"</?[a-zA-Z][^<>]*>")
_LANGUAGE = re.compile(r"[a-z]{2}(-[A-Za-z0-9]{2,8})*")
_COPYRIGHT_WORDS = re.compile(r"copyright|©|\(c\)|\b(19|20)\d\d\b", re.IGNORECASE)
_PICTURES = (".jpg", ".jpeg", ".png")


@rule("CH-005", "language-code", "error")
def language_code(subject: ShowSubject) -> Iterator[Fault]:
    """A language is two letters, with a region when it matters: apps and directories know no other form.

    Bad: `language = "eng"`
    Good: `language = "en"` or `language = "es-MX"`
    Source: Apple, A Podcaster's Guide to RSS; W3C Feed Validation Service, InvalidLanguage.
    """
    show = subject.show
    written = [(show.language, subject.at("language"))]
    written += [
        (feed.language, subject.place_of("", ("feeds", feed.name, "language"))) for feed in show.feeds
    ]
    seen = set()
    for language, place in written:
        if not _LANGUAGE.fullmatch(language) and language not in seen:
            seen.add(language)
            yield Fault(
                f"{language!r} is no two-letter language code",
                place,
                'write "en", "es" or, with a region, "es-MX"',
            )


@rule("CH-007", "description-too-long", "error")
def description_too_long(subject: ShowSubject) -> Iterator[Fault]:
    """A show's description has at most 4,000 bytes, an accented letter being two; Apple refuses more.

    Bad: a history of the programme since its beginning
    Good: two or three paragraphs: who speaks, about what, for whom
    Source: PSP-1; Apple, A Podcaster's Guide to RSS.
    """
    size = len(subject.show.description.strip().encode())
    if size > MAX_DESCRIPTION_BYTES:
        yield Fault(
            f"the description has {size:,} bytes; directories take {MAX_DESCRIPTION_BYTES:,}",
            subject.at("description"),
            "shorten it, and put the rest on the show's page",
        )


@rule("CH-010", "html-in-show-text", "warn")
def html_in_show_text(subject: ShowSubject) -> Iterator[Fault]:
    """Title and description of a show are plain text: apps show tags as they are written.

    Bad: `description = "<p>Conversations about schools.</p>"`
    Good: `description = "Conversations about schools."`
    Source: RSS Best Practices Profile; W3C Feed Validation Service, ContainsHTML.
    """
    for field in ("title", "description"):
        if found := _TAG.search(getattr(subject.show, field)):
            yield Fault(
                f"the show's {field} holds the tag {found[0]}",
                subject.at(field),
                "write plain text without tags",
            )


@rule("CH-029", "copyright-missing", "warn")
def copyright_missing(subject: ShowSubject) -> Iterator[Fault]:
    """Whoever wants to quote or rebroadcast an episode looks here for whom to ask.

    Bad: no `copyright` key
    Good: `copyright = "The Sample Office"`
    Source: Apple, A Podcaster's Guide to RSS.
    """
    if not subject.show.copyright:
        yield Fault(
            "nobody is named as holder of the rights", subject.at(), 'add copyright = "…" under [show]'
        )


@rule("CH-030", "copyright-wording", "warn", "psp")
def copyright_wording(subject: ShowSubject) -> Iterator[Fault]:
    """The element's name says "copyright" already, and a year is out of date from January on.

    Bad: `copyright = "© 2024 The Sample Office"`
    Good: `copyright = "The Sample Office"`
    Source: PSP-1 (Apple accepts both).
    """
    if found := _COPYRIGHT_WORDS.search(subject.show.copyright or ""):
        yield Fault(
            f"the copyright line holds {found[0]!r}",
            subject.at("copyright"),
            "name the holder only, without sign or year",
        )


@rule("APL-002", "cover-file-type", "error")
def cover_file_type(subject: ShowSubject) -> Iterator[Fault]:
    """Apple takes JPEG and PNG, and tells them by the end of the address.

    Bad: `cover = "episodes/cover.webp"`
    Good: `cover = "episodes/cover.jpg"`
    Source: Apple, A Podcaster's Guide to RSS; PSP-1.
    """
    if subject.show.cover.suffix.lower() not in _PICTURES:
        yield Fault(
            f"the cover {subject.show.cover.name!r} is neither .jpg nor .png",
            subject.at("cover"),
            "save it as JPEG or PNG, 3000 × 3000 pixels",
        )


@rule("APL-004", "category-unknown", "error")
def category_unknown(subject: ShowSubject) -> Iterator[Fault]:
    """Apple's 19 categories are the ones that every directory reads; anything else is dropped.

    Bad: `categories = ["Schools"]`
    Good: `categories = ["Education"]`
    Source: Apple Podcasts categories (1691); W3C Feed Validation Service, InvalidItunesCategory.
    """
    for number, category in enumerate(subject.show.categories):
        parent, _ = split_category(category)
        if parent not in CATEGORIES and not replacement_for(category):
            yield _category_problem(subject, number, f"{parent!r} is none of Apple's categories", category)


@rule("APL-005", "subcategory-unknown", "error")
def subcategory_unknown(subject: ShowSubject) -> Iterator[Fault]:
    """A subcategory counts only below its own category, written `Category > Subcategory`.

    Bad: `categories = ["Education > Documentary"]`
    Good: `categories = ["Society & Culture > Documentary"]`
    Source: Apple Podcasts categories (1691).
    """
    for number, category in enumerate(subject.show.categories):
        parent, child = split_category(category)
        if parent in CATEGORIES and not is_category(category) and not replacement_for(category):
            yield _category_problem(subject, number, f"{parent!r} has no subcategory {child!r}", category)


@rule("APL-006", "category-retired", "warn")
def category_retired(subject: ShowSubject) -> Iterator[Fault]:
    """Apple gave up some categories in 2019; a show that still names one is listed in none.

    Bad: `categories = ["Education > K-12"]`
    Good: `categories = ["Education"]`
    Source: Apple Podcasts categories (1691); W3C Feed Validation Service, ObsoleteItunesCategory.
    """
    for number, category in enumerate(subject.show.categories):
        if replacement_for(category):
            yield _category_problem(subject, number, f"Apple retired {category!r} in 2019", category)


@rule("APL-008", "categories-too-many", "warn")
def categories_too_many(subject: ShowSubject) -> Iterator[Fault]:
    """Apple uses the first category and at most two more; each is named once.

    Bad: `categories = ["Education", "Education", "Government", "News", "History"]`
    Good: `categories = ["Education", "Government"]`
    Source: Apple, A Podcaster's Guide to RSS.
    """
    written = [
        " > ".join(part for part in split_category(category) if part) for category in subject.show.categories
    ]
    for number, category in enumerate(written):
        if category in written[:number]:
            yield Fault(
                f"{category!r} is named twice", subject.at("categories", number), "delete one of them"
            )
    parents = list(dict.fromkeys(split_category(category)[0] for category in written))
    if len(parents) > 3:
        yield Fault(
            f"the show is in {len(parents)} categories; Apple uses three",
            subject.at("categories"),
            f"keep {', '.join(parents[:3])} or choose three others",
        )


@rule("APL-017", "new-address-not-https", "error")
def new_address_not_https(subject: ShowSubject) -> Iterator[Fault]:
    """The address that a show moves to is followed by every app, so it has to be whole and safe.

    Bad: `new_feed_url = "http://example.org/feed.xml"`
    Good: `new_feed_url = "https://example.org/feed.xml"`
    Source: Apple, A Podcaster's Guide to RSS.
    """
    address = subject.show.new_feed_url
    if address and not address.startswith("https://"):
        yield Fault(
            f"the show's new address {address} is not https",
            subject.at("new_feed_url"),
            "use the https address",
        )


@rule("CH-013", "self-link-wrong", "error", when=("atom:link",))
def self_link_wrong(subject: ChannelView) -> Iterator[Fault]:
    """The self link is the feed's one name: caches and directories go by it.

    Bad: the address of a test server
    Good: `base_url` and the name of the feed
    Source: RSS Best Practices Profile; W3C Feed Validation Service, RelativeSelf.
    """
    for link in subject.all("atom:link"):
        if link.get("rel") != "self":
            continue
        said, wanted = link.get("href"), subject.context.address if subject.context.is_own else ""
        if wanted and said != wanted:
            message = f"the feed calls itself {said or 'nothing'}, and is published as {wanted}"
            yield Fault(message, subject.at(link, "href"), "build it again: publisher feed")
        elif not said.startswith("https://"):
            message = f"the feed's name for itself is no https address: {said!r}"
            yield Fault(message, subject.at(link, "href"), "write the whole https address of the feed")


@rule("PL-003", "no-mail-to-claim", "warn", "youtube", "spotify", "amazon")
def no_mail_to_claim(subject: ShowSubject) -> Iterator[Fault]:
    """These directories send the code that proves the show is yours to the address in the feed.

    Bad: no `owner` key
    Good: `owner = { name = "The Sample Office", email = "podcast@example.org" }`
    Source: what the directories do; their primary texts could not be read again.
    """
    if not subject.show.owner_email:
        yield Fault(
            "the feed has no mail address for directories to send their code to",
            subject.at(),
            'add owner = { name = "…", email = "…" } under [show]; a role address, not a personal one',
        )


def _category_problem(subject: ShowSubject, number: int, message: str, category: str) -> Fault:
    near = suggest_category(category)
    hint = f"did you mean {near!r}?" if near else f"choose one of: {', '.join(CATEGORIES)}"
    return Fault(message, subject.at("categories", number), hint)
