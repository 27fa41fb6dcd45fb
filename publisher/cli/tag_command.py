"""publisher tag: the tags of finished audio."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from publisher.cli.options import command
from publisher.cli.session import Session


@command("tag", short_help="Normalise the tags of finished audio.")
@click.argument("names", nargs=-1, required=True, metavar="EPISODE|FILE...")
@click.option("--verify", is_flag=True, help="Only read the tags back and compare.")
def tag_command(session: Session, names: tuple[str, ...], verify: bool) -> None:
    r"""Bring the tags of an episode's finished audio up to date, or normalise those of any MP3, M4A or Opus.

    A file is never changed in place: a tagged copy takes its name. With --verify nothing is written, and the
    exit code is 1 when a tag differs.

    \b
    Examples:
      publisher tag part-1
      publisher tag part-1 --verify
      publisher tag ~/finished.mp3
    """
    results = [
        _tag_file(session, Path(name), verify=verify)
        if _is_file(session, name)
        else _tag_episode(session, name, verify=verify)
        for name in names
    ]
    session.report.document("tag", {"files": results})
    if verify and any(result["differences"] for result in results):
        sys.exit(1)


def _is_file(session: Session, name: str) -> bool:
    return (session.folder / name).is_file() or Path(name).suffix.lower() in {".mp3", ".m4a", ".opus", ".ogg"}


def _tag_file(session: Session, path: Path, *, verify: bool) -> dict[str, object]:
    from publisher.audio.tags.normalise import normalise_tags  # mutagen: not needed for --help

    found = normalise_tags(session.folder / path, str(path), write=not verify)
    report = session.report
    if not found.is_changed:
        report.result(f"{path}: as it should be")
    elif verify:
        report.result(f"{path}: would be rewritten")
    else:
        report.result(f"{path}: rewritten")
    if found.dropped:
        report.result(f"  {'would drop' if verify else 'dropped'}: {', '.join(found.dropped)}")
    differences = list(found.dropped) or (["not as this tool writes it"] if found.is_changed else [])
    return {
        "path": str(path),
        "changed": found.is_changed and not verify,
        "kept": list(found.kept),
        "dropped": list(found.dropped),
        "differences": differences if verify else [],
    }


def _tag_episode(session: Session, name: str, *, verify: bool) -> dict[str, object]:
    from publisher.building.assembly import make_audio, verify_tags_of  # every parser: not needed for --help
    from publisher.cli.build_command import request

    report = session.report
    if verify:
        slug, differences = verify_tags_of(session.root, name, session.now)
        for difference in differences:
            report.result(f"{slug}: {difference}")
        if not differences:
            report.result(f"{slug}: every tag is what the metadata says")
        return {"path": slug, "changed": False, "differences": list(differences)}
    settled = make_audio(request(session, locked=False), (name,))[0]
    report.result(f"{settled.slug}: {settled.state}, {settled.enclosure.key}")
    return {"path": settled.slug, "changed": settled.state == "made", "differences": []}
