"""The shape of `show.toml`, `episode.md` and `resources.yaml`, as editors and the loader see it."""

from __future__ import annotations

from typing import Any

from publisher.source.schemas.catalogue import ResourceEntry, WithdrawnEntry
from publisher.source.schemas.episode import EpisodeFile, TranslationFile
from publisher.source.schemas.shared import IgnoreTable, LicenceEntry, LocationEntry, Table, TxtEntry
from publisher.source.schemas.show import AlternateTable, AudioTable, ShowFile, UpdateFrequencyEntry
from publisher.source.schemas.values import is_identifier

__all__ = [
    "FILES",
    "AlternateTable",
    "AudioTable",
    "EpisodeFile",
    "IgnoreTable",
    "LicenceEntry",
    "LocationEntry",
    "ResourceEntry",
    "ShowFile",
    "Table",
    "TranslationFile",
    "TxtEntry",
    "UpdateFrequencyEntry",
    "WithdrawnEntry",
    "is_identifier",
    "json_schema",
]

FILES: dict[str, type[Table]] = {
    "show": ShowFile,
    "episode": EpisodeFile,
    "translation": TranslationFile,
    "resource": ResourceEntry,
}


def json_schema(name: str) -> dict[str, Any]:
    """Return the JSON Schema of one file format, for editors."""
    schema = FILES[name].model_json_schema()
    if name == "resource":
        schema = {"type": "object", "additionalProperties": schema}
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}
