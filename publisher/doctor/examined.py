"""One thing that was looked at, and what to do about it."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from publisher.errors import PublisherError


@dataclass(frozen=True, slots=True)
class Examined:
    """One thing that was looked at: whether it is well, what was found, and what to do if not."""

    name: str
    is_well: bool
    found: str
    remedy: str = ""

    def as_json(self) -> dict[str, Any]:
        """Return the result for machines."""
        return asdict(self)


def ill(name: str, error: PublisherError) -> Examined:
    """Say that something is not well for the reason that an error tells."""
    problem = error.problems[0]
    more = f" (and {len(error.problems) - 1} more)" if len(error.problems) > 1 else ""
    place = f" at {problem.place}" if problem.place else ""
    return Examined(name, False, f"{problem.message}{place}{more}", problem.hint)
