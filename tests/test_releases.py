from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from memory import MemoryStorage
from small_show import FEED_KEY, Ep, make_show, publish_show, without_digests

from publisher.errors import SurroundingsError
from publisher.feed.reader import read_items
from publisher.files import digest_bytes
from publisher.model import LiveRecord, PublishedItem
from publisher.publish import read_live
from publisher.releases import (
    FEEDS_PREFIX,
    LIVE_KEY,
    RELEASES_PREFIX,
    Origin,
    Release,
    decode_live,
    decode_release,
    encode_live,
    encode_release,
    feeds_mark,
    parse_release_key,
    release_key,
)

_TEXT = st.text(st.characters(codec="utf-8"), max_size=20)
_MAP = st.dictionaries(_TEXT, _TEXT, max_size=3)
_ITEMS = st.dictionaries(
    _TEXT,
    st.lists(st.builds(PublishedItem, _TEXT, _TEXT, _TEXT, _TEXT, st.integers(0), _TEXT)).map(tuple),
    max_size=2,
)
_RELEASES = st.builds(
    Release,
    number=st.integers(1, 10_000_000),
    parent=_TEXT,
    origin=st.builds(Origin, _TEXT, _TEXT, _TEXT),
    feeds=st.dictionaries(_TEXT, st.from_regex(r"[0-9a-f]{64}", fullmatch=True), min_size=1, max_size=3),
    items=_ITEMS,
    objects=_MAP,
)


@given(_RELEASES)
def test_a_release_reads_as_it_was_written(release: Release) -> None:
    data = encode_release(release)
    assert decode_release(data) == release
    assert encode_release(release) == data
    assert parse_release_key(release_key(release, data)) == (release.number, feeds_mark(release.feeds))


@given(st.builds(LiveRecord, st.integers(0), _TEXT, _MAP, _MAP, _MAP, _ITEMS))
def test_a_live_record_reads_as_it_was_written(record: LiveRecord) -> None:
    assert decode_live(encode_live(record)) == record


def test_equal_records_are_equal_bytes() -> None:
    def record(feeds: dict[str, str]) -> bytes:
        return encode_live(LiveRecord(1, "", feeds, {}, {}, {}))

    assert record({"a": "1", "b": "2"}) == record({"b": "2", "a": "1"})


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@given(st.sampled_from(["release", "key", "feeds", "objects", "etags", "items", "schema"]), _JSON)
def test_a_damaged_record_claims_nothing(member: str, value: object) -> None:
    good = encode_live(LiveRecord(1, "k", {"f": "0"}, {}, {}, {"f": (PublishedItem("", "", "", "", 1),)}))
    content = json.loads(good)
    content[member] = value
    decoded = decode_live(json.dumps(content).encode())
    assert decoded is None or decoded.release >= 0
    assert decode_release(json.dumps(value).encode()) is None


@pytest.mark.parametrize(
    "data", [b"", b"{", b"[]", b"\xff", b"null", b"[" * 100_000, b'{"schema": "other/1"}']
)
def test_bytes_that_are_no_record(data: bytes) -> None:
    assert decode_live(data) is None
    assert decode_release(data) is None


def test_a_record_of_a_newer_version_is_not_guessed_at() -> None:
    with pytest.raises(SurroundingsError, match="newer version"):
        decode_live(b'{"schema": "publisher/live/2"}')
    with pytest.raises(SurroundingsError, match="newer version"):
        decode_release(b'{"schema": "publisher/release/9"}')


@pytest.mark.parametrize(
    "key", ["", ".publisher/live.json", ".publisher/releases/1-2-3.json", "x/000001-0-0.json"]
)
def test_keys_that_are_no_release(key: str) -> None:
    assert parse_release_key(key) is None


def test_every_published_feed_is_kept_byte_for_byte(tmp_path: Path) -> None:
    storage = MemoryStorage()
    shows = [make_show(tmp_path / str(number), [Ep("a", title=f"Title {number}")]) for number in range(3)]
    for show in shows:
        publish_show(show, storage)
    parent = ""
    keys = sorted(key for key in storage.objects if key.startswith(RELEASES_PREFIX))
    assert len(keys) == 3
    for number, (key, show) in enumerate(zip(keys, shows, strict=True), start=1):
        release = decode_release(storage.objects[key].data)
        assert release
        assert (release.number, release.parent) == (number, parent)
        assert release.items == show.items
        assert storage.objects[f"{FEEDS_PREFIX}{release.feeds[FEED_KEY]}.xml"].data == show.feed
        for artifact in show.artifacts:
            assert {**release.objects, **release.feeds}[artifact.key] == artifact.sha256
        parent = key
    live = decode_live(storage.objects[LIVE_KEY].data)
    assert live
    assert (live.release, live.key) == (3, parent)


def test_a_show_that_is_up_to_date_is_read_with_two_requests(tmp_path: Path) -> None:
    storage = MemoryStorage()
    show = make_show(tmp_path, ["a", "b"])
    publish_show(show, storage)
    storage.log.clear()
    live = read_live(storage, show.items, read_items)
    assert storage.log == [("read", FEED_KEY), ("read", LIVE_KEY)]
    assert live.settled
    assert live.feeds[FEED_KEY].items == show.items[FEED_KEY]
    assert live.feeds[FEED_KEY].sha256 == digest_bytes(show.feed)


def test_a_record_of_another_feed_is_not_believed(tmp_path: Path) -> None:
    storage = MemoryStorage()
    publish_show(make_show(tmp_path / "1", ["a"]), storage)
    foreign = make_show(tmp_path / "2", ["a", "b"])
    etag = storage.objects[FEED_KEY].etag
    storage.swap(FEED_KEY, foreign.feed, expected_etag=etag, content_type="x", cache_control="y")
    live = read_live(storage, foreign.items, read_items)
    assert live.record is None
    assert not live.settled
    assert live.last_release == 1
    assert live.feeds[FEED_KEY].items == without_digests(foreign.items[FEED_KEY])
