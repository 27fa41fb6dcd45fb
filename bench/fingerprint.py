"""A show's folder into a digest of what was made, or of when each of its files was last touched."""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Iterator
from pathlib import Path


def main(what: str, show: Path, result: Path) -> None:
    """Write the digest that was asked for; in a process of its own, because it takes much memory."""
    digest = hashlib.sha256()
    for part in outputs(show) if what == "outputs" else stamps(show):
        digest.update(part)
    result.write_text(digest.hexdigest(), encoding="utf-8")


def outputs(show: Path) -> Iterator[bytes]:
    """Yield name and bytes of everything made."""
    for path in sorted((*show.glob("build/**/*"), *show.glob("feeds/*"))):
        if path.is_file():
            yield f"{path.relative_to(show)}\0".encode()
            yield path.read_bytes()


def stamps(show: Path) -> Iterator[bytes]:
    """Yield name, inode and change time of every file and folder."""
    for directory, subfolders, names in os.walk(show):
        subfolders.sort()
        for path in (directory, *(f"{directory}/{name}" for name in sorted(names))):
            stat = os.stat(path)  # noqa: PTH116 - many
            yield f"{path}\0{stat.st_ino} {stat.st_ctime_ns}\n".encode()


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]))
