"""Rules on titles, names and summaries: the group TX."""

# ruff: noqa: D401 - a rule's docstring is its documentation, written for people

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from typing import TYPE_CHECKING

from publisher.checks.engine import Fault, rule
from publisher.checks.views import ChannelView, ItemFacts, ItemsView, ItemView
from publisher.model import Edit, Fix

if TYPE_CHECKING:
    from publisher.checks.subjects import CatalogueSubject, EpisodeSubject
    from publisher.checks.written import WrittenFacts

SHOW_TITLE_CHARACTERS = 60
TITLE_CHARACTERS = 100
SUMMARY_CHARACTERS = 20

_PARTS = re.compile(r"\s*[|:,]\s*|\s+[-–—]\s+")
_MEDIUM_WORDS = re.compile(r"\b(podcast|feed|episodes|mp3)\b", re.IGNORECASE)
_NUMBER = re.compile(
    r"\b(?:ep(?:isode|isodio)?|folge|capítulo)\.?\s*#?\d+\b|\bs\d{1,2}\s*[:.,-]?\s*e\d{1,3}\b|\bseason\s+\d+\b"
    r"|(?<![\w&])#\d+\b|^\d{1,3}\s*(?:[:.)]|[-–—](?=\s))",
    re.IGNORECASE,
)
_MARKUP = re.compile(r"</?[a-zA-Z][^<>]*>|&(?:[a-z]{2,8}|#\d{1,5}|#x[0-9a-f]{1,5});", re.IGNORECASE)
_INVISIBLE = re.compile("[\u00ad\u200b\u2060\ufeff\u202a-\u202e\u2066-\u2069]")
_ELEMENTS = {"title": "title", "author": "itunes:author"}
_MARKS = re.compile(r"[!?]{3,}")


@rule("TX-001", "show-title-stuffed", "warn")
def show_title_stuffed(subject: ChannelView) -> Iterator[Fault]:
    """Apple removes shows whose title is a list of search words; long titles are cut in every list.

    Bad: `title = "Margins | Schools, Families, Equity, California"`
    Good: `title = "Rising from the Margins"`
    Source: Apple, A Podcaster's Guide to RSS.
    """
    title = subject.text("title")
    if len([part for part in _PARTS.split(title) if part]) > 2:
        yield Fault(
            "the show's title reads like a list of search words", subject.at("title"), "keep only the name"
        )
    elif SHOW_TITLE_CHARACTERS < len(title) <= 255:  # beyond, CH-008 speaks
        yield Fault(
            f"the show's title has {len(title)} characters; lists cut it at {SHOW_TITLE_CHARACTERS}",
            subject.at("title"),
            "shorten it, and say the rest in the description",
        )


@rule("TX-002", "show-title-says-podcast", "warn")
def show_title_says_podcast(subject: ChannelView) -> Iterator[Fault]:
    """In an app full of podcasts, the word "podcast" says nothing.

    Bad: `title = "The Sample Podcast Feed"`
    Good: `title = "Sample"`
    Source: gPodder, feed practice.
    """
    if found := _MEDIUM_WORDS.search(subject.text("title")):
        yield Fault(
            f"the show's title says {found[0]!r}",
            subject.at("title"),
            "leave the word out, unless it is part of the name",
        )


@rule("TX-003", "number-in-title", "warn")
def number_in_title(subject: ItemView) -> Iterator[Fault]:
    """Apps show season and number beside the title from fields of their own; in the title they stand twice.

    Bad: `title: "Ep. 12: Families"`
    Good: `title: Families` with `episode: 12`
    Source: Apple, A Podcaster's Guide to RSS; PSP-1.
    """
    if found := _NUMBER.search(subject.title):
        yield Fault(
            f"the title holds a number that apps show anyway: {found[0].strip()!r}",
            subject.at("title"),
            "write it as season: and episode: instead",
        )


@rule("TX-004", "title-repeats-show", "warn")
def title_repeats_show(subject: ItemView) -> Iterator[Fault]:
    """The show's name stands next to every title already and pushes the rest out of sight.

    Bad: `title: "Rising from the Margins: Families"`
    Good: `title: Families`
    Source: Apple, A Podcaster's Guide to RSS.
    """
    if len(subject.context.title) > 3 and subject.context.title.casefold() in subject.title.casefold():
        yield Fault("the title repeats the show's", subject.at("title"), "leave the show's name out")


@rule("TX-005", "titles-alike", "warn")
def titles_alike(subject: ItemsView) -> Iterator[Fault]:
    """Two titles that differ in nothing but dots and capitals look like one episode published twice.

    Bad: `title: Families` and `title: "Families!"`
    Good: `title: Families` and `title: Families, a year later`
    Source: how listeners read lists.
    """
    first: dict[str, ItemFacts] = {}
    for item in reversed(subject.items):
        known = first.setdefault(_bare(item.title), item)
        if known is not item and item.title:
            yield Fault(
                f"the titles of {known.name!r} and {item.name!r} look the same",
                subject.at(item, "title"),
                "say what is different in this one",
            )


@rule("TX-006", "title-long", "warn")
def title_long(subject: ItemView) -> Iterator[Fault]:
    """Lists cut titles; what makes an episode worth hearing should stand before the cut.

    Bad: a title that tells the whole story in three clauses
    Good: a title of at most 100 characters, and a summary
    Source: what apps show; PSP-1 for the limit of 255.
    """
    length = len(subject.title)
    if length > TITLE_CHARACTERS:
        yield Fault(
            f"the title has {length} characters; apps cut it at about {TITLE_CHARACTERS}",
            subject.at("title"),
            "shorten it, and say the rest in the summary",
        )


@rule("TX-007", "markup-in-title", "error")
def markup_in_title(subject: ChannelView | ItemView) -> Iterator[Fault]:
    """A title is plain text: apps show tags and codes such as `&amp;` exactly as they are written.

    Bad: `title: "Schools &amp; families"`
    Good: `title: Schools & families`
    Source: W3C Feed Validation Service, ContainsHTML.
    """
    if found := _MARKUP.search(_title(subject)):
        yield Fault(
            f"the title holds {found[0]!r}",
            subject.at("title"),
            "write the character itself, without markup",
            _title_fix(subject, plain_text(_title(subject))),
        )


@rule("TX-008", "shouting-title", "warn")
def shouting_title(subject: ChannelView | ItemView) -> Iterator[Fault]:
    """Capitals and rows of marks are hard to read, for eyes and for screen readers, and look like spam.

    Bad: `title: "FAMILIES SPEAK OUT!!!"`
    Good: `title: Families speak out`
    Source: how listeners and screen readers read lists.
    """
    title = _title(subject)
    words = re.findall(r"[^\W\d_]{2,}", title)
    if len(words) > 1 and title.upper() == title != title.lower():
        yield Fault("the title is all capitals", subject.at("title"), "write it as in a sentence")
    if found := _MARKS.search(title):
        fix = _title_fix(subject, _title(subject).replace(found[0], found[0][0]))
        yield Fault(f"the title holds {found[0]!r}", subject.at("title"), "one mark will do", fix)


@rule("TX-009", "invisible-character", "warn")
def invisible_character(subject: ChannelView | ItemView) -> Iterator[Fault]:
    """Characters that nobody sees break searching and sorting; they come along when text is pasted.

    Bad: a title with a zero-width space in it
    Good: the same title, typed
    Source: Unicode Standard Annex 9 for the marks that turn text around.
    """
    texts = {"title": _title(subject), "author": subject.text("itunes:author")}
    if isinstance(subject, ItemView) and subject.own:
        texts["summary"] = subject.own.episode.summary
    for field, text in texts.items():
        if found := _INVISIBLE.search(text):
            place = subject.at_source("summary") if field == "summary" else subject.at(_ELEMENTS[field])
            edits = (Edit(place, text, _INVISIBLE.sub("", text), _ELEMENTS.get(field, field)),)
            message = f"the {field} holds the invisible character U+{ord(found[0]):04X}"
            yield Fault(message, place, "delete it", Fix("delete it", edits))


@rule("TX-012", "summary-thin", "warn")
def summary_thin(subject: EpisodeSubject | ItemView, *, characters: int = 20) -> Iterator[Fault]:
    """The summary is what people read before they press play.

    Bad: `summary: Families`
    Good: `summary: How a district brought its families in, and its students back.`
    Source: Apple, A Podcaster's Guide to RSS.
    """
    if not isinstance(subject, ItemView):
        said, title = subject.episode.summary.strip(), subject.episode.title
    elif subject.own is not None:
        return  # the summary has been looked at
    else:
        said, title = " ".join(subject.notes.text.split()), subject.title
        if not said:
            return  # IT-027's
    message = ""
    if len(said) < characters:
        message = f"the summary has {len(said)} characters"
    elif _bare(said) == _bare(title):
        message = "the summary only repeats the title"
    if message:
        place = subject.in_notes() if isinstance(subject, ItemView) else subject.at("summary")
        yield Fault(message, place, "say in a sentence why to listen")


@rule("TX-013", "descriptions-alike", "warn")
def descriptions_alike(subject: ItemsView) -> Iterator[Fault]:
    """The same description twice tells nobody what to expect, and usually a template was not filled in.

    Bad: `<description>A new episode of our show.</description>` in every item
    Good: notes of its own in each
    Source: how listeners read lists.
    """
    first: dict[int, ItemFacts] = {}
    for item in reversed(subject.items):
        if not item.about:
            continue
        found = [first.setdefault(digest, item) for digest in (item.about, item.description)]
        known = next((other for other in found if other is not item), None)
        if known:
            yield Fault(
                f"{item.name!r} has the same description as {known.name!r}",
                subject.at(item, "description"),
                "say what this one is about",
            )


@rule("TX-017", "summaries-alike", "warn")
def summaries_alike(subject: CatalogueSubject) -> Iterator[Fault]:
    """The same summary twice tells nobody what to expect, and usually a template was not filled in.

    Bad: `summary: A new episode of our show.` in every episode
    Good: a summary of its own in each
    Source: how listeners read lists.
    """
    first: dict[str, WrittenFacts] = {}
    for episode in subject.episodes:
        known = first.setdefault(_bare(episode.summary), episode)
        if known is not episode and episode.summary.strip():
            yield Fault(
                f"{episode.slug!r} has the same summary as {known.slug!r}",
                subject.within(episode, "summary"),
                "say what this one is about",
            )


def plain_text(title: str) -> str:
    """Return a title without tags, with the characters that codes stand for."""
    return unescape(_MARKUP.sub(lambda found: found[0] if found[0][0] == "&" else "", title)).strip()


def _title_fix(subject: ChannelView | ItemView, right: str) -> Fix | None:
    if not right or _MARKUP.search(right):
        return None
    return Fix(f"write {right}", (Edit(subject.at("title"), _title(subject), right, "title"),))


def _title(subject: ChannelView | ItemView) -> str:
    return subject.text("title")


def _bare(text: str) -> str:
    """Return only the letters and digits of a text, in one case."""
    return "".join(re.findall(r"\w", text.casefold()))
