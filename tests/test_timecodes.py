"""Times within an episode."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publisher.timecodes import format_clock, format_seconds, format_vtt, parse_timecode

_TIMES = st.integers(0, 359_999_999)


@pytest.mark.parametrize(
    ("text", "milliseconds"),
    [
        ("0", 0),
        ("00:00", 0),
        ("90", 90_000),
        ("01:10", 70_000),
        ("75:00", 4_500_000),
        ("1:08:22", 4_102_000),
        ("00:01.5", 1_500),
        ("00:01,25", 1_250),
        (" 01:10 ", 70_000),
    ],
)
def test_people_write_times_in_many_ways(text: str, milliseconds: int) -> None:
    assert parse_timecode(text) == milliseconds


@pytest.mark.parametrize(
    "text", ["", "x", "1:60", "1:60:00", "1:00:60", "-1", "1:2:3:4", "１:00", "1h", "00:01.", "nan"]
)
def test_what_is_no_time_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        parse_timecode(text)


@given(_TIMES)
def test_a_written_time_is_read_back(milliseconds: int) -> None:
    assert parse_timecode(format_vtt(milliseconds)) == milliseconds
    assert parse_timecode(format_clock(milliseconds)) == milliseconds // 1000 * 1000
    assert round(float(format_seconds(milliseconds)) * 1000) == milliseconds


def test_times_are_written_without_what_says_nothing() -> None:
    assert [format_clock(ms) for ms in (0, 70_999, 3_600_000)] == ["00:00", "01:10", "1:00:00"]
    assert [format_seconds(ms) for ms in (0, 1_500, 60_000)] == ["0", "1.5", "60"]
