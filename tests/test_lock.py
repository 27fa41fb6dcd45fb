"""audio.lock: facts out and in, one value a line; anything else is refused with its line."""

from __future__ import annotations

import json
from dataclasses import asdict, fields, replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publisher.audio.lock import format_lock, parse_lock, read_lock, write_lock
from publisher.errors import SourceError
from publisher.model import Alternate, Enclosure

FACTS = Enclosure(
    master_sha256="a" * 64,
    recipe="0123456789abcdef.fedcba9876543210",
    key="audio/part-1-abcdefghijklmnopqrstuvwxyz.mp3",
    bytes=1_234_567,
    sha256="b" * 64,
    media_type="audio/mpeg",
    duration_ms=77_123,
    sample_rate=44100,
    channels=1,
    loudness_lufs=-16.02,
    true_peak_dbtp=-1.2,
    loudness_range_lu=5.0,
    master_loudness_lufs=-23.4,
    mode="limited",
    encoder="ffmpeg 9.0.2 libmp3lame",
)
SHOWN = "episodes/part-1/audio.lock"


def test_what_is_written_is_read_back(tmp_path: Path) -> None:
    path = tmp_path / "audio.lock"
    assert read_lock(path, SHOWN) is None
    assert write_lock(path, FACTS)
    assert not write_lock(path, FACTS)
    assert read_lock(path, SHOWN) == FACTS
    assert write_lock(path, replace(FACTS, bytes=1))
    assert [entry.name for entry in tmp_path.iterdir()] == ["audio.lock"]


def test_one_value_a_line_keys_sorted() -> None:
    lines = format_lock(FACTS).decode().splitlines()
    assert format_lock(FACTS).endswith(b"\n}\n")
    keys = [line.split('"')[1] for line in lines[1:-1]]
    assert keys == sorted(
        {field.name for field in fields(Enclosure)} - {"alternates", "bookends", "offset_ms"}
    )


ALTERNATE = Alternate(
    recipe="0123456789abcdef.fedcba9876543210",
    key="audio/part-1-abcdefghijklmnopqrstuvwxyz.opus",
    bytes=654_321,
    sha256="c" * 64,
    media_type="audio/ogg",
    codecs="opus",
    bitrate=64_123,
    duration_ms=77_123,
    loudness_lufs=-16.0,
    true_peak_dbtp=-1.3,
    encoder="ffmpeg 9.0.2 libopus",
)


def test_alternates_are_kept(tmp_path: Path) -> None:
    facts = replace(FACTS, alternates=(ALTERNATE, replace(ALTERNATE, bitrate=32_000)))
    path = tmp_path / "audio.lock"
    assert write_lock(path, facts)
    assert read_lock(path, SHOWN) == facts
    whole = replace(ALTERNATE, loudness_lufs=-16)
    assert parse_lock(format_lock(replace(FACTS, alternates=(whole,))), SHOWN).alternates == (ALTERNATE,)


def broken(**changes: Any) -> bytes:
    """A lock with values changed, or taken out where they are None."""
    facts = {**asdict(FACTS), "alternates": None, "bookends": None, "offset_ms": None, **changes}
    return json.dumps({key: value for key, value in facts.items() if value is not None}, indent=2).encode()


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"bytes": None}, "audio.lock lacks bytes"),
        ({"byte": 5}, "audio.lock has an unknown entry 'byte'"),
        ({"bytes": "5"}, "bytes in audio.lock is not a whole number above 0"),
        ({"bytes": 5.5}, "bytes in audio.lock is not"),
        ({"bytes": True}, "bytes in audio.lock is not"),
        ({"bytes": 0}, "bytes in audio.lock is not"),
        ({"duration_ms": -1}, "duration_ms in audio.lock is not"),
        ({"sha256": "A" * 64}, "sha256 in audio.lock is not 64 hexadecimal digits"),
        ({"sha256": "a" * 63}, "sha256 in audio.lock is not"),
        ({"master_sha256": 1}, "master_sha256 in audio.lock is not"),
        ({"recipe": "x"}, "recipe in audio.lock is not"),
        ({"key": "audio/../../etc/passwd"}, "key in audio.lock is not a name in audio/"),
        ({"key": "/audio/a.mp3"}, "key in audio.lock is not"),
        ({"key": "audio/a b.mp3"}, "key in audio.lock is not"),
        ({"mode": "loud"}, "mode in audio.lock is not copied, gain or limited"),
        ({"mode": ["gain"]}, "mode in audio.lock is not"),
        ({"loudness_lufs": "-16"}, "loudness_lufs in audio.lock is not a number"),
        ({"loudness_lufs": True}, "loudness_lufs in audio.lock is not"),
        ({"loudness_lufs": 10**400}, "loudness_lufs in audio.lock is not"),
        ({"encoder": "a\nb"}, "encoder in audio.lock is not"),
        ({"bookends": ""}, "bookends in audio.lock is not 16 hexadecimal digits"),
        ({"offset_ms": 0}, "offset_ms in audio.lock is not a whole number above 0"),
        ({"alternates": []}, "alternates in audio.lock is not a list"),
        ({"alternates": {}}, "alternates in audio.lock is not a list"),
        ({"alternates": [1]}, "alternate 1: it holds no facts"),
        (
            {"alternates": [asdict(ALTERNATE), {**asdict(ALTERNATE), "key": "../x"}]},
            "alternate 2: key in audio.lock",
        ),
        (
            {"alternates": [{**asdict(ALTERNATE), "mode": "gain"}]},
            "alternate 1: audio.lock has an unknown entry",
        ),
        ({"alternates": [{"recipe": "x"}]}, "alternate 1: "),
    ],
)
def test_every_edit_is_refused_with_its_line(changes: dict[str, Any], message: str) -> None:
    data = broken(**changes)
    with pytest.raises(SourceError) as caught:
        parse_lock(data, SHOWN)
    problem = caught.value.problems[0]
    assert problem.message.startswith(message)
    assert "`publisher audio part-1`" in problem.hint
    name = next(iter(changes))
    lines = data.decode().splitlines()
    wanted = next((at for at, line in enumerate(lines, 1) if f'"{name}"' in line), 1)
    assert str(problem.place) == f"{SHOWN}:{wanted}:1"


def test_all_problems_at_once_in_order() -> None:
    with pytest.raises(SourceError) as caught:
        parse_lock(broken(mode="x", bytes="y", sha256=None), SHOWN)
    assert len(caught.value.problems) == 3
    lines = [problem.place.line for problem in caught.value.problems if problem.place]
    assert lines == sorted(lines)


@pytest.mark.parametrize(
    ("data", "message", "place"),
    [
        (b"", "it is no JSON", f"{SHOWN}:1:1"),
        (b'{\n  "bytes": 1\n  "key": 2\n}', "it is no JSON", f"{SHOWN}:3:3"),
        (b"\xff\xfe", "it is no JSON", SHOWN),
        (b"[]", "it holds no facts", f"{SHOWN}:1:1"),
        (b"[[1, 2]]", "it holds no facts", f"{SHOWN}:1:1"),
        (b'{"loudness_lufs": NaN}', "it is no JSON", SHOWN),
        (b"[" * 100_000, "far too large", SHOWN),
        (b"[" * 60_000, "it is no JSON", SHOWN),
        (
            b'{\n<<<<<<< ours\n  "bytes": 1\n=======\n>>>>>>> theirs\n}',
            "both sides of a merge",
            f"{SHOWN}:2:1",
        ),
    ],
)
def test_what_is_no_lock_is_refused(tmp_path: Path, data: bytes, message: str, place: str) -> None:
    path = tmp_path / "audio.lock"
    path.write_bytes(data)
    with pytest.raises(SourceError) as caught:
        read_lock(path, SHOWN)
    assert message in caught.value.message
    assert str(caught.value.place) == place


def test_a_repeated_key_is_refused_at_its_second_line() -> None:
    data = format_lock(FACTS).replace(b'{\n  "bytes": 1234567,', b'{\n  "bytes": 1,\n  "bytes": 2,')
    with pytest.raises(SourceError, match="has bytes twice") as caught:
        parse_lock(data, SHOWN)
    assert str(caught.value.place) == f"{SHOWN}:3:1"


def test_a_folder_in_its_place_is_told(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="could not be read"):
        read_lock(tmp_path, SHOWN)


@given(st.binary(max_size=200))
def test_no_bytes_do_anything_but_refuse(data: bytes) -> None:
    with pytest.raises(SourceError):
        parse_lock(data, SHOWN)


@given(st.dictionaries(st.text(max_size=5) | st.sampled_from([field.name for field in fields(Enclosure)]),
                       st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.lists(st.none())))  # fmt: skip
def test_no_values_do_anything_but_refuse(values: dict[str, Any]) -> None:
    with pytest.raises(SourceError):
        parse_lock(json.dumps(values).encode(), SHOWN)
