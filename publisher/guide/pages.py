"""A guide into a page to print or plain text."""

from __future__ import annotations

from typing import Any, Literal

from publisher.guide.agenda import Stretch
from publisher.guide.content import Guide
from publisher.templates import Templates
from publisher.timecodes import format_clock

Paper = Literal["letter", "a4"]


def render_page(guide: Guide, templates: Templates, *, paper: Paper) -> str:
    """Render the guide as one HTML document that needs no other file.

    Raises:
        SourceError: a template of the show has a mistake.
    """
    style = templates.text("guide.css")
    return templates.render("guide.html", language=guide.language, **_values(guide), paper=paper, style=style)


def render_text(guide: Guide, templates: Templates) -> str:
    """Render the guide as plain text, every address visible.

    Raises:
        SourceError: a template of the show has a mistake.
    """
    return templates.render("guide.txt", language=guide.language, **_values(guide))


def _values(guide: Guide) -> dict[str, Any]:
    return {
        "guide": guide,
        "show": guide.show,
        "original": guide.original,
        "stretches": [_stretch(each) for each in guide.stretches],
        "agendas": [
            {"agenda": each, "stretches": [_stretch(stretch) for stretch in each.stretches]}
            for each in guide.agendas
        ],
    }


def _stretch(stretch: Stretch) -> dict[str, Any]:
    seconds = (stretch.length_ms + 500) // 1000
    return {
        "episode": stretch.episode,
        "title": stretch.title,
        "start": format_clock(stretch.start_ms),
        "end": format_clock(stretch.end_ms),
        "length": f"{seconds // 60}:{seconds % 60:02}",
        "is_marked": stretch.is_marked,
    }
