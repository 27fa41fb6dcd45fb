"""Covers: what directories would refuse is named, what goes into an MP3 is small and always the same."""

from __future__ import annotations

import io
import struct
import zlib
from pathlib import Path

import pytest
from PIL import Image

from publisher.audio.cover import check_cover, prepare_cover
from publisher.errors import Place, SourceError

PLACE = Place("show.toml", 9, 9)


def picture(path: Path, size: tuple[int, int] = (1400, 1400), mode: str = "RGB", kind: str = "JPEG") -> Path:
    image = Image.linear_gradient("L").resize(size)
    image.convert(mode).save(path, kind)
    return path


def messages(path: Path) -> list[str]:
    problems = check_cover(path, PLACE)
    assert all(problem.place == PLACE and problem.hint for problem in problems)
    return [problem.message for problem in problems]


@pytest.mark.parametrize("side", [1400, 3000])
@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_good_covers_pass(tmp_path: Path, side: int, kind: str) -> None:
    assert messages(picture(tmp_path / "cover", (side, side), kind=kind)) == []


@pytest.mark.parametrize(
    ("size", "mode", "kind", "words"),
    [
        ((1399, 1399), "RGB", "JPEG", ["is too small: 1399 × 1399 pixels"]),
        ((3001, 3001), "RGB", "PNG", ["is too large: 3001 × 3001 pixels"]),
        ((1500, 1400), "RGB", "JPEG", ["is not square: 1500 × 1400 pixels"]),
        ((100, 200), "L", "PNG", ["is not square", "is too small", "shades of grey"]),
        ((1400, 1400), "CMYK", "JPEG", ["colours of print"]),
        ((1400, 1400), "RGBA", "PNG", ["partly transparent"]),
        ((1400, 1400), "P", "PNG", ["palette"]),
        ((1400, 1400), "RGB", "GIF", ["is neither JPEG nor PNG"]),
        ((6001, 10), "RGB", "PNG", ["is far too large: 6001 × 10 pixels"]),
    ],
)
def test_every_fault_is_named(
    tmp_path: Path, size: tuple[int, int], mode: str, kind: str, words: list[str]
) -> None:
    found = messages(picture(tmp_path / "cover.jpg", size, mode, kind))
    assert len(found) == len(words)
    for message, word in zip(found, words, strict=True):
        assert message.startswith("cover.jpg ")
        assert word in message


def test_broken_pictures_are_named(tmp_path: Path) -> None:
    path = tmp_path / "cover.jpg"
    assert messages(path) == ["cover.jpg is not there"]
    path.write_text("not a picture")
    assert messages(path) == ["cover.jpg is neither JPEG nor PNG"]
    for kind in ("JPEG", "PNG"):
        data = picture(tmp_path / "whole", kind=kind).read_bytes()
        path.write_bytes(data[: len(data) // 2])
        assert messages(path) == ["cover.jpg is damaged and cannot be opened"]
        with pytest.raises(SourceError):
            prepare_cover(path)
    path.write_bytes(bytes(21_000_000))
    assert messages(path) == ["cover.jpg is far too large: 21 MB"]


def test_a_bomb_is_not_decoded(tmp_path: Path) -> None:
    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    head = struct.pack(">IIBBBBB", 60000, 60000, 8, 2, 0, 0, 0)
    path = tmp_path / "bomb.png"
    path.write_bytes(
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(bytes(10**6)))
    )
    assert "far too large" in messages(path)[0]
    with pytest.raises(SourceError, match="far too large"):
        prepare_cover(path)


@pytest.mark.integration
def test_the_embedded_cover_is_small_and_always_the_same(tmp_path: Path) -> None:
    path = tmp_path / "noise.png"
    Image.effect_noise((3000, 3000), 120).convert("RGB").save(path, compress_level=1)
    data = prepare_cover(path)
    assert len(data) < 300_000
    with Image.open(io.BytesIO(data)) as image:
        assert image.format == "JPEG"
        assert image.mode == "RGB"
        assert max(image.size) <= 1400
        assert not image.getexif()
    other = tmp_path / "other name.png"
    other.write_bytes(path.read_bytes())
    assert prepare_cover(other) == data


@pytest.mark.parametrize(("mode", "kind"), [("CMYK", "JPEG"), ("RGBA", "PNG"), ("P", "PNG"), ("L", "PNG")])
def test_any_colours_become_those_of_screens(tmp_path: Path, mode: str, kind: str) -> None:
    with Image.open(
        io.BytesIO(prepare_cover(picture(tmp_path / "cover", (1400, 1400), mode, kind)))
    ) as image:
        assert image.mode == "RGB"
        assert image.size == (1400, 1400)


def test_transparency_is_laid_on_white(tmp_path: Path) -> None:
    path = tmp_path / "clear.png"
    Image.new("RGBA", (1400, 1400), (0, 0, 0, 0)).save(path)
    with Image.open(io.BytesIO(prepare_cover(path))) as image:
        assert image.getpixel((700, 700)) == (255, 255, 255)
