"""Turn two versions of a feed into a unified diff, line by line."""

from __future__ import annotations

import re
from difflib import unified_diff
from itertools import takewhile

_CONTEXT = 3
_HUNK = re.compile(r"@@ -(\d+)((?:,\d+)?) \+(\d+)((?:,\d+)?) @@")


def diff_feeds(old: bytes, new: bytes, name: str) -> str:
    """Compare a feed as it is with what it would become; "" when both are the same bytes.

    Equal lines at both ends are set aside before comparing: one changed episode among thousands costs no more
    than one among a few.
    """
    if old == new:
        return ""
    before, after = _lines(old), _lines(new)
    head = max(0, _equal(before, after) - _CONTEXT)
    before, after = before[head:], after[head:]
    tail = max(0, _equal(before[::-1], after[::-1]) - _CONTEXT)
    if tail:
        before, after = before[:-tail], after[:-tail]
    lines = unified_diff(before, after, f"a/{name}", f"b/{name}", lineterm="", n=_CONTEXT)
    return "\n".join(_shift(line, head) for line in lines) + "\n"


def _lines(feed: bytes) -> list[str]:
    return feed.decode("utf-8", errors="replace").split("\n")


def _equal(before: list[str], after: list[str]) -> int:
    """Count the lines that both begin with."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(before, after, strict=False)))


def _shift(line: str, by: int) -> str:
    """Put a hunk's line numbers right for the lines set aside before it."""
    match = _HUNK.fullmatch(line)
    if not match:
        return line
    first, first_length, second, second_length = match.groups()
    return f"@@ -{int(first) + by}{first_length} +{int(second) + by}{second_length} @@"
