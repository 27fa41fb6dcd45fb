"""A command into what its processes took: wall time, CPU time, and the memory of the largest of them."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

RSS_UNIT = 1 if sys.platform == "darwin" else 1024


@dataclass(frozen=True, slots=True)
class Cost:
    """What a process took, its children included; `peak_mb` is the resident memory of the largest of them."""

    wall_s: float
    cpu_s: float
    peak_mb: float


def cost_of(command: list[str], *, cwd: Path, env: Mapping[str, str]) -> Cost:
    """Run a command to its end and return what it took; its output is thrown away.

    Python keeps what it compiles, as in an installation, also where the environment says that it shall not.
    The memory of a process counts from the moment it is forked, so the one that calls this must stay small.
    """
    with tempfile.TemporaryFile() as complaints:
        started = time.perf_counter()
        process = subprocess.Popen(
            command, cwd=cwd, env=_keeping_bytecode(env), stdout=subprocess.DEVNULL, stderr=complaints
        )
        _, status, usage = os.wait4(process.pid, 0)
        wall_s = time.perf_counter() - started
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            complaints.seek(0)
            raise SystemExit(f"{' '.join(command)} failed:\n{complaints.read()[-2000:].decode()}")
    return Cost(wall_s, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * RSS_UNIT / 1e6)


def _keeping_bytecode(env: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in env.items() if name != "PYTHONDONTWRITEBYTECODE"}


def median(costs: Iterable[Cost]) -> Cost:
    """Return the median of each figure on its own."""
    listed = list(costs)
    return Cost(
        statistics.median(cost.wall_s for cost in listed),
        statistics.median(cost.cpu_s for cost in listed),
        statistics.median(cost.peak_mb for cost in listed),
    )
