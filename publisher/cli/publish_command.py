"""publisher publish: build, plan against what is live, and do it in one safe step."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import click

from publisher.building import Built, build
from publisher.cli.build_command import request, tell
from publisher.cli.options import command
from publisher.cli.session import Session
from publisher.cli.targets import find_target
from publisher.gitfiles import read_revision
from publisher.model import Plan, Role
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
        click.option(
            "--replace-audio", multiple=True, metavar="GUID", help="Allow other audio for an episode."
        ),
        click.option("--remove", multiple=True, metavar="GUID", help="Allow an episode to leave the feed."),
        click.option("--locked", is_flag=True, help="Take the audio's facts from audio.lock."),
        click.option("--target", metavar="NAME", help="Where to publish; `local` by default."),
    ):
        function = option(function)
    return function


def prepare(
    session: Session,
    target: str | None,
    *,
    locked: bool,
    remove: tuple[str, ...],
    replace_audio: tuple[str, ...],
) -> Prepared:
    """Build, look at what is live, and plan.

    Raises:
        GuardError: the plan would harm listeners.
    """
    from publisher.config import load_show  # pydantic: not needed for --help
    from publisher.feed.reader import read_items
    from publisher.plan import make_plan
    from publisher.publish.live import read_live

    root = session.root
    show = load_show(root)
    settings = find_target(target, show.targets)
    built = build(request(session, locked=locked))
    storage = open_storage(settings, root)
    feed_keys = tuple(f"{feed.name}.xml" for feed in show.feeds)
    live = read_live(storage, feed_keys, read_items)
    missing = _missing_audio(built, live.record.objects if live.record else {})
    if missing and not locked:
        session.report.note(f"making audio that is not on this machine: {', '.join(sorted(missing))}")
        built = build(request(session, locked=False, renew=missing))
    tell(session, built)
    plan = make_plan(
        built.artifacts,
        {key: built.items(show.base_url) for key in feed_keys},
        live,
        target_name=f"{settings.name} ({settings.url})",
        allow_remove=frozenset(remove),
        allow_replace_audio=frozenset(replace_audio),
    )
    return Prepared(plan, storage, built)


def _missing_audio(built: Built, live: Mapping[str, str]) -> frozenset[str]:
    """Return the public episodes whose finished audio is neither here nor live."""
    absent = {
        artifact.key
        for artifact in built.artifacts
        if artifact.role is Role.MEDIA and not artifact.path.exists()
    }
    return frozenset(
        episode.slug
        for episode in built.episodes
        for output in episode.outputs
        if output.key in absent and live.get(output.key) != output.sha256
    )


def plan_document(plan: Plan) -> dict[str, Any]:
    """Return a plan for machines."""
    return {
        "target": plan.target,
        "steps": [
            {"action": step.action, "key": step.key, "bytes": step.bytes, "reason": step.reason}
            for step in plan.steps
        ],
        "impact": list(plan.impact),
    }


@command("publish", short_help="Build the show and publish it.")
@publish_options
@click.option("--yes", is_flag=True, help="Do not ask.")
def publish_command(
    session: Session,
    target: str | None,
    locked: bool,
    remove: tuple[str, ...],
    replace_audio: tuple[str, ...],
    yes: bool,
) -> None:
    r"""Build, show the plan, and publish: audio first, the feed last, so that nothing is ever half there.

    \b
    Examples:
      publisher publish                        to the folder public/
      publisher publish --target production
    """
    from publisher.publish import Origin, apply  # the storage's library: not needed for --help

    prepared = prepare(session, target, locked=locked, remove=remove, replace_audio=replace_audio)
    plan, report = prepared.plan, session.report
    if not plan.is_empty:
        report.plan(plan)
        if session.is_interactive and not yes:
            click.confirm("Publish this?", abort=True, err=True)
    with report.progress("publishing", plan.bytes_to_send, "bytes") as advance:
        origin = Origin(revision=read_revision(session.root), published_at=session.now.isoformat())
        done = apply(plan, prepared.storage, origin=origin, on_progress=advance)
    if done.live == "updated":
        report.result(f"release {done.release} is live: {done.uploaded} files sent, {done.kept} kept")
    elif done.uploaded:
        report.result(f"{done.uploaded} files sent, {done.kept} kept; the live feed is unchanged")
    else:
        report.result("nothing to do")
    report.document(
        "publish",
        {
            "release": done.release,
            "feeds": [{"key": key, "sha256": sha256} for key, sha256 in done.feeds.items()],
            "uploaded": done.uploaded,
            "kept": done.kept,
            "requests": done.requests,
            "live": done.live,
        },
    )
