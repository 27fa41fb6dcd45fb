"""The bytes that somebody calls a feed into UTF-8 text for a parser, or into the reason why not."""

from __future__ import annotations

import codecs
import re
import zlib
from dataclasses import dataclass

from publisher.errors import Place, Problem

MAX_BYTES = 64_000_000
MAX_MARKS = 4_000_000
"""How often `<` and `=` may occur: each costs an element or an attribute in memory, whatever its length."""
MAX_TOKEN = 4_000_000
"""How long a single tag may be, or the text between two."""

_DECLARED = re.compile(rb"""<\?xml\s[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9._-]{1,40})["']""")
_DECLARATION = re.compile(rb"<\?xml\s[^>]{0,200}\?>")
_CONTROL = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]|\xed[\xa0-\xbf][\x80-\xbf]|\xef\xbf[\xbe\xbf]")
_TEMPLATE = re.compile(rb"\{%|\{\{|<%|\A---\s*\n")
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
    (b"<\0?\0", "utf-16-le"),
    (b"\0<\0?", "utf-16-be"),
)


@dataclass(frozen=True, slots=True)
class Decoded:
    """A feed as UTF-8 without what stands before it, and what had to be put up with.

    `lines_before` were dropped at the start; `miscoded` and `illegal` are the places of the first bytes that
    are not of the encoding, and of the first characters that XML cannot carry.
    """

    original: bytes
    data: bytes
    encoding: str
    declared: str
    has_mark: bool = False
    lines_before: int = 0
    miscoded: Place | None = None
    illegal: tuple[tuple[Place, str], ...] = ()
    problem: Problem | None = None
    problem_kind: str = ""


def decode_feed(data: bytes, file: str) -> Decoded:
    """Bring a feed into UTF-8, whatever it is in; what cannot be a feed comes back with its problem."""
    refused = Decoded(data, b"", "", "")
    if data.startswith(b"\x1f\x8b"):
        unpacked = _unpack(data)
        if isinstance(unpacked, str):
            return _refuse(refused, file, unpacked, "get the whole file, or unpack it first (gunzip)")
        data = unpacked
    if len(data) > MAX_BYTES:
        message = f"the feed is larger than {MAX_BYTES // 1_000_000} MB"
        return _refuse(refused, file, message, "no app would read it whole", kind="size", line=1)
    mark, encoding = next(((mark, name) for mark, name in _MARKS if data.startswith(mark)), (b"", ""))
    found = _DECLARED.match(data[len(mark) if encoding == "utf-8" else 0 :].lstrip()[:400])
    declared = found[1].decode() if found else ""
    encoding = encoding or declared or "utf-8"
    miscoded: Place | None = None
    if _is_utf8(encoding):
        body = data.removeprefix(codecs.BOM_UTF8)
        try:
            body.decode("utf-8")
        except UnicodeDecodeError as error:
            miscoded = _place(file, body, error.start)
            body = body.decode("utf-8", "replace").encode()
    else:
        try:
            body = data.decode(encoding).removeprefix("\ufeff").encode("utf-8", "replace")
        except (UnicodeError, LookupError):
            miscoded = Place(file, 1, 1)
            body = data.decode("utf-8", "replace").encode()
    text = body.lstrip(b" \t\r\n").removeprefix(codecs.BOM_UTF8).lstrip(b" \t\r\n")
    lines_before = body[: len(body) - len(text)].count(b"\n")
    illegal = tuple(
        (_place(file, text, hit.start(), lines_before), _name(hit[0]))
        for hit, _ in zip(_CONTROL.finditer(text), range(20), strict=False)
    )
    if illegal:
        text = _CONTROL.sub(lambda hit: b" " * len(hit[0]), text)
    decoded = Decoded(data, text, encoding, declared, bool(mark), lines_before, miscoded, illegal)
    return _sniff(decoded, file)


def _sniff(decoded: Decoded, file: str) -> Decoded:
    """Say in plain words what the bytes are when they cannot be a feed."""
    text, line = decoded.data, decoded.lines_before + 1
    if not text:
        return _refuse(decoded, file, "the feed is empty", "check the address or the file")
    if text.count(b"<") > MAX_MARKS or text.count(b"=") > MAX_MARKS or _has_long_piece(text):
        message = "the feed has more or longer tags, attributes and texts than any real one"
        return _refuse(decoded, file, message, "check where it is from", kind="size", line=line)
    start = re.sub(rb"\A(?:<\?.*?\?>|<!--.*?-->|\s)+", b"", text[:20_000], flags=re.DOTALL)[:400]
    lower = start.lower()
    if re.match(rb"<(?:html|head|body)\b|<!doctype\s+html", lower):
        hint = "ask for the address of the RSS feed"
        return _refuse(decoded, file, "this is a web page, not a feed", hint, kind="page", line=line)
    if not start.startswith(b"<") or _TEMPLATE.match(start):
        if hit := _TEMPLATE.search(text[:20_000]):
            place = _place(file, text, hit.start(), decoded.lines_before)
            hint = "check what it is made into, not the template itself"
            return _refuse(
                decoded, file, "this is the template of a feed, not a finished one", hint, line=place.line
            )
        what = "this is JSON" if start.startswith((b"{", b"[")) else "this is text"
        return _refuse(decoded, file, f"{what}, not a feed", "ask for the show's RSS feed", line=line)
    return decoded


def _refuse(
    decoded: Decoded, file: str, message: str, hint: str, *, kind: str = "xml", line: int = 1
) -> Decoded:
    return Decoded(
        decoded.original,
        decoded.data,
        decoded.encoding,
        decoded.declared,
        decoded.has_mark,
        decoded.lines_before,
        decoded.miscoded,
        decoded.illegal,
        Problem(message, Place(file, line), hint),
        kind,
    )


def _unpack(data: bytes) -> bytes | str:
    """Return what gzip packed, or what is wrong with it; never more than a feed may have."""
    unpacker = zlib.decompressobj(wbits=31)
    try:
        unpacked = unpacker.decompress(data, MAX_BYTES + 1)
    except zlib.error:
        return "the feed is compressed with gzip, and damaged"
    if len(unpacked) <= MAX_BYTES and not unpacker.eof:
        return "the feed is compressed with gzip, and cut off"
    return unpacked


def _has_long_piece(text: bytes) -> bool:
    """Tell whether anything that looks like a tag, or stands between two, is longer than any real one."""
    if len(text) < MAX_TOKEN:
        return False
    at = 0
    while (start := text.find(b"<", at)) >= 0:
        if start - at > MAX_TOKEN:
            return True
        end = text.find(b">", start)
        if end < 0:
            return len(text) - start > MAX_TOKEN
        if end - start > MAX_TOKEN:
            return True
        at = end
    return False


def _is_utf8(encoding: str) -> bool:
    return encoding.casefold().replace("_", "-") in {"utf-8", "utf8", "us-ascii", "ascii"}


def _name(found: bytes) -> str:
    return f"U+{ord(found.decode('utf-8', 'surrogatepass')):04X}"


def _place(file: str, data: bytes, index: int, lines_before: int = 0) -> Place:
    start = data.rfind(b"\n", 0, index) + 1
    column = len(data[start:index].decode("utf-8", "replace")) + 1
    return Place(file, data.count(b"\n", 0, index) + 1 + lines_before, column)
