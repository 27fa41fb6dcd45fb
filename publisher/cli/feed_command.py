"""publisher feed: build the feeds, or compare the committed ones with the sources."""

from __future__ import annotations

import sys

import click

from publisher.building import build
from publisher.cli.build_command import request, tell
from publisher.cli.options import command
from publisher.cli.session import Session


@command("feed", short_help="Build the feeds, or check the committed ones.")
@click.option("--check", is_flag=True, help="Only compare: exit 1 when a committed feed is stale.")
@click.option("--diff", is_flag=True, help="Only show what would change in the committed feeds.")
def feed_command(session: Session, check: bool, diff: bool) -> None:
    r"""Write feeds/*.xml from the sources and each episode's audio.lock; no audio is needed.

    \b
    Examples:
      publisher feed
      publisher feed --check     in CI: is the committed feed what the sources say?
    """
    if check or diff:
        _compare(session, fail=check)
        return
    built = build(request(session, locked=True))
    tell(session, built)
    for feed in built.feeds:
        session.report.result(f"{feed.path}  {feed.items} episodes")
    session.report.document(
        "feed",
        {
            "feeds": [
                {"name": feed.name, "path": feed.path, "sha256": feed.sha256, "items": feed.items}
                for feed in built.feeds
            ]
        },
    )


def _compare(session: Session, *, fail: bool) -> None:
    from publisher.building.assembly import stale_feeds  # parses and renders: not needed for --help
    from publisher.feed.diff import diff_feeds

    stale = stale_feeds(session.root, session.now)
    diffs = {path: diff_feeds(committed, right, path) for path, committed, right in stale}
    for path, text in diffs.items():
        for line in text.splitlines():
            color = {"+": "green", "-": "red", "@": "cyan"}.get(line[:1])
            session.report.result_styled(session.report.styled(line, fg=color))
        session.report.note(f"{path} is stale; `publisher feed` writes it anew")
    if not stale:
        session.report.note("every committed feed is what the sources say")
    session.report.document("feed", {"stale": [{"path": path, "diff": text} for path, text in diffs.items()]})
    if stale and fail:
        sys.exit(1)
