"""Delivered files are as loud as asked, under the peak, exactly as long, and the same every time."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from tones import Signal, convert, decode, integrated_lufs, sine, talk, true_peak_dbtp, write_wav

from publisher.audio.encode import Delivery, deliver
from publisher.audio.ffmpeg import find_ffmpeg
from publisher.audio.leveling import Chain, mix
from publisher.audio.loudness import level_after, measure
from publisher.audio.mp3 import claimed_ms, parse_frame
from publisher.errors import SourceError
from publisher.files import digest_file
from publisher.model import AudioFormat, AudioSettings

pytestmark = pytest.mark.integration  # real ffmpeg, all of it

FFMPEG = find_ffmpeg()
SETTINGS = AudioSettings()


def make(master: Path, settings: AudioSettings = SETTINGS, name: str = "out.mp3") -> tuple[Delivery, Path]:
    """Measure and deliver a master beside itself."""
    target = master.parent / name
    return deliver(FFMPEG, master, settings, measure(FFMPEG, master), target), target


def silence(_: float) -> float:
    return 0.0


def noise(level_db: float, seed: int) -> Signal:
    import random

    source, amplitude = random.Random(seed), 10 ** (level_db / 20)
    return lambda _: source.gauss(0.0, amplitude)


def square(t: float) -> float:
    return 0.99 if t * 220 % 1 < 0.5 else -0.99


PROGRAMMES: dict[str, Callable[[Path], Path]] = {
    "quiet": lambda path: write_wav(path, [talk(-40, -30), talk(-46, -34, 2)], 5),
    "loud": lambda path: write_wav(path, [talk(-3, -1), talk(-3, -1, 2)], 5),
    "mono": lambda path: write_wav(path, [talk(-30, -6)], 5),
    "same channels": lambda path: write_wav(path, [talk(-30, -6)] * 2, 5),
    "one-sided": lambda path: write_wav(path, [talk(-24, -3), silence], 5),
    "clicks": lambda path: write_wav(path, [talk(-36, -0.1), talk(-36, -0.1, 2)], 5),
    "clipped": lambda path: write_wav(path, [square, square], 4),
    "noise": lambda path: write_wav(path, [noise(-30, 1), noise(-30, 2)], 4),
    "tone": lambda path: write_wav(path, [sine(440, -30), sine(660, -30)], 4),
    "low rate": lambda path: write_wav(path, [talk(-30, -6)], 5, 8000),
    "high rate": lambda path: write_wav(path, [talk(-30, -6), talk(-30, -6, 3)], 3, 96000),
    "48 kHz": lambda path: write_wav(path, [talk(-30, -6), talk(-30, -6, 3)], 4, 48000),
}


@pytest.mark.integration
@pytest.mark.parametrize("name", PROGRAMMES)
def test_delivered_files_hit_the_target_for_a_second_meter(tmp_path: Path, name: str) -> None:
    master = PROGRAMMES[name](tmp_path / "master.wav")
    before = digest_file(master)
    delivery, path = make(master)
    channels, rate = decode(path)
    assert integrated_lufs(channels, rate) == pytest.approx(-16.0, abs=0.15)
    assert true_peak_dbtp(channels) <= -1.0
    assert delivery.measurement.integrated_lufs == pytest.approx(-16.0, abs=0.1)
    assert rate == 44100
    assert len(channels) == (1 if name in {"mono", "same channels", "clipped", "low rate"} else 2)
    length = measure(FFMPEG, master).duration_ms
    assert len(channels[0]) / rate * 1000 == pytest.approx(length, abs=1)
    assert delivery.measurement.duration_ms == pytest.approx(length, abs=1)
    assert digest_file(master) == before


@pytest.fixture(scope="module")
def calm(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two seconds that need nothing but gain."""
    return write_wav(tmp_path_factory.mktemp("calm") / "calm.wav", [sine(440, -30), sine(550, -33)], 2.0)


def test_gain_alone_where_that_is_enough(calm: Path) -> None:
    delivery, path = make(calm)
    assert delivery.mode == "gain"
    assert delivery.measurement.integrated_lufs == pytest.approx(-16, abs=0.1)
    assert path.read_bytes()[:3] != b"ID3"


@pytest.mark.integration
def test_the_limiter_only_where_peaks_are_in_the_way(tmp_path: Path) -> None:
    delivery, _ = make(write_wav(tmp_path / "a.wav", [talk(-36, -0.1)], 2.5))
    assert delivery.mode == "limited"
    assert delivery.measurement.integrated_lufs == pytest.approx(-16, abs=0.1)
    assert delivery.measurement.true_peak_dbtp <= -1.0


def test_a_finished_mp3_is_copied_frame_by_frame(calm: Path, tmp_path: Path) -> None:
    _, first = make(calm)
    tagged = convert(first, tmp_path / "tagged.mp3", "-c", "copy", "-metadata", "title=Old")
    delivery, copied = make(tagged)
    assert delivery.mode == "copied"
    assert decode(copied)[0] == decode(first)[0]
    assert b"Old" not in copied.read_bytes()


@pytest.mark.parametrize(("off_lu", "mode"), [(0.07, "copied"), (-0.17, "gain")])
def test_only_an_mp3_within_a_tenth_is_kept_as_it_is(
    calm: Path, tmp_path: Path, off_lu: float, mode: str
) -> None:
    made, first = make(calm, name="near.mp3")
    settings = replace(SETTINGS, loudness_lufs=made.measurement.integrated_lufs + off_lu)
    delivery, _ = make(first, settings, "kept.mp3")
    assert delivery.mode == mode
    assert delivery.measurement.integrated_lufs == pytest.approx(settings.loudness_lufs, abs=0.1)


@pytest.mark.parametrize("kind", ["m4a", "opus"])
def test_a_finished_m4a_or_opus_is_copied_packet_by_packet(
    calm: Path, tmp_path: Path, kind: AudioFormat
) -> None:
    settings = AudioSettings(format=kind)
    made, first = make(calm, settings, f"first.{kind}")
    dirty = tmp_path / f"dirty.{kind}"
    convert(first, dirty, "-c", "copy", "-metadata", "title=Old", "-movflags", "0")
    before = dirty.read_bytes()
    delivery, kept = make(dirty, settings, f"kept.{kind}")
    assert (made.mode, delivery.mode) == ("gain", "copied")
    assert decode(kept) == decode(first)
    assert delivery.measurement.duration_ms == made.measurement.duration_ms
    assert b"Old" in dirty.read_bytes() == before
    data = kept.read_bytes()
    assert b"Old" not in data
    assert kind != "m4a" or 0 < data.index(b"moov") < data.index(b"mdat")
    louder, _ = make(dirty, replace(settings, loudness_lufs=-18.0), f"softer.{kind}")
    other, _ = make(dirty, AudioSettings(), "other.mp3")
    smaller, _ = make(dirty, replace(settings, bitrate_kbps=48), f"smaller.{kind}")
    assert [each.mode for each in (louder, other, smaller)] == ["gain"] * 3


@pytest.mark.integration
@pytest.mark.parametrize(
    "settings",
    [
        AudioSettings(loudness_lufs=-18.0),
        AudioSettings(channels="mono"),
        AudioSettings(bitrate_kbps=96),
        AudioSettings(true_peak_dbtp=-14.0),
    ],
    ids=["loudness", "channels", "bit rate", "peak"],
)
def test_a_finished_mp3_that_does_not_fit_is_made_anew(calm: Path, settings: AudioSettings) -> None:
    _, first = make(calm, name="first.mp3")
    try:
        delivery, _ = make(first, settings, "second.mp3")
    except SourceError as error:
        assert settings.true_peak_dbtp < -10
        assert "cannot be brought to -16 LUFS with peaks of at most -14 dBTP" in error.message
        return
    assert delivery.mode != "copied"
    assert delivery.measurement.integrated_lufs == pytest.approx(settings.loudness_lufs, abs=0.15)


def test_the_first_frame_tells_the_exact_length_and_rate(calm: Path) -> None:
    _, path = make(calm)
    data = path.read_bytes()
    header = parse_frame(data)
    assert header
    assert data[36:40] == b"Info"
    assert claimed_ms(data) == 2000
    frames, at = 0, 0
    while at < len(data):
        each = parse_frame(data[at:])
        assert each
        assert each.sample_rate == 44100
        at += each.bytes
        frames += 1
    assert int.from_bytes(data[44:48]) == frames - 1


@pytest.mark.integration
@pytest.mark.parametrize(("asked", "count"), [("auto", 2), ("mono", 1), ("stereo", 2)])
def test_channels_as_asked(calm: Path, asked: str, count: int) -> None:
    delivery, _ = make(calm, AudioSettings(channels=asked))  # type: ignore[arg-type]  # the three literals
    assert delivery.measurement.channels == count
    assert delivery.measurement.integrated_lufs == pytest.approx(-16, abs=0.1)


@pytest.mark.integration
def test_mono_can_be_delivered_as_stereo(tmp_path: Path) -> None:
    delivery, path = make(
        write_wav(tmp_path / "a.wav", [sine(440, -30)], 1.0), AudioSettings(channels="stereo")
    )
    channels, rate = decode(path)
    assert len(channels) == 2
    assert integrated_lufs(channels, rate) == pytest.approx(-16, abs=0.1)
    assert delivery.measurement.channels_identical


@pytest.mark.integration
def test_surround_comes_out_as_stereo(tmp_path: Path) -> None:
    voices = [sine(200 + 110 * n, -30) for n in range(6)]
    master = write_wav(tmp_path / "a.wav", voices, 2.0)
    delivery, _ = make(master)
    assert delivery.measurement.channels == 2
    assert delivery.measurement.integrated_lufs == pytest.approx(-16, abs=0.1)


@pytest.mark.parametrize(("heard", "channels"), [(1, 1), (1, 2), (2, 2), (2, 1)])
def test_mixing_leaves_the_level_alone(tmp_path: Path, heard: int, channels: int) -> None:
    master = write_wav(tmp_path / "a.wav", [sine(440, -30)] * heard, 1.0)
    before = measure(FFMPEG, master).integrated_lufs
    assert level_after(FFMPEG, master, mix(heard, channels)).integrated_lufs == pytest.approx(
        before, abs=0.02
    )


def test_silence_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="is silent"):
        make(write_wav(tmp_path / "a.wav", [silence], 1.0))
    with pytest.raises(SourceError, match="too short"):
        make(write_wav(tmp_path / "b.wav", [sine()], 0.2))


@pytest.mark.integration
def test_channels_that_cancel_out_are_silent_in_mono(tmp_path: Path) -> None:
    tone = sine(440, -20)
    master = write_wav(tmp_path / "a.wav", [tone, lambda t: -tone(t)], 1.0)
    with pytest.raises(SourceError, match="is silent"):
        make(master, AudioSettings(channels="mono"))


@pytest.mark.integration
def test_what_is_out_of_reach_is_said_with_what_was_reached(tmp_path: Path) -> None:
    def clicks(t: float) -> float:
        return 0.9 if t % 0.5 < 0.0002 else 0.0

    with pytest.raises(SourceError, match=r"cannot be brought to -6 LUFS .*: it reaches -\d"):
        make(write_wav(tmp_path / "a.wav", [clicks], 1.5), AudioSettings(loudness_lufs=-6.0))


@pytest.mark.integration
def test_equal_masters_give_equal_bytes(calm: Path, tmp_path: Path) -> None:
    _, one = make(calm)
    other = tmp_path / "elsewhere" / "Größe.wav"
    other.parent.mkdir()
    other.write_bytes(calm.read_bytes())
    _, two = make(other)
    assert one.read_bytes() == two.read_bytes()


@pytest.mark.integration
def test_long_recordings_are_corrected_before_they_are_encoded(tmp_path: Path) -> None:
    short = write_wav(tmp_path / "short.wav", [talk(-24, -60), talk(-27, -60, 2)], 13.0)
    loop = [
        str(FFMPEG),
        "-v",
        "error",
        "-stream_loop",
        "9",
        "-i",
        str(short),
        "-c",
        "copy",
        str(tmp_path / "long.wav"),
    ]
    subprocess.run(loop, check=True)
    stages: list[str] = []

    def on_stage(stage: str, done_ms: int, total_ms: int) -> None:
        assert done_ms <= total_ms == 130_000
        if stages[-1:] != [stage]:
            stages.append(stage)

    master = tmp_path / "long.wav"
    delivery = deliver(
        FFMPEG, master, SETTINGS, measure(FFMPEG, master), tmp_path / "out.mp3", on_stage=on_stage
    )
    assert stages.count("encoding") == 1
    assert delivery.measurement.integrated_lufs == pytest.approx(-16, abs=0.1)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["long.wav", "out.mp3", "short.wav"]


def test_the_slope_is_learned_across_ceilings() -> None:
    before = Chain("anull", 10.0, -1.0)
    after = Chain("anull", 12.0, -2.0)
    learned = after.learned(-18.5, (before, -19.0))  # 3 dB more above the ceiling gave 1.5 dB more below it
    assert learned.slope == pytest.approx(0.5)
    assert learned.lowered_by(1.0).gain_db == pytest.approx(12.5 + 0.5)
    assert learned.lowered_by(1.0).ceiling_db == -3.0
