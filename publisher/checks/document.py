"""Rules on a feed as a document: its XML, its size, what does not belong there (group DOC)."""

# ruff: noqa: D401 - a rule's docstring is its documentation, written for people

from __future__ import annotations

import re
from collections.abc import Iterator

from publisher.checks.engine import Fault, checklist, rule
from publisher.checks.views import DESCRIPTIONS, ChannelView, DocumentView, ItemView
from publisher.feed.elements import Aside, Element
from publisher.model import Edit, Fix

_NO_COMMENT = "take it out where the feed is made; often an add-on of the web server puts it there"
_WHOLE_COMMENT = 200  # a longer one is known only by its beginning
_RESIDUE = re.compile(
    r"\{\{|\{%|<%|\$\{|\[object Object\]|^(?:undefined|None|null|NaN|nil|%s)$|/(?:undefined|null|NaN)(?:/|$)"
)


@rule("DOC-001", "feed-unreadable", "error")
def feed_unreadable(subject: DocumentView) -> Iterator[Fault]:
    """A feed that is no well-formed XML is read by no app: nobody gets the next episode.

    Bad: `<title>Schools & families</title>`
    Good: `<title>Schools &amp; families</title>`
    Source: XML 1.0.
    """
    problem, feed = subject.feed.problem, subject.feed
    if problem is not None and feed.problem_kind not in {"doctype", "entity", "size", "cdata", "character"}:
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
    if root is not None and root.written != "rss":  # a default namespace is another rule's
        what = "an Atom feed" if root.name == "atom:feed" else f"<{root.written[:40]}>"
        if root.name == "rss":
            what = f"<{root.written}> instead of <rss>"
        yield Fault(
            f"the outermost element is {what}", subject.at(root.line, root.column), "make an RSS 2.0 feed"
        )


@rule("DOC-011", "rss-version", "error")
def rss_version(subject: DocumentView) -> Iterator[Fault]:
    """A feed says which RSS it is; strict readers refuse one that does not say 2.0.

    Bad: `<rss>` or `<rss version="2.0.1">`
    Good: `<rss version="2.0">`
    Source: RSS 2.0.
    """
    root = subject.feed.root
    if root is None or root.name != "rss" or (subject.feed.spans == [] and subject.feed.problem):
        return
    version = root.attributes.get("version") or root.attributes.get("VERSION", "")
    if version != "2.0":
        place = subject.at(root.line, root.column)
        fix = Fix('write version="2.0"', (Edit(place, version, "2.0", "rss@version"),))
        said = f"says version {version!r}" if version else "has no version"
        yield Fault(f"<rss> {said}", place, 'write <rss version="2.0" …>', fix)


@rule("DOC-012", "not-one-channel", "error")
def not_one_channel(subject: DocumentView) -> Iterator[Fault]:
    """Below `rss` stands one channel with everything in it; apps do not look for anything beside it.

    Bad: two `<channel>`, or an `<item>` after `</channel>`
    Good: `<rss><channel>…</channel></rss>`
    Source: RSS 2.0.
    """
    root = subject.feed.root
    if root is None or root.name != "rss" or subject.feed.problem is not None:
        return
    seen = 0
    for child in root.children:
        seen += child.name == "channel"
        if child.name != "channel" or seen > 1:
            place = subject.at(child.line, child.column)
            what = "a second channel" if child.name == "channel" else f"<{child.written[:40]}>"
            yield Fault(f"<rss> holds {what}", place, "put everything into the one channel")
    if not seen:
        place = subject.at(root.line, root.column)
        yield Fault("<rss> holds no channel", place, "put everything into <channel>")


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


@rule("DOC-029", "comment-after-feed", "warn")
def comment_after_feed(subject: DocumentView) -> Iterator[Fault]:
    """Comments behind the end and unknown instructions have stopped crawlers, and tell listeners nothing.

    Bad: `</rss><!-- generated in 0.3 seconds -->`
    Good: `</rss>`
    Source: Blubrry support, typical feed issues; `xml-stylesheet` is known and allowed.
    """
    root = subject.feed.root
    for aside in subject.asides:
        place = subject.at(aside.line, aside.column)
        if aside.kind == "instruction" and aside.text.split(maxsplit=1)[0] != "xml-stylesheet":
            yield Fault(
                f"the feed holds the instruction <?{aside.text.split(maxsplit=1)[0]}?>",
                place,
                "take it out where the feed is made",
            )
        elif aside.kind == "comment" and not aside.parent and root is not None and _is_after(aside, root):
            edits = (Edit(place, f"<!--{aside.text}-->", ""),)
            fix = Fix("take it out", edits) if len(aside.text) < _WHOLE_COMMENT else None
            yield Fault("there is a comment after the end of the feed", place, _NO_COMMENT, fix)


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
            subject.at(1),
            "shorten the notes of old episodes",
            level="error" if size > error_mb else None,
        )
    if len(subject.feed.spans) > items and not any(
        usage.name == "atom:link" and usage.attribute == "rel" and usage.count > 2 for usage in subject.usages
    ):
        yield Fault(
            f"the feed has {len(subject.feed.spans):,} items; apps read about {items:,}",
            subject.at(1),
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


@checklist("DOC-032", "feed-reproducible", "warn", kept=True)
def feed_reproducible() -> None:
    """The same sources make the same bytes, so that a change of the feed is always a change of the show.

    Bad: a feed that holds the time of its making
    Good: a feed whose dates are those of its episodes
    Source: practice; kept by how publisher makes feeds, and proved by its tests.
    """


def _is_after(aside: Aside, element: Element) -> bool:
    return (aside.line, aside.column) > (element.line, element.column)
