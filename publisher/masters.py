"""Which files of an episode are recordings; what is inside them is found out by looking."""

from __future__ import annotations

from functools import cache

_SOUND = (".wav", ".w64", ".rf64", ".flac", ".aif", ".aiff", ".caf", ".mp3", ".m4a", ".m4b", ".aac")
_CONTAINERS = (".ogg", ".oga", ".opus", ".mp4", ".m4v", ".mov", ".mkv", ".webm")
MASTER_SUFFIXES = frozenset({*_SOUND, *_CONTAINERS})


@cache
def is_master(name: str) -> bool:
    """Tell whether a file's name is a recording's."""
    return name[name.rfind(".") :].lower() in MASTER_SUFFIXES
