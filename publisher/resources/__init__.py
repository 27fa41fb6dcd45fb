"""`episodes/resources.yaml`, and what is known of its links, into the catalogue of resources."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from publisher.errors import Place, Problem, SourceError
from publisher.model import Author, Catalogue, Resource, ResourceTranslation
from publisher.resources.record import Record, read_record
from publisher.source import schemas
from publisher.source.document import Document, read_text
from publisher.source.frontmatter import parse_yaml
from publisher.source.validation import by_place, validate

CATALOGUE_FILE = "episodes/resources.yaml"
_LIMIT_BYTES = 4 * 1024 * 1024


def load_catalogue(root: Path) -> Catalogue:
    """Read and check the catalogue; a show without one has an empty catalogue.

    Raises:
        SourceError: every problem of the file, and of the record of its links.
    """
    path = root / CATALOGUE_FILE
    record = read_record(root)
    copies = {
        address: known.archived_url
        for address, known in record.items()
        if known.is_gone and known.archived_url
    }
    return Catalogue(_read(path, record) if path.exists() else {}, copies)


def resource_places(root: Path) -> dict[tuple[str, str], Place]:
    """Return where the address of each resource stands in each language, its own being the empty one.

    The catalogue has to be sound.
    """
    path = root / CATALOGUE_FILE
    if not path.exists():
        return {}
    document = parse_yaml(read_text(path, CATALOGUE_FILE, limit_bytes=_LIMIT_BYTES), CATALOGUE_FILE)
    return {
        (identifier, language): document.place_of((identifier, *way, "url"))
        for identifier, entry in document.data.items()
        for language, way in (
            ("", ()),
            *((tag, ("translations", tag)) for tag in entry.get("translations") or ()),
        )
    }


def _read(path: Path, record: Record) -> dict[str, Resource]:
    document = parse_yaml(read_text(path, CATALOGUE_FILE, limit_bytes=_LIMIT_BYTES), CATALOGUE_FILE)
    resources: dict[str, Resource] = {}
    problems: list[Problem] = []
    for identifier, part in document.parts().items():
        try:
            resource = _resource(identifier, part)
        except SourceError as error:
            problems.extend(error.problems)
            continue
        known = record.get(resource.url)
        resources[identifier] = replace(resource, is_gone=True) if known and known.is_gone else resource
    if problems:
        raise SourceError(tuple(sorted(problems, key=by_place)))
    return resources


def _resource(identifier: str, part: Document) -> Resource:
    key_place = part.place_of(())
    if not schemas.is_identifier(identifier):
        hint = "lower-case letters, digits and dashes, such as whole-child-policy-toolkit"
        raise SourceError((Problem(f"`{identifier}` cannot be an id", key_place, hint),))
    entry = validate(schemas.ResourceEntry, part)
    authors = tuple(Author(each.name or each.family or "", each.given) for each in entry.by)
    return Resource(
        id=identifier,
        title=entry.title,
        url=entry.url,
        by=in_a_sentence(authors),
        publisher=entry.publisher,
        kind=entry.kind,
        languages=tuple(entry.languages),
        description=entry.description,
        format=entry.format,
        verified_on=entry.verified_on,
        archived_url=entry.archived_url,
        authors=authors,
        licence=entry.licence,
        isbn=entry.isbn,
        doi=entry.doi,
        translations=tuple(
            ResourceTranslation(tag, words.title, words.url, words.description)
            for tag, words in entry.translations.items()
        ),
    )


def in_a_sentence(authors: Sequence[Author]) -> str | None:
    """Name authors one after the other as English does, or nobody."""
    names = [str(author) for author in authors]
    if len(names) < 3:
        return " and ".join(names) or None
    return f"{', '.join(names[:-1])}, and {names[-1]}"
