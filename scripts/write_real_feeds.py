"""Published feeds in a folder into docs/real-feeds.md: what `publisher check` finds in each of them."""

from __future__ import annotations

import sys
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

from publisher.checks import PROFILES, all_rules, check_feed, open_feed
from publisher.model import Finding

PAGE = Path(__file__).resolve().parent.parent / "docs/real-feeds.md"
DAY = datetime(2026, 11, 22, tzinfo=UTC)
"""The day of the check; dates in the future depend on it."""

_HEAD = """# What is found in real feeds

Made by `python scripts/write_real_feeds.py FOLDER` from published feeds, which are the shows' own and not
kept here; do not edit. Each was checked on {day:%Y-%m-%d} as a file, offline and under all profiles at once,
with {count} rules. A number behind a rule says how often it fires; [rules.md](rules.md) says what each rule
is about.
"""


def main() -> int:
    """Write the page; say what each rule found with `--show RULE`."""
    folder, *asked = sys.argv[1:]
    files = sorted(path for path in Path(folder).iterdir() if path.suffix in {".xml", ".rss"})
    names = {known.id: known.name for known in all_rules()}
    count = sum(known.kind == "rule" for known in all_rules())
    parts = [_HEAD.format(day=DAY, count=count)]
    rows = ["| feed | items | errors | advice | rules that fire |", "|---|---:|---:|---:|---:|"]
    total: Counter[str] = Counter()
    details: list[str] = []
    for path in files:
        feed = open_feed(path.read_bytes(), path.name, DAY)
        findings = check_feed(feed, profiles=PROFILES).findings
        for finding in findings:
            if finding.rule in asked:
                sys.stdout.write(f"{finding.place} {finding.rule} {finding.message}\n")
        total.update({finding.rule for finding in findings})
        errors = sum(finding.level == "error" for finding in findings)
        fired = len({finding.rule for finding in findings})
        rows.append(
            f"| {path.stem} | {len(feed.feed.spans)} | {errors} | {len(findings) - errors} | {fired} |"
        )
        details += [f"## {path.stem}", "", *_rules(findings, names), ""]
    often = ["| rule | feeds |", "|---|---:|"]
    often += [
        f"| {rule} {names[rule]} | {feeds} |" for rule, feeds in sorted(total.items(), key=_frequency)[:25]
    ]
    parts += ["\n".join(rows), "", "## What most feeds have", "", "\n".join(often), "", "\n".join(details)]
    PAGE.write_text("\n".join(parts).rstrip() + "\n", encoding="utf-8")
    return 0


def _rules(findings: tuple[Finding, ...], names: dict[str, str]) -> list[str]:
    """List the rules of each level, most frequent first."""
    lines = []
    for level, title in (("error", "Errors"), ("warn", "Advice")):
        counts = Counter(finding.rule for finding in findings if finding.level == level)
        listed = [f"{rule} {names[rule]} ({count})" for rule, count in sorted(counts.items(), key=_frequency)]
        lines.append(f"- {title}: {', '.join(listed) or 'none'}")
    return lines


def _frequency(entry: tuple[str, int]) -> tuple[int, str]:
    return -entry[1], entry[0]


if __name__ == "__main__":
    sys.exit(main())
