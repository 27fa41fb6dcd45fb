"""A web address into a QR code, as the inside of an SVG picture."""

from __future__ import annotations

from dataclasses import dataclass

import segno

_QUIET = 4  # ISO/IEC 18004: this many light modules on each side


@dataclass(frozen=True, slots=True)
class Squares:
    """A QR code: `path` draws the dark modules, one unit each, in a square of `size` units."""

    size: int
    path: str


def draw_squares(address: str) -> Squares:
    """Encode an address, so that a phone still reads it with a seventh of it lost (level M).

    The same address always gives the same picture.
    """
    code = segno.make_qr(address, error="m", boost_error=False)
    rows = [[bool(module) for module in row] for row in code.matrix]
    path = "".join(
        f"M{x + _QUIET} {y + _QUIET}h{length}v1h-{length}z"
        for y, row in enumerate(rows)
        for x, length in _runs(row)
    )
    return Squares(len(rows) + 2 * _QUIET, path)


def _runs(row: list[bool]) -> list[tuple[int, int]]:
    """Return where dark modules begin in a row, and how many follow."""
    runs: list[tuple[int, int]] = []
    for x, is_dark in enumerate(row):
        if is_dark and x and row[x - 1]:
            runs[-1] = (runs[-1][0], runs[-1][1] + 1)
        elif is_dark:
            runs.append((x, 1))
    return runs
