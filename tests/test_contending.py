"""Two people who publish at once, as the command sees it."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from spoken_show import guid_of, make_spoken, write_spoken
from test_cli import edit, run

from publisher.publish.contending import undoes
from publisher.storage.directory import DirectoryStorage


def item(guid: str, text: str = "") -> bytes:
    return f"<item><guid>{guid}</guid>{text}</item>".encode()


BASE = b"<head>" + item("a") + item("b")


@pytest.mark.parametrize(
    ("theirs", "ours", "undone"),
    [
        (BASE + item("c"), BASE + item("c") + item("d"), False),
        (BASE + item("c"), BASE + item("d"), True),
        (b"<head>" + item("a", "notes") + item("b"), BASE + item("d"), True),
        (b"<head>" + item("a", "notes") + item("b"), b"<head>" + item("a", "notes") + item("b", "x"), False),
        (b"<other>" + item("a") + item("b"), BASE + item("d"), True),
        (b"<head>" + item("b"), BASE, True),
        (b"<head>" + item("b"), b"<head>" + item("b") + item("c"), False),
    ],
)
def test_what_would_be_undone(theirs: bytes, ours: bytes, undone: bool) -> None:
    assert undoes(BASE, theirs, ours) is undone


def somebody_publishes_first(monkeypatch: pytest.MonkeyPatch, act: Callable[[], object]) -> None:
    """Let somebody else publish just before our feed is swapped, once."""
    swap, waiting = DirectoryStorage.swap, [act]

    def late(self: DirectoryStorage, key: str, data: bytes, **settings: str) -> str:
        if key.endswith(".xml") and waiting:
            waiting.pop()()
        return swap(self, key, data, **settings)

    monkeypatch.setattr(DirectoryStorage, "swap", late)


def copies(tmp_path: Path) -> tuple[Path, Path]:
    ours = make_spoken(tmp_path / "ours", "one")
    edit(ours, "show.toml", "[feeds", f'[targets.local]\nurl = "file:{tmp_path}/public"\n\n[feeds')
    run(ours, "publish", "--locked")
    theirs = tmp_path / "theirs"
    shutil.copytree(ours, theirs)
    return ours, theirs


def test_the_loser_goes_on_when_it_has_all_that_the_winner_has(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ours, theirs = copies(tmp_path)
    for show in (ours, theirs):
        write_spoken(show, "two")
    write_spoken(ours, "three", date="2026-01-30 06:00")
    somebody_publishes_first(monkeypatch, lambda: run(theirs, "publish", "--locked"))
    result = run(ours, "publish", "--locked")
    assert "so this is the new plan" in result.stderr
    assert "release 3 is live" in result.stdout
    feed = (tmp_path / "public/small-show.xml").read_text()
    assert all(guid_of(name) in feed for name in ("one", "two", "three"))


def test_the_loser_stops_when_it_lacks_what_the_winner_has(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ours, theirs = copies(tmp_path)
    write_spoken(theirs, "two")
    write_spoken(ours, "three", date="2026-01-30 06:00")
    somebody_publishes_first(monkeypatch, lambda: run(theirs, "publish", "--locked"))
    result = run(ours, "publish", "--locked", exit_code=5)
    assert "release 2" in result.stderr
    assert "Episode two" in result.stderr
    feed = (tmp_path / "public/small-show.xml").read_text()
    assert guid_of("two") in feed
    assert guid_of("three") not in feed
