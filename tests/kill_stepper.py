"""A storage's address to the verdict on a publish that was killed before and after every single step of it.

Run as a program, because it forks: `python kill_stepper.py (URL ENDPOINT | FOLDER) [feed-first | in-parts[-all]]`
prints JSON. `in-parts` publishes audio that goes out in parts, and is killed at every sixth point of that.
"""

from __future__ import annotations

import json
import os
import random
import signal
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any

from small_show import Ep, Show, complaints, differences, make_show, plan_show, publish_show

from publisher.model import Plan, Role, TargetSettings
from publisher.publish import apply
from publisher.storage import Storage, open_storage
from publisher.storage.directory import DirectoryStorage
from publisher.storage.s3 import S3Storage, bucket, pieces

OLD = [Ep("a")]
NEW = [Ep("b"), Ep("a", title="Better")]
_WATCHED = {"open", "os.rename", "os.link", "os.remove", "os.mkdir"}

_POINTS_OF_A_BREAKAGE = 30
_MB = 1 << 20

Arm = Callable[..., None]  # of a storage, and of the point to die at


@dataclass
class Verdict:
    points: int = 0
    live_was_new: int = 0
    bad: list[str] = field(default_factory=list)


def kill_at_request(storage: Storage, point: int) -> None:
    """Die at the moment number `point`: before a request is sent, or when its answer has come."""
    assert isinstance(storage, S3Storage)
    seen = 0

    def count(**_: object) -> None:
        nonlocal seen
        seen += 1
        if seen == point:
            _die()

    events = storage._client.meta.events
    events.register("before-send.s3", count)
    events.register("response-received.s3", count)


def kill_at_call(storage: Storage, point: int) -> None:
    """Die before the system call number `point` that could leave something on the disk, or behind an fsync."""
    assert isinstance(storage, DirectoryStorage)
    seen = 0
    sync = os.fsync

    def count() -> None:
        nonlocal seen
        seen += 1
        if seen == point:
            _die()

    def audit(event: str, arguments: tuple[Any, ...]) -> None:
        if event in _WATCHED and storage.address in str(arguments[:2]):
            count()

    def fsync(fd: Any) -> None:
        count()
        sync(fd)
        count()

    os.fsync = fsync
    sys.addaudithook(audit)


def step(
    new_storage: Callable[[int], Callable[[], Storage]],
    arm: Arm,
    *,
    feed_first: bool,
    new_episodes: list[Ep] = NEW,
    every: int = 1,
) -> Verdict:
    """Kill a publish at each point until one survives; judge what listeners have, and whether a rerun finishes."""
    verdict = Verdict()
    with tempfile.TemporaryDirectory() as folder:
        old, new = make_show(Path(folder, "old"), OLD), make_show(Path(folder, "new"), new_episodes)
        for point in range(1, 1000, every):
            open_it = new_storage(point)
            storage = open_it()
            publish_show(old, storage)
            survived = _publish_in_a_child(open_it, new, partial(arm, point=point), feed_first)
            if isinstance(storage, DirectoryStorage):
                storage = open_it()  # the next run is another process, and sweeps
            verdict.bad += [f"point {point}: {complaint}" for complaint in _judge(storage, old, new, verdict)]
            if survived or (feed_first and point > _POINTS_OF_A_BREAKAGE):
                return verdict
            verdict.points += 1
    raise AssertionError("the publish never ended")


def _judge(storage: Storage, old: Show, new: Show, verdict: Verdict) -> Iterator[str]:
    yield from complaints(storage, [old, new])
    stored = storage.read("show.xml")
    verdict.live_was_new += stored is not None and stored.data == new.feed
    publish_show(new, storage)
    yield from (f"{key} is not as built after the next run" for key in differences(storage, new))
    if not plan_show(new, storage).is_empty:
        yield "the next run did not finish"
    if isinstance(storage, DirectoryStorage):
        yield from (f"{path} was left" for path in Path(storage.address).rglob("*.partial"))
    elif any(".partial" in entry.key for entry in storage.list()):
        yield "a partial file is listed"


def _publish_in_a_child(open_it: Callable[[], Storage], show: Show, arm: Arm, feed_first: bool) -> bool:
    """Publish in a process that is armed to die; tell whether it lived to the end."""
    child = os.fork()
    if not child:
        try:
            storage = open_it()
            plan = plan_show(show, storage)
            arm(storage)
            apply(_feed_first(plan) if feed_first else plan, storage)
            os._exit(0)
        finally:
            os._exit(1)
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        return False
    if os.WEXITSTATUS(status):
        raise AssertionError("the publish failed by itself")
    return True


def _feed_first(plan: Plan) -> Plan:
    """Break the order on purpose: the judge has to notice."""
    feeds = [s for s in plan.steps if s.artifact and s.artifact.role is Role.FEED]
    return replace(plan, steps=(*feeds, *(s for s in plan.steps if s not in feeds)))


def _die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def main(arguments: list[str]) -> None:
    feed_first = arguments[-1] == "feed-first"
    if arguments[0].startswith("s3:"):

        def in_bucket(point: int) -> Callable[[], Storage]:
            url = f"{arguments[0]}/{point}"
            target = TargetSettings("s3", url, region="us-east-1", endpoint=arguments[1])
            return lambda: open_storage(target, Path())

        if arguments[-1].startswith("in-parts"):
            pieces._PART_BYTES = 5 * _MB  # S3's least, so that little is sent
            bucket.LARGE_BYTES = 6 * _MB  # type: ignore[attr-defined]  # this process only
            large = [Ep("b", audio=random.Random(1).randbytes(11 * _MB)), *OLD]
            every = 1 if arguments[-1].endswith("all") else 6
            verdict = step(in_bucket, kill_at_request, feed_first=False, new_episodes=large, every=every)
        else:
            verdict = step(in_bucket, kill_at_request, feed_first=feed_first)
    else:

        def in_folder(point: int) -> Callable[[], Storage]:
            return lambda: DirectoryStorage(Path(arguments[0], str(point)))

        verdict = step(in_folder, kill_at_call, feed_first=feed_first)
    sys.stdout.write(json.dumps(vars(verdict)))


if __name__ == "__main__":
    main(sys.argv[1:])
