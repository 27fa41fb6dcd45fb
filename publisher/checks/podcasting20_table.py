"""The elements of the podcast namespace, as its table has them, into rules on their form (P20-001 to 004)."""

# ruff: noqa: D401 - a rule's docstring is its documentation, written for people

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import NamedTuple

from publisher.checks.engine import Fault, rule
from publisher.checks.views import ChannelView, ItemView
from publisher.feed.elements import Element

MEDIUMS = ("podcast", "music", "video", "film", "audiobook", "newsletter", "blog", "publisher", "course")
ALL_MEDIUMS = frozenset((*MEDIUMS, *(f"{name}L" for name in MEDIUMS), "mixed"))
UUID = re.compile(r"[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}")
_HTTPS = re.compile(r"https://[^\s/?#.]+[^\s/?#]*(?:[/?#]\S*)?", re.IGNORECASE)


class Form(NamedTuple):
    """How an element is written: below what, whether once only, and which attributes it must have.

    `limits` are the most characters of attributes, "" being the text. Attributes of which a rule of their own
    speaks (a transcript's, a chapters file's) are not listed.
    """

    parents: tuple[str, ...]
    is_single: bool = False
    required: tuple[str, ...] = ()
    limits: Mapping[str, int] = MappingProxyType({})


_TEXT = MappingProxyType({"": 128})
_ANY, _BOTH, _HELD = ("channel", "item", "liveItem"), ("channel", "item"), ("item", "liveItem")
FORMS: Mapping[str, Form] = MappingProxyType(
    {
        "podcast:transcript": Form(_HELD),
        "podcast:locked": Form(("channel",), True),
        "podcast:funding": Form(_ANY, False, ("url",), _TEXT),
        "podcast:chapters": Form(_HELD),
        "podcast:soundbite": Form(_HELD, False, ("startTime", "duration"), _TEXT),
        "podcast:person": Form(_ANY, False, (), _TEXT),
        "podcast:location": Form(_ANY, False, (), _TEXT),
        "podcast:season": Form(_HELD, True, (), MappingProxyType({"name": 128})),
        "podcast:episode": Form(_HELD, True, (), MappingProxyType({"display": 32})),
        "podcast:trailer": Form(("channel",), False, ("url", "pubdate"), _TEXT),
        "podcast:license": Form(_ANY, True, (), _TEXT),
        "podcast:alternateEnclosure": Form(_HELD, False, ("type",), MappingProxyType({"rel": 32})),
        "podcast:source": Form(("alternateEnclosure",), False, ("uri",)),
        "podcast:integrity": Form(("alternateEnclosure",), True, ("type", "value")),
        "podcast:guid": Form(("channel",), True),
        "podcast:value": Form(_ANY, False, ("type", "method")),
        "podcast:valueRecipient": Form(("value", "valueTimeSplit"), False, ("type", "address", "split")),
        "podcast:medium": Form(("channel",), True),
        "podcast:images": Form(_ANY, True, ("srcset",)),
        "podcast:liveItem": Form(("channel",), False, ("status", "start")),
        "podcast:contentLink": Form(_HELD, False, ("href",)),
        "podcast:socialInteract": Form(_ANY, False, ("protocol",)),
        "podcast:block": Form(("channel",)),
        "podcast:txt": Form(_ANY),
        "podcast:remoteItem": Form(
            ("channel", "podroll", "valueTimeSplit", "publisher"), False, ("feedGuid",)
        ),
        "podcast:podroll": Form(("channel",), True),
        "podcast:updateFrequency": Form(("channel",), True),
        "podcast:podping": Form(("channel",), True, ("usesPodping",)),
        "podcast:valueTimeSplit": Form(("value",), False, ("startTime", "duration")),
        "podcast:publisher": Form(("channel",), True),
        "podcast:chat": Form(_ANY, True, ("server", "protocol")),
        "podcast:image": Form(_ANY, False, ("href",), MappingProxyType({"purpose": 128})),
    }
)
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


def placed(view: ChannelView | ItemView) -> Iterator[tuple[Form, Element]]:
    """Yield the elements that stand where they belong, with their form."""
    for parent, element in tags(view):
        form = FORMS.get(element.name)
        if form is not None and parent in form.parents:
            yield form, element


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
    for form, element in placed(subject):
        for name in form.required:
            if not element.get(name):
                yield Fault(
                    f"<podcast:{local(element)}> has no {name}",
                    subject.at(element, name),
                    f"add {name}, or take the tag out",
                )


@rule("P20-002", "tag-misplaced", "error")
def tag_misplaced(subject: ChannelView | ItemView) -> Iterator[Fault]:
    """Each podcast tag has its place, and some stand there once: elsewhere or twice, apps see none or one.

    Bad: `<podcast:locked>` inside `<item>`, or two `<podcast:medium>`
    Good: each tag where its page in the namespace has it
    Source: Podcast namespace, the page of each tag.
    """
    for parent, element in tags(subject):
        form = FORMS.get(element.name)
        if form is not None and parent not in form.parents:
            yield Fault(
                f"<podcast:{local(element)}> stands inside <{parent}>, where no app looks for it",
                subject.at(element),
                f"move it into <{'> or <'.join(form.parents)}>",
            )
    for owner in (subject.element, *subject.all("podcast:liveItem"), *_enclosures(subject)):
        seen: set[str] = set()
        for element in owner.children:
            form = FORMS.get(element.name)
            if form is None or not form.is_single:
                continue
            if element.name in seen:
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
    for form, element in placed(subject):
        for name, most in form.limits.items():
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
        yield from _inside(local(element), child)
