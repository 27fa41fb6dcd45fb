"""publisher links: whether readers can follow every link, and copies of what may go."""

from __future__ import annotations

import sys
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import click

from publisher.cli.options import command, complete_episodes
from publisher.cli.session import Session

if TYPE_CHECKING:
    from publisher.links import CheckedLink
    from publisher.links.asking import Manner


@command("links", short_help="Check every link, or find archived copies.")
@click.argument("action", type=click.Choice(["check", "archive"]))
@click.argument("episodes", nargs=-1, metavar="[EPISODE]...", shell_complete=complete_episodes)
@click.option("--fix", is_flag=True, help="check: take tracking parameters off, in the files.")
@click.option("--fresh", is_flag=True, help="check: ask again for what was asked for lately.")
@click.option("--max-age", type=click.IntRange(0), default=24, show_default=True, metavar="HOURS",
              help="check: how long an answer is good for.")  # fmt: skip
@click.option("--timeout", type=click.FloatRange(0.1, 300), default=10, show_default=True, metavar="SECONDS",
              help="How long to wait for one answer.")  # fmt: skip
@click.option("--allow-private", "allowed", multiple=True, metavar="NETWORK",
              help="Also ask servers in this private network, such as 10.1.0.0/16.")  # fmt: skip
@click.option("--service", metavar="ADDRESS", help="archive: another archive that answers like archive.org.")
def links_command(
    session: Session,
    action: str,
    episodes: tuple[str, ...],
    fix: bool,
    fresh: bool,
    max_age: int,
    timeout: float,
    allowed: tuple[str, ...],
    service: str | None,
) -> None:
    r"""Ask for every link of the catalogue and the notes, one request at a time a server.

    What is found goes into episodes/links.json; the exit code is 1 when a link is dead or failed. With
    `archive`, a copy in a web archive is looked up for each link, and written down: readers are sent there
    once the original is gone.

    \b
    Examples:
      publisher links check
      publisher links check part-1 --fix
      publisher links archive
    """
    from publisher.links.asking import Manner  # loads every parser: not needed for --help

    manner = Manner(_networks(allowed), timeout)
    if action == "archive":
        _archive(session, episodes, service, manner)
        return
    _check(session, episodes, manner, timedelta(0) if fresh else timedelta(hours=max_age), fix=fix)


def _networks(allowed: tuple[str, ...]) -> tuple[str, ...]:
    import ipaddress

    from publisher.errors import UsageError

    for each in allowed:
        try:
            ipaddress.ip_network(each)
        except ValueError as error:
            hint = "write it as 10.1.0.0/16, or 127.0.0.1/32 for one machine"
            raise UsageError(f"`{each}` is no network", hint=hint) from error
    return allowed


def _check(
    session: Session, episodes: tuple[str, ...], manner: Manner, max_age: timedelta, *, fix: bool
) -> None:
    from publisher.links import check_links
    from publisher.links.cleaning import clean_sources
    from publisher.links.gathering import gather

    report, root = session.report, session.root
    links = gather(root, episodes)
    cleaned = clean_sources(root, links) if fix else ()
    with report.progress("asking for links", len(links), "links") as advance:
        check = check_links(root, episodes, session.now, manner, max_age, advance)
    shown = [each for each in check.links if session.verbose or each.verdict.kind not in {"ok", "redirected"}]
    report.table(
        ("state", "link", "what it says", "where"),
        [
            (each.verdict.state, each.link.address, _says(each), str(each.link.places[0]))
            for each in sorted(shown, key=_worst_first)
        ],
    )
    for address in cleaned:
        report.result(f"took tracking off {address}")
    for each in check.links:
        if each.tracking:
            where = ", ".join(map(str, each.link.places))
            names = ", ".join(each.tracking)
            report.result(f"{each.link.address} tracks readers with {names} ({where}); --fix takes that off")
    counts = _counts(check.links)
    told = ", ".join(f"{count} {state}" for state, count in counts.items() if count) or "there are no links"
    report.note(f"{told} ({check.requests} requests)")
    report.document(
        "links",
        {
            "action": "check",
            "links": [_as_json(each) for each in check.links],
            "counts": counts,
            "requests": check.requests,
            "cleaned": list(cleaned),
        },
    )
    if not check.is_clean:
        sys.exit(1)


def _says(each: CheckedLink) -> str:
    known = each.record
    if each.verdict.state not in {"failed", "dead"}:
        return each.verdict.says
    last = f"last worked on {known.last_success}" if known.last_success else "never seen working"
    return f"{each.verdict.says}; {last}"


def _worst_first(each: CheckedLink) -> int:
    return -("works", "moved", "unsure", "failed", "dead").index(each.verdict.state)


def _counts(links: tuple[CheckedLink, ...]) -> dict[str, int]:
    states = [each.verdict.state for each in links]
    return {state: states.count(state) for state in ("works", "moved", "unsure", "failed", "dead")}


def _as_json(each: CheckedLink) -> dict[str, Any]:
    known = each.record
    return {
        "address": each.link.address,
        "state": each.verdict.state,
        "kind": each.verdict.kind,
        "says": each.verdict.says,
        "status": each.verdict.status,
        "moved_to": each.verdict.moved_to,
        "last_success": known.last_success,
        "failing_since": known.failing_since,
        "archived_url": known.archived_url,
        "tracking": list(each.tracking),
        "resources": list(each.link.resources),
        "from_cache": each.is_remembered,
        "places": [
            {"file": place.file, "line": place.line or None, "column": place.column or None}
            for place in each.link.places
        ],
    }


def _archive(session: Session, episodes: tuple[str, ...], service: str | None, manner: Manner) -> None:
    from publisher.links.archive import SERVICE, archive_links
    from publisher.links.gathering import gather

    report, root = session.report, session.root
    with report.progress("asking the archive", len(gather(root, episodes)), "links") as advance:
        found = archive_links(root, episodes, service or SERVICE, manner, advance)
    report.table(
        ("link", "what the archive says", "copy"),
        [(each.address, each.says, each.copy or "") for each in found],
    )
    written = sum(each.written_to is not None for each in found)
    report.note(f"{written} copies written down" if found else "every link has an archived copy")
    links = [
        {"address": each.address, "archived_url": each.copy, "says": each.says, "file": each.written_to}
        for each in found
    ]
    report.document("links", {"action": "archive", "links": links})
