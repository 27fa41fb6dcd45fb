"""What a check saw and said, so that the next one over the same files does no work."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from publisher.building.engine import engine_stamp
from publisher.building.snapshot import is_racy
from publisher.errors import SurroundingsError
from publisher.files import write_whole
from publisher.inspection.request import CheckRequest
from publisher.inspection.stamps import Stamped, stamps_below
from publisher.inspection.told import finding_of, told
from publisher.report.findings import Sheet, Unseen

MEMORY_FILE = ".publisher/check.jsonl"
"""A line for each key: the key, a space, and what was said as JSON."""
_MOST = 8


def check_folder(root: Path, slugs: tuple[str, ...], request: CheckRequest) -> Sheet:
    """Check a show or some of its episodes, unless the last check has seen the very same.

    Raises:
        SourceError: `show.toml`, the catalogue or a template cannot be read: nothing can be judged then.
        UsageError: there is no such episode.
    """
    asked = _decisive(root, request)
    stamped = stamps_below(root) if asked else ()
    key = seen_by(stamped, [*asked, *slugs], request.started_ns) if asked and not request.witnesses else ""
    known = recall(root, key)
    if known is not None:
        return known
    from publisher.inspection.folder import inspect_show  # every parser: not to repeat what was said
    from publisher.inspection.keeping import NOTHING_KEPT, kept_in
    from publisher.inspection.result import sheet_of

    kept = kept_in(root, stamped, asked, request.started_ns) if asked else NOTHING_KEPT
    sheet = sheet_of(inspect_show(root, slugs, request, kept))
    remember(root, key, sheet)
    return sheet


def _decisive(root: Path, request: CheckRequest) -> list[str]:
    """Return what besides the files decides what a check says, or nothing when it cannot be told.

    The clock stands in it with its hour.
    """
    engine = engine_stamp(root, request.started_ns) if request.started_ns and not request.online else ""
    hour = request.now.strftime("%Y-%m-%dT%H")
    return [engine, hour, " ".join(request.profiles)] if engine else []


def seen_by(stamped: Iterable[Stamped], asked: list[str], started_ns: int) -> str:
    """Return a digest of everything that a check of the sources sees, or "" when it cannot be told."""
    digest = hashlib.sha256(json.dumps(asked).encode())
    for path, stamp in stamped:
        if is_racy(stamp, started_ns):
            return ""
        digest.update(f"{path}\0{stamp}\n".encode("utf-8", "surrogateescape"))
    return digest.hexdigest()


def recall(root: Path, key: str) -> Sheet | None:
    """Return what the check of a key said, if that is remembered; damaged memory counts as none."""
    said = _lines(root).get(key) if key else None
    try:
        return _sheet(json.loads(said)) if said else None
    except (KeyError, TypeError, ValueError):
        return None


def remember(root: Path, key: str, sheet: Sheet) -> None:
    """Keep what a check said, for the last few keys; where nothing can be written, nothing is kept."""
    if not key:
        return
    said = {key: json.dumps(_written(sheet), separators=(",", ":")).encode()}
    kept = {**said, **{other: line for other, line in _lines(root).items() if other != key}}
    lines = (f"{other} ".encode() + line for other, line in list(kept.items())[:_MOST])
    try:
        write_whole(root / MEMORY_FILE, b"\n".join(lines), durable=False)
    except SurroundingsError:
        return


def _lines(root: Path) -> dict[str, bytes]:
    """Return what is remembered by key, each still as it is written: only one of them is wanted."""
    try:
        data = (root / MEMORY_FILE).read_bytes()
    except OSError:
        return {}
    parts = (line.partition(b" ") for line in data.split(b"\n"))
    return {key.decode("ascii", "replace"): said for key, _, said in parts}


def _written(sheet: Sheet) -> dict[str, Any]:
    return {
        "subject": sheet.subject,
        "findings": [told(finding) for finding in sheet.findings],
        "unseen": [(each.rule, each.reason, each.subject) for each in sheet.unseen],
        "waived": [told(finding) for finding in sheet.waived],
        "names": sheet.names,
        "titles": sheet.titles,
        "verdicts": sheet.verdicts,
        "is_readable": sheet.is_readable,
    }


def _sheet(said: dict[str, Any]) -> Sheet:
    return Sheet(
        subject=said["subject"],
        findings=tuple(finding_of(each) for each in said["findings"]),
        unseen=tuple(Unseen(*each) for each in said["unseen"]),
        waived=tuple(finding_of(each) for each in said["waived"]),
        names=said["names"],
        titles=said["titles"],
        verdicts=tuple((name, count) for name, count in said["verdicts"]),
        is_readable=said["is_readable"],
    )
