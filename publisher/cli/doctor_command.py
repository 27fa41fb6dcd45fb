"""publisher doctor: whether everything is ready."""

from __future__ import annotations

import sys

import click

from publisher.cli.options import command
from publisher.cli.session import Session
from publisher.errors import UsageError


@command("doctor", short_help="Check that this machine and the target are ready.")
@click.option("--target", metavar="NAME", help="Look at this target only, and thoroughly.")
@click.option(
    "--allow-private", multiple=True, metavar="NETWORK", help="Ask servers of this network, too; 127.0.0.0/8."
)
def doctor_command(session: Session, target: str | None, allow_private: tuple[str, ...]) -> None:
    r"""Look at the tools, the show and its targets, and say what to do about what is not well.

    With --target, conditional writes are tried with one small object, .publisher/probe, and nothing else is
    written; and the public addresses are asked as an app would.

    \b
    Example:
      publisher doctor --target production
    """
    from publisher.doctor import examine  # loads every library: not needed for --help

    try:
        root = session.root
    except UsageError:
        root = None
    results = []
    for result in examine(root, target, now=session.now, allowed=allow_private):
        results.append(result)
        mark = (
            session.report.styled("ok ", fg="green")
            if result.is_well
            else session.report.styled("!! ", fg="red")
        )
        session.report.result_styled(f"{mark} {session.report.styled(f'{result.name}: {result.found}')}")
        if not result.is_well and result.remedy:
            session.report.result(f"    {result.remedy}")
    session.report.document("doctor", {"results": [result.as_json() for result in results]})
    if not all(result.is_well for result in results):
        sys.exit(1)
