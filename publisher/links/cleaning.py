"""Addresses in source files to the same addresses without tracking, everything around them left as it is."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from publisher.addresses import tracking_parameters, without_tracking
from publisher.files import write_whole
from publisher.links.gathering import Link

# What may follow the end of an address that is written in YAML or Markdown.
_END = rb"(?=[\s<>\"'()\[\],}|]|$)"


def clean_sources(root: Path, links: Iterable[Link]) -> tuple[str, ...]:
    """Take the tracking parameters off, in the files themselves; return the addresses that were mended.

    Raises:
        SurroundingsError: a file cannot be written.
    """
    tracked = [link for link in links if tracking_parameters(link.address)]
    mended: dict[str, None] = {}
    for name in sorted({place.file for link in tracked for place in link.places}):
        path = root / name
        before = data = path.read_bytes()
        for link in tracked:
            if any(place.file == name for place in link.places):
                data, count = _replace(data, link.address)
                if count:
                    mended[link.address] = None
        if data != before:
            write_whole(path, data)
    return tuple(mended)


def _replace(data: bytes, address: str) -> tuple[bytes, int]:
    """Replace an address, written as it is or with &amp;, wherever it stands as a whole."""
    total = 0
    for old, new in _spellings(address):
        clean = new.encode().replace(b"\\", b"\\\\")
        data, count = re.subn(re.escape(old.encode()) + _END, clean, data)
        total += count
    return data, total


def _spellings(address: str) -> Iterable[tuple[str, str]]:
    clean = without_tracking(address)
    yield address, clean
    if "&" in address:
        yield address.replace("&", "&amp;"), clean.replace("&", "&amp;")
