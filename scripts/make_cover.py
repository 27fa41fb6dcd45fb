"""Turn the show's title into its cover, `episodes/cover.jpg`: 3000 x 3000 pixels, sRGB, below 512 KB.

Needed only to make the cover again, with a bold geometric typeface: League Spartan Bold unless another is
named (SIL Open Font License; `apt-get install fonts-league-spartan` on Debian and Ubuntu). Run it as
`python scripts/make_cover.py [--font FILE] [--output FILE]`.

The picture: a ruled page with its margin line. Out of the margin come ribbons that cross the line, turn and
rise, and each becomes somebody, drawn like the letter i of the title. Nothing that has to be seen lies in the
bottom fifth, which players cover with their controls.
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

SIZE = 3000
SCALE = 2  # drawn larger and reduced, for clean edges
LIMIT_BYTES = 512_000
FONT_FILE = "LeagueSpartan-Bold.otf"
FONT_FOLDERS = ("/usr/share/fonts", "/usr/local/share/fonts", "~/.local/share/fonts", "~/Library/Fonts")

PAGE, MARGIN, RULE = "#1f1d4b", "#141238", "#2d2b61"
CREAM, GOLD, ORANGE, CORAL = "#fff4e0", "#ffc24b", "#ff8a47", "#ff5d5d"  # on PAGE, all above 4.5:1

MARGIN_X, MARGIN_LINE = 390, 20
TITLE_X, FIRST_BASELINE, RULE_STEP = 520, 585, 284
RIBBON, TURN_RADIUS = 150, 215
HEAD_RADIUS, NECK = 112, 42


@dataclass(frozen=True, slots=True)
class Figure:
    """A ribbon from the left edge at height `y` that turns up at `x` and ends at `top`, below its head."""

    x: int
    y: int
    top: int
    colour: str


FIGURES = (
    Figure(1010, 2325, 2030, CORAL),
    Figure(1570, 2510, 1965, ORANGE),
    Figure(2130, 2695, 1895, GOLD),
    Figure(2690, 2880, 1825, CREAM),
)


class Canvas:
    """A drawing in the cover's pixels on an enlarged picture."""

    def __init__(self, background: str) -> None:
        self._image = Image.new("RGB", (SIZE * SCALE, SIZE * SCALE), background)
        self._draw = ImageDraw.Draw(self._image)

    def box(self, left: float, top: float, right: float, bottom: float, colour: str) -> None:
        """Fill a rectangle."""
        self._draw.rectangle(_edges(left, top, right, bottom), fill=colour)

    def disc(self, x: float, y: float, radius: float, colour: str) -> None:
        """Fill a circle around a point."""
        self._draw.ellipse(_edges(x - radius, y - radius, x + radius, y + radius), fill=colour)

    def turn(self, x: float, y: float, radius: float, width: float, colour: str) -> None:
        """Draw the lower right quarter of a ring around a point; `radius` is that of its middle line."""
        outer = radius + width / 2
        edges = _edges(x - outer, y - outer, x + outer, y + outer)
        self._draw.arc(edges, 0, 90, fill=colour, width=round(width * SCALE))

    def text(self, x: float, baseline: float, text: str, font: Path, size: int, colour: str) -> None:
        """Write text on a baseline, its ink starting at `x`."""
        typeface = ImageFont.truetype(str(font), size * SCALE)
        left = typeface.getmask(text).getbbox()[0] + typeface.getbbox(text, anchor="ls")[0]
        self._draw.text((x * SCALE - left, baseline * SCALE), text, fill=colour, font=typeface, anchor="ls")

    def reduced(self) -> Image.Image:
        """Return the picture in its final size."""
        return self._image.resize((SIZE, SIZE), Image.Resampling.LANCZOS)


def _edges(left: float, top: float, right: float, bottom: float) -> tuple[int, int, int, int]:
    """Scale a box; Pillow counts the last row and column in."""
    return (round(left * SCALE), round(top * SCALE), round(right * SCALE) - 1, round(bottom * SCALE) - 1)


def draw_cover(font: Path) -> Image.Image:
    """Draw the page, the title on its lines, and the figures that rise from the margin."""
    canvas = Canvas(PAGE)
    for y in range(FIRST_BASELINE % RULE_STEP, SIZE, RULE_STEP):
        canvas.box(0, y, SIZE, y + 7, RULE)
    canvas.box(0, 0, MARGIN_X, SIZE, MARGIN)
    canvas.box(MARGIN_X, 0, MARGIN_X + MARGIN_LINE, SIZE, CORAL)
    canvas.text(TITLE_X, FIRST_BASELINE, "Rising", font, 640, CREAM)
    canvas.text(TITLE_X, FIRST_BASELINE + RULE_STEP, "from the", font, 318, GOLD)
    canvas.text(TITLE_X, FIRST_BASELINE + 3 * RULE_STEP, "Margins", font, 640, CREAM)
    for figure in FIGURES:
        draw_figure(canvas, figure)
    return canvas.reduced()


def draw_figure(canvas: Canvas, figure: Figure) -> None:
    """Draw a ribbon and its head."""
    half = RIBBON / 2
    turn_x, turn_y = figure.x - TURN_RADIUS, figure.y - TURN_RADIUS
    canvas.box(0, figure.y - half, turn_x, figure.y + half, figure.colour)
    canvas.turn(turn_x, turn_y, TURN_RADIUS, RIBBON, figure.colour)
    canvas.box(figure.x - half, figure.top + half, figure.x + half, turn_y, figure.colour)
    canvas.disc(figure.x, figure.top + half, half, figure.colour)
    canvas.disc(figure.x, figure.top - NECK - HEAD_RADIUS, HEAD_RADIUS, figure.colour)


def find_font() -> Path:
    """Return the typeface from the usual folders, or stop with a word on where to get it."""
    for folder in FONT_FOLDERS:
        for path in sorted(Path(folder).expanduser().rglob(FONT_FILE)):
            return path
    sys.exit(f"{FONT_FILE} is not installed; install fonts-league-spartan, or name a font file with --font")


def main() -> None:
    """Draw the cover and write it."""
    parser = argparse.ArgumentParser(description="Draw the cover of the show.")
    parser.add_argument("--font", type=Path, help="a bold typeface (.otf or .ttf)")
    parser.add_argument(
        "--output", type=Path, default=Path(__file__).parent.parent / "episodes" / "cover.jpg"
    )
    options = parser.parse_args()
    picture = draw_cover(options.font or find_font())
    picture.save(options.output, "JPEG", quality=92, subsampling="4:2:0", optimize=True, dpi=(72, 72))
    size = options.output.stat().st_size
    if size > LIMIT_BYTES:
        sys.exit(f"{options.output} has {size:,} bytes; podcast apps want {LIMIT_BYTES:,} at most")
    print(f"{options.output}: {picture.width} x {picture.height}, {size:,} bytes")


if __name__ == "__main__":
    main()
