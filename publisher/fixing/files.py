"""Findings with fixes into the files they change: seen first, then written whole, each fix by itself."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from difflib import unified_diff
from pathlib import Path, PurePosixPath

from publisher.files import write_whole
from publisher.fixing.repairs import REPAIRS
from publisher.fixing.texts import TextFile, open_text
from publisher.guids import FRESH_GUID
from publisher.masters import is_master
from publisher.model import Edit, Finding, Fix
from publisher.source.edits import EditError, Span

_MADE = ("feeds", "build", ".publisher", ".git")
_MADE_FILES = ("audio.lock",)
_MOST_BYTES = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Mended:
    """A file as it is and as it would be."""

    path: Path
    shown: str
    before: bytes
    after: bytes

    def difference(self) -> tuple[str, ...]:
        """Return the difference as lines, or what changes of a file that is no text."""
        try:
            before, after = self.before.decode(), self.after.decode()
        except UnicodeDecodeError:
            return (f"{self.shown}: {len(self.before):,} bytes become {len(self.after):,}",)
        names = (self.shown, f"{self.shown} (mended)")
        lines = unified_diff(before.splitlines(), after.splitlines(), *names, n=1, lineterm="")
        return tuple(lines)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What fixing comes to: the files, the findings whose fix is in them, and the refused ones with why."""

    files: tuple[Mended, ...] = ()
    applied: tuple[Finding, ...] = ()
    refused: tuple[tuple[Finding, str], ...] = ()


@dataclass(slots=True)
class _Open:
    """A file that is being mended: the spans that were accepted, or the bytes of a repair."""

    path: Path
    shown: str
    before: bytes
    text: TextFile | None = None
    spans: list[Span] = field(default_factory=list)
    repaired: bytes | None = None

    def after(self) -> bytes:
        if self.repaired is not None:
            return self.repaired
        return self.text.with_changes(self.spans) if self.text and self.spans else self.before


def mend(root: Path, findings: Iterable[Finding], mint: Callable[[], str], *, is_show: bool) -> Outcome:
    """Work out what the fixes of findings change below a folder; nothing is written.

    Each fix is made whole or not at all: one that meets another's is refused, the next round finds it again.
    """
    work = _Work(root, mint, is_show)
    for finding in findings:
        if finding.fix is not None:
            work.take(finding, finding.fix)
    return work.outcome()


def save(outcome: Outcome) -> None:
    """Write every mended file whole.

    Raises:
        SurroundingsError: the disk is full or a folder cannot be written.
    """
    for mended in outcome.files:
        write_whole(mended.path, mended.after)


class _Work:
    """Takes one fix after the other."""

    def __init__(self, root: Path, mint: Callable[[], str], is_show: bool) -> None:
        self.root, self.mint, self.is_show = root, mint, is_show
        self.open: dict[str, _Open] = {}
        self.applied: list[Finding] = []
        self.refused: list[tuple[Finding, str]] = []

    def take(self, finding: Finding, fix: Fix) -> None:
        """Accept a fix, or refuse it with the reason."""
        try:
            if fix.repair:
                self._repair(fix)
            else:
                self._edit(fix)
        except EditError as error:
            self.refused.append((finding, str(error)))
        else:
            self.applied.append(finding)

    def outcome(self) -> Outcome:
        """Return what came of it."""
        files = []
        for each in self.open.values():
            try:
                after = each.after()
            except EditError as error:
                lost = [finding for finding in self.applied if each.shown in _files(finding)]
                self.refused += [(finding, str(error)) for finding in lost]
                self.applied = [finding for finding in self.applied if finding not in lost]
                continue
            if after != each.before:
                files.append(Mended(each.path, each.shown, each.before, after))
        return Outcome(tuple(files), tuple(self.applied), tuple(self.refused))

    def _repair(self, fix: Fix) -> None:
        repair = REPAIRS.get(fix.repair)
        if repair is None:
            raise EditError(f"there is no repair `{fix.repair}`")
        file = self._file(fix.file)
        if file.spans or file.repaired is not None:
            if file.repaired is None:
                raise EditError("another fix changes the same file")
            return
        repaired = repair(file.path, file.before)
        if repaired == file.before:
            raise EditError("the repair changes nothing")
        file.repaired = repaired

    def _edit(self, fix: Fix) -> None:
        if not fix.edits:
            raise EditError("it says nothing that could be changed")
        by_file: dict[str, list[Edit]] = {}
        for edit in fix.edits:
            made = replace(edit, new=edit.new.replace(FRESH_GUID, self.mint()))
            by_file.setdefault(edit.place.file, []).append(made)
        wanted: list[tuple[_Open, Span]] = []
        for name, edits in by_file.items():
            file = self._file(name)
            if file.repaired is not None:
                raise EditError("another fix changes the same file")
            if file.text is None:
                file.text = open_text(file.shown, file.before)
            wanted += ((file, span) for span in file.text.spans(edits))
        if any(span != other and span.meets(other) for file, span in wanted for other in file.spans):
            raise EditError("another fix changes the same words; run it again")
        for file, span in wanted:
            if span not in file.spans:
                file.spans.append(span)

    def _file(self, shown: str) -> _Open:
        """Open a file that may be changed: written by a person, below the folder, and no recording."""
        if Path(shown).is_absolute() and Path(shown).is_relative_to(self.root):
            shown = Path(shown).relative_to(self.root).as_posix()
        known = self.open.get(shown)
        if known is not None:
            return known
        parts = PurePosixPath(shown).parts
        path = self.root / shown
        if not shown or not path.is_file():
            raise EditError("the file is not here")
        if is_master(path.name):
            raise EditError("a recording is never changed")
        if self.is_show and (not path.resolve().is_relative_to(self.root.resolve()) or ".." in parts):
            raise EditError("the file is outside the show")
        if self.is_show and (parts[0] in _MADE or path.name in _MADE_FILES):
            raise EditError("this file is made from others: mend those, then run `publisher build`")
        if path.stat().st_size > _MOST_BYTES:
            raise EditError("the file is too large")
        opened = self.open[shown] = _Open(path, shown, path.read_bytes())
        return opened


def _files(finding: Finding) -> Iterator[str]:
    if finding.fix:
        yield finding.fix.file
        yield from (edit.place.file for edit in finding.fix.edits)
