"""The build: only what changed, and always the bytes of a whole build."""

from __future__ import annotations

import os
import shutil
import uuid
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from depth import examples
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from publisher.building import BuildRequest, Built, build
from publisher.building.assembly import stale_feeds
from publisher.building.memory import MEMORY_FILE
from publisher.errors import SourceError
from publisher.model import Role

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
FEED = "feeds/small-show.xml"
PILOT = "episodes/pilot/episode.md"


def run(root: Path, now: datetime = NOW, *, started_ns: int = 0) -> Built:
    """Build as CI does, without audio; by default every stamp counts as too fresh to be believed."""
    return build(BuildRequest(root=root, now=now, started_ns=started_ns, locked=True))


def edit(root: Path, name: str, old: str, new: str) -> None:
    path = root / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def add_episode(root: Path, slug: str, **changes: str) -> None:
    folder = root / "episodes" / slug
    shutil.copytree(root / "episodes/pilot", folder)
    text = (folder / "episode.md").read_text()
    guid = str(uuid.uuid5(uuid.NAMESPACE_URL, slug))
    values = {"title": f"Episode {slug}", "guid": guid, **changes}
    lines = [
        f"{key}: {values.pop(key)}" if (key := line.partition(":")[0]) in values else line
        for line in text.split("\n")
    ]
    lines[1:1] = [f"{key}: {value}" for key, value in values.items()]
    (folder / "episode.md").write_text("\n".join(lines))
    lock = (folder / "audio.lock").read_text()
    (folder / "audio.lock").write_text(lock.replace("audio/pilot-", f"audio/{slug}-"))


def outputs(root: Path) -> dict[str, bytes]:
    """Return every made file, by name; what the cache holds does not count."""
    files = [path for folder in ("build", "feeds") for path in (root / folder).rglob("*") if path.is_file()]
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in files}


def cold(root: Path, scratch: Path, now: datetime = NOW) -> dict[str, bytes]:
    """Return what a whole build of a fresh copy makes; the committed feed is a witness and comes along."""
    copy = scratch / f"cold-{uuid.uuid4().hex[:8]}"
    shutil.copytree(root, copy, ignore=shutil.ignore_patterns("build", ".publisher"))
    run(copy, now)
    made = outputs(copy)
    shutil.rmtree(copy)
    return made


def stamps(root: Path) -> dict[str, tuple[int, int]]:
    paths = [path for path in root.rglob("*") if path.is_file()]
    return {str(path): (path.stat().st_mtime_ns, path.stat().st_ino) for path in paths}


def problems_of(root: Path) -> list[tuple[str, str]]:
    with pytest.raises(SourceError) as caught:
        run(root)
    return [(str(problem.place), problem.message) for problem in caught.value.problems]


def test_a_build_makes_pages_sidecars_and_feed(minimal: Path) -> None:
    built = run(minimal)
    kinds = {artifact.key.partition("/")[0]: artifact.role for artifact in built.artifacts}
    assert kinds == {
        "audio": Role.MEDIA,
        "chapters": Role.SIDECAR,
        "covers": Role.SIDECAR,
        "assets": Role.SIDECAR,
        "episodes": Role.PAGE,
        "small-show.xml": Role.FEED,
        "index.html": Role.LISTING,
    }
    assert all(artifact.path.is_file() for artifact in built.artifacts if artifact.role is not Role.MEDIA)
    assert [(feed.name, feed.items) for feed in built.feeds] == [("small-show", 1)]
    [item] = built.items("https://media.example.org/small/")
    assert (item.title, item.audio_bytes, item.date) == ("Pilot", 960_000, "2026-01-05T14:00:00+00:00")


def test_a_second_build_writes_nothing(minimal: Path) -> None:
    run(minimal, started_ns=2**63)
    before = stamps(minimal)
    assert run(minimal, started_ns=2**63).made == frozenset()
    assert stamps(minimal) == before


def test_a_touched_file_is_read_but_not_made_again(minimal: Path) -> None:
    run(minimal)
    for name in (PILOT, "show.toml", "episodes/pilot/audio.lock", "episodes/cover.jpg"):
        os.utime(minimal / name, ns=(1, 1))
    before = stamps(minimal / "build")
    assert run(minimal).made == frozenset()
    assert stamps(minimal / "build") == before


def test_an_edit_that_keeps_size_and_time_is_seen(minimal: Path) -> None:
    run(minimal, started_ns=2**63)
    stat = (minimal / PILOT).stat()
    edit(minimal, PILOT, "title: Pilot", "title: Polit")
    os.utime(minimal / PILOT, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    assert run(minimal, started_ns=2**63).made == {"pilot"}


def test_one_change_makes_one_episode_again(minimal: Path, tmp_path: Path) -> None:
    add_episode(minimal, "second", date="2026-01-12 06:00", episode="2")
    assert run(minimal).made == {"pilot", "second"}
    page = (minimal / "build/episodes/second.html").stat().st_mtime_ns
    edit(minimal, PILOT, "title: Pilot", "title: Colorín")
    assert run(minimal).made == {"pilot"}
    assert (minimal / "build/episodes/second.html").stat().st_mtime_ns == page
    assert outputs(minimal) == cold(minimal, tmp_path)
    assert "Colorín".encode() in (minimal / FEED).read_bytes()


@pytest.mark.parametrize("broken", [b"", b"{", b'{"format": 1}', b'{"format": 99}', b"[]", b"\xff"])
def test_a_damaged_memory_costs_time_but_no_byte(minimal: Path, broken: bytes) -> None:
    run(minimal)
    before = outputs(minimal)
    (minimal / MEMORY_FILE).write_bytes(broken)
    assert run(minimal).made == {"pilot"}
    assert outputs(minimal) == before


def test_what_is_deleted_or_edited_in_outputs_is_made_again(minimal: Path) -> None:
    run(minimal)
    before = outputs(minimal)
    shutil.rmtree(minimal / "build")
    (minimal / FEED).write_text("edited")
    run(minimal)
    assert outputs(minimal) == before


def test_drafts_and_future_episodes_leave_no_trace(minimal: Path) -> None:
    add_episode(minimal, "canary", date="2026-07-01 06:00", title="CANARY", episode="2")
    add_episode(minimal, "bird", draft="true", title="CANARY", episode="3")
    built = run(minimal)
    assert {episode.slug: episode.state for episode in built.episodes} == {
        "pilot": "public",
        "canary": "scheduled",
        "bird": "draft",
    }
    assert not any(b"CANARY" in data or "canary" in name for name, data in outputs(minimal).items())
    later = NOW + timedelta(days=60)
    assert run(minimal, later).made
    assert b"CANARY" in (minimal / FEED).read_bytes()
    assert "build/episodes/canary.html" in outputs(minimal)
    edit(minimal, "episodes/canary/episode.md", "title: CANARY", "draft: true\ntitle: CANARY")
    run(minimal, later)
    assert not any(b"CANARY" in data for data in outputs(minimal).values())


def test_an_episode_comes_out_at_its_second_and_not_before(minimal: Path) -> None:
    add_episode(minimal, "timed", date="2026-06-02 06:00", episode="2")
    due = datetime(2026, 6, 2, 13, tzinfo=UTC)
    assert run(minimal, due - timedelta(seconds=1)).feeds[0].items == 1
    assert run(minimal, due).feeds[0].items == 2


def test_a_clock_that_goes_back_does_not_unpublish(minimal: Path) -> None:
    run(minimal)
    before = outputs(minimal)
    shutil.rmtree(minimal / ".publisher")
    assert run(minimal, datetime(2001, 1, 1, tzinfo=UTC)).feeds[0].items == 1
    assert outputs(minimal) == before


def test_an_episode_that_goes_takes_its_page_along(minimal: Path, tmp_path: Path) -> None:
    add_episode(minimal, "second", date="2026-01-12 06:00", episode="2")
    run(minimal)
    shutil.rmtree(minimal / "episodes/second")
    run(minimal)
    assert outputs(minimal) == cold(minimal, tmp_path)


def test_two_episodes_with_one_guid_are_refused_at_the_line(minimal: Path) -> None:
    add_episode(minimal, "second", guid="0F9F4A1E-0D0E-4C55-9D3F-3F0A2F4A8D11", date="2026-01-12 06:00")
    assert problems_of(minimal) == [
        ("episodes/second/episode.md:3:7", "this guid is also that of episodes/pilot")
    ]
    assert not (minimal / FEED).exists()


def test_all_problems_of_all_episodes_come_at_once_and_the_feed_stays(minimal: Path) -> None:
    run(minimal)
    before = (minimal / FEED).read_bytes()
    add_episode(minimal, "second", date="2026-02-30 06:00")
    edit(minimal, PILOT, "people: [ana]", "people: [anna]")
    (minimal / "episodes/second/audio.lock").unlink()
    places = [place for place, _ in problems_of(minimal)]
    assert places == ["episodes/pilot/episode.md:8:10", "episodes/second/episode.md:4:7"]
    assert (minimal / FEED).read_bytes() == before


def test_an_episode_without_audio_or_lock_says_what_to_do(minimal: Path) -> None:
    (minimal / "episodes/pilot/audio.lock").unlink()
    with pytest.raises(SourceError) as caught:
        run(minimal)
    assert "neither a recording nor an audio.lock" in caught.value.message
    (minimal / "episodes/pilot/talk.wav").write_bytes(b"RIFF")
    with pytest.raises(SourceError) as caught:
        run(minimal)
    assert "publisher audio pilot" in caught.value.hint


def test_a_transcript_that_outlasts_the_audio_is_refused(minimal: Path) -> None:
    (minimal / "episodes/pilot/transcript.vtt").write_text("WEBVTT\n\n00:00.000 --> 01:30.000\nToo long.\n")
    [(place, message)] = problems_of(minimal)
    assert place.startswith("episodes/pilot/transcript.vtt")
    assert "01:30" in message
    assert "01:00" in message


def test_a_transcript_without_times_is_published_as_text(minimal: Path) -> None:
    (minimal / "episodes/pilot/transcript.txt").write_text("Ana: Hello.\n\nBob: Hello, Colorín.\n")
    keys = [artifact.key for artifact in run(minimal).artifacts if artifact.key.startswith("transcripts/")]
    assert [key.rpartition(".")[2] for key in keys] == ["txt"]
    assert "Colorín" in (minimal / "build" / keys[0]).read_text(encoding="utf-8")
    assert b'type="text/plain"' in (minimal / FEED).read_bytes()


def test_a_cover_that_directories_refuse_stops_the_build(minimal: Path) -> None:
    from PIL import Image

    Image.new("RGB", (1000, 900)).save(minimal / "episodes/cover.jpg")
    [(place, message), *_] = problems_of(minimal)
    assert place == "show.toml:9:9"
    assert "cover.jpg" in message


@pytest.mark.integration
def test_many_episodes_on_two_processes_give_the_bytes_of_one(minimal: Path) -> None:
    for number in range(220):
        day = datetime(2024, 1, 1, 6) + timedelta(days=number)  # noqa: DTZ001 - as an author writes it
        add_episode(minimal, f"part-{number}", date=f"{day:%Y-%m-%d %H:%M}", episode=str(number + 2))
    assert len(run(minimal).made) == 221
    assert stale_feeds(minimal, NOW) == ()  # which reads and renders in this process


def test_a_stale_feed_is_named_with_both_versions(minimal: Path) -> None:
    run(minimal)
    assert stale_feeds(minimal, NOW) == ()
    edit(minimal, PILOT, "title: Pilot", "title: Pilots")
    [(path, committed, right)] = stale_feeds(minimal, NOW)
    assert path == FEED
    assert committed == (minimal / FEED).read_bytes()
    assert right.count(b"Pilots") == 1
    assert b"Pilots" not in committed


_TITLES = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), min_size=1, max_size=12
).filter(str.strip)


class Editing(RuleBasedStateMachine):
    """Edit a show at random; after each build, everything must be as a whole build would have made it."""

    template: Path
    scratch: Path

    def __init__(self) -> None:
        super().__init__()
        self.root = self.scratch / uuid.uuid4().hex
        self.now = NOW
        self.count = 0

    @initialize()
    def start(self) -> None:
        shutil.copytree(self.template, self.root)

    @rule(title=_TITLES)
    def retitle(self, title: str) -> None:
        import json

        lines = (self.root / PILOT).read_text(encoding="utf-8").split("\n")
        lines[1] = f"title: {json.dumps(title, ensure_ascii=False)}"
        (self.root / PILOT).write_text("\n".join(lines), encoding="utf-8")

    @rule(draft=st.booleans(), day=st.integers(1, 28))
    def add(self, draft: bool, day: int) -> None:
        self.count += 1
        changes = {"draft": "true"} if draft else {}
        add_episode(
            self.root,
            f"more-{self.count}",
            date=f"2026-0{1 + day % 9}-{day:02} 06:00",
            episode=str(self.count + 1),
            **changes,
        )

    @rule(pick=st.integers(0, 5))
    def remove(self, pick: int) -> None:
        shutil.rmtree(self.root / f"episodes/more-{pick}", ignore_errors=True)

    @rule()
    def touch(self) -> None:
        for path in (self.root / "episodes").rglob("*"):
            os.utime(path)

    @rule(name=st.sampled_from(["build", ".publisher", "feeds", "build/episodes"]))
    def lose(self, name: str) -> None:
        shutil.rmtree(self.root / name, ignore_errors=True)

    @rule(title=st.sampled_from(["One", "Two"]))
    def change_catalogue(self, title: str) -> None:
        text = f"toolkit:\n  title: {title}\n  url: https://example.org/toolkit\n"
        (self.root / "episodes/resources.yaml").write_text(text)

    @rule(weeks=st.integers(0, 10))
    def wait(self, weeks: int) -> None:
        self.now += timedelta(weeks=weeks)

    @invariant()
    def a_build_is_whole(self) -> None:
        if self.root.exists():
            run(self.root, self.now)
            assert outputs(self.root) == cold(self.root, self.scratch, self.now)


@pytest.mark.integration
def test_any_edits_end_in_the_bytes_of_a_whole_build(tmp_path: Path, minimal: Path) -> None:
    machine: Any = type("Machine", (Editing,), {"template": minimal, "scratch": tmp_path})
    machine.TestCase.settings = settings(
        max_examples=examples(8, deep=200),
        stateful_step_count=12,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    machine.TestCase().runTest()
