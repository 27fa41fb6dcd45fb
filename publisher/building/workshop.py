"""What is true for a whole show into the place where its episodes are made, in each of its languages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from publisher.audio.cover import check_cover
from publisher.building.artifacts import BUILD_FOLDER, named_by_digest
from publisher.building.memory import Output
from publisher.config import load_show, show_place
from publisher.editions import catalogue_in, editions_of, episode_in, is_same_language, show_in
from publisher.errors import Problem, SourceError, UsageError
from publisher.files import digest_bytes, digest_file, write_if_changed
from publisher.model import (
    Catalogue,
    Edition,
    Episode,
    FeedSettings,
    Show,
)
from publisher.notes.resources import reader_marks
from publisher.resources import load_catalogue
from publisher.site import episode_key
from publisher.templates import Templates, read_templates
from publisher.translations import SOURCE_LANGUAGE
from publisher.withdrawn import Withdrawn, load_withdrawn

TEMPLATES_FOLDER = "templates"


@dataclass(frozen=True, slots=True)
class Workshop:
    """What every episode is made with: the show and its catalogue, the templates, the time."""

    root: Path
    show: Show
    catalogue: Catalogue
    templates: Templates
    cover: Output
    now: datetime
    edition: Edition
    """The language in which things are made here."""
    withdrawn: Mapping[str, Withdrawn] = field(default_factory=dict)
    writes: bool = True
    """Whether sidecars and pages are written to `build/`; comparing feeds needs only their digests."""


def open_workshop(root: Path, now: datetime) -> Workshop:
    """Read what is true for the whole show.

    Raises:
        SourceError: every problem of `show.toml`, the catalogue and the templates.
    """
    problems: list[Problem] = []
    try:
        show = load_show(root)
    except SourceError as error:
        problems.extend(error.problems)
    try:
        catalogue = load_catalogue(root)
    except SourceError as error:
        problems.extend(error.problems)
    try:
        templates = read_templates(root / TEMPLATES_FOLDER)
    except SourceError as error:
        problems.extend(error.problems)
    try:
        withdrawn = load_withdrawn(root)
    except SourceError as error:
        problems.extend(error.problems)
    problems = problems or [*check_cover(show.cover, show_place(root, "show", "cover"))]
    if problems:
        raise SourceError(tuple(problems))
    cover = cover_output(root, show.cover, "cover")
    catalogue = _marked(catalogue, templates, show.language)
    return Workshop(root, show, catalogue, templates, cover, now, editions_of(show)[0], withdrawn)


def _marked(catalogue: Catalogue, templates: Templates, language: str) -> Catalogue:
    """Let links say in the readers' language what they lead to."""
    marks = reader_marks(templates.words(language))
    return catalogue if catalogue.marks == marks else replace(catalogue, marks=marks)


def workshops(workshop: Workshop) -> tuple[Workshop, ...]:
    """Return a workshop for each language that the show comes out in, its own first."""
    return (workshop, *(workshop_in(workshop, tag) for tag, _ in workshop.edition.others))


def say(workshop: Workshop, episode: Episode) -> Episode:
    """Return an episode in the language in which things are made here."""
    edition = workshop.edition
    if is_same_language(edition.language, edition.original):
        return episode
    return episode_in(episode, edition.language, workshop.catalogue)


def speaks(workshop: Workshop, language: str) -> bool:
    """Tell whether the tool's own words are there in a language."""
    return is_same_language(workshop.templates.words(language).language, language)


def wordless(workshop: Workshop, language: str) -> UsageError:
    """Return what to say of a language that somebody asked for and the tool has no words in."""
    there = ", ".join(sorted({SOURCE_LANGUAGE, *workshop.templates.catalogues}))
    hint = f"there are {there}; add templates/locales/{language}/LC_MESSAGES/publisher.po"
    return UsageError(f"there are no words in `{language}`", hint=hint)


def workshop_in(workshop: Workshop, language: str) -> Workshop:
    """Return the workshop where things are made in a language, whether or not the show comes out in it."""
    if is_same_language(language, workshop.edition.language):
        return workshop
    own = Edition(language, original=workshop.show.language)
    fitting = (each for each in editions_of(workshop.show) if is_same_language(each.language, language))
    return replace(
        workshop,
        edition=next(fitting, own),
        show=show_in(workshop.show, language),
        catalogue=_marked(catalogue_in(workshop.catalogue, language), workshop.templates, language),
    )


def write_output(workshop: Workshop, key: str, data: bytes, *, sha256: str | None = None) -> Output:
    """Write a made file below `build/` unless it is there already."""
    if workshop.writes:
        write_if_changed(f"{workshop.root}/{BUILD_FOLDER}/{key}", data, durable=False)
    return Output(key, sha256 or digest_bytes(data), len(data))


def cover_output(root: Path, cover: Path, name: str) -> Output:
    """Return the output for a picture that is published as it is."""
    digest = digest_file(cover)
    suffix = ".png" if cover.suffix.lower() == ".png" else ".jpg"
    key = named_by_digest("covers", name, suffix, digest)
    return Output(key, digest, cover.stat().st_size, cover.relative_to(root).as_posix())


def own_feed(workshop: Workshop) -> FeedSettings:
    """Return the feed of the language in which things are made here; the first, where there is none."""
    feeds = workshop.show.feeds
    fitting = (feed for feed in feeds if is_same_language(feed.language, workshop.edition.language))
    return next(fitting, feeds[0])


def page_url(workshop: Workshop, episode: Episode) -> str:
    """Return the address of an episode's page."""
    return f"{workshop.show.base_url}{workshop.edition.prefix}{episode_key(episode.slug)}"
