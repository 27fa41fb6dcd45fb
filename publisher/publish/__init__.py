"""A plan to a published show."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from publisher.errors import PublisherError, StoppedError
from publisher.model import Plan, Role
from publisher.publish.applying import Run
from publisher.publish.live import read_live
from publisher.publish.sending import OnProgress
from publisher.releases import VOID, Origin
from publisher.storage.protocol import Storage

__all__ = ["Origin", "Published", "apply", "read_live"]

_UNKNOWN_ORIGIN = Origin()


@dataclass(frozen=True, slots=True)
class Published:
    """What a publish did: files sent and kept, and whether it changed the feeds that listeners see."""

    release: int
    feeds: Mapping[str, str]
    uploaded: int
    kept: int
    requests: int
    live: Literal["unchanged", "updated"]


def apply(
    plan: Plan,
    storage: Storage,
    *,
    origin: Origin = _UNKNOWN_ORIGIN,
    on_progress: OnProgress | None = None,
) -> Published:
    """Carry out a plan; `on_progress` is told how many of `plan.bytes_to_send` are done.

    Media and sidecars go first, then new pages, the release record, the feeds by swap, the pages that change,
    and last the live record. A plan without work writes nothing.

    Raises:
        ConflictError: somebody else published since the plan was made.
        SurroundingsError: the storage, the network or the disk did not do its part; the same command again
            finishes the job.
        StoppedError: somebody stopped it; the same command again goes on.
            Every error says in `live_feed` what this run did to the feeds.
    """
    run = Run(plan, storage, origin, on_progress)
    if not plan.is_empty:
        try:
            run.carry_out()
        except PublisherError as error:
            error.live_feed = run.live_feed
            raise
        except KeyboardInterrupt as stop:
            raise StoppedError(run.live_feed) from stop
    artifacts = [step.artifact for step in plan.steps if step.artifact]
    return Published(
        release=plan.release or (plan.live.record or VOID).release,
        feeds={artifact.key: artifact.sha256 for artifact in artifacts if artifact.role is Role.FEED},
        uploaded=run.uploaded,
        kept=len(artifacts) - run.uploaded,
        requests=storage.requests,
        live="updated" if run.live_feed == "updated" else "unchanged",
    )
