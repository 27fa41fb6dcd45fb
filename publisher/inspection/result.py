"""What an inspection comes to, and the sheet that a report is made of."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from publisher.checks.engine import NotChecked, Rule, rule_of
from publisher.checks.table import listed_rules
from publisher.model import Finding
from publisher.report.findings import Sheet, Unseen

DIRECTORIES = ("apple", "spotify", "youtube", "amazon")
_NAMES = {"apple": "Apple", "spotify": "Spotify", "youtube": "YouTube", "amazon": "Amazon"}
_GENERAL = re.compile(r"XML|RSS 2\.0|PSP-1|RFC")


@dataclass(frozen=True, slots=True)
class Inspection:
    """What was found, what could not be looked at, and whether the sources can be read at all.

    `subject` is what a person calls the whole: the show's title or the feed's. `titles` are those of the
    files that findings are in, `profiles` what was checked for.
    """

    findings: tuple[Finding, ...]
    not_checked: tuple[NotChecked, ...]
    is_readable: bool
    waived: tuple[Finding, ...] = ()
    profiles: tuple[str, ...] = ()
    subject: str = ""
    titles: dict[str, str] = field(default_factory=dict)


def verdicts(findings: Iterable[Finding], profiles: Iterable[str]) -> tuple[tuple[str, int], ...]:
    """Say for each directory that was checked for how many errors keep the show out of it.

    A rule counts for the directories of its profiles or those its source names; what XML and RSS themselves
    ask counts for all.
    """
    asked = [name for name in DIRECTORIES if name in set(profiles)]
    errors = Counter(finding.rule for finding in findings if finding.level == "error")
    rules = [(rule_of(rule), count) for rule, count in errors.items()]
    return tuple(
        (_NAMES[name], sum(count for rule, count in rules if _concerns(rule, name))) for name in asked
    )


def _concerns(rule: Rule | None, directory: str) -> bool:
    if rule is None:
        return True  # what keeps the sources from being read
    if only := [name for name in rule.profiles if not name.startswith("-")]:
        return directory in only
    source = rule.source.casefold()
    named = [name for name in DIRECTORIES if name in source]
    return directory in named or (not named and bool(_GENERAL.search(rule.source)))


def sheet_of(inspection: Inspection) -> Sheet:
    """Write the sheet that a report of an inspection is made of."""
    named = {each.rule for each in (*inspection.findings, *inspection.waived)}
    named |= {each.rule for each in inspection.not_checked}
    return Sheet(
        subject=inspection.subject,
        findings=inspection.findings,
        unseen=tuple(Unseen(each.rule, each.reason, each.subject) for each in inspection.not_checked),
        waived=inspection.waived,
        names={row.id: row.name for row in listed_rules().values() if row.id in named},
        titles=inspection.titles,
        verdicts=verdicts(inspection.findings, inspection.profiles),
        is_readable=inspection.is_readable,
    )
