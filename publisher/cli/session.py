"""What enters from outside, once: the words of the command line, the terminal, the folder and the clock."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from publisher.errors import UsageError
from publisher.report import Report

SHOW_FILE = "show.toml"


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
    def person(self) -> str:
        """Return who is at work, as the environment says; PUBLISHER_NAME is asked first."""
        names = ("PUBLISHER_NAME", "LOGNAME", "USER", "USERNAME")
        return next((name for word in names if (name := os.environ.get(word, "").strip()[:80])), "")

    @property
    def is_interactive(self) -> bool:
        """Tell whether a person can be asked."""
        return not self.no_input and sys.stdin.isatty() and sys.stderr.isatty()

    @property
    def report(self) -> Report:
        """Return the one way to speak."""
        return self._report(as_json=self.as_json)

    def with_json(self) -> Report:
        """Return the report of a command that was asked for JSON in its own way."""
        return self._report(as_json=True)

    def _report(self, *, as_json: bool) -> Report:
        return Report(
            as_json=as_json,
            quiet=self.quiet,
            verbose=self.verbose,
            color=_wants_color(self.color),
            is_terminal=sys.stderr.isatty(),
            width=min(max(shutil.get_terminal_size((100, 24)).columns, 40), 120),
        )


def open_session(given: Mapping[str, Any]) -> Session:
    """Return the session for the global options that were given."""
    words = dict(given)
    folder = (Path.cwd() / words.pop("folder", ".")).resolve()
    return Session(folder, **words)


def _wants_color(choice: str) -> bool | None:
    """Decide on colour: the option, then NO_COLOR (no-color.org), else whether it is a terminal."""
    if choice != "auto":
        return choice == "always"
    return False if os.environ.get("NO_COLOR") else None
