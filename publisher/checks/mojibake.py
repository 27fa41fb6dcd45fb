"""Text that was UTF-8 and read as Windows-1252 back into what it was."""

from __future__ import annotations

import re
from collections.abc import Iterator

_TRAILING = "".join(bytes([byte]).decode("cp1252", "ignore") or chr(byte) for byte in range(0x80, 0xC0))
_NEXT = f"[{re.escape(_TRAILING)}]"
MISCODED = re.compile(f"(?:[\u00c2-\u00c5]{_NEXT}|[\u00e2\u00e3\u00ef]{_NEXT}{{2}}|\u00f0{_NEXT}{{3}})")
"""What two, three or four bytes of UTF-8 look like; not all of it was (`recoded` tells)."""
_BYTES = {char: byte for byte, char in enumerate(_TRAILING, start=0x80)}
_QUOTES = "\u00ab\u00bb\u201c\u201d\u2018\u2019\u2026\u2013\u2014\u00b0"


def recoded(found: str) -> str:
    """Return what was meant, or "" when it cannot have been anything that people write."""
    try:
        meant = bytes([ord(found[0]), *(_BYTES[char] for char in found[1:])]).decode("utf-8")
    except (UnicodeDecodeError, KeyError):
        return ""
    code = ord(meant)
    is_written = 0xA0 <= code < 0x180 or 0x2010 <= code < 0x2040 or code in {0x20AC, 0x2122, 0xFEFF}
    return meant if is_written or 0x3000 <= code < 0x3100 or 0x1F000 <= code < 0x1FB00 else ""


def miscoded_in(text: str) -> Iterator[tuple[str, str]]:
    """Yield each piece of mojibake in a text with what it was; capitals before a quotation mark are none."""
    for hit in MISCODED.finditer(text):
        found = hit[0]
        before = text[hit.start() - 1 : hit.start()]
        if len(found) == 2 and found[1] in _QUOTES and (before.isupper() or found[0] in "\u00c4\u00c5"):
            continue  # the end of a word in capitals
        if meant := recoded(found):
            yield found, meant
