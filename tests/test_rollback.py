from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from breaking import BreakingStorage
from memory import MemoryStorage
from s3_server import running_server, use_credentials
from small_show import FEED_KEY, Ep, Show, live_feed, make_show, plan_show, publish_show
from spoken_show import make_spoken, write_spoken
from test_cli import edit, run, run_json

from publisher.errors import ConflictError, SurroundingsError, UsageError
from publisher.feed.reader import read_items
from publisher.model import Role
from publisher.publish import Origin, apply
from publisher.publish.history import read_history
from publisher.publish.rollback import Rollback, plan_rollback, roll_back
from publisher.releases import FEEDS_PREFIX, RELEASES_PREFIX
from publisher.storage import Storage, open_storage
from publisher.storage.directory import DirectoryStorage

MANY = 20


def publish_many(storage: Storage, folder: Path, count: int = MANY) -> list[Show]:
    """Publish `count` releases, each with one episode more, or another title."""
    shows = []
    for number in range(1, count + 1):
        episodes = [Ep(f"e{at}", title=f"Title {number}") for at in range(number, 0, -1)]
        shows.append(make_show(folder / str(number), episodes))
        publish_show(shows[-1], storage)
    return shows


def back(storage: Storage, number: int | None = None) -> Rollback:
    plan = plan_rollback(storage, [FEED_KEY], number, read_items, target_name="test")
    roll_back(plan, storage)
    return plan


@pytest.fixture(params=["memory", "directory"])
def storage(request: pytest.FixtureRequest, tmp_path: Path) -> Storage:
    return MemoryStorage() if request.param == "memory" else DirectoryStorage(tmp_path / "public")


def go_everywhere(storage: Storage, folder: Path, reopen: Callable[[], Storage]) -> None:
    shows = publish_many(storage, folder)
    for number in [*range(MANY, 0, -1), *range(1, MANY + 1)]:
        fresh = reopen()
        before = fresh.requests
        back(fresh, number)
        assert fresh.requests - before <= 4, (number, fresh.requests)
        assert live_feed(storage) == shows[number - 1].feed


def test_twenty_releases_there_and_back_again(storage: Storage, tmp_path: Path) -> None:
    go_everywhere(storage, tmp_path, lambda: storage)


@pytest.mark.integration
def test_twenty_releases_there_and_back_again_in_a_bucket(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    use_credentials(monkeypatch)
    target = running_server().new_target()
    go_everywhere(open_storage(target, tmp_path), tmp_path, lambda: open_storage(target, tmp_path))


def test_without_a_number_it_is_the_release_before(storage: Storage, tmp_path: Path) -> None:
    shows = publish_many(storage, tmp_path, 3)
    assert back(storage).number == 2
    assert live_feed(storage) == shows[1].feed
    assert back(storage).number == 1
    with pytest.raises(UsageError, match="is the first"):
        back(storage)
    assert back(storage, 3).number == 3
    assert live_feed(storage) == shows[2].feed


def test_going_to_where_one_is_does_nothing(tmp_path: Path) -> None:
    storage = MemoryStorage()
    publish_many(storage, tmp_path, 2)
    storage.log.clear()
    plan = back(storage, 2)
    assert (plan.feeds, plan.impact) == ((), ())
    assert storage.writes == []


def test_a_release_that_is_not_there(storage: Storage, tmp_path: Path) -> None:
    publish_many(storage, tmp_path, 2)
    with pytest.raises(UsageError, match="no release 9"):
        back(storage, 9)
    with pytest.raises(UsageError):
        back(MemoryStorage())


def test_the_plan_speaks_about_listeners(storage: Storage, tmp_path: Path) -> None:
    publish_show(make_show(tmp_path / "1", ["a"]), storage)
    publish_show(make_show(tmp_path / "2", ["b", Ep("a", title="Worse")]), storage)
    plan = plan_rollback(storage, [FEED_KEY], 1, read_items, target_name="test")
    assert '1 episode removed: "Episode b"' in plan.impact
    assert 'the title of "Worse" becomes "Episode a"' in plan.impact
    assert "the web pages stay as they are" in plan.impact[-1]


def test_somebody_publishes_while_the_plan_is_read(storage: Storage, tmp_path: Path) -> None:
    publish_many(storage, tmp_path, 2)
    plan = plan_rollback(storage, [FEED_KEY], 1, read_items, target_name="test")
    newer = make_show(tmp_path / "newer", ["z", "e2", "e1"])
    publish_show(newer, storage)
    with pytest.raises(ConflictError) as caught:
        roll_back(plan, storage)
    assert caught.value.live_feed == "unchanged"
    assert live_feed(storage) == newer.feed


def test_a_lost_answer_is_asked_about(tmp_path: Path) -> None:
    inner = MemoryStorage()
    shows = publish_many(inner, tmp_path, 2)
    breaking = BreakingStorage(inner)
    plan = plan_rollback(breaking, [FEED_KEY], 1, read_items, target_name="test")

    def lose(number: int, key: str) -> None:
        if number == 4:
            raise SurroundingsError("the network is gone")

    breaking.after = lose
    roll_back(plan, breaking)
    assert live_feed(inner) == shows[0].feed


@pytest.mark.parametrize("how", ["damaged", "gone"])
def test_a_damaged_copy_is_never_made_live(tmp_path: Path, how: str) -> None:
    folder = tmp_path / "public"
    storage = DirectoryStorage(folder)
    shows = publish_many(storage, tmp_path, 3)
    copy = folder / f"{FEEDS_PREFIX}{next(a.sha256 for a in shows[0].artifacts if a.role is Role.FEED)}.xml"
    copy.write_bytes(b"x") if how == "damaged" else copy.unlink()
    with pytest.raises(SurroundingsError, match=how):
        back(storage, 1)
    assert live_feed(storage) == shows[2].feed


@pytest.mark.parametrize("left", [0, 300])
def test_a_damaged_live_feed_is_no_hindrance(tmp_path: Path, left: int) -> None:
    show = make_spoken(tmp_path / "show", "one", "two")
    run(show, "publish", "--yes")
    feed = show / "public/small-show.xml"
    released = feed.read_bytes()
    feed.write_bytes(released[:left])
    assert "publisher rollback N" in run(show, "publish", "--yes", exit_code=4).stderr
    told = run(show, "rollback", exit_code=2).stderr
    assert "publisher rollback 1" in told
    assert "live feed: unchanged" in told
    assert "apps get 2 episodes again" in run(show, "rollback", "1", "--yes").stdout
    assert feed.read_bytes() == released
    assert "nothing to do" in run(show, "publish", "--yes").stdout


def test_publishing_goes_on_after_a_return(storage: Storage, tmp_path: Path) -> None:
    shows = publish_many(storage, tmp_path, 3)
    back(storage, 1)
    assert publish_show(shows[2], storage).release == 4
    assert live_feed(storage) == shows[2].feed
    assert plan_show(shows[2], storage).is_empty
    history = read_history(storage, [FEED_KEY])
    assert [(past.release.number, past.state) for past in history] == [
        (4, "live"), (3, "aside"), (2, "earlier"), (1, "earlier"),
    ]  # fmt: skip


def test_a_race_for_a_number_is_decided_by_what_followed(tmp_path: Path) -> None:
    storage = MemoryStorage()
    publish_show(make_show(tmp_path / "1", ["a"]), storage)
    ours = plan_show(make_show(tmp_path / "ours", ["x", "a"]), storage)
    theirs = make_show(tmp_path / "theirs", ["y", "a"])
    publish_show(theirs, storage)
    with pytest.raises(ConflictError):
        apply(ours, storage)
    publish_show(make_show(tmp_path / "3", ["z", "y", "a"]), storage)
    assert len([key for key in storage.objects if key.startswith(f"{RELEASES_PREFIX}000002")]) == 2
    back(storage, 2)
    assert live_feed(storage) == theirs.feed
    assert [past.state for past in read_history(storage, [FEED_KEY])].count("aside") == 1


def test_several_feeds_go_back_together(storage: Storage, tmp_path: Path) -> None:
    def bilingual(folder: Path, episodes: list[str]) -> Show:
        one, two = make_show(folder, episodes), make_show(folder, episodes, feed_key="show-es.xml")
        return Show((*one.artifacts, *two.artifacts), {**one.items, **two.items})

    keys = [FEED_KEY, "show-es.xml"]
    first = bilingual(tmp_path / "1", ["a"])
    publish_show(first, storage)
    publish_show(bilingual(tmp_path / "2", ["b", "a"]), storage)
    roll_back(plan_rollback(storage, keys, None, read_items, target_name="test"), storage)
    feeds = {a.key: a.path.read_bytes() for a in first.artifacts if a.role is Role.FEED}
    assert {key: live_feed(storage, key) for key in keys} == feeds


def test_a_feed_never_comes_back_under_another_feed_s_name(tmp_path: Path) -> None:
    show = make_spoken(tmp_path / "show", "one")
    run(show, "publish", "--yes")
    edit(show, "show.toml", "[feeds.small-show]", "[feeds.renamed]")
    run(show, "publish", "--yes", "--drop-feed", "small-show.xml")
    before = {path.name: path.read_bytes() for path in (show / "public").glob("*.xml")}
    assert before.keys() == {"renamed.xml", "small-show.xml"}
    told = run(show, "rollback", "1", "--yes", exit_code=2).stderr
    assert {path.name: path.read_bytes() for path in (show / "public").glob("*.xml")} == before
    assert "release 1 has no renamed.xml" in told
    edit(show, "show.toml", "[feeds.renamed]", "[feeds.small-show]")
    assert "live already" in run(show, "rollback", "1", "--yes").stdout


@pytest.mark.parametrize("number", [1, 2])
def test_the_history_names_a_damaged_record(storage: Storage, tmp_path: Path, number: int) -> None:
    publish_many(storage, tmp_path, 2)
    key = next(entry.key for entry in storage.list(f"{RELEASES_PREFIX}00000{number}"))
    stored = storage.read(key)
    assert stored
    storage.swap(
        key,
        stored.data[:-5],
        expected_etag=stored.etag,
        content_type="application/json",
        cache_control="no-store",
    )
    newest, first = read_history(storage, [FEED_KEY])
    assert (newest.release.number, first.release.number) == (2, 1)
    assert [newest.state, first.state] == (["live", "damaged"] if number == 1 else ["damaged", "earlier"])
    assert "cannot be read" in newest.changes[0]


def test_the_history_tells_who_when_and_what(storage: Storage, tmp_path: Path) -> None:
    publish_show(make_show(tmp_path / "1", ["a"]), storage)
    origin = Origin("c0ffee", "2026-05-01T10:00:00+00:00", "the evening shift")
    apply(
        plan_show(make_show(tmp_path / "2", ["b", Ep("a", title="Better")]), storage), storage, origin=origin
    )
    newest, first = read_history(storage, [FEED_KEY])
    assert (newest.release.number, newest.episodes, newest.state) == (2, 2, "live")
    assert newest.release.origin == origin
    assert newest.changes[:2] == (
        '1 new episode: "Episode b"', 'the title of "Episode a" becomes "Better"',
    )  # fmt: skip
    assert (first.release.number, first.episodes) == (1, 1)


def test_a_revision_is_read_from_gits_own_files(tmp_path: Path) -> None:
    from publisher.gitfiles import read_revision

    commit, show = "1" * 40, tmp_path / "repository/show"
    show.mkdir(parents=True)
    assert read_revision(show) == ""
    git = tmp_path / "repository/.git"
    (git / "refs/heads").mkdir(parents=True)
    (git / "HEAD").write_text("ref: refs/heads/main\n")
    assert read_revision(show) == ""
    (git / "packed-refs").write_text(f"# pack-refs with: peeled\n{commit} refs/heads/main\n")
    assert read_revision(show) == commit
    (git / "refs/heads/main").write_text("2" * 40 + "\n")
    assert read_revision(show) == "2" * 40
    (git / "HEAD").write_text("3" * 40)
    assert read_revision(show) == "3" * 40
    worktree = tmp_path / "worktree"
    (git / "worktrees/w").mkdir(parents=True)
    (git / "worktrees/w/HEAD").write_text("ref: refs/heads/main\n")
    (git / "worktrees/w/commondir").write_text("../..\n")
    worktree.mkdir()
    (worktree / ".git").write_text(f"gitdir: {git / 'worktrees/w'}\n")
    assert read_revision(worktree) == "2" * 40


def test_the_commands(tmp_path: Path) -> None:
    show = make_spoken(tmp_path / "show", "one", "two")
    live = show / "public/small-show.xml"
    run(show, "publish", "--locked")
    first = live.read_bytes()
    write_spoken(show, "three", date="2026-02-01 06:00")
    run(show, "publish", "--locked")
    second = live.read_bytes()
    assert first != second
    assert '1 episode removed: "Episode three"' in run(show, "rollback", "--yes").stdout
    assert live.read_bytes() == first
    assert "Episode three" in run(show, "releases").stdout
    document = run_json(show, "releases")
    assert [(entry["release"], entry["state"]) for entry in document["releases"]] == [
        (2, "earlier"),
        (1, "live"),
    ]
    assert document["releases"][0]["changes"][0] == '1 new episode: "Episode three"'
    document = run_json(show, "rollback", "2")
    assert (document["live"], document["requests"] <= 4) == ("updated", True)
    assert live.read_bytes() == second
    assert "nothing to do" in run(show, "rollback", "2").stdout
    assert "no release 7" in run(show, "rollback", "7", exit_code=2).stderr
    assert "nothing to do" in run(show, "publish", "--locked").stdout
