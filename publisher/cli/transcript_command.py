"""publisher transcript: drafts of transcripts."""

from __future__ import annotations

import click

from publisher.cli.options import command
from publisher.cli.session import Session

_MOST_GAPS = 8


@command("transcript", short_help="Draft a transcript, or time the words of one.")
@click.argument("episode")
@click.option("--align", is_flag=True, help="Find the times of the words of the episode's transcript.")
@click.option("--draft", is_flag=True, help="Write down what a recogniser hears.")
@click.option("--engine", metavar="NAME", help="Which recogniser drafts (pocketsphinx).")
@click.option(
    "--to",
    "form",
    type=click.Choice(["vtt", "json"]),
    default="vtt",
    show_default=True,
    help="Captions, or word for word.",
)
@click.option("--write", is_flag=True, help="Write transcript.draft.* beside the episode.")
def transcript_command(
    session: Session, episode: str, align: bool, draft: bool, engine: str | None, form: str, write: bool
) -> None:
    r"""Draft a transcript with times: of words that are known (--align), or of what is heard (--draft).

    Everything happens on this machine, in English, with the extra `align`. A draft is printed, or written
    beside the episode with --write; it is published only once you have read it and renamed it.

    \b
    Examples:
      publisher transcript part-1 --align
      publisher transcript part-1 --align --to json --write
    """
    from publisher.drafting import align_episode, draft_episode  # loads every parser: not for --help
    from publisher.errors import UsageError
    from publisher.timecodes import format_clock

    if align == draft:
        raise UsageError("a transcript is either aligned or drafted", hint="say --align or --draft")
    if engine and not draft:
        raise UsageError("--engine is for drafts", hint="say --draft --engine NAME")
    report = session.report
    if align:
        made = align_episode(session.root, episode, session.now, report.progress)
    else:
        made = draft_episode(
            session.root, episode, session.now, engine or "pocketsphinx", report.progress
        )  # fmt: skip
    written = None
    if write:
        written = made.save(session.root, form).relative_to(session.root).as_posix()
        report.result(written)
    else:
        report.result(made.write(form).decode().rstrip("\n"))
    if align:
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
