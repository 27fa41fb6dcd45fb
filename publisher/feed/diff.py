"""Turn two versions of a feed into a unified diff, line by line."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import SequenceMatcher
from typing import NamedTuple

_CONTEXT = 3


class _Row(NamedTuple):
    """A line with its mark: in both versions " ", only in the old "-", only in the new "+"."""

    mark: str
    line: str


def diff_feeds(old: bytes, new: bytes, name: str) -> str:
    """Compare a feed as it is with what it would become; "" when both are the same bytes.

    Items are paired by their guids first and compared one by one: time grows with the feed, not its square.
    """
    if old == new:
        return ""
    rows = list(_compare(_blocks(old), _blocks(new)))
    lines = [f"--- a/{name}", f"+++ b/{name}"]
    old_line = new_line = seen = 0
    for start, end in _hunks(rows):
        skipped, shown = rows[seen:start], rows[start:end]
        old_line, new_line = old_line + len(skipped), new_line + len(skipped)
        old_count, new_count = (sum(row.mark != mark for row in shown) for mark in ("+", "-"))
        # A side without lines is named by the line before it, as diff does it.
        old_start, new_start = old_line + bool(old_count), new_line + bool(new_count)
        lines.append(f"@@ -{old_start},{old_count} +{new_start},{new_count} @@")
        lines.extend(f"{row.mark}{row.line}" for row in shown)
        old_line, new_line, seen = old_line + old_count, new_line + new_count, end
    if not seen:
        lines.append("\\ No newline at end of file")
    return "\n".join(lines) + "\n"


def _blocks(feed: bytes) -> list[list[str]]:
    """Split a feed into the lines before its items, of each item, and after them."""
    blocks: list[list[str]] = [[]]
    for line in feed.decode("utf-8", errors="replace").removesuffix("\n").split("\n"):
        if line.lstrip().startswith(("<item>", "</channel>")):
            blocks.append([])
        blocks[-1].append(line)
    return blocks


def _compare(old: list[list[str]], new: list[list[str]]) -> Iterator[_Row]:
    names = [_name(block) for block in old], [_name(block) for block in new]
    for _, first, last, new_first, new_last in SequenceMatcher(None, *names, autojunk=False).get_opcodes():
        if last - first == new_last - new_first:
            for before, after in zip(old[first:last], new[new_first:new_last], strict=True):
                yield from _compare_lines(before, after)
        else:
            yield from (_Row("-", line) for block in old[first:last] for line in block)
            yield from (_Row("+", line) for block in new[new_first:new_last] for line in block)


def _name(block: list[str]) -> str:
    return next((line for line in block if line.lstrip().startswith("<guid")), block[0] if block else "")


def _compare_lines(before: list[str], after: list[str]) -> Iterator[_Row]:
    if before == after:
        yield from (_Row(" ", line) for line in before)
        return
    for tag, first, last, new_first, new_last in SequenceMatcher(None, before, after, False).get_opcodes():
        if tag == "equal":
            yield from (_Row(" ", line) for line in before[first:last])
        else:
            yield from (_Row("-", line) for line in before[first:last])
            yield from (_Row("+", line) for line in after[new_first:new_last])


def _hunks(rows: list[_Row]) -> Iterator[tuple[int, int]]:
    """Give each run of changes with three lines around it; runs whose surroundings touch are one."""
    start = end = -1
    for number, row in enumerate(rows):
        if row.mark == " ":
            continue
        if start >= 0 and number - _CONTEXT > end:
            yield start, end
            start = -1
        if start < 0:
            start = max(0, number - _CONTEXT)
        end = min(len(rows), number + 1 + _CONTEXT)
    if start >= 0:
        yield start, end
