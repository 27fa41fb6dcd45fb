"""publisher publish: build, plan against what is live, and do it in one safe step."""

from __future__ import annotations

import click

from publisher.building.scheduled import staged_artifacts
from publisher.cli.options import command
from publisher.cli.preparing import Prepared, Wishes, prepare, publish_options
from publisher.cli.session import Session
from publisher.cli.targets import tell_hubs
from publisher.errors import ConflictError, GuardError, PublisherError, StoppedError
from publisher.gitfiles import read_revision
from publisher.model import Plan

_ATTEMPTS = 4


@command("publish", short_help="Build the show and publish it.", may_change_feed=True)
@publish_options
@click.option("--stage", "stages", is_flag=True, help="Also send the audio of scheduled episodes, early.")
@click.option("--allow-private", "allowed", multiple=True, metavar="NETWORK", help="Also tell hubs there.")
@click.option("--yes", is_flag=True, help="Do not ask.")
def publish_command(
    session: Session, wishes: Wishes, stages: bool, allowed: tuple[str, ...], yes: bool
) -> None:
    r"""Build, show the plan, and publish: audio first, the feed last, so that nothing is ever half there.

    \b
    Examples:
      publisher publish                        to the folder public/
      publisher publish --target production
    """
    from publisher.publish import Origin, apply  # the storage's library: not needed for --help
    from publisher.publish.belonging import stake

    prepared, report = prepare(session, wishes), session.report
    for attempt in range(_ATTEMPTS):
        plan = prepared.plan
        if not plan.is_empty:
            report.plan(plan)
            if session.is_interactive and not yes:
                click.confirm("Publish this?", abort=True, err=True)
            stake(prepared.claim, prepared.storage)
        try:
            with report.progress("publishing", plan.bytes_to_send, "bytes") as advance:
                origin = Origin(
                    revision=read_revision(session.root),
                    published_at=session.now.isoformat(),
                    published_by=session.person if prepared.opened.show.sign_releases else "",
                )
                done = apply(plan, prepared.storage, origin=origin, on_progress=advance)
            break
        except ConflictError as conflict:
            if attempt == _ATTEMPTS - 1 or conflict.live_feed != "unchanged":
                raise
            prepared = _plan_again(session, wishes, prepared, conflict)
    try:
        if done.live == "updated" or _ends_another(plan):
            tell_hubs(session, prepared.opened, allowed)
        staged = _stage(session, prepared) if stages else 0
    except PublisherError as error:
        error.live_feed = done.live
        raise
    except KeyboardInterrupt as stop:
        raise StoppedError(done.live) from stop
    if done.live == "updated":
        report.result(f"release {done.release} is live: {done.uploaded} files sent, {done.kept} kept")
    elif not plan.is_empty:
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
            "staged": staged,
        },
    )


def _ends_another(plan: Plan) -> bool:
    """Tell whether a publish was brought to its end that broke off behind its feed, before hubs were told."""
    return bool(plan.live.feeds) and not plan.live.settled and not plan.is_empty


def _plan_again(session: Session, wishes: Wishes, lost: Prepared, conflict: ConflictError) -> Prepared:
    """Plan against what somebody else published meanwhile, if that undoes nothing of theirs.

    Raises:
        ConflictError: it would; says who won and what of theirs is not here.
    """
    from publisher.publish.contending import would_undo

    try:
        again = prepare(session, wishes)
    except GuardError as error:
        conflict.hint = f"{error.message}; {conflict.hint}"
        raise conflict from error
    if would_undo(again.storage, lost.plan, again.plan):
        raise conflict
    session.report.note(f"{conflict.message}; what they changed is here too, so this is the new plan:")
    return again


def _stage(session: Session, prepared: Prepared) -> int:
    """Send the audio of scheduled episodes; they are counted and never named, nor are their files."""
    from publisher.publish.staging import stage

    artifacts = staged_artifacts(session.root, prepared.built)
    count = stage(artifacts, prepared.storage, prepared.plan.live.record)
    files = "1 file" if count == 1 else f"{count} files"
    session.report.result(f"{files} of scheduled episodes sent early, under names nobody can guess")
    return count
