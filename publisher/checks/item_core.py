"""Rules on what no item can do without: its title, its guid and its enclosure (group IT)."""

# ruff: noqa: D205, D401 - a rule's docstring is its documentation, written for people

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import quote, urlsplit
from uuid import NAMESPACE_URL, uuid5

from publisher.checks.engine import Fault, rule
from publisher.checks.views import ItemView
from publisher.model import Edit, Fix

_RESIDUE = re.compile(r"\{\{|\{%|<%|\$\{")
_URL_CHARACTERS = re.compile(r"(?:[\w.~:/?#\[\]@!$&'()*+,;=-]|%[0-9A-Fa-f]{2})*", re.ASCII)
_STRAY_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")
_FALSE = frozenset({"no", "0", "f", "n", "faux", "falsch"})
_TRUE = frozenset({"yes", "1", "t", "y"})


@rule("IT-001", "item-without-title", "error")
def item_without_title(subject: ItemView) -> Iterator[Fault]:
    """An episode without a title is a blank line in every list; directories leave it out.

    Bad: `<title></title>`
    Good: `<title>What families know</title>`
    Source: Apple, A Podcaster's Guide to RSS; PSP-1; Spotify, Show metadata requirements.
    """
    if not subject.title:
        yield Fault(
            "the episode has no title", subject.at("title"), "write a title that says what it is about"
        )


@rule("IT-002", "enclosure-twice", "error", when=("enclosure",))
def enclosure_twice(subject: ItemView) -> Iterator[Fault]:
    """An item has one enclosure: of two, each app chooses another. None at all is IT-051's.

    Bad: an `<enclosure>` for the MP3, and one for the video
    Good: one `<enclosure>`, and a `<podcast:alternateEnclosure>` for every other form
    Source: RSS Best Practices Profile; Apple, A Podcaster's Guide to RSS; PSP-1.
    """
    for again in subject.all("enclosure")[1:]:
        yield Fault(
            "the item has a second enclosure", subject.at(again), "make it a podcast:alternateEnclosure"
        )


@rule("IT-003", "enclosure-incomplete", "error", when=("enclosure",))
def enclosure_incomplete(subject: ItemView) -> Iterator[Fault]:
    """An enclosure says where the file is, how large, and what it is; apps pass over one that does not.
    An empty length is IT-010's.

    Bad: `<enclosure url="https://media.example.org/one.mp3"/>`
    Good: `<enclosure url="https://media.example.org/one.mp3" length="14400123" type="audio/mpeg"/>`
    Source: RSS 2.0.
    """
    for enclosure in subject.all("enclosure"):
        for name in ("url", "length", "type"):
            if not (enclosure.has(name) if name == "length" else enclosure.get(name)):
                place = subject.at(enclosure, name)
                yield Fault(f"the enclosure has no {name}", place, f'add {name}="…" to it')


@rule("IT-004", "enclosure-url-broken", "error", when=("enclosure",))
def enclosure_url_broken(subject: ItemView) -> Iterator[Fault]:
    """Apps need the whole address, written so that every program reads it alike: no blanks, no accents.

    Bad: `url="audio/first part.mp3"`
    Good: `url="https://media.example.org/audio/first%20part.mp3"`
    Source: RSS 2.0; W3C Feed Validation Service, InvalidURLAttribute; RFC 3986.
    """
    for enclosure in subject.all("enclosure"):
        url = enclosure.get("url")
        if not url or _RESIDUE.search(url) or url[:5].casefold() == "file:":
            continue  # IT-003's, DOC-028's, SEC-001's
        place = subject.at(enclosure, "url")
        try:
            parts = urlsplit(url)
            is_absolute = parts.scheme.casefold() in {"http", "https"} and bool(parts.hostname)
        except ValueError:
            is_absolute = False
        if not is_absolute:
            yield Fault(
                f"the audio's address is not a whole web address: {url[:80]}",
                place,
                "begin it with https:// and the name of the server",
            )
        elif not _URL_CHARACTERS.fullmatch(url):
            right = quote(_STRAY_PERCENT.sub("%25", url), safe="%:/?#[]@!$&'()*+,;=~")
            fix = Fix("write the address percent-encoded", (Edit(place, url, right, "enclosure@url"),))
            host = parts.netloc
            yield Fault(
                f"the audio's address holds characters that none may hold: {url[:80]}",
                place,
                f"write {right[:200]}",
                fix if host.isascii() else None,
            )


@rule("IT-013", "guid-missing", "error")
def guid_missing(subject: ItemView) -> Iterator[Fault]:
    """Apps tell episodes apart by their guid; without one, every change may bring the episode back as new.

    Bad: an item without `<guid>`
    Good: `<guid isPermaLink="false">3a0d6d5e-3f0f-4b0e-9a0d-0f7f6f9f2f11</guid>`
    Source: Apple, Technical updates for hosting providers (4115); PSP-1; Spotify, Show metadata requirements.
    """
    if subject.guid:
        return
    place, fix = subject.at("guid"), None
    if subject.own is None and subject.audio_url and subject.first("guid") is None:
        made = str(uuid5(NAMESPACE_URL, subject.audio_url))
        edits = (Edit(subject.at(), "", made, "guid"), Edit(subject.at(), "", "false", "guid@isPermaLink"))
        fix = Fix("give it a guid made once from the address of its audio", edits)
    yield Fault("the episode has no guid", place, "give it a UUID once, and never change it", fix)


@rule("IT-015", "guid-no-permalink", "error", when=("guid",))
def guid_no_permalink(subject: ItemView) -> Iterator[Fault]:
    """A guid counts as the address of the episode's page unless it says `isPermaLink="false"`.
    Whether such an address opens the page is asked with `--online`, as for any link of the item.

    Bad: `<guid>3a0d6d5e-3f0f-4b0e-9a0d-0f7f6f9f2f11</guid>`
    Good: `<guid isPermaLink="false">3a0d6d5e-3f0f-4b0e-9a0d-0f7f6f9f2f11</guid>`
    Source: RSS 2.0; W3C Feed Validation Service, InvalidHttpGUID.
    """
    found = subject.first("guid")
    if found is None or not subject.guid or found.get("isPermaLink") not in {"", "true"}:
        return
    if found.has("isPermaLink") and not found.get("isPermaLink"):
        return  # IT-016's
    if not subject.guid.casefold().startswith(("http://", "https://")):
        place = subject.at(found, "isPermaLink")
        edit = Edit(place, found.get("isPermaLink"), "false", "guid@isPermaLink")
        yield Fault(
            f"the guid {subject.guid[:80]!r} counts as a web address and is none",
            place,
            'add isPermaLink="false", and leave the guid as it is',
            Fix('write isPermaLink="false"', (edit,)),
        )


@rule("IT-016", "permalink-not-boolean", "error", when=("guid",))
def permalink_not_boolean(subject: ItemView) -> Iterator[Fault]:
    """Readers know `true` and `false`, in small letters; whatever else stands there counts as true for most.

    Bad: `<guid isPermaLink="no">`
    Good: `<guid isPermaLink="false">`
    Source: W3C Feed Validation Service, InvalidBooleanAttribute.
    """
    found = subject.first("guid")
    if found is None or not found.has("isPermaLink"):
        return
    written = found.get("isPermaLink")
    if written in {"true", "false"}:
        return
    plain = written.casefold()
    is_address = subject.guid.casefold().startswith(("http://", "https://"))
    right = "true" if is_address and plain not in _FALSE | {"false"} else "false"
    place = subject.at(found, "isPermaLink")
    is_clear = plain in _FALSE | {"false"} or (plain in _TRUE | {"true"} and is_address) or not is_address
    fix = Fix(f"write {right}", (Edit(place, written, right, "guid@isPermaLink"),)) if is_clear else None
    yield Fault(f"isPermaLink is {written!r}, neither true nor false", place, f"write {right}", fix)


@rule("IT-019", "guid-odd-characters", "warn", when=("guid",))
def guid_odd_characters(subject: ItemView, *, characters: int = 255) -> Iterator[Fault]:
    """Some apps cut long guids or change what is no plain letter, and then take two episodes for one.

    Bad: `<guid isPermaLink="false">Año 1, episodio 3</guid>`
    Good: `<guid isPermaLink="false">3a0d6d5e-3f0f-4b0e-9a0d-0f7f6f9f2f11</guid>`
    Source: practice of apps and their databases.
    """
    guid = subject.guid
    message = ""
    if len(guid) > characters:
        message = f"the guid has {len(guid):,} characters; apps keep {characters}"
    elif len(guid.split()) > 1:
        message = f"the guid {guid[:80]!r} holds a blank"
    elif not (guid.isascii() and guid.isprintable()):
        message = f"the guid {guid[:80]!r} holds more than plain letters, digits and signs"
    if message:
        yield Fault(
            message, subject.at("guid"), "use a UUID, unless the episode is already published: then leave it"
        )


@rule("IT-051", "item-without-enclosure", "error")
def item_without_enclosure(subject: ItemView) -> Iterator[Fault]:
    """A podcast's items are its episodes; apps pass over one with nothing to play, without a word.

    Bad: a blog post among the episodes
    Good: every item with an `<enclosure>`
    Source: practice of Podcast Index and other readers; Apple, A Podcaster's Guide to RSS.
    """
    if subject.first("enclosure") is None:
        yield Fault(
            "the item has no enclosure: there is nothing to play",
            subject.at(),
            "give it its audio file, or leave the item out of the feed",
        )
