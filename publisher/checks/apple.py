"""Rules on what Apple reads of a show: cover, categories, explicit, author, owner, type (group APL)."""

# ruff: noqa: D401 - a rule's docstring is its documentation, written for people

from __future__ import annotations

import re
from collections.abc import Iterator

from publisher.categories import CATEGORIES
from publisher.checks.engine import Fault, checklist, rule
from publisher.checks.views import ChannelView
from publisher.model import Edit, Fix

PARENT_OF = {child: parent for parent, children in CATEGORIES.items() for child in children}
"""Each of Apple's subcategories with the category that it belongs to."""

_EXPLICIT = {
    **dict.fromkeys(("true", "yes", "explicit", "1"), "true"),
    **dict.fromkeys(("false", "no", "clean", "0"), "false"),
}
_MAIL = re.compile(r"[^@\s<>()]+@[^@\s<>().]+(?:\.[^@\s<>().]+)+")
_PERSONAL = re.compile(r"[a-z]+[._-][a-z]+|[a-z][._-][a-z]{3,}")
_ROLES = re.compile(
    r"podcast|show|info|contact|hello|mail|press|media|team|office|radio|studio|feed|rss|admin|editor|support|news"
    r"|audio|web|host|owner|help|service|community|engage|public|comm|production|network|itunes|apple|team|the"
)


@rule("APL-001", "cover-missing", "error")
def cover_missing(subject: ChannelView) -> Iterator[Fault]:
    """A show without a cover is taken by no directory; Apple reads its address from the attribute href alone.

    Bad: no `<itunes:image>`, or `<itunes:image>https://media.example.org/cover.jpg</itunes:image>`
    Good: `<itunes:image href="https://media.example.org/cover.jpg"/>`
    Source: Apple, A Podcaster's Guide to RSS; PSP-1.
    """
    image = subject.first("itunes:image")
    if image is None:
        hint = 'add <itunes:image href="…"/> with a JPEG or PNG of 3000 × 3000 pixels'
        yield Fault("the show has no cover", subject.at(), hint)
    elif not image.get("href"):
        place, said = subject.at(image, "href"), image.value or image.get("url")
        fix = Fix("write it as href", (Edit(place, "", said, "itunes:image@href"),)) if said else None
        what = "stands where Apple does not look" if said else "is missing"
        yield Fault(f"the address of the cover {what}", place, 'write <itunes:image href="…"/>', fix)


@rule("APL-003", "category-missing", "error")
def category_missing(subject: ChannelView) -> Iterator[Fault]:
    """Directories list shows by category; one that names none cannot be submitted.

    Bad: no `<itunes:category>`, or one without `text`
    Good: `categories = ["Education"]`
    Source: Apple, A Podcaster's Guide to RSS; PSP-1.
    """
    if not any(each.get("text") for each in subject.all("itunes:category")):
        hint = f"choose one of: {', '.join(CATEGORIES)}"
        yield Fault("the show is in no category", subject.at("itunes:category"), hint)


@rule("APL-007", "category-nesting", "error", when=("itunes:category",))
def category_nesting(subject: ChannelView) -> Iterator[Fault]:
    """A subcategory counts inside its category only, and nothing counts inside a subcategory.

    Bad: `categories = ["How To"]`, or a category three deep
    Good: `categories = ["Education > How To"]`
    Source: Apple, A Podcaster's Guide to RSS.
    """
    for outer in subject.all("itunes:category"):
        name = outer.get("text")
        if name in PARENT_OF and name not in CATEGORIES:
            hint = f'write it inside "{PARENT_OF[name]}": {PARENT_OF[name]} > {name}'
            yield Fault(f"the subcategory {name!r} stands alone", subject.at(outer), hint)
        for inner in outer.all("itunes:category"):
            for third in inner.all("itunes:category"):
                message = f"the category {third.get('text')!r} stands inside a subcategory"
                yield Fault(message, subject.at(third), "put it beside the first, or leave it out")


@rule("APL-009", "explicit-odd", "error")
def explicit_odd(subject: ChannelView) -> Iterator[Fault]:
    """Whether a show is for children, too, is said with true or false; older words are not read any more.

    Bad: no `<itunes:explicit>`, or `<itunes:explicit>yes</itunes:explicit>`
    Good: `explicit = false`
    Source: Apple, A Podcaster's Guide to RSS; PSP-1; W3C Feed Validation Service, InvalidTrueFalse.
    """
    written, place = subject.text("itunes:explicit"), subject.at("itunes:explicit")
    if not written:
        yield Fault(
            "the show does not say whether it is explicit", place, "add <itunes:explicit> with true or false"
        )
    elif written not in {"true", "false"}:
        right = _EXPLICIT.get(written.casefold(), "")
        fix = Fix(f"write {right}", (Edit(place, written, right, "itunes:explicit"),)) if right else None
        hint = f"write {right}" if right else "write true or false"
        yield Fault(f"itunes:explicit is true or false, not {written[:40]!r}", place, hint, fix)


@rule("APL-010", "author-missing", "warn", "-spotify")
def author_missing(subject: ChannelView) -> Iterator[Fault]:
    """The author stands under the title everywhere; without one, a show looks as if nobody answered for it.

    Bad: no `<itunes:author>`
    Good: `author = "The Sample Office"`
    Source: Apple, A Podcaster's Guide to RSS; PSP-1.
    """
    if not subject.text("itunes:author"):
        yield _no_author(subject)


@rule("APL-011", "author-owed", "error", "spotify")
def author_owed(subject: ChannelView) -> Iterator[Fault]:
    """Spotify lists no show without an author.

    Bad: no `<itunes:author>`
    Good: `author = "The Sample Office"`
    Source: Spotify, Show metadata requirements.
    """
    if not subject.text("itunes:author"):
        yield _no_author(subject)


@rule("APL-012", "type-odd", "error", when=("itunes:type",))
def type_odd(subject: ChannelView) -> Iterator[Fault]:
    """The type decides whether apps begin with the newest or the first episode; other words decide nothing.

    Bad: `<itunes:type>Serial</itunes:type>`
    Good: `type = "serial"` or `type = "episodic"`
    Source: Apple, A Podcaster's Guide to RSS; PSP-1; W3C Feed Validation Service, InvalidItunesChannelType.
    """
    written, place = subject.text("itunes:type"), subject.at("itunes:type")
    if written not in {"episodic", "serial"}:
        right = written.casefold() if written.casefold() in {"episodic", "serial"} else ""
        fix = Fix(f"write {right}", (Edit(place, written, right, "itunes:type"),)) if right else None
        message = f"itunes:type is episodic or serial, not {written[:40]!r}"
        yield Fault(message, place, f"write {right}" if right else "write episodic, or leave it out", fix)


@checklist("APL-013", "order-meant", "error")
def order_meant() -> None:
    """A show whose episodes build on each other says serial, so that apps begin with the first.

    Bad: a story in eight parts with `type = "episodic"`
    Good: `type = "serial"`, and a number for each full episode
    Source: Apple, A Podcaster's Guide to RSS; PSP-1 (that a serial show has the numbers, IT-042 checks).
    """


@rule("APL-014", "owner-incomplete", "warn", when=("itunes:owner",))
def owner_incomplete(subject: ChannelView) -> Iterator[Fault]:
    """Apple reads the owner no more; others send the code that proves a show is yours to its mail address.

    Bad: `<itunes:owner><itunes:name>The Sample Office</itunes:name></itunes:owner>`
    Good: `owner = { name = "The Sample Office", email = "podcast@example.org" }`, or no owner at all
    Source: Apple, Technical updates for hosting providers (4115); what the other directories do.
    """
    for owner in subject.all("itunes:owner"):
        mail, name = owner.first("itunes:email"), owner.first("itunes:name")
        if mail is None or not mail.value:
            yield Fault(
                "the owner has no mail address",
                subject.at(owner),
                "add <itunes:email>, or leave the owner out",
            )
        elif not _MAIL.fullmatch(mail.value):
            message = f"the owner's mail address is none: {mail.value[:80]!r}"
            yield Fault(message, subject.at(mail), "write it as podcast@example.org")
        if name is None or not name.value:
            yield Fault("the owner has no name", subject.at(owner), "add <itunes:name>")


@rule("APL-015", "owner-mail-personal", "warn", when=("itunes:owner",))
def owner_mail_personal(subject: ChannelView) -> Iterator[Fault]:
    """Feeds are harvested for addresses: what stands here gets letters nobody asked for, for years.

    Bad: `email = "jane.doe@example.org"`
    Good: `email = "podcast@example.org"`
    Source: practice (an address that looks like first and last name is taken for a personal one).
    """
    for owner in subject.all("itunes:owner"):
        mail = owner.first("itunes:email")
        local = mail.value.partition("@")[0].partition("+")[0].casefold() if mail is not None else ""
        if mail is not None and _PERSONAL.fullmatch(local) and not _ROLES.search(local):
            message = f"the owner's mail address looks like a person's: {mail.value[:80]}"
            yield Fault(message, subject.at(mail), "use one of the office, such as podcast@…")


@rule("APL-016", "show-title-twice", "warn", when=("itunes:title",))
def show_title_twice(subject: ChannelView) -> Iterator[Fault]:
    """A second title is for those who need another one in Apple's lists; a copy says nothing.

    Bad: `<itunes:title>` with the words of `<title>`
    Good: no `<itunes:title>`
    Source: Apple, A Podcaster's Guide to RSS.
    """
    title = subject.text("title")
    if title and subject.text("itunes:title") == title:
        yield Fault("itunes:title repeats the title", subject.at("itunes:title"), "leave <itunes:title> out")


def _no_author(subject: ChannelView) -> Fault:
    hint = "add <itunes:author>: who publishes it"
    return Fault("the show names no author", subject.at("itunes:author"), hint)
