"""publisher chapters: one list of chapters in every form."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import click

from publisher.cli.options import CommandGroup, command, complete_episodes
from publisher.cli.session import Session

if TYPE_CHECKING:
    from publisher.chaptering import Taken
    from publisher.model import Chapter

_WHAT = click.argument("name", metavar="EPISODE|FILE", shell_complete=complete_episodes)


@command("convert", short_help="Print chapters in another form, or import them (the usual command).")
@_WHAT
@click.option(
    "--to",
    "form",
    type=click.Choice(["json", "psc", "text", "audacity"]),
    default="text",
    show_default=True,
    help="Which form.",
)
@click.option("--out", metavar="FILE", help="Write here instead of printing.")
@click.option(
    "--from", "source", metavar="FILE", help="Take in the chapters of FILE; `master`: of the recording."
)
def convert_command(session: Session, name: str, form: str, out: str | None, source: str | None) -> None:
    r"""Print the chapters of an episode, of a file of chapters, or of the tags of a recording.

    With --from, chapters from elsewhere become the episode's: Audacity's labels, JSON Chapters, Podlove
    Simple Chapters, lines of text, or the tags of MP3, M4A, FLAC and Ogg.

    \b
    Examples:
      publisher chapters part-1 --to json
      publisher chapters part-1 --from labels.txt
    """
    from publisher import chaptering  # loads every parser: not for --help

    if source is not None:
        path = None if source == "master" else session.folder / source
        taken = chaptering.take_in(session.root, name, path, source, session.now)
        _tell(session, name, taken)
        return
    path = session.folder / name
    if chaptering.is_file_with_chapters(path):
        chapters = chaptering.chapters_of_file(path, name)
    else:
        chapters = chaptering.chapters_of_episode(session.root, name, session.now)
    data = chaptering.write_form(chapters, form)
    report = session.report
    if silent := sum(not chapter.toc for chapter in chapters) * (form != "json"):
        report.note(f"{silent} silent chapters have no place in this form; JSON keeps them")
    if out is None:
        report.result(data.decode().rstrip("\n"))
    else:
        from publisher.files import write_whole

        write_whole(session.folder / out, data)
        report.result(out)
    report.document("chapters", {"episode": name, "form": form, "path": out, "chapters": _as_json(chapters)})


@command(
    "shift",
    short_help="Move all chapters, or those from a time on.",
    context_settings={"ignore_unknown_options": True},
)
@click.argument("episode", shell_complete=complete_episodes)
@click.option("--by", "seconds", required=True, metavar="SECONDS", help="How far, such as +1.5 or -0:10.")
@click.option("--from", "start", metavar="TIME", help="Only chapters that start here or later.")
@click.option("--dry-run", is_flag=True, help="Only show what would change.")
def shift_command(session: Session, episode: str, seconds: str, start: str | None, dry_run: bool) -> None:
    r"""Move the chapters of an episode, in the file where they are written; one at 00:00 stays there.

    \b
    Example:
      publisher chapters shift part-1 --by +1.5
    """
    from publisher.chaptering import shift_episode  # loads every parser: not for --help
    from publisher.cli.times import parse_shift, parse_time

    from_ms = parse_time(start) if start else 0
    taken = shift_episode(
        session.root, episode, parse_shift(seconds), from_ms, session.now, write=not dry_run
    )  # fmt: skip
    _tell(session, episode, taken, is_dry=dry_run)


def _tell(session: Session, name: str, taken: Taken, *, is_dry: bool = False) -> None:
    from publisher.chapters import chapters_text

    report = session.report
    report.result(chapters_text(taken.chapters).decode().rstrip("\n"))
    is_written = taken.is_new and not is_dry
    report.note(f"written: {taken.shown}" if is_written else f"nothing was written to {taken.shown}")
    content = {"episode": name, "path": taken.shown if is_written else None}
    report.document("chapters", {**content, "chapters": _as_json(taken.chapters)})


def _as_json(chapters: Iterable[Chapter]) -> list[dict[str, object]]:
    return [
        {
            "start_seconds": chapter.start_ms / 1000,
            "title": chapter.title,
            "url": chapter.url,
            "image": chapter.image,
            "toc": chapter.toc,
        }
        for chapter in chapters
    ]


@click.group("chapters", cls=CommandGroup, usual="convert", short_help="Convert, import or shift chapters.")
def chapters_command() -> None:
    r"""Print, import and move chapters.

    `publisher chapters EPISODE --to json` is short for `publisher chapters convert EPISODE --to json`.

    \b
    Examples:
      publisher chapters part-1 --to psc
      publisher chapters part-1 --from master
    """


for _each in (convert_command, shift_command):
    chapters_command.add_command(_each)
