from __future__ import annotations

import hashlib
import json
import threading
from collections import Counter
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from fault_proxy import FaultProxy
from s3_server import S3Server, running_server, use_credentials
from small_show import FEED_KEY, Ep, complaints, differences, live_feed, make_show, plan_show, publish_show

from publisher.errors import ConflictError, SurroundingsError
from publisher.model import Role, TargetSettings
from publisher.publish import Published, apply
from publisher.releases import RELEASES_PREFIX
from publisher.storage.s3 import S3Storage, open_s3

pytestmark = pytest.mark.integration

OLD = [Ep("b"), Ep("a")]
NEW = [Ep("c"), Ep("b"), Ep("a", title="Better")]


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> S3Server:
    use_credentials(monkeypatch)
    return running_server()


@pytest.fixture
def target(server: S3Server) -> TargetSettings:
    return server.new_target()


def count_requests(storage: S3Storage) -> Counter[str]:
    seen: Counter[str] = Counter()

    def count(request: Any, **_: object) -> None:
        seen[request.method] += 1

    storage._client.meta.events.register("before-send.s3", count)
    return seen


def test_listeners_get_ranges_of_the_right_type_and_bytes(
    server: S3Server, target: TargetSettings, tmp_path: Path
) -> None:
    show = make_show(tmp_path, OLD)
    storage = open_s3(target)
    publish_show(show, storage)
    (key,) = [entry.key for entry in storage.list(RELEASES_PREFIX)]
    stored = storage.read(key)
    assert stored
    recorded = json.loads(stored.data)["objects"]
    for artifact in show.artifacts:
        ranged = Request(server.url(target, artifact.key), headers={"Range": "bytes=0-3"})
        with urlopen(ranged) as answer:
            assert answer.status == 206
            assert answer.headers["Content-Type"] == artifact.content_type
            assert answer.headers["Cache-Control"] == artifact.cache_control
            assert answer.read() == artifact.path.read_bytes()[:4]
        with urlopen(server.url(target, artifact.key)) as answer:
            data = answer.read()
        if artifact.role is not Role.FEED:
            assert hashlib.sha256(data).hexdigest() == recorded[artifact.key]
    with pytest.raises(HTTPError) as caught:
        urlopen(server.url(target, "nothing"))
    caught.value.close()


def test_a_second_publish_makes_no_put(target: TargetSettings, tmp_path: Path) -> None:
    show = make_show(tmp_path, OLD)
    publish_show(show, open_s3(target))
    storage = open_s3(target)
    seen = count_requests(storage)
    published = publish_show(show, storage)
    assert seen == {"GET": 2}
    assert published.requests == 2
    assert published.uploaded == 0


def test_a_new_episode_takes_few_requests(target: TargetSettings, tmp_path: Path) -> None:
    publish_show(make_show(tmp_path / "old", [f"n{number}" for number in range(30)]), open_s3(target))
    storage = open_s3(target)
    seen = count_requests(storage)
    new = make_show(tmp_path / "new", ["new", *(f"n{number}" for number in range(30))])
    publish_show(new, storage)
    assert seen["GET"] <= 5  # feed, live record, two listings, one that reads back
    assert seen["PUT"] == 3 + 2 + 1 + 1 + 1  # its files, feed copy and release, feed, listing, live record
    assert seen["HEAD"] == 0  # the answers to the PUTs prove the bytes
    assert differences(open_s3(target), new) == []


@pytest.mark.parametrize("turn", range(3))
def test_of_two_at_once_one_wins_and_the_other_is_told(
    target: TargetSettings, tmp_path: Path, turn: int
) -> None:
    publish_show(make_show(tmp_path / "old", OLD), open_s3(target))
    shows = [make_show(tmp_path / name, [Ep(name), *OLD]) for name in ("ours", "theirs")]
    plans = [plan_show(show, open_s3(target)) for show in shows]
    barrier = threading.Barrier(2)
    results: list[Published | ConflictError | None] = [None, None]

    def publish(index: int) -> None:
        storage = open_s3(target)
        barrier.wait()
        try:
            results[index] = apply(plans[index], storage)
        except ConflictError as error:
            results[index] = error

    threads = [threading.Thread(target=publish, args=(index,)) for index in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    storage = open_s3(target)
    (winner,) = [index for index, result in enumerate(results) if isinstance(result, Published)]
    loser = results[1 - winner]
    assert isinstance(loser, ConflictError)
    assert loser.exit_code == 5
    assert loser.live_feed == "unchanged"
    assert live_feed(storage) == shows[winner].feed
    assert complaints(storage, shows) == []
    assert differences(storage, shows[winner]) == []


def test_a_network_that_breaks_often_never_harms_and_ends_in_a_published_show(
    server: S3Server, target: TargetSettings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("time.sleep", lambda seconds: None)
    old, new = make_show(tmp_path / "old", OLD), make_show(tmp_path / "new", NEW)
    publish_show(old, open_s3(target))
    proxy = FaultProxy(server.port, ["drop", "cut:300", "refuse", "pass", "drop"] * 12 + ["pass"])
    broken = TargetSettings("t", target.url, region="us-east-1", endpoint=proxy.endpoint)
    for _ in range(30):
        before = live_feed(open_s3(target))
        try:
            publish_show(new, open_s3(broken))
        except SurroundingsError as error:
            changed = live_feed(open_s3(target)) != before
            assert error.live_feed in {None, "unknown", "updated" if changed else "unchanged"}
            assert complaints(open_s3(target), [old, new]) == []
        else:
            break
    proxy.close()
    assert differences(open_s3(target), new) == []
    assert plan_show(new, open_s3(target)).is_empty


def test_what_a_broken_publish_sent_is_not_sent_again(
    server: S3Server, target: TargetSettings, tmp_path: Path
) -> None:
    show = make_show(tmp_path, OLD)
    storage = open_s3(target)
    for artifact in show.artifacts:
        if artifact.role in {Role.MEDIA, Role.SIDECAR}:
            storage.put_new(
                artifact.key,
                artifact.path,
                sha256=artifact.sha256,
                content_type=artifact.content_type,
                cache_control=artifact.cache_control,
            )
    seen = count_requests(storage)
    published = publish_show(show, storage)
    assert published.kept == 4
    assert seen["PUT"] == 2 + 2 + 1 + 1 + 1  # pages, feed copy and release, feed, listing, live record
    assert live_feed(storage, FEED_KEY) == show.feed
