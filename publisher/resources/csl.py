"""Resources to CSL JSON, the form in which reference managers take works up (CSL 1.0.2)."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from publisher.model import Author, Resource

_TYPES = {
    "article": "article",
    "audio": "song",
    "book": "book",
    "chapter": "chapter",
    "dataset": "dataset",
    "document": "document",
    "journal article": "article-journal",
    "law": "legislation",
    "magazine article": "article-magazine",
    "newspaper article": "article-newspaper",
    "paper": "article",
    "podcast": "broadcast",
    "report": "report",
    "software": "software",
    "speech": "speech",
    "thesis": "thesis",
    "tool": "software",
    "video": "motion_picture",
}
"""What a kind is in CSL; all others are pages of the web."""


def csl_json(resources: Iterable[Resource]) -> str:
    """Return a list of items, in their order."""
    items = [_item(resource) for resource in resources]
    return json.dumps(items, ensure_ascii=False, indent=2) + "\n"


def _item(resource: Resource) -> dict[str, Any]:
    verified = resource.verified_on
    item = {
        "id": resource.id,
        "type": _TYPES.get(resource.kind.casefold(), "webpage"),
        "title": resource.title,
        "author": [_name(author) for author in resource.credits],
        "publisher": resource.publisher,
        "URL": resource.address,
        "accessed": {"date-parts": [[verified.year, verified.month, verified.day]]} if verified else None,
        "language": ", ".join(resource.languages),
        "ISBN": resource.isbn,
        "DOI": resource.doi,
        "abstract": resource.description,
        "medium": resource.format,
        "archive_location": resource.archived_url,
        "custom": {"licence": resource.licence} if resource.licence else None,
    }
    return {name: value for name, value in item.items() if value}


def _name(author: Author) -> dict[str, str]:
    return {"family": author.name, "given": author.given} if author.given else {"literal": author.name}
