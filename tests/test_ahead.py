"""A new recording is measured while the rest is still read; anything else is left to its turn."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from tones import sine, write_wav

from publisher.audio.ffmpeg import find_ffmpeg
from publisher.audio.measuring import measure_at_once
from publisher.building.ahead import NOTHING, measured_ahead
from publisher.building.look import Sight, look
from publisher.building.seen import Seen, read_seen
from publisher.errors import SourceError
from publisher.files import digest_file

PILOT = "episodes/pilot"


@pytest.fixture
def recorded(minimal: Path) -> Path:
    """A show whose only episode has a recording that no lock knows."""
    write_wav(minimal / PILOT / "master.wav", [sine()], 1.5)
    return minimal


def sight_of(root: Path) -> Sight:
    return look(root, read_seen(root), locked=False, started_ns=time.time_ns())


@pytest.mark.integration
def test_the_new_recording_is_measured_as_it_would_be_later(recorded: Path) -> None:
    master = recorded / PILOT / "master.wav"
    with measured_ahead(recorded, sight_of(recorded)) as ahead:
        assert ahead.measured(master) == measure_at_once(find_ffmpeg(), master, f"{PILOT}/master.wav")
        assert ahead.measured(recorded / PILOT / "episode.md") is None


@pytest.mark.integration
def test_what_was_written_to_meanwhile_is_measured_anew(recorded: Path) -> None:
    master = recorded / PILOT / "master.wav"
    with measured_ahead(recorded, sight_of(recorded)) as ahead:
        assert ahead is not NOTHING
        write_wav(master, [sine(level_db=-6)], 2)
        assert ahead.measured(master) is None


@pytest.mark.integration
def test_a_problem_is_raised_where_the_measurement_is_asked_for(recorded: Path) -> None:
    master = recorded / PILOT / "master.wav"
    master.write_text("no sound at all, but words")
    with (
        measured_ahead(recorded, sight_of(recorded)) as ahead,
        pytest.raises(SourceError, match=r"master\.wav is a text file"),
    ):
        ahead.measured(master)


@pytest.mark.integration
def test_who_leaves_early_ends_what_is_not_done(recorded: Path) -> None:
    write_wav(recorded / PILOT / "master.wav", [sine()], 150, rate=8000)
    with measured_ahead(recorded, sight_of(recorded)) as ahead:
        pass
    assert ahead.future is not None
    assert ahead.future.exception(timeout=0) is not None  # it had not even begun to count samples


def test_nothing_is_measured_that_a_lock_knows(recorded: Path) -> None:
    lock = recorded / PILOT / "audio.lock"
    lock.write_text(f'{{"master_sha256": "{digest_file(recorded / PILOT / "master.wav")}"}}')
    with measured_ahead(recorded, sight_of(recorded)) as ahead:
        assert ahead is NOTHING


def test_nothing_is_measured_where_it_is_not_one_recording(recorded: Path, minimal: Path) -> None:
    write_wav(minimal / PILOT / "other.wav", [sine()], 0.5)
    with measured_ahead(recorded, sight_of(recorded)) as ahead:
        assert ahead is NOTHING
    (minimal / PILOT / "other.wav").unlink()
    write_wav(minimal / "episodes/second/master.wav", [sine()], 0.5)
    with measured_ahead(recorded, sight_of(recorded)) as ahead:
        assert ahead is NOTHING
    assert look(minimal, Seen(), locked=False, started_ns=0).stale == {"pilot", "second"}
