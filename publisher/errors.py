"""What went wrong, where, and what to do: the errors that reach a person, each with its own exit code."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

LiveFeedState = Literal["unchanged", "updated", "unknown"]


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A spot in a source file; line and column count from 1, and 0 means "the whole file"."""

    file: str
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        """Render as `file:line:column`, the form that editors and terminals make clickable."""
        if not self.line:
            return self.file
        return f"{self.file}:{self.line}:{self.column}" if self.column else f"{self.file}:{self.line}"


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that has to be mended in the sources before work can go on.

    Where it is plain what was meant: `written` stands at the place and is to become `instead`, or `instead`
    is missing under `key`. A `picture` is the path of one that can be brought into shape.
    """

    message: str
    place: Place | None = None
    hint: str = ""
    written: str = ""
    instead: str = ""
    key: str = ""
    picture: str = ""


class PublisherError(Exception):
    """Something a person has to know about; never a bug. Carries place, hint and exit code.

    `live_feed` is set by every command that may change the feed that listeners see, and says what it did.
    """

    exit_code: ClassVar[int] = 3

    def __init__(self, message: str, *, place: Place | None = None, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.place = place
        self.hint = hint
        self.live_feed: LiveFeedState | None = None

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Everything to report, most errors being one problem."""
        return (Problem(self.message, self.place, self.hint),)


class UsageError(PublisherError):
    """The command was called with words that cannot work."""

    exit_code = 2


class SourceError(PublisherError):
    """The show's own files need a fix; holds every problem that was found, in file order."""

    exit_code = 2

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        if not problems:
            raise ValueError("a SourceError needs at least one problem")
        first = problems[0]
        super().__init__(first.message, place=first.place, hint=first.hint)
        self._problems = problems

    @property
    def problems(self) -> tuple[Problem, ...]:
        """All problems of all files."""
        return self._problems


class SurroundingsError(PublisherError):
    """A tool, the storage, the network or the disk did not do its part."""

    exit_code = 3


class GuardError(PublisherError):
    """A guard stopped a step that listeners would suffer from."""

    exit_code = 4


class ConflictError(PublisherError):
    """Somebody else published meanwhile."""

    exit_code = 5


class StoppedError(PublisherError):
    """Somebody stopped a command that may change the live feed."""

    exit_code = 130

    def __init__(self, live_feed: LiveFeedState) -> None:
        super().__init__("interrupted", hint="run the same command again; it goes on where it stopped")
        self.live_feed = live_feed
