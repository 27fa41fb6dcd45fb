"""publisher policy: what the credentials of a target must be allowed, and no more."""

from __future__ import annotations

import json

import click

from publisher.cli.options import command
from publisher.cli.session import Session
from publisher.cli.targets import find_target


@command("policy", short_help="Print the least that a target's credentials must be allowed.")
@click.option("--target", metavar="NAME", help="The target; `local` by default.")
@click.option(
    "--for",
    "purpose",
    type=click.Choice(["publish", "read", "doctor", "erase"]),
    default="publish",
    show_default=True,
    help="What the credentials are for; `read` does for `plan`, `releases` and `verify`.",
)
@click.option("--read-only", is_flag=True, help="The same as --for read.")
def policy_command(session: Session, target: str | None, purpose: str, read_only: bool) -> None:
    r"""Print an IAM policy with exactly the actions that this tool's own requests need.

    None of them deletes anything, except those for `erase`, which are best kept with other credentials.

    \b
    Example:
      publisher policy --target production > policy.json
    """
    from publisher.config import load_show
    from publisher.storage.s3.actions import PURPOSES
    from publisher.storage.s3.policy import policy_for

    settings = find_target(target, load_show(session.root).targets)
    policy = policy_for(settings, PURPOSES["read" if read_only else purpose])
    session.report.result(json.dumps(policy, indent=2))
    session.report.document("policy", {"target": settings.name, "policy": policy})
