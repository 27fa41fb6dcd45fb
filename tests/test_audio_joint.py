"""Parts of an MP3 become one that decodes as if it had been encoded in one go, with an exact header."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publisher.audio.crc16 import crc16, joined, without_head, without_tail
from publisher.audio.ffmpeg import find_ffmpeg
from publisher.audio.joint import FRAME_SAMPLES, JointError, join_parts
from publisher.audio.mp3 import claimed_ms, parse_frame

FFMPEG = str(find_ffmpeg())
RATE = 44100
SPEECH = (
    "anoisesrc=color=pink:amplitude=0.4:seed=3:r=44100:d=40,highpass=f=150,"
    "volume='(0.1+0.9*gt(sin(21*t),-0.2))*gt(sin(1.3*t),-0.7)':eval=frame[voice];"
    "aevalsrc='0.1*sin(1400*t)*(1+sin(3*t))|0.1*sin(2100*t)':s=44100:d=40[music];"
    "[voice]pan=stereo|c0=0.9*c0|c1=0.5*c0[wide];[wide][music]amix=inputs=2:normalize=0"
)
RATES = {
    "128": ["-b:a", "128k"],
    "mono": ["-b:a", "64k", "-ac", "1"],
    "lowest": ["-b:a", "32k"],
    "vbr": ["-q:a", "5"],
}
PLAIN = ("-map_metadata", "-1", "-fflags", "+bitexact", "-flags:a", "+bitexact", "-id3v2_version", "0")


def ffmpeg(*arguments: str | Path) -> bytes:
    return subprocess.run(
        [FFMPEG, "-v", "error", "-nostdin", "-y", *map(str, arguments)], check=True, capture_output=True
    ).stdout


@pytest.fixture(scope="module")
def programme(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("programme") / "programme.wav"
    ffmpeg("-filter_complex", f"{SPEECH}[out]", "-map", "[out]", "-c:a", "pcm_s16le", path)
    return path


def encode(programme: Path, target: Path, rate: str, first: int = 0, end: int | None = None) -> Path:
    trim = f"atrim=start_sample={first * FRAME_SAMPLES}"
    trim += "" if end is None else f":end_sample={end * FRAME_SAMPLES}"
    ffmpeg(
        "-i",
        programme,
        "-af",
        f"{trim},asetpts=PTS-STARTPTS",
        "-c:a",
        "libmp3lame",
        *RATES[rate],
        *PLAIN,
        target,
    )
    return target


def decode(path: Path) -> bytes:
    """Return the samples, and insist that the decoder complains of nothing."""
    done = subprocess.run(
        [FFMPEG, "-v", "warning", "-nostdin", "-i", str(path), "-f", "s16le", "-"],
        check=True,
        capture_output=True,
    )
    assert done.stderr == b""
    return done.stdout


def frames_of(data: bytes) -> list[bytes]:
    found, at = [], 0
    while at < len(data):
        header = parse_frame(data[at:])
        assert header
        found.append(data[at : at + header.bytes])
        at += header.bytes
    return found


@pytest.mark.integration
@pytest.mark.parametrize("rate", RATES)
def test_before_a_joint_it_is_the_one_part_and_behind_it_the_other(
    programme: Path, tmp_path: Path, rate: str
) -> None:
    first = encode(programme, tmp_path / "a.mp3", rate, end=49 * 16 + 10)
    lead = 49 * 16 - 250
    second = encode(programme, tmp_path / "b.mp3", rate, first=lead)
    target = tmp_path / "joined.mp3"
    join_parts([(0, first), (lead, second)], target)
    width = 2 if rate == "mono" else 4
    frame = FRAME_SAMPLES * width
    ours, one, other = decode(target), decode(first), decode(second)
    assert len(ours) == 40 * RATE * width  # gapless: not a sample more or less
    samples = [ours[at : at + frame] for at in range(0, len(ours), frame)]
    from_one = [one[at : at + frame] for at in range(0, len(one), frame)]
    from_other = [b""] * lead + [other[at : at + frame] for at in range(0, len(other), frame)]
    both = list(zip(samples, from_one + [b""] * len(samples), from_other, strict=False))
    is_one = [mine == left for mine, left, _ in both]
    is_other = [mine == right for mine, _, right in both]
    last_of_one = is_one.index(False) if False in is_one else len(is_one)
    first_of_other = len(is_other) - is_other[::-1].index(False)
    # at most the frame at the joint is neither: its two halves come from two encoders
    assert lead < first_of_other <= last_of_one + (2 if rate == "lowest" else 0)
    assert last_of_one < len(from_one)


@pytest.mark.integration
@pytest.mark.parametrize("rate", ["128", "vbr"])
def test_the_joined_file_is_the_serial_one_around_the_joint(
    programme: Path, tmp_path: Path, rate: str
) -> None:
    serial = encode(programme, tmp_path / "serial.mp3", rate)
    lead = 49 * 16 - 250
    parts = [
        (0, encode(programme, tmp_path / "a.mp3", rate, end=49 * 16 + 10)),
        (lead, encode(programme, tmp_path / "b.mp3", rate, first=lead)),
    ]
    frames = join_parts(parts, tmp_path / "joined.mp3")
    ours, theirs = decode(tmp_path / "joined.mp3"), decode(serial)
    assert len(ours) == len(theirs) == 4 * frames.samples
    equal = [
        ours[at : at + 4 * FRAME_SAMPLES] == theirs[at : at + 4 * FRAME_SAMPLES]
        for at in range(0, len(ours), 4 * FRAME_SAMPLES)
    ]
    assert all(equal[:lead])
    assert sum(equal) / len(equal) > 0.85
    # through the joint, which is within this span, a dozen frames and more are the same
    assert any(all(equal[at : at + 14]) for at in range(lead, 49 * 16))


@pytest.mark.integration
@pytest.mark.parametrize("rate", RATES)
def test_the_header_is_written_as_the_encoder_writes_it(programme: Path, tmp_path: Path, rate: str) -> None:
    serial = encode(programme, tmp_path / "serial.mp3", rate)
    frames = join_parts([(0, serial)], tmp_path / "again.mp3")
    before, after = serial.read_bytes(), (tmp_path / "again.mp3").read_bytes()
    start = 21 if rate == "mono" else 36
    contents, checksum = range(start + 16, start + 116), range(start + 154, start + 156)
    changed = {at for at in range(len(before)) if before[at] != after[at]}
    assert changed <= {*contents, *checksum}
    assert all(abs(before[at] - after[at]) <= 2 for at in contents)
    assert crc16(after[: start + 154]).to_bytes(2) == after[start + 154 : start + 156]
    assert frames.samples == 40 * RATE
    assert claimed_ms(after) == 40_000


@pytest.mark.integration
def test_checksum_counts_and_contents_are_those_of_the_whole(programme: Path, tmp_path: Path) -> None:
    ends, starts = (49 * 8 + 10, 49 * 20 + 10, None), (0, 49 * 8 - 250, 49 * 20 - 250)
    parts = [
        (start, encode(programme, tmp_path / f"{start}.mp3", "128", start, end))
        for start, end in zip(starts, ends, strict=True)
    ]
    found = join_parts(parts, tmp_path / "joined.mp3")
    data = (tmp_path / "joined.mp3").read_bytes()
    info, *frames = frames_of(data)
    assert int.from_bytes(data[44:48]) == len(frames) == len(found.offsets)
    assert int.from_bytes(data[48:52]) == int.from_bytes(data[184:188]) == len(data)
    assert crc16(data[len(info) :]).to_bytes(2) == data[188:190]
    middle = found.offsets[len(frames) // 2]
    assert data[middle:].startswith(frames[len(frames) // 2])
    assert data[52 + 50] == middle * 256 // len(data)
    assert claimed_ms(data) == 40_000


@pytest.mark.integration
def test_parts_without_anything_in_common_are_refused(programme: Path, tmp_path: Path) -> None:
    parts = [
        (0, encode(programme, tmp_path / "a.mp3", "128", end=400)),
        (396, encode(programme, tmp_path / "b.mp3", "128", first=396)),
    ]
    with pytest.raises(JointError):
        join_parts(parts, tmp_path / "joined.mp3")


@pytest.mark.integration
def test_a_torn_part_is_refused(programme: Path, tmp_path: Path) -> None:
    whole = encode(programme, tmp_path / "a.mp3", "128", end=300).read_bytes()
    for number, data in enumerate((b"", whole[:-7], whole[600:], b"ID3" + whole, whole[:417])):
        path = tmp_path / f"{number}.mp3"
        path.write_bytes(data)
        with pytest.raises(JointError):
            join_parts([(0, path)], tmp_path / "joined.mp3")


def test_the_checksum_is_the_known_one() -> None:
    assert crc16(b"123456789") == 0xBB3D


@given(st.binary(max_size=300), st.binary(max_size=300), st.integers(0, 5))
def test_checksums_are_put_together_and_taken_apart(head: bytes, tail: bytes, zeros: int) -> None:
    tail += bytes(zeros * 4096)  # more bits than the checksum's period
    whole = crc16(head + tail)
    assert joined(crc16(head), crc16(tail), len(tail)) == whole
    assert without_tail(whole, crc16(tail), len(tail)) == crc16(head)
    assert without_head(whole, crc16(head), len(tail)) == crc16(tail)
