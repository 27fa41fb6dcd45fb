"""publisher publish: build, plan against what is live, and do it in one safe step."""

from __future__ import annotations

import click

from publisher.cli.options import command
from publisher.cli.preparing import Wishes, prepare, publish_options
from publisher.cli.session import Session
from publisher.gitfiles import read_revision


@command("publish", short_help="Build the show and publish it.")
@publish_options
@click.option("--yes", is_flag=True, help="Do not ask.")
def publish_command(session: Session, wishes: Wishes, yes: bool) -> None:
    r"""Build, show the plan, and publish: audio first, the feed last, so that nothing is ever half there.

    \b
    Examples:
      publisher publish                        to the folder public/
      publisher publish --target production
    """
    from publisher.publish import Origin, apply  # the storage's library: not needed for --help
    from publisher.publish.belonging import stake

    prepared = prepare(session, wishes)
    plan, report = prepared.plan, session.report
    if not plan.is_empty:
        report.plan(plan)
        if session.is_interactive and not yes:
            click.confirm("Publish this?", abort=True, err=True)
        stake(prepared.claim, prepared.storage)
    with report.progress("publishing", plan.bytes_to_send, "bytes") as advance:
        origin = Origin(
            revision=read_revision(session.root),
            published_at=session.now.isoformat(),
            published_by=session.person if prepared.opened.show.sign_releases else "",
        )
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
