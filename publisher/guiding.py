"""The sources of one or several episodes into a guide for a conversation, as a page, a PDF or text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal

from publisher.announce.titles import common_title
from publisher.building.coming import reached
from publisher.building.making import item_of, make_notes
from publisher.building.reading import hear
from publisher.building.workshop import Workshop, open_workshop, speaks, wordless, workshop_in
from publisher.episodes.folders import find_folders, find_slug
from publisher.guide.content import compose
from publisher.guide.pages import Paper, render_page, render_text
from publisher.model import Item

Form = Literal["html", "pdf", "text"]


@dataclass(frozen=True, slots=True)
class GuideRequest:
    """Which episodes a guide is for, in which form and language, on which paper."""

    root: Path
    episodes: tuple[str, ...]
    now: datetime
    form: Form = "html"
    paper: Paper = "letter"
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Guided:
    """A finished guide: its bytes, and what is missing from it, in words."""

    title: str
    slugs: tuple[str, ...]
    language: str
    data: bytes
    remarks: tuple[str, ...] = ()


def make_guide(request: GuideRequest) -> Guided:
    """Make the guide.

    Raises:
        UsageError: there is no such episode, or there are no words in the language.
        SourceError: every problem of the files; an episode has no finished audio.
        SurroundingsError: a PDF is wanted, and WeasyPrint is not there.
    """
    known = find_folders(request.root)
    slugs = tuple(dict.fromkeys(find_slug(name, known) for name in request.episodes))
    workshop = open_workshop(request.root, reached(request.root, request.now))
    language = request.language or workshop.show.language
    if not speaks(workshop, language):
        raise wordless(workshop, language)
    place = workshop_in(workshop, language)
    items = sorted((_item(workshop, place, slug) for slug in slugs), key=lambda item: item.episode.date)
    words = workshop.templates.words(language)
    guide = compose(
        place.show,
        items,
        words,
        title=common_title([item.episode.title for item in items], words),
        language=language,
        original=workshop.show.language,
    )
    if request.form == "text":
        data = render_text(guide, workshop.templates).encode()
    else:
        html = render_page(guide, workshop.templates, paper=request.paper)
        data = _as_pdf(html) if request.form == "pdf" else html.encode()
    return Guided(guide.title, tuple(item.episode.slug for item in items), language, data, _remarks(items))


def _item(workshop: Workshop, place: Workshop, slug: str) -> Item:
    episode, enclosure = hear(workshop, place, slug)
    return item_of(place, episode, enclosure, {}, make_notes(place, episode))


def _as_pdf(html: str) -> bytes:
    from publisher.guide.paper import print_pdf  # an extra

    return print_pdf(html)


def _remarks(items: Sequence[Item]) -> tuple[str, ...]:
    remarks = []
    if not any(item.episode.questions for item in items):
        remarks.append("there are no questions in it; write some in episode.md as `questions:`")
    for item in items:
        if not item.episode.chapters:
            remarks.append(f"{item.episode.slug} has no chapters, so the guide offers it as a whole")
        if item.episode.untranslated:
            missing = ", ".join(item.episode.untranslated)
            remarks.append(f"{item.episode.slug} is not translated in full: {missing}")
    return tuple(remarks)
