"""Templates to the files that all pages share, each named by a digest of its bytes."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from publisher.files import digest_bytes, key_digest
from publisher.templates import Templates

_SHARED = (("site", ".css", "text/css; charset=utf-8"), ("player", ".js", "text/javascript; charset=utf-8"))


@dataclass(frozen=True, slots=True)
class Asset:
    """A file that never changes under its key, so that caches may keep it for ever."""

    key: str
    data: bytes
    content_type: str


@lru_cache(maxsize=8)
def assets(templates: Templates) -> tuple[Asset, ...]:
    """Return style sheet and script, as `assets/<name>-<digest><suffix>`."""
    made = []
    for name, suffix, content_type in _SHARED:
        data = templates.text(f"{name}{suffix}").encode()
        made.append(Asset(f"assets/{name}-{key_digest(digest_bytes(data))}{suffix}", data, content_type))
    return tuple(made)


def asset_key(templates: Templates, name: str) -> str:
    """Return the key of the shared file that is made of the template `name`."""
    stem, _, suffix = name.partition(".")
    return next(
        each.key
        for each in assets(templates)
        if each.key.startswith(f"assets/{stem}-") and each.key.endswith(suffix)
    )
