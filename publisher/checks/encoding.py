"""Rules on a feed's bytes and letters: its encoding, its line ends, what was lost (group DOC)."""

# ruff: noqa: D401 - a rule's docstring is its documentation, written for people

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from publisher.checks.engine import Fault, rule
from publisher.checks.mojibake import MISCODED, miscoded_in, recoded
from publisher.checks.views import ChannelView, DocumentView, ItemView
from publisher.model import Edit, Fix

if TYPE_CHECKING:
    from publisher.checks.files import ResponseView

_REMAKE = "mend it where the feed is made; one of publisher is made anew with publisher feed"
_UTF8 = {"utf-8", "utf8"}
_BEGINNINGS = (b"<?xml ", b"<\0?\0", b"\0<\0?", b"\xff\xfe<\0?\0", b"\xfe\xff\0<\0?", b"\x1f\x8b")
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w.:-]+)", re.IGNORECASE)
_ENCODING = re.compile(rb"""\s*(?:\xef\xbb\xbf)?<\?xml\s[^>]{0,200}?encoding\s*=\s*["']([\w.:-]{1,40})["']""")
_C1_OR_REPLACEMENT = re.compile("[\x80-\x9f\ufffd]")


@rule("DOC-002", "feed-not-first", "error")
def feed_not_first(subject: DocumentView) -> Iterator[Fault]:
    """The XML declaration are the first bytes of the file; a blank line before it stops strict readers.

    Bad: a blank line, then `<?xml …`
    Good: `<?xml version="1.0" encoding="UTF-8"?>` at the very beginning
    Source: XML 1.0; Apple, Podcast RSS feed requirements.
    """
    decoded = subject.feed.decoded
    if decoded.problem or subject.data.startswith(_BEGINNINGS):
        return  # what is no feed is DOC-001's
    if subject.data.startswith(codecs.BOM_UTF8 + b"<?xml "):
        message = "an invisible mark (BOM) stands before the feed's XML declaration"
        yield Fault(message, subject.at(1), "save it as UTF-8 without BOM, where the feed is made")
    else:
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
    elif decoded.problem:
        return  # nothing that could be decoded
    elif decoded.declared and decoded.declared.casefold() not in _UTF8:
        yield Fault(f"the feed says that it is {decoded.declared}", subject.at(1), _REMAKE)
    elif decoded.encoding.casefold() not in _UTF8:
        yield Fault(f"the feed is {decoded.encoding}", subject.at(1), _REMAKE)


@rule("DOC-004", "encoding-unsaid", "warn")
def encoding_unsaid(subject: DocumentView) -> Iterator[Fault]:
    """A feed that does not say its encoding is guessed at, and some readers guess Latin letters wrongly.

    Bad: `<?xml version="1.0"?>`
    Good: `<?xml version="1.0" encoding="UTF-8"?>`
    Source: W3C Feed Validation Service, MissingEncoding.
    """
    decoded = subject.feed.decoded
    if decoded.data.startswith(b"<?xml") and not decoded.declared and decoded.encoding == "utf-8":
        fix = Fix('write encoding="UTF-8"', (Edit(subject.at(1), "", "UTF-8", "?xml@encoding"),))
        yield Fault("the feed does not say that it is UTF-8", subject.at(1), 'add encoding="UTF-8"', fix)


@rule("DOC-005", "encoding-contradicted", "warn")
def encoding_contradicted(subject: ResponseView) -> Iterator[Fault]:
    """What the server says of a feed's encoding outweighs what the feed says; letters break when they differ.

    Bad: `Content-Type: application/rss+xml; charset=iso-8859-1` for a feed in UTF-8
    Good: `Content-Type: application/rss+xml; charset=utf-8`
    Source: W3C Feed Validation Service, EncodingMismatch; RFC 7303.
    """
    said = _CHARSET.search(subject.headers.get("content-type", ""))
    if subject.role != "feed" or said is None or subject.status != 200:
        return
    declared = _ENCODING.match(subject.start)
    meant = declared[1].decode() if declared else "UTF-8"
    if _plain(said[1]) != _plain(meant):
        yield Fault(
            f"the server says that the feed is {said[1]}; the feed says {meant}",
            subject.at(),
            "let the server say charset=utf-8",
        )


@rule("DOC-006", "control-character", "error")
def control_character(subject: DocumentView) -> Iterator[Fault]:
    """XML cannot carry control characters: a strict reader stops at the first, and the feed is lost.

    Bad: a vertical tab pasted from a word processor, or `&#x1;`
    Good: a line break
    Source: XML 1.0, section 2.2.
    """
    problem = subject.feed.problem
    if problem is not None and subject.feed.problem_kind == "character":
        yield Fault(problem.message, problem.place or subject.at(1), problem.hint)
    for place, name in subject.feed.decoded.illegal:
        character = chr(int(name[2:], 16)) if name.startswith("U+") else ""
        fix = Fix("delete it", (Edit(place, character, ""),)) if character else None
        yield Fault(f"the feed holds {name}, which XML cannot carry", place, "delete the character", fix)


@rule("DOC-007", "broken-letters", "warn")
def broken_letters(subject: DocumentView) -> Iterator[Fault]:
    """Control characters and replacement marks are what is left of letters that were decoded wrongly.

    Bad: `Color�n Colorado`
    Good: `Colorín Colorado`
    Source: W3C Feed Validation Service, BadCharacters.
    """
    if subject.feed.decoded.miscoded:
        return  # the marks are of our own reading then
    if _C1_OR_REPLACEMENT.search(subject.text) is None:
        return
    mended = {at for hit in MISCODED.finditer(subject.text) for at in range(*hit.span()) if recoded(hit[0])}
    line = 0
    for found in _C1_OR_REPLACEMENT.finditer(subject.text):
        if found.start() in mended:
            continue  # mojibake is another rule's
        place = subject.at_index(found.start())
        if place.line != line:
            line = place.line
            yield Fault(
                f"the feed holds U+{ord(found[0]):04X}, a letter that was lost",
                subject.at(line),
                "type it again",
            )


@rule("DOC-008", "mojibake", "warn")
def mojibake(subject: ChannelView | ItemView) -> Iterator[Fault]:
    """Letters that were once read in the wrong encoding stay wrong; every app shows them so.

    Bad: `ColorÃ­n Colorado`, `itâ€™s`
    Good: `Colorín Colorado`, `it’s`
    Source: practice.
    """
    for element in subject.element.children:
        text = element.text
        if not text or text.isascii():
            continue
        found = next(miscoded_in(text), None)
        if found is not None:
            wrong, right = found
            place = subject.at_text(element, wrong)
            fix = Fix(f"write {right}", (Edit(place, wrong, right),))
            message = f"{wrong!r} was {right!r} before it was read in the wrong encoding"
            yield Fault(message, place, f"write {right}", fix)


@rule("DOC-033", "feed-line-ends", "warn")
def feed_line_ends(subject: DocumentView) -> Iterator[Fault]:
    """Feeds are compared line by line; other line ends make every line look changed.

    Bad: lines that end in CR LF
    Good: LF, also after the last line
    Source: XML 1.0, end-of-line handling.
    """
    decoded = subject.feed.decoded
    if decoded.problem is None and b"\r" in decoded.data:
        line = decoded.data.count(b"\n", 0, decoded.data.index(b"\r")) + 1 + decoded.lines_before
        yield Fault("the feed has line ends other than LF", subject.at(line), _REMAKE)
    if decoded.problem is None and not decoded.data.endswith((b"\n", b"\r")):
        last = decoded.data.count(b"\n") + 1 + decoded.lines_before
        yield Fault("the feed does not end with a line end", subject.at(last), _REMAKE)


def _plain(encoding: str) -> str:
    plain = encoding.casefold().replace("_", "-")
    return "utf-8" if plain in {"utf8", "us-ascii", "ascii"} else plain
