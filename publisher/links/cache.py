"""`.publisher/links.json` to the verdicts that are fresh enough not to ask again, and back."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path

from publisher.files import write_whole
from publisher.links.asking import Validators
from publisher.links.verdict import STATE_OF, Verdict

CACHE_FILE = ".publisher/links.json"
_FORMAT = 1


@dataclass(frozen=True, slots=True)
class Remembered:
    """A verdict with the time of asking; `promised` is the format that the answer was held against."""

    verdict: Verdict
    asked_at: datetime
    promised: str
    validators: Validators

    def is_fresh(self, now: datetime, max_age: timedelta, promised: str) -> bool:
        """Tell whether this can stand for asking again; a clock that ran ahead counts as old."""
        return self.promised == promised and timedelta(0) <= now - self.asked_at < max_age


def read_cache(root: Path) -> dict[str, Remembered]:
    """Return what is remembered; a cache that cannot be read is an empty one."""
    try:
        data = json.loads((root / CACHE_FILE).read_bytes())
        if data["format"] != _FORMAT:
            return {}
        return {
            address: Remembered(
                Verdict(**entry["verdict"]),
                datetime.fromisoformat(entry["asked_at"]),
                entry["promised"],
                Validators(**entry["validators"]),
            )
            for address, entry in data["links"].items()
            if entry["verdict"]["kind"] in STATE_OF
        }
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return {}


def write_cache(root: Path, remembered: Mapping[str, Remembered]) -> None:
    """Write what the next check need not ask again."""
    links = {
        address: {**asdict(entry), "asked_at": entry.asked_at.isoformat()}
        for address, entry in sorted(remembered.items())
    }
    data = json.dumps({"format": _FORMAT, "links": links}, indent=1).encode()
    write_whole(root / CACHE_FILE, data, durable=False)
