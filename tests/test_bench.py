"""The synthetic shows of the benchmark: still good shows, and always the same."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from bench.facts import facts
from bench.sources import write_hugo_site, write_show
from publisher.building import BuildRequest, build

NOW = datetime(2026, 6, 1, tzinfo=UTC)


def files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_synthetic_show_builds_and_is_the_same_again(tmp_path: Path) -> None:
    for name in ("one", "two"):
        write_show(tmp_path / name, 12)
    assert files(tmp_path / "one") == files(tmp_path / "two")
    built = build(BuildRequest(root=tmp_path / "one", now=NOW, started_ns=0, locked=True))
    assert [feed.items for feed in built.feeds] == [12]
    assert b"<podcast:transcript" in (tmp_path / "one/feeds/bench.xml").read_bytes()


def test_hugo_gets_the_same_episodes(tmp_path: Path) -> None:
    write_hugo_site(tmp_path / "hugo", 3)
    pages = sorted(path.stem for path in (tmp_path / "hugo/content/episodes").iterdir())
    assert pages == [facts(number).slug for number in range(3)]
