"""Rules on the bytes of covers and other pictures: the group ART."""

# ruff: noqa: D401 - a rule's docstring is its documentation, written for people

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from publisher.checks.delivery import BLOCKED
from publisher.checks.engine import Fault, rule
from publisher.checks.files import ResponseView
from publisher.checks.views import path_of
from publisher.model import Fix

if TYPE_CHECKING:
    from publisher.checks.files import ArtView

_ENDINGS = {"jpg": "JPEG", "jpeg": "JPEG", "png": "PNG"}
_TYPES = {"image/jpeg": "JPEG", "image/png": "PNG"}
_COLOURS = {
    "CMYK": "the colours of print (CMYK)",
    "YCCK": "the colours of print (CMYK)",
    "L": "shades of grey",
    "LA": "shades of grey",
    "I": "shades of grey",
    "I;16": "shades of grey",
    "1": "black and white",
    "LAB": "Lab colours",
}


def _mend(subject: ArtView, summary: str) -> Fix | None:
    """Return the fix that saves a picture of the show's own again."""
    return Fix(summary, (), "cover", subject.file) if subject.context.is_own and subject.file else None


@rule("ART-001", "art-not-square", "error", needs=("bytes",))
def art_not_square(subject: ArtView) -> Iterator[Fault]:
    """Apps show covers in a square; what is not one is cut off, or refused by Apple.

    Bad: 1920 × 1080 pixels
    Good: 3000 × 3000 pixels
    Source: Apple, Artwork requirements; PSP-1.
    """
    picture = subject.picture
    if picture.is_usable and picture.width != picture.height:
        message = f"the picture is not square: {picture.width} × {picture.height} pixels"
        yield Fault(message, subject.at(), "make a square one; publisher cannot know what may be cut off")


@rule("ART-002", "art-size", "error", needs=("bytes",))
def art_size(subject: ArtView, *, least: int = 1400, most: int = 3000) -> Iterator[Fault]:
    """Directories take covers of 1400 to 3000 pixels a side, and refuse all others.

    Bad: 1000 × 1000 pixels
    Good: 3000 × 3000 pixels
    Source: Apple, Artwork requirements; PSP-1; Spotify.
    """
    picture = subject.picture
    side = max(picture.width, picture.height)  # of one that is not square, ART-001 speaks
    if picture.is_usable and not least <= side <= most:
        message = f"the picture has {picture.width} × {picture.height} pixels; {least} to {most} are taken"
        fix = _mend(subject, f"make it {most} pixels wide") if side > most else None
        yield Fault(message, subject.at(), f"save it with {most} × {most} pixels", fix)


@rule("ART-003", "cover-not-largest", "warn", needs=("bytes",))
def cover_not_largest(subject: ArtView, *, pixels: int = 3000) -> Iterator[Fault]:
    """Apple shows covers on televisions, too, and asks for the largest size it takes. Episodes' are left out.

    Bad: a cover of 1400 × 1400 pixels
    Good: 3000 × 3000 pixels
    Source: Apple, Artwork requirements.
    """
    picture = subject.picture
    if subject.item is None and picture.width == picture.height and 1400 <= picture.width < pixels:
        message = f"the cover has {picture.width} pixels a side; Apple prefers {pixels}"
        yield Fault(message, subject.at(), "export it again, larger; do not blow this one up")


@rule("ART-004", "art-format", "error", needs=("bytes",))
def art_format(subject: ArtView) -> Iterator[Fault]:
    """Only JPEG and PNG are shown everywhere, whatever a file is called.

    Bad: a WebP picture called cover.jpg
    Good: a JPEG
    Source: Apple, A Podcaster's Guide to RSS; PSP-1.
    """
    picture = subject.picture
    if picture.kind not in {"JPEG", "PNG"}:
        what = picture.kind or ("empty" if not picture.size else "no picture that is known here")
        yield Fault(f"the picture is {what}, not JPEG or PNG", subject.at(), "save it as JPEG or PNG")


@rule("ART-005", "art-type-disagrees", "error", needs=("bytes",))
def art_type_disagrees(subject: ArtView | ResponseView) -> Iterator[Fault]:
    """Apps go by the end of the address and the type that the server sends; both must be the file's own.

    Bad: a PNG called cover.jpg, or served as text/plain
    Good: a PNG called cover.png, served as image/png
    Source: Apple, A Podcaster's Guide to RSS; PSP-1.
    """
    from publisher.audio.artwork import kind_of  # loads Pillow: only where there is a picture

    if isinstance(subject, ResponseView):
        served = subject.headers.get("content-type", "").partition(";")[0].strip().casefold()
        kind = kind_of(subject.start) if subject.role == "art" and subject.status == 200 else ""
        if kind in _TYPES.values() and _TYPES.get(served) != kind:
            message = f"the picture is a {kind}, but served as {served or 'nothing in particular'!r}"
            yield Fault(message, subject.at(), f"let the server send image/{kind.lower()}")
        return
    ending = path_of(subject.address).rpartition(".")[2].casefold()
    meant = _ENDINGS.get(ending)
    if meant and subject.picture.kind in _TYPES.values() and subject.picture.kind != meant:
        message = f"the picture is a {subject.picture.kind}, but called .{ending}"
        yield Fault(message, subject.at(), f"call it .{'png' if ending.startswith('j') else 'jpg'}")


@rule("ART-006", "art-colours", "error", needs=("bytes",))
def art_colours(subject: ArtView) -> Iterator[Fault]:
    """Screens show RGB; colours of print come out wrong or not at all, and Apple refuses them.

    Bad: CMYK, straight from the printer's file
    Good: RGB, with the profile sRGB or none
    Source: Apple, Artwork requirements; PSP-1.
    """
    picture = subject.picture
    if not picture.is_usable:
        return
    if colours := _COLOURS.get(picture.mode):
        fix = _mend(subject, "save it in RGB")
        yield Fault(f"the picture is in {colours}, not in RGB", subject.at(), "save it in RGB", fix)
    elif picture.profile and "srgb" not in picture.profile.casefold():
        fix = _mend(subject, "convert its colours to sRGB")
        message = f"the picture's colours are {picture.profile!r}, not sRGB"
        yield Fault(
            message, subject.at(), "convert it to sRGB", fix, "error" if picture.mode == "P" else "warn"
        )


@rule("ART-007", "art-transparent", "error", needs=("bytes",))
def art_transparent(subject: ArtView) -> Iterator[Fault]:
    """What is transparent is white in one app and black in the next; Apple refuses an alpha channel.

    Bad: a PNG with transparent corners
    Good: a PNG or JPEG that is filled to its edges
    Source: Apple, Artwork requirements.
    """
    if subject.picture.has_alpha:
        fix = _mend(subject, "lay it on white")
        yield Fault("the picture is partly transparent", subject.at(), "fill its background", fix)


@rule("ART-008", "art-resolution", "warn", needs=("bytes",))
def art_resolution(subject: ArtView, *, dpi: int = 72) -> Iterator[Fault]:
    """The guides ask for 72 dots per inch; no screen goes by that number, so it is only advice.

    Bad: 300 dots per inch
    Good: 72, or no number at all
    Source: Apple, A Podcaster's Guide to RSS; PSP-1.
    """
    said = subject.picture.dpi
    if said is not None and abs(said - dpi) > 1:
        fix = _mend(subject, f"write {dpi} dots per inch")
        message = f"the picture says that it has {said:.0f} dots per inch"
        yield Fault(message, subject.at(), f"write {dpi}, or nothing", fix)


@rule("ART-009", "art-heavy", "warn", needs=("bytes",))
def art_heavy(subject: ArtView, *, kilobytes: int = 512, refused_megabytes: int = 10) -> Iterator[Fault]:
    """Every phone loads the cover again and again; some directories refuse more than half a megabyte.

    Bad: a PNG of 6 MB
    Good: a JPEG of 400 KB
    Source: Spotify; NPR and PRX, Podcast RSS feed specification.
    """
    size = subject.picture.size
    if size > kilobytes * 1024 and subject.picture.is_usable:
        is_refused = size > refused_megabytes * 1024 * 1024
        strongly = " (far too large)" if size > 4 * kilobytes * 1024 else ""
        message = f"the picture has {size / 1024:,.0f} KB{strongly}; {kilobytes} are enough"
        hint = "save it as a JPEG of quality 80"
        yield Fault(message, subject.at(), hint, level="error" if is_refused else None)


@rule("ART-010", "art-damaged", "warn", needs=("bytes",))
def art_damaged(subject: ArtView) -> Iterator[Fault]:
    """A picture that breaks off shows half a cover; 16 bits a colour are shown by few apps.

    Bad: a JPEG that was cut off by an upload
    Good: a picture of 8 bits a colour that opens to its end
    Source: practice of apps.
    """
    picture = subject.picture
    if picture.fault:
        yield Fault(f"the picture cannot be opened: {picture.fault}", subject.at(), "export it again")
    elif picture.bits > 8:
        yield Fault(f"the picture has {picture.bits} bits a colour", subject.at(), "save it with 8")


@rule("ART-011", "art-camera-data", "warn", needs=("bytes",))
def art_camera_data(subject: ArtView) -> Iterator[Fault]:
    """Photos tell where and with what they were taken; what is only marked as turned lies on its side.

    Bad: the portrait as it came from the phone
    Good: the same, exported without camera data
    Source: privacy; practice of apps.
    """
    picture, fix = subject.picture, _mend(subject, "take the camera's data out")
    if picture.orientation != 1:
        yield Fault("the picture is only marked as turned", subject.at(), "turn it and save it", fix)
    if picture.private:
        message = f"the picture tells {' and '.join(_told(each) for each in picture.private)}"
        yield Fault(message, subject.at(), "export it without camera data (EXIF)", fix)


@rule("ART-013", "art-not-served", "error")
def art_not_served(subject: ResponseView) -> Iterator[Fault]:
    """Apple asks for the cover by HEAD before it takes a show, and takes none without.

    Bad: 404 to the cover
    Good: 200 to GET and HEAD
    Source: Apple, Podcast RSS feed requirements.
    """
    if subject.role == "art" and not subject.failure and subject.status != 200:
        why = "closed" if subject.status in BLOCKED else "not there"
        message = f"the picture is {why}: the server answers {subject.status}"
        yield Fault(message, subject.at(), "publish it, or correct the address")


@rule("ART-017", "two-covers", "warn", needs=("bytes",))
def two_covers(subject: ArtView) -> Iterator[Fault]:
    """Old readers show the channel's image, apps itunes:image; a listener should know the show by either.

    Bad: the logo of last year in image, the new one in itunes:image
    Good: one picture in both
    Source: practice of readers and apps.
    """
    rival = subject.rival
    if rival is not None and rival.data and subject.picture.is_usable:
        from publisher.audio.artwork import are_alike  # as above

        if not are_alike(subject.picture, rival.picture):
            yield Fault("image and itunes:image show two pictures", rival.at(), "name one picture in both")


def _told(what: str) -> str:
    return what if what.startswith("where") else f"that it was taken with {what!r}"
