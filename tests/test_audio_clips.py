"""Clips: the right stretch, faded, and never more than a few minutes in memory."""

from __future__ import annotations

from pathlib import Path

import pytest
from tones import convert, decode, sine, write_wav

from publisher.audio.clips import cut_clip
from publisher.audio.ffmpeg import find_ffmpeg
from publisher.errors import SourceError, UsageError

pytestmark = pytest.mark.integration  # real ffmpeg, all of it

FFMPEG = find_ffmpeg()


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An MP3 that is quiet for two seconds and loud for two."""
    folder = tmp_path_factory.mktemp("clip")
    quiet, loud = sine(440, -40), sine(440, -6)
    wav = write_wav(folder / "a.wav", [lambda t: quiet(t) if t < 2 else loud(t)], 4.0)
    return convert(wav, folder / "a.mp3", "-b:a", "128k")


def test_a_clip_holds_its_stretch_with_fades(tmp_path: Path, source: Path) -> None:
    target = tmp_path / "deep" / "clip.mp3"
    cut_clip(FFMPEG, source, 2100, 3600, 300, target)
    (samples,), rate = decode(target)
    assert len(samples) / rate == pytest.approx(1.5, abs=0.002)
    tenth = rate // 10
    peaks = [max(map(abs, samples[at : at + tenth])) for at in range(0, len(samples) - tenth + 1, tenth)]
    assert peaks[7] == pytest.approx(0.5, abs=0.05)
    assert peaks[0] < 0.3
    assert peaks[-1] < 0.3
    assert [path.name for path in target.parent.iterdir()] == ["clip.mp3"]


def test_equal_cuts_give_equal_bytes(tmp_path: Path, source: Path) -> None:
    for name in ("a.mp3", "b.mp3"):
        cut_clip(FFMPEG, source, 0, 1000, 100, tmp_path / name)
    assert (tmp_path / "a.mp3").read_bytes() == (tmp_path / "b.mp3").read_bytes()


def test_a_clip_may_run_into_the_end(tmp_path: Path, source: Path) -> None:
    cut_clip(FFMPEG, source, 3500, 9000, 5000, tmp_path / "a.mp3")
    (samples,), rate = decode(tmp_path / "a.mp3")
    assert len(samples) / rate == pytest.approx(0.5, abs=0.01)


@pytest.mark.parametrize(
    ("start", "end", "words"),
    [
        (2000, 2000, "end after it starts"),
        (-5, 100, "end after it starts"),
        (0, 300_001, "05:00 is too long"),
        (5000, 6000, "ends before 00:05"),
    ],
)
def test_impossible_stretches_are_refused(
    tmp_path: Path, source: Path, start: int, end: int, words: str
) -> None:
    with pytest.raises(UsageError, match=words):
        cut_clip(FFMPEG, source, start, end, 100, tmp_path / "a.mp3")
    assert list(tmp_path.iterdir()) == []


def test_what_is_no_audio_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.mp3"
    path.write_text("words")
    with pytest.raises(SourceError):
        cut_clip(FFMPEG, path, 0, 100, 10, tmp_path / "b.mp3")
