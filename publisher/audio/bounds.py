"""Turn a process that reads files from anywhere into one that can neither know nor take much."""

from __future__ import annotations

import contextlib
import os

try:  # Linux only: elsewhere ffmpeg runs without the bound on its memory
    from resource import RLIMIT_AS, RLIMIT_CORE, prlimit
except ImportError:  # pragma: no cover - exercised on macOS and Windows only
    prlimit = None  # type: ignore[assignment]  # mypy sees one platform at a time

CPU_SECONDS = 3600
"""Processor time of one run; the costliest one takes about 35 s for an hour of audio."""

MEMORY_BYTES = 2 << 30
"""Address space of one run; four hours of audio take 0.7 GB of it (and 40 MB of memory)."""


def environment() -> dict[str, str] | None:
    """Return what the process may know of its surroundings: nothing (Windows cannot start that way)."""
    return {"LC_ALL": "C"} if os.name == "posix" else None


def limit_memory(pid: int) -> None:
    """Bound the memory of a process that has just been started, where the system can."""
    if prlimit is None:
        return  # type: ignore[unreachable]  # pragma: no cover - exercised on macOS and Windows only
    with contextlib.suppress(ProcessLookupError, PermissionError, ValueError):
        # it may have ended already, or its own limits may be tighter
        prlimit(pid, RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
        prlimit(pid, RLIMIT_CORE, (0, 0))
