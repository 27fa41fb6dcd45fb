"""A count of episodes into what publisher, Hugo, feedgen and click take for it, measured in turn."""

from __future__ import annotations

import json
import os
import shutil
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bench.measure import Cost, cost_of, median

ROOT = Path(__file__).resolve().parent.parent
_HERE = Path(__file__).resolve().parent
_SHORT = 3
"""How often in a round the commands that take a twentieth of a second are run."""


@dataclass(frozen=True, slots=True)
class Result:
    """The medians of every command, what the feed writers took, and whether the bytes were right."""

    count: int
    costs: Mapping[str, Cost]
    writers: Mapping[str, Any]
    faults: tuple[str, ...]


@dataclass(slots=True)
class Course:
    """The folders and commands for one size of show, and what was measured so far."""

    folder: Path
    count: int
    hugo: Path
    publisher: Path
    costs: dict[str, list[Cost]] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)
    changed: str = ""
    """The fingerprint of what the last build of a changed title left."""

    @property
    def show(self) -> Path:
        """Return the folder of the show."""
        return self.folder / "show"

    def run(self, name: str, command: list[str], cwd: Path, *, counts: bool = True) -> None:
        """Run a command and keep what it took."""
        env = {**os.environ, "PYTHONPATH": os.pathsep.join((str(self.publisher), str(ROOT)))}
        cost = cost_of(command, cwd=cwd, env=env)
        if counts:
            self.costs.setdefault(name, []).append(cost)

    def fingerprint(self, what: str) -> str:
        """Return a digest of what was made (`outputs`), or of when files were touched (`stamps`)."""
        result = self.folder / "fingerprint"
        command = [sys.executable, "-m", "bench.fingerprint", what, str(self.show), str(result)]
        self.run(what, command, ROOT, counts=False)
        return result.read_text(encoding="utf-8")


def compete(folder: Path, count: int, *, rounds: int, hugo: Path, tell: Callable[[str], None]) -> Result:
    """Measure everything for a show of `count` episodes below `folder`, which must be empty."""
    course = Course(folder, count, hugo, _copy_of_this_tool(folder))
    tell(f"{count:,} episodes: writing the sources")
    for name, size, what in (("show", count, "show"), ("small", 10, "show"), ("hugo", count, "hugo")):
        course.run(
            name,
            [sys.executable, "-m", "bench.sources", what, str(folder / name), str(size)],
            ROOT,
            counts=False,
        )
    tell(f"{count:,} episodes: one round that does not count")
    _round(course, counts=False)
    writers = _compare_writers(course, rounds)
    for number in range(1, rounds + 1):
        tell(f"{count:,} episodes: round {number} of {rounds}")
        _round(course, counts=True)
    costs = {name: median(all_costs) for name, all_costs in course.costs.items()}
    if not writers["is_same"]:
        course.faults.append("feedgen alone did not write the same items")
    return Result(count, costs, writers, tuple(dict.fromkeys(course.faults)))


def _copy_of_this_tool(folder: Path) -> Path:
    """Copy the code that is measured: somebody may be working on it meanwhile."""
    copy = folder / "tool"
    for name in ("publisher", "templates"):
        shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
    return copy


def _round(course: Course, *, counts: bool) -> None:
    """Run every command once, the short ones a few times."""
    show, hugo = course.show, course.folder / "hugo"
    build = [sys.executable, "-m", "publisher", "build", "--locked"]
    _forget(show)
    course.run("cold", build, show, counts=counts)
    if course.changed and course.fingerprint("outputs") != course.changed:
        course.faults.append("the build of a changed title and a whole build gave other bytes")
    shutil.rmtree(hugo / "public", ignore_errors=True)
    course.run("hugo", [str(course.hugo), "--quiet"], hugo, counts=counts)
    if counts:
        facts, feed = course.folder / "facts.json", course.folder / "alone.xml"
        course.run("feedgen", [sys.executable, "-m", "bench.plain_feedgen", str(facts), str(feed)], ROOT)
    _change_a_title(show, course.count // 2)
    course.run("change", build, show, counts=counts)
    course.changed = course.fingerprint("outputs")
    small = course.folder / "small"
    _forget(small)
    course.run("small", build, small, counts=counts)
    before = course.fingerprint("stamps")
    for _ in range(_SHORT):
        course.run("nothing", build, show, counts=counts)
        course.run("hello", [sys.executable, str(_HERE / "hello.py"), "--help"], show, counts=counts)
        course.run("help", [sys.executable, "-m", "publisher", "--help"], show, counts=counts)
    if course.fingerprint("stamps") != before:
        course.faults.append("a build with nothing to do touched a file")


def _compare_writers(course: Course, rounds: int) -> dict[str, Any]:
    """Have both writers write the same items in a process of their own."""
    result = course.folder / "writers.json"
    command = [
        sys.executable,
        "-m",
        "bench.feed_writers",
        str(course.show),
        str(course.folder / "facts.json"),
    ]
    course.run("writers", [*command, str(rounds), str(result)], ROOT, counts=False)
    told: dict[str, Any] = json.loads(result.read_bytes())
    return told


def _forget(show: Path) -> None:
    """Remove everything that was ever made."""
    for name in ("build", "feeds", ".publisher"):
        shutil.rmtree(show / name, ignore_errors=True)


def _change_a_title(show: Path, number: int) -> None:
    """Change the title of one episode, and wait as long as a person takes to press a key."""
    [path] = show.glob(f"episodes/{number:05}-*/episode.md")
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace('title: "', 'title: "Again ', 1), encoding="utf-8")
    time.sleep(0.2)
