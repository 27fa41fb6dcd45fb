"""Replacing audio that listeners have, and telling hubs of what changed."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from urllib.parse import parse_qs

import pytest
from spoken_show import guid_of, make_spoken, write_spoken
from test_cli import edit, run, run_json

LIVE = "public/small-show.xml"


def test_the_ways_are_explained_before_anything_is_done(tmp_path: Path) -> None:
    show = make_spoken(tmp_path / "show", "one")
    result = run(show, "replace-audio", "one", exit_code=2)
    for word in ("same: ", "new: ", "bonus: ", "again, as new", "--as same"):
        assert word in result.stderr


def test_a_new_episode_takes_the_place_and_the_old_guid_stays_reserved(tmp_path: Path) -> None:
    show = make_spoken(tmp_path / "show", "one", "two")
    run(show, "publish", "--locked")
    document = run_json(show, "replace-audio", "two", "--as", "new")
    assert document["guid"] != guid_of("two")
    assert document["next"] == "publisher publish"
    run(show, "publish", "--locked")
    feed = (show / LIVE).read_text()
    assert document["guid"] in feed
    assert guid_of("two") not in feed
    edit(show, "episodes/two/episode.md", document["guid"], guid_of("two"))
    assert run(show, "publish", "--locked", exit_code=4).stderr


def test_the_same_episode_needs_the_flag_that_is_named(tmp_path: Path) -> None:
    show = make_spoken(tmp_path / "show", "one")
    document = run_json(show, "replace-audio", "one", "--as", "same")
    assert document["guid"] == guid_of("one")
    assert document["next"] == f"publisher publish --replace-audio {guid_of('one')}"


def test_a_bonus_episode_changes_nothing_that_is_there(tmp_path: Path) -> None:
    show = make_spoken(tmp_path / "show", "one")
    run(show, "publish", "--locked")
    (name,) = run_json(show, "replace-audio", "one", "--as", "bonus")["written"]
    assert "type: bonus" in (show / name).read_text()
    assert "nothing to do" in run(show, "publish", "--locked").stdout


@contextmanager
def hub(status: int) -> Iterator[tuple[str, list[dict[str, list[str]]]]]:
    told: list[dict[str, list[str]]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            told.append(parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode()))
            self.send_response(status)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}/hub", told
        server.shutdown()
        thread.join()


@pytest.mark.parametrize("status", [202, 500])
def test_a_hub_is_told_once_of_each_change_and_can_fail_nothing(tmp_path: Path, status: int) -> None:
    show = make_spoken(tmp_path / "show", "one")
    words = ("publish", "--locked", "--allow-private", "127.0.0.0/8")
    with hub(status) as (address, told):
        edit(show, "show.toml", "[feeds.small-show]", f'[feeds.small-show]\nhub = "{address}"')
        result = run(show, *words)
        assert ("answered 500" in result.stderr) == (status == 500)
        assert f'<atom:link href="{address}" rel="hub"/>' in (show / LIVE).read_text()
        run(show, *words)
        assert [entry["hub.mode"] for entry in told] == [["publish"]]
        assert told[0]["hub.url"] == ["https://media.example.org/small/small-show.xml"]
        write_spoken(show, "two")
        run(show, *words)
        assert len(told) == 2
        (
            show / "public/.publisher/live.json"
        ).unlink()  # as if killed behind the feed, before the hub was told
        run(show, *words)
        assert len(told) == 3
        run(show, *words)
        assert len(told) == 3
    write_spoken(show, "three", date="2026-01-30 06:00")
    assert "was not told" in run(show, *words).stderr  # nobody is there any more
    assert guid_of("three") in (show / LIVE).read_text()
