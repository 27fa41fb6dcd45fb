"""What every test stands on: no outside network, no home, and a small show to copy."""

from __future__ import annotations

import os
import shutil
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

# A busy machine is no reason to fail, and every run tries the same examples: equal inputs, equal results.
settings.register_profile("house", deadline=None, derandomize=True)
settings.register_profile("deep", deadline=None, max_examples=5000)
settings.load_profile("house")

os.environ.pop(
    "PYTHONDONTWRITEBYTECODE", None
)  # hundreds of processes are started: they compile modules once

ROOT = Path(__file__).resolve().parent.parent
SHOWS = Path(__file__).parent / "shows"


def is_loopback(host: str) -> bool:
    """Tell whether a connection stays on this machine."""
    return host in {"::1", "localhost"} or host.startswith("127.")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add --golden: write golden files anew instead of comparing; and --deep: try many more examples."""
    parser.addoption("--golden", action="store_true", help="write the golden files anew; look at the diff")
    parser.addoption("--deep", action="store_true", help="many times the examples, other ones each time")


def pytest_configure(config: pytest.Config) -> None:
    """Go deep before the tests are read, since they take their number of examples from the profile."""
    if config.getoption("--deep"):
        settings.load_profile("deep")


@pytest.hookimpl(optionalhook=True)  # the mutants are tried without xdist
def pytest_xdist_auto_num_workers() -> int:
    """Run one worker more than there are cores: many tests wait for servers, and for what they started."""
    return (os.cpu_count() or 1) + 1


@pytest.fixture(scope="session")
def _home(tmp_path_factory: pytest.TempPathFactory) -> str:
    return str(tmp_path_factory.mktemp("home"))


@pytest.fixture(autouse=True)
def _closed_world(monkeypatch: pytest.MonkeyPatch, _home: str) -> None:
    """Let no test reach the outside, a real home or real credentials."""
    connect = socket.socket.connect

    def only_loopback(self: socket.socket, address: Any) -> None:
        if self.family != socket.AF_UNIX and not is_loopback(address[0]):
            raise AssertionError(f"a test tried to reach {address}")
        connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", only_loopback)
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", _home)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Callable[[str, bytes], None]:
    """Compare bytes with a golden file that somebody looked at."""

    def compare(name: str, data: bytes) -> None:
        path = Path(__file__).parent / "golden" / name
        if request.config.getoption("--golden"):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
        assert path.read_bytes() == data, f"{name} changed; look at it, then `make golden`"

    return compare


@pytest.fixture
def minimal(tmp_path: Path) -> Path:
    """Return a copy of the smallest whole show: one locked episode, no recording."""
    folder = tmp_path / "show"
    shutil.copytree(SHOWS / "minimal", folder)
    return folder


@pytest.fixture
def own_show(tmp_path: Path) -> Path:
    """Return a copy of this repository's own show, recordings and all."""
    folder = tmp_path / "own"
    folder.mkdir()
    for name in ("episodes", "feeds", "templates"):
        shutil.copytree(ROOT / name, folder / name)
    shutil.copy(ROOT / "show.toml", folder)
    return folder
