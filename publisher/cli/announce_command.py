"""publisher announce: drafts that tell the world of an episode."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from publisher.cli.options import command, complete_episodes
from publisher.cli.session import Session

if TYPE_CHECKING:
    from publisher.announcing import Drafted

_FORMS = ("mail", "text", "blog", "social", "press", "guest", "card")


@command("announce", short_help="Draft newsletter, posts and card for episodes.")
@click.argument("episodes", nargs=-1, required=True, metavar="EPISODE…", shell_complete=complete_episodes)
@click.option(
    "--to", "forms", multiple=True, type=click.Choice(_FORMS), help="Only this form; may be repeated."
)
@click.option("--language", metavar="L", help="For readers of this language, such as es.")
@click.option("--out", type=click.Path(path_type=Path), metavar="DIR", help="The folder to write to.")
@click.option("--font", type=click.Path(path_type=Path), metavar="FILE", help="The card's letters.")
def announce_command(
    session: Session,
    episodes: tuple[str, ...],
    forms: tuple[str, ...],
    language: str | None,
    out: Path | None,
    font: Path | None,
) -> None:
    r"""Draft what announces an episode, or several in one: nothing is sent.

    Newsletter (mail, text), blog post, posts for Mastodon, Bluesky, LinkedIn and Facebook inside their limits
    (social), a press paragraph, a pack for guests and a card to share. All of them go to build/announcements;
    what is named with --to is printed, unless --out names a folder.

    \b
    Examples:
      publisher announce part-1 part-2
      publisher announce part-1 --to social --language es
    """
    from publisher.announcing import FORMS, AnnounceRequest, draft_announcement  # loads every parser

    announced = draft_announcement(
        AnnounceRequest(
            root=session.root,
            episodes=episodes,
            now=session.now,
            forms=forms or FORMS,
            language=language,
            writes=not forms or out is not None,
            out=session.folder / out if out else None,
            font=session.folder / font if font else None,
            progress=session.report.progress,
        )
    )
    for draft in announced.drafts:
        _tell(session, draft, is_only=len(announced.drafts) == 1)
    for remark in announced.remarks:
        session.report.note(remark)
    content = [{**draft.as_json(), "path": _shown(draft.path, session.folder)} for draft in announced.drafts]
    session.report.document(
        "announce",
        {
            "episodes": list(announced.slugs),
            "language": announced.language,
            "title": announced.title,
            "drafts": content,
            "remarks": list(announced.remarks),
        },
    )


def _tell(session: Session, draft: Drafted, *, is_only: bool) -> None:
    """Name a written draft and how long it is, or print it."""
    report = session.report
    count = f"{draft.length:,} of {draft.limit:,} characters" if draft.limit else ""
    if draft.path:
        report.result(
            "  ".join(part for part in (_shown(draft.path, session.folder), count, draft.alt) if part)
        )
        return
    if not is_only:
        report.result_styled(report.styled(f"{draft.name}  {count}".rstrip(), bold=True))
    report.result(draft.text.rstrip("\n") + ("" if is_only else "\n"))


def _shown(path: Path | None, folder: Path) -> str | None:
    if path is None:
        return None
    return str(path.relative_to(folder)) if path.is_relative_to(folder) else str(path)
