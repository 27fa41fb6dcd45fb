from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from depth import examples
from s3_server import environment, running_server

pytestmark = pytest.mark.integration

STEPPER = Path(__file__).with_name("kill_stepper.py")


def step(*arguments: str) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, STEPPER, *arguments],
        env={**os.environ, **environment()},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    verdict: dict[str, Any] = json.loads(done.stdout)
    return verdict


def s3_arguments() -> tuple[str, str]:
    server = running_server()
    return server.new_target().url, server.endpoint


def test_sigkill_around_every_request_to_s3() -> None:
    verdict = step(*s3_arguments())
    assert verdict["bad"] == []
    assert verdict["points"] >= 22
    assert verdict["live_was_new"] >= 4


def test_sigkill_inside_an_upload_in_parts() -> None:
    deep = bool(examples(0, deep=1))
    verdict = step(*s3_arguments(), "in-parts-all" if deep else "in-parts")
    assert verdict["bad"] == []
    assert verdict["points"] >= (30 if deep else 5)


def test_sigkill_at_every_call_that_changes_the_folder(tmp_path: Path) -> None:
    verdict = step(str(tmp_path))
    assert verdict["bad"] == []
    assert verdict["points"] >= 60
    assert verdict["live_was_new"] >= 10


@pytest.mark.parametrize("kind", ["s3", "folder"])
def test_the_stepper_catches_a_publisher_that_sends_the_feed_first(tmp_path: Path, kind: str) -> None:
    arguments = s3_arguments() if kind == "s3" else (str(tmp_path),)
    verdict = step(*arguments, "feed-first")
    assert len(verdict["bad"]) >= verdict["points"] // 4
