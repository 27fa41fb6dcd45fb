"""What is compared of each episode and what rules said of it, kept by the digest of what they saw."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date as day
from datetime import datetime
from pathlib import Path
from typing import Any

from publisher.building.snapshot import is_racy
from publisher.checks.engine import NotChecked
from publisher.checks.facts import ItemFacts
from publisher.checks.judging import Judged
from publisher.checks.written import WrittenFacts
from publisher.errors import SurroundingsError
from publisher.files import write_whole
from publisher.inspection.episode import Edited, Seen
from publisher.inspection.stamps import Stamped, read_memory
from publisher.inspection.told import finding_of, told
from publisher.model import Finding, Waiver

MEMORY_FILE = ".publisher/check-episodes.json"
_EPISODES, _AUDIO = "episodes/", "build/audio/"
_APART = ("feeds/", "build/")
"""What is looked at as a whole; rules on one episode never see it."""


@dataclass(frozen=True)
class Kept:
    """Episodes as they were judged, by the digest of everything that rules on one of them look at.

    `keys` has a digest for each slug, and none where something changed too recently to tell.
    """

    file: Path | None = None
    keys: Mapping[str, str] = field(default_factory=dict)
    before: Mapping[str, Any] = field(default_factory=dict)

    def said(self, slug: str) -> tuple[Edited, ...]:
        """Return what was said of an episode in each language, if nothing of it changed since."""
        known = self.before.get(slug)
        if not known or known[0] != self.keys.get(slug):
            return ()
        return tuple(_edited(each) for each in known[1])

    def keep(self, seen: Mapping[str, Seen]) -> None:
        """Write down what is said of episodes now; where nothing can be written, nothing is kept."""
        if self.file is None:
            return
        now = {slug: said for slug, said in self.before.items() if slug in self.keys and slug not in seen}
        for slug, one in seen.items():
            if one.editions and slug in self.keys:
                now[slug] = [self.keys[slug], [_told(edited) for edited in one.editions]]
        if now == self.before:
            return
        try:
            write_whole(self.file, json.dumps(now, separators=(",", ":")).encode(), durable=False)
        except SurroundingsError:
            return


NOTHING_KEPT = Kept()


def kept_in(root: Path, stamped: Iterable[Stamped], asked: object, started_ns: int) -> Kept:
    """Return what is kept of the episodes below a folder; `asked` is what else decides what rules say."""
    shared = hashlib.sha256(json.dumps(asked).encode())
    own: dict[str, Any] = {}
    racy: set[str] = set()
    for path, stamp in stamped:
        name = path[len(str(root)) + 1 :]
        slug = _slug_in(name)
        if not slug:
            if name.startswith(_APART):
                continue
            if is_racy(stamp, started_ns):
                return NOTHING_KEPT
        elif is_racy(stamp, started_ns):
            racy.add(slug)
        digest = own.setdefault(slug, hashlib.sha256()) if slug else shared
        digest.update(f"{name}\0{stamp}\n".encode("utf-8", "surrogateescape"))
    common = shared.hexdigest()
    keys = {slug: f"{digest.hexdigest()}{common}" for slug, digest in own.items() if slug not in racy}
    return Kept(root / MEMORY_FILE, keys, read_memory(root / MEMORY_FILE))


def _slug_in(name: str) -> str:
    """Return which episode a file belongs to: by its folder, or by the name of its audio."""
    if name.startswith(_EPISODES):
        return name[len(_EPISODES) :].partition("/")[0] if name.count("/") > 1 else ""
    return name[len(_AUDIO) :].rpartition("-")[0] if name.startswith(_AUDIO) else ""


def _told(edited: Edited) -> list[Any]:
    judged, written = edited.judged, edited.written
    unseen = [[each.rule, each.reason, each.subject] for each in judged.not_checked]
    found = [told(finding) for finding in judged.findings]
    return [found, unseen, list(judged.facts), _fields(written), edited.is_finished]


def _edited(said: list[Any]) -> Edited:
    found, unseen, facts, written, is_finished = said
    findings: tuple[Finding, ...] = tuple(finding_of(each) for each in found)
    judged = Judged(findings, tuple(NotChecked(*each) for each in unseen), ItemFacts(*facts))
    return Edited(_written(**written), is_finished, judged)


def _fields(written: WrittenFacts) -> dict[str, Any]:
    waivers = [
        (waiver.rule, waiver.reason, waiver.until.isoformat() if waiver.until else "")
        for waiver in written.waivers
    ]
    return {**written._asdict(), "date": written.date.isoformat(), "waivers": waivers}


def _written(date: str, waivers: list[list[str]], **others: Any) -> WrittenFacts:  # noqa: ANN401
    accepted = (
        Waiver(rule, why, day.fromisoformat(until) if until else None) for rule, why, until in waivers
    )
    return WrittenFacts(date=datetime.fromisoformat(date), waivers=tuple(accepted), **others)
