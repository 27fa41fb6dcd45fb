"""publisher verify: prove that what is live is what was released."""

from __future__ import annotations

import sys

import click

from publisher.cli.options import command
from publisher.cli.session import Session


@command("verify", short_help="Prove that what is live is what was released.")
@click.option("--target", metavar="NAME", help="Where to look; `local` by default.")
@click.option("--sample", type=click.IntRange(min=1), metavar="N", help="Look at N files instead of all.")
@click.option("--public", is_flag=True, help="Ask over the web, as listeners' apps do.")
@click.option(
    "--allow-private", "allowed", multiple=True, metavar="NETWORK", help="Also ask servers in this network."
)
def verify_command(
    session: Session, target: str | None, sample: int | None, public: bool, allowed: tuple[str, ...]
) -> None:
    r"""Read everything that is live and compare it with what was released, byte for byte; nothing is written.

    With --public it asks for every file as an app does: status, type, length, bytes, and a part of each audio
    file. Exit 1 when something is not as it was released.

    \b
    Examples:
      publisher verify --target production
      publisher verify --target production --public --sample 20
    """
    from publisher.building.artifacts import MEDIA_TYPES  # loads parsers: not needed for --help
    from publisher.cli.targets import open_target
    from publisher.publish.verifying import Scope, verify

    opened, report = open_target(session, target), session.report
    scope = Scope(
        types=MEDIA_TYPES,
        sample=sample,
        seed=session.now.isoformat(),
        base_url=opened.show.base_url if public else "",
        allowed=allowed,
    )
    with report.progress("verifying", 0, "files") as advance:
        done = verify(opened.storage, opened.feed_keys, scope, advance)
    for complaint in done.complaints:
        report.result_styled(
            f"{report.styled('damaged', fg='red', bold=True)}: {report.styled(complaint.key)}: "
            f"{report.styled(complaint.message)}"
        )
    if done.complaints:
        report.note(
            "`publisher publish --mend` sends again what is gone, and mends feed, pages and the live record; "
            "what is damaged and has a digest in its name is never overwritten: remove it by hand first"
        )
    else:
        report.result(f"{done.release} is live and whole: {done.checked} files looked at")
    report.document(
        "verify",
        {
            "target": opened.name,
            "release": done.release,
            "over": "web" if public else "storage",
            "checked": done.checked,
            "bytes": done.bytes,
            "damage": [{"key": complaint.key, "message": complaint.message} for complaint in done.complaints],
        },
    )
    if done.complaints:
        sys.exit(1)
