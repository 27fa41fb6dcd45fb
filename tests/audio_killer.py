"""A show with a short recording to the verdict on commands that were killed at every step, and at random.

Run as a program, because it forks: `python audio_killer.py FOLDER [all]` prints JSON; with `all`, no step of
the longer commands is left out. A child is a whole run of the command line in a process that has loaded
everything already, so that hundreds of them take seconds.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from mutagen import id3, oggopus
from tones import convert, sine, write_wav

from publisher.__main__ import run
from publisher.audio.lock import read_lock
from publisher.audio.tags import normalise
from publisher.building import assembly, mastering, together
from publisher.errors import PublisherError
from publisher.files import digest_file, key_digest

_MINIMAL = Path(__file__).parent / "shows" / "minimal"
_EPISODE = Path("episodes/pilot")
_FILES = {"os.rename", "os.remove", "os.mkdir", "os.link", "os.truncate"}
_WRITES = os.O_WRONLY | os.O_RDWR
_EVERY = {"build": 8, "audio": 5}
"""Of the longer commands, only every so many steps are tried, and the first."""

_RANDOM = {"build": 6, "audio": 6, "tag": 10}
_RANDOM_FILE = 28
"""How many kills at random, within the time that the command takes."""

_LOADED = (assembly, mastering, together, normalise)  # what commands load late is here before the first fork


@dataclass
class Verdict:
    kills: dict[str, int] = field(default_factory=dict)
    bad: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Trial:
    """A folder as it is before a command, and as undisturbed it is afterwards."""

    name: str
    words: tuple[str, ...]
    before: Path
    after: Path
    protected: str
    """The file that must never change: the master."""

    seconds: float


def main() -> None:
    folder = Path(sys.argv[1])
    verdict = Verdict()
    trials = list(_trials(folder))
    chance = random.Random(5)
    for trial in trials:
        every = 1 if "all" in sys.argv else _EVERY.get(trial.name, 1)
        verdict.kills[f"{trial.name}, stepped"] = _step(trial, folder / "work", verdict, every)
        verdict.kills[f"{trial.name}, at random"] = _kill_at_random(trial, folder / "work", verdict, chance)
    sys.stdout.write(json.dumps(vars(verdict)))


def _trials(folder: Path) -> Iterator[Trial]:
    """Make the folders, with commands that nobody disturbs."""
    fresh = folder / "fresh"
    shutil.copytree(_MINIMAL, fresh)
    (fresh / _EPISODE / "audio.lock").unlink()
    text = (fresh / _EPISODE / "episode.md").read_text("utf-8")
    text = text.replace('"00:20"', '"00:00.2"').replace('"00:40"', '"00:00.4"')
    (fresh / _EPISODE / "episode.md").write_text(text, "utf-8")
    write_wav(fresh / _EPISODE / "master.wav", [sine(300, -30), sine(500, -33)], 0.6)
    master = str(_EPISODE / "master.wav")
    covers = Path(".publisher/cache/covers")
    _trial("build", ("build",), fresh, folder / "first", master)
    shutil.copytree(folder / "first" / covers, fresh / covers)  # a picture takes longer than all else here
    yield _trial("build", ("build",), fresh, folder / "built", master)
    retitled = _copy(folder / "built", folder / "retitled")
    (retitled / _EPISODE / "episode.md").write_text(text.replace("title: Pilot", "title: Another"), "utf-8")
    yield _trial("tag", ("tag", "pilot"), retitled, folder / "tagged", master)
    quieter = _copy(folder / "built", folder / "quieter")
    with (quieter / "show.toml").open("a") as settings:
        settings.write('\n[audio]\nbitrate = "96k"\n')
    yield _trial("audio", ("audio", "pilot"), quieter, folder / "coded", master)
    finished = folder / "finished"
    finished.mkdir()
    dirty = convert(fresh / master, finished / "a.mp3", "-metadata", "title=T")
    tag = id3.ID3(dirty)
    tag.add(id3.PRIV(owner="x", data=b"y"))
    tag.save()
    yield _trial("tag a.mp3", ("tag", "a.mp3"), finished, folder / "clean", "")
    other = folder / "other"
    other.mkdir()
    opus: Any = oggopus.OggOpus(convert(fresh / master, other / "a.opus"))
    opus["_SESSION"] = ["secret"]
    opus.save()
    yield _trial("tag a.opus", ("tag", "a.opus"), other, folder / "clear", "")
    third = folder / "third"
    third.mkdir()
    convert(fresh / master, third / "a.m4a", "-metadata", "encoder=x")
    yield _trial("tag a.m4a", ("tag", "a.m4a"), third, folder / "cleaner", "")


def _trial(name: str, words: tuple[str, ...], before: Path, after: Path, protected: str) -> Trial:
    _copy(before, after)
    started = time.monotonic()
    if _killed(after, words, lambda: None, None):
        raise AssertionError("a command died by itself")
    return Trial(name, words, before, after, protected, time.monotonic() - started)


def _step(trial: Trial, work: Path, verdict: Verdict, every: int) -> int:
    """Kill the command before things that it does to files or processes, until it comes to its end."""
    for number in range(1000):
        arm = partial(_arm, 1 + number * every)
        if not _try(trial, work, verdict, f"point {1 + number * every}", arm, None):
            return number
    raise AssertionError("the command never ended")


def _kill_at_random(trial: Trial, work: Path, verdict: Verdict, chance: random.Random) -> int:
    """Kill the command at moments of its life; now and then it is faster."""
    wanted, killed = _RANDOM.get(trial.name, _RANDOM_FILE), 0
    for _ in range(4 * wanted):
        delay_s = chance.uniform(0.0, 0.8 * trial.seconds)
        killed += _try(trial, work, verdict, f"{delay_s:.3f} s", lambda: None, delay_s)
        if killed == wanted:
            break
    return killed


def _try(
    trial: Trial, work: Path, verdict: Verdict, when: str, arm: Callable[[], None], delay_s: float | None
) -> bool:
    """Run a command that dies, judge what it leaves, and run it again; tell whether it died."""
    shutil.rmtree(work, ignore_errors=True)
    _copy(trial.before, work)
    killed = _killed(work, trial.words, arm, delay_s)
    verdict.bad += [f"{trial.name}, {when}: {complaint}" for complaint in _complaints(trial, work)]
    if killed:
        _killed(work, trial.words, lambda: None, None)
    if _seen(work) != _seen(trial.after):
        verdict.bad.append(f"{trial.name}, {when}: the next run made something else")
    return killed


def _complaints(trial: Trial, work: Path) -> Iterator[str]:
    """Compare what is there with what was before and what should come."""
    old, new, now = _seen(trial.before), _seen(trial.after), _seen(work)
    if trial.protected and now.get(trial.protected) != old[trial.protected]:
        yield "the master was changed"
    for name, digest in now.items():
        if digest not in {old.get(name), new.get(name)}:
            yield f"{name} is neither as before nor as after"
    for name in old.keys() & new.keys() - now.keys():
        yield f"{name} is gone"
    for path in (work / "build" / "audio").glob("[!.]*"):
        if key_digest(digest_file(path)) not in path.name:
            yield f"{path.name} is torn"
    try:
        read_lock(work / _EPISODE / "audio.lock", "audio.lock")
    except PublisherError as error:
        yield f"the lock cannot be read: {error}"


def _seen(folder: Path) -> dict[str, str]:
    """Digest every file that anybody reads: neither the memory of builds nor names for writing."""
    paths = (path for path in folder.rglob("*") if path.is_file())
    names = {path.relative_to(folder): path for path in paths}
    return {
        name.as_posix(): digest_file(path)
        for name, path in names.items()
        if not any(part.startswith(".") for part in name.parts)
    }


def _copy(source: Path, target: Path) -> Path:
    shutil.copytree(source, target)
    return target


def _killed(folder: Path, words: tuple[str, ...], arm: Callable[[], None], delay_s: float | None) -> bool:
    """Run a command in a child of its own; tell whether it died of a kill."""
    child = os.fork()
    if not child:
        try:
            null = os.open(os.devnull, os.O_RDWR)
            for descriptor in (0, 1, 2):
                os.dup2(null, descriptor)
            os.chdir(folder)
            sys.argv = ["publisher", *words]
            arm()
            os._exit(run())
        finally:
            os._exit(99)
    if delay_s is not None:
        time.sleep(delay_s)
        os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        return True
    if os.WEXITSTATUS(status):
        raise AssertionError(f"{words} ended with {os.WEXITSTATUS(status)}")
    return False


def _arm(point: int) -> None:
    """Die before number `point` of what is done to files and processes, before an fsync or behind it."""
    seen = 0
    sync, start, copy = os.fsync, subprocess.Popen.__init__, os.copy_file_range

    def count() -> None:
        nonlocal seen
        seen += 1
        if seen == point:
            os.kill(os.getpid(), signal.SIGKILL)

    def audit(event: str, arguments: tuple[Any, ...]) -> None:
        is_write = event == "open" and isinstance(arguments[2], int) and bool(arguments[2] & _WRITES)
        if event in _FILES or (is_write and arguments[0] != os.devnull):
            count()

    def fsync(fd: Any) -> None:
        count()
        sync(fd)
        count()

    def popen(self: Any, *words: Any, **named: Any) -> None:
        count()
        start(self, *words, **named)
        count()  # while it works

    def copy_some(source: int, target: int, length: int, **named: Any) -> int:
        count()
        copied = copy(source, target, max(1, length // 2), **named)  # what a full disk cache does
        count()
        return copied

    os.fsync = fsync
    os.copy_file_range = copy_some  # type: ignore[assignment]  # called by keyword where it is used
    subprocess.Popen.__init__ = popen  # type: ignore[method-assign]  # in a child that is to die
    sys.addaudithook(audit)


if __name__ == "__main__":
    main()
