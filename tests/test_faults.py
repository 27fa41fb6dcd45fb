"""Every request of a publish to S3 goes wrong in eight ways, once or for good: listeners have the old feed or the new."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from depth import examples
from faulty_store import KINDS, Faults, Kind, running_faults
from s3_server import running_server, use_credentials
from small_show import Ep, Show, complaints, differences, live_feed, make_show, plan_show, publish_show

from publisher.errors import ConflictError, SurroundingsError
from publisher.model import TargetSettings
from publisher.publish import apply
from publisher.storage.s3 import S3Storage, open_s3

pytestmark = pytest.mark.integration

SECONDS_TO_WAIT = 0.4
EVERY = 6
"""Of the requests, every so many is tried with a kind; each kind begins at another. `--deep` tries all."""

OLD, NEW = [Ep("a")], [Ep("b"), Ep("a", title="Better")]


def two_feeds(folder: Path, episodes: list[Ep]) -> Show:
    one, two = make_show(folder, episodes), make_show(folder, episodes, feed_key="show-es.xml")
    return Show((*one.artifacts, *two.artifacts), {**one.items, **two.items})


@pytest.fixture
def faults(monkeypatch: pytest.MonkeyPatch) -> Iterator[Faults]:
    use_credentials(monkeypatch)
    monkeypatch.setattr("publisher.storage.s3.connection.ANSWER_SECONDS", SECONDS_TO_WAIT)
    monkeypatch.setattr("publisher.storage.s3.connection._PAUSE_SECONDS", 0.0)
    monkeypatch.setattr("botocore.retries.standard.ExponentialBackoff.delay_amount", lambda *_: 0)
    with running_faults(running_server().port) as faults:
        yield faults


def through(faults: Faults) -> TargetSettings:
    return replace(running_server().new_target(), endpoint=faults.endpoint)


def publish_with_a_fault(
    target: TargetSettings, faults: Faults, shows: tuple[Show, Show], fault: tuple[Kind, int, bool]
) -> int:
    """Publish while something goes wrong, judge what came of it, and finish; return how many requests it took."""
    (old, new), (kind, point, stays), storage = shows, fault, open_s3(target)
    faults.begin(kind, 0, stays=False)
    publish_show(old, storage)
    faults.begin(kind, point, stays=stays)
    claimed: str | None = None
    try:
        claimed = apply(plan_show(new, storage), storage).live
    except SurroundingsError as error:
        assert error.message
        claimed = error.live_feed
        is_broken_off = True
    except ConflictError as error:
        raise AssertionError(f"nobody else was there: {error.message}") from error
    else:
        is_broken_off = False
    requests = faults.seen
    faults.begin(kind, 0, stays=False)
    judge(storage, (old, new), claimed, is_broken_off=is_broken_off)
    publish_show(new, storage)
    assert differences(storage, new) == []
    assert plan_show(new, storage).is_empty
    return requests


def judge(storage: S3Storage, shows: tuple[Show, Show], claimed: str | None, *, is_broken_off: bool) -> None:
    old, new = shows
    assert complaints(storage, [old, new]) == []
    live = {key: live_feed(storage, key) for key in new.items}
    before = {a.key: a.path.read_bytes() for a in old.artifacts if a.key in live}
    after = {a.key: a.path.read_bytes() for a in new.artifacts if a.key in live}
    assert all(data in {before[key], after[key]} for key, data in live.items())
    if not is_broken_off:
        assert live == after
        assert differences(storage, new) == []
    elif claimed in {"unchanged", None}:
        assert live == before
    elif claimed == "updated":
        assert live != before


@pytest.mark.parametrize("kind", KINDS)
def test_whatever_goes_wrong_with_a_request_nothing_false_is_said_or_seen(
    tmp_path: Path, faults: Faults, kind: Kind
) -> None:
    shows = two_feeds(tmp_path / "old", OLD), two_feeds(tmp_path / "new", NEW)
    requests = publish_with_a_fault(through(faults), faults, shows, (kind, 0, False))
    assert requests > 15
    every = examples(EVERY, deep=1)
    for point in range(1 + KINDS.index(kind) % every, requests + 1, every):
        publish_with_a_fault(through(faults), faults, shows, (kind, point, False))
        if kind != "stall" and (every == 1 or point % 2):  # a store that never answers again takes its time
            publish_with_a_fault(through(faults), faults, shows, (kind, point, True))
