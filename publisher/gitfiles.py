"""Git's own files to the commit that a folder is at; no program is run."""

from __future__ import annotations

import re
from pathlib import Path

_COMMIT = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")
_LIMIT_BYTES = 1 << 24


def read_revision(root: Path) -> str:
    """Return the commit that the show's folder is at, or nothing where git does not tell."""
    for folder in (root, *root.parents):
        git = _git_folder(folder / ".git")
        if git:
            return _commit_of(git)
    return ""


def _git_folder(path: Path) -> Path | None:
    """Return the folder of git's files; that of a worktree or submodule is named in a file."""
    if path.is_dir():
        return path
    text = _read(path)
    if text.startswith("gitdir:"):
        return path.parent / text.removeprefix("gitdir:").strip()
    return None


def _commit_of(git: Path) -> str:
    head = _read(git / "HEAD")
    if not head.startswith("ref:"):
        return head if _COMMIT.fullmatch(head) else ""
    name = head.removeprefix("ref:").strip()
    common = _read(git / "commondir")
    folders = (git, git / common) if common else (git,)
    for folder in folders:
        loose = _read(folder / name) if ".." not in name else ""
        if _COMMIT.fullmatch(loose):
            return loose
        for line in _read(folder / "packed-refs").splitlines():
            commit, _, ref = line.partition(" ")
            if ref == name and _COMMIT.fullmatch(commit):
                return commit
    return ""


def _read(path: Path) -> str:
    try:
        with path.open(encoding="utf-8", errors="replace") as handle:
            return handle.read(_LIMIT_BYTES).strip()
    except OSError:
        return ""
