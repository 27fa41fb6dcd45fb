"""publisher verify: prove that what is live is what was released."""

from __future__ import annotations

import sys

import click

from publisher.cli.options import command
from publisher.cli.session import Session

_MEND = (
    "`publisher publish --mend` sends again what is gone, and mends feed, pages and the live record; "
    "what is damaged and has a digest in its name is never overwritten: remove it by hand first"
)
_PAST = (
    "damaged history reaches no listener: only going back to that release may not work any more. It cannot "
    "be made again; put the file back from a copy of the storage or an older version of it, if there is one. "
    "`publisher verify --live` looks at what is live alone"
)


@command("verify", short_help="Prove that what is live is what was released.")
@click.option("--target", metavar="NAME", help="Where to look; `local` by default.")
@click.option("--sample", type=click.IntRange(min=1), metavar="N", help="Look at N files instead of all.")
@click.option("--live", "live_only", is_flag=True, help="Do not look at what is kept of earlier releases.")
@click.option("--public", is_flag=True, help="Ask over the web, as listeners' apps do.")
@click.option(
    "--allow-private", "allowed", multiple=True, metavar="NETWORK", help="Also ask servers in this network."
)
def verify_command(
    session: Session,
    target: str | None,
    sample: int | None,
    live_only: bool,
    public: bool,
    allowed: tuple[str, ...],
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
        past=not live_only,
    )
    with report.progress("verifying", 0, "files") as advance:
        done = verify(opened.storage, opened.feed_keys, scope, advance)
    for complaint in done.complaints:
        word = "damaged" if complaint.part == "live" else "damaged history"
        report.result_styled(
            f"{report.styled(word, fg='red', bold=True)}: {report.styled(complaint.key)}: "
            f"{report.styled(complaint.message)}"
        )
    parts = {complaint.part for complaint in done.complaints}
    if "live" in parts:
        report.note(_MEND)
    else:
        report.result(f"{done.release} is live and whole: {done.checked} files looked at")
    if "past" in parts:
        report.note(_PAST)
    report.document(
        "verify",
        {
            "target": opened.name,
            "release": done.release,
            "over": "web" if public else "storage",
            "checked": done.checked,
            "bytes": done.bytes,
            "damage": [
                {"key": complaint.key, "message": complaint.message, "part": complaint.part}
                for complaint in done.complaints
            ],
        },
    )
    if done.complaints:
        sys.exit(1)
