"""publisher schema: the JSON Schema of a file format, for editors."""

from __future__ import annotations

import json

import click

from publisher.cli.options import command
from publisher.cli.session import Session


@command("schema", short_help="Print the JSON Schema of a file format.")
@click.argument("name", type=click.Choice(["show", "episode", "translation", "resource"]))
def schema_command(session: Session, name: str) -> None:
    r"""Print the JSON Schema of show.toml (show), episode.md (episode) or resources.yaml (resource).

    \b
    Example:
      publisher schema episode > episode.schema.json
    """
    from publisher.source.schemas import json_schema  # pydantic: not needed for --help

    schema = json_schema(name)
    session.report.result(json.dumps(schema, indent=2, ensure_ascii=False))
    session.report.document("schema", {"name": name, "json_schema": schema})
