"""publisher resources: the resources of episodes or the show, to print, to read or to cite from."""

from __future__ import annotations

from pathlib import Path
from typing import cast

import click

from publisher.cli.options import command, complete_episodes
from publisher.cli.session import Session


@command("resources", short_help="Export the resources to cite from or to print.")
@click.argument("episodes", nargs=-1, metavar="[EPISODE]...", shell_complete=complete_episodes)
@click.option(
    "--to",
    "form",
    type=click.Choice(["csl", "bibtex", "html", "text"]),
    default="text",
    show_default=True,
    help="Which form.",
)
@click.option("--language", metavar="TAG", help="For html and text: in this language.")
@click.option("--output", type=click.Path(dir_okay=False), metavar="FILE", help="Write it to a file.")
def resources_command(
    session: Session, episodes: tuple[str, ...], form: str, language: str | None, output: str | None
) -> None:
    r"""Export the resources of episodes, or of the whole show when none is named.

    CSL JSON is what Zotero and other reference managers read, BibTeX what LaTeX reads; html is a reading list
    that prints well on Letter and A4.

    \b
    Examples:
      publisher resources part-1 --to html --output reading-list.html
      publisher resources --to csl --output resources.json
    """
    from publisher.files import write_whole  # every parser: not needed for --help
    from publisher.readinglist import Form, reading_list

    text = reading_list(session.root, episodes, cast("Form", form), session.now, language or "")
    path = session.folder / output if output else None
    if path:
        write_whole(Path(path), text.encode())
        session.report.note(f"wrote {output}")
    else:
        session.report.result(text.rstrip("\n"))
    session.report.document(
        "resources", {"episodes": list(episodes), "form": form, "path": output, "text": text}
    )
