"""publisher rollback: an earlier release, live again."""

from __future__ import annotations

import click

from publisher.cli.options import command
from publisher.cli.session import Session
from publisher.errors import StoppedError


@command("rollback", short_help="Bring an earlier release back.", may_change_feed=True)
@click.argument("number", type=click.IntRange(min=1), required=False, metavar="[N]")
@click.option("--target", metavar="NAME", help="Where; `local` by default.")
@click.option("--yes", is_flag=True, help="Do not ask.")
def rollback_command(session: Session, number: int | None, target: str | None, yes: bool) -> None:
    r"""Bring back the feed of release N, byte for byte, or of the release before the live one.

    Nothing is built and the sources are not needed. Forward again is the same command with a higher number.

    \b
    Examples:
      publisher rollback                          to the release before
      publisher rollback 12 --target production   `publisher releases` lists them
    """
    from publisher.cli.targets import open_target, tell_hubs  # the storage's library: not needed for --help
    from publisher.feed.reader import read_items
    from publisher.publish.rollback import plan_rollback, roll_back

    opened, report = open_target(session, target), session.report
    plan = plan_rollback(opened.storage, opened.feed_keys, number, read_items, target_name=opened.name)
    if plan.feeds:
        report.result_styled(f"{report.styled('Target', bold=True)}  {report.styled(plan.target)}")
        for line in plan.impact:
            report.result(f"  {line}")
        if session.is_interactive and not yes:
            click.confirm(f"Go to release {plan.number}?", abort=True, err=True)
        roll_back(plan, opened.storage)
        try:
            tell_hubs(session, opened)
        except KeyboardInterrupt as stop:
            raise StoppedError("updated") from stop
        report.result(f"release {plan.number} is live")
    else:
        report.result(f"release {plan.number} is live already; nothing to do")
    report.document(
        "rollback",
        {
            "release": plan.number,
            "feeds": [feed.key for feed in plan.feeds],
            "impact": list(plan.impact),
            "requests": opened.storage.requests,
            "live": "updated" if plan.feeds else "unchanged",
        },
    )
