from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from breaking import BreakingStorage, Killed
from memory import MemoryStorage
from small_show import (
    FEED_KEY,
    Ep,
    Show,
    complaints,
    differences,
    live_feed,
    make_show,
    plan_show,
    publish_show,
)

from publisher.errors import ConflictError, PublisherError, StoppedError, SurroundingsError
from publisher.files import digest_file
from publisher.model import Plan, Role
from publisher.publish import Origin, apply
from publisher.releases import LIVE_KEY
from publisher.storage import Storage
from publisher.storage.directory import DirectoryStorage
from publisher.storage.protocol import Outcome

OLD = [Ep("b"), Ep("a")]
CHANGES = {
    "a new episode": [Ep("c"), *OLD],
    "a corrected title": [Ep("b"), Ep("a", title="Better")],
    "only a page": [Ep("b"), Ep("a", page="nicer")],
    "all of it": [Ep("d"), Ep("c"), Ep("b", page="nicer"), Ep("a", title="Better")],
}


@pytest.fixture(params=["memory", "directory"])
def storage(request: pytest.FixtureRequest, tmp_path: Path) -> Storage:
    return MemoryStorage() if request.param == "memory" else DirectoryStorage(tmp_path / "public")


def test_everything_is_published_and_then_there_is_nothing_to_do(storage: Storage, tmp_path: Path) -> None:
    show = make_show(tmp_path, OLD)
    published = publish_show(show, storage)
    assert differences(storage, show) == []
    assert (published.release, published.uploaded, published.kept) == (1, len(show.artifacts), 0)
    assert published.live == "updated"
    again = publish_show(show, storage)
    assert (again.release, again.uploaded, again.kept) == (1, 0, len(show.artifacts))
    assert again.live == "unchanged"
    assert again.feeds == published.feeds == {FEED_KEY: plan_show(show, storage).live.feeds[FEED_KEY].sha256}


def test_a_second_publish_writes_nothing(tmp_path: Path) -> None:
    storage = MemoryStorage()
    show = make_show(tmp_path, OLD)
    publish_show(show, storage)
    storage.log.clear()
    publish_show(show, storage)
    assert storage.log == [("read", FEED_KEY), ("read", LIVE_KEY)]


def test_a_second_publish_leaves_every_file_of_a_folder_alone(tmp_path: Path) -> None:
    show = make_show(tmp_path / "built", OLD)
    folder = tmp_path / "public"

    def state() -> dict[str, tuple[int, int]]:
        return {str(p): (p.stat().st_mtime_ns, p.stat().st_ino) for p in sorted([folder, *folder.rglob("*")])}

    publish_show(show, DirectoryStorage(folder))
    before = state()
    publish_show(show, DirectoryStorage(folder))
    assert state() == before


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_sends_only_what_changed(tmp_path: Path, change: str) -> None:
    storage = MemoryStorage()
    publish_show(make_show(tmp_path / "old", OLD), storage)
    storage.log.clear()
    new = make_show(tmp_path / "new", CHANGES[change])
    plan = plan_show(new, storage)
    planned = {step.key for step in plan.steps if step.action != "keep"}
    apply(plan, storage)
    written = [key for _, key in storage.writes]
    assert {key for key in written if ".publisher/" not in key} == {
        key for key in planned if ".publisher/" not in key
    }
    assert written[-1] == LIVE_KEY
    assert not [key for verb, key in storage.log if verb == "read" and key.endswith(".html")]
    assert differences(storage, new) == []
    assert plan_show(new, storage).is_empty


def test_the_order_of_writing(tmp_path: Path) -> None:
    storage = MemoryStorage()
    publish_show(make_show(tmp_path / "old", OLD), storage)
    storage.log.clear()
    publish_show(make_show(tmp_path / "new", CHANGES["all of it"]), storage)

    def kind(key: str) -> str:
        for mark in ("mp3", "vtt", ".publisher/feeds", ".publisher/releases", "live.json", FEED_KEY):
            if mark in key:
                return mark
        return "listing" if key == "index.html" else "new page" if key[9] in "cd" else "page"

    order: list[str] = []
    for _, key in storage.writes:
        if kind(key) not in order:
            order.append(kind(key))
    assert set(order[:2]) == {"mp3", "vtt"}
    assert order[2:] == [
        "new page", ".publisher/feeds", ".publisher/releases", FEED_KEY, "page", "listing", "live.json",
    ]  # fmt: skip


def test_progress_ends_at_what_was_announced(storage: Storage, tmp_path: Path) -> None:
    publish_show(make_show(tmp_path / "old", OLD), storage)
    plan = plan_show(make_show(tmp_path / "new", CHANGES["all of it"]), storage)
    told: list[float] = []
    apply(plan, storage, on_progress=told.append)
    assert told[-1] == plan.bytes_to_send
    assert told == sorted(told)


def test_types_and_caching_reach_the_storage(tmp_path: Path) -> None:
    storage = MemoryStorage()
    show = make_show(tmp_path, OLD)
    publish_show(show, storage)
    for artifact in show.artifacts:
        kept = storage.objects[artifact.key]
        assert (kept.content_type, kept.cache_control) == (artifact.content_type, artifact.cache_control)


def test_a_file_removed_by_hand_from_a_folder_comes_back(tmp_path: Path) -> None:
    show = make_show(tmp_path / "built", OLD)
    storage = DirectoryStorage(tmp_path / "public")
    publish_show(show, storage)
    for role in (Role.MEDIA, Role.PAGE, Role.LISTING):
        artifact = next(a for a in show.artifacts if a.role is role)
        (tmp_path / "public" / artifact.key).unlink()
        published = publish_show(show, storage)
        assert (published.uploaded, published.live, published.release) == (1, "unchanged", 1)
        assert differences(storage, show) == []


def test_media_that_are_there_are_not_sent_again(tmp_path: Path) -> None:
    storage = MemoryStorage()
    show = make_show(tmp_path, OLD)
    for artifact in show.artifacts:
        if artifact.role is Role.MEDIA:
            storage.put_new(
                artifact.key, artifact.path, sha256=artifact.sha256, content_type="a", cache_control="b"
            )
    storage.log.clear()
    published = publish_show(show, storage)
    assert published.kept == 2
    assert [key for verb, key in storage.log if verb == "put_new" and key.endswith("mp3")] == []


class ForgetfulStorage(MemoryStorage):
    """A storage that loses the first of each file after it has said that the file is there."""

    def put_new(self, key: str, path: Path, **settings: Any) -> Outcome:
        outcome = super().put_new(key, path, **settings)
        if ("lost", key) not in self.log:
            self.log.append(("lost", key))
            del self.objects[key]
        return outcome


def test_what_a_store_lost_meanwhile_is_sent_again(tmp_path: Path) -> None:
    storage = ForgetfulStorage()
    show = make_show(tmp_path, OLD)
    publish_show(show, storage)
    assert [a.key for a in show.artifacts if a.immutable and a.key not in storage.objects] == []


def test_other_bytes_under_the_name_of_the_audio_stop_everything(tmp_path: Path) -> None:
    storage = MemoryStorage()
    show = make_show(tmp_path, OLD)
    audio = next(a for a in show.artifacts if a.role is Role.MEDIA)
    damaged = tmp_path / "damaged"
    damaged.write_bytes(b"half of it")
    storage.put_new(audio.key, damaged, sha256=digest_file(damaged), content_type="a", cache_control="b")
    with pytest.raises(SurroundingsError, match="already in") as caught:
        publish_show(show, storage)
    assert audio.key in caught.value.message
    assert caught.value.live_feed == "unchanged"
    assert live_feed(storage) is None


@pytest.mark.parametrize("role", [Role.MEDIA, Role.PAGE, Role.FEED])
@pytest.mark.parametrize("how", ["changed", "gone"])
def test_a_built_file_that_is_not_what_was_planned(
    storage: Storage, tmp_path: Path, role: Role, how: str
) -> None:
    publish_show(make_show(tmp_path / "old", OLD), storage)
    new = make_show(tmp_path / "new", CHANGES["all of it"])
    plan = plan_show(new, storage)
    todo = {step.key for step in plan.steps if step.action != "keep"}
    artifact = next(a for a in new.artifacts if a.role is role and a.key in todo)
    if how == "gone":
        artifact.path.unlink()
    else:
        artifact.path.write_bytes(b"changed")
    before = live_feed(storage)
    with pytest.raises(SurroundingsError) as caught:
        apply(plan, storage)
    assert caught.value.live_feed == "unchanged"
    assert caught.value.hint
    assert live_feed(storage) == before


# Two people


def test_of_two_publishers_one_wins_and_the_other_is_told(storage: Storage, tmp_path: Path) -> None:
    publish_show(make_show(tmp_path / "old", OLD), storage)
    ours = make_show(tmp_path / "ours", [Ep("c"), *OLD])
    theirs = make_show(tmp_path / "theirs", [Ep("d"), *OLD])
    plan = plan_show(ours, storage)
    apply(
        plan_show(theirs, storage),
        storage,
        origin=Origin(published_at="2026-05-01T10:00:00Z", published_by="the evening shift"),
    )
    with pytest.raises(ConflictError) as caught:
        apply(plan, storage)
    assert caught.value.exit_code == 5
    assert "release 2 of 2026-05-01T10:00:00Z by the evening shift is live" in caught.value.message
    assert caught.value.live_feed == "unchanged"
    assert live_feed(storage) == theirs.feed
    assert differences(storage, theirs) == []
    assert plan_show(theirs, storage).is_empty


def test_two_who_publish_the_same_both_succeed(storage: Storage, tmp_path: Path) -> None:
    show = make_show(tmp_path, OLD)
    plan = plan_show(show, storage)
    publish_show(show, storage)
    assert apply(plan, storage).live == "updated"
    assert plan_show(show, storage).is_empty


def test_two_who_change_only_pages(storage: Storage, tmp_path: Path) -> None:
    publish_show(make_show(tmp_path / "old", OLD), storage)
    plan = plan_show(make_show(tmp_path / "ours", [Ep("b"), Ep("a", page="ours")]), storage)
    theirs = make_show(tmp_path / "theirs", [Ep("b"), Ep("a", page="theirs")])
    publish_show(theirs, storage)
    with pytest.raises(ConflictError) as caught:
        apply(plan, storage)
    assert caught.value.live_feed == "unchanged"
    assert differences(storage, theirs) == []


@pytest.mark.parametrize("change", CHANGES)
def test_somebody_publishes_at_any_moment_of_our_publish(tmp_path: Path, change: str) -> None:
    old = make_show(tmp_path / "old", OLD)
    ours = make_show(tmp_path / "ours", CHANGES[change])
    theirs = make_show(
        tmp_path / "theirs",
        [Ep("x"), Ep("c", page="theirs"), Ep("b", page="theirs"), Ep("a", title="Theirs")],
    )
    for point in range(1, 100):
        storage = MemoryStorage()
        publish_show(old, storage)
        broken = BreakingStorage(storage)
        plan = plan_show(ours, broken)
        start = broken.count
        took_part: list[object] = []

        def somebody(
            number: int,
            _: str,
            at: int = start + point,
            inner: MemoryStorage = storage,
            took_part: list[object] = took_part,
        ) -> None:
            if number == at:
                names = frozenset({"guid-c", "guid-d"})
                took_part.append(publish_show(theirs, inner, allow_remove=names))

        broken.before = somebody
        try:
            apply(plan, broken)
        except ConflictError as error:
            assert error.live_feed in {"unchanged", "updated"}
            lost = True
        else:
            lost = False
        if not took_part:
            assert not lost
            return
        assert complaints(storage, [old, ours, theirs]) == []
        assert differences(storage, theirs) == [], point
        publish_show(theirs, storage, allow_remove=frozenset({"guid-c", "guid-d"}))
        assert differences(storage, theirs) == [], point
        assert plan_show(theirs, storage).is_empty
    raise AssertionError("the publish never ended")


# Death and failure at every request


def break_everywhere(
    old: Show | None,
    new: Show,
    break_at: Callable[[BreakingStorage, int], None],
    change: str = "",
) -> list[tuple[int, MemoryStorage, BaseException]]:
    """Publish `new` over `old` once for every request there is, with that request broken."""
    broken_runs: list[tuple[int, MemoryStorage, BaseException]] = []
    for point in range(1, 200):
        storage = MemoryStorage()
        if old:
            publish_show(old, storage)
        breaking = BreakingStorage(storage)
        plan = plan_show(new, breaking)
        break_at(breaking, breaking.count + point)
        try:
            apply(plan, breaking)
        except (Killed, PublisherError) as error:
            broken_runs.append((point, storage, error))
        else:
            if breaking.count < point + 1:
                return broken_runs
            broken_runs.append((point, storage, KeyError("it went well nevertheless")))
    raise AssertionError("the publish never ended")


def kill_before(storage: BreakingStorage, point: int) -> None:
    def before(number: int, _: str) -> None:
        if number == point:
            raise Killed

    storage.before = before


def kill_after(storage: BreakingStorage, point: int) -> None:
    def after(number: int, _: str) -> None:
        if number == point:
            raise Killed

    storage.after = after


def fail_before(storage: BreakingStorage, point: int) -> None:
    def before(number: int, _: str) -> None:
        if number == point:
            raise SurroundingsError("the network is gone")

    storage.before = before


def lose_answer(storage: BreakingStorage, point: int) -> None:
    def after(number: int, _: str) -> None:
        if number == point:
            raise SurroundingsError("the network is gone")

    storage.after = after


def interrupt(storage: BreakingStorage, point: int) -> None:
    def after(number: int, _: str) -> None:
        if number == point:
            raise KeyboardInterrupt

    storage.after = after


BREAKAGES = [kill_before, kill_after, fail_before, lose_answer, interrupt]


@pytest.mark.parametrize("breakage", BREAKAGES)
@pytest.mark.parametrize("change", ["the first publish", *CHANGES])
def test_whatever_breaks_listeners_are_served_and_the_next_run_finishes(
    tmp_path: Path, change: str, breakage: Callable[[BreakingStorage, int], None]
) -> None:
    first = change == "the first publish"
    old = None if first else make_show(tmp_path / "old", OLD)
    new = make_show(tmp_path / "new", OLD if first else CHANGES[change])
    runs = break_everywhere(old, new, breakage)
    assert len(runs) >= 4
    for point, storage, error in runs:
        assert complaints(storage, [show for show in (old, new) if show]) == [], point
        if isinstance(error, PublisherError):
            feed = old.feed if old else None
            truth = "unchanged" if live_feed(storage) == feed else "updated"
            if isinstance(error, StoppedError) and error.live_feed == "unknown":
                truth = "unknown"  # stopped between the swap and its answer
            assert error.live_feed == truth or (only_pages(change) and error.live_feed == "unchanged"), point
        storage.log.clear()
        publish_show(new, storage)
        assert differences(storage, new) == [], point
        assert plan_show(new, storage).is_empty, point


def only_pages(change: str) -> bool:
    return change == "only a page"


@pytest.mark.parametrize("change", ["the first publish", "all of it"])
def test_what_was_sent_before_a_kill_is_not_sent_again(tmp_path: Path, change: str) -> None:
    old = None if change == "the first publish" else make_show(tmp_path / "old", OLD)
    new = make_show(tmp_path / "new", CHANGES["all of it"])
    for _, storage, _ in break_everywhere(old, new, kill_after):
        there = set(storage.objects)
        storage.log.clear()
        publish_show(new, storage)
        again = [key for verb, key in storage.log if verb == "put_new" and key in there]
        assert [key for key in again if ".publisher" not in key] == []


@pytest.mark.parametrize("breakage", [kill_before, kill_after])
def test_a_kill_then_a_change_of_mind(
    tmp_path: Path, breakage: Callable[[BreakingStorage, int], None]
) -> None:
    """A publish dies, the sources go back to what they were: then all pages do, too."""
    old = make_show(tmp_path / "old", OLD)
    for change in ("only a page", "a corrected title"):
        new = make_show(tmp_path / change, CHANGES[change])
        for point, storage, _ in break_everywhere(old, new, breakage):
            publish_show(old, storage)
            assert differences(storage, old) == [], (change, point)


def test_two_kills_and_a_change_of_mind(tmp_path: Path) -> None:
    """The live record of the first state must not be believed when its feed comes back half way."""
    old = make_show(tmp_path / "old", OLD)
    new = make_show(tmp_path / "new", CHANGES["a corrected title"])
    for first, storage, _ in break_everywhere(old, new, kill_after):
        snapshot = dict(storage.objects)
        for point in range(1, 60):
            storage.objects = dict(snapshot)
            breaking = BreakingStorage(storage)
            plan = plan_show(old, breaking)
            kill_after(breaking, breaking.count + point)
            try:
                apply(plan, breaking)
            except Killed:
                publish_show(old, storage)
                assert differences(storage, old) == [], (first, point)
            else:
                break


def feed_first(plan: Plan) -> Plan:
    feeds = [step for step in plan.steps if step.artifact and step.artifact.role is Role.FEED]
    return replace(plan, steps=(*feeds, *(step for step in plan.steps if step not in feeds)))


def test_the_judge_catches_a_publisher_that_sends_the_feed_first(tmp_path: Path) -> None:
    old, new = make_show(tmp_path / "old", OLD), make_show(tmp_path / "new", CHANGES["a new episode"])
    found = 0
    for point in range(1, 8):
        storage = MemoryStorage()
        publish_show(old, storage)
        breaking = BreakingStorage(storage)
        plan = feed_first(plan_show(new, breaking))
        kill_before(breaking, breaking.count + point)
        with pytest.raises(Killed):
            apply(plan, breaking)
        found += bool(complaints(storage, [old, new]))
    assert found >= 2


def test_an_unknown_fate_is_said(tmp_path: Path) -> None:
    storage = MemoryStorage()
    breaking = BreakingStorage(storage)
    plan = plan_show(make_show(tmp_path, OLD), breaking)

    def gone(_: int, key: str) -> None:
        if key == FEED_KEY:
            raise SurroundingsError("the network is gone")

    breaking.after = gone
    with pytest.raises(SurroundingsError) as caught:
        apply(plan, breaking)
    assert caught.value.live_feed == "unknown"


def test_a_page_that_somebody_else_changes_behind_our_feed(tmp_path: Path) -> None:
    storage = MemoryStorage()
    publish_show(make_show(tmp_path / "old", OLD), storage)
    breaking = BreakingStorage(storage)
    new = make_show(tmp_path / "new", CHANGES["a corrected title"])
    plan = plan_show(new, breaking)

    def meddle(_: int, key: str) -> None:
        if key == FEED_KEY:
            page = storage.objects["episodes/a/index.html"]
            storage.objects["episodes/a/index.html"] = replace(page, data=b"theirs", etag='"theirs"')

    breaking.after = meddle
    with pytest.raises(ConflictError) as caught:
        apply(plan, breaking)
    assert caught.value.live_feed == "updated"
    assert "episodes/a/index.html" in caught.value.message
    publish_show(new, storage)
    assert differences(storage, new) == []


class EndlessStorage(MemoryStorage):
    """A storage to which one audio file goes on and on, while another fails."""

    def put_new(self, key: str, path: Path, **settings: Any) -> Outcome:
        if key.startswith("episodes/b/audio"):
            while True:  # as boto3 does, which takes every Exception for a reason to try again
                with suppress(Exception):
                    settings["on_bytes"](0)
                    time.sleep(0.01)
        if key.startswith("episodes/a/audio"):
            time.sleep(0.05)
            raise SurroundingsError("the network is gone")
        return super().put_new(key, path, **settings)


def test_one_failure_ends_an_upload_that_is_under_way(tmp_path: Path) -> None:
    with pytest.raises(SurroundingsError, match="the network is gone"):
        publish_show(make_show(tmp_path, OLD), EndlessStorage())


def test_one_failure_ends_the_other_uploads(tmp_path: Path) -> None:
    """With a hundred files to send, the first failure is told at once and no new upload is begun."""
    show = make_show(tmp_path, [f"n{number}" for number in range(100)])
    breaking = BreakingStorage(MemoryStorage())
    plan = plan_show(show, breaking)
    fail_before(breaking, breaking.count + 10)
    with pytest.raises(SurroundingsError, match="the network is gone"):
        apply(plan, breaking)
    assert breaking.count < 60


def test_several_feeds_are_one_release(storage: Storage, tmp_path: Path) -> None:
    def bilingual(folder: Path, episodes: list[Ep]) -> Show:
        one, two = make_show(folder, episodes), make_show(folder, episodes, feed_key="show-es.xml")
        return Show((*one.artifacts, *two.artifacts), {**one.items, **two.items})

    publish_show(bilingual(tmp_path / "1", OLD), storage)
    new = bilingual(tmp_path / "2", CHANGES["a new episode"])
    assert publish_show(new, storage).release == 2
    assert differences(storage, new) == []
    assert plan_show(new, storage).is_empty
