"""The findings of a check that can be mended into mended files, shown as a difference, and a second look."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from publisher.cli.session import Session
from publisher.errors import SourceError, UsageError

if TYPE_CHECKING:
    from publisher.fixing import Outcome
    from publisher.model import Finding
    from publisher.report.findings import Sheet

_ROUNDS = 5
"""How often is mended and looked again: of two fixes of one value, the second waits for the next round."""


def fix_all(
    session: Session, look: Callable[[], Sheet], feed: str | None, *, dry_run: bool
) -> tuple[Sheet, dict[str, Any]]:
    """Mend what can be mended and look again; return what is left, and for JSON what was changed.

    Raises:
        UsageError: the feed is not a file.
    """
    from publisher.fixing import mend, save  # the parsers: only for --fix

    if feed is not None and feed.startswith(("http://", "https://")):
        raise UsageError("only a file can be mended", hint="save the feed first, and check the file")
    root = session.folder if feed is not None else session.root
    outcomes: list[Outcome] = []
    sheet = _seen(look)
    for _ in range(_ROUNDS):
        outcome = mend(root, sheet.findings, _mint, is_show=feed is None)
        outcomes.append(outcome)
        _tell(session, outcome, dry_run=dry_run)
        if dry_run or not outcome.files:
            break
        save(outcome)
        sheet = _seen(look)
    return sheet, _as_json(outcomes, dry_run=dry_run)


def _mint() -> str:
    return str(uuid.uuid4())


def _seen(look: Callable[[], Sheet]) -> Sheet:
    """Return what a check finds; sources that cannot be read at all are findings here, too."""
    from publisher.checks.unreadable import finding_of  # only for --fix
    from publisher.report.findings import Sheet

    try:
        return look()
    except SourceError as error:
        findings = tuple(finding_of(problem) for problem in error.problems)
        if not any(finding.fix for finding in findings):
            raise
        return Sheet("the show", findings, is_readable=False, names={"SRC-001": "unreadable"})


def _tell(session: Session, outcome: Outcome, *, dry_run: bool) -> None:
    """Show the difference of each file, and why a fix was not made."""
    report = session.report
    for mended in outcome.files:
        for line in mended.difference():
            colour = {"+": "green", "-": "red", "@": "cyan"}.get(line[:1])
            report.result_styled(report.styled(line, fg=colour, bold=line.startswith(("+++", "---"))))
    if outcome.files:
        count = len({id(finding) for finding in outcome.applied})
        done = "would be mended" if dry_run else "mended"
        files = "1 file" if len(outcome.files) == 1 else f"{len(outcome.files)} files"
        report.result(f"{count} {'finding' if count == 1 else 'findings'} in {files} {done}")
    elif dry_run:
        report.result("nothing here can be mended by itself")
    for finding, reason in outcome.refused:
        report.result(f"{finding.place}: {finding.rule} not mended: {reason}")
    if outcome.files or outcome.refused:
        report.result("")


def _as_json(outcomes: list[Outcome], *, dry_run: bool) -> dict[str, Any]:
    return {
        "dry_run": dry_run,
        "fixed": [_fixed(finding) for outcome in outcomes for finding in outcome.applied],
        "refused": [
            {**_fixed(finding), "reason": reason}
            for finding, reason in (outcomes[-1].refused if outcomes else ())
        ],
        "files": [
            {"file": mended.shown, "diff": "\n".join(mended.difference())}
            for outcome in outcomes
            for mended in outcome.files
        ],
    }


def _fixed(finding: Finding) -> dict[str, Any]:
    assert finding.fix is not None
    return {"rule": finding.rule, "place": str(finding.place), "summary": finding.fix.summary}
