"""Entries of the catalogue to what readers see of them: title, address, by whom, format if it is no page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from publisher.model import Catalogue, Resource

_PAGES = frozenset({"", "html", "htm", "xhtml", "page", "web", "web page", "webpage", "website", "text/html"})
_HEARD_OR_SEEN = frozenset({"audio", "podcast", "video"})
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
    by: tuple[str, ...]
    format: str


def listed(resources: Iterable[Resource]) -> tuple[Listed, ...]:
    """Turn resources into lines, in their order, each once."""
    unique = {resource.id: resource for resource in resources}
    return tuple(
        Listed(each.title, each.address, tuple(map(str, each.credits)), format_mark(each))
        for each in unique.values()
    )


def copies_of(catalogue: Mapping[str, Resource]) -> Mapping[str, str]:
    """Return the archived copies of addresses in the notes that are gone."""
    return catalogue.copies if isinstance(catalogue, Catalogue) else {}


def format_mark(resource: Resource) -> str:
    """Return what readers have to know before they follow a link: its format, and whether it is a copy."""
    mark = format_of(resource)
    if not resource.is_archived:
        return mark
    return f"{mark}, {ARCHIVED_COPY}" if mark else ARCHIVED_COPY


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
    return mark or (resource.kind.casefold() if resource.kind.casefold() in _HEARD_OR_SEEN else "")


def say_format(text: str, mark: str) -> str:
    """Append the format to a link's text unless the text says it already."""
    return f"{text} ({mark})" if mark and mark.casefold() not in text.casefold() else text
