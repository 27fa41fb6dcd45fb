"""Turn bytes from anywhere into the root of an XML tree, bounded in time and memory; nothing is fetched."""

from __future__ import annotations

import codecs
import re

from lxml import etree

from publisher.errors import Place, Problem, SourceError

MAX_BYTES = 20_000_000
MAX_MARKS = 2_000_000
"""How often `<` and `=` may occur: each costs an element or an attribute in memory, whatever its length."""

_UTF16_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_PROLOG = re.compile(rb"(?:[ \t\r\n]|<\?.*?\?>|<!--.*?-->)*", re.DOTALL)
_ENTITY_MISTAKE = re.compile("EntityRef|Entity '")
_LIMIT = re.compile("limit exceeded|too long|Excessive depth|XML_PARSE_HUGE")
_WEB_PAGE = (b"<html", b"<head", b"<body", b"<!doctype html")


def parse_xml(data: bytes, name: str) -> etree._Element:
    """Parse a feed strictly; a byte order mark and blank lines before the declaration are forgiven.

    Raises:
        SourceError: too large, compressed, a web page, with a DOCTYPE, or not well-formed; names the line.
    """
    if len(data) > MAX_BYTES:
        raise refusal(
            name, f"the feed is larger than {MAX_BYTES // 1_000_000} MB", "no app would read it whole"
        )
    if data.startswith(b"\x1f\x8b"):
        raise refusal(name, "the feed is compressed with gzip", "unpack it first (gunzip)")
    if data.count(b"<") > MAX_MARKS or data.count(b"=") > MAX_MARKS:
        raise refusal(
            name, "the feed has more tags and attributes than any real one", "check where it is from"
        )
    text, skipped_lines = _without_leading_space(data)
    if not text:
        raise refusal(name, "the feed is empty", "check the address or the file")
    _refuse_prolog(text, name, skipped_lines)
    root = _parse(text, name, skipped_lines)
    if (
        root.getroottree().docinfo.internalDTD is not None
    ):  # in an encoding that the look at the prolog can't read
        raise _doctype(name, 1)
    return root


def line_of(element: etree._Element) -> int:
    """Return the line of an element's start tag, or 0 when it is not known."""
    return int(getattr(element, "sourceline", None) or 0)


def refusal(name: str, message: str, hint: str, line: int = 0, column: int = 0) -> SourceError:
    """Make the error for a feed that cannot be read."""
    return SourceError((Problem(message, Place(name, line, column), hint),))


def _without_leading_space(data: bytes) -> tuple[bytes, int]:
    """Drop what templates leave before the declaration, and count the lines of it.

    UTF-16 keeps its mark: without it the parser could not tell the order of the bytes.
    """
    if data.startswith(_UTF16_MARKS):
        return data, 0
    body = data.removeprefix(codecs.BOM_UTF8)
    text = body.lstrip(b" \t\r\n").removeprefix(codecs.BOM_UTF8)
    return text, body[: len(body) - len(text)].count(b"\n")


def _refuse_prolog(text: bytes, name: str, skipped_lines: int) -> None:
    """Refuse a DOCTYPE before anything is parsed: what is never defined can never be expanded."""
    start = text[:100_000]
    if b"\0" in start[:8]:  # UTF-16: for this look, every other byte will do
        start = start.replace(b"\0", b"").removeprefix(b"\xff\xfe").removeprefix(b"\xfe\xff")
    prolog = _PROLOG.match(start)
    end = prolog.end() if prolog else 0
    first = start[end : end + 40].lower()
    line = skipped_lines + start[:end].count(b"\n") + 1
    if re.sub(rb"\s+", b" ", first).startswith(_WEB_PAGE):
        raise refusal(name, "this is a web page, not a feed", "ask for the address of the RSS feed", line)
    if first.startswith(b"<!doctype"):
        raise _doctype(name, line)


def _doctype(name: str, line: int) -> SourceError:
    hint = "a feed needs none; take it out where the feed is made"
    return refusal(name, "the feed has a DOCTYPE, which can hide an attack", hint, line)


def _parse(text: bytes, name: str, skipped_lines: int) -> etree._Element:
    parser = etree.XMLParser(
        resolve_entities=False,
        load_dtd=False,
        dtd_validation=False,
        no_network=True,
        huge_tree=False,
        recover=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        return etree.fromstring(text, parser)
    except etree.XMLSyntaxError as error:
        line, column = error.position
        said = (error.msg or "").partition(", line ")[0].strip() or "it ends too early"
        line, column = max(line, 1) + skipped_lines, max(column, 0)
        if _LIMIT.search(said):
            message = "the feed holds something larger or deeper than any real feed"
            raise refusal(name, message, "check where it is from", line, column) from error
        hint = "mend it where it is made"
        if _ENTITY_MISTAKE.search(said):
            hint = "write & as &amp; and use no HTML names such as &nbsp; outside CDATA"
        raise refusal(name, f"the feed is no well-formed XML: {said}", hint, line, column) from error
