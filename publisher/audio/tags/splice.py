"""Turn an MP3 and a new tag into the same audio behind that tag, on a copy that is renamed into place."""

from __future__ import annotations

import errno
import hashlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from publisher.audio.mp3 import Span
from publisher.audio.scratch import scratch
from publisher.files import cannot_write, move_into_place

_CHUNK_BYTES = 1 << 20
_NOT_HERE = {errno.ENOSYS, errno.EOPNOTSUPP, errno.EINVAL, errno.EXDEV}  # file systems that cannot do it


@dataclass(frozen=True, slots=True)
class Normalised:
    """What became of a file's tags: the frames kept, what was dropped, and whether the file changed."""

    kept: tuple[str, ...]
    dropped: tuple[str, ...]
    is_changed: bool


def write_tagged(source: Path, span: Span, tag: bytes, destination: Path) -> tuple[str, int]:
    """Write `tag` and the audio of `source` to `destination`; return the SHA-256 and the size of it all.

    `destination` is a name that nobody reads yet; the caller renames it, or removes it.

    Raises:
        SurroundingsError: the disk is full or the folder cannot be written.
    """
    digest, size = hashlib.sha256(), 0
    try:
        with destination.open("wb") as output:
            for chunk in _chunks(source, span, tag):
                digest.update(chunk)
                size += output.write(chunk)
    except OSError as error:
        raise cannot_write(destination, error) from error
    return digest.hexdigest(), size


def replace_tag(path: Path, tag: bytes, span: Span, *, write: bool = True) -> bool:
    """Put `tag` before the audio of `path` and nothing else around it; tell whether that changes the file.

    mutagen would edit the file where it is: a kill at the wrong moment leaves it without head and tail.

    Raises:
        SurroundingsError: the disk is full or the folder cannot be written.
    """
    with path.open("rb") as file:
        size = os.fstat(file.fileno()).st_size
        if (span.start, span.end) == (len(tag), size) and file.read(len(tag)) == tag:
            return False
    if not write:
        return True
    copy = _copy_behind if hasattr(os, "copy_file_range") else write_tagged  # Linux has it, others do not
    with scratch(path) as partial:
        copy(path, span, tag, partial)
        partial.chmod(path.stat().st_mode & 0o777)
        move_into_place(partial, path)
    return True


def _copy_behind(source: Path, span: Span, tag: bytes, destination: Path) -> None:
    """Write `tag` and the audio of `source`, letting the system copy it where it can: no byte comes here."""
    try:
        with source.open("rb") as file, destination.open("wb", buffering=0) as output:
            output.write(tag)
            at = span.start
            while at < span.end:
                copied = os.copy_file_range(file.fileno(), output.fileno(), span.end - at, offset_src=at)
                if not copied:  # somebody has cut the file off meanwhile
                    raise OSError(errno.EIO, os.strerror(errno.EIO))
                at += copied
    except OSError as error:
        if error.errno not in _NOT_HERE:
            raise
        write_tagged(source, span, tag, destination)


def _chunks(source: Path, span: Span, tag: bytes) -> Iterator[bytes]:
    yield tag
    with source.open("rb") as file:
        file.seek(span.start)
        left = span.end - span.start
        while left and (chunk := file.read(min(left, _CHUNK_BYTES))):
            left -= len(chunk)
            yield chunk
