"""The shape of `resources.yaml` and `withdrawn.yaml`."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import (
    AfterValidator,
    BeforeValidator,
    model_validator,
)

from publisher.source.identifiers import read_doi, read_isbn
from publisher.source.schemas.shared import Table, as_table
from publisher.source.schemas.values import (
    Identifier,
    Language,
    Languages,
    Text,
    Url,
    as_list,
)


class AuthorEntry(Table):
    """Somebody whom a resource is by: a name as it is, or the two parts that lists of works sort by."""

    name: Text | None = None
    family: Text | None = None
    given: Text | None = None

    @model_validator(mode="after")
    def _is_named_once(self) -> AuthorEntry:
        if bool(self.name) == bool(self.family) or (self.given and not self.family):
            raise ValueError("nobody is named, or twice | write a name, or {family: …, given: …}")
        return self


Authors = Annotated[
    list[Annotated[AuthorEntry, as_table("name")]],
    BeforeValidator(as_list, json_schema_input_type=str | list[str | AuthorEntry]),
]


class ResourceWords(Table):
    """A resource for readers of one more language."""

    title: Text | None = None
    url: Url | None = None
    description: Text | None = None


class ResourceEntry(Table):
    """One entry of `resources.yaml`."""

    title: Text
    url: Url
    by: Authors = []
    publisher: Text | None = None
    kind: Text = "web page"
    languages: Languages = []
    description: Text | None = None
    format: Text | None = None
    licence: Text | None = None
    isbn: Annotated[Text, AfterValidator(read_isbn)] | None = None
    doi: Annotated[Text, AfterValidator(read_doi)] | None = None
    verified_on: date | None = None
    archived_url: Url | None = None
    translations: dict[Language, ResourceWords] = {}


class WithdrawnEntry(Table):
    """An episode that was taken out of the feed, by its guid."""

    episode: Identifier
    title: Text
    on: date
    reason: Text | None = None
