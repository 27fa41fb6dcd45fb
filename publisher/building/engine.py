"""Code, templates and libraries into a digest: all that decides outputs but the sources."""

from __future__ import annotations

import hashlib
import importlib.util
import os
import sys
from collections.abc import Iterator
from pathlib import Path

from publisher.building.snapshot import is_racy, stamp_of


def engine_digest(root: Path) -> str:
    """Return a digest of the tool's own code, the templates, and the versions of the installed libraries."""
    digest = hashlib.sha256()
    for name, path in _tool_files(root):
        data = Path(path).read_bytes()
        digest.update(f"{name}\0{len(data)}\0".encode() + data)
    installed = sorted(path.name for path in _libraries().glob("*.dist-info"))
    digest.update("\0".join(installed).encode())
    return digest.hexdigest()


def engine_stamp(root: Path, started_ns: int) -> str:
    """Return what is the same as long as `engine_digest` must be, in a tenth of its time.

    It is empty when a file of the tool was changed too recently to tell.
    """
    digest = hashlib.sha256(f"{sys.version}\0{_libraries()}\0{stamp_of(_libraries())}".encode())
    for _, path in _tool_files(root):
        stamp = stamp_of(path)
        if is_racy(stamp, started_ns):
            return ""
        digest.update(f"{path}\0{stamp}\0".encode())
    return digest.hexdigest()


def _tool_files(root: Path) -> Iterator[tuple[str, str]]:
    """Yield name and path of every file of the package, the built-in templates and the show's own."""
    package = Path(__file__).parent.parent
    for folder in (package, package.parent / "templates", root / "templates"):
        for directory, subfolders, names in os.walk(folder):
            subfolders[:] = sorted(name for name in subfolders if name[0] not in "._")
            for name in sorted(names):
                if not name.endswith(".pyc"):
                    path = f"{directory}{os.sep}{name}"
                    yield path[len(str(folder)) + 1 :].replace(os.sep, "/"), path


def _libraries() -> Path:
    """Return the folder that the libraries are installed in, next to one of them."""
    found = importlib.util.find_spec("pyromark")
    return Path(found.origin).parent.parent if found and found.origin else Path()
