"""Entries of the catalogue to what readers see of them: title, address, by whom, format if it is no page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import urlsplit

from publisher.model import Catalogue, Resource
from publisher.translations import Words

_PAGES = frozenset({"", "html", "htm", "xhtml", "page", "web", "web page", "webpage", "website", "text/html"})
_HEARD_OR_SEEN = {"audio": "audio", "podcast": "audio", "video": "video"}
_FORMATS = {
    "application/pdf": "PDF",
    "csv": "CSV",
    "doc": "Word",
    "docx": "Word",
    "epub": "EPUB",
    "m4a": "audio",
    "mp3": "audio",
    "mp4": "video",
    "odt": "OpenDocument text",
    "pdf": "PDF",
    "ppt": "PowerPoint",
    "pptx": "PowerPoint",
    "rtf": "RTF",
    "xls": "Excel",
    "xlsx": "Excel",
    "zip": "ZIP",
}

ARCHIVED_COPY = "archived copy"


@dataclass(frozen=True, slots=True)
class Listed:
    """One line of the list of resources; `url` is where readers are sent, to an archived copy perhaps."""

    title: str
    url: str
    by: str
    format: str


def listed(resources: Iterable[Resource], words: Words | None = None) -> tuple[Listed, ...]:
    """Turn resources into lines, in their order, each once, in the words of a language or English."""
    unique = {resource.id: resource for resource in resources}
    marks = reader_marks(words) if words else {}
    return tuple(
        Listed(each.title, each.address, _names(each, words), format_mark(each, marks))
        for each in unique.values()
    )


def _names(resource: Resource, words: Words | None) -> str:
    return words.listed(map(str, resource.credits)) if words else resource.by or ""


def copies_of(catalogue: Mapping[str, Resource]) -> Mapping[str, str]:
    """Return the archived copies of addresses in the notes that are gone."""
    return catalogue.copies if isinstance(catalogue, Catalogue) else {}


def marks_of(catalogue: Mapping[str, Resource]) -> Mapping[str, str]:
    """Return what the marks behind links are in the catalogue's language."""
    return catalogue.marks if isinstance(catalogue, Catalogue) else {}


def reader_marks(words: Words) -> dict[str, str]:
    """Return the marks that are words of the tool's own, in a language; PDF is the same in all."""
    return {
        "archived copy": words.text("archived copy"),
        "audio": words.text("audio"),
        "video": words.text("video"),
    }


def format_mark(resource: Resource, marks: Mapping[str, str] | None = None) -> str:
    """Return what readers have to know before they follow a link: its format, and whether it is a copy."""
    found = _marks(resource)
    return ", ".join([(marks or {}).get(mark, mark) for mark in found]) if found else ""


@lru_cache(maxsize=4_096)
def _marks(resource: Resource) -> tuple[str, ...]:
    return tuple(filter(None, (format_of(resource), ARCHIVED_COPY if resource.is_archived else "")))


def format_of(resource: Resource) -> str:
    """Return the format to warn readers of (`PDF`), or nothing when the address leads to a page."""
    if resource.format is not None:
        written = resource.format.strip()
        return "" if written.casefold() in _PAGES else _FORMATS.get(written.casefold(), written)
    try:
        path = urlsplit(resource.url).path
    except ValueError:
        return ""
    name, dot, suffix = path.rpartition("/")[2].rpartition(".")
    mark = _FORMATS.get(suffix.casefold(), "") if name and dot else ""
    return mark or _HEARD_OR_SEEN.get(resource.kind.casefold(), "")


def say_format(text: str, mark: str) -> str:
    """Append the format to a link's text unless the text says it already."""
    return f"{text} ({mark})" if mark and mark.casefold() not in text.casefold() else text
