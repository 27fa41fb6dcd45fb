from __future__ import annotations

import hashlib
import re
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import ClassVar

import pytest
from click.testing import CliRunner
from memory import MemoryStorage
from s3_server import running_server, use_credentials
from small_show import FEED_KEY, differences, make_show, publish_show
from spoken_show import finish_spoken, make_spoken, write_spoken
from test_cli import edit, run, run_json

from publisher.cli import publisher
from publisher.feed.reader import read_items
from publisher.plan import make_plan
from publisher.publish import apply
from publisher.publish.live import read_live
from publisher.publish.verifying import Scope, verify

Damage = Callable[[Path], None]


def one(folder: Path, pattern: str) -> Path:
    return sorted(folder.glob(pattern))[0]


def change(pattern: str, how: Callable[[bytes], bytes]) -> Damage:
    def damage(folder: Path) -> None:
        path = one(folder, pattern)
        path.write_bytes(how(path.read_bytes()))

    return damage


def remove(pattern: str) -> Damage:
    return lambda folder: one(folder, pattern).unlink()


def flip(data: bytes) -> bytes:
    return data[: len(data) // 2] + bytes([data[len(data) // 2] ^ 1]) + data[len(data) // 2 + 1 :]


def exchange(folder: Path) -> None:
    first, second = sorted(folder.glob("audio/*"))[:2]
    data = first.read_bytes()
    first.write_bytes(second.read_bytes())
    second.write_bytes(data)


DAMAGES: dict[str, Damage] = {
    "audio gone": remove("audio/*"),
    "audio cut off": change("audio/*", lambda data: data[:-100]),
    "audio longer": change("audio/*", lambda data: data + b"x"),
    "audio empty": change("audio/*", lambda data: b""),
    "a bit of audio": change("audio/*", flip),
    "audio is a page": change("audio/*", lambda data: b"<html>404</html>"),
    "two audio files exchanged": exchange,
    "transcript gone": remove("transcripts/*"),
    "a bit of a transcript": change("transcripts/*", flip),
    "chapters gone": remove("chapters/*"),
    "chapters damaged": change("chapters/*", lambda data: data[:10]),
    "cover gone": remove("covers/*"),
    "a bit of the cover": change("covers/*", flip),
    "style sheet changed": change("assets/*.css", lambda data: data + b"body{}"),
    "page gone": remove("episodes/*.html"),
    "page changed": change("episodes/*.html", lambda data: data.replace(b"About", b"above")),
    "list gone": remove("index.html"),
    "feed gone": remove("small-show.xml"),
    "feed cut off": change("small-show.xml", lambda data: data[:-20]),
    "feed changed": change("small-show.xml", lambda data: data.replace(b"Episode one", b"Episode won")),
    "a kept feed gone": remove(".publisher/feeds/*.xml"),
    "a bit of a kept feed": change(".publisher/feeds/*.xml", flip),
    "a release gone": remove(".publisher/releases/000001*"),
    "a bit of a release": change(".publisher/releases/000001*", flip),
    "the live release damaged": change(".publisher/releases/000002*", lambda data: data[:-5]),
    "the live record gone": remove(".publisher/live.json"),
    "the live record damaged": change(".publisher/live.json", lambda data: data[:-5]),
}


@pytest.fixture
def published(tmp_path: Path) -> Path:
    show = make_spoken(tmp_path / "show", "one", "two")
    run(show, "publish", "--locked")
    chapters = 'chapters:\n  - {at: "00:00", title: Start}\n  - {at: "00:20", title: End}\n'
    write_spoken(show, "three", more=chapters)
    vtt = "WEBVTT\n\n00:00.000 --> 00:05.000\nHello there.\n"
    (show / "episodes/three/transcript.vtt").write_text(vtt, encoding="utf-8")
    run(show, "publish", "--locked")
    return show


def test_what_was_published_is_whole(published: Path) -> None:
    assert "is live and whole" in run(published, "verify").stdout
    document = run_json(published, "verify", "--sample", "3")
    assert (document["checked"], document["damage"]) == (4, [])
    run(published, "rollback", "1")
    assert run_json(published, "verify")["damage"] == []
    run(published, "rollback", "2")
    assert run_json(published, "verify")["damage"] == []


def test_where_nothing_was_published_nothing_is_gone(tmp_path: Path) -> None:
    show = make_spoken(tmp_path / "show", "one")
    failed = run(show, "verify", exit_code=2).stderr
    assert "nothing was published to" in failed
    assert "publisher publish" in failed
    assert "gone;" not in failed.partition("help")[0]


def test_a_feed_that_no_publish_knew_yet_is_not_gone(tmp_path: Path) -> None:
    storage = MemoryStorage()
    publish_show(make_show(tmp_path, ["a"]), storage)
    assert verify(storage, [FEED_KEY, "show-es.xml"], Scope(types={})).complaints == ()
    del storage.objects[FEED_KEY]
    found = verify(storage, [FEED_KEY, "show-es.xml"], Scope(types={})).complaints
    assert [each.key for each in found if each.message == "the feed is gone"] == [FEED_KEY]


@pytest.mark.parametrize("spoil", ["remove", "flip"])
@pytest.mark.parametrize("kept", ["releases/000001*", "feeds/*"])
def test_damage_of_the_history_is_told_from_damage_of_what_is_live(
    published: Path, kept: str, spoil: str
) -> None:
    live = hashlib.sha256((published / "public/small-show.xml").read_bytes()).hexdigest()
    path = next(path for path in (published / "public/.publisher").glob(kept) if path.stem != live)
    (path.unlink if spoil == "remove" else lambda: path.write_bytes(flip(path.read_bytes())))()
    told = run(published, "verify", exit_code=1)
    assert "release 2" in told.stdout
    assert "is live and whole" in told.stdout
    assert "damaged history: .publisher/" in told.stdout
    assert "cannot be made again" in told.stderr + told.stdout
    assert "--mend" not in told.stderr + told.stdout
    assert {each["part"] for each in run_json(published, "verify", exit_code=1)["damage"]} == {"past"}
    assert run_json(published, "verify", "--live")["damage"] == []
    one(published / "public", "audio/*").unlink()
    damage = run_json(published, "verify", "--live", exit_code=1)["damage"]
    assert {each["part"] for each in damage} == {"live"}


@pytest.mark.parametrize("name", DAMAGES)
def test_every_damage_is_found(published: Path, name: str) -> None:
    DAMAGES[name](published / "public")
    document = run_json(published, "verify", exit_code=1)
    assert document["damage"], name


# What was once cannot be made again; of what is, the test below takes everything away.
PAST = "a kept feed gone", "a bit of a kept feed", "a release gone", "a bit of a release"


@pytest.mark.parametrize("name", [name for name in DAMAGES if name not in PAST])
def test_every_damage_is_mended_as_verify_says(published: Path, name: str) -> None:
    public = published / "public"
    before = (public / "small-show.xml").read_bytes()
    DAMAGES[name](public)
    follow(published, public)
    assert "is live and whole" in run(published, "verify").stdout
    assert (public / "small-show.xml").read_bytes() == before


def test_whatever_is_gone_from_a_bucket_is_sent_again(tmp_path: Path) -> None:
    storage, show = MemoryStorage(), make_show(tmp_path, ["b", "a"])
    publish_show(show, storage)
    for key in [key for key in storage.objects if key != FEED_KEY]:
        del storage.objects[key]
        live = read_live(storage, show.items, read_items, doubted=True)
        apply(make_plan(show.artifacts, show.items, live, target_name="test"), storage)
        done = verify(storage, [FEED_KEY], Scope(types={}))
        assert (differences(storage, show), done.complaints) == ([], ()), key


def follow(show: Path, public: Path) -> None:
    """Do what the commands say: remove what is damaged under a digest, go back to a feed, publish."""
    for damage in run_json(show, "verify", exit_code=1)["damage"]:
        if (public / damage["key"]).is_file() and re.search(r"[a-z2-7]{26}|[0-9a-f]{12}", damage["key"]):
            (public / damage["key"]).unlink()
    if CliRunner().invoke(publisher, ["-C", str(show), "publish", "--mend", "--locked"]).exit_code == 4:
        run(show, "rollback", "2")
        run(show, "publish", "--mend", "--locked")


class _Ranged(SimpleHTTPRequestHandler):
    """The folder as a web server that knows ranges serves it; `spoil` breaks one answer."""

    spoil: str = ""
    types: ClassVar[dict[str, str]] = {
        ".mp3": "audio/mpeg", ".xml": "application/rss+xml; charset=utf-8", ".jpg": "image/jpeg",
        ".html": "text/html; charset=utf-8", ".css": "text/css; charset=utf-8",
        ".js": "text/javascript; charset=utf-8", ".vtt": "text/vtt; charset=utf-8",
        ".json": "application/json+chapters", ".png": "image/png",
    }  # fmt: skip

    def do_GET(self) -> None:
        path = Path(self.translate_path(self.path))
        if not path.is_file() or (self.spoil == "status" and path.suffix == ".mp3"):
            self.send_error(404)
            return
        data = path.read_bytes()
        asked = self.headers.get("Range", "")
        first, last = 0, len(data) - 1
        if asked and self.spoil != "range":
            start, _, end = asked.removeprefix("bytes=").partition("-")
            first, last = int(start), min(int(end), last)
            self.send_response(206)
            self.send_header("Content-Range", f"bytes {first}-{last}/{len(data)}")
        else:
            self.send_response(200)
        kind = "text/plain" if self.spoil == "type" else self.types[path.suffix]
        self.send_header("Content-Type", kind)
        if self.spoil != "length":
            self.send_header("Content-Length", str(last - first + 1))
        self.end_headers()
        self.wfile.write(data[first : last + 1] if self.spoil != "bytes" else flip(data[first : last + 1]))

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def serving(folder: Path, spoil: str = "") -> Iterator[str]:
    class Handler(_Ranged):
        def __init__(self, *args: object) -> None:
            self.spoil = spoil
            super().__init__(*args, directory=str(folder))  # type: ignore[arg-type]  # its own arguments

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}/"
        server.shutdown()
        thread.join()


def move_to(show: Path, base_url: str) -> None:
    edit(show, "show.toml", "https://media.example.org/small/", base_url)


@pytest.mark.integration
@pytest.mark.parametrize("place", ["Mi show/año 🎙/", "a+b&c=d%20e;~(x)'!@,$ {f}[g]/h"])
def test_a_bucket_with_versions_and_an_odd_folder_is_verified_mended_and_rolled_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    use_credentials(monkeypatch)
    server = running_server()
    target = server.new_versioned_target()
    server.keep_versions(target)
    bucket, client = target.url.split("/")[2], server.client
    show = make_spoken(tmp_path / "show", "one", "two")
    edit(
        show,
        "show.toml",
        "[feeds.small-show]",
        f'[targets.s3]\nurl = "s3://{bucket}/{place}"\nregion = "us-east-1"\nendpoint = "{target.endpoint}/"\n\n'
        "[feeds.small-show]",
    )
    run(show, "publish", "--locked", "--target", "s3")
    write_spoken(show, "three")
    run(show, "publish", "--locked", "--target", "s3")
    run(show, "rollback", "--target", "s3")
    run(show, "rollback", "2", "--target", "s3")
    assert run_json(show, "verify", "--target", "s3")["damage"] == []

    keys = [entry["Key"] for entry in client.list_objects_v2(Bucket=bucket)["Contents"]]
    assert all(key.startswith(f"{place.strip('/')}/") for key in keys)
    audio, page, other = (
        next(key for key in keys if part in key) for part in ("/audio/", "/one.html", "/two.html")
    )
    client.delete_object(Bucket=bucket, Key=audio)
    client.delete_object(Bucket=bucket, Key=page)
    client.put_object(Bucket=bucket, Key=other, Body=b"other words", ContentType="text/html; charset=utf-8")
    found = run_json(show, "verify", "--target", "s3", exit_code=1)["damage"]
    assert {row["key"] for row in found} == {
        key.removeprefix(f"{place.strip('/')}/") for key in (audio, page, other)
    }
    planned = run_json(show, "plan", "--locked", "--mend", "--target", "s3")["steps"]
    assert {step["reason"] for step in planned} >= {"to be compared, as asked", "new audio", "new page"}
    assert run_json(show, "publish", "--locked", "--mend", "--target", "s3")["uploaded"] == 3
    assert run_json(show, "verify", "--target", "s3")["damage"] == []
    assert "nothing to do" in run(show, "publish", "--locked", "--target", "s3").stdout


@pytest.mark.parametrize("spoil", ["", "status", "type", "length", "range", "bytes"])
def test_over_the_web_as_apps_ask(tmp_path: Path, spoil: str) -> None:
    show = make_spoken(tmp_path / "show", "one")
    with serving(show / "public", spoil) as base_url:
        move_to(show, base_url)
        run(show, "publish", "--locked")
        words = ("verify", "--public", "--allow-private", "127.0.0.0/8")
        document = run_json(show, *words, exit_code=1 if spoil else 0)
        assert bool(document["damage"]) == bool(spoil), document
        assert document["over"] == "web"
        assert run_json(show, "verify", "--public", exit_code=1)["damage"]  # not without being allowed


@pytest.mark.integration
def test_large_files_are_verified_in_little_memory(tmp_path: Path) -> None:
    """Eight at a time, and none of them as a whole."""
    show = make_spoken(tmp_path / "show", *(f"n{number}" for number in range(8)))
    for number in range(8):
        finish_spoken(show, f"n{number}", bytes([number]) * 30_000_000)
    run(show, "publish", "--locked")
    limit = 64_000_000
    script = f"""
import resource, sys
from publisher.__main__ import run
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
sys.argv = ["publisher", "-C", {str(show)!r}, "verify"]
code = run()
grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) * 1024
sys.exit(code or (f"grown by {{grown}} bytes" if grown > {limit} else 0))
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "is live and whole" in done.stdout


@pytest.mark.integration
def test_three_hundred_episodes_in_ten_seconds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    use_credentials(monkeypatch)
    show = make_spoken(tmp_path / "show", "one")
    target = running_server().new_target()
    with (show / "show.toml").open("a") as file:
        file.write(
            f'\n[targets.s3]\nurl = "{target.url}"\nregion = "us-east-1"\nendpoint = "{target.endpoint}"\n'
        )
    for number in range(300):
        write_spoken(show, f"n{number}", date=f"2025-{1 + number // 28:02}-{1 + number % 28:02} 06:00")
        finish_spoken(show, f"n{number}", f"{number} ".encode() * 20_000)
    run(show, "publish", "--locked", "--target", "s3")
    started = time.monotonic()
    document = run_json(show, "verify", "--target", "s3")
    assert document["damage"] == []
    assert document["checked"] > 600
    assert time.monotonic() - started < 60  # quiet: 10; one after another, it is longer than this
