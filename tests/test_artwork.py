"""Pictures that rules complain about and that a fix saves again: afterwards nothing is complained about."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from rules.artwork import picture, saved

from publisher.audio.artwork import are_alike, read_picture
from publisher.audio.cover import repair_cover

UNTIDY: dict[str, tuple[str, dict[str, Any]]] = {
    "turned": ("RGB", {"exif": {0x0112: 3}}),
    "camera": ("RGB", {"exif": {0x0110: "Phone 9"}}),
    "resolution": ("RGB", {"dpi": (300, 300)}),
    "print": ("CMYK", {}),
}


@pytest.mark.parametrize("name", UNTIDY)
def test_a_fixed_cover_has_nothing_left_to_fix(tmp_path: Path, name: str) -> None:
    mode, options = UNTIDY[name]
    if "exif" in options:
        exif = Image.Exif()
        for tag, value in options["exif"].items():
            exif[tag] = value
        options = {"exif": exif}
    path = tmp_path / "cover.jpg"
    path.write_bytes(saved(picture(1400, mode=mode), **options))
    fixed = repair_cover(path, path.read_bytes())
    path.write_bytes(fixed)
    found = read_picture(fixed)
    assert (found.mode, found.private, found.orientation, found.dpi in {None, 72}) == ("RGB", (), 1, True)
    assert are_alike(found, read_picture(saved(picture(1400, turned=name == "turned"))))
    assert repair_cover(path, fixed) == fixed


def test_a_picture_of_far_too_many_pixels_is_not_unpacked() -> None:
    bomb = saved(Image.new("1", (30_000, 30_000)), "PNG")
    found = read_picture(bomb)
    assert found.fault == "it has more pixels than can be opened safely"
    assert found.miniature == b""


@pytest.mark.parametrize("length", [0, 3, 8, 20, 33, 60, 400])
def test_a_picture_that_breaks_off_anywhere_is_told(length: int) -> None:
    for kind in ("JPEG", "PNG"):
        found = read_picture(saved(picture(600), kind)[:length])
        assert found.fault or found.kind == ""
