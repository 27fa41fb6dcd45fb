"""Turn a cover into the picture that finished audio carries: made once, kept, and in a process of its own.

A picture of 3000 pixels takes more memory than hours of audio; a process gives it back by ending.
"""

from __future__ import annotations

import hashlib
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from publisher.audio.bounds import environment, limit_memory
from publisher.audio.cover import prepare_cover, prepare_picture
from publisher.audio.versions import COVER
from publisher.files import digest_file, write_whole

_FOLDER = "covers"
_SEAL_BYTES = 32
_PROGRAM = """
import sys
picture, kind, *sys.path = sys.argv[1:]
from pathlib import Path
from publisher.audio.cover import prepare_cover, prepare_picture
prepare = prepare_cover if kind == "cover" else prepare_picture
sys.stdout.buffer.write(prepare(Path(picture)))
"""

PREPARE: Mapping[str, Callable[[Path], bytes]] = {"cover": prepare_cover, "chapter": prepare_picture}


def embedded_pictures(paths: Iterable[Path], cache: Path) -> dict[Path, bytes]:
    """Return what `prepare_picture` makes of the pictures of chapters, each of them once."""
    pictures = {}
    for path in dict.fromkeys(paths):
        with _embedded(path, cache, "chapter") as picture:
            pictures[path] = picture()
    return pictures


@contextmanager
def embedded_cover(path: Path | None, cache: Path) -> Iterator[Callable[[], bytes | None]]:
    """Begin to make what `prepare_cover` makes of a cover, and yield what waits for it; no cover makes none.

    `cache` keeps it, and can be deleted at any time. What is yielded raises as `prepare_cover` does.
    """
    if path is None:
        yield lambda: None
        return
    with _embedded(path, cache, "cover") as picture:
        yield picture


@contextmanager
def _embedded(path: Path, cache: Path, kind: str) -> Iterator[Callable[[], bytes]]:
    if not path.is_file():
        yield lambda: PREPARE[kind](path)  # which says in plain words what is wrong
        return
    ending = "" if kind == "cover" else f"-{kind}"
    kept = cache / _FOLDER / f"{digest_file(path)[:32]}-{COVER}{ending}.jpg"
    known = _read(kept)
    if known:
        yield lambda: known
        return
    process = subprocess.Popen(  # noqa: S603 - this program itself
        [sys.executable, "-I", "-c", _PROGRAM, str(path), kind, *sys.path],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=environment(),
    )
    limit_memory(process.pid)
    with process:
        try:
            yield lambda: _made(process, path, kept, kind)
        finally:
            process.kill()  # it has done what it was asked for, or nobody waits for it any more


def _made(process: subprocess.Popen[bytes], path: Path, kept: Path, kind: str) -> bytes:
    picture = process.communicate()[0]
    if process.returncode:
        return PREPARE[kind](path)  # the same once more, here: it says what is wrong
    write_whole(kept, hashlib.sha256(picture).digest() + picture, durable=False)
    return picture


def _read(kept: Path) -> bytes | None:
    """Return what was kept, if every byte of it is still right."""
    try:
        data = kept.read_bytes()
    except OSError:
        return None
    picture = data[_SEAL_BYTES:]
    return picture if hashlib.sha256(picture).digest() == data[:_SEAL_BYTES] else None
