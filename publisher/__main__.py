"""Start the command line, and turn whatever ends it into an exit code."""

from __future__ import annotations

import errno
import gc
import os
import sys
from types import TracebackType
from typing import NoReturn

_INTERRUPTED = 130  # 128 + SIGINT, as shells do
_BUG = 70  # EX_SOFTWARE of sysexits.h
_SURROUNDINGS = 3  # as SurroundingsError, which --help need not load
_MAY_CHANGE_FEED = frozenset({"publish", "rollback", "erase"})


def main() -> NoReturn:
    """Run one command; exit with its code."""
    try:
        code = run()
    except KeyboardInterrupt:
        code = _interrupted()
    _leave(code)


def run() -> int:
    """Run one command; return its exit code."""
    sys.excepthook = _report_bug
    gc.set_threshold(250_000, 50, 50)  # a command is short, and publishing to S3 makes 150,000 values
    try:
        import click  # here, so that somebody who stops it at once is answered, too

        from publisher.cli import publisher
    except KeyboardInterrupt:
        return _interrupted()
    try:
        code: int | None = publisher.main(standalone_mode=False)
    except click.ClickException as error:
        error.show()
        code = error.exit_code
    except (click.Abort, KeyboardInterrupt):
        code = _interrupted()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # nobody reads on: not an error
        code = 0
    except OSError as error:
        if error.errno != errno.ENOSPC or error.filename:
            raise
        code = _SURROUNDINGS  # what should be shown went to a full disk; there is nowhere to say so
    return code or 0


def _interrupted() -> int:
    """Say that somebody stopped the command; one that had begun to publish has said so by itself."""
    sys.stderr.write("interrupted; run the same command again to go on\n")
    if _MAY_CHANGE_FEED.intersection(sys.argv[1:]):
        state = "unknown" if "publisher.publish" in sys.modules else "unchanged"  # nothing else writes to it
        sys.stderr.write(f"live feed: {state}\n")
    return _INTERRUPTED


def _leave(code: int) -> NoReturn:
    """End the process at once: taking apart all that a build has loaded takes a tenth of its time.

    Nothing is lost: every file, pool and connection is closed where it is used.
    """
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    except BrokenPipeError:
        pass  # nobody reads on, as above
    except OSError:
        code = code or _SURROUNDINGS  # the disk is full, and the output went there
    os._exit(code)


def _report_bug(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """Say that it is our fault, show where, and leave with the code of a bug."""
    import traceback  # takes a third of the start-up time, and is hardly ever needed

    traceback.print_exception(kind, error, trace)
    sys.stderr.write("error: this is a bug in publisher, not in your files; please report these lines\n")
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(_BUG)


if __name__ == "__main__":
    main()
