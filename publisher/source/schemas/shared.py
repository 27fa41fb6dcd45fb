"""The tables that a show and an episode have in common."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
)

from publisher.source.schemas.values import (
    NamespaceText,
    Text,
    Url,
)


class Table(BaseModel):
    """A group of keys; one that is not known is a mistake."""

    # built when the first file of its kind is read: most shows have no use for half of them
    model_config = ConfigDict(defer_build=True, extra="forbid", frozen=True)


class LocationEntry(Table):
    """podcast:location."""

    name: NamespaceText
    geo: Annotated[Text, Field(pattern=r"^geo:-?[0-9.]+,-?[0-9.]+(,-?[0-9.]+)?(;.*)?$")] | None = None
    osm: Annotated[Text, Field(pattern=r"^[NWR][0-9]+(#[0-9]+)?$")] | None = None
    country: Annotated[Text, Field(pattern=r"^[A-Z]{2}$")] | None = None
    rel: Literal["subject", "creator"] | None = None


class LicenceEntry(Table):
    """podcast:license."""

    id: NamespaceText
    url: Url | None = None


class TxtEntry(Table):
    """podcast:txt."""

    text: Annotated[Text, Field(max_length=4000)]
    purpose: NamespaceText | None = None


def as_table(key: str) -> BeforeValidator:
    """Let a single text stand for a table with that one key."""
    return BeforeValidator(lambda value: {key: value} if isinstance(value, str) else value)


Location = Annotated[LocationEntry, as_table("name")]


Licence = Annotated[LicenceEntry, as_table("id")]


class IgnoreTable(Table):
    """`[[check.ignore]]`: a finding that is accepted, with its reason and an end."""

    rule: Text
    reason: Text
    until: date | None = None
