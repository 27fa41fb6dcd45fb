"""What a check saw and said, so that the next one over the same files does no work."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

from publisher.building.engine import engine_stamp
from publisher.building.snapshot import ABSENT, is_racy, stamp_of
from publisher.errors import Place, SurroundingsError
from publisher.files import PARTIAL_SUFFIX, write_whole
from publisher.inspection.request import CheckRequest
from publisher.model import Edit, Finding, Fix
from publisher.report.findings import Sheet, Unseen

MEMORY_FILE = ".publisher/check.json"
_MOST = 8
_FOLDERS = ("episodes", "feeds", "templates", "build/audio")
_FILES = ("show.toml",)


def check_folder(root: Path, slugs: tuple[str, ...], request: CheckRequest) -> Sheet:
    """Check a show or some of its episodes, unless the last check has seen the very same.

    Raises:
        SourceError: `show.toml`, the catalogue or a template cannot be read: nothing can be judged then.
        UsageError: there is no such episode.
    """
    key = seen_by(root, slugs, request)
    known = recall(root, key)
    if known is not None:
        return known
    from publisher.inspection.folder import inspect_show  # every parser: not to repeat what was said
    from publisher.inspection.result import sheet_of

    sheet = sheet_of(inspect_show(root, slugs, request))
    remember(root, key, sheet)
    return sheet


def seen_by(root: Path, slugs: tuple[str, ...], request: CheckRequest) -> str:
    """Return a digest of everything that a check of the sources sees, or "" when it cannot be told.

    Files stand in it with their stamps, which tell a change as git does; the clock with its hour.
    """
    engine = engine_stamp(root, request.started_ns)
    if not engine or request.online or request.witnesses or not request.started_ns:
        return ""
    asked = [list(slugs), list(request.profiles), request.now.strftime("%Y-%m-%dT%H"), engine]
    digest = hashlib.sha256(json.dumps(asked).encode())
    for path in _files(root):
        stamp = stamp_of(path)
        if stamp != ABSENT and is_racy(stamp, request.started_ns):
            return ""
        digest.update(f"{path}\0{stamp}\n".encode("utf-8", "surrogateescape"))
    return digest.hexdigest()


def recall(root: Path, key: str) -> Sheet | None:
    """Return what the check of a key said, if that is remembered; damaged memory counts as none."""
    try:
        said = _read(root).get(key) if key else None
        return _sheet(said) if said else None
    except (KeyError, TypeError, ValueError):
        return None


def remember(root: Path, key: str, sheet: Sheet) -> None:
    """Keep what a check said, for the last few keys; where nothing can be written, nothing is kept."""
    if not key:
        return
    said = {key: asdict(sheet), **{other: kept for other, kept in _read(root).items() if other != key}}
    kept = dict(list(said.items())[:_MOST])
    try:
        write_whole(root / MEMORY_FILE, json.dumps(kept, separators=(",", ":")).encode(), durable=False)
    except SurroundingsError:
        return


def _files(root: Path) -> Iterator[str]:
    for name in _FILES:
        yield f"{root}/{name}"
    for name in _FOLDERS:
        yield from _below(f"{root}/{name}")


def _below(folder: str) -> Iterator[str]:
    try:
        with os.scandir(folder) as found:
            entries = sorted(found, key=lambda entry: entry.name)
    except OSError:
        return
    for entry in entries:
        if entry.name[0] == "." or entry.name.endswith(PARTIAL_SUFFIX):
            continue
        if entry.is_dir(follow_symlinks=False):
            yield from _below(entry.path)
        else:
            yield entry.path


def _read(root: Path) -> dict[str, Any]:
    try:
        said = json.loads((root / MEMORY_FILE).read_bytes())
    except (OSError, ValueError):
        return {}
    return said if isinstance(said, dict) else {}


def _sheet(said: dict[str, Any]) -> Sheet:
    return Sheet(
        subject=said["subject"],
        findings=tuple(_finding(each) for each in said["findings"]),
        unseen=tuple(Unseen(**each) for each in said["unseen"]),
        waived=tuple(_finding(each) for each in said["waived"]),
        names=said["names"],
        titles=said["titles"],
        verdicts=tuple((name, count) for name, count in said["verdicts"]),
        is_readable=said["is_readable"],
    )


def _finding(said: dict[str, Any]) -> Finding:
    fix = said["fix"]
    edits = (Edit(Place(**each.pop("place")), **each) for each in fix.pop("edits")) if fix else ()
    mended = Fix(edits=tuple(edits), **fix) if fix else None
    return Finding(said["rule"], said["level"], Place(**said["place"]), said["message"], said["hint"], mended)
