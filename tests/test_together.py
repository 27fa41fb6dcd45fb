"""Several episodes are brought up to date at once, and told of as one step."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from publisher.building.assembly import make_audio
from publisher.building.request import BuildRequest, Progress
from publisher.building.together import settle_together
from publisher.errors import Problem, SourceError, SurroundingsError

NOW = datetime(2026, 6, 1, tzinfo=UTC)


class Screen:
    """Keeps what a progress bar would have shown."""

    def __init__(self) -> None:
        self.labels: list[str] = []
        self.told: list[tuple[float, float]] = []

    @contextmanager
    def show(self, label: str, _total: float, _unit: str) -> Iterator[Callable[..., None]]:
        self.labels.append(label)
        yield lambda done, total=0, _stage="": self.told.append((done, total))


def test_several_are_told_of_as_one_and_come_in_their_order() -> None:
    screen = Screen()

    def finish(number: int) -> Callable[[Progress], int]:
        def task(progress: Progress) -> int:
            with progress(f"finishing {number}", 0, "audio") as advance:
                advance(5, 0, "measuring")
                advance(5, 10, "encoding")
                advance(10, 10, "encoding")
                advance(3, 10, "checking")
            return number

        return task

    assert settle_together({str(n): finish(n) for n in range(5)}, screen.show) == {
        str(n): n for n in range(5)
    }
    assert screen.labels == ["finishing 5 episodes"]
    assert [done for done, _ in screen.told] == sorted(done for done, _ in screen.told)
    assert screen.told[-1] == (50, 50)


def test_a_single_one_tells_its_own_progress() -> None:
    screen = Screen()

    def task(progress: Progress) -> str:
        with progress("finishing part-1", 0, "audio") as advance:
            advance(1, 2, "checking")
        return "done"

    assert settle_together({"part-1": task}, screen.show) == {"part-1": "done"}
    assert (screen.labels, screen.told) == (["finishing part-1"], [(1, 2)])


def test_problems_of_all_are_told_together() -> None:
    done: list[str] = []

    def fails(name: str) -> Callable[[Progress], None]:
        def task(_: Progress) -> None:
            raise SourceError((Problem(f"{name} is silent"),))

        return task

    with pytest.raises(SourceError) as caught:
        settle_together({"a": fails("a"), "b": lambda _: done.append("b"), "c": fails("c")}, Screen().show)
    assert [problem.message for problem in caught.value.problems] == ["a is silent", "c is silent"]
    assert done == ["b"]


def test_a_full_disk_stops_the_others() -> None:
    begun, ended = threading.Event(), threading.Event()

    def fails(_: Progress) -> None:
        begun.wait(2)
        raise SurroundingsError("the disk is full")

    def works(progress: Progress) -> None:
        with progress("finishing b", 0, "audio") as advance:
            begun.set()
            try:
                while True:
                    advance(1, 2, "encoding")
            finally:
                ended.set()

    with pytest.raises(SurroundingsError, match="the disk is full"):
        settle_together({"a": fails, "b": works}, Screen().show)
    assert ended.wait(5) is begun.is_set()  # on a single core, it is not even begun


@pytest.mark.integration
def test_two_episodes_at_once_are_the_same_as_one_after_the_other(own_show: Path, tmp_path: Path) -> None:
    for lock in own_show.glob("episodes/*/audio.lock"):
        lock.unlink()
    alone = tmp_path / "alone"
    shutil.copytree(own_show, alone)
    together = make_audio(BuildRequest(own_show, NOW, 0), ())
    assert [entry.state for entry in together] == ["made", "made"]
    for slug in ("bakersfield-part-2", "bakersfield-part-1"):
        make_audio(BuildRequest(alone, NOW, 0), (slug,))
    folders = (own_show / "build" / "audio", alone / "build" / "audio")
    files = [{path.name: path.read_bytes() for path in folder.iterdir()} for folder in folders]
    assert len(files[0]) == 2
    assert files[0] == files[1]
    for lock in own_show.glob("episodes/*/audio.lock"):
        assert lock.read_bytes() == (alone / lock.relative_to(own_show)).read_bytes()
