"""Rules on the addresses of the whole feed: its own, and that of the show's page (group CH)."""

# ruff: noqa: D401 - a rule's docstring is its documentation, written for people

from __future__ import annotations

import re
from collections.abc import Iterator

from publisher.checks.engine import Fault, rule
from publisher.checks.views import ChannelView, path_of
from publisher.feed.elements import Element
from publisher.model import Edit, Fix

FEED_TYPE = "application/rss+xml"
_MEDIA = (".mp3", ".m4a", ".mp4", ".m4v", ".mov", ".ogg", ".opus", ".wav", ".aac", ".flac")
_FEED_ENDS = (".xml", ".rss", ".atom")
_PASSWORD = re.compile(r"//[^/@]*@")
_ABSOLUTE = re.compile(r"https?://[^/\s]+", re.IGNORECASE)


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
    if said.startswith("https://") and said != _PASSWORD.sub("//", address):
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
