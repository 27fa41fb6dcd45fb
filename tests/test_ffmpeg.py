"""The one subprocess runner: it tells progress, bounds what runs, and says in words what went wrong."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest
from tones import convert, sine, write_wav

from publisher.audio.ffmpeg import FfmpegError, encoder_name, find_ffmpeg, input_file, output_file, run
from publisher.errors import SurroundingsError

pytestmark = pytest.mark.integration  # real ffmpeg, all of it

FFMPEG = find_ffmpeg()


def test_the_encoder_is_named_by_its_release_alone() -> None:
    name = encoder_name(FFMPEG)
    assert name.startswith("ffmpeg ")
    assert name.endswith(" libmp3lame")
    assert all(part.isdigit() for part in name.split()[1].split("."))


def test_the_name_of_the_bundled_program_tells_what_it_says_of_itself(tmp_path: Path) -> None:
    elsewhere = tmp_path / "ffmpeg"
    elsewhere.symlink_to(FFMPEG)
    assert encoder_name(elsewhere) == encoder_name(FFMPEG)


def test_progress_ends_with_the_whole_length(tmp_path: Path) -> None:
    wav = write_wav(tmp_path / "a.wav", [sine()], 1.5)
    told: list[int] = []
    run(FFMPEG, [*input_file(wav), "-f", "mp3", *output_file(tmp_path / "a.out")], on_progress=told.append)
    assert told[-1] == pytest.approx(1500, abs=60)


def test_standard_output_comes_back_as_data(tmp_path: Path) -> None:
    wav = write_wav(tmp_path / "a.wav", [sine()], 0.1)
    output = run(FFMPEG, [*input_file(wav), "-f", "s16le", "-"], writes_data=True)
    assert len(output.data) == 4410 * 2
    assert "Audio: pcm_s16le" in output.log


def test_names_with_dashes_newlines_and_colons_are_only_names(tmp_path: Path) -> None:
    for name in ("-i.wav", "a\nb.wav", "http:x.wav", "%03d.wav", "ü 😀.wav"):
        path = write_wav(tmp_path / "in.wav", [sine()], 0.05).rename(tmp_path / name)
        assert run(FFMPEG, [*input_file(path), "-f", "null", "-"]).log


@pytest.mark.parametrize(
    "text",
    [
        "#EXTM3U\n#EXTINF:1,\nsecret.wav\n#EXT-X-ENDLIST\n",
        "ffconcat version 1.0\nfile secret.wav\n",
        "#EXTM3U\n#EXTINF:1,\nhttp://127.0.0.1:9/a.wav\n",
    ],
)
def test_playlists_open_nothing(tmp_path: Path, text: str) -> None:
    write_wav(tmp_path / "secret.wav", [sine()], 0.1)
    trap = tmp_path / "trap.wav"
    trap.write_text(text)
    with pytest.raises(FfmpegError):
        run(FFMPEG, [*input_file(trap), "-f", "null", "-"])


def test_it_knows_nothing_of_the_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "hidden")
    report = tmp_path / "ffreport.log"
    monkeypatch.setenv("FFREPORT", f"file={report}")  # ffmpeg writes a report when it sees this
    wav = write_wav(tmp_path / "a.wav", [sine()], 0.05)
    run(FFMPEG, [*input_file(wav), "-f", "null", "-"])
    assert not report.exists()


def test_a_missing_file_is_told_in_ffmpegs_words(tmp_path: Path) -> None:
    with pytest.raises(FfmpegError, match="No such file or directory"):
        run(FFMPEG, [*input_file(tmp_path / "none.wav"), "-f", "null", "-"])


def test_a_full_disk_is_named(tmp_path: Path) -> None:
    wav = write_wav(tmp_path / "a.wav", [sine()], 1.0)
    with pytest.raises(SurroundingsError, match="the disk is full") as caught:
        run(FFMPEG, [*input_file(wav), "-f", "mp3", *output_file(Path("/dev/full"))])
    assert not isinstance(caught.value, FfmpegError)
    assert "free some space" in caught.value.hint
    assert re.search(r"\(\S+ (MB|bytes) free\)$", caught.value.message)


def test_a_program_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(SurroundingsError, match="could not be started"):
        run(tmp_path / "no-ffmpeg", ["-version"])


def test_a_hanging_program_is_ended(tmp_path: Path) -> None:
    hanging = _script(tmp_path, "exec sleep 60")
    started = time.monotonic()
    with pytest.raises(FfmpegError, match="no progress"):
        run(hanging, [], stall_seconds=0.3)
    assert time.monotonic() - started < 30


def test_a_program_killed_from_outside_is_told_apart(tmp_path: Path) -> None:
    with pytest.raises(FfmpegError, match="ended from outside"):
        run(_script(tmp_path, "kill -9 $$"), [])


def test_endless_messages_stay_in_bounds(tmp_path: Path) -> None:
    output = run(
        _script(tmp_path, "echo first >&2; head -c 3000000 /dev/zero | tr '\\0' x >&2; echo last >&2"), []
    )
    assert output.log.startswith("first")
    assert output.log.endswith("last\n")
    assert len(output.log) < 600_000


def test_memory_is_bounded(tmp_path: Path) -> None:
    log = run(_script(tmp_path, "sleep 0.2; ulimit -v >&2"), []).log
    assert log.strip() == str((2 << 30) // 1024)


@pytest.mark.integration
def test_ctrl_c_ends_and_reaps_ffmpeg(tmp_path: Path) -> None:
    program = textwrap.dedent(f"""
        import signal
        from pathlib import Path
        from publisher.audio.ffmpeg import run
        signal.signal(signal.SIGINT, signal.default_int_handler)  # ignored where tests run in the background
        try:
            run(Path({str(FFMPEG)!r}), ["-f", "lavfi", "-re", "-i", "sine=d=60", "-f", "null", "-"],
                on_progress=lambda done: print("running", flush=True))
        except KeyboardInterrupt:
            import os
            try:
                os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                print("reaped", flush=True)
    """)
    process = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True)
    with process:
        assert process.stdout
        assert process.stdout.readline() == "running\n"
        process.send_signal(signal.SIGINT)
        assert process.stdout.read().endswith("reaped\n")
    assert process.returncode == 0


@pytest.mark.integration
def test_every_format_that_masters_come_in_can_be_opened(tmp_path: Path) -> None:
    wav = write_wav(tmp_path / "a.wav", [sine()], 0.2)
    for name in ("b.flac", "b.mp3", "b.m4a", "b.ogg", "b.opus", "b.aiff", "b.caf", "b.w64", "b.mka"):
        path = convert(wav, tmp_path / name)
        assert run(FFMPEG, [*input_file(path), "-f", "null", "-"]).log, name


def _script(folder: Path, text: str) -> Path:
    path = folder / "stand-in"
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)
    return path
