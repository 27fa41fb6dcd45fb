"""Start the command line, and turn whatever ends it into an exit code."""

from __future__ import annotations

import os
import sys
import traceback
from types import TracebackType

import click

from publisher.cli import publisher
from publisher.cli.session import INTERRUPTED, report_failure
from publisher.errors import PublisherError

_BUG = 70  # EX_SOFTWARE of sysexits.h


def main() -> None:
    """Run one command; exit with its code."""
    sys.excepthook = _report_bug
    try:
        code = publisher.main(standalone_mode=False)
    except PublisherError as error:
        code = report_failure(error)
    except click.ClickException as error:
        error.show()
        code = error.exit_code
    except (click.Abort, KeyboardInterrupt):
        click.echo("interrupted; run the same command again to go on", err=True)
        code = INTERRUPTED
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # nobody reads on: not an error
        code = 0
    sys.exit(code)


def _report_bug(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """Say that it is our fault, show where, and leave with the code of a bug."""
    traceback.print_exception(kind, error, trace)
    click.echo(
        "error: this is a bug in publisher, not in your files; please report the lines above", err=True
    )
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(_BUG)


if __name__ == "__main__":
    main()
