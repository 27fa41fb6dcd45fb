"""What people get wrong: one clear message, the place, the remedy, the right exit code, and nothing lost."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner
from PIL import Image

from publisher.cli import publisher

PILOT = "episodes/pilot/episode.md"
HLS = "#EXTM3U\n#EXT-X-VERSION:3\n#EXTINF:10,\n../../../../etc/passwd\n"


def write(name: str, data: bytes) -> Callable[[Path], None]:
    def change(root: Path) -> None:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(data)

    return change


def edit(old: str, new: str, name: str = PILOT) -> Callable[[Path], None]:
    def change(root: Path) -> None:
        text = (root / name).read_text(encoding="utf-8")
        assert old in text
        (root / name).write_text(text.replace(old, new), encoding="utf-8")

    return change


def twin(root: Path) -> None:
    shutil.copytree(root / "episodes/pilot", root / "episodes/twin")


def small_cover(root: Path) -> None:
    Image.new("RGB", (1000, 1000)).save(root / "episodes/cover.jpg")


def silence(root: Path) -> None:
    import wave

    with wave.open(str(root / "episodes/pilot/talk.wav"), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(44_100)
        file.writeframes(bytes(44_100 * 2))


MISTAKES: dict[str, tuple[Callable[[Path], None], str, str]] = {
    "missing key": (edit("guid: 0f9f4a1e-0d0e-4c55-9d3f-3f0a2f4a8d11\n", ""), f"{PILOT}:2:1", "`guid` is missing"),
    "repeated key": (edit("season: 1", "season: 1\nseason: 2"), f"{PILOT}:6:1", "`season` stands here a second time"),
    "misspelt key": (edit("season: 1", "seasn: 1"), f"{PILOT}:5:1", "did you mean `season`?"),
    "explicit no": (edit("season: 1", "explicit: no"), f"{PILOT}:5:11", "help: write false"),
    "no such day": (edit("2026-01-05", "2026-02-30"), f"{PILOT}:4:7", "does not exist"),
    "clocks go back": (edit("2026-01-05 06:00", "2025-11-02 01:30"), f"{PILOT}:4:7", "happens twice"),
    "clocks go forward": (edit("2026-01-05 06:00", "2026-03-08 02:30"), f"{PILOT}:4:7", "does not happen"),
    "unknown resource": (edit("[toolkit]\n", "[tolkit]\n"), f"{PILOT}:9:13", "did you mean `toolkit`?"),
    "unknown resource in the notes": (edit("[toolkit][]", "[it][tolkit]"), f"{PILOT}:16:21", "tolkit"),
    "unknown person": (edit("[ana]", "[anna]"), f"{PILOT}:8:10", "did you mean `ana`?"),
    "one guid twice": (twin, "episodes/twin/episode.md:3:7", "also that of episodes/pilot"),
    "one slug twice": (lambda root: (root / "episodes/Pilot").mkdir(), "episodes/Pilot", "same address"),
    "no audio": (lambda root: (root / "episodes/pilot/audio.lock").unlink(), PILOT, "has no audio"),
    "text as mp3": (write("episodes/pilot/talk.mp3", b"Hello, this is text.\n" * 50), "talk.mp3", "text"),
    "playlist as wav": (write("episodes/pilot/talk.wav", HLS.encode()), "talk.wav", "playlist"),
    "web page as mp3": (write("episodes/pilot/talk.mp3", b"<!DOCTYPE html><html><body>404</body></html>" * 9), "talk.mp3", "web page"),
    "empty recording": (write("episodes/pilot/talk.wav", b""), "talk.wav", "empty"),
    "silent recording": (silence, "talk.wav", "silen"),
    "small cover": (small_cover, "show.toml:9:9", "cover.jpg"),
    "broken cover": (write("episodes/cover.jpg", b"\xff\xd8\xff\xe0 no picture"), "show.toml:9:9", "cover.jpg"),
    "late transcript": (
        write("episodes/pilot/transcript.vtt", b"WEBVTT\n\n00:50.000 --> 01:30.000\nLate.\n"),
        "episodes/pilot/transcript.vtt",
        "01:30",
    ),
    "broken lock": (write("episodes/pilot/audio.lock", b'{"bytes": 1'), "episodes/pilot/audio.lock", "audio.lock"),
    "alias bomb": (edit("season: 1", "a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]"), f"{PILOT}:5:4", "anchor"),
    "huge front matter": (edit("season: 1", "summary2: " + "x" * 8_000_000), PILOT, "larger than"),
    "broken show.toml": (edit('title = "Small Show"', "title = Small Show", "show.toml"), "show.toml:2:9", "cannot be understood"),
    "broken catalogue": (write("episodes/resources.yaml", b"toolkit: [\n"), "episodes/resources.yaml:2:1", "cannot be understood"),
    "broken template": (write("templates/episode.html", b"{% if %}"), "episode.html:1", "template"),
}  # fmt: skip


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_said_plainly_and_loses_nothing(minimal: Path, name: str) -> None:
    change, place, words = MISTAKES[name]
    runner = CliRunner()
    assert runner.invoke(publisher, ["-C", str(minimal), "feed"], catch_exceptions=False).exit_code == 0
    feed = (minimal / "feeds/small-show.xml").read_bytes()
    change(minimal)
    sources = digests(minimal / "episodes")
    result = runner.invoke(publisher, ["-C", str(minimal), "build"], catch_exceptions=False)
    assert result.exit_code == 2, result.output
    assert place in result.stderr
    assert words in result.stderr
    assert "help: " in result.stderr
    assert (minimal / "feeds/small-show.xml").read_bytes() == feed
    assert digests(minimal / "episodes") == sources
    assert not list(minimal.rglob("*.partial"))


def digests(folder: Path) -> dict[str, str]:
    return {
        str(path): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file()
    }


@pytest.mark.integration
def test_a_recording_that_was_cut_off_is_refused_with_both_lengths(own_show: Path) -> None:
    master = own_show / "episodes/bakersfield-part-1/master.flac"
    data = master.read_bytes()
    master.write_bytes(data[: len(data) // 2])
    result = CliRunner().invoke(
        publisher, ["-C", str(own_show), "audio", "bakersfield-part-1"], catch_exceptions=False
    )
    assert result.exit_code == 2
    assert "master.flac" in result.stderr
    assert "1:36" in result.stderr or "96" in result.stderr
    assert master.read_bytes() == data[: len(data) // 2]
