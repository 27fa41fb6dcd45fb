"""The bytes of a picture into the facts that directories judge it by, believing none of its sizes."""

from __future__ import annotations

import io
import warnings
from dataclasses import dataclass, replace

from PIL import Image, ImageCms, UnidentifiedImageError

_ALIKE_PIXELS = 16
_MAX_DIFFERENCE = 24
_FORMATS = ("JPEG", "PNG")
_KINDS = (
    (b"\xff\xd8\xff", "JPEG"),
    (b"\x89PNG\r\n\x1a\n", "PNG"),
    (b"GIF8", "GIF"),
    (b"BM", "BMP"),
    (b"II*\x00", "TIFF"),
    (b"MM\x00*", "TIFF"),
    (b"%PDF", "PDF"),
)
_BRANDS = {b"heic": "HEIC", b"heix": "HEIC", b"mif1": "HEIC", b"avif": "AVIF", b"avis": "AVIF"}
_ORIENTATION, _MAKE, _MODEL, _GPS = 0x0112, 0x010F, 0x0110, 0x8825


@dataclass(frozen=True, slots=True)
class Picture:
    """What a picture is: `kind` by its first bytes ("" for none known), `mode` in Pillow's words.

    `profile` names its colour profile, `private` what it tells of who took it. `fault` says why it cannot be
    decoded to its end; `miniature` holds 16 by 16 shades, empty when there is none.
    """

    kind: str
    size: int
    width: int = 0
    height: int = 0
    mode: str = ""
    bits: int = 8
    has_alpha: bool = False
    profile: str = ""
    dpi: float | None = None
    orientation: int = 1
    private: tuple[str, ...] = ()
    fault: str = ""
    miniature: bytes = b""

    @property
    def is_usable(self) -> bool:
        """Tell whether it is a JPEG or PNG whose header can be read."""
        return self.kind in _FORMATS and self.width > 0


def kind_of(data: bytes) -> str:
    """Name what a file is by its first bytes: JPEG, PNG, or what else; "" when that cannot be told."""
    for magic, kind in _KINDS:
        if data.startswith(magic):
            return kind
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "WebP"
    if data[4:8] == b"ftyp":
        return _BRANDS.get(data[8:12], "")
    text = data[:1000].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if text.startswith((b"<!doctype html", b"<html")):
        return "a web page"
    return "SVG" if b"<svg" in text else ""


def read_picture(data: bytes) -> Picture:
    """Look at a picture; only JPEG and PNG are opened, and none that unpacks to more than is safe."""
    found = Picture(kind_of(data), len(data))
    if found.kind not in _FORMATS:
        return found
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(data), formats=_FORMATS) as image:
                found = _described(found, image, data)
                return replace(found, miniature=_miniature(image))
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        return replace(found, fault="it has more pixels than can be opened safely")
    except UnidentifiedImageError:
        return replace(found, fault="its header makes no sense")
    except (OSError, ValueError, SyntaxError, EOFError, OverflowError, KeyError) as error:
        return replace(found, fault=_plainly(str(error)))


def are_alike(one: Picture, other: Picture) -> bool:
    """Tell whether two pictures show the same, whatever their size and compression."""
    if not (one.miniature and other.miniature):
        return True
    pairs = zip(one.miniature, other.miniature, strict=True)
    return sum(abs(left - right) for left, right in pairs) <= _MAX_DIFFERENCE * len(one.miniature)


def _described(found: Picture, image: Image.Image, data: bytes) -> Picture:
    dpi = image.info.get("dpi")
    exif = image.getexif()
    camera = " ".join(str(exif[tag]).strip("\0 ") for tag in (_MAKE, _MODEL) if exif.get(tag))
    return replace(
        found,
        width=image.width,
        height=image.height,
        mode=image.mode,
        bits=data[24] if found.kind == "PNG" and len(data) > 24 else 8,
        has_alpha=image.mode in {"RGBA", "LA", "PA"} or "transparency" in image.info,
        profile=_profile(image.info.get("icc_profile")),
        dpi=float(dpi[0]) if dpi and dpi[0] else None,
        orientation=int(exif.get(_ORIENTATION) or 1),
        private=(*(["where it was taken"] if exif.get_ifd(_GPS) else []), *([camera] if camera else [])),
    )


def _profile(icc: bytes | None) -> str:
    if not icc:
        return ""
    try:
        return ImageCms.getProfileDescription(ImageCms.ImageCmsProfile(io.BytesIO(icc))).strip() or "unnamed"
    except (ImageCms.PyCMSError, OSError, ValueError):
        return "damaged"


def _miniature(image: Image.Image) -> bytes:
    if image.format == "JPEG":
        image.draft("RGB", (image.width // 8, image.height // 8))  # enough to see that it is whole
    image.load()
    flat = image.convert("RGBA") if image.has_transparency_data else image
    return flat.convert("L").resize((_ALIKE_PIXELS, _ALIKE_PIXELS), Image.Resampling.BOX).tobytes()


def _plainly(reason: str) -> str:
    return "it ends in the middle" if "truncated" in reason else "it is damaged"
