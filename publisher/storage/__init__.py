"""A target's address to the storage behind it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from publisher.errors import UsageError
from publisher.model import TargetSettings
from publisher.storage.protocol import Entry, OnBytes, StaleError, Storage, Stored, Summary

__all__ = ["Entry", "OnBytes", "StaleError", "Storage", "Stored", "Summary", "open_storage"]


def _open_directory(target: TargetSettings, root: Path) -> Storage:
    from publisher.storage.directory import open_directory  # only the storage that is wanted is loaded

    return open_directory(target, root)


def _open_s3(target: TargetSettings, _root: Path) -> Storage:
    from publisher.storage.s3 import open_s3  # boto3 takes a second to load

    return open_s3(target)


_OPENERS: dict[str, Callable[[TargetSettings, Path], Storage]] = {
    "file": _open_directory,
    "s3": _open_s3,
}


def open_storage(target: TargetSettings, root: Path) -> Storage:
    """Open the storage of a target; `file:FOLDER` is relative to `root`, the show's folder.

    Nothing is read or written yet.

    Raises:
        UsageError: the address is not understood.
    """
    scheme, colon, _ = target.url.partition(":")
    opener = _OPENERS.get(scheme.lower()) if colon else None
    if opener is None:
        known = " or ".join(f"{name}:" for name in _OPENERS)
        raise UsageError(
            f"the target {target.name} has an address that is not understood: {target.url}",
            hint=f"an address begins with {known}, such as file:public or s3://BUCKET/FOLDER",
        )
    return opener(target, root)
