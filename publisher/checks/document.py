"""Rules on a feed as a document: its bytes, its XML and its namespaces (group DOC)."""

# ruff: noqa: D401 - a rule's docstring is its documentation, written for people

from __future__ import annotations

import re
from collections.abc import Iterator

from publisher.checks.engine import Fault, rule
from publisher.checks.views import DESCRIPTIONS, ChannelView, DocumentView, ItemView
from publisher.feed.vocabulary import ATOM, ITUNES, PODCAST, usual_prefix

_REMAKE = "mend it where the feed is made; one of publisher is made anew with publisher feed"
_C1_OR_REPLACEMENT = re.compile("[\x80-\x9f\ufffd]")
_RESIDUE = re.compile(
    r"\{\{|\{%|<%|\$\{|\[object Object\]|^(?:undefined|None|null|NaN|nil|%s)$|/(?:undefined|null|NaN)(?:/|$)"
)
_NAMESPACES = {"itunes": ITUNES, "podcast": PODCAST, "atom": ATOM}


@rule("DOC-001", "feed-unreadable", "error")
def feed_unreadable(subject: DocumentView) -> Iterator[Fault]:
    """A feed that is no well-formed XML is read by no app: nobody gets the next episode.

    Bad: `<title>Schools & families</title>`
    Good: `<title>Schools &amp; families</title>`
    Source: XML 1.0.
    """
    problem, feed = subject.feed.problem, subject.feed
    if problem is not None and feed.problem_kind not in {"doctype", "entity", "size"}:
        yield Fault(problem.message, problem.place or subject.at(1), problem.hint)
    seen = {"xml"}
    for usage in feed.usages if problem is None else ():
        prefix = usage.written.partition(":")[0]
        if ":" in usage.written and not usage.uri and prefix not in seen:
            seen.add(prefix)
            yield Fault(
                f"the prefix of <{usage.written}> is not declared",
                subject.at(usage.line, usage.column),
                f"declare xmlns:{prefix} on <rss>",
            )


@rule("DOC-002", "feed-not-first", "error")
def feed_not_first(subject: DocumentView) -> Iterator[Fault]:
    """The XML declaration are the first bytes of the file; a blank line before it stops strict readers.

    Bad: a blank line, then `<?xml …`
    Good: `<?xml version="1.0" encoding="UTF-8"?>` at the very beginning
    Source: XML 1.0; Apple, Podcast RSS feed requirements.
    """
    if not subject.data.startswith((b"<?xml ", b"<\0?\0", b"\0<\0?", b"\x1f\x8b")):
        yield Fault("the feed does not begin with its XML declaration", subject.at(1), _REMAKE)


@rule("DOC-003", "feed-not-utf8", "error")
def feed_not_utf8(subject: DocumentView) -> Iterator[Fault]:
    """Feeds are UTF-8 and say so: other encodings arrive as broken letters.

    Bad: `encoding="ISO-8859-1"`
    Good: `encoding="UTF-8"`
    Source: PSP-1; Apple, A Podcaster's Guide to RSS.
    """
    decoded = subject.feed.decoded
    if decoded.miscoded:
        yield Fault(f"the feed holds bytes that are no {decoded.encoding}", decoded.miscoded, _REMAKE)
    elif decoded.declared.casefold() not in {"utf-8", "utf8"} or decoded.encoding.casefold() not in {
        "utf-8",
        "utf8",
    }:
        said = f"says that it is {decoded.declared}" if decoded.declared else "does not say that it is UTF-8"
        yield Fault(f"the feed {said}", subject.at(1), _REMAKE)


@rule("DOC-006", "control-character", "error")
def control_character(subject: DocumentView) -> Iterator[Fault]:
    """XML cannot carry control characters: a strict reader stops at the first, and the feed is lost.

    Bad: a vertical tab pasted from a word processor
    Good: a line break
    Source: XML 1.0, section 2.2.
    """
    for place, name in subject.feed.decoded.illegal:
        yield Fault(f"the feed holds {name}, which XML cannot carry", place, "delete the character")


@rule("DOC-007", "broken-letters", "warn")
def broken_letters(subject: DocumentView) -> Iterator[Fault]:
    """Control characters and replacement marks are what is left of letters that were decoded wrongly.

    Bad: `Color�n Colorado`
    Good: `Colorín Colorado`
    Source: W3C Feed Validation Service, BadCharacters.
    """
    if subject.feed.decoded.miscoded:
        return  # the marks are of our own reading then
    line = 0
    for found in _C1_OR_REPLACEMENT.finditer(subject.text):
        place = subject.at_index(found.start())
        if place.line != line:
            line = place.line
            yield Fault(
                f"the feed holds U+{ord(found[0]):04X}, a letter that was lost",
                subject.at(line),
                "type it again",
            )


@rule("DOC-009", "doctype", "error")
def doctype(subject: DocumentView) -> Iterator[Fault]:
    """A DOCTYPE can define entities that grow without bounds; readers that are careful refuse such feeds.

    Bad: `<!DOCTYPE rss [<!ENTITY a "…">]>`, or `&nbsp;` in a title
    Good: no DOCTYPE, and the character itself
    Source: W3C Feed Validation Service, ContainsSystemEntity and InvalidDoctype; XML 1.0.
    """
    problem = subject.feed.problem
    if problem is not None and subject.feed.problem_kind in {"doctype", "entity"}:
        yield Fault(problem.message, problem.place or subject.at(1), problem.hint)


@rule("DOC-010", "root-not-rss", "error")
def root_not_rss(subject: DocumentView) -> Iterator[Fault]:
    """Apps read RSS 2.0: its outermost element is `rss`. Apple has not taken Atom since 2023.

    Bad: `<feed xmlns="http://www.w3.org/2005/Atom">`
    Good: `<rss version="2.0">`
    Source: RSS 2.0; Apple, Technical updates for hosting providers (4115).
    """
    root = subject.feed.root
    if root is not None and (root.written != "rss" or "" in subject.feed.scope):
        what = "an Atom feed" if root.name == "atom:feed" else f"<{root.written[:40]}>"
        if root.name == "rss" and root.written != "rss":
            what = f"<{root.written}> instead of <rss>"
        elif root.name == "rss":
            return  # a default namespace: another rule's
        yield Fault(
            f"the outermost element is {what}", subject.at(root.line, root.column), "make an RSS 2.0 feed"
        )


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
    declared = {each.prefix for each in subject.declarations}
    meant = {each.uri for each in subject.declarations}
    for prefix, address in _NAMESPACES.items():
        if prefix not in declared and address not in meant:
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
        if usual_prefix(each.uri, each.prefix) == "itunes" and each.uri != ITUNES:
            yield Fault(
                f"the itunes namespace is misspelt: {each.uri}",
                subject.at(each.line, each.column),
                f"write {ITUNES}, every letter as it is here",
            )


@rule("DOC-028", "template-residue", "error")
def template_residue(subject: ChannelView | ItemView) -> Iterator[Fault]:
    """A template that was not filled in shows its insides to every subscriber.

    Bad: `<title>{{ episode.title }}</title>`
    Good: `<title>Families</title>`
    Source: practice.
    """
    for element in subject.element.children:
        if element.name in DESCRIPTIONS:
            continue
        for value in (element.text.strip(), *element.attributes.values()):
            if value and (found := _RESIDUE.search(value)):
                yield Fault(
                    f"<{element.written}> holds {found[0]!r}", subject.at(element), "mend the template"
                )


@rule("DOC-030", "feed-large", "warn")
def feed_large(
    subject: DocumentView, *, warn_mb: float = 2, error_mb: float = 10, items: int = 1000
) -> Iterator[Fault]:
    """Directories give up on feeds that take too long to fetch, and every app fetches all of it.

    Bad: 6 MB of feed
    Good: notes that say what is needed, and pages for the rest
    Source: practice of directories.
    """
    if subject.feed.problem is not None and subject.feed.problem_kind == "size":
        problem = subject.feed.problem
        yield Fault(problem.message, problem.place or subject.at(), problem.hint, level="error")
        return
    size = len(subject.feed.decoded.data) / 1024 / 1024
    if size > warn_mb:
        yield Fault(
            f"the feed has {size:.1f} MB",
            subject.at(),
            "shorten the notes of old episodes",
            level="error" if size > error_mb else None,
        )
    if len(subject.feed.spans) > items and not any(
        usage.name == "atom:link" and usage.attribute == "rel" and usage.count > 2 for usage in subject.usages
    ):
        yield Fault(
            f"the feed has {len(subject.feed.spans):,} items; apps read about {items:,}",
            subject.at(),
            "leave out the oldest, or page the feed",
        )


@rule("DOC-031", "feed-empty", "error", "spotify", "apple", "youtube", "amazon")
def feed_empty(subject: ChannelView) -> Iterator[Fault]:
    """Directories take a show only when there is something to hear.

    Bad: a feed without items
    Good: a feed with a trailer
    Source: Spotify, Show metadata requirements.
    """
    if not subject.item_count:
        yield Fault("the feed has no episode", subject.at(), "publish a trailer first")


@rule("DOC-033", "feed-line-ends", "warn")
def feed_line_ends(subject: DocumentView) -> Iterator[Fault]:
    """Feeds are compared line by line; other line ends make every line look changed.

    Bad: lines that end in CR LF
    Good: LF, also after the last line
    Source: XML 1.0, end-of-line handling.
    """
    if b"\r" in subject.data:
        line = subject.data.count(b"\n", 0, subject.data.index(b"\r")) + 1
        yield Fault("the feed has line ends other than LF", subject.at(line), _REMAKE)
    if not subject.data.endswith(b"\n"):
        yield Fault("the feed does not end with a line end", subject.at(), _REMAKE)
