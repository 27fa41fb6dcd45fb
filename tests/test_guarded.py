"""The guards as people meet them: on the command line, with one witness or another gone."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from spoken_show import finish_spoken, guid_of, make_spoken, write_spoken
from test_cli import edit, run, run_json

from publisher.secrets import find_secret

LIVE = "public/small-show.xml"


@pytest.fixture
def published(tmp_path: Path) -> Path:
    show = make_spoken(tmp_path / "show", "one", "two", "three")
    run(show, "publish", "--locked")
    return show


def refused(show: Path, *words: str) -> str:
    """Publish, which must be refused without a change to the live feed; return what was said."""
    before = (show / LIVE).read_bytes()
    result = run(show, "publish", "--locked", *words, exit_code=4)
    assert (show / LIVE).read_bytes() == before
    assert result.stderr.endswith("live feed: unchanged\n")
    return result.stderr


def allowed(show: Path, *words: str) -> None:
    assert run_json(show, "publish", "--locked", *words)["live"] == "updated"


Breakage = Callable[[Path], None]
BREAKAGES: dict[str, tuple[Breakage, str, str]] = {
    "vanished": (
        lambda show: shutil.rmtree(show / "episodes/two"), f"--remove {guid_of('two')}", "would vanish"
    ),
    "guid": (
        lambda show: edit(show, "episodes/two/episode.md", guid_of("two"), "another"),
        f"--change-guid {guid_of('two')}",
        "second time",
    ),
    "audio": (
        lambda show: (finish_spoken(show, "two", b"other sound"), None)[1],
        f"--replace-audio {guid_of('two')}",
        "download it again",
    ),
    "date": (
        lambda show: edit(show, "episodes/two/episode.md", "2026-01-02", "2026-01-12"),
        f"--move-date {guid_of('two')}",
        "would move",
    ),
    "title": (
        lambda show: edit(show, "show.toml", '"Small Show"', '"Another Show"'),
        "--change-show-title",
        "title of the show",
    ),
    "categories": (
        lambda show: edit(show, "show.toml", '["Education"]', '["Arts > Design"]'),
        "--change-categories",
        "Arts > Design",
    ),
    "base url": (
        lambda show: edit(show, "show.toml", "media.example.org", "cdn.example.org"),
        "--change-base-url",
        "3 episodes would have another address",
    ),
    "feed": (
        lambda show: edit(show, "show.toml", "[feeds.small-show]", "[feeds.other-name]"),
        "--drop-feed small-show.xml",
        "nothing new any more",
    ),
    "secret": (
        lambda show: write_spoken(
            show, "two", date="2026-01-02 06:00", notes="Our key is AKIAIOSFODNN7EXAMPLE, keep it."
        ),
        "--not-secret small-show.xml --not-secret episodes/two.html",
        "an AWS access key",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", BREAKAGES)
def test_each_guard_stops_and_its_own_option_lets_it_pass(published: Path, name: str) -> None:
    breakage, option, words = BREAKAGES[name]
    breakage(published)
    said = refused(published)
    assert words in said
    assert option.partition(" --not")[0] in said
    assert "AKIAIOSFODNN7EXAMPLE" not in said
    others = [other for key, (_, other, _) in BREAKAGES.items() if key != name]
    refused(published, *" ".join(others).split())
    allowed(published, *option.split())


@pytest.mark.parametrize(
    ("old", "new"), [("summary", "draft: true\nsummary"), ("date: 2026-01-02", "date: 2126-01-02")]
)
def test_a_live_episode_that_waits_here_is_not_said_to_be_gone(published: Path, old: str, new: str) -> None:
    edit(published, "episodes/two/episode.md", old, new)
    said = refused(published)
    assert '"Episode two" is live but here it is a draft or its date is to come' in said
    allowed(published, "--remove", guid_of("two"))


_AS_NOBODY = """
import os, sys
from click.testing import CliRunner
from publisher.cli import publisher

words = ["-C", sys.argv[1], "publish", "--locked"]
CliRunner().invoke(publisher, words)  # while everything that it loads may be read
for name in ("show.toml", "episodes/two/episode.md"):
    os.chmod(f"{sys.argv[1]}/{name}", 0)
os.geteuid() or os.setuid(65534)
done = CliRunner().invoke(publisher, words)
print(done.stderr)
sys.exit(done.exit_code)
"""


def test_a_source_that_may_not_be_read_is_said_plainly(published: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", _AS_NOBODY, str(published)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 3, done.stderr
    assert f"no permission to read or write {published}" in done.stdout
    assert "live feed: unchanged" in done.stdout


def test_another_title_and_folder_change_nothing_of_an_episode_s_identity(published: Path) -> None:
    def identity() -> list[str]:
        feed = (published / LIVE).read_text()
        return [line.strip() for line in feed.splitlines() if "<guid" in line or "<enclosure" in line]

    before = identity()
    assert f'<guid isPermaLink="false">{guid_of("two")}</guid>' in before
    edit(published, "episodes/two/episode.md", "Episode two", "A corrected title")
    (published / "episodes/two").rename(published / "episodes/corrected")
    allowed(published)
    assert "A corrected title" in (published / LIVE).read_text()
    assert identity() == before


@pytest.mark.parametrize("name", ["vanished", "guid", "audio", "date"])
@pytest.mark.parametrize("witness", ["committed feed", "record", "memory", "pages"])
def test_a_witness_less_fools_no_guard(published: Path, name: str, witness: str) -> None:
    gone = {
        "committed feed": published / "feeds",
        "record": published / "public/.publisher",
        "memory": published / ".publisher",
        "pages": published / "public/episodes",
    }
    BREAKAGES[name][0](published)
    shutil.rmtree(gone[witness])
    assert BREAKAGES[name][2] in refused(published)


def test_a_guid_is_guarded_by_the_committed_feed_when_nothing_is_live(published: Path) -> None:
    shutil.rmtree(published / "public")
    BREAKAGES["guid"][0](published)
    assert "--change-guid" in run(published, "publish", "--locked", exit_code=4).stderr
    assert not (published / LIVE).exists()


def test_a_checkout_without_a_live_episode_cannot_publish_it_away(tmp_path: Path) -> None:
    show = make_spoken(tmp_path / "show", "one")
    run(show, "publish", "--locked")
    stale = tmp_path / "stale"
    shutil.copytree(show, stale, ignore=shutil.ignore_patterns("public"))
    edit(stale, "show.toml", "[feeds", f'[targets.local]\nurl = "file:{show}/public"\n\n[feeds')
    write_spoken(show, "new")
    run(show, "publish", "--locked")
    write_spoken(stale, "other", date="2026-01-30 06:00")
    before = (show / LIVE).read_bytes()
    said = run(stale, "publish", "--locked", exit_code=4).stderr
    assert "Episode new" in said
    assert (show / LIVE).read_bytes() == before


def test_releases_say_who_only_when_the_show_wants_it(
    published: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PUBLISHER_NAME", "the evening shift")
    assert json.loads(run(published, "releases", "--json").stdout)["releases"][0]["published_by"] is None
    edit(published, "show.toml", 'language = "en"', 'language = "en"\nsign_releases = true')
    write_spoken(published, "four")
    run(published, "publish", "--locked")
    newest = run_json(published, "releases")["releases"][0]
    assert newest["published_by"] == "the evening shift"


@pytest.mark.parametrize(
    "text",
    [
        b"key AKIAIOSFODNN7EXAMPLE.",
        b"ASIAIOSFODNN7EXAMPLE",
        b"aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
        b"https://example.org/a.mp3?X-Amz-Signature=0123456789abcdef0123",
        b"-----BEGIN RSA PRIVATE KEY-----",
        b"-----BEGIN PRIVATE KEY-----",
        b"-----BEGIN OPENSSH PRIVATE KEY-----",
        b"ghp_" + b"a1B2" * 9,
        b"xoxb-123456789012-abcdef",
        b"Authorization: Bearer abcdefghijklmnopqrstuvwxyz0123",
    ],
)
def test_a_secret_is_found_and_its_line_told(text: bytes) -> None:
    found = find_secret(b"first line\nsecond " + text + b"\nlast")
    assert found
    assert found.line == 2
    assert text.decode() not in found.kind


@pytest.mark.parametrize(
    "text",
    [
        b"AKIA is how such a key starts, and BEGIN PRIVATE KEY is a heading",
        b"the ghost of gh_actions, eyJust words, a bearer of news, sk-8 boards",
        b"a digest audio/one-4a5wdv3wqk7xk2z7dxgt2mmeoa.mp3 and 3a0d6d5e-3f0f-4b0e-9a0d-0f7f6f9f2f11",
    ],
)
def test_plain_words_are_no_secret(text: bytes) -> None:
    assert find_secret(text) is None
