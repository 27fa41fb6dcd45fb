"""Large files in parts, bits that flip on the way, and only the requests that the policy knows."""

from __future__ import annotations

import random
import re
import socket
import threading
from collections import Counter
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from s3_server import BUCKET, running_server, use_credentials
from small_show import Ep, complaints, make_show, publish_show
from storage_contract import AUDIO, FEED, digest, make_file
from stub_s3 import StubStore, running_stub

from publisher.errors import GuardError, StoppedError, SurroundingsError
from publisher.model import TargetSettings
from publisher.storage.s3 import S3Storage, open_s3
from publisher.storage.s3.actions import OPERATIONS
from publisher.storage.s3.parts import unfinished
from publisher.storage.s3.policy import policy_for

pytestmark = pytest.mark.integration

MB = 1 << 20
KEY = "episodes/part-i/audio-0123456789abcdef.mp3"


@pytest.fixture(autouse=True)
def _credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    use_credentials(monkeypatch)
    monkeypatch.setattr("time.sleep", lambda seconds: None)


@pytest.fixture
def target() -> TargetSettings:
    return running_server().new_target()


@pytest.fixture
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Call 5 MB a part and 6 MB large: S3's least, so that the tests send little."""
    monkeypatch.setattr("publisher.storage.s3.pieces._PART_BYTES", 5 * MB)
    monkeypatch.setattr("publisher.storage.s3.bucket.LARGE_BYTES", 6 * MB)


def operations_of(storage: S3Storage) -> Counter[str]:
    """Count what is asked for from here on, by operation."""
    seen: Counter[str] = Counter()

    def count(model: Any, **_: object) -> None:
        seen[model.name] += 1

    storage._client.meta.events.register("before-call.s3", count)
    return seen


def sound(size: int, seed: int = 1) -> bytes:
    return random.Random(seed).randbytes(size)


@pytest.mark.usefixtures("small_parts")
def test_a_large_file_goes_out_in_parts_and_is_known_again(tmp_path: Path, target: TargetSettings) -> None:
    storage, data = open_s3(target), sound(11 * MB)
    path = make_file(tmp_path, data)
    seen = operations_of(storage)
    sent: list[int] = []
    assert storage.put_new(KEY, path, sha256=digest(data), on_bytes=sent.append, **AUDIO) == "created"
    assert seen["UploadPart"] == 3
    assert sum(sent) == len(data)
    stored = storage.read(KEY)
    assert stored
    assert stored.data == data
    seen.clear()
    assert storage.put_new(KEY, path, sha256=digest(data), **AUDIO) == "exists"
    assert seen == {"HeadObject": 1}
    other = make_file(tmp_path, sound(11 * MB, seed=2), "other")
    with pytest.raises(SurroundingsError, match="other bytes"):
        storage.put_new(KEY, other, sha256=digest(other.read_bytes()), **AUDIO)
    assert list(unfinished(storage._connection)) == []


@pytest.mark.usefixtures("small_parts")
def test_what_broke_off_is_gone_on_with(tmp_path: Path, target: TargetSettings) -> None:
    data = sound(26 * MB)
    path = make_file(tmp_path, data)

    def fail_at_the_fourth(model: Any, params: Any, **_: object) -> None:
        if model.name == "UploadPart" and "partNumber=4" in params["url"]:
            raise KeyboardInterrupt

    first = open_s3(target)
    first._client.meta.events.register("before-call.s3", fail_at_the_fourth)
    with pytest.raises(KeyboardInterrupt):
        first.put_new(KEY, path, sha256=digest(data), **AUDIO)
    assert len(list(unfinished(first._connection))) == 1
    second = open_s3(target)
    seen = operations_of(second)
    sent: list[int] = []
    assert second.put_new(KEY, path, sha256=digest(data), on_bytes=sent.append, **AUDIO) == "created"
    assert 1 <= seen["UploadPart"] <= 4
    assert seen["CreateMultipartUpload"] == 0
    assert sum(sent) == len(data)
    stored = second.read(KEY)
    assert stored
    assert stored.data == data
    assert list(unfinished(second._connection)) == []


@pytest.mark.usefixtures("small_parts")
def test_a_large_file_that_is_not_its_digest_leaves_nothing(tmp_path: Path, target: TargetSettings) -> None:
    storage = open_s3(target)
    with pytest.raises(SurroundingsError, match="changed while"):
        storage.put_new(KEY, make_file(tmp_path, sound(7 * MB)), sha256=digest(b"planned"), **AUDIO)
    assert list(storage.list()) == []
    assert list(unfinished(storage._connection)) == []


class FlippingProxy:
    """Pass everything on, but flip one bit of each connection's request body, `flips` times in all."""

    def __init__(self, port: int, flips: int) -> None:
        self._port = port
        self.left = flips
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.endpoint = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        self._random = random.Random(7)
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        self._listener.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._listener.accept()  # closed by its thread
                threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        server = socket.create_connection(("127.0.0.1", self._port))
        with client, server:
            back = threading.Thread(target=self._pass, args=(server, client, False), daemon=True)
            back.start()
            self._pass(client, server, True)
            back.join()

    def _pass(self, source: socket.socket, sink: socket.socket, flips: bool) -> None:
        with suppress(OSError):
            while data := bytearray(source.recv(65_536)):
                if flips and self.left and len(data) > 20_000:
                    self.left -= 1
                    data[self._random.randrange(10_000, len(data))] ^= 1 << self._random.randrange(8)
                sink.sendall(data)
        with suppress(OSError):
            sink.shutdown(socket.SHUT_WR)


def test_of_a_hundred_flipped_bits_none_is_stored(tmp_path: Path, target: TargetSettings) -> None:
    """Half of the uploads are sent again and are right, half fail for good: none is there with other bytes."""
    direct = open_s3(target)
    outcomes: Counter[str] = Counter()
    for number in range(25):
        data = sound(60_000, seed=number)
        path = make_file(tmp_path, data, str(number))
        proxy = FlippingProxy(running_server().port, 4 if number % 2 else 5)
        storage = open_s3(replace(target, endpoint=proxy.endpoint))
        try:
            storage.put_new(f"a/{number}.mp3", path, sha256=digest(data), **AUDIO)
            outcomes["sent"] += 1
        except SurroundingsError as error:
            assert "did not arrive" in error.message
            outcomes["refused"] += 1
        stored = direct.read(f"a/{number}.mp3")
        assert stored is None or stored.data == data
        proxy.close()
    assert outcomes["refused"] == 25  # four tries, each with its flipped bit: a hundred flips, all noticed


def test_one_flipped_bit_is_overcome_in_files_feeds_and_parts(
    tmp_path: Path, target: TargetSettings, small_parts: None
) -> None:
    direct = open_s3(target)
    proxy = FlippingProxy(running_server().port, 0)
    storage = open_s3(replace(target, endpoint=proxy.endpoint))
    for size in (60_000, 7 * MB):
        proxy.left, data = 1, sound(size)
        storage.put_new(f"a/{size}.mp3", make_file(tmp_path, data), sha256=digest(data), **AUDIO)
        stored = direct.read(f"a/{size}.mp3")
        assert stored
        assert stored.data == data
        assert proxy.left == 0
    proxy.left, feed = 1, sound(60_000)
    etag = storage.swap("feed.xml", feed, expected_etag=None, **FEED)
    stored = direct.read("feed.xml")
    assert stored
    assert (stored.data, stored.etag, proxy.left) == (feed, etag, 0)
    proxy.close()


# What may be asked for


@pytest.mark.usefixtures("small_parts")
def test_a_whole_publish_asks_for_exactly_what_the_policy_allows(
    tmp_path: Path, target: TargetSettings
) -> None:
    first = open_s3(target)
    data = sound(16 * MB)

    def stop_once(model: Any, params: Any, **_: object) -> None:
        if model.name == "UploadPart" and "partNumber=2" in params["url"]:
            raise KeyboardInterrupt

    show = make_show(tmp_path, [Ep("a", audio=data), "b"])
    first._client.meta.events.register("before-call.s3", stop_once)
    begun = operations_of(first)
    with pytest.raises(StoppedError):
        publish_show(show, first)
    second = open_s3(target)
    seen = operations_of(second)
    publish_show(show, second)
    assert complaints(second, [show]) == []
    with pytest.raises(SurroundingsError):  # a large file that changed: its upload is ended
        second.put_new(KEY, make_file(tmp_path, data), sha256=digest(b"x"), **AUDIO)
    asked = set(begun) | set(seen)
    table = OPERATIONS["publish"]
    assert asked == set(table) - {"HeadBucket"}  # which is only asked when an owner was refused
    allowed = {action for part in policy_for(target, "publish")["Statement"] for action in part["Action"]}
    assert {table[name] for name in asked} == allowed
    assert not any(re.search("Delete|Acl|Policy", action) for action in allowed)


def test_an_operation_without_a_line_in_the_table_cannot_be_sent(target: TargetSettings) -> None:
    storage = open_s3(target)
    with pytest.raises(AssertionError, match="PutObjectAcl has no line"):
        storage._client.put_object_acl(Bucket=BUCKET, Key="x", ACL="public-read")
    assert storage.requests == 0


def test_the_expected_owner_is_asked_for_and_another_s_bucket_is_refused() -> None:
    """The store here answers 403 whenever an owner is expected, as S3 does for another one's bucket."""
    owners: list[object] = []

    with running_stub(StubStore()) as store:
        storage = open_s3(replace(store.target, expected_owner="123456789012"))

        def refuse(request: Any, **_: object) -> None:
            owner = request.headers.get("x-amz-expected-bucket-owner")
            owners.append(owner)
            store.answer = lambda method, path: (403, "AccessDenied") if owner else (200, "")

        storage._client.meta.events.register("before-send.s3", refuse)
        with pytest.raises(GuardError, match="does not belong to account 123456789012") as caught:
            storage.read("feed.xml")
    assert caught.value.exit_code == 4
    assert owners[0] == b"123456789012"
    assert owners[-1] is None
