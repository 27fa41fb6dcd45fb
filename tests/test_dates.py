"""Dates as authors write them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publisher.source.dates import parse_date

ZONE = "America/Los_Angeles"


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("2026-01-31 06:00", "2026-01-31T14:00:00+00:00"),
        ("2026-07-31 06:00", "2026-07-31T13:00:00+00:00"),
        ("2026-1-5 6:00", "2026-01-05T14:00:00+00:00"),
        ("2026-01-31T06:00:30", "2026-01-31T14:00:30+00:00"),
        ("2026-01-31 06:00 +02:00", "2026-01-31T04:00:00+00:00"),
        ("2026-01-31T06:00Z", "2026-01-31T06:00:00+00:00"),
        ("2026-11-01 01:30-07:00", "2026-11-01T08:30:00+00:00"),
    ],
)
def test_a_time_is_local_unless_it_has_an_offset(text: str, instant: str) -> None:
    assert parse_date(text, ZONE).astimezone(UTC).isoformat() == instant


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("2026-02-30 06:00", ("does not exist",)),
        ("2026-13-01 06:00", ("does not exist",)),
        ("2026-01-31 25:00", ("does not exist",)),
        ("2026-01-31", ("has no time", "2026-01-31 06:00")),
        ("31.01.2026", ("is not a date",)),
        ("1026-01-31 06:00", ("check the year",)),
        ("2026-11-01 01:30", ("happens twice", "2026-11-01 01:30-07:00", "2026-11-01 01:30-08:00")),
        ("2026-03-08 02:30", ("does not happen", "2026-03-08 01:30", "2026-03-08 03:30")),
    ],
)
def test_a_time_that_cannot_be_is_refused_with_what_to_write(text: str, words: tuple[str, ...]) -> None:
    with pytest.raises(ValueError) as caught:
        parse_date(text, ZONE)
    assert all(word in str(caught.value) for word in words)


@given(
    st.integers(0, 400_000),
    st.sampled_from(
        [ZONE, "Europe/Berlin", "Australia/Lord_Howe", "America/St_Johns", "Africa/Casablanca", "UTC"]
    ),
)
def test_every_local_minute_is_one_instant_or_refused(minutes: int, zone: str) -> None:
    naive = datetime(2026, 1, 1) + timedelta(minutes=minutes)  # noqa: DTZ001 - a wall clock has no zone
    try:
        instant = parse_date(f"{naive:%Y-%m-%d %H:%M}", zone)
    except ValueError as error:
        assert "the clocks go" in str(error)
    else:
        assert instant.replace(tzinfo=None) == naive
        assert instant.astimezone(UTC).astimezone(instant.tzinfo).replace(tzinfo=None) == naive
