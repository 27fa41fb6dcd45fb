"""publisher transcript: transcripts in every form, checked, moved, repaired and drafted."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from publisher.cli.options import CommandGroup, command, complete_episodes
from publisher.cli.session import Session
from publisher.cli.transcript_changes import (
    check_command,
    open_words,
    put_text,
    repair_command,
    shift_command,
)

if TYPE_CHECKING:
    from publisher.drafting import Draft

_MOST_GAPS = 8
_FORMS = click.Choice(["vtt", "srt", "json", "html", "text"])
_WHAT = click.argument("name", metavar="EPISODE|FILE", shell_complete=complete_episodes)


@command("convert", short_help="Print a transcript in another form (the usual command).")
@_WHAT
@click.option("--to", "form", type=_FORMS, default="vtt", show_default=True, help="Which form.")
@click.option("--out", metavar="FILE", help="Write here instead of printing.")
@click.option("--align", is_flag=True, help="Find the times of the words of the episode's transcript.")
@click.option("--draft", is_flag=True, help="Write down what a recogniser hears.")
@click.option("--engine", metavar="NAME", help="Which recogniser drafts (pocketsphinx).")
@click.option("--write", is_flag=True, help="Write transcript.draft.* beside the episode.")
def convert_command(
    session: Session,
    name: str,
    form: str,
    out: str | None,
    align: bool,
    draft: bool,
    engine: str | None,
    write: bool,
) -> None:
    r"""Print the transcript of an episode, or any file of one, in another form.

    Speakers get the names that show.toml has for them. With --align the words get their times from the
    recording, with --draft they are written as heard: on this machine, in English, with the extra `align`.
    A draft is published only once you have read it and renamed it.

    \b
    Examples:
      publisher transcript part-1 --to srt
      publisher transcript interview.srt --to vtt --out interview.vtt
      publisher transcript part-1 --align --write
    """
    from publisher.errors import UsageError

    if align and draft:
        raise UsageError("a transcript is either aligned or drafted", hint="say --align or --draft")
    if engine and not draft:
        raise UsageError("--engine is for drafts", hint="say --draft --engine NAME")
    if write and not (align or draft):
        raise UsageError("--write is for drafts", hint="say --out FILE, or add --align or --draft")
    if align or draft:
        _tell_draft(session, _make_draft(session, name, engine, align=align), form, out, write=write)
        return
    from publisher.captioning import convert  # loads every parser: not for --help

    data = convert(open_words(session, name), form)
    written = put_text(session, data, out)
    session.report.document(
        "transcript", {"episode": name, "form": form, "path": written, "text": data.decode()}
    )


@command("from-text", short_help="Find times for words without any.")
@click.argument("episode", shell_complete=complete_episodes)
@click.argument("text", required=False, metavar="[FILE]")
@click.option("--to", "form", type=_FORMS, default="vtt", show_default=True, help="Which form.")
@click.option("--out", metavar="FILE", help="Write here instead of printing.")
@click.option("--write", is_flag=True, help="Write transcript.draft.* beside the episode.")
def from_text_command(
    session: Session, episode: str, text: str | None, form: str, out: str | None, write: bool
) -> None:
    r"""Make captions of plain text: of the episode's transcript, or of the text in FILE.

    With the extra `align` the words are found in the recording; without it they are spread over its length,
    which is a start for somebody to correct.

    \b
    Example:
      publisher transcript from-text part-1 words.txt --write
    """
    from publisher.drafting import align_episode  # loads every parser: not for --help

    path = session.folder / text if text else None
    made = align_episode(
        session.root, episode, session.now, session.report.progress, text=path, may_guess=True
    )  # fmt: skip
    _tell_draft(session, made, form, out, write=write)


def _make_draft(session: Session, episode: str, engine: str | None, *, align: bool) -> Draft:
    from publisher.drafting import align_episode, draft_episode  # loads every parser: not for --help

    report = session.report
    if align:
        return align_episode(session.root, episode, session.now, report.progress)
    return draft_episode(session.root, episode, session.now, engine or "pocketsphinx", report.progress)


def _tell_draft(session: Session, made: Draft, form: str, out: str | None, *, write: bool) -> None:
    from publisher.timecodes import format_clock

    report = session.report
    if write:
        written: str | None = made.save(session.root, form).relative_to(session.root).as_posix()
        report.result(written or "")
    else:
        written = put_text(session, made.write(form), out)
    if made.is_guessed:
        report.note(f"draft: the times of {made.words} words are guessed; the extra `align` would listen")
    elif made.is_aligned:
        report.note(f"draft: {made.found} of {made.words} words were found in the recording")
        if made.found < made.words:
            report.note("the times of the others are guessed from their neighbours:")
    else:
        report.note(f"draft: {made.words} words were heard; expect one in ten to one in three to be wrong")
    for gap in made.gaps[:_MOST_GAPS]:
        where = f"{format_clock(gap.start_ms)}–{format_clock(gap.end_ms)}"
        report.note(f"  {where}  {gap.text[:80]}")
    if len(made.gaps) > _MOST_GAPS:
        report.note(f"  and {len(made.gaps) - _MOST_GAPS} more places")
    if write:
        report.note(
            "read it along with the recording; then let it take the place of the episode's transcript"
        )
    report.document("transcript", {**made.as_json(), "path": written})


@click.group(
    "transcript",
    cls=CommandGroup,
    usual="convert",
    short_help="Convert, check, shift, repair or draft a transcript.",
)
def transcript_command() -> None:
    r"""Convert, check, shift and repair transcripts; draft one, or find its times.

    `publisher transcript EPISODE --to srt` is short for `publisher transcript convert EPISODE --to srt`; the
    options of `convert` are in `publisher transcript convert --help`.

    \b
    Examples:
      publisher transcript part-1 --to srt
      publisher transcript check part-1
    """


for _each in (convert_command, check_command, shift_command, repair_command, from_text_command):
    transcript_command.add_command(_each)
