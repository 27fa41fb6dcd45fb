"""What is said about a show or episode besides itself: people, resources, places, terms, waivers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Literal


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody heard or named; `role` and `group` are the Podcast Taxonomy's, in lower case."""

    id: str
    name: str
    role: str = "guest"
    group: str = "cast"
    href: str | None = None
    img: str | None = None


@dataclass(frozen=True, slots=True)
class Author:
    """Somebody whom a resource is by; `given` only where the catalogue tells the parts of a name apart."""

    name: str
    given: str | None = None

    def __str__(self) -> str:
        """Write the name as a sentence does."""
        return f"{self.given} {self.name}" if self.given else self.name


@dataclass(frozen=True, slots=True)
class ResourceTranslation:
    """A resource for readers of one more language: its own address there, or only its name."""

    language: str
    title: str | None = None
    url: str | None = None
    description: str | None = None


@dataclass(frozen=True, slots=True)
class Resource:
    """One entry of the catalogue: something worth linking from many episodes.

    `by` names everybody it is by as a sentence does, `authors` one by one. `is_gone` tells that the address
    itself was found dead.
    """

    id: str
    title: str
    url: str
    by: str | None = None
    publisher: str | None = None
    kind: str = "web page"
    languages: tuple[str, ...] = ()
    description: str | None = None
    format: str | None = None
    verified_on: date | None = None
    archived_url: str | None = None
    authors: tuple[Author, ...] = ()
    licence: str | None = None
    isbn: str | None = None
    doi: str | None = None
    is_gone: bool = False
    translations: tuple[ResourceTranslation, ...] = ()

    @property
    def credits(self) -> tuple[Author, ...]:
        """Return everybody it is by, also where only a sentence says so."""
        return self.authors or ((Author(self.by),) if self.by else ())

    @property
    def is_archived(self) -> bool:
        """Whether readers are sent to the archived copy."""
        return self.is_gone and self.archived_url is not None

    @property
    def address(self) -> str:
        """Where readers are sent: to the archived copy, if there is one, once the original is gone."""
        return self.archived_url if self.is_gone and self.archived_url else self.url


@dataclass(frozen=True, eq=False)
class Catalogue(Mapping[str, Resource]):
    """All resources by their id, in the order of the file.

    `copies` leads from addresses in the notes that are gone to archived copies of them, `marks` from what is
    said behind a link (English) to what readers of the catalogue's language are told.
    """

    resources: Mapping[str, Resource] = field(default_factory=dict)
    copies: Mapping[str, str] = field(default_factory=dict)
    marks: Mapping[str, str] = field(default_factory=dict)

    def __getitem__(self, identifier: str) -> Resource:
        return self.resources[identifier]

    def __iter__(self) -> Iterator[str]:
        return iter(self.resources)

    def __len__(self) -> int:
        return len(self.resources)


@dataclass(frozen=True, slots=True)
class Chapter:
    """A named stretch of the episode, from `start_ms` to the next chapter's start.

    `image` is an address, or as the author wrote it the name of a file, which `picture` is the path of then.
    """

    start_ms: int
    title: str
    url: str | None = None
    image: str | None = None
    toc: bool = True
    picture: Path | None = None


@dataclass(frozen=True, slots=True)
class Soundbite:
    """A short passage worth playing on its own (podcast:soundbite)."""

    start_ms: int
    duration_ms: int
    title: str = ""


@dataclass(frozen=True, slots=True)
class Location:
    """Where the show or episode is about or made (podcast:location, as revised in 2025)."""

    name: str
    geo: str | None = None
    osm: str | None = None
    country: str | None = None
    rel: Literal["subject", "creator"] | None = None


@dataclass(frozen=True, slots=True)
class Licence:
    """A licence identifier, with its address when it is a custom one (podcast:license)."""

    identifier: str
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Funding:
    """A page where listeners can support the show (podcast:funding)."""

    url: str
    text: str


@dataclass(frozen=True, slots=True)
class Txt:
    """A free text for machines (podcast:txt)."""

    text: str
    purpose: str | None = None


@dataclass(frozen=True, slots=True)
class UpdateFrequency:
    """How often episodes come (podcast:updateFrequency); `rrule` in RFC 5545 form."""

    text: str
    rrule: str | None = None
    dtstart: str | None = None
    complete: bool = False


@dataclass(frozen=True, slots=True)
class Correction:
    """Something said wrongly, and what is right; shown, never hidden. `at_ms` is where it is heard."""

    date: date
    text: str
    at_ms: int | None = None


@dataclass(frozen=True, slots=True)
class Waiver:
    """A finding that is accepted, with its reason, until a day when given."""

    rule: str
    reason: str
    until: date | None = None
