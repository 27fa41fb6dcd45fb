"""publisher init: the files of a new show."""

from __future__ import annotations

from pathlib import Path

import click

from publisher.cli.options import command
from publisher.cli.session import Session

_PLACEHOLDER_URL = "https://media.example.org/"
_PLACEHOLDER_EMAIL = "podcast@example.org"


@command("init", short_help="Start a new show in a folder.")
@click.argument("directory", default=".", type=click.Path(file_okay=False), metavar="[DIR]")
@click.option("--title", help="The show's title.")
@click.option("--author", help="Who publishes it.")
@click.option("--base-url", help="Where its files will be on the web.")
@click.option(
    "--email", default=_PLACEHOLDER_EMAIL, show_default=True, help="A role address for directories."
)
@click.option("--language", default="en", show_default=True, help="The show's language.")
@click.option("--timezone", default="UTC", show_default=True, help="The zone in which dates are written.")
def init_command(
    session: Session,
    directory: str,
    title: str | None,
    author: str | None,
    base_url: str | None,
    email: str,
    language: str,
    timezone: str,
) -> None:
    r"""Write show.toml, the resource catalogue and a placeholder cover; files that exist are left alone.

    \b
    Examples:
      publisher init
      publisher init my-show --title "My Show" --author "My School"
    """
    from publisher.episodes.folders import slug_from  # pydantic: not needed for --help
    from publisher.scaffold import NewShow, write_show

    path = (session.folder / directory).resolve()
    title = _ask(session, title, "Title of the show", path.name.replace("-", " ").title())
    author = _ask(session, author, "Published by", title)
    base_url = _ask(session, base_url, "Web address of its files", _PLACEHOLDER_URL)
    show = NewShow(title, author, base_url, language, timezone, email, slug_from(title))
    written = write_show(path, show)
    for name in written:
        session.report.result(f"wrote {_shown(path / name, session.folder)}")
    if written:
        guessed = {"base_url": base_url == _PLACEHOLDER_URL, "owner": email == _PLACEHOLDER_EMAIL}
        names = [name for name, is_placeholder in guessed.items() if is_placeholder]
        placeholders = ", ".join(["description", *names, "cover"])
        session.report.note(f"still placeholders, put in your own: {placeholders}")
    session.report.note("next: `publisher new TITLE --audio RECORDING`, then `publisher publish`")
    session.report.document("init", {"folder": str(path), "files": list(written)})


def _ask(session: Session, given: str | None, question: str, default: str) -> str:
    if given is not None:
        return given
    if not session.is_interactive:
        return default
    answer: str = click.prompt(question, default=default, err=True)
    return answer


def _shown(path: Path, folder: Path) -> str:
    return path.relative_to(folder).as_posix() if path.is_relative_to(folder) else str(path)
