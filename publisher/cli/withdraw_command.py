"""publisher withdraw: an episode out of the feed, its guid reserved."""

from __future__ import annotations

import click

from publisher.cli.options import command, complete_episodes
from publisher.cli.session import Session


@command("withdraw", short_help="Take an episode out of the feed.")
@click.argument("episode", shell_complete=complete_episodes)
@click.option("--reason", metavar="TEXT", help="Why; it stays in the sources and is not published.")
@click.option("--undo", is_flag=True, help="Let the episode into the feed again.")
def withdraw_command(session: Session, episode: str, reason: str | None, undo: bool) -> None:
    r"""Take an episode out of the feed with the next publish, and keep its guid for it alone.

    Its sources stay as they are. Apps show it no longer, but who downloaded it keeps it, and its audio stays
    where it is: `publisher erase` removes that, too.

    \b
    Examples:
      publisher withdraw part-1 --reason "a guest asked for it"
      publisher withdraw part-1 --undo
    """
    from publisher.building.reading import read_episode
    from publisher.building.workshop import open_workshop  # every parser: not needed for --help
    from publisher.episodes.folders import find_folders, find_slug
    from publisher.withdrawn import WITHDRAWN_FILE, Withdrawn, write_withdrawn

    root = session.root
    slug = find_slug(episode, find_folders(root))
    workshop = open_workshop(root, session.now)
    found = read_episode(workshop, slug)
    entries = dict(workshop.withdrawn)
    if undo:
        was_there = entries.pop(found.guid, None) is not None
    else:
        was_there = found.guid in entries
        entries.setdefault(
            found.guid, Withdrawn(found.guid, slug, found.title, session.now.date(), reason or "")
        )
    changes = was_there == undo
    if changes:
        write_withdrawn(root, entries)
        what = "comes back into" if undo else "leaves"
        session.report.result(f"wrote {WITHDRAWN_FILE}: {slug} {what} the feed with the next publish")
    else:
        session.report.result("nothing to do")
    session.report.document(
        "withdraw",
        {"episode": slug, "guid": found.guid, "withdrawn": not undo, "changed": changes},
    )
