"""publisher due: when the next publish must happen."""

from __future__ import annotations

import sys

from publisher.cli.options import command
from publisher.cli.session import Session


@command("due", short_help="Say when to publish next.")
def due_command(session: Session) -> None:
    r"""Say when the next scheduled episode comes, for CI to publish then; nothing is built or changed.

    Exit 0: nothing is due now. Exit 1: an episode's time has come and the feed in feeds/ lacks it. Titles are
    not said, so that a public log tells nothing early.

    \b
    Examples:
      publisher due
      publisher due || publisher publish --locked --target production
    """
    from publisher.schedule import read_schedule  # every parser: not needed for --help

    schedule = read_schedule(session.root, session.now)
    report = session.report
    if schedule.due:
        report.result(f"{schedule.due} due now: publish")
    if schedule.next:
        wait = int((schedule.next - session.now).total_seconds())
        report.result(f"the next one comes at {schedule.next.isoformat()}, in {_words(wait)}")
    elif not schedule.due:
        report.result("nothing is scheduled")
    report.document(
        "due",
        {
            "due": schedule.due,
            "scheduled": schedule.scheduled,
            "next": schedule.next.isoformat() if schedule.next else None,
            "seconds": int((schedule.next - session.now).total_seconds()) if schedule.next else None,
        },
    )
    if schedule.due:
        sys.exit(1)


def _words(seconds: int) -> str:
    days, rest = divmod(seconds, 86_400)
    hours, minutes = rest // 3600, rest % 3600 // 60
    if days:
        return f"{days} {'day' if days == 1 else 'days'} {hours} h"
    return f"{hours} h {minutes} min" if hours else f"{minutes} min"
