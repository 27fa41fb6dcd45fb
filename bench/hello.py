"""The smallest click program with ten commands: what any command line in Python costs."""

from __future__ import annotations

import click


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option("1")
def hello() -> None:
    """Say hello in ten ways."""


for _number in range(10):

    @hello.command(f"say-{_number}", help=f"Say hello in way {_number}.")
    @click.option("--loud", is_flag=True, help="Say it loudly.")
    def _say(loud: bool) -> None:
        click.echo("HELLO" if loud else "hello")


if __name__ == "__main__":
    hello()
