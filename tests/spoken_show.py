"""Names to a whole show on disk whose audio is finished, so that it can be published without encoding anything."""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path

from publisher.audio.lock import format_lock
from publisher.files import key_digest
from publisher.model import Enclosure

_MINIMAL = Path(__file__).parent / "shows" / "minimal"


def guid_of(name: str) -> str:
    return f"guid-of-{name}"


def make_spoken(folder: Path, *names: str) -> Path:
    """Make a show whose episodes are called so, each a day later than the one before."""
    folder.mkdir(parents=True)
    shutil.copy(_MINIMAL / "show.toml", folder)
    (folder / "episodes").mkdir()
    shutil.copy(_MINIMAL / "episodes/cover.jpg", folder / "episodes")
    for day, name in enumerate(names, start=1):
        write_spoken(folder, name, date=f"2026-01-{day:02} 06:00")
    return folder


def write_spoken(
    show: Path,
    name: str,
    *,
    date: str = "2026-01-31 06:00",
    more: str = "",
    audio: bytes = b"",
    notes: str = "",
) -> None:
    """Write an episode with its lock and its finished audio."""
    folder = show / "episodes" / name
    folder.mkdir(exist_ok=True)
    (folder / "episode.md").write_text(
        f'---\ntitle: "Episode {name}"\nguid: {guid_of(name)}\ndate: {date}\n'
        f"summary: About {name}.\n{more}---\n\n{notes or 'Notes.'}\n",
        encoding="utf-8",
    )
    finish_spoken(show, name, audio or f"sound of {name} ".encode() * 100)


def finish_spoken(show: Path, name: str, audio: bytes) -> str:
    """Give an episode finished audio of these bytes; return its key."""
    sha256 = hashlib.sha256(audio).hexdigest()
    key = f"audio/{name}-{key_digest(sha256)}.mp3"
    path = show / "build" / key
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(audio)
    lock = Enclosure(
        master_sha256=sha256,
        recipe=f"{'0' * 16}.{'0' * 16}",
        key=key,
        bytes=len(audio),
        sha256=sha256,
        media_type="audio/mpeg",
        duration_ms=60_000,
        sample_rate=44_100,
        channels=1,
        loudness_lufs=-16.0,
        true_peak_dbtp=-1.5,
        loudness_range_lu=5.0,
        master_loudness_lufs=-20.0,
        mode="gain",
        encoder="none",
    )
    (show / "episodes" / name / "audio.lock").write_bytes(format_lock(lock))
    return key
