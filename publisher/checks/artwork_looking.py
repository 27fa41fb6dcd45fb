"""Rules on pictures that need eyes, or hold by how this tool works: the group ART."""

# ruff: noqa: D205, D401 - a rule's docstring is its documentation, written for people

from __future__ import annotations

from collections.abc import Iterator

from publisher.checks.engine import Fault, checklist, rule
from publisher.checks.views import ChannelView, ItemView

_WIDE = {"16/9", "16:9", "16x9"}


@checklist("ART-012", "art-changed-in-place", "error", kept=True)
def art_changed_in_place() -> None:
    """Apple loads a picture once: a new one under the old name is never seen. Here, names carry a digest.

    Bad: another picture at `covers/cover.jpg`
    Good: another picture at `covers/cover-1a2b3c4d.jpg`
    Source: Apple, A Podcaster's Guide to RSS.
    """


@checklist("ART-014", "art-own", "warn")
def art_own() -> None:
    """The cover is sharp, the show's own, and shows no mark of Apple's: no placeholder, nothing blown up.

    Bad: the host's default picture; an Apple logo in the corner
    Good: a picture made for this show
    Source: Apple, Artwork requirements.
    """


@checklist("ART-015", "art-lower-fifth", "warn")
def art_lower_fifth() -> None:
    """Apps lay buttons over the lowest fifth of a cover: title and faces belong above.

    Bad: the title along the lower edge
    Good: the title in the upper half
    Source: Apple, Artwork requirements.
    """


@checklist("ART-016", "art-legible", "warn")
def art_legible() -> None:
    """Text on a cover keeps a contrast of 4.5 to 1 and can be read when it is 55 pixels wide.

    Bad: a thin subtitle in grey on blue
    Good: few, large words; `publisher preview` shows the page as a phone does
    Source: WCAG 2.1, 1.4.3 Contrast.
    """


@rule("ART-018", "wide-art-small", "warn", "youtube", when=("podcast:image",))
def wide_art_small(subject: ChannelView | ItemView, *, pixels: int = 1280) -> Iterator[Fault]:
    """YouTube shows a wide picture; one that is offered must have 1280 × 720. Whether one was uploaded at
    YouTube itself no feed tells: that there is none is not complained about.

    Bad: `<podcast:image aspect-ratio="16/9" width="640" …/>`
    Good: `<podcast:image aspect-ratio="16/9" width="1920" …/>`
    Source: YouTube, Podcasts by RSS.
    """
    for image in subject.all("podcast:image"):
        width = image.get("width")
        if (
            image.get("aspect-ratio").replace(" ", "") in _WIDE
            and width.isdecimal()
            and int(width[:9]) < pixels
        ):
            place = subject.at(image, "width")
            yield Fault(f"the wide picture is {width} pixels wide", place, f"offer one of {pixels} or more")
