"""The docs say what is so: commands run, outputs are real, packages are explained."""

from __future__ import annotations

import re
import shlex
import tomllib
from pathlib import Path

import pytest
from click.testing import CliRunner

from publisher.cli import publisher

ROOT = Path(__file__).resolve().parent.parent


@pytest.mark.integration
def test_the_readme_shows_a_real_session(own_show: Path) -> None:
    runner = CliRunner()
    assert runner.invoke(publisher, ["-C", str(own_show), "build"]).exit_code == 0
    session = re.search(
        r"```console\n(\$ publisher list.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), re.S
    )
    assert session
    for block in re.split(r"(?m)^\$ ", session[1])[1:]:
        words, _, printed = block.partition("\n")
        result = runner.invoke(publisher, ["-C", str(own_show), *shlex.split(words)[1:]], terminal_width=200)
        assert result.stdout == printed, words


def test_every_package_has_its_reason() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    names = {re.split(r"[<>=;\[ ]", line)[0] for line in project["dependencies"]}
    table = (ROOT / "docs/dependencies.md").read_text(encoding="utf-8")
    assert {name for name in names if f"| {name} |" not in table.lower()} == set()


@pytest.mark.parametrize("name", ["runtime", "dev"])
def test_locks_hold_hashes_and_no_address(name: str) -> None:
    text = (ROOT / f"requirements/{name}.txt").read_text(encoding="utf-8")
    assert "://" not in text
    packages = re.findall(r"(?m)^[a-z0-9][^ ]*==.*\\$", text)
    assert len(packages) == len(re.findall(r"(?m)^[a-z0-9]", text))


def test_nothing_of_this_machine_is_in_the_project() -> None:
    found = [
        path.relative_to(ROOT).as_posix()
        for folder in ("publisher", "templates", "docs", "episodes", "scripts", "bench", ".github", ".ci")
        for path in (ROOT / folder).rglob("*")
        if path.suffix in {".py", ".md", ".toml", ".yml", ".yaml", ".html", ".css", ".js", ".lock", ""}
        and path.is_file()
        and re.search(rb"/home/|/root/|/work/", path.read_bytes())
    ]
    assert found == []
