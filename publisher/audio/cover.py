"""Turn a cover or a chapter's picture into the small JPEG that MP3s carry, or into what apps would refuse."""

from __future__ import annotations

import functools
import io
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError

from publisher.audio.artwork import read_picture
from publisher.errors import Place, Problem, SourceError

MAX_BYTES = 20 * 1000 * 1000
MAX_PIXELS = 6000
LEAST_PIXELS, MOST_PIXELS = 1400, 3000
EMBEDDED_PIXELS, EMBEDDED_BYTES = 1400, 300_000
PICTURE_MAX_BYTES, PICTURE_MAX_PIXELS = 5 * 1000 * 1000, 4000
PICTURE_PIXELS, PICTURE_BYTES = 800, 100_000
_PICTURE_HINT = "save it as a JPEG or PNG, best square and about 1400 pixels wide"
_HINT = f"save it as a square JPEG or PNG in RGB, {LEAST_PIXELS} to {MOST_PIXELS} pixels wide"
_HOPELESS = ("is not square", "is too small")
_COLOURS = {
    "CMYK": "is in the colours of print (CMYK)",
    "YCCK": "is in the colours of print (CMYK)",
    "L": "is in shades of grey",
    "1": "is in black and white",
    "LA": "is in shades of grey and partly transparent",
    "RGBA": "is partly transparent",
    "PA": "is partly transparent",
    "P": "has a palette of at most 256 colours",
}


class _UnusableError(Exception):
    """The picture cannot be used at all; the message goes on after its name."""


def check_cover(path: Path, place: Place) -> tuple[Problem, ...]:
    """Return what is wrong with a show's or episode's cover; nothing when directories will take it.

    The header is read first: no picture beyond 20 MB or 6000 pixels is decoded at all.
    """
    try:
        with _opened(path) as image:
            found = list(_faults(image))
            if image.format == "JPEG":
                image.draft("RGB", (image.width // 8, image.height // 8))  # enough to see that it is whole
            image.load()
    except _UnusableError as error:
        return (Problem(f"{path.name} {error}", place, _HINT),)
    can_be_mended = not any(what.startswith(_HOPELESS) for what in found)
    picture = str(path) if can_be_mended else ""
    return tuple(Problem(f"{path.name} {what}", place, _HINT, picture=picture) for what in found)


def check_picture(path: Path, place: Place) -> tuple[Problem, ...]:
    """Return what is wrong with the picture of a chapter; its header is read first, as with a cover."""
    found = []
    try:
        with _opened(path, PICTURE_MAX_BYTES, PICTURE_MAX_PIXELS) as image:
            kind = "JPEG" if path.suffix.lower() in {".jpg", ".jpeg"} else path.suffix[1:].upper()
            if kind != image.format:
                found.append(f"is a {image.format} picture by another name")
            if image.format == "JPEG":
                image.draft("RGB", (image.width // 8, image.height // 8))
            image.load()
    except _UnusableError as error:
        found = [str(error)]
    return tuple(Problem(f"{path.name} {what}", place, _PICTURE_HINT) for what in found)


def prepare_picture(path: Path) -> bytes:
    """Return the picture of a chapter as MP3s carry it: a JPEG of at most 800 pixels and 100 KB.

    Raises:
        SourceError: the picture is broken, or too large to be opened safely.
    """
    return _read(path, PICTURE_PIXELS, PICTURE_BYTES, _PICTURE_HINT)


def prepare_cover(path: Path) -> bytes:
    """Return the cover as MP3s carry it: a JPEG of at most 1400 pixels and 300 KB, equal for equal pictures.

    Raises:
        SourceError: the picture is broken, or too large to be opened safely.
    """
    return _read(path, EMBEDDED_PIXELS, EMBEDDED_BYTES, _HINT)


def repair_cover(path: Path, data: bytes) -> bytes:
    """Return a cover as directories take it: at most 3000 pixels, in the colours of screens, of its own form.

    A picture that is as it should be comes back as it is. Nothing is cut or enlarged.

    Raises:
        SourceError: the picture is broken, not square or too small; a person has to make another.
    """
    try:
        with _opened(path) as opened:
            faults, form = [*_faults(opened)], opened.format or "JPEG"
            if not faults and _is_tidy(data):
                return data
            if hopeless := [fault for fault in faults if fault.startswith(_HOPELESS)]:
                raise SourceError((Problem(f"{path.name} {hopeless[0]}", Place(str(path)), _HINT),))
            image = _in_srgb(ImageOps.exif_transpose(opened))
    except _UnusableError as error:
        raise SourceError((Problem(f"{path.name} {error}", Place(str(path)), _HINT),)) from error
    image.thumbnail((MOST_PIXELS, MOST_PIXELS), Image.Resampling.LANCZOS)
    buffer = io.BytesIO()
    quality = {"quality": 92, "subsampling": "4:4:4"} if form == "JPEG" else {}
    image.save(buffer, form, optimize=True, **quality)
    return buffer.getvalue()


def _is_tidy(data: bytes) -> bool:
    """Tell whether a picture holds nothing but itself: no camera's data, no other colours."""
    found = read_picture(data)
    is_plain = (
        not found.private and found.orientation == 1 and (found.dpi is None or abs(found.dpi - 72) <= 1)
    )
    return is_plain and (not found.profile or "srgb" in found.profile.casefold())


def _read(path: Path, pixels: int, most_bytes: int, hint: str) -> bytes:
    try:
        with _opened(path):
            pass
        return _prepared(path.read_bytes(), pixels, most_bytes)
    except _UnusableError as error:
        raise SourceError((Problem(f"{path.name} {error}", Place(str(path)), hint),)) from error


@functools.lru_cache(maxsize=4)
def _prepared(data: bytes, pixels: int, most_bytes: int) -> bytes:
    """Shrink a picture; the cover of the show is asked for once an episode."""
    with _reading(), Image.open(io.BytesIO(data), formats=("JPEG", "PNG")) as opened:
        if opened.format == "JPEG":
            opened.draft("RGB", (pixels, pixels))
        image = _in_srgb(ImageOps.exif_transpose(opened))
    image.thumbnail((pixels, pixels), Image.Resampling.LANCZOS)
    while True:
        for quality in (85, 75, 65, 50):
            buffer = io.BytesIO()
            image.save(buffer, "JPEG", quality=quality, optimize=True, progressive=False, subsampling="4:2:0")
            if buffer.tell() < most_bytes:
                return buffer.getvalue()
        image = image.resize((image.width * 3 // 4, image.height * 3 // 4), Image.Resampling.LANCZOS)


def _in_srgb(image: Image.Image) -> Image.Image:
    """Bring any colours to those of screens: profiles are applied, transparency is laid on white."""
    profile = image.info.get("icc_profile")
    if profile and image.mode in {"RGB", "CMYK", "L"}:
        try:
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            converted = ImageCms.profileToProfile(
                image, source, ImageCms.createProfile("sRGB"), outputMode="RGB"
            )
        except (ImageCms.PyCMSError, OSError, ValueError):
            converted = None  # a broken profile: the plain conversion is the best there is
        if converted is not None:
            return converted
    if image.has_transparency_data:
        layer = image.convert("RGBA")
        page = Image.new("RGBA", layer.size, "white")
        return Image.alpha_composite(page, layer).convert("RGB")
    return image.convert("RGB")


def _faults(image: Image.Image) -> Iterator[str]:
    width, height = image.size
    if width != height:
        yield f"is not square: {width} × {height} pixels"
    if not min(width, height) >= LEAST_PIXELS or max(width, height) > MOST_PIXELS:
        what = "small" if min(width, height) < LEAST_PIXELS else "large"
        yield f"is too {what}: {width} × {height} pixels"
    if image.mode in _COLOURS:
        yield _COLOURS[image.mode]
    elif image.mode != "RGB":
        yield f"has unusual colours ({image.mode})"
    elif image.has_transparency_data:
        yield "is partly transparent"


@contextmanager
def _opened(path: Path, most_bytes: int = MAX_BYTES, most_pixels: int = MAX_PIXELS) -> Iterator[Image.Image]:
    """Open a picture that is safe to decode; whatever goes wrong with it comes out in plain words."""
    with _reading():
        size = path.stat().st_size
        if size > most_bytes:
            raise _UnusableError(f"is far too large: {size / 1e6:.0f} MB")
        with Image.open(path, formats=("JPEG", "PNG")) as image:
            if max(image.size) > most_pixels:
                raise _UnusableError(f"is far too large: {image.width} × {image.height} pixels")
            yield image


@contextmanager
def _reading() -> Iterator[None]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            yield
    except FileNotFoundError as error:
        raise _UnusableError("is not there") from error
    except UnidentifiedImageError as error:
        raise _UnusableError("is neither JPEG nor PNG") from error
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise _UnusableError("is far too large: it has more pixels than can be opened safely") from error
    except (OSError, ValueError, SyntaxError, EOFError) as error:
        raise _UnusableError("is damaged and cannot be opened") from error
