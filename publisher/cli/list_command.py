"""publisher list: what there is, and what each episode still needs."""

from __future__ import annotations

from publisher.cli.options import command
from publisher.cli.session import Session


@command("list", short_help="List the episodes and what each still needs.")
def list_command(session: Session) -> None:
    r"""List the episodes, newest first, with their state and what each still needs.

    \b
    Example:
      publisher list --json
    """
    from publisher.overview import survey  # loads every parser: not needed for --help

    entries = survey(session.root, session.now)
    session.report.table(
        ("date", "state", "episode", "title", "needs"),
        [
            (entry.date[:16].replace("T", " "), entry.state, entry.slug, entry.title, ", ".join(entry.needs))
            for entry in entries
        ],
    )
    if not entries:
        session.report.note("there are no episodes yet; `publisher new TITLE` starts one")
    session.report.document("list", {"episodes": [entry.as_json() for entry in entries]})
