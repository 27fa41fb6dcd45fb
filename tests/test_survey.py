"""What `measure` tells beside loudness: silence, clipping, channels, length and peaks, to the sample."""

from __future__ import annotations

import array
import itertools
import json
import math
import re
import resource
import struct
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st
from tones import convert, sine, talk, write_wav

from publisher.audio.ffmpeg import find_ffmpeg
from publisher.audio.loudness import measure
from publisher.audio.planes import at_full_scale, is_quiet, lowest_and_highest, one_channel
from publisher.audio.samples import Samples, SampleScan
from publisher.audio.survey import remarks, survey
from publisher.cli import publisher
from publisher.errors import SourceError

RATE = 8000
FULL, LEAST = 32767, -32768
values = st.one_of(
    st.sampled_from([0, 103, 104, -103, -104, -105, FULL, LEAST, -32767]), st.integers(LEAST, FULL)
)


def scanned(channels: list[list[int]], rate: int = RATE, piece: int = 65536) -> Samples:
    """Feed samples in pieces of so many bytes, as a pipe would."""
    data = array.array("h", itertools.chain.from_iterable(zip(*channels, strict=True))).tobytes()
    fmt = struct.pack("<HHIIHH", 1, len(channels), rate, 0, 2 * len(channels), 16)
    wav = b"RIFF\xff\xff\xff\xffWAVEfmt \x10\0\0\0" + fmt + b"data\xff\xff\xff\xff" + data
    scan = SampleScan()
    for at in range(0, len(wav), piece):
        scan.feed(wav[at : at + piece])
    found = scan.finish()
    assert found
    return found


def hum(seconds: float, level: int = 8000) -> list[int]:
    return [round(level * math.sin(0.3 * n)) or 1 for n in range(round(seconds * RATE))]


def quiet(seconds: float) -> list[int]:
    return [(n * 7919) % 100 - 50 for n in range(round(seconds * RATE))]


@given(st.lists(values, min_size=1, max_size=60))
def test_planes_see_what_a_slow_look_at_each_sample_sees(samples: list[int]) -> None:
    block = array.array("h", samples).tobytes()
    assert lowest_and_highest(block) == (min(samples) >> 8, max(samples) >> 8)
    loudest = max(value if value >= 0 else -value - 1 for value in samples)
    assert is_quiet(block) == (loudest < 104)
    marks = [1 if value == FULL else 2 if value in {LEAST, LEAST + 1} else 0 for value in samples]
    assert list(at_full_scale(block)) == marks
    assert one_channel(block * 2, 0, 2) == array.array("h", (samples * 2)[::2]).tobytes()


@given(
    st.lists(
        st.tuples(st.sampled_from([FULL, LEAST, 5000, -300]), st.integers(1, 900)), min_size=1, max_size=9
    )
)
def test_runs_are_counted_across_blocks(parts: list[tuple[int, int]]) -> None:
    samples = [value for value, length in parts for _ in range(length)]
    runs, start = [], 0
    for value, group in itertools.groupby(samples):
        length = len(list(group))
        if value in {FULL, LEAST} and length >= 3:
            runs.append((start, length))
        start += length
    found = scanned([samples], rate=1000).clipping
    assert found.runs == len(runs)
    assert found.longest_samples == max((length for _, length in runs), default=0)
    assert found.first_at == (runs[0][0] if runs else None)


def test_clipping_of_both_channels_at_a_time_counts_once() -> None:
    clipped = [*hum(0.15), *[FULL] * 30, *hum(0.5), *[LEAST] * 5, *hum(0.2), FULL, FULL, *hum(0.3)]
    assert scanned([clipped, clipped]).clipping.runs == 2
    assert scanned([clipped * 2, [*hum(0.01), *(clipped * 2)[80:]]]).clipping.runs == 4
    assert scanned([clipped]).clipping.longest_samples == 30


@pytest.mark.parametrize("piece", [1, 7, 4096, 1 << 20])
def test_silence_is_found_to_a_hundredth(piece: int) -> None:
    parts = [*quiet(1.234), *hum(0.5), *quiet(2.5), *hum(0.43), *quiet(0.5), *hum(1.0), *quiet(0.76)]
    silence = scanned([parts, parts], piece=piece).silence
    assert silence.leading / RATE == pytest.approx(1.234, abs=0.01)
    assert silence.trailing / RATE == pytest.approx(0.76, abs=0.011)
    assert silence.longest_inner / RATE == pytest.approx(2.5, abs=0.021)
    assert silence.longest_inner_at / RATE == pytest.approx(1.734, abs=0.011)
    assert silence.inner_count == 1


def test_a_recording_that_is_silent_has_its_silence_at_the_beginning() -> None:
    found = scanned([quiet(1.05)])
    assert (found.silence.leading, found.silence.trailing) == (found.count, 0)
    assert found.silent_channels == (0,)
    assert scanned([[5]]).count == 1


def test_channels_are_told_apart() -> None:
    one_sided = scanned([hum(1.0), quiet(1.0)])
    assert one_sided.silent_channels == (1,)
    assert not one_sided.channels_identical
    assert scanned([hum(1.0), hum(1.0)]).channels_identical
    assert not scanned([hum(1.0), hum(1.0), quiet(1.0)]).channels_identical
    late = [*quiet(0.95), *hum(0.05)]
    assert scanned([hum(1.0), late]).silent_channels == ()
    differs_once = hum(1.0)
    differs_once[-1] += 1
    assert not scanned([hum(1.0), differs_once]).channels_identical


def test_peaks_are_those_of_each_tenth_over_all_channels() -> None:
    left = [0] * 800 + [12800] + [0] * 1000
    right = [-25600] + [0] * 1800
    found = scanned([left, right]).waveform
    assert found.data == (-100, 0, 0, 50, 0, 0)
    assert found.as_json()["length"] == 3
    assert found.as_json()["samples_per_pixel"] == 800


@pytest.mark.integration
@pytest.mark.parametrize("kind", ["wav", "flac", "mp3", "m4a", "opus"])
def test_a_survey_measures_as_the_meter_alone_does(tmp_path: Path, kind: str) -> None:
    wav = write_wav(tmp_path / "base.wav", [talk(), talk(seed=2)], 2.5)
    path = wav if kind == "wav" else convert(wav, tmp_path / f"a.{kind}")
    told: list[int] = []
    found = survey(find_ffmpeg(), path, on_progress=told.append)
    assert found.measurement == measure(find_ffmpeg(), path)
    assert found.samples.count * 1000 / found.samples.sample_rate == pytest.approx(2500, abs=30)
    assert told
    assert told[-1] == pytest.approx(2500, abs=150)


@pytest.mark.integration
def test_remarks_say_what_somebody_should_know(tmp_path: Path) -> None:
    def said(name: str, *channels: list[int]) -> tuple[str, ...]:
        path = tmp_path / f"{name}.wav"
        signals = [lambda t, c=channel: c[min(round(t * RATE), len(c) - 1)] / 32767 for channel in channels]
        write_wav(path, signals, len(channels[0]) / RATE, RATE)
        return remarks(survey(find_ffmpeg(), path))

    assert said("fine", hum(1.0), hum(1.0, 5000)) == ()
    assert said("silent", [0] * RATE) == ("is silent: nothing in it reaches -50 dBFS",)
    assert said("same", hum(1.0), hum(1.0)) == ("has the same sound in both channels: it is mono",)
    assert said("right", hum(1.0), quiet(1.0)) == ("its right channel is silent",)
    assert said("left", hum(1.0, 1500), hum(1.0, 3000)) == ()
    [remark] = said("left", hum(1.0, 300), hum(1.0, 30000))
    assert re.fullmatch(r"its left channel is (39|40|41) dB below the other one", remark)
    parts = [*quiet(3.0), *hum(0.5), *quiet(6.0), *hum(0.5), *quiet(2.5), *hum(0.5), *quiet(4.0)]
    assert said("pauses", parts) == (
        "begins with 3.0 s of silence",
        "ends with 4.0 s of silence",
        "is silent for 6.0 s at 00:03, one of 2 of 2 s and more",
    )
    clipped = [*hum(1.0), *[FULL] * 8, *hum(1.0), *[LEAST] * 80, *hum(0.1)]
    assert said("clipped", clipped) == ("clips 2 times, first at 00:01, for 10.0 ms at most",)


@pytest.mark.integration
def test_samples_above_full_scale_are_not_called_clipped_in_float(tmp_path: Path) -> None:
    base = write_wav(tmp_path / "base.wav", [sine(level_db=-1)], 1.0)
    path = convert(base, tmp_path / "a.wav", "-af", "volume=6dB:precision=float", "-c:a", "pcm_f32le")
    found = survey(find_ffmpeg(), path)
    assert found.measurement.true_peak_dbtp == pytest.approx(5, abs=0.1)
    assert "goes over full scale" in remarks(found)[0]


@pytest.mark.integration
def test_the_command_tells_all_of_it(tmp_path: Path) -> None:
    wav = write_wav(tmp_path / "a.wav", [sine(), lambda _: 0.0], 1.05, RATE)
    words = ["-C", str(tmp_path), "measure", "a.wav"]
    table = CliRunner().invoke(publisher, words).stdout
    assert re.search(
        r"^loudness +peak .*\n-\d+\.\d LUFS .* a\.wav\na\.wav: its right channel is silent\n$", table
    )
    whole = json.loads(CliRunner().invoke(publisher, ["--json", *words, "--waveform", "peaks.json"]).stdout)
    [facts] = whole["files"]
    assert facts["samples"] == 8400
    assert facts["duration_seconds"] == facts["claimed_seconds"] == 1.05
    assert facts["silent_channels"] == [1]
    assert facts["clipping"] == {"runs": 0, "longest_samples": 0, "first_at_seconds": None}
    assert facts["silence"]["leading_seconds"] == 0
    assert json.loads((tmp_path / "peaks.json").read_text()) == facts["waveform"]
    assert facts["waveform"]["length"] == 11
    refused = CliRunner().invoke(publisher, [*words, "--waveform", "a.wav"])
    assert refused.exit_code == 2
    assert wav.stat().st_size > 30_000


@pytest.mark.integration
def test_memory_does_not_grow_with_the_length(tmp_path: Path) -> None:
    """A quarter of an hour is 159 MB of samples; nothing near that may be held at a time."""
    base = write_wav(tmp_path / "base.wav", [sine(), talk()], 1.0)
    path = convert(base, tmp_path / "long.wav", "-af", "aloop=loop=899:size=44100")
    assert path.stat().st_size > 150_000_000
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert survey(find_ffmpeg(), path).samples.count == 900 * 44100
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 40_000


def test_a_fault_in_a_file_names_that_file(tmp_path: Path) -> None:
    (tmp_path / "x.mp3").write_text("only words, and no sound at all")
    with pytest.raises(SourceError, match=r"x\.mp3 is a text file"):
        survey(find_ffmpeg(), tmp_path / "x.mp3")
