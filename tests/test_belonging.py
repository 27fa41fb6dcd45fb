"""Whose place a storage is, and whether it keeps to conditions."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from memory import MemoryStorage
from small_show import FEED_KEY, Ep, live_feed, make_show, plan_show, publish_show
from spoken_show import make_spoken
from storage_contract import AUDIO, digest, make_file
from test_cli import run

from publisher.doctor.bucket import examine_storage
from publisher.errors import GuardError, SurroundingsError
from publisher.feed.reader import read_items
from publisher.model import PublishedItem
from publisher.publish import apply, read_live
from publisher.publish.belonging import MARKER_KEY, Claim, look_for_owner, stake
from publisher.storage import Storage

GUID, OTHER = "6b9a0d35-0000-5000-8000-000000000001", "6b9a0d35-0000-5000-8000-000000000002"


def look(storage: Storage, *, guid: str = GUID, adopt: bool = False, show: str = "a") -> Claim:
    live = read_live(storage, [FEED_KEY], read_items)
    item = PublishedItem(f"guid-{show}", "Title", "2026-01-01T06:00:00Z", "https://media.example.org/a", 1)
    return look_for_owner(storage, live, (item,), guid=guid, title="Ours", adopt=adopt)


def test_an_empty_place_becomes_this_show_s(tmp_path: Path) -> None:
    storage = MemoryStorage()
    claim = look(storage)
    assert not claim.is_there
    stake(claim, storage)
    assert json.loads(storage.objects[MARKER_KEY].data)["guid"] == GUID
    apply(plan_show(make_show(tmp_path, [Ep("a")]), storage), storage)
    storage.log.clear()
    assert look(storage).is_there
    assert storage.log == [("read", FEED_KEY), ("read", ".publisher/live.json"), ("read", MARKER_KEY)]


def test_another_show_s_place_is_refused_by_name_with_nothing_written() -> None:
    storage = MemoryStorage()
    stake(look(storage, guid=OTHER), storage)
    before = dict(storage.objects)
    with pytest.raises(GuardError, match=f"the place of another show: Ours \\({OTHER}\\)") as caught:
        look(storage)
    assert "--adopt" in caught.value.hint
    assert storage.objects == before
    stake(look(storage, adopt=True), storage)
    assert look(storage).is_there


def test_what_doctor_wrote_is_in_nobodys_way() -> None:
    storage = MemoryStorage()
    assert all(row.is_well for row in examine_storage("t", storage, datetime.now(UTC)))
    assert storage.objects
    stake(look(storage), storage)
    assert look(storage).is_there


def test_a_place_with_other_files_is_refused(tmp_path: Path) -> None:
    storage = MemoryStorage()
    storage.put_new("index.html", make_file(tmp_path, b"x"), sha256=digest(b"x"), **AUDIO)
    with pytest.raises(GuardError, match=r"already holds files .* such as index\.html"):
        look(storage)
    stake(look(storage, adopt=True), storage)
    assert look(storage).is_there


def test_a_place_published_to_before_there_were_markers_is_known_by_its_episodes(tmp_path: Path) -> None:
    storage = MemoryStorage()
    publish_show(make_show(tmp_path, [Ep("a"), Ep("b")]), storage)
    assert not look(storage).is_there
    with pytest.raises(GuardError, match="a feed of 2 episodes, none of which is of this show"):
        look(storage, show="c")


def test_a_place_that_is_adopted_is_marked_even_if_nothing_else_is_to_do(tmp_path: Path) -> None:
    show = make_spoken(tmp_path / "show", "one")
    run(show, "publish", "--locked")
    marker = show / "public" / MARKER_KEY
    marker.write_text(marker.read_text("utf-8").replace('"guid": "', '"guid": "0'), "utf-8")
    run(show, "publish", "--locked", exit_code=4)
    told = run(show, "publish", "--locked", "--adopt").stdout
    assert "this place is marked as this show's" in told
    assert "nothing to do" not in told
    assert "nothing to do" in run(show, "publish", "--locked").stdout


def test_a_first_publish_that_died_is_gone_on_with(tmp_path: Path) -> None:
    storage = MemoryStorage()
    stake(look(storage), storage)
    storage.put_new("episodes/a.mp3", make_file(tmp_path, b"x"), sha256=digest(b"x"), **AUDIO)
    assert look(storage).is_there


def test_a_marker_that_is_none_is_not_believed(tmp_path: Path) -> None:
    for data in (b"", b"[]", b'{"guid": 1}', b'{"guid": "x"}', b"[" * 100_000):
        storage = MemoryStorage()
        storage.swap(MARKER_KEY, data, expected_etag=None, **AUDIO)
        with pytest.raises(GuardError):
            look(storage)


def test_two_first_publishes_of_one_show_agree_and_of_two_shows_one_is_refused() -> None:
    storage = MemoryStorage()
    ours, again, theirs = look(storage), look(storage), look(storage, guid=OTHER)
    stake(ours, storage)
    stake(again, storage)
    with pytest.raises(GuardError) as caught:
        stake(theirs, storage)
    assert caught.value.live_feed == "unchanged"


@dataclass
class Careless(MemoryStorage):
    """A store that overlooks one of the two conditions, as some do."""

    overlooks: str = ""

    def swap(
        self, key: str, data: bytes, *, expected_etag: str | None, content_type: str, cache_control: str
    ) -> str:
        if (expected_etag is None) == (self.overlooks == "If-None-Match"):
            there = self.objects.get(key)
            expected_etag = there.etag if there else None
        return super().swap(
            key, data, expected_etag=expected_etag, content_type=content_type, cache_control=cache_control
        )


@pytest.mark.parametrize("condition", ["If-None-Match", "If-Match"])
def test_a_store_without_conditions_is_found_out_before_anything_is_published(
    tmp_path: Path, condition: str
) -> None:
    storage = Careless(overlooks=condition)
    for _ in range(2):  # in a place that is new, and in one that is marked
        with pytest.raises(SurroundingsError, match="does not keep to conditions") as caught:
            stake(look(storage), storage)
        assert "conditional_writes = false" in caught.value.hint
        assert caught.value.exit_code == 3
        assert caught.value.live_feed == "unchanged"
    assert storage.objects.keys() == {MARKER_KEY}
    storage.has_conditions = False
    stake(look(storage), storage)
    publish_show(make_show(tmp_path, [Ep("a")]), storage)
    assert live_feed(storage)
