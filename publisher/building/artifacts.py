"""A public key and its bytes into an Artifact: what it is for, and how it must be served."""

from __future__ import annotations

from pathlib import Path, PurePosixPath

from publisher.files import key_digest
from publisher.model import Artifact, Role

BUILD_FOLDER = "build"
"""Everything made of the sources but the feeds; it can be deleted at any time."""

MEDIA_TYPES = {
    ".mp3": "audio/mpeg",
    ".m4a": "audio/x-m4a",
    ".json": "application/json+chapters",
    ".vtt": "text/vtt; charset=utf-8",
    ".txt": "text/plain; charset=utf-8",
    ".jpg": "image/jpeg",
    ".png": "image/png",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".xml": "application/rss+xml; charset=utf-8",
}
_ROLES = {
    "audio": Role.MEDIA,
    "covers": Role.SIDECAR,
    "chapters": Role.SIDECAR,
    "transcripts": Role.SIDECAR,
    "assets": Role.SIDECAR,
    "episodes": Role.PAGE,
}
# What carries a digest in its name never changes: caches may keep it for a year (rules HT-008, HT-009).
_FOREVER = "public, max-age=31536000, immutable"
_FIVE_MINUTES = "public, max-age=300"


def named_by_digest(folder: str, name: str, suffix: str, sha256: str) -> str:
    """Return the key of a file that is created once, such as `chapters/part-1-<digest>.json`."""
    return f"{folder}/{name}-{key_digest(sha256)}{suffix}"


def artifact(key: str, path: Path, sha256: str, size_bytes: int) -> Artifact:
    """Return the artifact that will be published under `key`."""
    name = PurePosixPath(key)
    role = (
        _ROLES[name.parts[0]] if len(name.parts) > 1 else Role.FEED if name.suffix == ".xml" else Role.LISTING
    )
    immutable = role in {Role.MEDIA, Role.SIDECAR}
    return Artifact(
        key=key,
        path=path,
        sha256=sha256,
        bytes=size_bytes,
        content_type=MEDIA_TYPES[name.suffix],
        cache_control=_FOREVER if immutable else _FIVE_MINUTES,
        role=role,
        immutable=immutable,
    )
