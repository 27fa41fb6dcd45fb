"""Whenever a command that changes what listeners see is killed, they notice nothing, and the same again finishes."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from depth import examples

pytestmark = pytest.mark.integration  # a hundred processes

KILLER = Path(__file__).with_name("show_killer.py")


def test_a_kill_of_any_command_harms_no_listener_and_needs_no_repair(tmp_path: Path) -> None:
    words = ["all"] if examples(0, deep=1) else []
    done = subprocess.run(
        [sys.executable, str(KILLER), str(tmp_path), *words], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    verdict = json.loads(done.stdout)
    assert verdict["bad"] == []
    assert sum(verdict["kills"].values()) >= (examples(35, deep=600)), verdict
    assert all(kills for name, kills in verdict["kills"].items() if name.endswith("stepped")), verdict
