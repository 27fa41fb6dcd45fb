"""publisher notes: the show notes of an episode in one of their forms."""

from __future__ import annotations

import click

from publisher.cli.options import command, complete_episodes
from publisher.cli.session import Session


@command("notes", short_help="Render the show notes of an episode.")
@click.argument("episode", shell_complete=complete_episodes)
@click.option(
    "--to",
    "form",
    type=click.Choice(["feed", "web", "text", "mail", "sentence"]),
    default="text",
    show_default=True,
    help="Which form.",
)
@click.option("--language", metavar="L", help="For readers of this language, such as es.")
def notes_command(session: Session, episode: str, form: str, language: str | None) -> None:
    r"""Render the show notes: as in the feed, on the page, as text, for a mail, or as one sentence.

    \b
    Examples:
      publisher notes part-1 --to feed
      publisher notes part-1 --to mail --language es
    """
    from publisher.overview import notes_as  # loads every parser: not needed for --help

    text = notes_as(session.root, episode, form, session.now, language)
    session.report.result(text.rstrip("\n"))
    session.report.document("notes", {"episode": episode, "form": form, "language": language, "text": text})
