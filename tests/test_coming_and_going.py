"""Drafts, scheduled and withdrawn episodes: in nothing that is published, and back when it is their time."""

from __future__ import annotations

import json
import random
import shutil
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from depth import examples
from s3_server import running_server, use_credentials
from spoken_show import finish_spoken, guid_of, make_spoken, write_spoken
from test_cli import edit, run, run_json

from publisher.building import BuildRequest, build
from publisher.storage import open_storage
from publisher.storage.protocol import Clocked

LIVE = "public/small-show.xml"
CANARY = "canary"
FUTURE = "2199-01-01 06:00"


def everything(show: Path) -> str:
    """Return all that is public, names and bytes."""
    files = (path for path in (show / "public").rglob("*") if path.is_file())
    return "\n".join(f"{path}\n{path.read_bytes().decode('latin-1')}" for path in files)


def write_canary(show: Path, name: str, *, date: str, more: str = "") -> None:
    """Write an episode that has the word in every field and file."""
    word = f"{CANARY}-{name}"
    fields = (
        f'chapters:\n  - {{at: "00:00", title: {word}}}\n  - {{at: "00:30", title: {word} two}}\n'
        f"questions: [{word}?]\nseason_name: {word}\nseason: 1\n{more}"
    )
    write_spoken(show, name, date=date, more=fields, notes=f"All about {word}.")
    path = show / f"episodes/{name}/episode.md"
    path.write_text(path.read_text().replace(f"Episode {name}", word).replace(f"About {name}", word))
    (show / f"episodes/{name}/transcript.vtt").write_text(f"WEBVTT\n\n00:00.000 --> 00:05.000\n{word}\n")
    finish_spoken(show, name, f"{word} ".encode() * 50)


def test_drafts_and_scheduled_episodes_are_in_nothing_public(tmp_path: Path) -> None:
    show = make_spoken(tmp_path / "show", "one")
    write_canary(show, "early", date=FUTURE)
    write_canary(show, "draft", date="2026-01-05 06:00", more="draft: true\n")
    for words in (
        ("plan",),
        ("publish",),
        ("publish", "--json"),
        ("plan", "-v"),
        ("due",),
        ("releases", "-v"),
    ):
        locked = () if words[0] in {"due", "releases"} else ("--locked",)
        result = run(show, *words, *locked)
        assert CANARY not in result.stdout + result.stderr, words
    assert CANARY not in everything(show)
    assert "early" not in everything(show)


SAYING = [
    ("plan",),
    ("plan", "-v", "--json"),
    ("build", "--locked", "-v"),
    ("publish", "--stage", "-v"),
    ("publish", "--stage", "--json"),
    ("publish",),
    ("due", "--json"),
    ("releases", "--json"),
    ("verify", "-v", "--json"),
    ("rollback", "--json"),
]


@pytest.mark.parametrize("seed", range(examples(6, deep=200)))
def test_no_output_and_no_error_names_what_is_to_come_in_any_language(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    show = make_spoken(tmp_path / "show", "one")
    edit(
        show,
        "show.toml",
        "[feeds.small-show]",
        '[feeds.small-show-es]\nlanguage = "es"\n\n[feeds.small-show]',
    )
    translate(show, "one", "uno")
    run(show, "publish", "--locked")
    write_spoken(show, "open", date="2026-01-20 06:00")
    for number in range(chance.randint(1, 4)):
        is_draft = chance.random() < 0.5
        date = "2026-01-05 06:00" if is_draft and chance.random() < 0.5 else f"2199-01-0{number + 1} 06:00"
        write_canary(show, f"{CANARY}-{number}", date=date, more="draft: true\n" if is_draft else "")
        translate(show, f"{CANARY}-{number}", f"{CANARY}-es")
    for words in SAYING:
        locked = ("--locked",) if words[0] in {"plan", "publish"} else ()
        result = run(show, *words, *locked)
        assert CANARY not in result.stdout + result.stderr, words
    staged = {path.name for path in (show / "public/audio").glob(f"{CANARY}*")}
    for name in staged:
        assert name not in everything(show).replace(f"public/audio/{name}\n", "")
        (show / "public/audio" / name).unlink()
    assert CANARY not in everything(show)
    assert "uno" in (show / "public/small-show-es.xml").read_text()
    refuse: dict[str, Callable[[], object]] = {
        "a guard": lambda: edit(show, "episodes/one/episode.md", "guid-of-one", "another"),
        "a lost episode": lambda: shutil.rmtree(show / "episodes/one"),
    }
    for break_it in refuse.values():
        break_it()
        result = run(show, "publish", "--locked", "--stage", "-v", exit_code=4)
        assert CANARY not in result.stdout + result.stderr
        assert CANARY not in run(show, "plan", "--locked", "--json", exit_code=4).output


def translate(show: Path, name: str, word: str) -> None:
    """Write an episode in Spanish, too."""
    text = f"---\ntitle: {word}\nsummary: {word}.\n---\n\n{word} en palabras.\n"
    (show / f"episodes/{name}/episode.es.md").write_text(text, encoding="utf-8")


def test_never_a_second_early(tmp_path: Path) -> None:
    show = make_spoken(tmp_path / "show", "one")
    write_canary(show, "two", date="2026-06-01 06:00 +00:00")
    due = datetime(2026, 6, 1, 6, tzinfo=UTC)

    def states(now: datetime) -> dict[str, str]:
        request = BuildRequest(root=show, now=now, started_ns=0, locked=True)
        return {episode.slug: episode.state for episode in build(request).episodes}

    assert states(due - timedelta(seconds=1)) == {"one": "public", "two": "scheduled"}
    assert CANARY not in (show / "feeds/small-show.xml").read_text()
    assert not list((show / "build").glob("*/two*.html"))
    assert states(due) == {"one": "public", "two": "public"}


def test_a_feed_built_too_early_is_not_believed_by_publish(tmp_path: Path) -> None:
    show = make_spoken(tmp_path / "show", "one")
    run(show, "publish", "--locked")
    before = (show / LIVE).read_bytes()
    write_spoken(show, "two", date=FUTURE)
    build(BuildRequest(show, datetime(2200, 1, 1, tzinfo=UTC), 0, locked=True))  # a clock that is far ahead
    refused = run(show, "publish", "--locked", exit_code=4)
    assert "time has not come" in refused.stderr
    assert "Episode two" not in refused.stderr
    assert (show / LIVE).read_bytes() == before
    assert "two" not in everything(show)
    assert run_json(show, "publish", "--locked", "--early", guid_of("two"))["live"] == "updated"


def test_audio_is_staged_under_a_name_that_nobody_can_guess(tmp_path: Path) -> None:
    show = make_spoken(tmp_path / "show", "one")
    write_canary(show, "two", date=FUTURE)
    run(show, "publish", "--locked")
    result = run(show, "publish", "--locked", "--stage")
    assert "two" not in result.stdout + result.stderr
    (staged,) = (show / "public/audio").glob("two-*")
    assert len(staged.stem.rpartition("-")[2]) == 26
    others = [path for path in (show / "public").rglob("*") if path.is_file() and path != staged]
    assert not [path for path in others if CANARY.encode() in path.read_bytes()]
    assert not [path for path in others if staged.stem[-26:].encode() in path.read_bytes()]
    assert run_json(show, "publish", "--locked", "--stage")["staged"] == 0
    edit(show, "episodes/two/episode.md", FUTURE, "2026-02-01 06:00")
    assert run_json(show, "publish", "--locked")["live"] == "updated"
    assert staged.name in (show / LIVE).read_text()


def test_no_failure_of_staging_names_what_is_to_come(tmp_path: Path) -> None:
    show = make_spoken(tmp_path / "show", "one")
    write_canary(show, "two", date=FUTURE)
    made = show / "build" / json.loads((show / "episodes/two/audio.lock").read_text())["key"]
    data = made.read_bytes()
    for spoiled in (None, b"other bytes"):
        made.unlink(missing_ok=True)
        if spoiled:
            made.write_bytes(spoiled)
        result = run(show, "publish", "--locked", "--stage", exit_code=3)
        assert "scheduled episode" in result.stderr
        assert made.name not in result.stdout + result.stderr
        assert CANARY not in result.stdout + result.stderr
        assert "live feed: " in result.stderr
    made.write_bytes(data)
    assert run_json(show, "publish", "--locked", "--stage")["staged"] == 1


def test_due_says_when_and_never_what(tmp_path: Path) -> None:
    show = make_spoken(tmp_path / "show", "one")
    document = run_json(show, "due", exit_code=1)
    assert (document["due"], document["scheduled"], document["next"]) == (1, 0, None)
    run(show, "build", "--locked")
    assert "nothing is scheduled" in run(show, "due").stdout
    write_canary(show, "two", date=FUTURE)
    write_canary(show, "three", date="2026-01-03 06:00", more="draft: true\n")
    document = run_json(show, "due")
    assert (document["due"], document["scheduled"]) == (0, 1)
    assert document["next"] == "2199-01-01T14:00:00+00:00"
    assert document["seconds"] > 0
    assert CANARY not in run(show, "due").stdout


def test_withdrawing_takes_an_episode_out_and_keeps_its_guid(tmp_path: Path) -> None:
    show = make_spoken(tmp_path / "show", "one", "two", "three")
    run(show, "publish", "--locked")
    document = run_json(show, "withdraw", "two", "--reason", "a guest: asked")
    assert (document["guid"], document["changed"]) == (guid_of("two"), True)
    assert run_json(show, "withdraw", "two")["changed"] is False
    assert "withdrawn" in run(show, "list").stdout
    result = run(show, "publish", "--locked")
    assert '1 episode removed: "Episode two"' in result.stdout
    assert guid_of("two") not in (show / LIVE).read_text()
    assert "Episode two" not in (show / "public/index.html").read_text()
    assert "nothing to do" in run(show, "publish", "--locked").stdout

    write_spoken(show, "four")
    edit(show, "episodes/four/episode.md", guid_of("four"), guid_of("two"))
    assert "belongs to episodes/two" in run(show, "publish", "--locked", exit_code=2).stderr
    edit(show, "episodes/four/episode.md", guid_of("two"), guid_of("four"))

    run(show, "withdraw", "two", "--undo")
    run(show, "publish", "--locked")
    assert guid_of("two") in (show / LIVE).read_text()


@pytest.mark.parametrize(
    "text", ["x: 1", "g:\n  episode: one\n", "g:\n  episode: one\n  title: T\n  on: today\n"]
)
def test_a_damaged_list_of_withdrawn_episodes_stops_everything(tmp_path: Path, text: str) -> None:
    show = make_spoken(tmp_path / "show", "one")
    (show / "episodes/withdrawn.yaml").write_text(text)
    assert "withdrawn.yaml" in run(show, "publish", "--locked", exit_code=2).stderr


@pytest.mark.integration
def test_a_bucket_tells_its_own_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    use_credentials(monkeypatch)
    storage = open_storage(running_server().new_target(), tmp_path)
    assert isinstance(storage, Clocked)
    assert storage.read("nothing") is None
    assert storage.clock
    assert abs((datetime.now(UTC) - storage.clock).total_seconds()) < 60


@pytest.mark.integration
def test_a_clock_that_is_ahead_makes_nothing_public_early(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    use_credentials(monkeypatch)
    target = running_server().new_target()
    show = make_spoken(tmp_path / "show", "one")
    edit(
        show,
        "show.toml",
        "[feeds",
        f'[targets.s3]\nurl = "{target.url}"\nregion = "us-east-1"\nendpoint = "{target.endpoint}"\n\n[feeds',
    )
    write_canary(show, "two", date=FUTURE)
    late = datetime.fromisoformat(FUTURE.replace(" ", "T")).replace(tzinfo=UTC) + timedelta(days=2)
    monkeypatch.setattr("publisher.cli.session.Session.now", property(lambda _: late))
    result = run(show, "publish", "--locked", "--target", "s3")
    assert "minutes ahead of the storage's" in result.stderr
    storage = open_storage(target, tmp_path)
    for entry in list(storage.list()):
        stored = storage.read(entry.key)
        assert stored
        assert CANARY.encode() not in stored.data, entry.key
    assert CANARY not in result.stdout + result.stderr
