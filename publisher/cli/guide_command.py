"""publisher guide: pages to print for a conversation about episodes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from publisher.cli.options import command, complete_episodes
from publisher.cli.session import Session
from publisher.errors import UsageError

if TYPE_CHECKING:
    from publisher.guide.pages import Paper
    from publisher.guiding import Form


@command("guide", short_help="Make a guide for talking about episodes.")
@click.argument("episodes", nargs=-1, required=True, metavar="EPISODE…", shell_complete=complete_episodes)
@click.option("--to", "form", type=click.Choice(["html", "pdf", "text"]), default="html", show_default=True)
@click.option("--language", metavar="L", help="For readers of this language, such as es.")
@click.option("--paper", type=click.Choice(["letter", "a4"]), default="letter", show_default=True)
@click.option("--out", type=click.Path(path_type=Path), metavar="FILE", help="Write it there.")
def guide_command(
    session: Session,
    episodes: tuple[str, ...],
    form: Form,
    language: str | None,
    paper: Paper,
    out: Path | None,
) -> None:
    r"""Make a page or two to print: what it is about, what to play, what to ask, how to spend the time.

    \b
    Examples:
      publisher guide part-1 --out guide.html
      publisher guide part-1 part-2 --language es --to pdf --out guia.pdf
    """
    from publisher.files import write_whole
    from publisher.guiding import GuideRequest, make_guide  # loads every parser: not for --help

    if form == "pdf" and out is None:
        raise UsageError("a PDF cannot be printed here", hint="say where it goes: --out guide.pdf")
    request = GuideRequest(session.root, episodes, session.now, form, paper, language)
    guided = make_guide(request)
    if out:
        write_whole(session.folder / out, guided.data)
        session.report.result(str(out))
    else:
        session.report.result(guided.data.decode().rstrip("\n"))
    for remark in guided.remarks:
        session.report.note(remark)
    session.report.document(
        "guide",
        {
            "episodes": list(guided.slugs),
            "title": guided.title,
            "language": guided.language,
            "path": str(out) if out else None,
            "text": None if out else guided.data.decode(),
            "remarks": list(guided.remarks),
        },
    )
