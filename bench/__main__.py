"""The command line into a comparison, printed as tables: `python -m bench`."""

from __future__ import annotations

import argparse
import os
import platform
import shutil
import sys
import tempfile
from pathlib import Path

from bench.competition import ROOT, compete
from bench.tables import bars, costs


def main() -> int:
    """Compare for each size; return 1 when any bytes were wrong."""
    words = _words()
    results = []
    for size in words.sizes:
        folder = Path(tempfile.mkdtemp(prefix="publisher-bench-", dir=words.folder))
        try:
            results.append(
                compete(
                    folder,
                    size,
                    rounds=words.rounds or (5 if size < 5_000 else 3),
                    hugo=words.hugo,
                    tell=_tell,
                )
            )
        finally:
            shutil.rmtree(folder)
    machine = f"{platform.system()}, Python {platform.python_version()}, {os.cpu_count()} cores"
    print(f"{machine}; all files in {words.folder}\n")
    for result in results:
        print(costs(result))
    print(bars(results))
    faults = [f"{result.count:,} episodes: {fault}" for result in results for fault in result.faults]
    print("\n".join(faults) or "Bytes: cold = changed, and nothing touched when nothing changed.")
    return 1 if faults else 0


def _words() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=[1_000, 10_000], metavar="N")
    parser.add_argument("--rounds", type=int, help="default: 5, and 3 from 5,000 episodes on")
    memory = Path("/dev/shm")
    parser.add_argument(
        "--folder", type=Path, default=memory if memory.is_dir() else Path(tempfile.gettempdir())
    )
    parser.add_argument(
        "--hugo", type=Path, default=_hugo(), help="the program itself, not a script that calls it"
    )
    words = parser.parse_args()
    if words.hugo is None:
        parser.error("there is no Hugo: `make bench` installs it, or name the program with --hugo")
    return words


def _hugo() -> Path | None:
    """Return the program in the environment that `make bench` keeps for it."""
    found = sorted((ROOT / ".venv" / "bench").glob("**/hugo/binaries/hugo*"))
    return found[0] if found else None


def _tell(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
