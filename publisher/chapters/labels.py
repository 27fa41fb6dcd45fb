"""Audacity's label track to chapters and back: start, end and title between tabs, in seconds."""

from __future__ import annotations

import re
from collections.abc import Iterable

from publisher.model import Chapter

_LABEL = re.compile(
    r"(?P<start>\d{1,7}(?:[.,]\d{1,9})?)\t(?P<end>\d{1,7}(?:[.,]\d{1,9})?)(?:\t(?P<title>.*))?"
)


def read_label(line: str) -> Chapter | None:
    """Read one label; nothing when the line is none. A label without words is a chapter without title."""
    match = _LABEL.fullmatch(line.strip("\n "))
    if not match:
        return None
    start = round(float(match["start"].replace(",", ".")) * 1000)
    return Chapter(start, " ".join((match["title"] or "").split()))


def write_labels(chapters: Iterable[Chapter], end_ms: int | None = None) -> bytes:
    """Write the listed chapters as labels, each up to the next one; the last one up to `end_ms`."""
    listed = [chapter for chapter in chapters if chapter.toc]
    ends = [chapter.start_ms for chapter in listed[1:]] + [end_ms or 0]
    return "".join(
        f"{_seconds(chapter.start_ms)}\t{_seconds(max(end, chapter.start_ms))}\t{chapter.title}\n"
        for chapter, end in zip(listed, ends, strict=False)
    ).encode()


def _seconds(milliseconds: int) -> str:
    return f"{milliseconds // 1000}.{milliseconds % 1000:03}000"
