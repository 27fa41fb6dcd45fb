"""Old checkouts and many publishers at once, on real storages: no episode is ever lost."""

from __future__ import annotations

import contextlib
import json
import random
import subprocess
import sys
from pathlib import Path

import pytest
from depth import examples
from listener import Listener
from memory import MemoryStorage
from s3_server import environment, running_server, use_credentials
from small_show import BASE, FEED_KEY, Ep, make_show, plan_show, publish_show
from test_histories import Race

from publisher.errors import ConflictError, GuardError
from publisher.publish import apply
from publisher.storage import Storage, open_storage
from publisher.storage.directory import DirectoryStorage

pytestmark = pytest.mark.integration

HISTORIES = 200


def listener_of(storage: Storage) -> Listener:
    def get(key: str) -> tuple[bytes, str] | None:
        stored = storage.read(key)
        return (stored.data, stored.etag) if stored else None

    return Listener(get, BASE, FEED_KEY)


@pytest.mark.parametrize("seed", range(HISTORIES))
def test_no_run_of_an_old_state_takes_an_episode_away(tmp_path: Path, seed: int) -> None:
    """Commits on branches, merges, forced pushes, and jobs that run late, twice or in another order."""
    chance = random.Random(seed)
    storage = MemoryStorage()
    listener = listener_of(storage)
    commits: list[tuple[Ep, ...]] = [(Ep("seed"),)]
    publish_show(make_show(tmp_path / "first", commits[0]), storage)
    listener.poll()
    waiting = []
    for number in range(chance.randint(4, 12)):
        base = chance.choice(commits)  # a branch of any age; a forced push leaves the others behind
        merged = chance.choice(commits) if chance.random() < 0.4 else ()
        mine = {ep.name: ep for ep in (*base, *merged)}
        what = chance.random()
        if what < 0.6:
            mine[f"e{number}"] = Ep(f"e{number}")
        elif what < 0.8:
            name = chance.choice(sorted(mine))
            mine[name] = Ep(name, title=f"t{number}")
        elif len(mine) > 1:
            del mine[chance.choice(sorted(mine))]
        commits.append(tuple(mine.values()))
        show = make_show(tmp_path / str(number), commits[-1])
        with contextlib.suppress(GuardError):
            waiting.append(plan_show(show, storage))  # a job that looked, and was then held up
        if chance.random() < 0.7:
            with contextlib.suppress(GuardError):
                publish_show(show, storage)
        while waiting and chance.random() < 0.5:
            with contextlib.suppress(ConflictError):
                apply(waiting.pop(chance.randrange(len(waiting))), storage)
        listener.poll()
    for late in waiting:
        with contextlib.suppress(ConflictError):
            apply(late, storage)
    listener.poll()
    assert listener.complaints == []


def race_in(storage: Storage, folder: Path, rounds: int) -> None:
    assert Race(storage, folder, rounds).run() == (rounds, 7 * rounds)
    listener = listener_of(storage)
    listener.poll()
    assert listener.complaints == []
    assert len(listener.heard) == rounds + 1


def test_of_eight_publishers_one_wins_every_round_in_a_folder(tmp_path: Path) -> None:
    race_in(DirectoryStorage(tmp_path / "public"), tmp_path / "shows", examples(8, deep=50))


def test_of_eight_publishers_one_wins_every_round_in_a_bucket(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    use_credentials(monkeypatch)
    storage = open_storage(running_server().new_target(), tmp_path)
    race_in(storage, tmp_path / "shows", examples(3, deep=50))


PROCESS = """
import json, sys
from pathlib import Path
from small_show import Ep, make_show, plan_show
from publisher.errors import ConflictError
from publisher.model import TargetSettings
from publisher.publish import apply
from publisher.storage import open_storage
folder, url, endpoint = Path(sys.argv[1]), sys.argv[2], sys.argv[3] or None
storage = open_storage(TargetSettings("t", url, region="us-east-1", endpoint=endpoint), folder)
for line in sys.stdin:
    names = json.loads(line)
    plan = plan_show(make_show(folder / names[0], names), storage)
    print("planned", flush=True)
    sys.stdin.readline()
    try:
        apply(plan, storage)
        print(names[0], flush=True)
    except ConflictError:
        print("", flush=True)
"""


@pytest.mark.parametrize("kind", ["folder", "bucket"])
def test_of_eight_processes_one_wins_every_round(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    use_credentials(monkeypatch)
    bucket = running_server().new_target() if kind == "bucket" else None
    url, endpoint = (bucket.url, bucket.endpoint) if bucket else (f"file:{tmp_path}/public", "")
    with contextlib.ExitStack() as stack:
        people = [
            stack.enter_context(
                subprocess.Popen(
                    [sys.executable, "-c", PROCESS, str(tmp_path / f"p{number}"), url, endpoint or ""],
                    cwd=Path(__file__).parent,
                    env={**environment(), "PYTHONPATH": str(Path(__file__).parent)},
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    text=True,
                    bufsize=1,
                )
            )
            for number in range(examples(3, deep=8))
        ]
        live: list[str] = ["seed"]
        for turn in range(examples(3, deep=50)):
            tell = [(json.dumps([f"e{turn}-{number}", *live]) + "\n") for number in range(len(people))]
            assert ask_all(people, tell) == ["planned"] * len(people)
            won = [name for name in ask_all(people, ["go\n"] * len(people)) if name]
            assert len(won) == 1
            live = [won[0], *live]
        for person in people:
            assert person.stdin
            person.stdin.close()
    if not bucket:
        feed = (tmp_path / "public" / FEED_KEY).read_text()
        assert all(f"guid-{name}<" in feed for name in live)


def ask_all(people: list[subprocess.Popen[str]], lines: list[str]) -> list[str]:
    """Tell everybody something at once, and return what each of them answers."""
    for person, line in zip(people, lines, strict=True):
        assert person.stdin
        person.stdin.write(line)
    return [person.stdout.readline().strip() for person in people if person.stdout]
