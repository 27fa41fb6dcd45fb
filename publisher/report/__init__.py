"""How everything looks: results on stdout, messages and progress on stderr, in plain words or as JSON."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from publisher.errors import Place, Problem, PublisherError
from publisher.report.excerpts import format_json, line_of, neutralise

__all__ = ["Report", "format_bytes", "format_json", "neutralise"]

if TYPE_CHECKING:
    from publisher.model import Finding, Plan
    from publisher.report.findings import Sheet


@dataclass(frozen=True, slots=True)
class Report:
    """The one way to speak to a person or a machine."""

    as_json: bool = False
    quiet: bool = False
    verbose: bool = False
    color: bool | None = None
    is_terminal: bool = False
    width: int = 100

    def result(self, text: str) -> None:
        """Print what was asked for; with --json the document says it instead."""
        if not self.as_json:
            click.echo(neutralise(text), color=self.color)

    def styled(self, text: str, **style: Any) -> str:  # noqa: ANN401 - click's own style words
        """Return text with a colour or weight that a plain terminal leaves out."""
        return click.style(neutralise(text), **style)

    def result_styled(self, text: str) -> None:
        """Print a line whose parts went through `styled`."""
        if not self.as_json:
            click.echo(text, color=self.color)

    def note(self, text: str) -> None:
        """Say something beside the result."""
        if not self.quiet:
            click.echo(neutralise(text), err=True, color=self.color)

    def detail(self, text: str) -> None:
        """Say something that only -v wants to hear."""
        if self.verbose:
            click.echo(neutralise(text), err=True, color=self.color)

    def document(self, command: str, content: Mapping[str, Any]) -> None:
        """Print the one JSON document of a command, when JSON is wanted."""
        if self.as_json:
            schema = {"schema": f"publisher/{command}/1"}
            click.echo(format_json({**schema, **content}))

    def failure(self, error: PublisherError, folder: Path) -> None:
        """Print every problem of an error: what, where with the line itself, and what to do."""
        live_feed = getattr(error, "live_feed", None)
        if self.as_json:
            self.document(
                "error",
                {
                    "exit_code": error.exit_code,
                    "errors": [_as_json(problem) for problem in error.problems],
                    **({"live_feed": live_feed} if live_feed else {}),
                },
            )
        for problem in error.problems:
            self._problem(problem, folder)
        if len(error.problems) > 1:
            click.echo(f"{len(error.problems)} problems", err=True)
        if live_feed:
            click.echo(f"live feed: {live_feed}", err=True, color=self.color)

    def _problem(self, problem: Problem, folder: Path) -> None:
        mark = click.style("error", fg="red", bold=True)
        click.echo(f"{mark}: {neutralise(problem.message)}", err=True, color=self.color)
        if problem.place:
            arrow = click.style("-->", fg="blue")
            click.echo(f"  {arrow} {neutralise(str(problem.place))}", err=True, color=self.color)
            self._excerpt(problem.place, folder)
        if problem.hint:
            word = click.style("help", fg="cyan", bold=True)
            click.echo(f"{word}: {neutralise(problem.hint)}", err=True, color=self.color)

    def _excerpt(self, place: Place, folder: Path) -> None:
        """Show the line that a problem is about, with a caret below the spot."""
        line = line_of(place, folder)
        if line is None:
            return
        start = max(0, place.column - 70)
        shown = neutralise(line[start : start + 100].replace("\t", " "))
        margin = f"{place.line:>4} | "
        click.echo(f"{click.style(margin, fg='blue')}{shown}", err=True, color=self.color)
        if place.column:
            caret = " " * (len(margin) + place.column - 1 - start)
            click.echo(f"{caret}{click.style('^', fg='red', bold=True)}", err=True, color=self.color)

    def findings(self, findings: Sequence[Finding]) -> None:
        """Print findings, one a paragraph, worst first."""
        for finding in sorted(findings, key=lambda finding: (finding.level != "error", finding.place)):
            style: dict[str, Any] = {"fg": "red" if finding.level == "error" else "yellow", "bold": True}
            head = self.styled(f"{finding.level}[{finding.rule}]", **style)
            self.result_styled(f"{head}: {neutralise(finding.message)}")
            self.result_styled(f"  {self.styled('-->', fg='blue')} {neutralise(str(finding.place))}")
            if finding.hint:
                self.result_styled(f"{self.styled('help', fg='cyan', bold=True)}: {neutralise(finding.hint)}")

    def sheet(self, sheet: Sheet, folder: Path) -> None:
        """Print what a check found, in words for people."""
        from publisher.report.findings import show_findings  # only check has any

        if not self.as_json:
            lines = show_findings(sheet, folder, self.width)
            click.echo("\n".join(lines), color=self.color)  # at once: a line by itself is flushed by itself

    def plan(self, plan: Plan) -> None:
        """Print what publish would do: what listeners notice first, then how many files of each kind."""
        self.result_styled(f"{self.styled('Target', bold=True)}  {neutralise(plan.target)}")
        for line in plan.impact:
            self.result(f"  {line}")
        steps = [step for step in plan.steps if step.action != "keep"]
        if not steps:
            return
        self.result_styled(self.styled("Files", bold=True))
        if self.verbose:
            for step in steps:
                size = format_bytes(step.bytes)
                self.result(f"  {step.action:<4}  {step.key}  {size}  {step.reason}")
            return
        kinds: dict[str, list[int]] = {}
        for step in steps:
            kinds.setdefault(step.reason, []).append(step.bytes)
        for reason, sizes in kinds.items():
            total = f"  {format_bytes(sum(sizes))}" if any(sizes) else ""
            self.result(f"  {len(sizes):>4} × {reason}{total}")

    def table(self, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
        """Print a table that aligns; the last column takes the room that is left."""
        if self.as_json or not rows:
            return
        cells = [[neutralise(cell).replace("\n", " ") for cell in row] for row in rows]
        widths = [
            max(len(row[index]) for row in [list(columns), *cells]) for index in range(len(columns) - 1)
        ]

        def line(row: Sequence[str]) -> str:
            head = [cell.ljust(width) for cell, width in zip(row[:-1], widths, strict=True)]
            return "  ".join([*head, row[-1]]).rstrip()

        self.result_styled(click.style(line(columns), bold=True))
        for row in cells:
            self.result_styled(line(row))

    @contextmanager
    def progress(self, label: str, total: float, unit: str) -> Iterator[Callable[..., None]]:
        """Show how far a long step is: a bar with rate and time left on a terminal, a line elsewhere.

        `unit` is `audio` (seconds of sound), `bytes` or a plural noun. Nothing is shown for under a second.
        """
        from publisher.progress import show_progress

        with show_progress(neutralise(label), total, unit, bar=self.is_terminal, quiet=self.quiet) as advance:
            yield advance


def format_bytes(count: int) -> str:
    """Write a size as people read it."""
    size = float(count)
    for unit in ("B", "KB", "MB"):
        if size < 1000 or unit == "MB":
            return f"{size:.0f} {unit}" if unit == "B" or size >= 100 else f"{size:.1f} {unit}"
        size /= 1000
    raise AssertionError("unreachable")


def _as_json(problem: Problem) -> dict[str, Any]:
    place = problem.place or Place("")
    return {
        "message": problem.message,
        "file": place.file or None,
        "line": place.line or None,
        "column": place.column or None,
        "help": problem.hint or None,
    }
