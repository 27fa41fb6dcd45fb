"""What is said about a show or episode besides itself: people, resources, places, terms."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
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
class Resource:
    """One entry of the catalogue: something worth linking from many episodes."""

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


@dataclass(frozen=True, slots=True)
class Chapter:
    """A named stretch of the episode, from `start_ms` to the next chapter's start."""

    start_ms: int
    title: str
    url: str | None = None
    image: str | None = None
    toc: bool = True


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
    """Something said wrongly, and what is right; shown, never hidden."""

    date: date
    text: str
