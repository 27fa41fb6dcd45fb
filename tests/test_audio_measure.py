"""What a recording measures, in one decode; what is no recording is refused in plain words."""

from __future__ import annotations

import math
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner
from hostile_audio import frame, id3, write_corpus, write_playable
from hypothesis import given
from hypothesis import strategies as st
from tones import Signal, convert, decode, integrated_lufs, sine, talk, true_peak_dbtp, write_wav

from publisher.audio.claims import mp3_ms
from publisher.audio.ffmpeg import find_ffmpeg
from publisher.audio.id3 import UnsafeTagError, check_safe, parse_header, read_frames
from publisher.audio.intake import take_in
from publisher.audio.loudness import SILENCE_DBTP, SILENCE_LUFS, measure
from publisher.audio.mp3 import find_frame, locate_audio, parse_frame
from publisher.audio.probe import probe
from publisher.audio.tags.normalise import normalise_tags
from publisher.cli import publisher
from publisher.errors import SourceError

pytestmark = pytest.mark.integration  # real ffmpeg, all of it

FFMPEG = find_ffmpeg()


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three seconds of stereo with different channels."""
    return write_wav(tmp_path_factory.mktemp("base") / "base.wav", [sine(), sine(550, -26)], 3.0)


@pytest.mark.parametrize("level", [-23.0, -33.0])
@pytest.mark.parametrize("rate", [44100, 48000])
def test_the_reference_tone_measures_its_own_level(tmp_path: Path, level: float, rate: int) -> None:
    tone = sine(997, level)  # EBU Tech 3341, cases 1 and 2: a stereo sine reads its peak level
    found = measure(FFMPEG, write_wav(tmp_path / "a.wav", [tone, tone], 1.5, rate))
    assert found.integrated_lufs == pytest.approx(level, abs=0.1)
    assert found.true_peak_dbtp == pytest.approx(level, abs=0.1)
    assert (found.sample_rate, found.channels, found.codec) == (rate, 2, "pcm_s16le")
    assert found.channels_identical


def test_mono_counts_as_it_is_heard(tmp_path: Path) -> None:
    one = measure(FFMPEG, write_wav(tmp_path / "one.wav", [sine()], 1.0))
    two = measure(FFMPEG, write_wav(tmp_path / "two.wav", [sine(), sine()], 1.0))
    assert one.integrated_lufs == pytest.approx(two.integrated_lufs, abs=0.01)
    assert (one.channels, two.channels) == (1, 2)


@pytest.mark.integration
def test_a_second_meter_agrees(tmp_path: Path) -> None:
    path = write_wav(tmp_path / "a.wav", [talk(), talk(-26, -9, seed=2)], 2.5)
    found = measure(FFMPEG, path)
    channels, rate = decode(path)
    assert found.integrated_lufs == pytest.approx(integrated_lufs(channels, rate), abs=0.05)
    assert found.true_peak_dbtp == pytest.approx(true_peak_dbtp(channels), abs=0.2)
    assert not found.channels_identical


def test_the_peak_between_samples_counts(tmp_path: Path) -> None:
    def quarter(t: float) -> float:  # EBU Tech 3341, case 16: the samples miss the top by 3 dB
        soft = min(1.0, t * 20, (0.5 - t) * 20)
        return 0.5 * soft * math.sin(2 * math.pi * 12000 * t + math.pi / 4)

    found = measure(FFMPEG, write_wav(tmp_path / "a.wav", [quarter], 0.5, 48000))
    assert -6.4 <= found.true_peak_dbtp <= -5.8


def test_a_peak_in_the_last_hundredth_is_seen(tmp_path: Path) -> None:
    quiet = sine(440, -14)

    def ending(t: float) -> float:
        return 0.9 if t > 1.035 else quiet(t)

    found = measure(FFMPEG, write_wav(tmp_path / "a.wav", [ending], 1.04))
    assert found.true_peak_dbtp > -1.5


def test_silence_and_very_short_files_are_told_apart(tmp_path: Path) -> None:
    silent = measure(FFMPEG, write_wav(tmp_path / "a.wav", [lambda _: 0.0], 1.0))
    assert (silent.integrated_lufs, silent.true_peak_dbtp) == (SILENCE_LUFS, SILENCE_DBTP)
    assert silent.is_silent
    short = measure(FFMPEG, write_wav(tmp_path / "b.wav", [sine()], 0.05))
    assert (short.duration_ms, short.is_silent) == (50, True)


@pytest.mark.integration
@pytest.mark.parametrize("kind", ["wav", "flac", "aiff", "caf", "w64", "mp3", "m4a", "ogg", "mka", "opus"])
def test_every_format_gives_its_exact_length(tmp_path: Path, base: Path, kind: str) -> None:
    path = convert(base, tmp_path / f"a.{kind}").rename(tmp_path / "no-suffix")
    found = measure(FFMPEG, path)
    assert found.duration_ms == pytest.approx(3000, abs=30 if kind in {"m4a", "mka"} else 1)
    assert found.claimed_ms is None or found.claimed_ms == pytest.approx(3000, abs=60)
    assert found.channels == 2


def test_the_length_is_true_where_headers_guess(tmp_path: Path) -> None:
    quiet_start = write_wav(tmp_path / "a.wav", [lambda t: sine()(t) if t > 3 else 0.0], 4.0)
    bare = ["-q:a", "2", "-write_xing", "0", "-id3v2_version", "0"]
    vbr = convert(quiet_start, tmp_path / "vbr.mp3", *bare)  # a tag reader calls this four times as long
    assert measure(FFMPEG, vbr).duration_ms == pytest.approx(4000, abs=60)
    short = convert(write_wav(tmp_path / "b.wav", [sine()], 1.0), tmp_path / "b.mp3", "-id3v2_version", "0")
    stale = tmp_path / "stale.mp3"  # a header for one second before four seconds of audio
    stale.write_bytes(short.read_bytes() + convert(quiet_start, tmp_path / "c.mp3", *bare).read_bytes())
    found = measure(FFMPEG, stale)
    assert found.claimed_ms == 1000
    assert found.duration_ms > 4900


def test_one_sided_recordings_keep_two_channels(tmp_path: Path) -> None:
    found = measure(FFMPEG, write_wav(tmp_path / "a.wav", [sine(), lambda _: 0.0], 1.0))
    assert not found.channels_identical


def test_progress_comes_in_milliseconds(tmp_path: Path, base: Path) -> None:
    told: list[int] = []
    measure(FFMPEG, base, on_progress=told.append)
    assert 2800 <= told[-1] <= 3000


@pytest.fixture(scope="module")
def eight_seconds(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Eight seconds, at a low rate to be quick."""
    return write_wav(tmp_path_factory.mktemp("eight") / "base.wav", [sine(), sine(550, -26)], 8.0, 16000)


@pytest.mark.integration
@pytest.mark.parametrize("kind", ["wav", "flac", "aiff", "caf", "w64", "mp3", "mka"])
@pytest.mark.parametrize("share", [0.5, 0.93])
def test_a_recording_cut_off_is_refused_with_both_lengths(
    tmp_path: Path, eight_seconds: Path, kind: str, share: float
) -> None:
    data = convert(eight_seconds, tmp_path / f"whole.{kind}").read_bytes()
    path = tmp_path / f"cut.{kind}"
    path.write_bytes(data[: round(len(data) * share)])
    with pytest.raises(
        SourceError, match=r"cut off: it should last 00:08 .*, but holds only 00:0\d"
    ) as caught:
        measure(FFMPEG, path, "episodes/x/cut")
    assert caught.value.place
    assert caught.value.place.file == "episodes/x/cut"


@pytest.mark.integration
@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("rf64.wav", ["-rf64", "always"]),
        ("quality.mp3", ["-q:a", "4"]),
        ("first.m4a", ["-movflags", "+faststart"]),
        ("alac.m4a", ["-c:a", "alac", "-movflags", "+faststart"]),
        ("a.webm", ["-c:a", "libopus"]),
    ],
)
def test_every_container_that_tells_its_length_is_refused_when_it_is_cut_off(
    tmp_path: Path, name: str, arguments: list[str]
) -> None:
    whole = convert(write_wav(tmp_path / "w.wav", [sine()], 10.0, 16000), tmp_path / name, *arguments)
    assert measure(FFMPEG, whole).duration_ms == pytest.approx(10_000, abs=60)
    cut = tmp_path / f"cut-{name}"
    cut.write_bytes(whole.read_bytes()[: whole.stat().st_size * 9 // 10])
    both = r"is cut off: it should last 00:10 \(10\.0 s\), but holds only 00:0\d \([89]\.\d s\)"
    with pytest.raises(SourceError, match=both):
        measure(FFMPEG, cut)


def test_a_recorder_that_left_its_header_open_is_not_cut_off(tmp_path: Path, base: Path) -> None:
    data = bytearray(base.read_bytes())
    data[40:44] = b"\xff\xff\xff\xff"
    path = tmp_path / "open.wav"
    path.write_bytes(data)
    assert measure(FFMPEG, path).duration_ms == 3000


def test_a_wrong_suffix_is_fine(tmp_path: Path, base: Path) -> None:
    assert probe(base.rename(base.with_suffix(".mp3"))).kind == "wav"
    base.with_suffix(".mp3").rename(base)


def test_audio_behind_a_tag_and_junk_is_found(tmp_path: Path, base: Path) -> None:
    audio = convert(base, tmp_path / "a.mp3", "-id3v2_version", "0").read_bytes()
    path = tmp_path / "b.mp3"
    path.write_bytes(id3(frame(b"TIT2", b"\0Title")) + audio[5000:])
    assert probe(path).kind == "mp3"
    assert measure(FFMPEG, path).duration_ms > 2000


WORDS = {
    "empty.mp3": "empty",
    "one-byte.mp3": "too short",
    "text.mp3": "text.mp3 is a text file, not audio",
    "notes-latin1.mp3": "a text file",
    "utf16.mp3": "a text file",
    "page.mp3": "a web page",
    "playlist.wav": "a playlist",
    "concat.mp3": "a playlist",
    "zip.mp3": "ZIP",
    "picture.mp3": "a picture",
    "truncated.mp3": "cut off",
    "truncated-a-little.wav": "cut off",
    "tag-bomb.mp3": "unpacks to far more",
    "tag-bomb-in-chapter.mp3": "unpacks to far more",
    "tag-of-small-bombs.mp3": "unpacks to far more",
    "chapters-in-chapters.mp3": "nested",
    "tag-claims-256-mb.mp3": "claims 268 MB",
    "picture-only.m4a": "holds no sound",
    "a-hundred-hertz.wav": "it claims 100 samples a second",
    "truncated.ogg": "is cut off: its end is missing; it holds 00:0",
    "truncated.opus": "is cut off: its end is missing; it holds 00:0",
    "last-page-missing.opus": "is cut off: its end is missing; it holds 00:0",
    "truncated-live.mp4": "is cut off",
    "truncated.mka": "is cut off",
    "truncated-adpcm.wav": "is cut off",
}


@pytest.mark.integration
def test_hostile_files_end_in_one_clear_message(tmp_path: Path) -> None:
    for name, path in write_corpus(tmp_path / "bad").items():
        before = path.read_bytes()
        with pytest.raises(SourceError) as caught:
            measure(FFMPEG, path, f"episodes/x/{name}")
        problem = caught.value.problems[0]
        assert WORDS.get(name, "") in problem.message
        assert "\n" not in problem.message
        assert problem.hint
        assert str(problem.place) == f"episodes/x/{name}"
        for reader in (take_in, lambda path: normalise_tags(path, write=False)):
            try:
                reader(path)
            except SourceError as error:
                assert error.hint
        assert path.read_bytes() == before


# A small process between, because a fork of this one would count its memory as its own.
_FRUGAL = """
import resource, subprocess, sys
code = subprocess.run(sys.argv[1:]).returncode
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(used.ru_utime + used.ru_stime, used.ru_maxrss, code)
"""


@pytest.mark.integration
@pytest.mark.parametrize("kind", ["hostile", "playable"])
def test_no_file_takes_long_or_much_or_ends_in_a_traceback(tmp_path: Path, kind: str) -> None:
    files = (write_corpus if kind == "hostile" else write_playable)(tmp_path)
    assert len(files) >= (26 if kind == "hostile" else 5)
    for name, path in files.items():
        words = [sys.executable, "-m", "publisher", "measure", str(path)]
        done = subprocess.run([sys.executable, "-c", _FRUGAL, *words], capture_output=True, text=True)
        *said_lines, cost = done.stdout.splitlines()
        said, complaint = "\n".join(said_lines), done.stderr
        seconds, kilobytes, code = (float(value) for value in cost.split())
        assert seconds < 5, name  # the clock would count what else the machine does
        assert kilobytes * (1 if sys.platform == "darwin" else 1024) < 300e6, name
        assert "Traceback" not in complaint, name
        if kind == "playable":
            assert code == 0, complaint
            assert "LUFS" in said
        else:
            assert code == 2, name
            assert len([line for line in complaint.splitlines() if line.startswith("error: ")]) == 1, name


NAMES = (
    "-i.wav", "--json.wav", "a\nb.wav", "\u202egnp.wav", "http:x.wav", "concat:a|b.wav", "%03d.wav", "a'b\"c;[x].wav",
    "ü 😀.wav", "\x1b[2J.wav", f"{'long' * 60}.wav", " .wav",
)  # fmt: skip


@pytest.mark.integration
@pytest.mark.parametrize("name", NAMES)
def test_a_name_is_only_a_name(tmp_path: Path, name: str) -> None:
    path = write_wav(tmp_path / "in.wav", [sine()], 0.5).rename(tmp_path / name)
    words = ["-C", str(tmp_path), "measure", "--", name]
    good = CliRunner().invoke(publisher, words)
    assert good.exit_code == 0, good.stderr
    assert len(good.stdout.splitlines()) == 2
    path.write_bytes(b"no sound at all, only words and words and words and words again")
    bad = CliRunner().invoke(publisher, words)
    assert bad.exit_code == 2
    assert [line[:5] for line in bad.stderr.splitlines()] == ["error", "  -->", "help:"]
    assert not set(good.output + bad.output) & set("\u202e\x1b")


def test_a_name_longer_than_any_file_has_is_refused_in_words() -> None:
    with pytest.raises(SourceError, match="could not be read: File name too long") as caught:
        probe(Path("x" * 5000))
    assert len(caught.value.problems[0].message) < 200


MASTERS = {
    "rf64.wav": ["-rf64", "always", "-c:a", "pcm_s24le"], "deep.wav": ["-c:a", "pcm_s32le"],
    "float.wav": ["-c:a", "pcm_f32le"], "double.wav": ["-c:a", "pcm_f64le"], "float.w64": ["-c:a", "pcm_f32le"],
    "deep.aiff": ["-c:a", "pcm_s24be"], "alac.m4a": ["-c:a", "alac"], "alac.caf": ["-c:a", "alac"],
    "deep.flac": ["-sample_fmt", "s32"], "vorbis.ogg": ["-c:a", "libvorbis", "-q:a", "8"],
    "flac.oga": ["-c:a", "flac"], "opus.opus": ["-b:a", "160k"], "mp2.mp2.mka": ["-c:a", "mp2", "-b:a", "320k"],
    "video.mp4": ["-c:v", "mpeg4", "-c:a", "aac", "-b:a", "256k"], "video.mov": ["-c:v", "mpeg4", "-c:a", "pcm_s16le"],
    "video.mkv": ["-c:v", "mpeg4", "-c:a", "flac"], "video.webm": ["-c:v", "libvpx", "-c:a", "libopus", "-b:a", "160k"],
}  # fmt: skip


@pytest.mark.integration
@pytest.mark.parametrize("name", MASTERS)
def test_every_kind_of_master_is_measured_right(tmp_path: Path, base: Path, name: str) -> None:
    picture = ["-f", "lavfi", "-i", "testsrc=s=64x64:d=3:r=10"] if name.startswith("video") else []
    path = convert(base, tmp_path / name, *picture, *MASTERS[name])
    found, wanted = measure(FFMPEG, path), measure(FFMPEG, base)
    assert found.integrated_lufs == pytest.approx(wanted.integrated_lufs, abs=0.1)
    if found.codec.startswith(("pcm", "flac", "alac")):  # the others overshoot where the tone begins
        assert found.true_peak_dbtp == pytest.approx(wanted.true_peak_dbtp, abs=0.1)
    assert found.duration_ms == pytest.approx(3000, abs=30)
    assert found.channels == 2


def test_a_missing_file_and_a_folder_are_told_apart(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="is not there"):
        probe(tmp_path / "none.wav")
    with pytest.raises(SourceError, match="is not a file"):
        probe(tmp_path)


@given(st.binary(max_size=400))
def test_no_bytes_break_the_readers_of_headers(data: bytes) -> None:
    read_frames(b"ID3\x03\x00\x00\x00\x00\x02\x00" + data)
    read_frames(b"ID3\x04\x00\x40\x00\x00\x02\x00" + data)
    parse_header(data)
    parse_frame(data)
    find_frame(data)
    mp3_ms(data)


@given(st.binary(max_size=300), st.sampled_from(["wav", "w64", "caf", "flac"]))
def test_no_header_breaks_what_reads_its_claim(
    tmp_path_factory: pytest.TempPathFactory, data: bytes, kind: str
) -> None:
    from publisher.audio.claims import claimed_ms

    starts = {"wav": b"RIFF\0\0\0\0WAVE", "w64": b"riff" + bytes(36), "caf": b"caff\0\1\0\0", "flac": b"fLaC"}
    path = tmp_path_factory.getbasetemp() / "claim"
    path.write_bytes(starts[kind] + data)
    claimed = claimed_ms(path, kind)
    assert claimed is None or claimed >= 0


@given(st.binary(max_size=400))
def test_no_tail_breaks_the_search_for_tags(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    path = tmp_path_factory.getbasetemp() / "tail"
    for tail in (b"", b"TAG" + bytes(125), b"APETAGEX" + data[:24].ljust(24, b"\xff"), b"999999LYRICS200"):
        path.write_bytes(data + tail)
        span = locate_audio(path)
        assert 0 <= span.start <= span.end <= len(data) + len(tail)


def test_a_nested_tag_is_refused_before_anybody_recurses() -> None:
    inner = frame(b"TIT2", b"\0x")
    for _ in range(4):
        inner = frame(b"CHAP", b"c\0" + bytes(16) + inner)
    with pytest.raises(UnsafeTagError):
        check_safe(id3(inner))


def test_the_signals_of_these_tests_are_what_they_say() -> None:
    signal: Signal = sine(1000, -6)
    assert max(signal(n / 48000) for n in range(480)) == pytest.approx(0.501, abs=0.001)


@pytest.mark.parametrize(
    ("name", "arguments", "what"),
    [
        ("a.wma", ("-c:a", "wmav2"), "a Windows Media file"),
        ("a.aac", ("-c:a", "aac", "-f", "adts"), "raw AAC"),
        ("a.wv", ("-c:a", "wavpack"), "a WavPack file"),
        ("a.tta", ("-c:a", "tta"), "a TTA file"),
        ("a.ac3", ("-c:a", "ac3"), "raw AC-3"),
    ],
)
def test_sound_of_another_kind_is_not_called_no_audio(
    tmp_path: Path, name: str, arguments: tuple[str, ...], what: str
) -> None:
    path = convert(write_wav(tmp_path / "a.wav", [sine()], 0.5), tmp_path / name, *arguments)
    with pytest.raises(SourceError) as caught:
        probe(path)
    (problem,) = caught.value.problems
    assert problem.message == f"{name} is {what}, which cannot be read here"
    assert "save it as WAV or FLAC" in problem.hint
