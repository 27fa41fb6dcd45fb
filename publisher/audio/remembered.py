"""Turn what was encoded and finished before into facts again, as long as every byte of it is still right."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from publisher.audio.lock import format_lock, parse_lock
from publisher.errors import SourceError
from publisher.files import digest_bytes, digest_file, write_whole
from publisher.model import DeliveryMode, Enclosure

_FOLDER = "audio"
_SEAL = "seal"


@dataclass(frozen=True, slots=True)
class Encoded:
    """Facts about an encoded file without tags, and about the master that it was made of."""

    sha256: str
    bytes: int
    duration_ms: int
    sample_rate: int
    channels: int
    loudness_lufs: float
    true_peak_dbtp: float
    loudness_range_lu: float
    master_loudness_lufs: float
    mode: DeliveryMode
    offset_ms: int = 0


def encoded_path(cache: Path, master_sha256: str, recipe: str) -> Path:
    """Return where the untagged file of this master and the first half of this recipe is kept."""
    return cache / _FOLDER / f"{master_sha256[:32]}-{recipe.partition('.')[0]}.audio"


def read_encoded(cache: Path, master_sha256: str, recipe: str) -> Encoded | None:
    """Return the facts of a kept file; None when there is none, or it is torn or was changed."""
    path = encoded_path(cache, master_sha256, recipe)
    facts = _read_sealed(path.with_suffix(".json"))
    try:
        encoded = Encoded(**facts) if facts else None
        if encoded and path.stat().st_size == encoded.bytes and digest_file(path) == encoded.sha256:
            return encoded
    except (OSError, TypeError):
        return None  # made anew, as if it had never been there
    return None


def write_encoded(cache: Path, master_sha256: str, recipe: str, encoded: Encoded) -> None:
    """Remember the facts of a file that has just been put into its place."""
    path = encoded_path(cache, master_sha256, recipe).with_suffix(".json")
    write_whole(path, _sealed(asdict(encoded)), durable=False)


def read_finished(cache: Path, slug: str, master_sha256: str, recipe: str) -> Enclosure | None:
    """Return the facts of what was finished of this master by this recipe, if they are remembered."""
    path = _finished_path(cache, slug, master_sha256, recipe)
    facts = _read_sealed(path)
    if not facts:
        return None
    try:
        return parse_lock(json.dumps(facts).encode(), str(path))
    except SourceError:
        return None  # written by another version: made anew


def write_finished(cache: Path, slug: str, enclosure: Enclosure) -> None:
    """Remember the facts of a finished file."""
    path = _finished_path(cache, slug, enclosure.master_sha256, enclosure.recipe)
    write_whole(path, _sealed(json.loads(format_lock(enclosure))), durable=False)


def _finished_path(cache: Path, slug: str, master_sha256: str, recipe: str) -> Path:
    return (
        cache / _FOLDER / f"{slug[:80]}-{digest_bytes(f'{slug}/{master_sha256}/{recipe}'.encode())[:32]}.json"
    )


def _sealed(facts: dict[str, Any]) -> bytes:
    """Write facts with a digest of themselves, so that an edit or a torn write is noticed."""
    return (json.dumps({**facts, _SEAL: _seal(facts)}, indent=2, sort_keys=True) + "\n").encode()


def _read_sealed(path: Path) -> dict[str, Any] | None:
    try:
        facts = json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError):
        return None
    if not isinstance(facts, dict) or facts.pop(_SEAL, None) != _seal(facts):
        return None
    return facts


def _seal(facts: dict[str, Any]) -> str:
    return digest_bytes(json.dumps(facts, sort_keys=True).encode())
