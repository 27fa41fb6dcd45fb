"""Findings into what a person reads: by episode, worst first, with the line, what to do, and a verdict."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import click

from publisher.report.excerpts import line_of, neutralise

if TYPE_CHECKING:
    from publisher.errors import Place
    from publisher.model import Finding

MOST_PER_RULE = 3
"""How often a rule is shown within one group; the rest is counted."""


@dataclass(frozen=True, slots=True)
class Unseen:
    """A rule that could not look at something, and why."""

    rule: str
    reason: str
    subject: str = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """Everything that a report of `check` says.

    `names` are those of the rules by id. `titles` say what a folder holds, by the start of its path.
    `verdicts` are the directories with the number of problems that keep a show out of each. What is not
    `is_readable` could not be judged as a whole.
    """

    subject: str
    findings: tuple[Finding, ...]
    unseen: tuple[Unseen, ...] = ()
    waived: tuple[Finding, ...] = ()
    names: Mapping[str, str] = field(default_factory=dict)
    titles: Mapping[str, str] = field(default_factory=dict)
    verdicts: tuple[tuple[str, int], ...] = ()
    is_readable: bool = True

    @property
    def errors(self) -> int:
        """Return how many findings are errors."""
        return sum(finding.level == "error" for finding in self.findings)


def show_findings(sheet: Sheet, folder: Path, width: int) -> Iterator[str]:
    """Yield the lines of the report; colours are dropped where they are not wanted."""
    yield _headline(sheet, width)
    groups = _groups(sheet)
    if sheet.errors and len(sheet.findings) > 3:
        yield from _first_steps(sheet, width)
    for name, findings in groups.items():
        yield ""
        yield _group_title(sheet, name, findings, width)
        yield from _group(sheet, name, findings, folder, width)
    if sheet.unseen:
        yield ""
        yield from _unseen(sheet, width)
    if sheet.waived:
        yield ""
        yield f"{len(sheet.waived)} waived, see [[check.ignore]] and check: in the sources"
    if sheet.verdicts:
        yield ""
        yield from _verdicts(sheet, width)
    if sheet.findings:
        worst = next(iter(groups.values()))[0].rule
        yield click.style(f"Why a rule is there: publisher explain {worst}", dim=True)


def count_words(errors: int, warnings: int) -> str:
    """Say how much was found."""
    words = []
    if errors:
        words.append("1 error" if errors == 1 else f"{errors} errors")
    if warnings:
        words.append("1 piece of advice" if warnings == 1 else f"{warnings} pieces of advice")
    return ", ".join(words) or "nothing to complain about"


def _headline(sheet: Sheet, width: int) -> str:
    words = count_words(sheet.errors, len(sheet.findings) - sheet.errors)
    colour = "red" if sheet.errors else "yellow" if sheet.findings else "green"
    name = _cut(neutralise(sheet.subject), width - len(words) - 3)
    gap = " " * max(2, width - len(name) - len(words))
    return f"{click.style(name, bold=True)}{gap}{click.style(words, fg=colour, bold=True)}"


def _groups(sheet: Sheet) -> dict[str, list[Finding]]:
    """Group findings by episode or file; those with errors first, each group's worst first."""
    groups: dict[str, list[Finding]] = {}
    for finding in sheet.findings:
        groups.setdefault(_group_of(sheet, finding.place), []).append(finding)
    for findings in groups.values():
        findings.sort(key=lambda each: (each.level != "error", each.place, each.rule))
    ordered = sorted(groups, key=lambda name: (all(each.level != "error" for each in groups[name]), name))
    return {name: groups[name] for name in ordered}


def _group_of(sheet: Sheet, place: Place) -> str:
    """Return the folder with a title that a file is in, or else the file itself."""
    end = place.file.find("/") + 1
    while end:
        if place.file[:end] in sheet.titles:
            return place.file[:end]
        end = place.file.find("/", end) + 1
    return place.file


def _group_title(sheet: Sheet, name: str, findings: list[Finding], width: int) -> str:
    errors = sum(each.level == "error" for each in findings)
    title = sheet.titles.get(name, "")
    shown = f"{_cut(title, width // 2)}  " if title else ""
    head = click.style(neutralise(shown), bold=True) + click.style(neutralise(name.rstrip("/")), fg="blue")
    mark = click.style("✗" if errors else "•", fg="red" if errors else "yellow", bold=True)
    return f"{mark} {head}"


def _first_steps(sheet: Sheet, width: int) -> Iterator[str]:
    """Yield what to do first: the errors that most findings come from."""
    counts: dict[str, list[Finding]] = {}
    for finding in sheet.findings:
        if finding.level == "error":
            counts.setdefault(finding.rule, []).append(finding)
    yield ""
    yield click.style("Do this first", bold=True)
    ordered = sorted(counts.values(), key=lambda found: (-len(found), found[0].place))
    for number, found in enumerate(ordered[:3], start=1):
        times = f" ({len(found)} times)" if len(found) > 1 else ""
        said = neutralise(f"{found[0].place.file}: {found[0].message}{times}")
        yield from _wrapped(said, width, f"  {number}. ", "     ")


def _group(sheet: Sheet, name: str, findings: list[Finding], folder: Path, width: int) -> Iterator[str]:
    shown: dict[str, int] = {}
    for finding in findings:
        shown[finding.rule] = shown.get(finding.rule, 0) + 1
        if shown[finding.rule] <= MOST_PER_RULE:
            yield from _finding(sheet, name, finding, folder, width)
    for rule, count in shown.items():
        if count > MOST_PER_RULE:
            more = count - MOST_PER_RULE
            yield click.style(f"    … and {more} more of {rule} {sheet.names.get(rule, '')}", dim=True)


def _finding(sheet: Sheet, name: str, finding: Finding, folder: Path, width: int) -> Iterator[str]:
    is_error = finding.level == "error"
    word = click.style("error " if is_error else "advice", fg="red" if is_error else "yellow", bold=True)
    rule = f"{finding.rule} {sheet.names.get(finding.rule, '')}".rstrip()
    lines = _lines(neutralise(finding.message), max(20, width - 9))
    yield f"  {word} {lines[0]}"
    for line in lines[1:]:
        yield f"         {line}"
    place = neutralise(str(finding.place))
    shown = click.style(rule, dim=True)
    if len(place) + len(rule) + 11 <= width:
        yield f"         {click.style(place, fg='blue')}  {shown}"
    else:
        yield f"         {click.style(place, fg='blue')}"
        yield f"         {shown}"
    yield from _excerpt(finding.place, folder, width)
    if finding.hint:
        arrow = click.style("→", fg="cyan", bold=True)
        mark = f"         {arrow} "
        yield from _wrapped(neutralise(finding.hint), width, mark, "           ", margin=11)
    if finding.fix:
        yield from _wrapped(
            f"publisher check --fix does it: {finding.fix.summary}", width, "           ", "           "
        )


def _excerpt(place: Place, folder: Path, width: int) -> Iterator[str]:
    """Yield the line that a finding is about, with a caret below the spot."""
    line = line_of(place, folder)
    if line is None or not line.strip():
        return
    room = max(20, width - 18)
    start = 0 if place.column <= room - 10 else place.column - room // 2
    margin = f"{place.line:>6} │ "
    text = neutralise(line.replace("\t", " "))[start : start + room]
    yield f"       {click.style(margin, fg='blue')}{text}".rstrip()
    if place.column and place.column - start <= room:
        gap = " " * (len(margin) - 2)
        caret = " " * (place.column - 1 - start)
        yield f"       {click.style(gap + '│ ', fg='blue')}{caret}{click.style('^', fg='red', bold=True)}"


def _unseen(sheet: Sheet, width: int) -> Iterator[str]:
    """Yield what was not checked, by reason: never to be taken for passed."""
    reasons: dict[str, dict[str, None]] = {}
    for each in sheet.unseen:
        reasons.setdefault(each.reason, {})[each.rule] = None
    rules = {each.rule for each in sheet.unseen}
    yield click.style(f"Not checked: {len(rules)} rules", bold=True)
    for reason, found in reasons.items():
        some = ", ".join(list(found)[:6]) + (" …" if len(found) > 6 else "")
        yield from _wrapped(f"{reason}: {some}", width, "  ", "    ")


def _verdicts(sheet: Sheet, width: int) -> Iterator[str]:
    parts: list[tuple[str, str]] = []
    for directory, problems in sheet.verdicts:
        if problems:
            words = "1 problem" if problems == 1 else f"{problems} problems"
            parts.append((f"{directory}: {words}", click.style(words, fg="red", bold=True)))
        else:
            parts.append((f"{directory}: ready", click.style("ready", fg="green", bold=True)))
    line, length = "", 0
    for plain, styled in parts:
        shown = plain.partition(":")[0] + ": " + styled
        if length and length + 3 + len(plain) > width:
            yield line
            line, length = "", 0
        line, length = (f"{line} · {shown}", length + 3 + len(plain)) if length else (shown, len(plain))
    yield line


def _wrapped(text: str, width: int, first: str, rest: str, margin: int | None = None) -> Iterator[str]:
    room = max(20, width - (len(rest) if margin is None else margin))
    lines = _lines(text, room)
    yield first + lines[0]
    for line in lines[1:]:
        yield rest + line


def _lines(text: str, room: int) -> list[str]:
    """Break a text into lines; nearly every one fits on a single line as it is."""
    if len(text) <= room and text.isprintable() and text == text.strip():
        return [text]
    return textwrap.wrap(text, room) or [""]


def _cut(text: str, width: int) -> str:
    return text if len(text) <= width else text[: max(1, width - 1)] + "…"
