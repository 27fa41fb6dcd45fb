"""The resources of episodes, or of the show, to a list for teachers: to print, to read, or to cite from."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Literal

from publisher.building.coming import reached
from publisher.building.reading import read_episode
from publisher.building.workshop import Workshop, open_workshop
from publisher.editions import catalogue_in, editions_of, episode_in, is_same_language, show_in
from publisher.episodes.folders import find_folders, find_slug
from publisher.model import Episode, Resource, Show
from publisher.notes.links import find_links
from publisher.notes.resources import format_mark, reader_marks
from publisher.resources.bibtex import bibtex
from publisher.resources.csl import csl_json
from publisher.site import episode_key
from publisher.translations import Words

Form = Literal["csl", "bibtex", "html", "text"]


@dataclass(frozen=True, slots=True)
class Reading:
    """One entry as readers see it: names and languages in their own language, addresses to type off paper."""

    title: str
    by: str
    publisher: str
    description: str
    format: str
    url: str
    shown_url: str
    languages: str
    licence: str
    isbn: str
    doi: str


@dataclass(frozen=True, slots=True)
class Chapter:
    """The resources of one episode, or with an empty `title` those of the whole show."""

    title: str
    summary: str
    page_url: str
    readings: tuple[Reading, ...]


def reading_list(root: Path, slugs: tuple[str, ...], form: Form, now: datetime, language: str = "") -> str:
    """Return the resources in one of the forms; without `slugs` the whole catalogue.

    An episode's resources are those it lists, and after them those that only its notes link. For citations,
    every resource comes once.

    Raises:
        UsageError: there is no such episode.
        SourceError: every problem of the files.
    """
    workshop = open_workshop(root, reached(root, now))
    known = find_folders(root)
    episodes = [read_episode(workshop, find_slug(slug, known)) for slug in dict.fromkeys(slugs)]
    if form in ("csl", "bibtex"):
        found = {each.id: each for episode in episodes for each in resources_of(workshop, episode)}
        resources = found.values() if episodes else workshop.catalogue.values()
        return csl_json(resources) if form == "csl" else bibtex(resources)
    show = show_in(workshop.show, language or workshop.show.language)
    words = workshop.templates.words(language or show.language)
    workshop = replace(workshop, catalogue=catalogue_in(workshop.catalogue, words.region))
    chapters = [
        _chapter(workshop, episode_in(each, words.region, workshop.catalogue), words) for each in episodes
    ]
    if not episodes:
        everything = tuple(_reading(each, words) for each in workshop.catalogue.values())
        chapters = [Chapter("", "", "", everything)]
    return _render(workshop, show, chapters, form, words)


def resources_of(workshop: Workshop, episode: Episode) -> tuple[Resource, ...]:
    """Return what an episode lists, and after it what only its notes link, each once and in order."""
    named = [link.resource for link in find_links(episode, workshop.catalogue) if link.resource]
    linked = {identifier: workshop.catalogue[identifier] for identifier in named}
    return tuple({**{each.id: each for each in episode.resources}, **linked}.values())


def _chapter(workshop: Workshop, episode: Episode, words: Words) -> Chapter:
    resources = resources_of(workshop, episode)
    editions = (each for each in editions_of(workshop.show) if is_same_language(each.language, words.region))
    prefix = next((each.prefix for each in editions), "")
    page_url = f"{workshop.show.base_url}{prefix}{episode_key(episode.slug)}"
    return Chapter(
        episode.title, episode.summary, page_url, tuple(_reading(resource, words) for resource in resources)
    )


def _reading(resource: Resource, words: Words) -> Reading:
    is_own = all(is_same_language(tag, words.region) for tag in resource.languages)
    return Reading(
        title=resource.title,
        by=words.listed(map(str, resource.credits)),
        publisher=(resource.publisher or "") if resource.publisher != resource.title else "",
        description=resource.description or "",
        format=format_mark(resource, reader_marks(words)),
        url=resource.address,
        shown_url=_to_type(resource.address),
        languages="" if is_own else words.listed(map(words.language_name, resource.languages)),
        licence=resource.licence or "",
        isbn=resource.isbn or "",
        doi=resource.doi or "",
    )


def _to_type(address: str) -> str:
    """Shorten an address to what has to be typed off paper."""
    host = address.removeprefix("https://")
    return host.removesuffix("/") if host.count("/") == 1 and not address.startswith("http://") else host


def _render(workshop: Workshop, show: Show, chapters: list[Chapter], form: Form, words: Words) -> str:
    templates = workshop.templates
    name, style = "reading-list.txt", ""
    if form == "html":
        name, style = "reading-list.html", templates.text("reading-list.css")
    rendered = templates.render(name, language=words.region, show=show, chapters=chapters, style=style)
    return f"{rendered.strip()}\n"
