"""Whenever a command that makes or tags audio is killed, no file is torn and no master is touched."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.integration  # hundreds of processes

KILLER = Path(__file__).with_name("audio_killer.py")
LEAST_KILLS = 200


def test_two_hundred_kills_tear_nothing(tmp_path: Path) -> None:
    done = subprocess.run([sys.executable, str(KILLER), str(tmp_path)], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    verdict = json.loads(done.stdout)
    assert verdict["bad"] == []
    assert sum(verdict["kills"].values()) >= LEAST_KILLS, verdict
    assert all(verdict["kills"].values()), verdict
