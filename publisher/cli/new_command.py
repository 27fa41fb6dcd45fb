"""publisher new: the files of a new episode, with its guid."""

from __future__ import annotations

import uuid
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from publisher.cli.options import command
from publisher.cli.session import Session
from publisher.errors import SourceError, UsageError


@command("new", short_help="Start a new episode and mint its guid.")
@click.argument("title", required=False)
@click.option("--audio", type=click.Path(path_type=Path), help="Copy this recording into the episode.")
@click.option("--slug", help="Name of the episode's folder; made from the title by default.")
@click.option("--date", "date_text", metavar="DATE", help="When it comes out, such as '2026-01-31 06:00'.")
def new_command(
    session: Session, title: str | None, audio: Path | None, slug: str | None, date_text: str | None
) -> None:
    r"""Start an episode: a folder with an episode.md and, with --audio, a copy of the recording.

    The recording's own title and chapters are taken as a start. The episode is a draft until you say
    otherwise.

    \b
    Examples:
      publisher new "A District Listens"
      publisher new "A District Listens" --audio ~/Recordings/final.wav
    """
    from publisher.audio.intake import take_in  # mutagen and ffmpeg: not needed for --help
    from publisher.config import load_show
    from publisher.episodes.folders import slug_from
    from publisher.scaffold import NewEpisode, write_episode
    from publisher.source.dates import parse_date

    root = session.root
    show = load_show(root)
    recording = take_in((session.folder / audio).resolve(), audio.name) if audio else None
    title = title or (recording.title if recording else None)
    if not title:
        raise UsageError("the episode needs a title", hint='publisher new "Title of the episode"')
    zone = ZoneInfo(show.timezone)
    tomorrow = (session.now + timedelta(days=1)).astimezone(zone).replace(hour=6, minute=0, second=0)
    try:
        date = parse_date(date_text, show.timezone) if date_text else tomorrow
    except ValueError as error:
        message, _, hint = str(error).partition(" | ")
        raise UsageError(message, hint=hint) from error
    season, number = _next_number(session, root)
    episode = NewEpisode(
        slug=slug_from(slug or title),
        title=title,
        guid=str(uuid.uuid4()),
        date=date.astimezone(zone),
        season=season,
        number=number,
        chapters=recording.chapters if recording else (),
    )
    path = write_episode(root, episode)
    files = [path.relative_to(root).as_posix()]
    if recording:
        copied = recording.copy_to(path.parent)
        files.append(copied.relative_to(root).as_posix())
    for name in files:
        session.report.result(f"wrote {name}")
    session.report.note("write the notes, delete `draft: true`, then `publisher publish`")
    session.report.document("new", {"slug": episode.slug, "guid": episode.guid, "files": files})


def _next_number(session: Session, root: Path) -> tuple[int | None, int | None]:
    """Return season and number after the newest, where the show numbers its episodes."""
    from publisher.config import load_show
    from publisher.episodes import load_episode
    from publisher.episodes.folders import find_folders  # pydantic: not needed for --help
    from publisher.resources import load_catalogue

    try:
        show, catalogue = load_show(root), load_catalogue(root)
        episodes = [load_episode(root, slug, show, catalogue) for slug in find_folders(root)]
    except SourceError as error:
        session.report.note(f"not numbered, because another file needs a fix first: {error.message}")
        return None, None
    numbered = [(episode.season or 0, episode.number) for episode in episodes if episode.number]
    if episodes and not numbered:
        return None, None
    season, number = max(numbered, default=(1, 0))
    return season or None, number + 1
