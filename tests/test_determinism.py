"""Equal inputs, equal bytes: whatever the machine, the folder, the language or the hash seed."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

SURROUNDINGS = (
    {"TZ": "UTC", "LANG": "C", "LC_ALL": "C", "PYTHONHASHSEED": "1"},
    {"TZ": "Pacific/Kiritimati", "LANG": "de_DE.UTF-8", "LC_ALL": "de_DE.UTF-8", "PYTHONHASHSEED": "4711"},
)


def made(root: Path) -> dict[str, bytes]:
    names = [
        path
        for folder in ("build", "feeds", "episodes")
        for path in (root / folder).rglob("*")
        if path.is_file()
    ]
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in names}


@pytest.mark.integration
def test_two_builds_from_nothing_are_equal_byte_for_byte(own_show: Path, tmp_path: Path) -> None:
    results = []
    for number, surroundings in enumerate(SURROUNDINGS):
        root = tmp_path / f"some other folder {number}" / ("x" * (number * 20 + 1))
        shutil.copytree(own_show, root)
        for lock in root.glob("episodes/*/audio.lock"):
            lock.unlink()
        shutil.rmtree(root / "feeds")
        subprocess.run(
            [sys.executable, "-m", "publisher", "-C", str(root), "build"],
            env={**os.environ, **surroundings},
            check=True,
            capture_output=True,
        )
        results.append(made(root))
    first, second = results
    assert first.keys() == second.keys()
    assert [name for name in first if first[name] != second[name]] == []
    assert sum(name.endswith(".mp3") for name in first) == 2


@pytest.mark.integration
def test_the_committed_feed_and_locks_are_what_the_sources_say(own_show: Path) -> None:
    """This repository's own show: a build without audio, and one with it, change nothing that is committed."""
    committed = {name: data for name, data in made(own_show).items() if not name.startswith("build/")}
    for words in (["build", "--locked"], ["feed", "--check"], ["build"], ["check"]):
        subprocess.run(
            [sys.executable, "-m", "publisher", "-C", str(own_show), *words], check=True, capture_output=True
        )
    assert {name: data for name, data in made(own_show).items() if not name.startswith("build/")} == committed


@pytest.mark.integration
def test_a_checkout_without_audio_builds_the_same_feed(own_show: Path) -> None:
    feed = next((own_show / "feeds").glob("*.xml"))
    before = feed.read_bytes()
    for master in own_show.glob("episodes/*/*.flac"):
        master.unlink()
    feed.unlink()
    run = [sys.executable, "-m", "publisher", "-C", str(own_show)]
    subprocess.run([*run, "build", "--locked"], check=True, capture_output=True)
    assert feed.read_bytes() == before
    assert subprocess.run([*run, "feed", "--check"], capture_output=True).returncode == 0
    episode = own_show / "episodes/bakersfield-part-1/episode.md"
    episode.write_text(episode.read_text(encoding="utf-8").replace("District, Part I", "District, Part One"))
    stale = subprocess.run([*run, "feed", "--check"], capture_output=True, text=True)
    assert stale.returncode == 1
    assert "Part One" in stale.stdout
