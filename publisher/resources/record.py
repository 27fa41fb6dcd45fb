"""`episodes/links.json` to what was found when each link was asked for last, and back."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal, get_args

from publisher.errors import Place, Problem, SourceError
from publisher.files import write_if_changed
from publisher.source.document import read_text

RECORD_FILE = "episodes/links.json"
GONE_AFTER_DAYS = 7
"""How long a server may be out of order before readers are sent elsewhere."""

State = Literal["works", "moved", "unsure", "failed", "dead"]
"""`failed` may pass (a server that is down), `dead` will not (a page that is not there any more)."""

_LIMIT_BYTES = 16 * 1024 * 1024
_HINT = "delete the file and run `publisher links check`; do not edit it by hand"
_ILLEGAL = re.compile("[\x7f\ud800-\udfff\ufffe\uffff]")
_DAYS = frozenset({"last_success", "failing_since", "failed_on"})


@dataclass(frozen=True, slots=True)
class LinkRecord:
    """What is known of one address: `says` in words, `moved_to` where it redirects for good."""

    state: State
    says: str
    last_success: date | None = None
    failing_since: date | None = None
    failed_on: date | None = None
    moved_to: str | None = None
    archived_url: str | None = None

    @property
    def is_gone(self) -> bool:
        """Whether readers are better off with an archived copy."""
        if self.state == "failed" and self.failing_since and self.failed_on:
            return (self.failed_on - self.failing_since).days >= GONE_AFTER_DAYS
        return self.state == "dead"


Record = Mapping[str, LinkRecord]


def read_record(root: Path) -> Record:
    """Return what is recorded of each address; nothing when no link was ever checked.

    Raises:
        SourceError: the file is damaged.
    """
    path = root / RECORD_FILE
    if not path.exists():
        return MappingProxyType({})
    text = read_text(path, RECORD_FILE, limit_bytes=_LIMIT_BYTES)
    try:
        data = json.loads(text)
    except json.JSONDecodeError as error:
        raise _damaged("this is not JSON", error.lineno) from error
    except (RecursionError, ValueError) as error:
        raise _damaged("this is not JSON") from error
    if not isinstance(data, dict):
        raise _damaged("this is no record of links")
    return MappingProxyType({address: _entry(address, entry, text) for address, entry in data.items()})


def write_record(root: Path, record: Record) -> None:
    """Write the record, one line an address and in their order, so that a review reads like a list."""
    lines = [f"{_json(address)}: {_json(_plain(entry))}" for address, entry in sorted(record.items())]
    text = "{\n" + ",\n".join(lines) + "\n}\n" if lines else "{}\n"
    write_if_changed(root / RECORD_FILE, text.encode())


def _json(value: object) -> str:
    """Write JSON that people can read; what a source file must not hold is escaped."""
    text = json.dumps(value, ensure_ascii=False)
    return _ILLEGAL.sub(lambda match: f"\\u{ord(match[0]):04x}", text)


def _plain(entry: LinkRecord) -> dict[str, Any]:
    told = {field.name: getattr(entry, field.name) for field in fields(entry)}
    return {
        name: value.isoformat() if isinstance(value, date) else value
        for name, value in told.items()
        if value is not None
    }


def _entry(address: str, entry: object, text: str) -> LinkRecord:
    known = {field.name for field in fields(LinkRecord)}
    try:
        if not isinstance(entry, dict) or not known >= entry.keys() >= {"state", "says"}:
            raise ValueError
        if entry["state"] not in get_args(State) or not all(isinstance(each, str) for each in entry.values()):
            raise ValueError
        told: dict[str, Any] = {
            name: date.fromisoformat(each) if name in _DAYS else each for name, each in entry.items()
        }
    except ValueError as error:
        line = text.count("\n", 0, text.find(_json(address))) + 1
        raise _damaged(f"what is recorded of {address} makes no sense", line) from error
    copy = told.get("archived_url", "https://")
    if not copy.startswith(("https://", "http://")):
        raise _damaged(f"the archived copy of {address} is no web address")
    return LinkRecord(**told)


def _damaged(message: str, line: int = 1) -> SourceError:
    return SourceError((Problem(message, Place(RECORD_FILE, line, 1), _HINT),))
