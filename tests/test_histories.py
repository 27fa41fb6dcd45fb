"""Generated histories of several people at work, crashes and losses among them, and one listener who judges."""

from __future__ import annotations

import contextlib
import random
import tempfile
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from breaking import BreakingStorage, Killed
from depth import examples
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from listener import Listener
from memory import MemoryStorage
from small_show import BASE, FEED_KEY, Ep, Show, differences, make_show, plan_show, publish_show

from publisher.errors import ConflictError, GuardError, PublisherError, SurroundingsError
from publisher.publish import apply
from publisher.storage import Storage

NAMES = "abcdefgh"


def get(storage: MemoryStorage) -> Callable[[str], tuple[bytes, str] | None]:
    def found(key: str) -> tuple[bytes, str] | None:
        kept = storage.objects.get(key)
        return (kept.data, kept.etag) if kept else None

    return found


class Newsroom(RuleBasedStateMachine):
    """Three people with a checkout each, one repository, one target, one listener."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.storage = MemoryStorage()
        self.listener = Listener(get(self.storage), BASE, FEED_KEY)
        self.repository: tuple[Ep, ...] = (Ep("seed"),)
        self.checkouts: list[tuple[Ep, ...]] = [self.repository] * 3
        self.removed: frozenset[str] = frozenset()
        self.builds = 0

    def teardown(self) -> None:
        self.folder.cleanup()

    def build(self, person: int) -> Show:
        self.builds += 1
        return make_show(Path(self.folder.name, str(self.builds)), self.checkouts[person])

    @initialize()
    def first(self) -> None:
        publish_show(self.build(0), self.storage)

    @rule(person=st.integers(0, 2))
    def pull(self, person: int) -> None:
        self.checkouts[person] = self.repository

    @rule(person=st.integers(0, 2), name=st.sampled_from(NAMES))
    def add(self, person: int, name: str) -> None:
        """Write an episode, in the repository and in the own checkout; nobody else has it yet."""
        if (
            not any(ep.name == name for ep in (*self.repository, *self.checkouts[person]))
            and name not in self.removed
        ):
            self.repository = (Ep(name), *self.repository)
            self.checkouts[person] = (Ep(name), *self.checkouts[person])

    @rule(person=st.integers(0, 2), at=st.integers(0, 8), title=st.text("xyz ü<&", min_size=1, max_size=4))
    def retitle(self, person: int, at: int, title: str) -> None:
        self.checkouts[person] = edited(self.checkouts[person], at, title=f"t{title}")

    @rule(person=st.integers(0, 2), at=st.integers(0, 8), page=st.sampled_from("123"))
    def correct_the_page(self, person: int, at: int, page: str) -> None:
        self.checkouts[person] = edited(self.checkouts[person], at, page=page)

    @rule(person=st.integers(0, 2), at=st.integers(0, 8))
    def lose_an_episode(self, person: int, at: int) -> None:
        mine = self.checkouts[person]
        if len(mine) > 1:
            self.checkouts[person] = mine[: at % len(mine)] + mine[at % len(mine) + 1 :]

    @rule(person=st.integers(0, 2), at=st.integers(0, 8))
    def change_a_guid(self, person: int, at: int) -> None:
        self.checkouts[person] = edited(self.checkouts[person], at, guid=f"other-{at}")

    @rule(person=st.integers(0, 2), at=st.integers(0, 8))
    def encode_anew(self, person: int, at: int) -> None:
        self.checkouts[person] = edited(self.checkouts[person], at, audio=b"another encoder")

    @rule(person=st.integers(0, 2))
    def publish(self, person: int) -> None:
        with contextlib.suppress(GuardError):
            publish_show(self.build(person), self.storage)

    @rule(person=st.integers(0, 2), point=st.integers(1, 40), after=st.booleans())
    def crash(self, person: int, point: int, after: bool) -> None:
        """Die before or after any request, or lose its answer for good."""

        def die(number: int, _: str) -> None:
            if number == point:
                raise Killed

        broken = (
            BreakingStorage(self.storage, after=die) if after else BreakingStorage(self.storage, before=die)
        )
        with contextlib.suppress(GuardError, Killed):
            publish_show(self.build(person), broken)

    @rule(person=st.integers(0, 2), point=st.integers(1, 40), after=st.booleans())
    def fail(self, person: int, point: int, after: bool) -> None:
        def break_down(number: int, _: str) -> None:
            if number >= point:
                raise SurroundingsError("no answer")

        inner = self.storage
        broken = BreakingStorage(inner, after=break_down) if after else BreakingStorage(inner, break_down)
        before = self.storage.objects[FEED_KEY].data
        try:
            publish_show(self.build(person), broken)
        except GuardError:
            pass
        except SurroundingsError as error:
            changed = self.storage.objects[FEED_KEY].data != before
            assert error.live_feed in {None, "unknown", "updated" if changed else "unchanged"}

    @rule(ours=st.integers(0, 2), theirs=st.integers(0, 2), point=st.integers(1, 40))
    def race(self, ours: int, theirs: int, point: int) -> None:
        """Let somebody else publish in the middle of our publish."""

        def meanwhile(number: int, _: str) -> None:
            if number == point:
                with contextlib.suppress(GuardError):
                    publish_show(self.build(theirs), self.storage)

        with contextlib.suppress(GuardError, ConflictError):
            publish_show(self.build(ours), BreakingStorage(self.storage, before=meanwhile))

    @precondition(lambda self: len(self.listener.heard) > 2)
    @rule(person=st.integers(0, 2), at=st.integers(0, 8))
    def withdraw(self, person: int, at: int) -> None:
        """Take an episode out on purpose, by its guid."""
        mine = self.checkouts[person]
        gone = mine[at % len(mine)]
        guid = gone.guid or f"guid-{gone.name}"
        self.lose_an_episode(person, at)
        if len(mine) > 1:
            before = self.removed
            self.removed = before | {guid}
            try:
                publish_show(self.build(person), self.storage, allow_remove=frozenset({guid}))
            except GuardError:
                self.removed = before
            else:
                self.repository = tuple(ep for ep in self.repository if ep.name != gone.name)

    @invariant()
    def nobody_complains(self) -> None:
        self.listener.poll(removed=self.removed)
        assert self.listener.complaints == []

    @rule()
    def the_next_publish_finishes(self) -> None:
        """Run the same command again, after whatever happened: it finishes the job."""
        show = self.build(0)
        with contextlib.suppress(GuardError):
            publish_show(show, self.storage)
            assert differences(self.storage, show) == []
            assert plan_show(show, self.storage).is_empty


def edited(episodes: tuple[Ep, ...], at: int, **how: Any) -> tuple[Ep, ...]:
    at %= len(episodes)
    return (*episodes[:at], replace(episodes[at], **how), *episodes[at + 1 :])


TestNewsroom = pytest.mark.integration(Newsroom.TestCase)
TestNewsroom.settings = settings(max_examples=examples(50, deep=3000), stateful_step_count=40)


@pytest.mark.parametrize("seed", range(300))
def test_a_random_loss_of_episodes_is_named(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    names = [f"e{number}" for number in range(chance.randint(2, 12))]
    kept = [name for name in names if chance.random() < 0.7] or names[:1]
    storage = MemoryStorage()
    publish_show(make_show(tmp_path / "all", names), storage)
    feed = storage.objects[FEED_KEY].data
    show = make_show(tmp_path / "less", kept)
    if kept == names:
        assert plan_show(show, storage).is_empty
        return
    with pytest.raises(GuardError) as refused:
        publish_show(show, storage)
    told = "\n".join(problem.message for problem in refused.value.problems)
    assert all(f'"Episode {name}"' in told for name in names if name not in kept)
    assert storage.objects[FEED_KEY].data == feed


@dataclass
class Race:
    """Eight people who publish one new episode each, again and again, from what they last saw."""

    storage: Storage
    folder: Path
    rounds: int

    def run(self) -> tuple[int, int]:
        wins = losses = 0
        live: tuple[Ep, ...] = (Ep("seed"),)
        publish_show(make_show(self.folder / "seed", live), self.storage)
        for turn in range(self.rounds):
            barrier = threading.Barrier(8)
            results: list[PublisherError | Show | None] = [None] * 8

            def publish(
                who: int,
                live: tuple[Ep, ...] = live,
                turn: int = turn,
                barrier: Any = barrier,
                results: Any = results,
            ) -> None:
                show = make_show(self.folder / f"{turn}-{who}", (Ep(f"e{turn}-{who}"), *live))
                plan = plan_show(show, self.storage)
                barrier.wait()
                try:
                    apply(plan, self.storage)
                    results[who] = show
                except ConflictError as error:
                    results[who] = error

            threads = [threading.Thread(target=publish, args=(who,)) for who in range(8)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            (winner,) = [who for who, result in enumerate(results) if isinstance(result, Show)]
            wins += 1
            losses += sum(isinstance(result, ConflictError) for result in results)
            live = (Ep(f"e{turn}-{winner}"), *live)
        return wins, losses


def test_of_eight_publishers_one_wins_every_round(tmp_path: Path) -> None:
    storage = MemoryStorage()
    listener = Listener(get(storage), BASE, FEED_KEY)
    assert Race(storage, tmp_path, 50).run() == (50, 350)
    listener.poll()
    assert listener.complaints == []
    assert len(listener.heard) == 51


@pytest.mark.parametrize(
    ("breakage", "complaint"),
    [
        (lambda feed: feed.replace(b"guid-a", b"guid-z"), "guid-a vanished"),
        (lambda feed: feed.replace(b"/a/audio", b"/a/other"), "downloaded again"),
        (lambda feed: feed.replace(b"length='", b"length='1"), "bytes instead of"),
        (lambda feed: feed[:-40], "cannot be read"),
        (lambda feed: feed.replace(b"<item>", b"<item><guid>guid-a</guid>", 1), "twice"),
    ],
)
def test_the_listener_notices(tmp_path: Path, breakage: Callable[[bytes], bytes], complaint: str) -> None:
    storage = MemoryStorage()
    listener = Listener(get(storage), BASE, FEED_KEY)
    publish_show(make_show(tmp_path, ["b", "a"]), storage)
    listener.poll()
    assert listener.complaints == []
    kept = storage.objects[FEED_KEY]
    storage.objects[FEED_KEY] = replace(kept, data=breakage(kept.data), etag='"broken"')
    listener.poll()
    assert complaint in " ".join(listener.complaints)
