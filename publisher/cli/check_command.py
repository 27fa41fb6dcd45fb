"""publisher check: what directories, apps and the law will say, before they do."""

from __future__ import annotations

import sys

import click

from publisher.cli.options import command, complete_episodes
from publisher.cli.session import Session


@command("check", short_help="Check the show as the strictest directory would.")
@click.argument("episodes", nargs=-1, metavar="[EPISODE]...", shell_complete=complete_episodes)
@click.option(
    "--profile", "profiles", multiple=True, metavar="PROFILE", help="Check for this directory or duty."
)
@click.option(
    "--format", "form", type=click.Choice(["text", "json", "github"]), default="text", help="How to print."
)
@click.option("--rules", is_flag=True, help="List all rules.")
def check_command(
    session: Session, episodes: tuple[str, ...], profiles: tuple[str, ...], form: str, rules: bool
) -> None:
    r"""Check sources, audio facts and committed feeds; exit 1 when there are findings.

    \b
    Examples:
      publisher check
      publisher check part-1 --profile apple --profile psp
    """
    from publisher.inspection import inspect  # loads every parser: not needed for --help

    if rules:
        _list_rules(session)
        return
    result = inspect(session.root, session.now, episodes, profiles)
    report = session.with_json() if form == "json" else session.report
    errors = sum(finding.level == "error" for finding in result.findings)
    warnings = len(result.findings) - errors
    if form == "github":
        for finding in result.findings:
            report.annotation(finding)
    else:
        report.findings(result.findings)
    if result.not_checked:
        report.note(f"not checked: {len(result.not_checked)} rules, because audio or feeds are not there yet")
    report.note(f"{errors} errors, {warnings} warnings" if result.findings else "nothing to complain about")
    report.document(
        "check",
        {
            "findings": [
                {
                    "rule": finding.rule,
                    "level": finding.level,
                    "file": finding.place.file,
                    "line": finding.place.line or None,
                    "column": finding.place.column or None,
                    "message": finding.message,
                    "fix": finding.fix or None,
                }
                for finding in result.findings
            ],
            "counts": {"error": errors, "warn": warnings},
            "not_checked": list(result.not_checked),
        },
    )
    if not result.is_readable:
        sys.exit(2)
    if result.findings:
        sys.exit(1)


def _list_rules(session: Session) -> None:
    from publisher.checks import all_rules  # needed only here

    known = all_rules()
    session.report.table(("rule", "level", "name"), [(rule.id, rule.level, rule.name) for rule in known])
    session.report.document(
        "check", {"rules": [{"id": rule.id, "name": rule.name, "level": rule.level} for rule in known]}
    )
