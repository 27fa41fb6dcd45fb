"""The elements of the podcast namespace, as its table has them, into rules on their form (P20-001 to 004)."""

# ruff: noqa: D205, D401 - a rule's docstring is its documentation, written for people

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from types import MappingProxyType

from publisher.checks.engine import Fault, rule
from publisher.checks.views import ChannelView, ItemView
from publisher.feed.elements import Element
from publisher.feed.vocabulary import PODCAST_ELEMENTS, PodcastElement

MEDIUMS = ("podcast", "music", "video", "film", "audiobook", "newsletter", "blog", "publisher", "course")
ALL_MEDIUMS = frozenset((*MEDIUMS, *(f"{name}L" for name in MEDIUMS), "mixed"))
UUID = re.compile(r"[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}")
_HTTPS = re.compile(r"https://[^\s/?#.]+[^\s/?#]*(?:[/?#]\S*)?", re.IGNORECASE)


_LONGEST: Mapping[str, tuple[tuple[str, int], ...]] = MappingProxyType(
    {
        "podcast:funding": (("", 128),),
        "podcast:soundbite": (("", 128),),
        "podcast:person": (("", 128),),
        "podcast:location": (("", 128),),
        "podcast:trailer": (("", 128),),
        "podcast:license": (("", 128),),
        "podcast:season": (("name", 128),),
        "podcast:episode": (("display", 32),),
        "podcast:alternateEnclosure": (("rel", 32),),
        "podcast:image": (("purpose", 128),),
    }
)
"""The most characters of attributes, "" being the text; txt and updateFrequency have rules of their own."""
_ELSEWHERE = frozenset({"podcast:transcript", "podcast:chapters"})
"""Of whose attributes TR-003 and CHJ-001 speak."""
_ADDRESSES = MappingProxyType(
    {
        "podcast:transcript": ("url",),
        "podcast:funding": ("url",),
        "podcast:trailer": ("url",),
        "podcast:license": ("url",),
        "podcast:image": ("href",),
        "podcast:contentLink": ("href",),
        "podcast:socialInteract": ("uri", "accountUrl"),
        "podcast:source": ("uri",),
    }
)
_OWN_RULE = {"podcast:funding", "podcast:trailer", "podcast:contentLink", "podcast:source"}
"""Whose addresses have a rule of their own that says when they are no whole address."""


def is_https(address: str) -> bool:
    """Tell whether an address is whole and safe."""
    return bool(_HTTPS.fullmatch(address))


def is_whole(address: str) -> bool:
    """Tell whether an address has scheme and host."""
    return is_https(address) or (address.lower().startswith("http://") and is_https(f"https{address[4:]}"))


def tags(view: ChannelView | ItemView) -> Iterator[tuple[str, Element]]:
    """Yield every element of the podcast namespace with the name of what it stands in."""
    parent = view.element.name
    for child in view.element.children:
        if child.children:
            yield from _inside(parent, child)
        elif child.name.startswith("podcast:"):
            yield parent, child


def placed(view: ChannelView | ItemView) -> Iterator[tuple[PodcastElement, Element]]:
    """Yield the elements that stand where they belong, with what the namespace says of them."""
    for parent, element in tags(view):
        known = PODCAST_ELEMENTS.get(element.name)
        if known is not None and parent in known.parents:
            yield known, element


def local(element: Element) -> str:
    """Return an element's name without its prefix."""
    return element.name.partition(":")[2] or element.name


@rule("P20-001", "attribute-missing", "error")
def attribute_missing(subject: ChannelView | ItemView) -> Iterator[Fault]:
    """A podcast tag without one of its required attributes says nothing: apps pass over it. A name that
    the namespace does not know is a matter of DOC-024; a transcript's attributes of TR-003.

    Bad: `<podcast:soundbite startTime="60">`
    Good: `<podcast:soundbite startTime="60" duration="30">`
    Source: Podcast namespace, the page of each tag.
    """
    for known, element in placed(subject):
        for name in known.required if element.name not in _ELSEWHERE else ():
            if not element.get(name):
                yield Fault(
                    f"<podcast:{local(element)}> has no {name}",
                    subject.at(element, name),
                    f"add {name}, or take the tag out",
                )


@rule("P20-002", "tag-repeated", "error")
def tag_repeated(subject: ChannelView | ItemView) -> Iterator[Fault]:
    """Some podcast tags stand in their place once: of two media or seasons, each app takes another. One in
    the wrong place is a matter of DOC-026, two chapters files one of CHJ-001.

    Bad: two `<podcast:medium>`
    Good: one
    Source: Podcast namespace, the page of each tag.
    """
    for owner in (subject.element, *subject.all("podcast:liveItem"), *_enclosures(subject)):
        seen: set[str] = set()
        for element in owner.children:
            known = PODCAST_ELEMENTS.get(element.name)
            if known is None or not known.is_single or element.name in _ELSEWHERE:
                continue
            if element.name in seen and owner.name in known.parents:
                message = f"<podcast:{local(element)}> stands here a second time; apps read one"
                yield Fault(message, subject.at(element), "keep the one that is right")
            seen.add(element.name)


@rule("P20-003", "tag-address-not-https", "error")
def tag_address_not_https(subject: ChannelView | ItemView) -> Iterator[Fault]:
    """Web players and phones refuse what a feed links without https. A person's links are a matter of
    P20-034, a remote item's of P20-140, a chapters file's of CHJ-001.

    Bad: `<podcast:transcript url="http://media.example.org/one.vtt"`
    Good: `<podcast:transcript url="https://media.example.org/one.vtt"`
    Source: Podcast namespace, 1.0.
    """
    for _, element in placed(subject):
        for name in _ADDRESSES.get(element.name, ()):
            address = element.get(name)
            if not address or is_https(address):
                continue
            is_other = ":" in address and element.name in {"podcast:socialInteract", "podcast:source"}
            is_plain = address.lower().startswith("http:")
            if is_plain or not (is_other or element.name in _OWN_RULE):
                yield Fault(
                    f"the {name} of <podcast:{local(element)}> is no https address: {address}",
                    subject.at(element, name),
                    "write the whole https address",
                )


@rule("P20-004", "tag-text-long", "warn")
def tag_text_long(subject: ChannelView | ItemView) -> Iterator[Fault]:
    """The namespace says how long its texts may be; apps cut what is longer.

    Bad: a soundbite's title of 200 characters
    Good: at most 128 characters, 32 for the display of an episode's number
    Source: Podcast namespace, the page of each tag.
    """
    for _, element in placed(subject):
        for name, most in _LONGEST.get(element.name, ()):
            written = element.get(name) if name else element.value
            if len(written) > most:
                what = f"the {name} of <podcast:{local(element)}>" if name else f"<podcast:{local(element)}>"
                yield Fault(
                    f"{what} has {len(written)} characters; the namespace allows {most}",
                    subject.at(element, name),
                    "shorten it",
                )


def _enclosures(subject: ChannelView | ItemView) -> Iterator[Element]:
    for held in (subject.element, *subject.all("podcast:liveItem")):
        yield from held.all("podcast:alternateEnclosure")


def _inside(parent: str, element: Element) -> Iterator[tuple[str, Element]]:
    if element.name.startswith("podcast:"):
        yield parent, element
    for child in element.children:
        yield from _inside(element.name, child)
