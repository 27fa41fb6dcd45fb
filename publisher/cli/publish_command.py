"""publisher publish: build, plan against what is live, and do it in one safe step."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import click

from publisher.build import Built, build
from publisher.cli.build_command import request, tell
from publisher.cli.session import Session, command
from publisher.errors import UsageError
from publisher.model import Plan, TargetSettings
from publisher.storage import Storage, open_storage


@dataclass(frozen=True, slots=True)
class Prepared:
    """A plan, with what it takes to carry it out."""

    plan: Plan
    storage: Storage
    built: Built


def publish_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the options that plan and publish share."""
    for option in (
        click.option("--replace-audio", multiple=True, metavar="GUID", help="Allow other audio for an episode."),
        click.option("--remove", multiple=True, metavar="GUID", help="Allow an episode to leave the feed."),
        click.option("--locked", is_flag=True, help="Take the audio's facts from audio.lock."),
        click.option("--target", metavar="NAME", help="Where to publish; `local` by default."),
    ):
        function = option(function)
    return function


def prepare(
    session: Session, target: str | None, *, locked: bool, remove: tuple[str, ...], replace_audio: tuple[str, ...]
) -> Prepared:
    """Build, look at what is live, and plan.

    Raises:
        GuardError: the plan would harm listeners.
    """
    from publisher.config import load_show  # pydantic: not needed for --help
    from publisher.feed.reader import read_items
    from publisher.plan import make_plan
    from publisher.publish import read_live

    root = session.root
    show = load_show(root)
    settings = _target(target, show.targets)
    built = build(request(session, locked=locked))
    storage = open_storage(settings, root)
    feed_keys = tuple(f"{feed.name}.xml" for feed in show.feeds)
    live = read_live(storage, feed_keys, read_items=read_items)
    missing = _missing_audio(built, live.record.objects if live.record else {})
    if missing and not locked:
        session.report.note(f"making audio that is not on this machine: {', '.join(sorted(missing))}")
        built = build(request(session, locked=False, renew=missing))
    tell(session, built)
    plan = make_plan(
        built.artifacts,
        {key: built.items(show.base_url) for key in feed_keys},
        live,
        target_name=f"{settings.name} ({storage.address})",
        allow_remove=frozenset(remove),
        allow_replace_audio=frozenset(replace_audio),
    )
    return Prepared(plan, storage, built)
