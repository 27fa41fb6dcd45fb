"""What enters from outside, once: the words of the command line, the terminal, the folder and the clock."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

import click

from publisher.errors import PublisherError, UsageError
from publisher.report import Report

INTERRUPTED = 130  # 128 + SIGINT, as shells do
SHOW_FILE = "show.toml"
_Function = TypeVar("_Function", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Session:
    """One call of the command line, with everything it may know of its surroundings."""

    folder: Path
    as_json: bool = False
    quiet: bool = False
    verbose: bool = False
    color: str = "auto"
    no_input: bool = False

    @property
    def root(self) -> Path:
        """Return the show's folder: the nearest one at or above the current folder with a `show.toml`.

        Raises:
            UsageError: there is none.
        """
        for folder in (self.folder, *self.folder.parents):
            if (folder / SHOW_FILE).is_file():
                return folder
        raise UsageError(
            f"there is no {SHOW_FILE} here or in any folder above",
            hint="go to the show's folder, name it with -C DIR, or start a show with `publisher init`",
        )

    @property
    def now(self) -> datetime:
        """Return the time, to the second; the only clock there is."""
        return datetime.now(UTC).replace(microsecond=0)

    @property
    def is_interactive(self) -> bool:
        """Tell whether a person can be asked."""
        return not self.no_input and sys.stdin.isatty() and sys.stderr.isatty()

    @property
    def report(self) -> Report:
        """Return the one way to speak."""
        return Report(
            as_json=self.as_json,
            quiet=self.quiet,
            verbose=self.verbose,
            color=_wants_color(self.color),
            is_terminal=sys.stderr.isatty(),
        )


_failing_session = Session(Path())


def report_failure(error: PublisherError) -> int:
    """Print an error through the report of the call that failed, and return its exit code."""
    context = click.get_current_context(silent=True)
    session = context.obj if context and isinstance(context.obj, Session) else _failing_session
    session.report.failure(error, session.folder)
    return error.exit_code


def _wants_color(choice: str) -> bool | None:
    """Decide on colour: the option, then NO_COLOR (no-color.org), else whether it is a terminal."""
    if choice != "auto":
        return choice == "always"
    return False if os.environ.get("NO_COLOR") else None


def _remember(name: str) -> Callable[[click.Context, click.Parameter, Any], None]:
    def callback(context: click.Context, _parameter: click.Parameter, value: Any) -> None:  # noqa: ANN401
        global _failing_session
        session = context.obj if isinstance(context.obj, Session) else Session(Path.cwd())
        if name == "folder" and value is not None:
            session = replace(session, folder=(Path.cwd() / value).resolve())
        elif name != "folder" and value not in (None, False):
            session = replace(session, **{name: value})
        context.obj = _failing_session = session

    return callback


_OPTIONS: tuple[tuple[tuple[str, ...], str, dict[str, Any]], ...] = (
    (
        ("-C", "folder"),
        "folder",
        {"metavar": "DIR", "help": "Work in the show at DIR.", "type": click.Path()},
    ),
    (("--json", "as_json"), "as_json", {"is_flag": True, "help": "Print one JSON document."}),
    (("-q", "--quiet"), "quiet", {"is_flag": True, "help": "Say only what matters."}),
    (("-v", "--verbose"), "verbose", {"is_flag": True, "help": "Say more."}),
    (
        ("--color",),
        "color",
        {"type": click.Choice(["auto", "always", "never"]), "help": "Colour the output."},
    ),
    (("--no-input",), "no_input", {"is_flag": True, "help": "Never ask."}),
)


def _global_options(*, hidden: bool) -> list[click.Option]:
    """Return the options that work before and behind a command's name."""
    return [
        click.Option(
            words,
            expose_value=False,
            callback=_remember(name),
            is_eager=True,
            hidden=hidden and name != "as_json",
            **settings,
        )
        for words, name, settings in _OPTIONS
    ]


def global_options(function: _Function) -> _Function:
    """Give a group the global options."""
    for option in reversed(_global_options(hidden=False)):
        existing = function.__dict__.setdefault("__click_params__", [])
        existing.append(option)
    return function


class Command(click.Command):
    """A command that takes the global options behind its name, too."""

    def __init__(self, *args: Any, **settings: Any) -> None:  # noqa: ANN401 - click's own signature
        super().__init__(*args, **settings)
        self.params.extend(_global_options(hidden=True))


def command(name: str, **settings: Any) -> Callable[[Callable[..., Any]], Command]:  # noqa: ANN401
    """Make a command; its function gets the Session first."""

    def decorate(function: Callable[..., Any]) -> Command:
        return click.command(name, cls=Command, **settings)(click.pass_obj(function))

    return decorate
