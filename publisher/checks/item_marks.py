"""Rules on what an item says of itself: notes, page, kind, explicitness and older marks (group IT)."""

# ruff: noqa: D205, D401 - a rule's docstring is its documentation, written for people

from __future__ import annotations

import re
from collections.abc import Iterator

from publisher.checks.engine import Fault, rule
from publisher.checks.views import ItemView, host_of, path_of
from publisher.model import Edit, Fix
from publisher.model.placeholders import SHOW_NOTES

_MEDIA = (".mp3", ".m4a", ".mp4", ".m4v", ".mov", ".ogg", ".opus", ".wav", ".flac", ".aac")
_PICTURES = (".jpg", ".jpeg", ".png")
_KINDS = ("full", "trailer", "bonus")
_EXPLICIT = {"yes": "true", "explicit": "true", "no": "false", "clean": "false", "1": "true", "0": "false"}
_EMAIL_AND_NAME = re.compile(r"[^\s@<>()]+@[^\s@<>()]+\.[^\s@<>()]+\s+\(.*[^\s)].*\)")
_OBSOLETE = ("itunes:isClosedCaptioned", "itunes:order")


@rule("IT-027", "notes-missing", "warn")
def notes_missing(subject: ItemView) -> Iterator[Fault]:
    """The notes are what people read before they press play, and what they are found by.
    Notes in `content:encoded` without any `description` are IT-029's.

    Bad: an item without `<description>`, or with the placeholder of a new episode
    Good: two or three sentences on what is said, and the links
    Source: Apple, A Podcaster's Guide to RSS; PSP-1.
    """
    found = subject.first("description")
    if found is None and subject.text("content:encoded"):
        return
    if found is None or not found.value:
        yield Fault("the episode has no notes", subject.at("description"), "write what it is about")
    elif SHOW_NOTES in found.value:
        message = "the notes are still those that `new` wrote"
        yield Fault(message, subject.in_notes(SHOW_NOTES), "write what the episode is about")


@rule("IT-029", "content-before-description", "error", when=("content:encoded",))
def content_before_description(subject: ItemView) -> Iterator[Fault]:
    """Some readers take the first of both that they meet for the notes: the description comes first.

    Bad: `<content:encoded>` and then `<description>`, or no description
    Good: `<description>` and then `<content:encoded>`
    Source: RSS Best Practices Profile; W3C Feed Validation Service, NeedDescriptionBeforeContent.
    """
    names = [child.name for child in subject.element.children]
    at = names.index("content:encoded")
    if "description" not in names[:at]:
        missing = "description" not in names
        yield Fault(
            "there is content:encoded, but no description" if missing else "content:encoded comes first",
            subject.at("content:encoded"),
            "write a description before it",
        )


@rule("IT-030", "page-link", "warn")
def page_link(subject: ItemView) -> Iterator[Fault]:
    """The link leads to the episode's page, where transcript and resources are; it is what people share.

    Bad: an item without `<link>`, or with that of the audio file
    Good: `<link>https://www.example.org/show/families</link>`
    Source: Apple, A Podcaster's Guide to RSS; PSP-1.
    """
    link = subject.text("link")
    message = ""
    if not link:
        message = "the episode has no link to a page of its own"
    elif not link.casefold().startswith("https://"):
        message = f"the link to the episode's page is not https: {link[:80]}"
    elif link == subject.audio_url or path_of(link).casefold().endswith(_MEDIA):
        message = "the link leads to the audio file instead of a page"
    if message:
        yield Fault(message, subject.at("link"), "link the episode's page, with https:// in front")


@rule("IT-035", "explicit-form", "error")
def explicit_form(subject: ItemView) -> Iterator[Fault]:
    """Apps hide what is explicit from children; they know `true` and `false`. Where it is missing, say it.

    Bad: `<itunes:explicit>yes</itunes:explicit>`
    Good: `<itunes:explicit>true</itunes:explicit>`
    Source: Apple, A Podcaster's Guide to RSS; PSP-1.
    """
    found = subject.first("itunes:explicit")
    place = subject.at("itunes:explicit")
    if found is None:
        fix = None
        if subject.own is None and subject.context.explicit in {"true", "false"}:
            edit = Edit(place, "", subject.context.explicit, "itunes:explicit")
            fix = Fix(f"write {subject.context.explicit}, as the show does", (edit,))
        yield Fault(
            "the episode does not say whether it is explicit",
            place,
            "write true or false",
            fix,
            level="warn",
        )
    elif found.value not in {"true", "false"}:
        near = found.value.casefold()
        right = near if near in {"true", "false"} else _EXPLICIT.get(near, "")
        edits = (Edit(place, found.value, right, "itunes:explicit"),)
        fix = Fix(f"write {right}", edits) if right else None
        hint = f"write {right}" if right else "write true or false"
        yield Fault(f"explicit is {found.value[:40]!r}, neither true nor false", place, hint, fix)


@rule("IT-037", "episode-type-unknown", "error", when=("itunes:episodeType",))
def episode_type_unknown(subject: ItemView) -> Iterator[Fault]:
    """An episode is `full`, `trailer` or `bonus`, in small letters; what else stands there is taken for full.

    Bad: `<itunes:episodeType>Teaser</itunes:episodeType>`
    Good: `<itunes:episodeType>trailer</itunes:episodeType>`
    Source: Apple, A Podcaster's Guide to RSS; W3C Feed Validation Service, InvalidItunesEpisodeType.
    """
    written = subject.text("itunes:episodeType")
    if written in _KINDS:
        return
    place, near = subject.at("itunes:episodeType"), written.casefold()
    edits = (Edit(place, written, near, "itunes:episodeType"),)
    fix = Fix(f"write {near}", edits) if near in _KINDS else None
    said = repr(written[:40]) if written else "empty"
    yield Fault(
        f"the kind of the episode is {said}",
        place,
        f"write {near}" if fix else "write full, trailer or bonus",
        fix,
    )


@rule("IT-045", "itunes-title-differs", "warn", when=("itunes:title",))
def itunes_title_differs(subject: ItemView) -> Iterator[Fault]:
    """Apple shows `itunes:title`, others `title`: they are the same, but for a number in front of the latter.

    Bad: `<title>Families</title>` with `<itunes:title>Part one</itunes:title>`
    Good: `<title>12. Families</title>` with `<itunes:title>Families</itunes:title>`
    Source: Apple, A Podcaster's Guide to RSS.
    """
    shown, title = _bare(subject.text("itunes:title")), _bare(subject.title)
    if shown and title and shown not in title:
        yield Fault(
            f"itunes:title is {subject.text('itunes:title')!r}, title is {subject.title!r}",
            subject.at("itunes:title"),
            "write the same in both, without a number in itunes:title, or leave itunes:title out",
        )


@rule("IT-046", "item-image", "warn", when=("itunes:image",))
def item_image(subject: ItemView) -> Iterator[Fault]:
    """A picture is named in `href`, with its whole address and an ending that apps know.

    Bad: `<itunes:image>https://media.example.org/one.webp</itunes:image>`
    Good: `<itunes:image href="https://media.example.org/one.jpg"/>`
    Source: Apple, A Podcaster's Guide to RSS; PSP-1.
    """
    for image in subject.all("itunes:image"):
        href = image.get("href")
        place = subject.at(image, "href")
        fix = None
        if not href:
            message, hint = "the episode's picture has no href", 'write <itunes:image href="…"/>'
            if image.value.startswith(("https://", "http://")):
                edit = Edit(place, "", image.value, "itunes:image@href")
                fix = Fix("write the address into href", (edit,))
        elif not href.casefold().startswith(("https://", "http://")) or not host_of(href):
            message, hint = f"{href[:80]!r} is no whole web address", "begin it with https://"
        elif not path_of(href).casefold().endswith(_PICTURES):
            message = f"the picture's address ends in no type that apps know: {href[:80]}"
            hint = "offer it as .jpg or .png"
        else:
            continue
        yield Fault(message, place, hint, fix)


@rule("IT-047", "item-block-odd", "warn", when=("itunes:block",))
def item_block_odd(subject: ItemView) -> Iterator[Fault]:
    """Only `Yes` hides an episode from Apple; any other word hides nothing, whatever it means to say.

    Bad: `<itunes:block>true</itunes:block>`
    Good: `<itunes:block>Yes</itunes:block>`, or no such element
    Source: Apple, A Podcaster's Guide to RSS; PSP-1.
    """
    written = subject.text("itunes:block")
    if written.casefold() != "yes":
        yield Fault(
            f"itunes:block is {written[:40]!r}, which has no effect",
            subject.at("itunes:block"),
            "write Yes to hide the episode, or take the element out",
        )


@rule("IT-048", "author-without-email", "warn", when=("author",))
def author_without_email(subject: ItemView) -> Iterator[Fault]:
    """RSS means an e-mail address by `author`; a name alone belongs into `itunes:author` or `dc:creator`.
    Beside `itunes:author` it does no harm; beside `dc:creator` it says the same thing twice.

    Bad: `<author>A Name</author>`
    Good: `<itunes:author>A Name</itunes:author>`
    Source: RSS 2.0; RSS Best Practices Profile; W3C Feed Validation Service, MissingRealName.
    """
    written = subject.text("author")
    hint = "write the name into itunes:author instead, or mail@host (Name)"
    if not _EMAIL_AND_NAME.fullmatch(written):
        said = (
            f"author is {written[:60]!r}, not an e-mail address with a name" if written else "author is empty"
        )
        yield Fault(said, subject.at("author"), hint)
    elif subject.first("dc:creator") is not None:
        yield Fault("the item has both author and dc:creator", subject.at("author"), "keep one of them")


@rule("IT-049", "item-extra-empty", "warn", when=("source", "comments", "category"))
def item_extra_empty(subject: ItemView) -> Iterator[Fault]:
    """What is there and says nothing is worse than what is not there: readers show an empty line.

    Bad: `<category></category>`
    Good: `<category>Schools</category>`, or none
    Source: RSS 2.0; RSS Best Practices Profile.
    """
    for category in subject.all("category"):
        if not category.value:
            yield Fault("a category is empty", subject.at(category), "name it, or take it out")
    for source in subject.all("source"):
        if not _is_address(source.get("url")):
            yield Fault("source names no feed", subject.at(source), "give its address in url, or take it out")
    for comments in subject.all("comments"):
        if not _is_address(comments.value):
            hint = "write the address of the page with the comments, or take it out"
            yield Fault("comments is no web address", subject.at(comments), hint)


@rule("IT-050", "item-mark-obsolete", "warn", when=_OBSOLETE)
def item_mark_obsolete(subject: ItemView) -> Iterator[Fault]:
    """No app reads these any more: captions are what a transcript is for, and order is that of the dates.

    Bad: `<itunes:order>3</itunes:order>`
    Good: `<itunes:episode>3</itunes:episode>`
    Source: Apple, A Podcaster's Guide to RSS, which names them no more.
    """
    for name in _OBSOLETE:
        for found in subject.all(name):
            yield Fault(f"no app reads {name} any more", subject.at(found), "take it out")


def _is_address(written: str) -> bool:
    return written.casefold().startswith(("https://", "http://")) and " " not in written


def _bare(text: str) -> str:
    """Return only the letters and digits of a text, in one case."""
    return "".join(re.findall(r"\w", text.casefold()))
