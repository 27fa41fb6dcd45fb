from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from memory import MemoryStorage
from small_show import FEED_KEY, Ep, Show, make_show, plan_show, publish_show

from publisher.errors import GuardError, UsageError
from publisher.feed.reader import read_items
from publisher.model import Channel, Live, LiveFeed, Plan, PublishedItem, Role, Step
from publisher.plan import make_plan
from publisher.plan.guards import Allowed, FeedState, PlanRefusedError, audio_changed, guard
from publisher.publish import read_live
from publisher.releases import LIVE_KEY

NOTHING = Live(feeds={})


@pytest.fixture
def storage() -> MemoryStorage:
    return MemoryStorage()


def first_plan(show: Show, live: Live = NOTHING) -> Plan:
    return make_plan(show.artifacts, show.items, live, target_name="local")


def keys(plan: Plan, *actions: str) -> list[str]:
    return [step.key for step in plan.steps if step.action in (actions or ("put", "swap"))]


def kind(step: Step) -> str:
    if step.artifact:
        return step.artifact.role.value
    return "live" if step.key == LIVE_KEY else "record"


def test_the_first_publish_puts_everything_in_the_order_that_is_safe(tmp_path: Path) -> None:
    plan = first_plan(make_show(tmp_path, ["a", "b"]))
    assert [kind(step) for step in plan.steps] == [
        "media", "media", "sidecar", "sidecar", "page", "page", "record", "record", "feed", "listing", "live",
    ]  # fmt: skip
    assert {step.action for step in plan.steps} == {"put", "swap"}
    assert plan.release == 1
    assert not plan.is_empty
    assert plan.bytes_to_send > sum(a.bytes for a in make_show(tmp_path, ["a", "b"]).artifacts)
    assert plan.impact == ("a new feed: show.xml", '2 new episodes: "Episode a", "Episode b"')


def test_the_order_does_not_depend_on_the_order_of_the_artifacts(tmp_path: Path) -> None:
    show = make_show(tmp_path, ["a", "b"])
    backwards = Show(tuple(reversed(show.artifacts)), show.items)
    assert [kind(step) for step in first_plan(backwards).steps] == [
        kind(step) for step in first_plan(show).steps
    ]


def test_nothing_to_do(storage: MemoryStorage, tmp_path: Path) -> None:
    show = make_show(tmp_path, ["a"])
    publish_show(show, storage)
    plan = plan_show(show, storage)
    assert plan.is_empty
    assert plan.impact == ()
    assert plan.release is None
    assert {step.action for step in plan.steps} == {"keep"}
    assert len(plan.steps) == len(show.artifacts)


def test_a_new_episode(storage: MemoryStorage, tmp_path: Path) -> None:
    publish_show(make_show(tmp_path / "1", ["a"]), storage)
    plan = plan_show(make_show(tmp_path / "2", ["b", "a"]), storage)
    assert [kind(step) for step in plan.steps if step.action != "keep"] == [
        "media", "sidecar", "page", "record", "record", "feed", "listing", "live",
    ]  # fmt: skip
    assert all("/b/" in key for key in keys(plan)[:3])
    assert plan.release == 2
    assert plan.impact == (
        '1 new episode: "Episode b"',
        "1 episode keeps its audio: nobody downloads anything again",
    )


def test_a_corrected_title(storage: MemoryStorage, tmp_path: Path) -> None:
    publish_show(make_show(tmp_path / "1", ["a", "b"]), storage)
    plan = plan_show(make_show(tmp_path / "2", [Ep("a", title="Better"), "b"]), storage)
    assert [kind(step) for step in plan.steps if step.action != "keep"] == [
        "record", "record", "feed", "page", "listing", "live",
    ]  # fmt: skip
    assert plan.impact == (
        'the title of "Episode a" becomes "Better"',
        "2 episodes keep their audio: nobody downloads anything again",
    )


def test_a_moved_date(storage: MemoryStorage, tmp_path: Path) -> None:
    publish_show(make_show(tmp_path / "1", ["a"]), storage)
    moved = make_show(tmp_path / "2", [Ep("a", date="2026-02-01T06:00:00Z")])
    with pytest.raises(GuardError, match="would move from 2026-01-01T06:00:00Z") as caught:
        plan_show(moved, storage)
    assert "--move-date guid-a" in caught.value.hint
    plan = plan_show(moved, storage, allow_move_date=frozenset({"guid-a"}))
    assert plan.impact[0] == (
        'the date of "Episode a" moves from 2026-01-01T06:00:00Z to 2026-02-01T06:00:00Z'
    )


def test_other_words_about_the_show(storage: MemoryStorage, tmp_path: Path) -> None:
    publish_show(make_show(tmp_path / "1", ["a"]), storage)
    plan = plan_show(make_show(tmp_path / "2", ["a"], about="Other words"), storage)
    assert plan.impact[0] == "the show's details or the notes of episodes change"


def test_a_changed_page_alone_makes_no_release(storage: MemoryStorage, tmp_path: Path) -> None:
    publish_show(make_show(tmp_path / "1", ["a"]), storage)
    plan = plan_show(make_show(tmp_path / "2", [Ep("a", page="nicer")]), storage)
    assert keys(plan) == ["episodes/a/index.html", LIVE_KEY]
    assert plan.release is None
    assert plan.impact == (
        "the web pages change; podcast apps notice nothing, nobody downloads anything again",
    )


def test_what_a_feed_changed_by_hand_leaves_unknown_is_to_be_compared_not_new(
    storage: MemoryStorage, tmp_path: Path
) -> None:
    show = make_show(tmp_path, ["a", "b"])
    publish_show(show, storage)
    there = storage.objects[FEED_KEY]
    storage.objects[FEED_KEY] = replace(there, data=there.data.replace(b"A show", b"My show"), etag='"other"')
    plan = plan_show(show, storage)
    assert {step.reason for step in plan.steps if step.artifact and step.artifact.role is not Role.FEED} == {
        "to be compared, as it is not known for certain what is there"
    }
    assert plan.impact[0] == "the show's details or the notes of episodes change"


def test_a_lost_live_record_lets_files_be_compared_and_no_page_changes(
    storage: MemoryStorage, tmp_path: Path
) -> None:
    show = make_show(tmp_path, ["a"])
    publish_show(show, storage)
    del storage.objects[LIVE_KEY]
    plan = plan_show(show, storage)
    assert {step.reason for step in plan.steps if step.artifact and step.action != "keep"} == {
        "to be compared, as it is not known for certain what is there"
    }
    assert plan.impact == (
        "files are compared with what is there, and sent only where they differ; "
        "podcast apps notice nothing, nobody downloads anything again",
    )


def test_audio_at_another_address_is_not_other_audio(storage: MemoryStorage, tmp_path: Path) -> None:
    show = make_show(tmp_path, ["a", "b"])
    publish_show(show, storage)
    moved = {
        key: tuple(replace(item, audio_url=item.audio_url.replace("media", "cdn")) for item in items)
        for key, items in show.items.items()
    }
    feed = next(artifact for artifact in show.artifacts if artifact.key == FEED_KEY)
    feed.path.write_bytes(feed.path.read_bytes().replace(b"media", b"cdn"))
    data = feed.path.read_bytes()
    other = replace(feed, sha256=hashlib.sha256(data).hexdigest(), bytes=len(data))
    artifacts = tuple(other if artifact is feed else artifact for artifact in show.artifacts)
    plan = plan_show(Show(artifacts, moved), storage, allow_base_url=True)
    assert plan.impact == (
        "2 episodes with the same audio at another address, which some apps may download again: "
        '"Episode a", "Episode b"',
    )


def test_many_episodes_are_counted_and_some_are_named(tmp_path: Path) -> None:
    plan = first_plan(make_show(tmp_path, [f"n{number}" for number in range(8)]))
    assert plan.impact[1] == (
        '8 new episodes: "Episode n0", "Episode n1", "Episode n2", "Episode n3", "Episode n4" and 3 more'
    )


def test_many_new_titles(storage: MemoryStorage, tmp_path: Path) -> None:
    names = [f"n{number}" for number in range(8)]
    publish_show(make_show(tmp_path / "1", names), storage)
    plan = plan_show(make_show(tmp_path / "2", [Ep(name, title=f"T {name}") for name in names]), storage)
    assert len(plan.impact) == 5 + 2
    assert plan.impact[5] == "3 more titles change"


def test_a_feed_that_is_no_longer_built_is_named(storage: MemoryStorage, tmp_path: Path) -> None:
    publish_show(make_show(tmp_path / "1", ["a"]), storage)
    renamed = make_show(tmp_path / "2", ["a"], feed_key="renamed.xml")
    with pytest.raises(GuardError, match="is live but no longer in show") as caught:
        plan_show(renamed, storage)
    assert "--drop-feed show.xml" in caught.value.hint
    plan = plan_show(renamed, storage, allow_drop_feed=frozenset({"show.xml"}))
    assert any(line.startswith("show.xml stays as it is") for line in plan.impact)


# Guards


def test_an_episode_that_vanished_is_named(storage: MemoryStorage, tmp_path: Path) -> None:
    publish_show(make_show(tmp_path / "1", ["a", "b", "c"]), storage)
    with pytest.raises(GuardError) as caught:
        plan_show(make_show(tmp_path / "2", ["b"]), storage)
    assert caught.value.exit_code == 4
    assert [
        '"Episode a"' in caught.value.problems[0].message,
        '"Episode c"' in caught.value.problems[1].message,
    ] == [
        True,
        True,
    ]
    assert "--remove guid-a" in caught.value.problems[0].hint
    assert "--remove guid-c" in caught.value.problems[1].hint
    assert len(caught.value.problems) == 2


def test_only_the_named_episode_may_go(storage: MemoryStorage, tmp_path: Path) -> None:
    publish_show(make_show(tmp_path / "1", ["a", "b", "c"]), storage)
    fewer = make_show(tmp_path / "2", ["b"])
    with pytest.raises(GuardError) as caught:
        plan_show(fewer, storage, allow_remove=frozenset({"guid-a"}))
    assert len(caught.value.problems) == 1
    plan = plan_show(
        fewer, storage, allow_remove=frozenset({"guid-a", "guid-c", "guid-never-there"}), allow_shrink_to=1
    )
    assert '2 episodes removed: "Episode a", "Episode c"' in plan.impact


def test_removing_again_after_a_success_is_no_mistake(storage: MemoryStorage, tmp_path: Path) -> None:
    publish_show(make_show(tmp_path / "1", ["a", "b"]), storage)
    fewer = make_show(tmp_path / "2", ["b"])
    publish_show(fewer, storage, allow_remove=frozenset({"guid-a"}))
    assert plan_show(fewer, storage, allow_remove=frozenset({"guid-a"})).is_empty


def test_the_last_episode_never_goes(storage: MemoryStorage, tmp_path: Path) -> None:
    publish_show(make_show(tmp_path / "1", ["a", "b"]), storage)
    with pytest.raises(GuardError, match="no episode left") as caught:
        plan_show(make_show(tmp_path / "2", []), storage, allow_remove=frozenset({"guid-a", "guid-b"}))
    assert "Episode a" in caught.value.message
    assert "Episode b" in caught.value.message


def test_a_date_written_in_another_way_has_not_moved(storage: MemoryStorage, tmp_path: Path) -> None:
    publish_show(make_show(tmp_path / "1", [Ep("a", date="2026-01-01T06:00:00+00:00")]), storage)
    for key in [key for key in storage.objects if key.startswith(".publisher/")]:
        del storage.objects[key]
    later = make_show(tmp_path / "2", [Ep("a", date="2025-12-31T22:00:00-08:00", title="Better")])
    assert not [line for line in plan_show(later, storage).impact if "date" in line]


def test_many_that_leave_at_once_are_counted(storage: MemoryStorage, tmp_path: Path) -> None:
    names = [f"n{number:02}" for number in range(30)]
    publish_show(make_show(tmp_path / "1", names), storage)
    fewer = make_show(tmp_path / "2", names[4:])
    gone = frozenset(f"guid-{name}" for name in names[:4])
    with pytest.raises(GuardError, match="4 of 30 episodes would leave show") as caught:
        plan_show(fewer, storage, allow_remove=gone)
    assert "--shrink-to 26" in caught.value.hint
    with pytest.raises(GuardError, match="at once"):
        plan_show(fewer, storage, allow_remove=gone, allow_shrink_to=25)
    assert plan_show(fewer, storage, allow_remove=gone, allow_shrink_to=26).release == 2
    assert plan_show(make_show(tmp_path / "3", names[3:]), storage, allow_withdrawn=gone).release == 2


def test_an_episode_does_not_come_early_by_the_servers_clock(storage: MemoryStorage, tmp_path: Path) -> None:
    publish_show(make_show(tmp_path / "1", ["a"]), storage)
    show = make_show(tmp_path / "2", [Ep("b", date="2026-03-01T06:00:00Z"), "a"])
    live = read_live(storage, show.items, read_items)

    def plan(now: datetime, *early: str) -> Plan:
        allowed = Allowed(early=frozenset(early))
        return make_plan(show.artifacts, show.items, live, target_name="t", allowed=allowed, now=now)

    due = datetime(2026, 3, 1, 6, tzinfo=UTC)
    with pytest.raises(GuardError, match="time has not come") as caught:
        plan(due - timedelta(seconds=1))
    assert "Episode b" not in caught.value.message
    assert "--early guid-b" in caught.value.hint
    assert plan(due).release == 2
    assert plan(due - timedelta(days=1), "guid-b").release == 2


def test_another_show_is_not_published_over_this_one(tmp_path: Path) -> None:
    show = make_show(tmp_path, ["a"])
    item = show.items[FEED_KEY]
    live = Live(feeds={FEED_KEY: LiveFeed("0", "e", item, Channel("Show", ("Education",)))})

    def plan(channel: Channel, **named: Any) -> Plan:
        return make_plan(
            show.artifacts, show.items, live,
            target_name="t", channels={FEED_KEY: channel}, allowed=Allowed(**named),
        )  # fmt: skip

    assert plan(Channel("Show", ("Education",))).release == 1
    assert plan(Channel()).release == 1
    with pytest.raises(GuardError, match='from "Show" to "Other"') as caught:
        plan(Channel("Other", ("Education",)))
    assert "--change-show-title" in caught.value.hint
    with pytest.raises(GuardError, match="from Education to Arts > Design") as caught:
        plan(Channel("Show", ("Arts > Design",)))
    assert "--change-categories" in caught.value.hint
    with pytest.raises(GuardError) as caught:
        plan(Channel("Other", ("Arts",)), show_title=True)
    assert len(caught.value.problems) == 1
    assert plan(Channel("Other", ("Arts",)), show_title=True, categories=True).release == 1


@pytest.mark.parametrize(
    "renamed",
    [
        Ep("a", guid="other"),  # the same audio
        Ep("a", guid="other", audio=b"also other audio"),  # the same title and date
        Ep("a", guid="other", title="And another title"),
    ],
)
def test_a_changed_guid_is_refused_by_name(storage: MemoryStorage, tmp_path: Path, renamed: Ep) -> None:
    publish_show(make_show(tmp_path / "1", ["b", "a"]), storage)
    with pytest.raises(GuardError) as caught:
        plan_show(make_show(tmp_path / "2", ["b", renamed]), storage)
    (problem,) = caught.value.problems
    assert "from guid-a to other" in problem.message
    assert "guid: guid-a" in problem.hint
    assert "--change-guid guid-a" in problem.hint
    plan = plan_show(
        make_show(tmp_path / "2", ["b", renamed]), storage, allow_change_guid=frozenset({"guid-a"})
    )
    assert plan.impact[0].startswith("1 new episode")


def test_two_swapped_guids_are_changed_audio(storage: MemoryStorage, tmp_path: Path) -> None:
    publish_show(make_show(tmp_path / "1", ["a", "b"]), storage)
    swapped = make_show(tmp_path / "2", [Ep("a", guid="guid-b"), Ep("b", guid="guid-a")])
    with pytest.raises(GuardError) as caught:
        plan_show(swapped, storage)
    assert len(caught.value.problems) == 2


def test_changed_audio_needs_its_own_flag(storage: MemoryStorage, tmp_path: Path) -> None:
    publish_show(make_show(tmp_path / "1", ["a", "b"]), storage)
    louder = make_show(tmp_path / "2", [Ep("a", audio=b"louder"), "b"])
    for allowed in (frozenset[str](), frozenset({"guid-b"})):
        with pytest.raises(GuardError) as caught:
            plan_show(louder, storage, allow_replace_audio=allowed, allow_remove=frozenset({"guid-a"}))
        (problem,) = caught.value.problems
        assert '"Episode a"' in problem.message
        assert "--replace-audio guid-a" in problem.hint
    plan = plan_show(louder, storage, allow_replace_audio=frozenset({"guid-a"}))
    assert plan.impact == (
        '1 episode with other audio, which apps may download again: "Episode a"',
        "1 episode keeps its audio",
    )


def test_without_a_record_the_feed_itself_is_the_witness(storage: MemoryStorage, tmp_path: Path) -> None:
    publish_show(make_show(tmp_path / "1", ["a", "b"]), storage)
    for key in [key for key in storage.objects if key.startswith(".publisher/")]:
        del storage.objects[key]
    with pytest.raises(GuardError, match="Episode a"):
        plan_show(make_show(tmp_path / "2", ["b"]), storage)
    with pytest.raises(GuardError, match="Episode b"):
        plan_show(make_show(tmp_path / "3", ["a", Ep("b", audio=b"other")]), storage)


def test_every_feed_is_guarded_and_says_it_once(storage: MemoryStorage, tmp_path: Path) -> None:
    def bilingual(folder: Path, names: list[str]) -> Show:
        one, two = make_show(folder, names), make_show(folder, names, feed_key="show-es.xml")
        return Show((*one.artifacts, *two.artifacts), {**one.items, **two.items})

    publish_show(bilingual(tmp_path / "1", ["a", "b"]), storage)
    with pytest.raises(GuardError) as caught:
        plan_show(bilingual(tmp_path / "2", ["b"]), storage)
    assert len(caught.value.problems) == 1


def test_a_live_feed_that_nobody_can_read_stops_everything(storage: MemoryStorage, tmp_path: Path) -> None:
    storage.swap(FEED_KEY, b"<html>", expected_etag=None, content_type="text/html", cache_control="no-store")
    with pytest.raises(GuardError, match="cannot be read"):
        plan_show(make_show(tmp_path, ["a"]), storage)


def test_one_name_for_two_files_is_a_mistake(tmp_path: Path) -> None:
    show = make_show(tmp_path, ["a"])
    again = replace(show.artifacts[0], sha256="0" * 64)
    with pytest.raises(UsageError, match="two different files"):
        first_plan(Show((*show.artifacts, again), show.items))
    assert first_plan(Show((*show.artifacts, show.artifacts[0]), show.items)).steps == first_plan(show).steps


def test_what_one_side_does_not_know_it_does_not_contradict() -> None:
    item = PublishedItem("g", "T", "D", "https://example.org/a.mp3", 10, "ab")
    assert not audio_changed(replace(item, audio_sha256="", audio_bytes=0), item)
    assert audio_changed(replace(item, audio_sha256="cd"), item)
    assert audio_changed(replace(item, audio_bytes=11), item)
    assert audio_changed(replace(item, audio_url="https://example.org/b.mp3"), item)


_ITEMS = st.lists(
    st.builds(
        PublishedItem,
        guid=st.sampled_from("abcdef"),
        title=st.sampled_from(["One", "Two"]),
        date=st.sampled_from(["1", "2"]),
        audio_url=st.sampled_from(["u", "v", "w"]),
        audio_bytes=st.integers(0, 2),
        audio_sha256=st.sampled_from(["", "x", "y"]),
    ),
    unique_by=lambda item: item.guid,
).map(tuple)


@given(_ITEMS, _ITEMS, st.frozensets(st.sampled_from("abcdef")), st.frozensets(st.sampled_from("abcdef")))
def test_whatever_passes_the_guards_takes_nothing_away_unasked(
    before: tuple[PublishedItem, ...],
    after: tuple[PublishedItem, ...],
    remove: frozenset[str],
    replace_audio: frozenset[str],
) -> None:
    now = {item.guid: item for item in after}
    try:
        guard(
            {"feed": FeedState(before)},
            {"feed": FeedState(after)},
            Allowed(remove, replace_audio, shrink_to=len(after)),
        )
    except PlanRefusedError as error:
        assert error.problems
        assert before
        return
    for item in before:
        assert item.guid in now or item.guid in remove
        if item.guid in now and item.guid not in replace_audio:
            assert item.audio_url == now[item.guid].audio_url
    assert after or not before


def test_making_a_plan_touches_nothing(storage: MemoryStorage, tmp_path: Path) -> None:
    show = make_show(tmp_path, ["a"])
    live = read_live(storage, show.items, read_items)
    asked = storage.requests
    make_plan(show.artifacts, show.items, live, target_name="t")
    assert storage.requests == asked
    assert [verb for verb, _ in storage.log] == ["read", "read", "list"]
    assert all(step.artifact is None or step.artifact.role in Role for step in first_plan(show).steps)
