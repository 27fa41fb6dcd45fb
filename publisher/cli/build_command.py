"""publisher build: everything, up to the feeds."""

from __future__ import annotations

import time
from typing import Any

import click

from publisher.building import BuildRequest, Built, build
from publisher.cli.options import command
from publisher.cli.session import Session


def request(session: Session, *, locked: bool, renew: frozenset[str] = frozenset()) -> BuildRequest:
    """Return what to build, with everything it may know of the surroundings."""
    return BuildRequest(
        root=session.root,
        now=session.now,
        started_ns=time.time_ns(),
        locked=locked,
        renew=renew,
        progress=session.report.progress,
    )


def tell(session: Session, built: Built) -> None:
    """Say in two or three lines what a build did."""
    report = session.report
    for notice in built.notices:
        report.note(notice)
    states = built.states
    parts = [f"{states['public']} in the feed"]
    parts += [
        f"{states[state]} {word}"
        for state, word in (("scheduled", "to come"), ("draft", "draft"), ("withdrawn", "withdrawn"))
        if states[state]
    ]
    report.note(f"{len(built.made)} of {sum(states.values())} episodes made, {', '.join(parts)}")


@command("build", short_help="Build audio, pages and feeds.")
@click.option("--locked", is_flag=True, help="Take the audio's facts from audio.lock; no audio is needed.")
def build_command(session: Session, locked: bool) -> None:
    r"""Build finished audio, pages and feeds: only what changed is done again.

    \b
    Examples:
      publisher build
      publisher build --locked     on a checkout without recordings
    """
    built = build(request(session, locked=locked))
    tell(session, built)
    for feed in built.feeds:
        session.report.result(f"{feed.path}  {feed.items} episodes")
    if session.report.as_json:
        session.report.document("build", _document(built))


def _document(built: Built) -> dict[str, Any]:
    """Return what was built for machines."""
    return {
        "episodes": [
            {
                "slug": episode.slug,
                "guid": episode.guid,
                "state": "made" if episode.slug in built.made else "kept",
                "publication": episode.state,
                "enclosure": episode.enclosure,
            }
            for episode in built.episodes
        ],
        "feeds": [
            {"name": feed.name, "path": feed.path, "sha256": feed.sha256, "items": feed.items}
            for feed in built.feeds
        ],
    }
