"""publisher plan: what publish would do."""

from __future__ import annotations

import sys

import click

from publisher.cli.options import command
from publisher.cli.preparing import Wishes, plan_document, prepare, publish_options
from publisher.cli.session import Session


@command("plan", short_help="Say what publish would do.")
@publish_options
@click.option("--exit-code", is_flag=True, help="Exit 1 when there is something to do.")
def plan_command(session: Session, wishes: Wishes, exit_code: bool) -> None:
    r"""Say in words what publish would do, and what subscribers would notice; nothing is uploaded.

    \b
    Example:
      publisher plan --target production
    """
    prepared = prepare(session, wishes)
    session.report.plan(prepared.plan)
    if prepared.plan.is_empty:
        session.report.result("nothing to do")
    session.report.document("plan", plan_document(prepared.plan))
    if exit_code and not prepared.plan.is_empty:
        sys.exit(1)
