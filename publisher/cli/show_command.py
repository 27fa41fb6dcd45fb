"""publisher show: everything known about one episode."""

from __future__ import annotations

import click

from publisher.cli.options import command, complete_episodes
from publisher.cli.session import Session


@command("show", short_help="Show everything known about one episode.")
@click.argument("episode", shell_complete=complete_episodes)
def show_command(session: Session, episode: str) -> None:
    r"""Show everything known about one episode.

    \b
    Example:
      publisher show part-1
    """
    from publisher.overview import describe  # loads every parser: not needed for --help

    facts = describe(session.root, episode, session.now)
    shown = {name: value for name, value in facts.items() if value and name != "enclosure"}
    width = max(len(name) for name in shown)
    for name, value in shown.items():
        lines = [str(part) for part in value] if isinstance(value, list) else [str(value)]
        label = session.report.styled(name.ljust(width), bold=True)
        for line in lines:
            session.report.result_styled(f"{label}  {session.report.styled(line)}")
            label = " " * width
    session.report.document("show", {"episode": facts})
