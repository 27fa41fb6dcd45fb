"""publisher releases: what was published, when, and what each release changed."""

from __future__ import annotations

import click

from publisher.cli.options import command
from publisher.cli.session import Session


@command("releases", short_help="List what was published, and when.")
@click.option("--target", metavar="NAME", help="Where to look; `local` by default.")
def releases_command(session: Session, target: str | None) -> None:
    r"""List every release, newest first: its number, when, by whom where that is recorded, and what changed.

    Any of them can be brought back with `publisher rollback`.

    \b
    Examples:
      publisher releases
      publisher releases --target production --json
    """
    from publisher.cli.targets import open_target  # the storage's library: not needed for --help
    from publisher.publish.history import read_history

    opened = open_target(session, target)
    history = read_history(opened.storage, opened.feed_keys)
    session.report.table(
        ("release", "when", "state", "by", "episodes", "what changed"),
        [
            (
                str(past.release.number),
                past.release.origin.published_at[:16].replace("T", " "),
                past.state,
                past.release.origin.published_by or "-",
                str(past.episodes),
                "; ".join(past.changes) or "-",
            )
            for past in history
        ],
    )
    if not history:
        session.report.note(f"nothing was published to {opened.name} yet")
    session.report.document(
        "releases",
        {
            "target": opened.name,
            "releases": [
                {
                    "release": past.release.number,
                    "state": past.state,
                    "published_at": past.release.origin.published_at or None,
                    "published_by": past.release.origin.published_by or None,
                    "revision": past.release.origin.revision or None,
                    "parent": past.release.parent or None,
                    "key": past.key,
                    "episodes": past.episodes,
                    "feeds": [{"key": key, "sha256": sha256} for key, sha256 in past.release.feeds.items()],
                    "changes": list(past.changes),
                }
                for past in history
            ],
        },
    )
