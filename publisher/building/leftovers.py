"""Processes that were killed while they worked in a show's folder into a folder without their leftovers.

A file that is written has a name of its own (`files.partial_name`); it stays when its process is killed.
Everybody at work holds a token, which the system lets go of when they die: so the next one knows of it.
"""

from __future__ import annotations

import os
import re
import secrets
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from publisher.building.artifacts import BUILD_FOLDER
from publisher.building.request import FEEDS_FOLDER
from publisher.files import cannot_write

STATE_FOLDER = ".publisher"
TOKENS_FOLDER = f"{STATE_FOLDER}/at-work"
_WHOLE_FOLDERS = (
    BUILD_FOLDER, FEEDS_FOLDER, f"{STATE_FOLDER}/cache/audio", f"{STATE_FOLDER}/cache/covers",
)  # fmt: skip
_STATE_FILES = (".seen.*", ".build.json.*", "cache/.*.pcm.*")
_PARTIAL = re.compile(r"\..{1,80}\.[0-9a-f]{12}\.partial(\.[\w.]+)?", re.S)
_FRESH = ".new"


@contextmanager
def at_work(root: Path) -> Iterator[None]:
    """Hold a token while files are written in `build/` and the cache; what killed processes left there goes.

    Nothing goes as long as any other process is at work: it may be the one that writes it.

    Raises:
        SurroundingsError: the folder cannot be written.
    """
    if sys.platform == "win32":  # pragma: no cover - Windows has no such tokens: leftovers stay, unread
        yield
        return
    folder = root / TOKENS_FOLDER
    with ExitStack() as stack:
        try:
            own = _take(folder, stack)
            _sweep(root, folder, own)
        except OSError as error:
            raise cannot_write(folder, error) from error
        yield


def _take(folder: Path, stack: ExitStack) -> Path:
    """Make this process's token; it gets its name when it is held: until then, it looks like a dead one's."""
    folder.mkdir(parents=True, exist_ok=True)
    token = folder / secrets.token_hex(8)
    fresh = token.with_suffix(_FRESH)
    stack.callback(token.unlink, missing_ok=True)
    stack.callback(fresh.unlink, missing_ok=True)
    handle = stack.enter_context(fresh.open("xb"))
    _is_free(handle)
    fresh.rename(token)
    return token


def _sweep(root: Path, folder: Path, own: Path) -> None:
    dead, _ = _others(folder, own)
    if not dead:
        return
    found = list(_partials(root))
    # Whoever wrote one of these had a token before: who is alive is seen now, who came since wrote others.
    dead, alive = _others(folder, own)
    if alive:
        return
    for path in (*found, *dead):
        path.unlink(missing_ok=True)


def _others(folder: Path, own: Path) -> tuple[list[Path], bool]:
    """Return the tokens of dead processes, and whether anybody else is alive."""
    dead, is_any_alive = [], False
    for path in sorted(folder.iterdir()):
        if path == own or path.suffix == _FRESH:
            continue
        with suppress(FileNotFoundError), path.open("rb") as handle:
            if _is_free(handle):
                dead.append(path)
            else:
                is_any_alive = True
    return dead, is_any_alive


def _partials(root: Path) -> Iterator[Path]:
    """Yield the files of our own naming that were never finished; no link is followed."""
    for name in _WHOLE_FOLDERS:
        for folder, _, files in os.walk(root / name):
            yield from (Path(folder) / file for file in files if _PARTIAL.fullmatch(file))
    for pattern in _STATE_FILES:
        yield from (path for path in (root / STATE_FOLDER).glob(pattern) if _PARTIAL.fullmatch(path.name))


def _is_free(handle: BinaryIO) -> bool:
    """Take hold of a token unless another process holds it, for as long as the handle is open."""
    import fcntl  # not on Windows

    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
