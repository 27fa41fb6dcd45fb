"""`episodes/resources.yaml` into the catalogue of resources."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from publisher.errors import Problem, SourceError
from publisher.model import Resource
from publisher.source import schemas
from publisher.source.document import Document, read_text
from publisher.source.frontmatter import parse_yaml
from publisher.source.validation import by_place, validate

CATALOGUE_FILE = "episodes/resources.yaml"
_LIMIT_BYTES = 4 * 1024 * 1024

Catalogue = Mapping[str, Resource]


def load_catalogue(root: Path) -> Catalogue:
    """Read and check the catalogue; a show without one has an empty catalogue.

    Raises:
        SourceError: every problem of the file.
    """
    path = root / CATALOGUE_FILE
    if not path.exists():
        return MappingProxyType({})
    document = parse_yaml(read_text(path, CATALOGUE_FILE, limit_bytes=_LIMIT_BYTES), CATALOGUE_FILE)
    resources: dict[str, Resource] = {}
    problems: list[Problem] = []
    for identifier, part in document.parts().items():
        try:
            resources[identifier] = _resource(identifier, part)
        except SourceError as error:
            problems.extend(error.problems)
    if problems:
        raise SourceError(tuple(sorted(problems, key=by_place)))
    return MappingProxyType(resources)


def _resource(identifier: str, part: Document) -> Resource:
    key_place = part.place_of(())
    if not schemas.is_identifier(identifier):
        hint = "lower-case letters, digits and dashes, such as whole-child-policy-toolkit"
        raise SourceError((Problem(f"`{identifier}` cannot be an id", key_place, hint),))
    entry = validate(schemas.ResourceEntry, part)
    return Resource(
        id=identifier,
        title=entry.title,
        url=entry.url,
        by=entry.by,
        publisher=entry.publisher,
        kind=entry.kind,
        languages=tuple(entry.languages),
        description=entry.description,
        format=entry.format,
        verified_on=entry.verified_on,
        archived_url=entry.archived_url,
    )
