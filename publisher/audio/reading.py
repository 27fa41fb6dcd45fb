"""Turn a recording into the filter that reads it: one thread does what the inputs of ffmpeg do with four."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

CONTAINERS: Mapping[str, str] = {"wav": "wav", "w64": "w64", "aiff": "aiff", "flac": "flac", "caf": "caf"}
"""Kinds of recordings that begin exactly where they are told to, and the names that ffmpeg has for them."""


_UNPROBED: Mapping[str, str] = {"max_probe_packets": "1"}
"""What samples might be in disguise (AC-3 in a WAV) costs more than starting ffmpeg, and is known by then."""

KNOWN = tuple(word for name, value in _UNPROBED.items() for word in (f"-{name}", value))
"""The same before an input: a recording that was measured is not asked again what it holds."""


def is_exact(kind: str, codec: str) -> bool:
    """Whether a recording can be read from any sample on, without one too many or too few."""
    return kind in CONTAINERS and (codec.startswith("pcm_") or codec == "flac")


def movie(path: Path, container: str, *, skipped_bytes: int = 0, start_s: int = 0) -> str:
    """Return the filter that reads the first sound of a file: local, and of no other container than this.

    It begins at `start_s` or a little before; the times of its frames are right.
    """
    limits = {"protocol_whitelist": "file", "format_whitelist": container, **_UNPROBED}
    if skipped_bytes:
        limits["skip_initial_bytes"] = str(skipped_bytes)
    arguments = {
        "filename": f"file:{path}",
        "format_name": container,
        "s": "a:0",
        "seek_point": str(start_s),
        "format_opts": _listed(limits),
    }
    return "amovie=" + re.sub(r"([\\'\[\],;])", r"\\\1", _listed(arguments))


def _listed(options: Mapping[str, str]) -> str:
    """Write options as ffmpeg does, escaping what would end a value."""
    return ":".join(f"{name}=" + re.sub(r"([\\':])", r"\\\1", value) for name, value in options.items())
