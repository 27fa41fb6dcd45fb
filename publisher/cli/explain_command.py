"""publisher explain: what a rule of check means."""

from __future__ import annotations

import click

from publisher.cli.options import command
from publisher.cli.session import Session
from publisher.errors import UsageError


@command("explain", short_help="Explain a rule of `check`.")
@click.argument("rule")
def explain_command(session: Session, rule: str) -> None:
    r"""Explain a rule: why it is there, what is bad and good, and where it comes from.

    \b
    Example:
      publisher explain IT-013
    """
    from publisher.checks import all_rules, explain  # needed only here

    known = {known.id.lower(): known.id for known in all_rules()} | {
        known.name: known.id for known in all_rules()
    }
    wanted = known.get(rule.lower())
    if wanted is None:
        raise UsageError(f"there is no rule `{rule}`", hint="`publisher check --rules` lists them")
    text = explain(wanted)
    session.report.result(text)
    session.report.document("explain", {"rule": wanted, "text": text})
