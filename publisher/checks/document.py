"""Rules on a built feed as a document: the group DOC and what compares its items."""

# ruff: noqa: D401 - a rule's docstring is its documentation, written for people

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from pathlib import PurePosixPath

from publisher.checks.engine import rule
from publisher.checks.subjects import FeedSubject
from publisher.errors import Problem, SourceError
from publisher.feed.dates import parse_date
from publisher.feed.reader import FeedItem, read_feed

WARN_BYTES = 2 * 1024 * 1024
_REMAKE = "build it again: publisher feed"
_DECLARED_UTF8 = re.compile(rb"""<\?xml\s[^>]*encoding=["']utf-8["']""", re.IGNORECASE)
_C1_OR_REPLACEMENT = re.compile("[\x80-\x9f\ufffd]")
_RESIDUE = re.compile(r"\{\{|\{%|<%|\$\{|\[object Object\]|^(?:undefined|None|null|NaN|nil)$")
_NAMESPACES = {
    "itunes": b'"http://www.itunes.com/dtds/podcast-1.0.dtd"',
    "podcast": b'"https://podcastindex.org/namespace/1.0"',
    "atom": b'"http://www.w3.org/2005/Atom"',
}


@rule("DOC-001", "feed-unreadable", "error")
def feed_unreadable(subject: FeedSubject) -> Iterator[Problem]:
    """A feed that is no well-formed XML is read by no app: nobody gets the next episode.

    Bad: `<title>Schools & families</title>`
    Good: `<title>Schools &amp; families</title>`
    Source: XML 1.0.
    """
    try:
        read_feed(subject.data, subject.file)
    except SourceError as error:
        yield from error.problems


@rule("DOC-002", "feed-not-first", "error")
def feed_not_first(subject: FeedSubject) -> Iterator[Problem]:
    """The XML declaration are the first bytes of the file; a blank line before it stops strict readers.

    Bad: a blank line, then `<?xml …`
    Good: `<?xml version="1.0" encoding="UTF-8"?>` at the very beginning
    Source: XML 1.0; Apple, Podcast RSS feed requirements.
    """
    if not subject.data.startswith(b"<?xml "):
        yield Problem("the feed does not begin with its XML declaration", subject.at(1), _REMAKE)


@rule("DOC-003", "feed-not-utf8", "error")
def feed_not_utf8(subject: FeedSubject) -> Iterator[Problem]:
    """Feeds are UTF-8 and say so: other encodings arrive as broken letters.

    Bad: `encoding="ISO-8859-1"`
    Good: `encoding="UTF-8"`
    Source: PSP-1; Apple, A Podcaster's Guide to RSS.
    """
    try:
        subject.data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = subject.data.count(b"\n", 0, error.start) + 1
        yield Problem("the feed holds bytes that are no UTF-8", subject.at(line), _REMAKE)
    else:
        if not _DECLARED_UTF8.match(subject.data.lstrip(b"\xef\xbb\xbf \r\n\t")):
            yield Problem("the feed does not say that it is UTF-8", subject.at(1), _REMAKE)


@rule("DOC-007", "broken-letters", "warn")
def broken_letters(subject: FeedSubject) -> Iterator[Problem]:
    """Control characters and replacement marks are what is left of letters that were decoded wrongly.

    Bad: `Color�n Colorado`
    Good: `Colorín Colorado`
    Source: W3C Feed Validation Service, BadCharacters.
    """
    for number, line in enumerate(subject.data.decode("utf-8", "ignore").split("\n"), start=1):
        if found := _C1_OR_REPLACEMENT.search(line):
            yield Problem(
                f"the feed holds U+{ord(found[0]):04X}, a letter that was lost",
                subject.at(number),
                "type it again",
            )


@rule("DOC-015", "namespace-missing", "error", "psp", "apple")
def namespace_missing(subject: FeedSubject) -> Iterator[Problem]:
    """Apps find the elements of Apple and of Podcasting 2.0 by these addresses, byte for byte.

    Bad: `xmlns:itunes="https://www.itunes.com/DTDs/Podcast-1.0.dtd"`
    Good: `xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"`
    Source: PSP-1; Apple, A Podcaster's Guide to RSS.
    """
    root = subject.data[subject.data.find(b"<rss") :].partition(b">")[0].replace(b"'", b'"')
    for prefix, address in _NAMESPACES.items():
        if b"xmlns:" + prefix.encode() + b"=" + address not in root:
            yield Problem(f"the feed does not declare the {prefix} namespace", subject.at(1), _REMAKE)


@rule("DOC-028", "template-residue", "error")
def template_residue(subject: FeedSubject) -> Iterator[Problem]:
    """A template that was not filled in shows its insides to every subscriber.

    Bad: `<title>{{ episode.title }}</title>`
    Good: `<title>Families</title>`
    Source: practice.
    """
    facts = subject.facts
    if facts is None:
        return
    for name in ("title", "link", "language", "image", "self_link"):
        if found := _RESIDUE.search(getattr(facts, name)):
            yield Problem(f"the show's {name} holds {found[0]!r}", subject.at(), "mend the template")
    for item in facts.items:
        for name in ("title", "guid", "link", "audio_url", "image", "chapters_url"):
            if found := _RESIDUE.search(getattr(item, name)):
                yield Problem(
                    f"an item's {name} holds {found[0]!r}", subject.at(item.line), "mend the template"
                )


@rule("DOC-030", "feed-large", "warn")
def feed_large(subject: FeedSubject) -> Iterator[Problem]:
    """Directories give up on feeds that take too long to fetch, and every app fetches all of it.

    Bad: 6 MB of feed
    Good: notes that say what is needed, and pages for the rest
    Source: practice of directories.
    """
    if len(subject.data) > WARN_BYTES:
        yield Problem(
            f"the feed has {len(subject.data) / 1024 / 1024:.1f} MB",
            subject.at(),
            "shorten the notes of old episodes",
        )


@rule("DOC-031", "feed-empty", "error", "spotify", "apple", "youtube", "amazon")
def feed_empty(subject: FeedSubject) -> Iterator[Problem]:
    """Directories take a show only when there is something to hear.

    Bad: a feed without items
    Good: a feed with a trailer
    Source: Spotify, Show metadata requirements.
    """
    if subject.facts is not None and not subject.facts.items:
        yield Problem("the feed has no episode", subject.at(), "publish a trailer first")


@rule("DOC-033", "feed-line-ends", "warn")
def feed_line_ends(subject: FeedSubject) -> Iterator[Problem]:
    """Feeds are compared line by line; other line ends make every line look changed.

    Bad: lines that end in CR LF
    Good: LF, also after the last line
    Source: XML 1.0, end-of-line handling.
    """
    if b"\r" in subject.data:
        line = subject.data.count(b"\n", 0, subject.data.index(b"\r")) + 1
        yield Problem("the feed has line ends other than LF", subject.at(line), _REMAKE)
    if not subject.data.endswith(b"\n"):
        yield Problem("the feed does not end with a line end", subject.at(), _REMAKE)


@rule("CH-013", "self-link-wrong", "error")
def self_link_wrong(subject: FeedSubject) -> Iterator[Problem]:
    """The self link is the feed's one name: caches and directories go by it.

    Bad: the address of a test server
    Good: `base_url` and the name of the feed
    Source: RSS Best Practices Profile; PSP-1.
    """
    if subject.facts is None:
        return
    wanted = f"{subject.show.base_url.rstrip('/')}/{PurePosixPath(subject.file).name}"
    if subject.facts.self_link != wanted:
        said = subject.facts.self_link or "nothing"
        yield Problem(f"the feed calls itself {said}, and is published as {wanted}", subject.at(), _REMAKE)


@rule("IT-011", "length-repeated", "warn")
def length_repeated(subject: FeedSubject) -> Iterator[Problem]:
    """Three files of exactly the same size are most often one number, copied.

    Bad: `length="1000000"` in every item
    Good: each file's own size
    Source: practice.
    """
    sizes: dict[str, list[FeedItem]] = {}
    for item in _items(subject):
        sizes.setdefault(item.audio_bytes, []).append(item)
    for size, items in sizes.items():
        if size not in {"", "0"} and len({item.audio_url for item in items}) > 2:
            yield Problem(
                f"{len(items)} items have audio of exactly {size} bytes",
                subject.at(items[2].line),
                "look at the files",
            )


@rule("IT-012", "audio-repeated", "error")
def audio_repeated(subject: FeedSubject) -> Iterator[Problem]:
    """Apple passes over an item whose audio another item has already.

    Bad: two items with one enclosure address
    Good: each item its own file
    Source: Apple, Podcast RSS feed requirements.
    """
    counts = Counter(item.audio_url for item in _items(subject) if item.audio_url)
    seen: set[str] = set()
    for item in _items(subject):
        if counts[item.audio_url] > 1 and item.audio_url in seen:
            yield Problem(
                f"{item.title!r} has the audio of another item: {item.audio_url}",
                subject.at(item.line),
                _REMAKE,
            )
        seen.add(item.audio_url)


@rule("IT-025", "items-unsorted", "warn")
def items_unsorted(subject: FeedSubject) -> Iterator[Problem]:
    """Some apps show items in the order of the file: the newest stands first.

    Bad: the trailer of two years ago at the top
    Good: falling dates
    Source: podsync, issue 133.
    """
    for before, after in pairwise(_items(subject)):
        first, second = parse_date(before.date), parse_date(after.date)
        if first and second and second > first:
            yield Problem(
                f"{after.title!r} is newer than {before.title!r} above it", subject.at(after.line), _REMAKE
            )


def _items(subject: FeedSubject) -> tuple[FeedItem, ...]:
    return subject.facts.items if subject.facts else ()
