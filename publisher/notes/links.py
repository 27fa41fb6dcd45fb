"""Show notes in Markdown to the links in them, each with its place and the resource that it names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pyromark
from pyromark import event as parsed

from publisher.errors import Place
from publisher.model import Episode, Resource
from publisher.notes.markdown import find_resource, leads_somewhere

_NAMED = "\x1f"


@dataclass(frozen=True, slots=True)
class NotesLink:
    """One link or picture of the notes; `resource` is the id, where it leads to an entry of the catalogue."""

    address: str
    place: Place
    resource: str | None = None


def find_links(episode: Episode, catalogue: Mapping[str, Resource]) -> tuple[NotesLink, ...]:
    """Return every link that leads to the web, in the order of the text."""

    def resolve(link: parsed.BrokenLink) -> tuple[str, str] | None:
        resource = find_resource(link["reference"], catalogue)
        return (resource.url, _NAMED + resource.id) if resource else None

    source = episode.notes.encode()
    found: list[NotesLink] = []
    for event, span in pyromark.events_with_range(episode.notes, broken_link_callback=resolve):
        tag = event.get("Start") if isinstance(event, dict) else None
        link = (tag.get("Link") or tag.get("Image")) if isinstance(tag, dict) else None
        if not link or link["link_type"] == "Email" or not leads_somewhere(link["dest_url"]):
            continue
        address, title = link["dest_url"], link["title"]
        if address.casefold().startswith("mailto:"):
            continue
        before = source[: span["start"]].decode()
        line, column = episode.notes_line + before.count("\n"), len(before) - before.rfind("\n")
        named = title.removeprefix(_NAMED) if title.startswith(_NAMED) else None
        found.append(NotesLink(address, Place(episode.source.file, line, column), named))
    return tuple(found)
