"""What an inspection comes to: findings, what was waived, what could not be looked at."""

from __future__ import annotations

from dataclasses import dataclass, field

from publisher.checks import NotChecked
from publisher.model import Finding

DIRECTORIES = ("apple", "spotify", "youtube", "amazon")


@dataclass(frozen=True, slots=True)
class Inspection:
    """What was found, what could not be looked at, and whether the sources can be read at all.

    `subject` is what a person calls the whole: the show's title or the feed's. `titles` are those of the
    files that findings are in, `profiles` what was checked for.
    """

    findings: tuple[Finding, ...]
    not_checked: tuple[NotChecked, ...]
    is_readable: bool
    waived: tuple[Finding, ...] = ()
    profiles: tuple[str, ...] = ()
    subject: str = ""
    titles: dict[str, str] = field(default_factory=dict)
