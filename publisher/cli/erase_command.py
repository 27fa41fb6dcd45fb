"""publisher erase: everything of a withdrawn episode, gone from a target."""

from __future__ import annotations

import sys

import click

from publisher.cli.options import command, complete_episodes
from publisher.cli.session import Session
from publisher.errors import UsageError


@command("erase", short_help="Remove everything of a withdrawn episode.", may_change_feed=True)
@click.argument("episode", shell_complete=complete_episodes)
@click.option("--target", metavar="NAME", help="Where; `local` by default.")
@click.option("--yes", is_flag=True, help="Do not ask.")
def erase_command(session: Session, episode: str, target: str | None, yes: bool) -> None:
    r"""Remove an episode's audio, page, transcript and pictures from a target, and it from every release.

    The episode has to be withdrawn and the feed published without it. This cannot be taken back. In a bucket
    with versions all of them go. What nobody can remove is said: what people downloaded, what caches keep.
    The sources stay as they are. The exit code is 1 where something is left, or could not be looked for.

    \b
    Example:
      publisher erase part-1 --target production
    """
    from publisher.cli.targets import open_target  # the storage's library: not needed for --help
    from publisher.feed.reader import read_items
    from publisher.publish.erasing import erase, names_of, plan_erasure
    from publisher.storage.erasing import open_eraser
    from publisher.withdrawn import load_withdrawn

    slug = episode.rstrip("/").rpartition("/")[2]
    entries = [entry for entry in load_withdrawn(session.root).values() if entry.episode == slug]
    if not entries:
        raise UsageError(f"{slug} is not withdrawn", hint=f"`publisher withdraw {slug}` first, and publish")
    opened, report = open_target(session, target), session.report
    eraser = open_eraser(opened.settings, session.root)
    hidden, why = eraser.find_hidden()
    left = [(f"other files of {slug}", why)] if why else []
    removed: set[str] = set()
    for entry in entries:
        plan = plan_erasure(opened.storage, opened.feed_keys, entry.guid, slug, read_items, hidden=hidden)
        report.result(
            f"{opened.name}: {len(plan.removed)} files to remove, {plan.rewritten} releases to rewrite"
        )
        if plan.removed and session.is_interactive and not yes:
            click.confirm(f"Remove everything of {slug} for ever?", abort=True, err=True)
        left += erase(plan, opened.storage, eraser)
        removed |= {*plan.removed}
    pattern, build = names_of([slug]), session.root / "build"
    for path in [path for path in build.rglob("*") if path.is_file()]:
        if pattern.fullmatch(path.relative_to(build).as_posix()):
            path.unlink()
    for key, why in left:
        report.note(f"left: {key}: {why}")
    report.result(f"removed {len(removed) - len({key for key, _ in left} & removed)} files of {slug}")
    report.note(
        f"not removed: what people downloaded; what caches keep, up to a year; other targets; the sources in "
        f"episodes/{slug} with their history; encoded audio in .publisher/cache, which can be deleted"
    )
    report.document(
        "erase",
        {
            "episode": slug,
            "target": opened.name,
            "removed": sorted(removed),
            "left": [{"key": key, "why": why} for key, why in left],
        },
    )
    if left:
        sys.exit(1)
