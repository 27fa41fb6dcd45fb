"""publisher replace-audio: other audio for a published episode, after saying what apps make of it."""

from __future__ import annotations

import uuid

import click

from publisher.cli.build_command import request
from publisher.cli.options import command, complete_episodes
from publisher.cli.session import Session
from publisher.errors import UsageError


@command("replace-audio", short_help="Put other audio in a published episode's place.")
@click.argument("episode", shell_complete=complete_episodes)
@click.option("--as", "way", type=click.Choice(["same", "new", "bonus"]), help="How; else you are asked.")
def replace_audio_command(session: Session, episode: str, way: str | None) -> None:
    r"""Explain the ways to replace audio that listeners have, and what apps do with each; then do one.

    Put the new recording into the episode's folder first. Nothing is published yet.

    \b
    Examples:
      publisher replace-audio part-1
      publisher replace-audio part-1 --as same
    """
    from publisher.building.reading import read_episode
    from publisher.building.workshop import open_workshop  # every parser: not needed for --help
    from publisher.episodes.folders import find_folders, find_slug
    from publisher.replacing import WAYS

    root, report = session.root, session.report
    slug = find_slug(episode, find_folders(root))
    found = read_episode(open_workshop(root, session.now), slug)
    for each in WAYS:
        report.note(f"{each.name}: {each.does}.\n  Apps: {each.apps}.")
    if way is None:
        if not session.is_interactive:
            raise UsageError(
                "say in which way the audio shall be replaced", hint="--as same, --as new or --as bonus"
            )
        way = click.prompt("Which way", type=click.Choice([each.name for each in WAYS]), err=True)
    if way == "bonus":
        guid, written, then = _start_bonus(session, slug, found.title)
    else:
        guid = found.guid
        if way == "new":
            guid = _renew(session, slug, found.guid, found.title)
        written, then = _finish(session, slug, found.guid, way)
    report.result(f"wrote {', '.join(written)}")
    report.result(f"now: {then}")
    report.document(
        "replace-audio", {"episode": slug, "as": way, "guid": guid, "written": list(written), "next": then}
    )


def _finish(session: Session, slug: str, old_guid: str, way: str) -> tuple[tuple[str, ...], str]:
    """Make the finished audio anew, on purpose."""
    from publisher.building.assembly import make_audio

    make_audio(request(session, locked=False), (slug,))
    lock = f"episodes/{slug}/audio.lock"
    if way == "new":
        return (f"episodes/{slug}/episode.md", "episodes/withdrawn.yaml", lock), "publisher publish"
    return (lock,), f"publisher publish --replace-audio {old_guid}"


def _renew(session: Session, slug: str, old: str, title: str) -> str:
    """Give the episode another guid and reserve the old one."""
    from publisher.replacing import give_new_guid
    from publisher.withdrawn import Withdrawn, load_withdrawn, write_withdrawn

    new = str(uuid.uuid4())
    give_new_guid(session.root, slug, old, new)
    entries = load_withdrawn(session.root)
    entries[old] = Withdrawn(old, slug, title, session.now.date(), "its audio was replaced by a new episode")
    write_withdrawn(session.root, entries)
    return new


def _start_bonus(session: Session, slug: str, title: str) -> tuple[str, tuple[str, ...], str]:
    """Start the draft of a bonus episode."""
    from publisher.episodes.folders import slug_from
    from publisher.scaffold import NewEpisode, write_episode

    guid = str(uuid.uuid4())
    new = NewEpisode(
        slug=slug_from(f"{slug}-correction"),
        title=f"Correction: {title}"[:255],
        guid=guid,
        date=session.now,
        type="bonus",
    )
    path = write_episode(session.root, new)
    name = path.relative_to(session.root).as_posix()
    return guid, (name,), f"put the recording beside {name}, write the notes, and delete `draft: true`"
