"""The table of all rules into rows: what there is to know of a rule without loading its module."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Literal, NamedTuple, cast

FILE = Path(__file__).with_name("rules.tsv")
"""Made by `python scripts/write_rules.py` from the rules themselves."""

Kind = Literal["rule", "checklist", "kept"]
SUBJECTS = frozenset(
    {"ShowSubject", "CatalogueSubject", "EpisodeSubject", "ItemSubject", "DocumentView", "ChannelView"}
    | {"ItemView", "ItemsView", "HistoryView", "ArtView", "MediaView", "TranscriptView", "ChaptersView"}
    | {"ResponseView"}
)
"""The names of everything that rules look at."""


class Row(NamedTuple):
    """One rule: the module that it is in, the subjects it looks at, and when it has anything to do there."""

    id: str
    name: str
    module: str
    kind: Kind
    profiles: tuple[str, ...]
    subjects: tuple[str, ...]
    when: tuple[str, ...]

    def counts_in(self, profiles: Iterable[str]) -> bool:
        """Tell whether the rule is on under these profiles."""
        return counts_in(self.profiles, profiles)


def counts_in(switches: tuple[str, ...], profiles: Iterable[str]) -> bool:
    """Tell whether the profiles of a rule, some perhaps with `-`, let it count under those asked for."""
    if not switches:
        return True
    asked = set(profiles)
    needed = {name for name in switches if not name.startswith("-")}
    return (not needed or bool(needed & asked)) and not any(f"-{name}" in switches for name in asked)


@cache
def listed_rules() -> Mapping[str, Row]:
    """Return every rule of the table by its id."""
    rows = (line.split("\t") for line in FILE.read_text(encoding="utf-8").splitlines())
    return {
        id_: Row(
            id_,
            name,
            module,
            cast("Kind", kind),
            tuple(profiles.split()),
            tuple(subjects.split()),
            tuple(when.split()),
        )
        for id_, name, module, kind, profiles, subjects, when in rows
    }
