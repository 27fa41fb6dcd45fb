"""What a rule of `check` says of a source, and how that can be mended."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from publisher.errors import Place

Level = Literal["error", "warn"]


@dataclass(frozen=True, slots=True)
class Edit:
    """The value `old`, which stands at a place of a source, becomes `new`; "" is a value that is not there.

    `key` names what the value belongs to where none is written yet: the key of a front matter or table, or
    `element@attribute` in a feed.
    """

    place: Place
    old: str
    new: str
    key: str = ""


@dataclass(frozen=True, slots=True)
class Fix:
    """A safe way to mend a finding: what it does in words, and the edits, or a repair of a whole file.

    `repair` names what is done with a file that no edit of text can mend, and `file` which one.
    """

    summary: str
    edits: tuple[Edit, ...] = ()
    repair: str = ""
    file: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """Something about the author's content that an app, a directory or a listener will stumble over.

    `hint` says what to do; with a `fix`, the tool can do it.
    """

    rule: str
    level: Level
    place: Place
    message: str
    hint: str = ""
    fix: Fix | None = None
