"""Measure `publisher check`: a whole show, the same again, one change, and large and average feeds."""

from __future__ import annotations

import argparse
import os
import shlex
import sys
import tempfile
from datetime import datetime, timedelta
from pathlib import Path

from bench.measure import Cost, cost_of, median
from bench.sources import write_show

_PROJECT = Path(__file__).resolve().parent.parent
_CLEAN = _PROJECT / "tests/rules/clean.xml"
_BARS = {"first": 2.0, "again": 0.3, "feed": 5.0, "average": 0.12}


def main() -> int:
    """Measure, print a table, and return 1 when a bar is missed."""
    words = _words()
    with tempfile.TemporaryDirectory() as scratch:
        show = Path(scratch) / "show"
        write_show(show, words.episodes)
        large, average = Path(scratch) / "large.xml", Path(scratch) / "average.xml"
        large.write_text(feed_of(words.items), encoding="utf-8")
        average.write_text(feed_of(100), encoding="utf-8")
        for command in (("check",), ("check", str(average))):
            _median(1, *command, cwd=show, fresh=True)  # from here on everything is compiled
        start = _median(words.rounds, "--help", cwd=show)
        rows = []
        for name, label, command, fresh in (
            ("first", f"show of {words.episodes:,}, first run", ("check",), True),
            ("again", f"show of {words.episodes:,}, again", ("check",), False),
            ("feed", f"feed of {words.items:,} items", ("check", str(large)), False),
            ("average", "feed of 100 items", ("check", str(average)), False),
        ):
            cost = _median(words.rounds, *command, cwd=show, fresh=fresh)
            rows.append((label, cost.wall_s - start.wall_s, cost.cpu_s - start.cpu_s, _BARS[name]))
    print(
        f"start-up (--help) {start.wall_s:.2f} s, everything else is beyond it; the bar is for the wall time"
    )
    for label, wall_s, cpu_s, bar in rows:
        said = "ok" if wall_s <= bar else "MISSED"
        print(f"{label:<32} {wall_s:6.2f} s   CPU {cpu_s:6.2f} s   bar {bar} s   {said}")
    return int(any(wall_s > bar for _, wall_s, _, bar in rows))


def feed_of(count: int) -> str:
    """Return a feed of many items, each different, made from the clean one of the tests."""
    clean = _CLEAN.read_text(encoding="utf-8")
    first = clean.index("    <item>")
    start = clean.index("    <item>", first + 5)
    item = clean[start : clean.index("    <item>", start + 5)]
    newest = datetime(2026, 1, 20, 14)  # noqa: DTZ001 - written with its zone
    items = [
        item.replace("5c1f0a52-7a8e-4a3e-8f3a-0d5f8b1c9e22", f"5c1f0a52-7a8e-4a3e-8f3a-{number:012d}")
        .replace("22bb", f"{number:06d}")
        .replace("19200456", str(19_200_456 + number))
        .replace("Writing it down", f"Writing it down after {number * 7} days")
        .replace("/ink/writing-it-down<", f"/ink/writing-{number}<")
        .replace(
            "Tue, 13 Jan 2026 14:00:00", f"{newest - timedelta(hours=13 * number):%a, %d %b %Y %H:%M:%S}"
        )
        .replace("episode>1<", f"episode>{count - number}<")
        .replace("everything down", f"everything {number} down")
        for number in range(count)
    ]
    return clean[:first] + "".join(items) + clean[clean.index("  </channel>") :]


def _median(rounds: int, *words: str, cwd: Path, fresh: bool = False) -> Cost:
    costs: list[Cost] = []
    for _ in range(rounds):
        if fresh:
            for name in ("check.jsonl", "check-episodes.json"):
                (cwd / ".publisher" / name).unlink(missing_ok=True)
        called = shlex.join([sys.executable, "-m", "publisher", *words])
        may_find = ["sh", "-c", f"{called} || [ $? -eq 1 ]"]  # 1 says that something was found
        costs.append(cost_of(may_find, cwd=cwd, env=dict(os.environ)))
    return median(costs)


def _words() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--episodes", type=int, default=1_000)
    parser.add_argument("--items", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=3)
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
