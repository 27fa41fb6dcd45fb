"""A target to the one thing that can remove objects from it, which publishing never opens."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from publisher.model import TargetSettings
from publisher.storage.protocol import check_key


class Eraser(Protocol):
    """What removes an object for good, its older versions too."""

    def find_hidden(self) -> tuple[frozenset[str], str]:
        """Return the keys of which something is kept that a listing need not show, such as older versions.

        And why not all of them could be found, or nothing.

        Raises:
            SurroundingsError: the storage cannot be reached or refuses.
        """
        ...

    def erase(self, key: str) -> str:
        """Remove an object; return why something of it is left, or nothing when all is gone."""
        ...

    def forget(self, key: str) -> str:
        """Remove all versions of an object but the newest; return why some are left, or nothing."""
        ...


class DirectoryEraser:
    """Remove files below a folder; there are no older versions."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def find_hidden(self) -> tuple[frozenset[str], str]:
        """Find nothing: a folder shows all that it has."""
        return frozenset(), ""

    def erase(self, key: str) -> str:
        """Remove a file; see the protocol."""
        path = self._folder / check_key(key)
        try:
            if path.resolve() != path:
                return "it leads out of the folder by a link"
            path.unlink(missing_ok=True)
        except OSError as error:
            return error.strerror or str(error)
        return ""

    def forget(self, _key: str) -> str:
        """Do nothing: a folder keeps no versions."""
        return ""


def open_eraser(target: TargetSettings, root: Path) -> Eraser:
    """Open a target for removing.

    Raises:
        UsageError: the address is not understood.
    """
    if target.url.lower().startswith("s3:"):
        from publisher.storage.s3.erasing import open_s3_eraser  # boto3 takes a second to load

        return open_s3_eraser(target)
    from publisher.storage.directory import open_directory

    return DirectoryEraser(Path(open_directory(target, root).address))
