"""The catalogue and the episodes to every address that readers can follow, each with all its places."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from publisher.config import load_show
from publisher.editions import episode_in
from publisher.episodes import field_place, load_episode
from publisher.episodes.folders import find_folders, find_slug
from publisher.errors import Place, Problem, SourceError
from publisher.model import Catalogue, Episode, Resource
from publisher.notes.links import find_links
from publisher.notes.resources import format_of
from publisher.resources import load_catalogue, resource_places


@dataclass(frozen=True, slots=True)
class Link:
    """One address with everything that stands for it; `format` is what readers are told that it is."""

    address: str
    places: tuple[Place, ...]
    format: str = ""
    resources: tuple[str, ...] = ()


def gather(root: Path, slugs: Iterable[str] = ()) -> tuple[Link, ...]:
    """Return the links of the whole show, or of some episodes, in the order in which they were found.

    Raises:
        UsageError: there is no such episode.
        SourceError: every problem of the files.
    """
    show, catalogue, known = load_show(root), load_catalogue(root), find_folders(root)
    wanted = [find_slug(slug, known) for slug in slugs]
    collection = _Collection(catalogue, resource_places(root))
    if not wanted:
        for resource in catalogue.values():
            collection.add_resource(resource)
    problems: list[Problem] = []
    for slug in wanted or known:
        try:
            episode = load_episode(root, slug, show, catalogue)
        except SourceError as error:
            problems.extend(error.problems)
            continue
        collection.add_episode(episode)
        for index, chapter in enumerate(episode.chapters):
            if chapter.url:
                collection.add(chapter.url, field_place(root, slug, "chapters", index, "url"))
    if problems:
        raise SourceError(tuple(problems))
    return collection.links()


class _Collection:
    """Links by their address, in the order in which they came."""

    def __init__(self, catalogue: Catalogue, places: dict[tuple[str, str], Place]) -> None:
        self.catalogue = catalogue
        self.resource_places = places
        self.places: dict[str, dict[Place, None]] = {}
        self.formats: dict[str, str] = {}
        self.resources: dict[str, dict[str, None]] = {}

    def add(self, address: str, place: Place) -> None:
        self.places.setdefault(address, {})[place] = None

    def add_resource(self, resource: Resource) -> None:
        self.add(resource.url, self.resource_places[resource.id, ""])
        for each in resource.translations:
            if each.url:
                self.add(each.url, self.resource_places[resource.id, each.language])
        self.formats[resource.url] = self.formats.get(resource.url) or format_of(resource)
        self.resources.setdefault(resource.url, {})[resource.id] = None

    def add_episode(self, episode: Episode) -> None:
        for resource in episode.resources:
            self.add_resource(resource)
        editions = (episode_in(episode, each.language) for each in episode.translations if each.notes)
        for edition in (episode, *editions):
            for link in find_links(edition, self.catalogue):
                if link.resource:
                    self.add_resource(self.catalogue[link.resource])
                self.add(link.address, link.place)

    def links(self) -> tuple[Link, ...]:
        return tuple(
            Link(
                address,
                tuple(places),
                self.formats.get(address) or format_of(Resource("", "", address)),
                tuple(self.resources.get(address, ())),
            )
            for address, places in self.places.items()
        )
