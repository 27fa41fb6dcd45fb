"""What a check is asked for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from datetime import datetime


def _nobody(_label: str, _total: float, _unit: str) -> AbstractContextManager[Callable[..., None]]:
    return nullcontext(lambda *_told: None)


@dataclass(frozen=True, slots=True)
class CheckRequest:
    """What to check for, and what besides the sources to look at.

    Without `profiles`, the show's own count. `witnesses` are earlier feeds by the name of who remembers them;
    servers are asked only `online`, and those in private networks only when they are in `allowed`.
    `started_ns` is the time for spotting edits that race with the check; 0 remembers nothing.
    """

    now: datetime
    started_ns: int = 0
    profiles: tuple[str, ...] = ()
    online: bool = False
    allowed: tuple[str, ...] = ()
    witnesses: Mapping[str, bytes] = field(default_factory=dict)
    progress: Callable[[str, float, str], AbstractContextManager[Callable[..., None]]] = _nobody
