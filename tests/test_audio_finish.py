"""The audio room from its door: finished once, right, tagged, and never torn."""

from __future__ import annotations

import errno
import json
import os
import time
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from PIL import Image
from tinytag import TinyTag
from tones import decode, integrated_lufs, sine, true_peak_dbtp, write_wav

from publisher.audio.ffmpeg import encoder_name, find_ffmpeg
from publisher.audio.finish import finish
from publisher.audio.lock import format_lock, parse_lock
from publisher.audio.recipe import AudioJob, recipe
from publisher.audio.tags.content import Tags
from publisher.audio.tags.verify import verify_tags
from publisher.errors import SourceError, SurroundingsError
from publisher.files import digest_file, key_digest, write_whole
from publisher.model import AudioSettings, Chapter, Enclosure

pytestmark = pytest.mark.integration  # real ffmpeg, all of it
FFMPEG = find_ffmpeg()
TAGS = Tags(
    title="Part I",
    album="Show",
    artist="Host",
    number=1,
    season=1,
    date=date(2024, 8, 6),
    comment="Short.",
    chapters=(Chapter(0, "Start"), Chapter(1000, "Rest")),
)


@pytest.fixture(scope="module")
def master(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two seconds of a recording, read-only as masters may be."""
    path = write_wav(tmp_path_factory.mktemp("master") / "master.wav", [sine(330, -30), sine(440, -33)], 2.0)
    path.chmod(0o444)
    return path


@pytest.fixture(scope="module")
def cover(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cover of the smallest good size."""
    path = tmp_path_factory.mktemp("cover") / "cover.jpg"
    Image.linear_gradient("L").resize((1400, 1400)).convert("RGB").save(path)
    return path


@pytest.fixture
def job(master: Path, cover: Path) -> AudioJob:
    """What an episode asks for."""
    return AudioJob("part-1", master, AudioSettings(), TAGS, cover, "episodes/part-1/master.wav")


def run(job: AudioJob, folder: Path) -> Enclosure:
    return finish(job, ffmpeg=FFMPEG, output=folder / "build", cache=folder / "cache")


def listing(folder: Path) -> dict[str, int]:
    """Every file with its time, so that a write of any kind shows."""
    return {str(path): path.stat().st_mtime_ns for path in sorted(folder.rglob("*"))}


def test_a_finished_file_is_what_its_facts_say(job: AudioJob, tmp_path: Path) -> None:
    before = digest_file(job.master)
    found = run(job, tmp_path)
    path = tmp_path / "build" / found.key
    assert found.bytes == path.stat().st_size
    assert found.sha256 == digest_file(path)
    assert found.key == f"audio/part-1-{key_digest(found.sha256)}.mp3"
    assert (found.media_type, found.sample_rate, found.channels) == ("audio/mpeg", 44100, 2)
    assert (found.master_sha256, found.encoder) == (before, encoder_name(FFMPEG))
    assert found.recipe == recipe(job, encoder_name(FFMPEG))
    channels, rate = decode(path)
    assert found.duration_ms == round(len(channels[0]) * 1000 / rate) == 2000
    assert found.loudness_lufs == pytest.approx(integrated_lufs(channels, rate), abs=0.05)
    assert found.loudness_lufs == pytest.approx(-16, abs=0.1)
    assert true_peak_dbtp(channels) <= -1.0
    assert found.mode == "gain"
    assert parse_lock(format_lock(found), "audio.lock") == found
    assert digest_file(job.master) == before
    tag = TinyTag.get(path, image=True)
    assert (tag.title, tag.track, tag.comment) == ("Part I", 1, "Short.")
    assert tag.images.front_cover
    assert tag.images.front_cover.data is not None
    jpeg = tag.images.front_cover.data
    assert verify_tags(path, replace(TAGS, cover_jpeg=jpeg, duration_ms=2000)) == ()


def test_the_second_time_nothing_is_done(job: AudioJob, tmp_path: Path) -> None:
    first = run(job, tmp_path)
    before = listing(tmp_path)
    stages: list[str] = []
    again = finish(
        job, ffmpeg=FFMPEG, output=tmp_path / "build", cache=tmp_path / "cache",
        on_progress=lambda stage, done_ms, total_ms: stages.append(stage),
    )  # fmt: skip
    assert (again, stages) == (first, [])
    assert listing(tmp_path) == before


def test_new_tags_cost_no_new_encoding(job: AudioJob, tmp_path: Path) -> None:
    first = run(job, tmp_path)
    stages: list[str] = []
    other = replace(job, tags=replace(TAGS, title="Part One"))
    second = finish(
        other, ffmpeg=FFMPEG, output=tmp_path / "build", cache=tmp_path / "cache",
        on_progress=lambda stage, done_ms, total_ms: stages.append(stage),
    )  # fmt: skip
    assert stages == []
    assert second.key != first.key
    assert second.recipe.partition(".")[0] == first.recipe.partition(".")[0]
    assert second.recipe != first.recipe
    assert TinyTag.get(tmp_path / "build" / second.key).title == "Part One"
    assert (tmp_path / "build" / first.key).exists()


def test_stages_are_told_in_order(job: AudioJob, tmp_path: Path) -> None:
    stages: list[str] = []

    def on_progress(stage: str, done_ms: int, total_ms: int) -> None:
        assert 0 <= done_ms <= (total_ms or 10_000)
        if stages[-1:] != [stage]:
            stages.append(stage)

    finish(job, ffmpeg=FFMPEG, output=tmp_path, cache=tmp_path, on_progress=on_progress)
    assert stages[:3] == ["measuring", "encoding", "checking"]


@pytest.mark.integration
def test_two_folders_give_equal_bytes(job: AudioJob, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    one = run(job, tmp_path / "one")
    moved = tmp_path / "elsewhere" / "other name.bin"
    moved.parent.mkdir()
    moved.write_bytes(job.master.read_bytes())
    monkeypatch.setenv("TZ", "Pacific/Kiritimati")
    monkeypatch.setenv("LANG", "tr_TR.UTF-8")
    time.tzset()
    two = run(replace(job, master=moved, shown="x"), tmp_path / "two")
    monkeypatch.undo()
    time.tzset()
    assert one == two
    assert (tmp_path / "one/build" / one.key).read_bytes() == (tmp_path / "two/build" / two.key).read_bytes()


def test_the_recipe_has_a_half_for_the_sound_and_one_for_the_tags(job: AudioJob, tmp_path: Path) -> None:
    def halves(job: AudioJob, encoder: str = "e", cover: str | None = None) -> tuple[str, str]:
        sound, _, tags = recipe(job, encoder, cover).partition(".")
        assert len(sound) == len(tags) == 16
        return sound, tags

    sound, tags = halves(job)
    assert halves(replace(job, settings=AudioSettings(loudness_lufs=-16))) == (sound, tags)
    assert halves(job, cover=digest_file(job.cover or job.master)) == (sound, tags)
    for changed in (
        replace(job, settings=AudioSettings(loudness_lufs=-18.0)),
        replace(job, settings=AudioSettings(true_peak_dbtp=-1.5)),
        replace(job, settings=AudioSettings(bitrate_kbps=96)),
        replace(job, settings=AudioSettings(channels="mono")),
    ):
        assert halves(changed)[0] != sound
        assert halves(changed)[1] == tags
    assert halves(job, "another")[0] != sound
    for field, value in {"title": "x", "date": None, "number": 2, "comment": "", "chapters": ()}.items():
        changed = replace(job, tags=replace(TAGS, **{field: value}))  # type: ignore[arg-type]  # by name
        assert halves(changed)[0] == sound
        assert halves(changed)[1] != tags
    assert halves(job, cover="0" * 64)[1] != tags
    assert halves(replace(job, cover=None))[1] != tags
    assert halves(replace(job, slug="x", shown="y")) == (sound, tags)


@pytest.mark.integration
@pytest.mark.parametrize("damage", ["shorten", "change", "remove", "edit facts", "garble facts", "old facts"])
def test_a_damaged_cache_is_made_anew(job: AudioJob, tmp_path: Path, damage: str) -> None:
    first = run(job, tmp_path)
    finished = tmp_path / "build" / first.key
    wanted = finished.read_bytes()
    finished.unlink()
    for path in (tmp_path / "cache" / "audio").iterdir():
        data = path.read_bytes()
        if path.suffix == ".mp3" and damage in {"shorten", "change"}:
            path.write_bytes(data[:-1] if damage == "shorten" else data[:-1] + bytes([data[-1] ^ 1]))
        elif path.suffix == ".mp3" and damage == "remove":
            path.unlink()
        elif path.suffix == ".json" and damage == "edit facts":
            path.write_bytes(data.replace(b"-16", b"-17").replace(b'"duration_ms": 2', b'"duration_ms": 3'))
        elif path.suffix == ".json" and damage == "garble facts":
            path.write_bytes(data[: len(data) // 2])
        elif path.suffix == ".json" and damage == "old facts":
            path.write_text(json.dumps({"seal": "x"}))
    assert run(job, tmp_path) == first
    assert finished.read_bytes() == wanted


def test_a_damaged_finished_file_is_made_anew(job: AudioJob, tmp_path: Path) -> None:
    first = run(job, tmp_path)
    finished = tmp_path / "build" / first.key
    wanted = finished.read_bytes()
    finished.write_bytes(wanted[:-1] + b"x")
    assert run(job, tmp_path) == first
    assert finished.read_bytes() == wanted


@pytest.mark.integration
def test_a_changed_master_is_noticed_whatever_its_time(job: AudioJob, tmp_path: Path) -> None:
    copy = tmp_path / "master.wav"
    copy.write_bytes(job.master.read_bytes())
    times = copy.stat()
    first = run(replace(job, master=copy), tmp_path)
    data = bytearray(copy.read_bytes())
    data[5000] ^= 1
    copy.write_bytes(data)
    os.utime(copy, ns=(times.st_atime_ns, times.st_mtime_ns))
    assert run(replace(job, master=copy), tmp_path).master_sha256 != first.master_sha256


def test_bad_masters_leave_nothing_behind(job: AudioJob, tmp_path: Path) -> None:
    bad = tmp_path / "recording.mp3"
    for data, words in (
        (b"These are only notes.\n" * 20, "recording.mp3 is a text file, not audio"),
        (job.master.read_bytes()[:200_000], "is cut off"),
        (b"#EXTM3U\nhttp://127.0.0.1/a.ts\n", "is a playlist"),
    ):
        bad.write_bytes(data)
        with pytest.raises(SourceError, match=words) as caught:
            run(replace(job, master=bad), tmp_path / "out")
        assert str(caught.value.place) == "episodes/part-1/master.wav"
        assert [path for path in (tmp_path / "out").rglob("*") if path.is_file()] == []


def test_a_full_disk_says_how_much_room_it_takes_and_how_much_there_is(
    job: AudioJob, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "no room")

    monkeypatch.setattr(os, "replace", full)
    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(
        SurroundingsError, match=r"the disk is full: .* could not be written \(.* free\)"
    ) as caught:
        run(job, tmp_path)
    assert "making the audio of part-1 takes about 1 MB" in caught.value.hint
    with pytest.raises(SurroundingsError, match=r"\(3\.0 MB needed, .* free\)"):
        write_whole(tmp_path / "a", b"x" * 3_000_000)


def test_a_folder_that_cannot_be_made_is_named(job: AudioJob, tmp_path: Path) -> None:
    (tmp_path / "build").write_text("a file where a folder should be")
    with pytest.raises(SurroundingsError, match="could not be written"):
        run(job, tmp_path)


def test_a_broken_cover_is_named(job: AudioJob, tmp_path: Path) -> None:
    broken = tmp_path / "cover.jpg"
    broken.write_bytes(b"\xff\xd8\xff\xe0nothing")
    with pytest.raises(SourceError, match=r"cover\.jpg"):
        run(replace(job, cover=broken), tmp_path)
