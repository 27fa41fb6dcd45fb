"""publisher completion: the script that lets a shell complete commands, options and episodes."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class

from publisher.cli.options import command
from publisher.cli.session import Session

_WHERE = {
    "bash": "~/.bashrc",
    "zsh": "~/.zshrc",
    "fish": "~/.config/fish/completions/publisher.fish",
}


@command("completion", short_help="Print the completion script for a shell.")
@click.argument("shell", type=click.Choice(sorted(_WHERE)))
def completion_command(session: Session, shell: str) -> None:
    r"""Print the completion script for bash, zsh or fish.

    \b
    Examples:
      publisher completion bash >> ~/.bashrc
      publisher completion fish > ~/.config/fish/completions/publisher.fish
    """
    from publisher.cli import publisher  # the group itself; it is what is completed

    kind = get_completion_class(shell)
    assert kind is not None
    script = kind(publisher, {}, "publisher", "_PUBLISHER_COMPLETE").source()
    session.report.result(script)
    session.report.note(f"add this to {_WHERE[shell]}")
    session.report.document("completion", {"shell": shell, "script": script})
