"""publisher check: what directories, apps and the law will say, before they do."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING, Any

import click

from publisher.cli.options import command, complete_episodes
from publisher.cli.session import Session
from publisher.errors import UsageError

if TYPE_CHECKING:
    from publisher.report.findings import Sheet

_FORMATS = ["text", "json", "sarif", "github", "junit"]


@command("check", short_help="Check the show, or any feed, as the strictest directory would.")
@click.argument("what", nargs=-1, metavar="[EPISODE]...|[FEED]", shell_complete=complete_episodes)
@click.option(
    "--profile", "profiles", multiple=True, metavar="PROFILE", help="Check for this directory or duty."
)
@click.option("--format", "form", type=click.Choice(_FORMATS), default="text", help="How to print.")
@click.option("--online", is_flag=True, help="Also ask the servers of everything that the feed names.")
@click.option("--live", metavar="TARGET", help="Also compare with the feed that TARGET serves.")
@click.option("--against", metavar="FEED", help="Also compare with an earlier feed, a file or an address.")
@click.option("--allow-private", "allowed", multiple=True, metavar="NETWORK",
              help="Also ask servers in this private network, such as 10.1.0.0/16.")  # fmt: skip
@click.option("--fix", is_flag=True, help="Mend what can be mended safely, and show the difference.")
@click.option("--dry-run", is_flag=True, help="With --fix: only show what would change.")
@click.option("--rules", is_flag=True, help="List all rules.")
def check_command(
    session: Session,
    what: tuple[str, ...],
    form: str,
    *,
    rules: bool,
    fix: bool,
    dry_run: bool,
    **asked: Any,  # noqa: ANN401
) -> None:
    r"""Check sources, audio facts and committed feeds, or any FEED by its file or address.

    Exit 1 when there are findings. Nothing is fetched but what is asked for.

    \b
    Examples:
      publisher check
      publisher check part-1 --profile apple --profile psp
      publisher check --live production --online
      publisher check someones-feed.xml --format sarif
      publisher check --fix --dry-run
    """
    if rules:
        _list_rules(session)
        return
    if dry_run and not fix:
        raise UsageError("--dry-run goes with --fix", hint="without --fix, nothing is changed anyway")
    changes: dict[str, Any] = {}
    if fix:
        from publisher.cli.fixes import fix_all  # only for --fix

        feeds = _feeds(session, what)
        sheet, changes = fix_all(
            session, lambda: _inspect(session, what, asked), feeds[0] if feeds else None, dry_run=dry_run
        )
    else:
        sheet = _inspect(session, what, asked)
    _print(session, sheet, form, changes)
    if not sheet.is_readable:
        sys.exit(2)
    if sheet.findings:
        sys.exit(1)


def _inspect(session: Session, what: tuple[str, ...], asked: dict[str, Any]) -> Sheet:
    from publisher.inspection.request import CheckRequest  # not for --help

    request = CheckRequest(
        now=session.now,
        started_ns=time.time_ns(),
        profiles=_known(asked["profiles"]) if asked["profiles"] else (),
        online=asked["online"],
        allowed=asked["allowed"],
        witnesses=_witnesses(session, asked),
        progress=session.report.progress,
    )
    feeds = _feeds(session, what)
    if not feeds:
        from publisher.inspection.memory import check_folder  # the build's stamps: not for a feed

        return check_folder(session.root, what, request)
    if len(what) > 1:
        raise UsageError("a feed is checked by itself", hint=f"publisher check {feeds[0]}")
    from publisher.inspection.foreign import inspect_feed  # the client: not for a show
    from publisher.inspection.result import sheet_of

    return sheet_of(inspect_feed(session.folder, feeds[0], request))


def _feeds(session: Session, what: tuple[str, ...]) -> list[str]:
    if not what:
        return []
    from publisher.inspection.foreign import is_feed  # as above

    return [argument for argument in what if is_feed(session.folder, argument)]


def _witnesses(session: Session, asked: dict[str, Any]) -> dict[str, bytes]:
    """Return the earlier feeds that somebody wants to compare with, by who remembers them."""
    witnesses: dict[str, bytes] = {}
    if against := asked["against"]:
        from publisher.inspection.foreign import read_feed_bytes  # as above

        witnesses[against], _ = read_feed_bytes(session.folder, against, asked["allowed"])
    if asked["live"]:
        witnesses.update(_live_feed(session, asked["live"]))
    return witnesses


def _live_feed(session: Session, name: str) -> dict[str, bytes]:
    """Return the feed that a target serves now; there is none before the first publish."""
    from publisher.cli.targets import open_target  # boto3: not for --help

    target = open_target(session, name)
    stored = target.storage.read(target.feed_keys[0])
    return {target.name: stored.data} if stored else {}


def _known(profiles: tuple[str, ...]) -> tuple[str, ...]:
    from publisher.checks import PROFILES  # needed only here
    from publisher.source.suggesting import did_you_mean

    for profile in profiles:
        if profile not in PROFILES:
            hint = did_you_mean(profile, PROFILES) or f"there are: {', '.join(PROFILES)}"
            raise UsageError(f"there is no profile `{profile}`", hint=hint)
    return profiles


def _print(session: Session, sheet: Sheet, form: str, changes: dict[str, Any]) -> None:
    if form == "text" and not session.as_json:
        session.report.sheet(sheet, session.folder)
        return
    from publisher import __version__
    from publisher.report import format_json, machine  # needed only here

    report = session.with_json() if form == "json" else session.report
    if form == "json" or session.as_json:
        report.document("check", {**machine.as_json(sheet), **changes})
    elif form == "github":
        for line in machine.as_annotations(sheet):
            report.result(line)
    elif form == "sarif":
        from publisher.checks import all_rules  # every rule: needed only here

        rules = {known.id: (known.name, known.level, known.documentation) for known in all_rules()}
        report.result(format_json(machine.as_sarif(sheet, __version__, rules)))
    else:
        report.result(machine.as_junit(sheet))


def _list_rules(session: Session) -> None:
    from publisher.checks import all_rules  # needed only here

    known = all_rules()
    rows = [(rule.id, rule.level, rule.kind, " ".join(rule.profiles), rule.name) for rule in known]
    session.report.table(("rule", "level", "kind", "profiles", "name"), rows)
    session.report.document(
        "check",
        {
            "rules": [
                {
                    "id": rule.id,
                    "name": rule.name,
                    "level": rule.level,
                    "kind": rule.kind,
                    "profiles": list(rule.profiles),
                    "needs": list(rule.needs),
                    "numbers": dict(rule.numbers),
                    "summary": rule.documentation.partition("\n")[0],
                }
                for rule in known
            ]
        },
    )
