"""What killed processes left is gone after the next one, unless somebody is still at work."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from test_audio_parts import speak

from publisher.building import BuildRequest, build
from publisher.building.leftovers import TOKENS_FOLDER, at_work
from publisher.files import partial_name

pytestmark = pytest.mark.integration  # real processes, really killed

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
WORKER = """
import sys, time
from pathlib import Path
from publisher.building.leftovers import at_work
with at_work(Path(sys.argv[1])):
    print("at work", flush=True)
    time.sleep(600)
"""


@contextmanager
def process(*words: str) -> Iterator[subprocess.Popen[str]]:
    with subprocess.Popen([sys.executable, *words], stdout=subprocess.PIPE, text=True) as child:
        try:
            yield child
        finally:
            child.kill()


@contextmanager
def worker(root: Path) -> Iterator[subprocess.Popen[str]]:
    """Run somebody who is at work in a show until they are killed."""
    with process("-c", WORKER, str(root)) as child:
        assert child.stdout
        assert child.stdout.readline() == "at work\n"
        yield child


def leftovers(root: Path) -> list[Path]:
    paths = [
        partial_name(root / name)
        for name in ("build/audio/a.mp3", "build/b.html", "feeds/c.xml", ".publisher/build.json", ".publisher/cache/talk.pcm")
    ]  # fmt: skip
    inner = partial_name(root / ".publisher/cache/audio/x.audio")
    paths += [inner, *(inner.with_name(f"{inner.name}.{end}") for end in ("0", "sent", "w64", "joined.w64"))]
    for path in paths:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"half")
    return paths


def others(root: Path) -> list[Path]:
    """Write files that look nearly like leftovers and are somebody's own."""
    names = (
        "build/audio/notes.partial",
        "build/.notes.partial",
        "build/audio/.a.mp3.0123456789AB.partial",
        "build/audio/.a.mp3.0123456789ab.partially",
        "episodes/pilot/.a.0123456789ab.partial",
    )
    for name in names:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(b"mine")
    return [root / name for name in names]


def wait_for(condition: Callable[[], object], seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.01)


def test_only_what_the_dead_left_goes_and_only_when_nobody_is_at_work(minimal: Path) -> None:
    kept, left = others(minimal), leftovers(minimal)
    with at_work(minimal):
        assert all(path.exists() for path in left)  # nobody is known to have died
    with worker(minimal):
        with worker(minimal) as dead:
            dead.send_signal(signal.SIGKILL)
            dead.wait()
        with at_work(minimal):
            assert all(path.exists() for path in left)  # the one alive may be writing them
    with at_work(minimal), at_work(minimal):
        assert not any(path.exists() for path in left)
        later = leftovers(minimal)
    with at_work(minimal):
        assert all(path.exists() for path in later)
    assert all(path.exists() for path in kept)


def test_nothing_stays_of_those_who_ended_well(minimal: Path) -> None:
    def fail() -> None:
        with at_work(minimal):
            assert len(list((minimal / TOKENS_FOLDER).iterdir())) == 1
            raise InterruptedError

    with pytest.raises(InterruptedError):
        fail()
    assert list((minimal / TOKENS_FOLDER).iterdir()) == []


def test_a_link_is_not_followed(minimal: Path, tmp_path: Path) -> None:
    with worker(minimal) as dead:
        dead.kill()
        dead.wait()
    elsewhere = partial_name(tmp_path / "elsewhere/a.mp3")
    elsewhere.parent.mkdir()
    elsewhere.write_bytes(b"mine")
    (minimal / "build").mkdir()
    (minimal / "build/link").symlink_to(elsewhere.parent, target_is_directory=True)
    with at_work(minimal):
        pass
    assert elsewhere.exists()


def test_a_killed_build_leaves_nothing_to_the_next(minimal: Path) -> None:
    folder = minimal / "episodes/pilot"
    (folder / "audio.lock").unlink()
    speak(folder / "pilot.wav", 44100, 130.0)

    def half_written() -> list[Path]:
        found = [*minimal.rglob(".*.partial"), *minimal.rglob(".*.partial.*")]
        return [path for path in found if ".publisher" in path.parts or "build" in path.parts]

    with process("-m", "publisher", "-C", str(minimal), "build") as child:
        wait_for(half_written)
        os.kill(child.pid, signal.SIGKILL)
        child.wait()
    assert half_written()
    build(BuildRequest(minimal, NOW, 0))
    assert half_written() == []
    assert list((minimal / TOKENS_FOLDER).iterdir()) == []
    assert len(list((minimal / "build/audio").iterdir())) == 1
