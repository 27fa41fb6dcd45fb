"""`publisher clip`: stretches and soundbites of finished audio, as sound and as video."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from mutagen.id3 import ID3
from tones import decode, talk, write_wav

from publisher.audio.ffmpeg import find_ffmpeg, run
from publisher.audio.loudness import level_after, measure
from publisher.cli import publisher

pytestmark = pytest.mark.integration  # real ffmpeg, all of it

FFMPEG = find_ffmpeg()
EPISODE = "episodes/talk/episode.md"
FRONT = """---
title: A talk
guid: 6b7b3b1e-7a5e-4d6e-9c1e-0f8a1c9d2e3f
date: 2024-01-02 06:00
soundbites:
  - {at: "00:02", duration: "00:03", title: "The best of it"}
  - {at: "00:06", duration: "00:02"}
---
Words.
"""
VTT = """WEBVTT

00:00:00.000 --> 00:00:02.500
Before, and into the clip.

00:00:02.500 --> 00:00:04.000
<v Ana>In the middle of it.

00:00:07.000 --> 00:00:09.000
After it.
"""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a show with one finished episode of ten seconds."""
    root = tmp_path_factory.mktemp("clips") / "show"
    shutil.copytree(Path(__file__).parent / "shows/minimal", root)
    shutil.rmtree(root / "episodes/pilot")
    write_wav(root / "episodes/talk/master.wav", [talk()], seconds=10.0)
    (root / EPISODE).write_text(FRONT, encoding="utf-8")
    (root / "episodes/talk/transcript.vtt").write_text(VTT, encoding="utf-8")
    assert clip_run(root, "audio", "talk").exit_code == 0
    return root


@pytest.fixture
def show(made: Path, tmp_path: Path) -> Path:
    root = tmp_path / "show"
    shutil.copytree(made, root)
    return root


def clip_run(root: Path, *words: str) -> Result:
    return CliRunner().invoke(publisher, ["-C", str(root), *words], catch_exceptions=False)


def clip(root: Path, *words: str, exit_code: int = 0) -> Result:
    result = clip_run(root, "clip", "talk", *words)
    assert result.exit_code == exit_code, result.output
    return result


def finished(root: Path) -> Path:
    [path] = (root / "build/audio").iterdir()
    return path


def test_a_clip_is_as_loud_as_its_stretch_and_tagged(show: Path) -> None:
    document = json.loads(clip(show, "--from", "00:02", "--to", "00:07.5", "--json").stdout)
    assert document["schema"] == "publisher/clip/1"
    [entry] = document["clips"]
    assert entry["path"] == "build/clips/talk-0002-0007.5.mp3"
    path = show / entry["path"]
    measured = measure(FFMPEG, path)
    assert measured.duration_ms == pytest.approx(5500, abs=2)
    there = level_after(FFMPEG, finished(show), "atrim=2:7.5")
    assert measured.integrated_lufs == pytest.approx(there.integrated_lufs, abs=0.2)
    assert measured.integrated_lufs == pytest.approx(entry["loudness_lufs"], abs=0.01)
    assert measured.true_peak_dbtp <= -1.0
    tags = ID3(path)
    assert (str(tags["TIT2"]), str(tags["TALB"])) == ("A talk", "Small Show")
    assert tags.getall("APIC")
    assert not [name for name in tags if name[:4] in {"CHAP", "CTOC", "TGID", "TRCK"}]


def test_a_peak_that_the_encoder_raised_is_taken_down(tmp_path: Path) -> None:
    from publisher.audio.clips import cut_clip
    from publisher.model import AudioSettings

    loud = write_wav(tmp_path / "loud.wav", [talk(-12, -0.2)], 4.0)
    settings = AudioSettings(bitrate_kbps=64)
    found = cut_clip(FFMPEG, loud, 0, 4000, 0, tmp_path / "clip.mp3", settings=settings)
    assert -2.5 < found.true_peak_dbtp <= -1.0
    assert measure(FFMPEG, tmp_path / "clip.mp3").true_peak_dbtp == found.true_peak_dbtp


def test_without_a_stretch_every_soundbite_becomes_a_clip(show: Path) -> None:
    words = clip(show).stdout.splitlines()
    assert [line.split()[0] for line in words] == [
        "build/clips/talk-0002-0005.mp3",
        "build/clips/talk-0006-0008.mp3",
    ]
    assert str(ID3(show / "build/clips/talk-0002-0005.mp3")["TIT2"]) == "The best of it"
    before = finished(show).read_bytes()
    assert len(clip(show, "--soundbite", "2").stdout.splitlines()) == 1
    assert finished(show).read_bytes() == before


def test_nothing_of_a_clip_is_published(show: Path) -> None:
    clip(show)
    assert clip_run(show, "publish", "--yes").exit_code == 0
    assert (show / "build/clips/talk-0002-0005.mp3").exists()
    assert not [path for path in (show / "public").rglob("*") if "clips" in path.parts]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--from", "00:08", "--to", "00:12"), "outside the episode"),
        (("--from", "00:08", "--to", "00:04"), "end after it starts"),
        (("--from", "0", "--to", "5:01"), "05:01 is too long"),
        (("--from", "00:08"), "both --from and --to"),
        (("--from", "8.x", "--to", "9"), "this is no time: 8.x"),
        (("--soundbite", "3"), "no soundbite 3: talk has 2 soundbites"),
        (("--soundbite", "1", "--from", "1", "--to", "2"), "either a soundbite or a stretch"),
        (("--output", "a.mp3"), "2 soundbites, and one --output"),
        (("--soundbite", "1", "--output", "a.wav"), "a clip is written as .mp3"),
        (("--soundbite", "1", "--output", "episodes/talk/a.mp3"), "cannot go into episodes/"),
        (("--soundbite", "1", "--size", "wide"), "are for videos"),
    ],
)
def test_what_cannot_be_a_clip_is_refused(show: Path, words: tuple[str, ...], message: str) -> None:
    assert message in clip(show, *words, exit_code=2).stderr
    assert not (show / "build/clips").exists()


def test_missing_audio_and_soundbites_say_how_to_get_them(show: Path) -> None:
    finished(show).unlink()
    result = clip(show, "--soundbite", "1", exit_code=3)
    assert "not on this machine" in result.stderr
    assert "publisher audio talk" in result.stderr
    text = (show / EPISODE).read_text(encoding="utf-8")
    (show / EPISODE).write_text(re.sub(r"soundbites:\n(  .*\n)+", "", text), encoding="utf-8")
    assert "talk has no soundbites" in clip(show, exit_code=2).stderr


def frame(video: Path, second: float, box: tuple[int, int, int, int], folder: Path) -> bytes:
    """Return a part of the picture at a time, as shades of grey."""
    raw = folder / "raw"
    width, height, x, y = box
    crop = f"crop={width}:{height}:{x}:{y},format=gray"
    shown = ["-ss", str(second), "-i", f"file:{video}", "-frames:v", "1", "-vf", crop]
    run(FFMPEG, [*shown, "-f", "rawvideo", "-y", f"file:{raw}"])
    return raw.read_bytes()


def test_a_video_shows_cover_wave_and_the_caption_that_is_heard(show: Path, tmp_path: Path) -> None:
    clip(show, "--from", "00:02", "--to", "00:06", "--video")
    video = show / "build/clips/talk-0002-0006.mp4"
    log = run(FFMPEG, ["-i", f"file:{video}", "-f", "null", "-"]).log
    assert re.search(r"Video: h264.*yuv420p\(tv, bt709.*1080x1080.*25 fps", log)
    assert re.search(r"Audio: aac.*44100 Hz", log)
    assert video.read_bytes().index(b"moov") < video.read_bytes().index(b"mdat")
    (samples, *_), rate = decode(video)
    assert len(samples) / rate == pytest.approx(4.0, abs=0.05)
    captions, wave = (960, 180, 60, 872), (920, 120, 80, 740)
    parts = [frame(video, second, captions, tmp_path) for second in (0.2, 1.0, 3.0)]
    assert [max(part) > 200 for part in parts] == [True, True, False]  # two captions, then none
    assert parts[0] != parts[1]
    assert frame(video, 0.4, wave, tmp_path) != frame(video, 0.8, wave, tmp_path)
    assert len(set(frame(video, 1.0, (480, 480, 300, 60), tmp_path))) > 4


def test_equal_requests_give_equal_videos(show: Path, tmp_path: Path) -> None:
    for name in ("a.mp4", "b.mp4"):
        words = ("--from", "3", "--to", "4.2", "--video", "--size", "wide", "--output", str(tmp_path / name))
        clip(show, *words)
    assert (tmp_path / "a.mp4").read_bytes() == (tmp_path / "b.mp4").read_bytes()
    assert "1280x720" in run(FFMPEG, ["-i", f"file:{tmp_path / 'a.mp4'}", "-f", "null", "-"]).log


def test_a_video_without_timed_words_says_so(show: Path) -> None:
    (show / "episodes/talk/transcript.vtt").unlink()
    result = clip(show, "--from", "3", "--to", "4", "--video")
    assert "publisher transcript talk --align" in result.stderr
