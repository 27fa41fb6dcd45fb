"""A count of episodes into what publisher, Hugo, feedgen and click take for it, measured in turn."""

from __future__ import annotations

import json
import os
import shutil
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

from bench.measure import Cost, cost_of, median
from bench.sources import write_hugo_site, write_show

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


def compete(folder: Path, count: int, *, rounds: int, hugo: Path, tell: Callable[[str], None]) -> Result:
    """Measure everything for a show of `count` episodes below `folder`, which must be empty."""
    course = Course(folder, count, hugo, _copy_of_this_tool(folder))
    tell(f"{count:,} episodes: writing the sources")
    write_show(course.show, count)
    write_hugo_site(folder / "hugo", count)
    write_show(folder / "small" / "show", 10)
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
    _expect(course, _outputs(show), "a build of changed sources and a whole build gave other bytes")
    shutil.rmtree(hugo / "public", ignore_errors=True)
    course.run("hugo", [str(course.hugo), "--quiet"], hugo, counts=counts)
    if counts:
        facts, feed = course.folder / "facts.json", course.folder / "alone.xml"
        course.run("feedgen", [sys.executable, "-m", "bench.plain_feedgen", str(facts), str(feed)], ROOT)
    _change_a_title(show, course.count // 2)
    course.run("change", build, show, counts=counts)
    _outputs_of[course.folder] = _outputs(show)
    small = course.folder / "small" / "show"
    _forget(small)
    course.run("small", build, small, counts=counts)
    for _ in range(_SHORT):
        before = _stamps(show)
        course.run("nothing", build, show, counts=counts)
        if _stamps(show) != before:
            course.faults.append("a build with nothing to do touched a file")
        course.run("hello", [sys.executable, str(_HERE / "hello.py"), "--help"], show, counts=counts)
        course.run("help", [sys.executable, "-m", "publisher", "--help"], show, counts=counts)


_outputs_of: dict[Path, str] = {}


def _expect(course: Course, outputs: str, fault: str) -> None:
    """Compare with what the last build of the same sources left."""
    if _outputs_of.get(course.folder, outputs) != outputs:
        course.faults.append(fault)


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


def _outputs(show: Path) -> str:
    """Return a digest of the name and bytes of everything made."""
    digest = sha256()
    for path in sorted((*show.glob("build/**/*"), *show.glob("feeds/*"))):
        if path.is_file():
            digest.update(f"{path.relative_to(show)}\0".encode() + path.read_bytes())
    return digest.hexdigest()


def _stamps(show: Path) -> dict[str, tuple[int, int]]:
    """Return inode and change time of every file and folder."""
    found = {}
    for directory, _, names in os.walk(show):
        for path in (directory, *(f"{directory}/{name}" for name in names)):
            stat = os.stat(path)  # noqa: PTH116 - many
            found[path] = (stat.st_ino, stat.st_ctime_ns)
    return found
