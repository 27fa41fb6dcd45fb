"""An announcement's title and cover to the picture that networks show beside a link, 1200 × 630 pixels."""

from __future__ import annotations

import io
import unicodedata
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageDraw

from publisher.announce.counting import shorten
from publisher.audio.cover import prepare_cover
from publisher.audio.lettering import Font, Letters, fill, line_height, wrap

WIDTH, HEIGHT = 1200, 630
LEAST_CONTRAST = 7.0
"""WCAG 2.1's AAA for text of any size: the card is often seen as small as a stamp."""
_MARGIN, _COVER, _GAP = 60, 360, 56
_TITLE_PX = tuple(range(76, 27, -4))
_SHOW_PX, _NOTE_PX = 34, 28
_PAPER = (255, 255, 255)
_MOST_LETTERS = 240
_SOFT_SHARE = 0.18

_Colour = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Card:
    """What the picture shows; of `notes`, such as the guests' names, the first that has room on two lines."""

    title: str
    show: str
    notes: tuple[str, ...]
    cover: Path
    font: Path | None = None


def draw_card(card: Card) -> bytes:
    """Draw the card as PNG; a long title wraps, shrinks, and at last ends with “…”, inside its margins.

    Raises:
        UsageError: the font lacks letters that are needed, or is none.
        SourceError: the cover cannot be opened.
    """
    letters = Letters(card.font, "".join((card.title, card.show, *card.notes, "…")))
    with Image.open(io.BytesIO(prepare_cover(card.cover)), formats=("JPEG",)) as opened:
        cover = opened.convert("RGB")
    background = readable_background(_prevailing(cover))
    picture = Image.new("RGB", (WIDTH, HEIGHT), background)
    picture.paste(cover.resize((_COVER, _COVER), Image.Resampling.LANCZOS), (_MARGIN, (HEIGHT - _COVER) // 2))
    _write(ImageDraw.Draw(picture), card, letters, soft=_blend(_PAPER, background, _SOFT_SHARE))
    data = io.BytesIO()
    picture.save(data, "PNG", optimize=True)
    return data.getvalue()


def contrast(one: _Colour, other: _Colour) -> float:
    """Return the contrast ratio of two colours (WCAG 2.1, 1.4.3)."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def readable_background(colour: _Colour) -> _Colour:
    """Return the colour, darkened until white letters, and softer ones, can be read on it."""
    while contrast(_blend(_PAPER, colour, _SOFT_SHARE), colour) < LEAST_CONTRAST:
        red, green, blue = (int(part * 0.92) for part in colour)
        colour = red, green, blue
    return colour


def _write(pen: ImageDraw.ImageDraw, card: Card, letters: Letters, soft: _Colour) -> None:
    """Write show, title and note one below the other, in the middle of the height."""
    left = _MARGIN + _COVER + _GAP
    width = WIDTH - left - _MARGIN
    show_font, note_font = letters.of_size(_SHOW_PX), letters.of_size(_NOTE_PX)
    show = _fit_lines(card.show, show_font, width, 2)
    short = (each for each in card.notes if len(each) <= _MOST_LETTERS)
    fitting = (lines for each in short if len(lines := wrap(each, note_font, width)) <= 2)
    note = next(fitting, [])
    room = HEIGHT - 2 * _MARGIN - len(show) * line_height(show_font) - len(note) * line_height(note_font) - 60
    title, title_font = _fit(shorten(card.title, _MOST_LETTERS), letters, width, room)
    heights = [(show, show_font, soft, 26), (title, title_font, _PAPER, 26), (note, note_font, soft, 0)]
    total = sum(len(lines) * line_height(font) + gap for lines, font, _, gap in heights if lines)
    y = (HEIGHT - total) // 2
    for lines, font, colour, gap in heights:
        for line in lines:
            is_rtl = _reads_from_the_right(line)
            x = left + width - round(font.getlength(line)) if is_rtl else left
            pen.text((x, y), line, font=font, fill=colour)
            y += line_height(font)
        y += gap if lines else 0


def _fit(title: str, letters: Letters, width: int, room: int) -> tuple[list[str], Font]:
    """Choose the largest size in which the title has room without a word being broken, or else just room."""
    longest = max(title.split(), key=len, default="")
    for keeps_words in (True, False):
        for pixels in _TITLE_PX:
            font = letters.of_size(pixels)
            if keeps_words and font.getlength(longest) > width:
                continue
            if len(fill(title, font, width)) * line_height(font) <= room:
                return wrap(title, font, width), font
    font = letters.of_size(_TITLE_PX[-1])
    return _fit_lines(title, font, width, max(room // line_height(font), 1)), font


def _fit_lines(text: str, font: Font, width: int, most: int) -> list[str]:
    lines = wrap(text[:500], font, width)
    if len(lines) <= most:
        return lines
    last = lines[most - 1]
    while last and font.getlength(f"{last}…") > width:
        last = last[:-1]
    return [*lines[: most - 1], f"{last.rstrip()}…"]


def _reads_from_the_right(line: str) -> bool:
    for char in line:
        kind = unicodedata.bidirectional(char)
        if kind in ("L", "R", "AL"):
            return kind != "L"
    return False


def _prevailing(cover: Image.Image) -> _Colour:
    """Return the colour that most of the cover has, so that the card looks like a part of it."""
    few = cover.resize((64, 64), Image.Resampling.BOX).quantize(8)
    counted = few.histogram()
    at = counted.index(max(counted)) * 3
    red, green, blue = (few.getpalette() or [0, 0, 0])[at : at + 3]
    return red, green, blue


def _blend(one: _Colour, other: _Colour, share: float) -> _Colour:
    """Return `one` with a share of `other` in it."""
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(one, other, strict=True))
    return red, green, blue


def _luminance(colour: _Colour) -> float:
    parts = (part / 255 for part in colour)
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
