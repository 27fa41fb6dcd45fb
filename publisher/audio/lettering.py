"""Turn texts and cues into lines of letters that fit a picture and can be read in the time they are shown."""

from __future__ import annotations

import contextlib
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import partial
from math import ceil
from pathlib import Path

from PIL import ImageFont

from publisher.errors import UsageError
from publisher.transcripts import Cue

Font = ImageFont.FreeTypeFont

CAPTION_LINES = 3
_LEAST_CAPTION_MS = 1000
_UNASSIGNED = "\U000effff"
_SYSTEM_FONTS = (
    "DejaVuSans.ttf", "NotoSans-Regular.ttf", "LiberationSans-Regular.ttf", "Arial.ttf", "arial.ttf",
    "Helvetica.ttc", "Arial Unicode.ttf", "NotoSansCJK-Regular.ttc",
)  # fmt: skip


class Letters:
    """One font in any size: the named one, or Pillow's own, or where that lacks a letter, the system's."""

    def __init__(self, named: Path | None, text: str) -> None:
        """Choose the font for `text`.

        Raises:
            UsageError: the named file is no font, or no font at hand has all letters.
        """
        self._name = str(named) if named else ""
        missing = self._missing(text)
        for name in () if named or not missing else _SYSTEM_FONTS:
            self._name = name
            with contextlib.suppress(UsageError):  # not on this machine
                here = self._missing(text)
                if not here:
                    return
                # what one of them has is not what is missing; where each lacks another letter, the least is
                missing = [char for char in missing if char in here] or min(missing, here, key=len)
        if missing:
            who = f"{named.name} lacks" if named else "no font was found with"
            hint = "name a font file that has these letters with --font FILE"
            raise UsageError(f"{who} letters that the picture needs: {' '.join(missing[:10])}", hint=hint)

    def of_size(self, pixels: int) -> Font:
        """Return the font."""
        try:
            font = ImageFont.truetype(self._name, pixels) if self._name else ImageFont.load_default(pixels)
        except OSError as error:
            raise UsageError(f"{self._name} is no font", hint="name a .ttf or .otf file") from error
        assert isinstance(font, Font)
        return font

    def _missing(self, text: str) -> list[str]:
        """Return the letters that would come out as the font's sign for none."""
        font = self.of_size(20)
        nothing = bytes(font.getmask(_UNASSIGNED))
        return [char for char in sorted(set(text)) if char > " " and bytes(font.getmask(char)) == nothing]


def line_height(font: Font) -> int:
    """Return how far one line is below the other."""
    ascent, descent = font.getmetrics()
    return round((ascent + descent) * 1.1)


def wrap(text: str, font: Font, width: int) -> list[str]:
    """Break text into as few lines as fit, of about the same length."""
    lines = fill(text, font, width)
    for narrower in range(width // 2, width, max(1, width // 40)):
        if len(balanced := fill(text, font, narrower)) == len(lines) > 1:
            return balanced
    return lines


def readable(cues: Iterable[Cue], font: Font, width: int) -> Iterator[Cue]:
    """Bring cues to a length that can be read: single words are joined, what is too long is divided."""
    held: Cue | None = None
    for cue in cues:
        cue = replace(cue, text=" ".join(cue.text.split()))
        if held and held.end_ms - held.start_ms < _LEAST_CAPTION_MS > cue.start_ms - held.end_ms:
            held = replace(held, end_ms=cue.end_ms, text=f"{held.text} {cue.text}")
            continue
        if held:
            yield from _divided(held, font, width)
        held = cue
    if held:
        yield from _divided(held, font, width)


def _divided(cue: Cue, font: Font, width: int) -> Iterator[Cue]:
    """Divide a cue into parts of at most three lines; each gets time for its letters."""
    lines = fill(cue.text, font, width)
    parts = [" ".join(lines[at : at + CAPTION_LINES]) for at in range(0, len(lines), CAPTION_LINES)]
    length_ms, letters = cue.end_ms - cue.start_ms, sum(map(len, parts))
    done = 0
    for part in parts:
        start_ms = cue.start_ms + length_ms * done // letters
        done += len(part)
        end_ms = cue.start_ms + length_ms * done // letters
        yield replace(cue, start_ms=start_ms, end_ms=end_ms, text="\n".join(wrap(part, font, width)))


def _length(font: Font, line: str, letters: int) -> int:
    """Return how wide the beginning of a line is, in whole pixels."""
    return ceil(font.getlength(line[:letters]))


def fill(text: str, font: Font, width: int) -> list[str]:
    """Break text into lines that are as long as fit; a word wider than a line is broken as well."""
    lines: list[str] = []
    line = ""
    for word in text.split():
        longer = f"{line} {word}" if line else word
        if font.getlength(longer) <= width:
            line = longer
            continue
        if line:
            lines.append(line)
        line = word
        while font.getlength(line) > width and len(line) > 1:
            fits = max(1, bisect_right(range(1, len(line)), width, key=partial(_length, font, line)))
            lines.append(line[:fits])
            line = line[fits:]
    return [*lines, line] if line else lines
