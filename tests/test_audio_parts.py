"""Long recordings are measured and encoded in several places at once, with the same result on any machine."""

from __future__ import annotations

import contextlib
import itertools
import os
import subprocess
import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tones import convert, decode, integrated_lufs, sine, true_peak_dbtp, write_wav

from publisher.audio.encode import Delivery, deliver
from publisher.audio.ffmpeg import FfmpegError, OnProgress, find_ffmpeg, input_file, output_file, run
from publisher.audio.formats import codec_arguments
from publisher.audio.joint import join_parts
from publisher.audio.leveling import Chain, Source, Watch, mix
from publisher.audio.loudness import METER, SILENCE_LUFS, measure
from publisher.audio.measuring import measure_at_once
from publisher.audio.metering import _stretch, blocks_of, integrated, loudness_range
from publisher.audio.mp3 import claimed_ms
from publisher.audio.parallel import run_at_once
from publisher.audio.parts import divide, encode_in_parts
from publisher.audio.reading import movie
from publisher.errors import SourceError
from publisher.files import digest_file
from publisher.model import AudioSettings

FFMPEG = find_ffmpeg()
SETTINGS = AudioSettings()
SECONDS = 130.25
TALK = (
    "anoisesrc=color=pink:amplitude=0.5:seed=5:r={rate}:d={seconds},highpass=f=120,lowpass=f=6000,"
    "volume='(0.1+0.9*gt(sin(23*t),-0.3))*gt(sin(1.1*t),-0.8)*(0.35+0.3*sin(t/9))':eval=frame,"
    "pan=stereo|c0=0.9*c0|c1=0.5*c0,aeval='val(ch)+0.8*between(mod(t,3.7),0,0.001)':c=same,volume=-6dB"
)


def speak(path: Path, rate: int = 44100, seconds: float = SECONDS) -> Path:
    """Write a talk with pauses and knocks that needs gain and the limiter."""
    talk = TALK.format(rate=rate, seconds=seconds)
    run(FFMPEG, ["-filter_complex", f"{talk}[out]", "-map", "[out]", "-c:a", "pcm_s16le", "-y", str(path)])
    return path


@pytest.fixture(scope="module")
def long(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return speak(tmp_path_factory.mktemp("long") / "long.wav")


def make(master: Path, target: Path, settings: AudioSettings = SETTINGS) -> Delivery:
    return deliver(FFMPEG, master, settings, measure(FFMPEG, master, samples_only=True), target)


@pytest.fixture(scope="module")
def made(long: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Delivery, Path]:
    path = tmp_path_factory.mktemp("made") / "out.mp3"
    return make(long, path), path


@pytest.mark.integration
def test_two_meters_find_a_long_file_as_loud_as_asked(made: tuple[Delivery, Path]) -> None:
    delivery, path = made
    channels, rate = decode(path)
    found = delivery.measurement
    whole = measure(FFMPEG, path)
    assert delivery.mode == "limited"
    assert found.integrated_lufs == pytest.approx(-16.0, abs=0.1)
    assert integrated_lufs(channels, rate) == pytest.approx(found.integrated_lufs, abs=0.05)
    assert whole.integrated_lufs == pytest.approx(found.integrated_lufs, abs=0.02)
    assert whole.range_lu == pytest.approx(found.range_lu, abs=0.15)
    assert whole.true_peak_dbtp == pytest.approx(found.true_peak_dbtp, abs=0.02)
    assert true_peak_dbtp(channels) <= -1.0
    assert (whole.channels, whole.sample_rate, whole.codec) == (2, 44100, "mp3")
    assert found.duration_ms == whole.duration_ms == claimed_ms(path.read_bytes()[:2000]) == 130_250
    assert [each.name for each in path.parent.iterdir()] == ["out.mp3"]


@pytest.mark.integration
def test_the_bytes_do_not_depend_on_the_number_of_cores(
    long: Path, made: tuple[Delivery, Path], tmp_path: Path
) -> None:
    with contextlib.ExitStack() as stack:
        if hasattr(os, "sched_setaffinity"):  # elsewhere, at least the same bytes as before
            stack.callback(os.sched_setaffinity, 0, os.sched_getaffinity(0))
            os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
        delivery = make(long, tmp_path / "out.mp3")
    assert delivery == made[0]
    assert digest_file(tmp_path / "out.mp3") == digest_file(made[1])


def audible(levels: Iterable[float]) -> list[float]:
    """Return levels with what the absolute gate leaves out as silence: there, meters tell their own noise."""
    return [max(level, SILENCE_LUFS) if level == level else SILENCE_LUFS for level in levels]


@pytest.mark.integration
def test_a_stretch_is_metered_where_it_is(made: tuple[Delivery, Path], tmp_path: Path) -> None:
    frames = join_parts([(0, made[1])], tmp_path / "same.mp3")
    path = tmp_path / "same.mp3"
    samples = convert(path, tmp_path / "decoded.wav", "-c:a", "pcm_f32le")
    told = f"{METER},ametadata=print:file=-[out]"
    command = ["-i", str(samples), "-filter_complex", told, "-map", "[out]", "-f", "null", "-"]
    data = subprocess.run([str(FFMPEG), "-v", "error", *command], check=True, capture_output=True).stdout
    whole = blocks_of(data, 0, None, 0.0)
    for start_s, length_s in ((0, 40), (1, 5), (50, 40), (100, 40)):
        found = _stretch(FFMPEG, path, frames, start_s, length_s, lambda _: None)
        span = slice(10 * start_s, 10 * (start_s + length_s))
        assert len(found.momentary) == len(whole.momentary[span])
        assert audible(found.momentary) == pytest.approx(audible(whole.momentary[span]), abs=0.01)
        assert audible(found.short_term) == pytest.approx(audible(whole.short_term[span]), abs=0.01)


@pytest.mark.integration
@pytest.mark.parametrize(
    ("name", "arguments", "rate"),
    [
        ("a.aiff", [], 96000),
        ("a.m4a", ["-b:a", "192k"], 48000),
        ("a.mp3", ["-q:a", "4"], 32000),
        ("a.opus", ["-b:a", "96k"], 48000),
        ("a.caf", ["-c:a", "alac"], 24000),
    ],
)
def test_masters_of_every_kind_come_out_whole(
    tmp_path: Path, name: str, arguments: list[str], rate: int
) -> None:
    folder = tmp_path / "it's [one]: a, b; c\\d Ü"
    folder.mkdir()
    master = convert(speak(tmp_path / "a.wav", rate), folder / name, *arguments)
    before = digest_file(master)
    target = folder / "out, [1].mp3"
    delivery = make(master, target)
    assert delivery.measurement.integrated_lufs == pytest.approx(-16.0, abs=0.1)
    assert delivery.measurement.true_peak_dbtp <= -1.0
    assert delivery.measurement.duration_ms == pytest.approx(measure(FFMPEG, master).duration_ms, abs=1)
    assert measure(FFMPEG, target).duration_ms == delivery.measurement.duration_ms
    assert sorted(path.name for path in folder.iterdir()) == sorted([name, target.name])
    assert digest_file(master) == before


@pytest.mark.integration
@pytest.mark.parametrize(
    "settings",
    [AudioSettings(channels="mono"), AudioSettings(vbr_quality=4), AudioSettings(loudness_lufs=-34.0)],
    ids=["mono", "variable", "gain alone"],
)
def test_settings_of_every_kind_hold_for_long_files(
    long: Path, tmp_path: Path, settings: AudioSettings
) -> None:
    delivery = make(long, tmp_path / "out.mp3", settings)
    found = measure(FFMPEG, tmp_path / "out.mp3")
    assert found.integrated_lufs == pytest.approx(settings.loudness_lufs, abs=0.1)
    assert found.true_peak_dbtp <= -1.0
    assert found.duration_ms == 130_250
    assert found.channels == (1 if settings.channels == "mono" else 2)
    assert delivery.mode == ("gain" if settings.loudness_lufs < -30 else "limited")


@pytest.mark.integration
@pytest.mark.parametrize("rate", [44100, 48000, 22050])
def test_parts_are_what_one_encoder_makes_of_the_whole(tmp_path: Path, rate: int) -> None:
    master = speak(tmp_path / "a.wav", rate)
    source = Source(FFMPEG, master, "", SETTINGS, measure(FFMPEG, master), Watch(None, 0))
    chain = Chain(mix(2, 2), 14.0, -1.5)
    encode_in_parts(source, chain, tmp_path / "parts.mp3")
    graph = f"[0:a:0]{chain.filters()},aformat=sample_fmts=fltp[out]"
    coded = [*codec_arguments(SETTINGS), *output_file(tmp_path / "serial.mp3")]
    run(FFMPEG, [*input_file(master), "-filter_complex", graph, "-map", "[out]", *coded])
    (ours, _), (theirs, _) = (decode(tmp_path / name) for name in ("parts.mp3", "serial.mp3"))
    assert len(ours[0]) == len(theirs[0]) == pytest.approx(SECONDS * 44100, abs=1)
    frames = range(0, len(ours[0]), 1152)
    equal = [
        all(mine[at : at + 1152] == its[at : at + 1152] for mine, its in zip(ours, theirs, strict=True))
        for at in frames
    ]
    lead, joint = divide(130_250)[1].first, divide(130_250)[1].first + 250
    assert all(equal[: lead - 2])
    assert any(all(equal[at : at + 14]) for at in range(lead, joint))
    assert sum(equal) / len(equal) > 0.7


@pytest.mark.integration
@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("a.wav", ["-ac", "1"]),
        ("a.flac", ["-ac", "1", "-ar", "48000"]),
        ("a.aiff", ["-c:a", "pcm_s24be", "-ar", "96000"]),
        ("a.w64", ["-af", "pan=stereo|c0=c0|c1=c0", "-c:a", "pcm_f32le"]),
        ("a.caf", ["-c:a", "alac"]),
        ("b.wav", ["-c:a", "adpcm_ms"]),
        ("c.wav", ["-af", "pan=5.1|c0=c0|c1=c1|c2=0.5*c0"]),
    ],
)
def test_measuring_in_stretches_finds_what_one_pass_finds(
    long: Path, tmp_path: Path, name: str, arguments: list[str]
) -> None:
    path = convert(long, tmp_path / name, *arguments)
    once, stretched = measure(FFMPEG, path, samples_only=True), measure_at_once(FFMPEG, path)
    assert stretched.integrated_lufs == pytest.approx(once.integrated_lufs, abs=0.02)
    assert stretched.range_lu == pytest.approx(once.range_lu, abs=0.1)
    assert stretched.true_peak_dbtp == pytest.approx(once.true_peak_dbtp, abs=0.02)
    level = (once.integrated_lufs, once.range_lu, once.true_peak_dbtp)
    assert replace(stretched, integrated_lufs=level[0], range_lu=level[1], true_peak_dbtp=level[2]) == once


@pytest.mark.integration
def test_a_long_recording_that_ends_too_early_is_told_with_both_lengths(long: Path, tmp_path: Path) -> None:
    for kept in (20_000_000, 5_000_000):
        cut = tmp_path / "cut.wav"
        cut.write_bytes(long.read_bytes()[:kept])
        with pytest.raises(SourceError, match=r"it should last 02:10 .*, but holds only"):
            measure_at_once(FFMPEG, cut)


@given(st.integers(120_000, 6 * 3_600_000))
def test_parts_cover_the_programme_on_the_grid(duration_ms: int) -> None:
    parts = divide(duration_ms)
    total = duration_ms * 44100 / 1000 / 1152
    assert parts[0].first == 0
    assert parts[-1].end is None
    assert len(parts) >= 2
    for before, after in itertools.pairwise(parts):
        assert before.end is not None
        assert before.end - after.first == 260
        assert (after.first + 250) % 49 == 0
        assert before.end - before.first <= 300_000 * 44.1 / 1152 + 49 + 260
    assert parts[-1].first + 500 <= total + 1


def test_results_come_in_order_and_progress_is_summed() -> None:
    told: list[int] = []

    def task(number: int) -> Callable[[OnProgress], int]:
        def work(tell: OnProgress) -> int:
            tell(10)
            tell(100)
            return number

        return work

    assert run_at_once([task(number) for number in range(7)], told.append) == list(range(7))
    assert told == sorted(told)
    assert told[-1] == 700


def test_when_one_fails_the_others_are_ended() -> None:
    begun, ended = threading.Event(), threading.Event()

    def fails(_: OnProgress) -> None:
        begun.wait(2)
        raise FfmpegError("no reason")

    def works(tell: OnProgress) -> None:
        begun.set()
        try:
            while True:
                tell(1)
        finally:
            ended.set()

    with pytest.raises(FfmpegError, match="no reason"):
        run_at_once([fails, works])
    assert ended.wait(5) is begun.is_set()  # on a single core, it is not even begun


@pytest.mark.integration
def test_a_reader_opens_nothing_but_the_file_itself(tmp_path: Path) -> None:
    write_wav(tmp_path / "a.wav", [sine()], 0.5)
    playlist = tmp_path / "list.wav"
    playlist.write_text(f"ffconcat version 1.0\nfile {tmp_path / 'a.wav'}\n")
    for path, is_read in (
        (tmp_path / "a.wav", True),
        (playlist, False),
        (tmp_path / "concat:a.wav|b.wav", False),
    ):
        command = [
            str(FFMPEG),
            "-v",
            "error",
            "-filter_complex",
            f"{movie(path, 'wav')}[out]",
            "-map",
            "[out]",
        ]
        done = subprocess.run([*command, "-f", "null", "-"], capture_output=True)
        assert (done.returncode == 0) is is_read


def blocks(levels: Iterator[tuple[float, float]]) -> list[float]:
    return [level for level, seconds in levels for _ in range(round(seconds * 10))]


def test_gating_is_that_of_the_standard() -> None:
    assert integrated([-23.0] * 50) == pytest.approx(-23.0)
    assert integrated([]) == integrated([-80.0] * 9) == SILENCE_LUFS
    # EBU Tech 3341, case 3: what is 13 LU quieter does not count
    assert integrated(blocks(iter([(-36, 10), (-23, 60), (-36, 10)]))) == pytest.approx(-23.0)
    assert integrated(blocks(iter([(-72, 10), (-36, 10), (-23, 60), (-36, 10), (-72, 10)]))) == pytest.approx(
        -23.0
    )
    # EBU Tech 3342, cases 1 to 3
    assert loudness_range(blocks(iter([(-20, 20), (-30, 20)]))) == pytest.approx(10)
    assert loudness_range(blocks(iter([(-20, 20), (-15, 20)]))) == pytest.approx(5)
    assert loudness_range(blocks(iter([(-40, 20), (-20, 20)]))) == pytest.approx(20)
    assert loudness_range([]) == 0.0
