"""publisher transcript check, shift and repair: what is wrong with a transcript, and setting it right."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from publisher.cli.options import command, complete_episodes
from publisher.cli.session import Session

if TYPE_CHECKING:
    from publisher.captioning import Changed, Words

_MOST_FINDINGS = 10
_WHAT = click.argument("name", metavar="EPISODE|FILE", shell_complete=complete_episodes)
_OUT = click.option("--out", metavar="FILE", help="Write here instead; - prints.")
_DRY = click.option("--dry-run", is_flag=True, help="Only show what would change.")


@command("check", short_help="Check times, speakers and speed of reading.")
@_WHAT
def check_command(session: Session, name: str) -> None:
    r"""Check the order, overlaps, length and coverage of a transcript, its speakers and its speed of reading.

    Exit 1 when something is wrong; warnings alone do not count.

    \b
    Example:
      publisher transcript check part-1
    """
    from publisher.captioning import check_words  # loads every parser: not for --help

    findings, speakers = check_words(open_words(session, name))
    report = session.report
    shown: dict[str, int] = {}
    for finding in findings:
        shown[finding.rule] = shown.get(finding.rule, 0) + 1
    told = [
        finding
        for number, finding in enumerate(findings)
        if session.verbose or sum(each.rule == finding.rule for each in findings[:number]) < _MOST_FINDINGS
    ]
    report.findings(told)
    for rule, count in shown.items():
        if not session.verbose and count > _MOST_FINDINGS:
            report.note(f"{rule}: {count - _MOST_FINDINGS} more; -v shows them")
    errors = sum(finding.level == "error" for finding in findings)
    for speaker in speakers:
        report.detail(f"{speaker.name}: {speaker.person or 'nobody of the show'}, {speaker.seconds:.0f} s")
    report.note(
        f"{errors} errors, {len(findings) - errors} warnings" if findings else "nothing to complain about"
    )
    report.document(
        "transcript",
        {
            "episode": name,
            "findings": [
                {
                    "rule": finding.rule,
                    "level": finding.level,
                    "file": finding.place.file,
                    "line": finding.place.line or None,
                    "column": finding.place.column or None,
                    "message": finding.message,
                    "help": finding.hint or None,
                }
                for finding in findings
            ],
            "counts": {"error": errors, "warn": len(findings) - errors},
            "speakers": [
                {"name": who.name, "person": who.person, "cues": who.cues, "seconds": who.seconds}
                for who in speakers
            ],
        },
    )
    if errors:
        sys.exit(1)


@command(
    "shift",
    short_help="Move all times, or those from a time on.",
    context_settings={"ignore_unknown_options": True},
)
@_WHAT
@click.option("--by", "seconds", required=True, metavar="SECONDS", help="How far, such as +1.5 or -0:10.")
@click.option("--from", "start", metavar="TIME", help="Only cues that start here or later.")
@_OUT
@_DRY
def shift_command(
    session: Session, name: str, seconds: str, start: str | None, out: str | None, dry_run: bool
) -> None:
    r"""Move the times of a transcript, in its file; everything else in it stays as it is.

    \b
    Examples:
      publisher transcript shift part-1 --by +1.5
      publisher transcript shift part-1 --by -12 --from 04:30
    """
    from publisher.captioning import shift  # loads every parser: not for --help
    from publisher.cli.times import parse_shift, parse_time

    changed = shift(open_words(session, name), parse_shift(seconds), parse_time(start) if start else 0)
    _tell_change(session, name, changed, out, dry_run=dry_run)


@command("repair", short_help="Mend broken times; shows what changes.")
@_WHAT
@_OUT
@_DRY
def repair_command(session: Session, name: str, out: str | None, dry_run: bool) -> None:
    r"""Mend the times of a transcript in its file: their order, ends and forms; the difference is shown.

    \b
    Example:
      publisher transcript repair part-1 --dry-run
    """
    from publisher.captioning import repair  # loads every parser: not for --help

    _tell_change(session, name, repair(open_words(session, name)), out, dry_run=dry_run)


def open_words(session: Session, name: str) -> Words:
    """Read the file, or the episode's transcript, that somebody named."""
    from publisher.captioning import is_transcript_file, words_of_episode, words_of_file

    path = session.folder / name
    if is_transcript_file(path):
        return words_of_file(path, name)
    return words_of_episode(session.root, name, session.now)


def put_text(session: Session, data: bytes, out: str | None) -> str | None:
    """Write to a file, or print; return where it was written."""
    if out is None or out == "-":
        session.report.result(data.decode().rstrip("\n"))
        return None
    from publisher.files import write_whole

    path: Path = session.folder / out
    write_whole(path, data)
    session.report.result(out)
    return out


def _tell_change(session: Session, name: str, changed: Changed, out: str | None, *, dry_run: bool) -> None:
    """Show the difference, and write the file."""
    report = session.report
    written = None
    if out == "-":
        report.result(changed.text.rstrip("\n"))
    else:
        for line in changed.difference:
            style = {"+": "green", "-": "red", "@": "cyan"}.get(line[:1])
            report.result_styled(report.styled(line, fg=style) if style else report.styled(line))
        if out is not None and not dry_run:
            written = put_text(session, changed.text.encode(), out)
        elif not dry_run and changed.save():
            written = changed.shown
    for line in changed.done:
        report.note(line)
    report.note(f"written: {written}" if written else "nothing was written")
    report.document(
        "transcript",
        {
            "episode": name,
            "done": list(changed.done),
            "path": written,
            "difference": list(changed.difference),
        },
    )
