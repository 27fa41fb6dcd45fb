"""A show with finished audio to the verdict on commands that change what listeners see, killed at their steps.

Run as a program, because it forks: `python show_killer.py FOLDER [all]` prints JSON. Without `all` only some of
the steps are tried, spread over each command, and a few moments at random.
"""

from __future__ import annotations

import hashlib
import json
import random
import shutil
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from audio_killer import Trial, Verdict, _arm, _killed, _seen
from listener import Listener
from spoken_show import guid_of, make_spoken, write_spoken

from publisher.building import assembly
from publisher.publish import belonging, erasing, rollback
from publisher.storage import directory
from publisher.storage import erasing as removing

_LOADED = (assembly, belonging, erasing, rollback, directory, removing)  # before the first fork
_PUBLISH = ("publish", "--locked", "--yes")
_EVERY = 17
_RANDOM = {False: 3, True: 75}


@dataclass(frozen=True)
class Watched:
    """A trial, and the guids that it takes out of the feed on purpose."""

    trial: Trial
    removed: frozenset[str] = field(default=frozenset())


def main() -> None:
    folder, is_whole = Path(sys.argv[1]), "all" in sys.argv
    verdict, chance = Verdict(), random.Random(7)
    for number, watched in enumerate(_trials(folder)):
        kill = partial(_try, watched, folder / "work", verdict)
        name, every, stepped = watched.trial.name, 1 if is_whole else _EVERY, 0
        point = 1 + number % every
        while kill(f"point {point}", partial(_arm, point), None):
            stepped, point = stepped + 1, point + every
        verdict.kills[f"{name}, stepped"] = stepped
        moments = [chance.uniform(0.0, watched.trial.seconds) for _ in range(_RANDOM[is_whole])]
        at_random = sum(kill(f"{moment:.3f} s", lambda: None, moment) for moment in moments)
        verdict.kills[f"{name}, at random"] = at_random
    sys.stdout.write(json.dumps(vars(verdict)))


def _trials(folder: Path) -> Iterator[Watched]:
    """Make the folders, with commands that nobody disturbs."""
    make = partial(_trial, folder)
    fresh = make_spoken(folder / "fresh", "one", "two")
    yield make("build", ("build", "--locked"), fresh)
    first = make("first publish", _PUBLISH, fresh)
    yield first
    more = _copy(first.trial.after, folder / "more")
    write_spoken(more, "three", more='chapters: [{at: "00:00", title: A}, {at: "00:30", title: B}]\n')
    write_spoken(more, "one", date="2026-01-01 06:00", notes="Corrected notes.")
    second = make("publish", _PUBLISH, more)
    yield second
    yield make("rollback", ("rollback", "1", "--yes"), second.trial.after, guid_of("three"))
    withdrawn = make("withdraw", ("withdraw", "two"), second.trial.after)
    yield withdrawn
    without = make("publish what is left", _PUBLISH, withdrawn.trial.after, guid_of("two"))
    yield without
    yield make("erase", ("erase", "two", "--yes"), without.trial.after)


def _trial(folder: Path, name: str, words: tuple[str, ...], before: Path, *removed: str) -> Watched:
    after = _copy(before, folder / f"after {name}")
    started = time.monotonic()
    if _killed(after, words, lambda: None, None):
        raise AssertionError("a command died by itself")
    return Watched(Trial(name, words, before, after, "", time.monotonic() - started), frozenset(removed))


def _try(
    watched: Watched, work: Path, verdict: Verdict, when: str, arm: Callable[[], None], delay_s: float | None
) -> bool:
    """Run a command that dies, judge what listeners have, and run it again; tell whether it died."""
    trial = watched.trial
    shutil.rmtree(work, ignore_errors=True)
    _copy(trial.before, work)
    listener = Listener(partial(_get, work / "public"), "https://media.example.org/small/", "small-show.xml")
    listener.poll()
    killed = _killed(work, trial.words, arm, delay_s)
    listener.poll(removed=watched.removed)
    if killed:
        _killed(work, trial.words, lambda: None, None)
        listener.poll(removed=watched.removed)
    complaints = [*listener.complaints]
    if _seen(work) != _seen(trial.after):
        complaints.append("the next run made something else")
    complaints += [f"{path} was left" for path in (work / "public").rglob("*.partial")]
    verdict.bad += [f"{trial.name}, {when}: {complaint}" for complaint in complaints]
    return killed


def _get(public: Path, key: str) -> tuple[bytes, str] | None:
    path = public / key
    data = path.read_bytes() if path.is_file() else None
    return None if data is None else (data, hashlib.sha256(data).hexdigest())


def _copy(source: Path, target: Path) -> Path:
    shutil.copytree(source, target)
    return target


if __name__ == "__main__":
    main()
