"""What was made into what is published: artifacts with how they must be served, items as apps know them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import Any

from publisher.building.memory import Made, Output
from publisher.files import key_digest
from publisher.model import Artifact, PublishedItem, Role
from publisher.releases import FEED_CACHE, FEED_TYPE

BUILD_FOLDER = "build"
"""Everything made of the sources but the feeds; it can be deleted at any time."""

MEDIA_TYPES = {
    ".mp3": "audio/mpeg",
    ".m4a": "audio/x-m4a",
    ".opus": "audio/ogg",
    ".json": "application/json+chapters",
    ".vtt": "text/vtt; charset=utf-8",
    ".srt": "application/x-subrip",
    ".txt": "text/plain; charset=utf-8",
    ".jpg": "image/jpeg",
    ".png": "image/png",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".xml": FEED_TYPE,
}
# JSON below chapters/ is another thing than below transcripts/.
_TRANSCRIPT_TYPES = {("transcripts", ".json"): "application/json"}
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


def named_by_digest(folder: str, name: str, suffix: str, sha256: str) -> str:
    """Return the key of a file that is created once, such as `chapters/part-1-<digest>.json`."""
    return f"{folder}/{name}-{key_digest(sha256)}{suffix}"


def artifact_of(root: Path, output: Output) -> Artifact:
    """Return what is published of a file that was made."""
    name = PurePosixPath(output.key)
    role = Role.FEED if name.suffix == ".xml" else _ROLES.get(name.parent.name, Role.LISTING)
    immutable = role in {Role.MEDIA, Role.SIDECAR}
    return Artifact(
        key=output.key,
        path=root / (output.source or f"{BUILD_FOLDER}/{output.key}"),
        sha256=output.sha256,
        bytes=output.bytes,
        content_type=_TRANSCRIPT_TYPES.get((name.parent.name, name.suffix), MEDIA_TYPES[name.suffix]),
        cache_control=_FOREVER if immutable else FEED_CACHE,
        role=role,
        immutable=immutable,
    )


def published_item(
    made: Made, enclosure: Mapping[str, Any], base_url: str, language: int = 0
) -> PublishedItem:
    """Return what subscribers' apps will know of a public episode, in a language by its number."""
    return PublishedItem(
        guid=made.guid,
        title=made.titles[language],
        date=datetime.fromisoformat(made.date).astimezone(UTC).isoformat(),
        audio_url=f"{base_url}{enclosure['key']}",
        audio_bytes=enclosure["bytes"],
        audio_sha256=enclosure["sha256"],
    )
