"""Samples of the group ART: pictures made by Pillow, and answers of servers."""

from __future__ import annotations

import io
from functools import cache
from typing import Any

from PIL import Image, ImageCms
from PIL.Image import Exif

from publisher.checks.files import ArtView
from publisher.errors import Place
from rules.delivery import AT, answered
from rules.samples import CONTEXT, Sample, bad, bad_subject, clean_feed, good, good_subject

PLACE = Place("clean.xml", 24)
HERE = "clean.xml:24"
WIDE = "<podcast:medium>podcast</podcast:medium>"


@cache
def picture(
    width: int = 1400, height: int = 0, mode: str = "RGB", kind: str = "JPEG", turned: bool = False
) -> Image.Image:
    """Return a picture that is dark above and bright below, or the other way round."""
    height = height or width
    ramp = Image.linear_gradient("L").resize((width, height))
    if turned:
        ramp = ramp.rotate(180)
    return ramp if mode == "L" else Image.merge("RGB", (ramp, ramp, ramp)).convert(mode)


def saved(image: Image.Image, kind: str = "JPEG", **options: Any) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def art(
    data: bytes,
    address: str = "https://media.example.org/cover-1a2b3c4d.jpg",
    *,
    is_cover: bool = False,
    rival: bytes = b"",
) -> ArtView:
    item = None if is_cover else clean_feed().item(0)
    other = ArtView("", "", "", PLACE, CONTEXT, lambda: rival, None) if rival else None
    return ArtView(address, "", "", PLACE, CONTEXT, lambda: data, item, rival=other)


def _fires(rule: str, make: Any, **options: Any) -> Sample:
    return bad_subject(rule, lambda: art(make(), **options), HERE)


def _silent(rule: str, make: Any, **options: Any) -> Sample:
    return good_subject(rule, lambda: art(make(), **options))


def _exif(tag: int, value: object) -> Exif:
    exif = Exif()
    exif[tag] = value
    return exif


def _profile(name: str) -> bytes:
    """Return the profile sRGB, or one that only calls itself otherwise."""
    data = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    wide, other = "sRGB built-in".encode("utf-16-be"), name.ljust(13).encode("utf-16-be")
    assert wide in data
    return data.replace(wide, other) if name else data


@cache
def _noise() -> bytes:
    return saved(Image.effect_noise((1400, 1400), 100).convert("RGB"), quality=90)


def _png16() -> bytes:
    """Return a PNG of 16 bits a colour, which Pillow reads and does not write."""
    import struct
    import zlib

    rows = (b"\0" + b"\x12\x34" * 3 * 1400) * 1400
    chunks = [
        (b"IHDR", struct.pack(">IIBBBBB", 1400, 1400, 16, 2, 0, 0, 0)),
        (b"IDAT", zlib.compress(rows)),
        (b"IEND", b""),
    ]
    made = (
        struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
        for name, body in chunks
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(made)


def _gps() -> bytes:
    exif = Exif()
    exif[0x8825] = {1: "N", 2: (35.0, 22.0, 0.0)}
    return saved(picture(), exif=exif)


def _plain() -> bytes:
    return saved(picture())


PNG = "https://media.example.org/cover-1a2b3c4d.png"

SAMPLES = (
    _fires("ART-001", lambda: saved(picture(1920, 1480))),
    _fires("ART-001", lambda: saved(picture(1920, 1080))),
    _silent("ART-001", _plain),
    _fires("ART-002", lambda: saved(picture(1399))),
    _fires("ART-002", lambda: saved(picture(3001))),
    _silent("ART-002", lambda: saved(picture(3000)), is_cover=True),
    _fires("ART-003", _plain, is_cover=True),
    _silent("ART-003", _plain),
    _fires("ART-004", lambda: saved(picture(), "WEBP")),
    _fires("ART-004", lambda: b"<!DOCTYPE html><title>404</title>"),
    _fires("ART-004", lambda: b""),
    _silent("ART-004", lambda: saved(picture(), "PNG"), address=PNG),
    _fires("ART-005", lambda: saved(picture(), "PNG")),
    _silent("ART-005", _plain, address="https://media.example.org/picture.php"),
    bad_subject("ART-005", lambda: answered("art", also={"content-type": "text/plain"}, start=_plain()), AT),
    good_subject("ART-005", lambda: answered("art", also={"content-type": "image/jpeg"}, start=_plain())),
    _fires("ART-006", lambda: saved(picture(mode="CMYK"))),
    _fires("ART-006", lambda: saved(picture(mode="L"))),
    _fires("ART-006", lambda: saved(picture(), icc_profile=_profile("Display P3"))),
    _silent("ART-006", lambda: saved(picture(), icc_profile=_profile(""))),
    _fires("ART-007", lambda: saved(picture(mode="RGBA"), "PNG"), address=PNG),
    _silent("ART-007", lambda: saved(picture(), "PNG"), address=PNG),
    _fires("ART-008", lambda: saved(picture(), dpi=(300, 300))),
    _silent("ART-008", lambda: saved(picture(), dpi=(72, 72))),
    _fires("ART-009", _noise),
    _silent("ART-009", _plain),
    _fires("ART-010", lambda: _plain()[:9000]),
    _fires("ART-010", _png16, address=PNG),
    _silent("ART-010", lambda: saved(picture(), progressive=True)),
    _fires("ART-011", lambda: saved(picture(), exif=_exif(0x0112, 6))),
    _fires("ART-011", lambda: saved(picture(), exif=_exif(0x0110, "Phone 9"))),
    _fires("ART-011", _gps),
    _silent("ART-011", lambda: saved(picture(), exif=_exif(0x0112, 1))),
    bad_subject("ART-013", lambda: answered("art", status=404, head_status=404), AT),
    bad_subject("ART-013", lambda: answered("art", status=403, head_status=403), AT),
    good_subject("ART-013", lambda: answered("art")),
    _fires("ART-017", lambda: saved(picture(3000)), is_cover=True, rival=saved(picture(144, turned=True), "PNG")),
    _silent("ART-017", lambda: saved(picture(3000)), is_cover=True, rival=saved(picture(144), "PNG")),
    bad("ART-018", (WIDE, f'{WIDE}\n    <podcast:image href="https://media.example.org/wide-1a2b3c4d.jpg" alt="Ink" aspect-ratio="16/9" width="640" height="360" type="image/jpeg" purpose="artwork"/>'), at="<podcast:image"),
    good("ART-018", (WIDE, f'{WIDE}\n    <podcast:image href="https://media.example.org/wide-1a2b3c4d.jpg" alt="Ink" aspect-ratio="16/9" width="1280" height="720" type="image/jpeg" purpose="artwork"/>')),
)  # fmt: skip
