"""publisher explain: what a rule of check means."""

from __future__ import annotations

import click

from publisher.cli.options import command
from publisher.cli.session import Session


@command("explain", short_help="Explain a rule of `check`.")
@click.argument("rule")
def explain_command(session: Session, rule: str) -> None:
    r"""Explain a rule: why it is there, what is bad and good, and where it comes from.

    \b
    Example:
      publisher explain IT-013
    """
    from publisher.checks import explain, find_rule  # needed only here

    known = find_rule(rule)
    text = explain(known.id)
    session.report.result(text)
    session.report.document("explain", {"rule": known.id, "text": text})
