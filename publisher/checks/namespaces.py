"""Rules on the namespaces that a feed declares (group DOC)."""

# ruff: noqa: D401 - a rule's docstring is its documentation, written for people

from __future__ import annotations

from collections.abc import Iterator

from publisher.checks.engine import Fault, rule
from publisher.checks.views import DocumentView
from publisher.feed.elements import Declaration
from publisher.feed.vocabulary import (
    ADDRESSES,
    ATOM,
    CONTENT,
    HOSTS,
    ITUNES,
    PODCAST,
    PODCAST_ALIAS,
    PREFIXES,
    usual_prefix,
)
from publisher.model import Edit, Fix

_NAMESPACES = {"itunes": ITUNES, "podcast": PODCAST, "atom": ATOM}
_ASKED_FOR = frozenset({ITUNES, PODCAST, PODCAST_ALIAS, ATOM, CONTENT})
_OWN_RULES = frozenset({"itunes", "podcast"})
_READ_BY_PREFIX = frozenset({"itunes", "podcast", "atom", "content", "psc", "media", "dc"})


@rule("DOC-015", "namespace-missing", "error", "psp", "apple")
def namespace_missing(subject: DocumentView) -> Iterator[Fault]:
    """Apps find the elements of Apple and of Podcasting 2.0 by these addresses, byte for byte.

    Bad: `xmlns:itunes="https://www.itunes.com/DTDs/Podcast-1.0.dtd"`
    Good: `xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"`
    Source: PSP-1; Apple, A Podcaster's Guide to RSS.
    """
    root = subject.feed.root
    if root is None or root.name != "rss":
        return
    for prefix, address in _NAMESPACES.items():
        if not _is_declared(subject, prefix) and not _is_used(subject, prefix):
            yield Fault(
                f"the feed does not declare the {prefix} namespace",
                subject.at(root.line, root.column),
                f'add xmlns:{prefix}="{address}" to <rss>',
            )


@rule("DOC-013", "itunes-namespace-wrong", "error")
def itunes_namespace_wrong(subject: DocumentView) -> Iterator[Fault]:
    """Apps know Apple's elements by this address, byte for byte: misspelt, they read none of them.

    Bad: `xmlns:itunes="https://www.itunes.com/DTDs/Podcast-1.0.dtd"`
    Good: `xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"`
    Source: Apple, A Podcaster's Guide to RSS; PSP-1.
    """
    for each in subject.declarations:
        if _meant(each) == "itunes" and each.uri != ITUNES:
            hint = f"write {ITUNES}, every letter as it is here"
            yield _misspelt(subject, each, ITUNES, hint)


@rule("DOC-014", "podcast-namespace-wrong", "error")
def podcast_namespace_wrong(subject: DocumentView) -> Iterator[Fault]:
    """Apps know the elements of Podcasting 2.0 by one address; an older one is still read, others are not.

    Bad: `xmlns:podcast="https://podcastindex.org/namespace/1.0/"`
    Good: `xmlns:podcast="https://podcastindex.org/namespace/1.0"`
    Source: Podcast namespace, 1.0.
    """
    for each in subject.declarations:
        if _meant(each) == "podcast" and each.uri != PODCAST:
            is_old = each.uri == PODCAST_ALIAS
            yield _misspelt(subject, each, PODCAST, f"write {PODCAST}", is_old=is_old)


@rule("DOC-016", "content-namespace-missing", "warn", "apple")
def content_namespace_missing(subject: DocumentView) -> Iterator[Fault]:
    """Apple's declaration of a feed lists the content namespace always; `content:encoded` needs it.

    Bad: `<rss version="2.0" xmlns:itunes="…">`
    Good: `<rss version="2.0" xmlns:itunes="…" xmlns:content="http://purl.org/rss/1.0/modules/content/">`
    Source: Apple, Podcast RSS feed requirements (823); PSP-1 (used undeclared, it is DOC-001's).
    """
    root = subject.feed.root
    if root is None or root.name != "rss" or _is_used(subject, "content"):
        return
    if not _is_declared(subject, "content"):
        place = subject.at(root.line, root.column)
        fix = Fix("declare it", (Edit(place, "", CONTENT, "rss@xmlns:content"),))
        message = "the feed does not declare the content namespace"
        yield Fault(message, place, f'add xmlns:content="{CONTENT}" to <rss>', fix)


@rule("DOC-017", "prefix-unusual", "warn")
def prefix_unusual(subject: DocumentView) -> Iterator[Fault]:
    """Some readers look at prefixes only: the usual ones mean the usual things, and nothing else.

    Bad: `xmlns:atom="http://www.w3.org/2005/Atom/"` or `xmlns:pi="https://podcastindex.org/namespace/1.0"`
    Good: `xmlns:atom="http://www.w3.org/2005/Atom"`
    Source: W3C Feed Validation Service, ReservedPrefix and NonstdPrefix.
    """
    for each in subject.declarations:
        usual, is_known = _meant(each), each.uri in PREFIXES
        if not each.prefix or (usual.startswith("{") and each.prefix not in ADDRESSES):
            continue
        if not is_known and each.uri not in HOSTS and usual not in _OWN_RULES:
            wanted = ADDRESSES.get(each.prefix) or ADDRESSES[usual]
            yield _misspelt(subject, each, wanted, f"write {wanted}")
        elif is_known and each.prefix != usual and (usual in _READ_BY_PREFIX or each.prefix in ADDRESSES):
            place = subject.at(each.line, each.column)
            message = f"the prefix {each.prefix} stands for what everybody calls {usual}"
            yield Fault(message, place, f"use the prefix {usual}")


@rule("DOC-018", "namespace-unknown", "warn")
def namespace_unknown(subject: DocumentView) -> Iterator[Fault]:
    """Elements that nobody knows are read by nobody, and often the address is misspelt.

    Bad: `xmlns:own="http://localhost/own"`
    Good: only namespaces that apps read
    Source: W3C Feed Validation Service, UnknownNamespace (a waiver allows one).
    """
    seen: set[object] = set()
    for each in subject.declarations:
        known = each.uri in PREFIXES or each.uri in HOSTS or each.prefix in ADDRESSES
        if each.prefix and each.uri not in seen and not known and _meant(each).startswith("{"):
            seen.add(each.uri)
            yield Fault(
                f"no app is known to read the namespace {each.uri[:100]!r}",
                subject.at(each.line, each.column),
                "check its address, or leave it out",
            )


@rule("DOC-019", "namespace-unused", "warn")
def namespace_unused(subject: DocumentView) -> Iterator[Fault]:
    """A namespace that is declared and not used is left from a template, and has irritated validators.

    Bad: `xmlns:media="http://search.yahoo.com/mrss/"` without one `media:` element
    Good: no such declaration
    Source: practice (those that the standards ask for always may be declared unused).
    """
    if subject.feed.problem is not None:
        return
    used = {usage.written.partition(":")[0] for usage in subject.usages if ":" in usage.written}
    used |= {usage.attribute.partition(":")[0] for usage in subject.usages if ":" in usage.attribute}
    seen: set[object] = set()
    for each in subject.declarations:
        if each.prefix and each.prefix not in used | seen and each.uri not in _ASKED_FOR:
            seen.add(each.prefix)
            if _meant(each) in _OWN_RULES:
                continue  # misspelt: said already
            yield Fault(
                f"the namespace {each.prefix} is declared and not used",
                subject.at(each.line, each.column),
                f"leave out xmlns:{each.prefix}",
            )


@rule("DOC-020", "namespace-inside", "error")
def namespace_inside(subject: DocumentView) -> Iterator[Fault]:
    """Namespaces are declared once, at the top: readers that search by pattern look nowhere else.

    Bad: `<itunes:author xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd">`
    Good: `<rss xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd">`
    Source: practice (others than itunes and podcast only warn).
    """
    root = subject.feed.root
    seen: set[object] = set()
    for each in subject.declarations:
        is_top = root is not None and each.element == root.written
        if root is None or not each.prefix or is_top or (each.prefix, each.element) in seen:
            continue
        seen.add((each.prefix, each.element))
        yield Fault(
            f"xmlns:{each.prefix} is declared on <{each.element[:60]}>",
            subject.at(each.line, each.column),
            "declare it once, on <rss>",
            level=None if _meant(each) in _OWN_RULES else "warn",
        )


@rule("DOC-034", "default-namespace", "error")
def default_namespace(subject: DocumentView) -> Iterator[Fault]:
    """The elements of RSS stand in no namespace; under a default one strict readers take them for others.

    Bad: `<rss version="2.0" xmlns="http://backend.userland.com/rss2">`
    Good: `<rss version="2.0">`
    Source: W3C Feed Validation Service, NotInANamespace (on an element below it only warns).
    """
    root = subject.feed.root
    seen: set[object] = set()
    for each in subject.declarations:
        is_meant = each.element.partition(":")[0] == _meant(each)  # an element that stands in it by right
        if not each.prefix and each.uri and root is not None and root.name == "rss" and not is_meant:
            if each.element not in seen:
                yield Fault(
                    f"<{each.element[:60]}> declares the default namespace {each.uri[:100]!r}",
                    subject.at(each.line, each.column),
                    "leave out xmlns, or give it a prefix",
                    level=None if each.element == root.written else "warn",
                )
            seen.add(each.element)


def _meant(each: Declaration) -> str:
    return usual_prefix(each.uri, each.prefix)


def _is_declared(subject: DocumentView, prefix: str) -> bool:
    return any(_meant(each) == prefix for each in subject.declarations)


def _is_used(subject: DocumentView, prefix: str) -> bool:
    return any(usage.written.startswith(f"{prefix}:") for usage in subject.usages)


def _misspelt(
    subject: DocumentView, each: Declaration, wanted: str, hint: str, *, is_old: bool = False
) -> Fault:
    place = subject.at(each.line, each.column)
    name = usual_prefix(wanted, each.prefix)
    said = (
        f"the {name} namespace has an address of its early days"
        if is_old
        else f"the {name} namespace is misspelt: {each.uri}"
    )
    fix = Fix(f"write {wanted}", (Edit(place, each.uri, wanted, f"{each.element}@xmlns:{each.prefix}"),))
    return Fault(said, place, hint, fix, "warn" if is_old else None)
