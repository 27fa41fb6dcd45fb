"""publisher audio: recordings into finished audio and audio.lock."""

from __future__ import annotations

import click

from publisher.cli.build_command import request
from publisher.cli.options import command, complete_episodes
from publisher.cli.session import Session


@command("audio", short_help="Make the finished audio of episodes.")
@click.argument("episodes", nargs=-1, metavar="[EPISODE]...", shell_complete=complete_episodes)
def audio_command(session: Session, episodes: tuple[str, ...]) -> None:
    r"""Bring recordings to the show's loudness, tag them, and note the facts in audio.lock.

    Without names, all episodes whose recording or settings changed. A named episode is brought up to date
    even when the feed has it already.

    \b
    Examples:
      publisher audio
      publisher audio part-1
    """
    from publisher.building.assembly import make_audio  # loads every parser: not needed for --help

    results = make_audio(request(session, locked=False), episodes)
    for result in results:
        if result.notice:
            session.report.note(result.notice)
    session.report.table(
        ("episode", "state", "before", "after", "peak", "way", "length"),
        [
            (
                result.slug,
                result.state,
                f"{result.enclosure.master_loudness_lufs:.1f} LUFS",
                f"{result.enclosure.loudness_lufs:.1f} LUFS",
                f"{result.enclosure.true_peak_dbtp:.1f} dBTP",
                result.enclosure.mode,
                f"{result.enclosure.duration_ms / 1000:.0f} s",
            )
            for result in results
        ],
    )
    session.report.document("audio", {"episodes": [result.as_json() for result in results]})
