"""`episodes/withdrawn.yaml` into the episodes that were taken out of the feed, and back."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from publisher.errors import Problem, SourceError
from publisher.files import write_whole
from publisher.source import schemas
from publisher.source.document import read_text
from publisher.source.frontmatter import parse_yaml
from publisher.source.validation import by_place, validate

WITHDRAWN_FILE = "episodes/withdrawn.yaml"
_LIMIT_BYTES = 4 * 1024 * 1024
_HEAD = """# Episodes that were taken out of the feed, by guid. `publisher withdraw` writes this; commit it.
# As long as a guid stands here its episode is in no feed, and no other episode can have it.
"""


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """An episode that is in no feed any more, and whose guid stays its own."""

    guid: str
    episode: str
    title: str
    on: date
    reason: str = ""


def load_withdrawn(root: Path) -> dict[str, Withdrawn]:
    """Read the withdrawn episodes by guid; a show without the file has none.

    Raises:
        SourceError: every problem of the file.
    """
    path = root / WITHDRAWN_FILE
    if not path.exists():
        return {}
    document = parse_yaml(read_text(path, WITHDRAWN_FILE, limit_bytes=_LIMIT_BYTES), WITHDRAWN_FILE)
    found: dict[str, Withdrawn] = {}
    problems: list[Problem] = []
    for guid, part in document.parts().items():
        try:
            entry = validate(schemas.WithdrawnEntry, part)
        except SourceError as error:
            problems.extend(error.problems)
            continue
        found[guid] = Withdrawn(guid, entry.episode, entry.title, entry.on, entry.reason or "")
    if problems:
        raise SourceError(tuple(sorted(problems, key=by_place)))
    return found


def write_withdrawn(root: Path, withdrawn: Mapping[str, Withdrawn]) -> None:
    """Write the withdrawn episodes, in order of guid.

    Raises:
        SurroundingsError: the folder cannot be written.
    """
    lines = [_HEAD]
    for guid in sorted(withdrawn):
        entry = withdrawn[guid]
        reason = f"  reason: {_quoted(entry.reason)}\n" if entry.reason else ""
        lines.append(
            f"{_quoted(guid)}:\n  episode: {entry.episode}\n  title: {_quoted(entry.title)}\n"
            f"  on: {entry.on.isoformat()}\n{reason}"
        )
    write_whole(root / WITHDRAWN_FILE, "".join(lines).encode())


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)  # a JSON string is a YAML double-quoted scalar as well
