"""The contract that every storage keeps; a test module subclasses it with a `storage` fixture."""

from __future__ import annotations

import hashlib
import threading
from pathlib import Path
from typing import TypedDict

import pytest

from publisher.errors import ConflictError, SurroundingsError, UsageError
from publisher.storage import Entry, StaleError, Storage


class Headers(TypedDict):
    content_type: str
    cache_control: str


AUDIO: Headers = {"content_type": "audio/mpeg", "cache_control": "public, max-age=31536000, immutable"}
FEED: Headers = {"content_type": "application/rss+xml", "cache_control": "public, max-age=300"}
WRITERS = 8


def digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def make_file(folder: Path, data: bytes, name: str = "source.bin") -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


def stored_as(storage: Storage, key: str) -> tuple[bytes, str]:
    """Return an object's bytes and etag; its type, where one is kept, is the one that was given."""
    stored = storage.read(key)
    assert stored
    assert stored.content_type in {"", FEED["content_type"]}
    return stored.data, stored.etag


def read_back(storage: Storage, key: str) -> bytes | None:
    stored = storage.read(key)
    return stored.data if stored else None


def race(count: int, work: object) -> list[object]:
    """Run `work(number)` in threads that start together; return what each gave or raised."""
    results: list[object] = [None] * count
    barrier = threading.Barrier(count)

    def run(number: int) -> None:
        barrier.wait()
        try:
            results[number] = work(number)  # type: ignore[operator]
        except ConflictError as error:
            results[number] = error

    threads = [threading.Thread(target=run, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


class StorageContract:
    def test_what_is_not_there_is_none(self, storage: Storage) -> None:
        assert storage.read("feed.xml") is None
        assert storage.summarise("feed.xml") is None
        assert list(storage.list()) == []

    @pytest.mark.parametrize("size", [0, 1, 65_537, 3_000_000])
    def test_put_new_creates_exactly_these_bytes(self, storage: Storage, tmp_path: Path, size: int) -> None:
        data = bytes(index * 7 % 251 for index in range(size))
        sent: list[int] = []
        outcome = storage.put_new(
            "episodes/part-i/audio-1.mp3",
            make_file(tmp_path, data),
            sha256=digest(data),
            on_bytes=sent.append,
            **AUDIO,
        )
        assert outcome == "created"
        assert read_back(storage, "episodes/part-i/audio-1.mp3") == data
        summary = storage.summarise("episodes/part-i/audio-1.mp3")
        assert summary
        assert (summary.sha256, summary.bytes) == (digest(data), size)
        assert summary.content_type in {"", AUDIO["content_type"]}
        assert sum(sent) == size

    @pytest.mark.parametrize("look_first", [False, True])
    def test_put_new_of_the_same_bytes_exists(
        self, storage: Storage, tmp_path: Path, look_first: bool
    ) -> None:
        path = make_file(tmp_path, b"audio")
        assert (
            storage.put_new("a.mp3", path, sha256=digest(b"audio"), look_first=look_first, **AUDIO)
            == "created"
        )
        assert (
            storage.put_new("a.mp3", path, sha256=digest(b"audio"), look_first=look_first, **AUDIO)
            == "exists"
        )
        assert read_back(storage, "a.mp3") == b"audio"

    @pytest.mark.parametrize("look_first", [False, True])
    @pytest.mark.parametrize("there", [b"AUDIO", b"audi", b"", b"audio and more"])
    def test_put_new_never_overwrites_and_never_believes_a_name(
        self, storage: Storage, tmp_path: Path, there: bytes, look_first: bool
    ) -> None:
        storage.put_new("a.mp3", make_file(tmp_path, there, "there"), sha256=digest(there), **AUDIO)
        path = make_file(tmp_path, b"audio")
        with pytest.raises(SurroundingsError, match=r"a\.mp3 is already in") as caught:
            storage.put_new("a.mp3", path, sha256=digest(b"audio"), look_first=look_first, **AUDIO)
        assert caught.value.hint
        assert read_back(storage, "a.mp3") == there

    def test_put_new_refuses_a_file_that_is_not_its_digest(self, storage: Storage, tmp_path: Path) -> None:
        with pytest.raises(SurroundingsError):
            storage.put_new("a.mp3", make_file(tmp_path, b"changed"), sha256=digest(b"planned"), **AUDIO)
        assert storage.read("a.mp3") is None
        assert list(storage.list()) == []

    def test_one_of_many_creators_creates(self, storage: Storage, tmp_path: Path) -> None:
        path = make_file(tmp_path, b"audio" * 10_000)
        sha256 = digest(b"audio" * 10_000)
        outcomes = race(WRITERS, lambda _: storage.put_new("a.mp3", path, sha256=sha256, **AUDIO))
        assert sorted(map(str, outcomes)) == ["created", *["exists"] * (WRITERS - 1)]

    def test_swap_creates_only_when_nothing_is_there(self, storage: Storage) -> None:
        etag = storage.swap("feed.xml", b"one", expected_etag=None, **FEED)
        assert stored_as(storage, "feed.xml") == (b"one", etag)
        with pytest.raises(StaleError) as caught:
            storage.swap("feed.xml", b"two", expected_etag=None, **FEED)
        assert caught.value.exit_code == 5
        assert caught.value.key == "feed.xml"
        assert read_back(storage, "feed.xml") == b"one"

    def test_swap_replaces_only_the_expected_bytes(self, storage: Storage) -> None:
        first = storage.swap("feed.xml", b"one", expected_etag=None, **FEED)
        second = storage.swap("feed.xml", b"two", expected_etag=first, **FEED)
        assert second != first
        with pytest.raises(StaleError):
            storage.swap("feed.xml", b"three", expected_etag=first, **FEED)
        assert stored_as(storage, "feed.xml") == (b"two", second)

    def test_swap_of_something_absent_is_stale(self, storage: Storage) -> None:
        etag = storage.swap("other.xml", b"one", expected_etag=None, **FEED)
        with pytest.raises(StaleError):
            storage.swap("feed.xml", b"two", expected_etag=etag, **FEED)
        assert storage.read("feed.xml") is None

    def test_one_of_many_swaps_wins(self, storage: Storage) -> None:
        etag: str | None = None
        for turn in range(2):
            expected = etag
            outcomes = race(
                WRITERS,
                lambda number, turn=turn, expected=expected: storage.swap(
                    "feed.xml", f"{turn} {number}".encode(), expected_etag=expected, **FEED
                ),
            )
            winners = [number for number, outcome in enumerate(outcomes) if isinstance(outcome, str)]
            assert len(winners) == 1
            etag = str(outcomes[winners[0]])
            assert stored_as(storage, "feed.xml") == (f"{turn} {winners[0]}".encode(), etag)

    def test_no_update_is_lost(self, storage: Storage) -> None:
        storage.swap("count", b"0", expected_etag=None, **FEED)

        def count(_: int) -> None:
            for _turn in range(5):
                while True:
                    stored = storage.read("count")
                    assert stored
                    try:
                        more = str(int(stored.data) + 1).encode()
                        storage.swap("count", more, expected_etag=stored.etag, **FEED)
                    except StaleError:
                        continue
                    break

        race(4, count)
        assert read_back(storage, "count") == b"20"

    def test_list_tells_keys_and_sizes(self, storage: Storage, tmp_path: Path) -> None:
        for key, data in {
            "b.xml": b"12",
            "a/b/c.mp3": b"123",
            "a-b.html": b"",
            "a/b.mp3": b"1",
            "ab": b"1",
        }.items():
            storage.put_new(key, make_file(tmp_path, data), sha256=digest(data), **AUDIO)
        storage.swap(".publisher/live.json", b"{}", expected_etag=None, **FEED)
        assert set(storage.list()) == {
            Entry(".publisher/live.json", 2),
            Entry("a-b.html", 0),
            Entry("a/b.mp3", 1),
            Entry("a/b/c.mp3", 3),
            Entry("ab", 1),
            Entry("b.xml", 2),
        }
        assert {entry.key for entry in storage.list("a/")} == {"a/b.mp3", "a/b/c.mp3"}
        assert {entry.key for entry in storage.list("a/b")} == {"a/b.mp3", "a/b/c.mp3"}
        assert [entry.key for entry in storage.list("a/b.mp3")] == ["a/b.mp3"]
        assert [entry.key for entry in storage.list("a/b.mp3x")] == []
        assert [entry.key for entry in storage.list("none/at/all")] == []

    @pytest.mark.parametrize(
        "key",
        ["", "/", "/etc/passwd", "..", "../feed.xml", "a/../../feed.xml", "a/./b", "a//b", "a/", "a\\b",
         "C:x", "a\0b", "a\nb", "a" * 901, "\u202efeed.xml", "\ud800"],
    )  # fmt: skip
    def test_no_key_leads_out(self, storage: Storage, tmp_path: Path, key: str) -> None:
        with pytest.raises(UsageError):
            storage.put_new(key, make_file(tmp_path, b"x"), sha256=digest(b"x"), **AUDIO)
        with pytest.raises(UsageError):
            storage.swap(key, b"x", expected_etag=None, **FEED)
        with pytest.raises(UsageError):
            storage.read(key)
        assert list(storage.list()) == []

    def test_names_may_hold_letters_of_any_language(self, storage: Storage, tmp_path: Path) -> None:
        key = "episodes/für-alle+mehr & 日本/ton~1.mp3"
        storage.put_new(key, make_file(tmp_path, b"x"), sha256=digest(b"x"), **AUDIO)
        assert read_back(storage, key) == b"x"
        assert [entry.key for entry in storage.list("episodes/f")] == [key]

    def test_requests_are_counted(self, storage: Storage) -> None:
        before = storage.requests
        storage.read("feed.xml")
        assert storage.requests == before + 1

    def test_the_address_is_named(self, storage: Storage) -> None:
        assert storage.address
