"""A real folder, edited in every way a person edits one, built and published; a listener judges what came of it."""

from __future__ import annotations

import contextlib
import hashlib
import json
import shutil
import uuid
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from depth import examples
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from listener import Listener

from publisher.building import BuildRequest, Built, build
from publisher.errors import GuardError, SourceError
from publisher.feed.reader import read_items
from publisher.model import Plan
from publisher.plan import make_plan
from publisher.publish import apply, read_live
from publisher.storage.directory import DirectoryStorage

pytestmark = pytest.mark.integration

SHOWS = Path(__file__).parent / "shows"
BASE = "https://media.example.org/small/"
FEED = "small-show.xml"
NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)


class Desk:
    """One show's folder with its target and one listener."""

    def __init__(self, folder: Path, now: datetime = NOW) -> None:
        self.root = folder / "show"
        self.now = now
        shutil.copytree(SHOWS / "minimal", self.root)
        shutil.rmtree(self.root / "episodes/pilot")
        self.target = DirectoryStorage(folder / "public")
        self.listener = Listener(self._get, BASE, FEED)
        self.said: list[str] = []

    def _get(self, key: str) -> tuple[bytes, str] | None:
        path = Path(self.target.address, key)
        data = path.read_bytes() if path.is_file() else None
        return None if data is None else (data, hashlib.sha256(data).hexdigest())

    def write(self, slug: str, *, date: str = "2026-01-05 06:00", canary: str = "", **more: str) -> None:
        """Write an episode with finished audio; `canary` goes into every field that holds words."""
        folder = self.root / "episodes" / slug
        folder.mkdir()
        guid = uuid.uuid5(uuid.NAMESPACE_URL, slug)
        lines = [
            f"title: {canary or slug} title",
            f"guid: {guid}",
            f"date: {date}",
            f"summary: {canary} summary of {slug}",
            "chapters:",
            f'  - {{at: "00:00", title: {canary} start, url: "https://example.org/{canary}"}}',
            f'  - {{at: "00:20", title: {canary} end}}',
            f'soundbites: [{{at: "00:01", duration: "00:05", title: {canary} bite}}]',
            "people: [ana]",
            f"location: {{name: {canary} place, country: US}}",
            f"questions: [{canary} question]",
            f"corrections: [{{date: 2026-01-06, text: {canary} correction}}]",
            f"txt: [{{purpose: {canary or 'about'}, text: {canary} text}}]",
            "transcript: words.vtt",
            *(f"{key}: {value}" for key, value in more.items()),
        ]
        text = "\n".join(["---", *lines, "---", f"{canary} notes of {slug}.", ""])
        (folder / "episode.md").write_text(text, "utf-8")
        words = f"WEBVTT\n\n00:00.000 --> 00:05.000\n<v {canary or 'Ana'}>{canary} said\n"
        (folder / "words.vtt").write_text(words, "utf-8")
        self.finish(slug, f"sound of {slug} {canary}".encode() * 20)

    def finish(self, slug: str, audio: bytes) -> None:
        """Put finished audio and its lock in place."""
        sha256 = hashlib.sha256(audio).hexdigest()
        lock = json.loads((SHOWS / "minimal/episodes/pilot/audio.lock").read_text())
        key = f"audio/{slug}-{sha256[:26].translate(str.maketrans('0189', 'ghij'))}.mp3"
        lock |= {"bytes": len(audio), "sha256": sha256, "key": key}
        (self.root / "episodes" / slug / "audio.lock").write_text(
            json.dumps(lock, indent=2, sort_keys=True) + "\n"
        )
        path = self.root / "build" / key
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(audio)

    def build(self) -> Built:
        return build(BuildRequest(root=self.root, now=self.now, started_ns=0, locked=True))

    def plan(self) -> Plan:
        built = self.build()
        live = read_live(self.target, [FEED], read_items)
        plan = make_plan(built.artifacts, {FEED: built.items(BASE)}, live, target_name="test")
        self.said += [f"{step.key} {step.reason}" for step in plan.steps] + list(plan.impact)
        return plan

    def publish(self) -> None:
        apply(self.plan(), self.target)

    def public_files(self) -> Iterator[tuple[str, bytes]]:
        root = Path(self.target.address)
        for path in sorted(root.rglob("*")):
            if path.is_file():
                yield path.relative_to(root).as_posix(), path.read_bytes()


Edit = Callable[[Desk, str], None]


def _text(desk: Desk, slug: str, change: Callable[[str], str]) -> None:
    path = desk.root / "episodes" / slug / "episode.md"
    path.write_text(change(path.read_text("utf-8")), "utf-8")


def _field(name: str, value: str) -> Edit:
    def change(desk: Desk, slug: str) -> None:
        _text(
            desk,
            slug,
            lambda text: "\n".join(
                f"{name}: {value}" if line.startswith(f"{name}: ") else line for line in text.split("\n")
            ),
        )

    return change


def rename(desk: Desk, slug: str) -> None:
    folder = desk.root / "episodes" / slug
    folder.rename(folder.with_name(f"{slug}-x"))


def lose_the_lock(desk: Desk, slug: str) -> None:
    (desk.root / "episodes" / slug / "audio.lock").unlink(missing_ok=True)


def encode_anew(desk: Desk, slug: str) -> None:
    desk.finish(slug, b"from another encoder" * 9)


def lose_the_feed(desk: Desk, slug: str) -> None:
    shutil.rmtree(desk.root / "feeds", ignore_errors=True)


def lose_the_memory(desk: Desk, slug: str) -> None:
    shutil.rmtree(desk.root / ".publisher", ignore_errors=True)


def lose_the_episode(desk: Desk, slug: str) -> None:
    shutil.rmtree(desk.root / "episodes" / slug)


def write_one_more(desk: Desk, slug: str) -> None:
    desk.write(f"{slug}-y", date="2026-02-05 06:00")


def publish(desk: Desk, slug: str) -> None:
    """Publish what can be; what a guard or the loader refuses must not have changed anything."""
    before = dict(desk.public_files())
    try:
        desk.publish()
    except (GuardError, SourceError):
        assert dict(desk.public_files()) == before
    desk.listener.poll(desk.now)


EDITS: dict[str, Edit] = {
    "retitle": _field("title", "Another title"),
    "title it as an old one": _field("title", "one title"),
    "re-date": _field("date", "2026-03-01 09:00"),
    "date into the future": _field("date", "2027-03-01 09:00"),
    "another guid": _field("guid", "5f0c1e0e-35f2-4a53-9d1c-93a5d0c3b7a1"),
    "draft": lambda desk, slug: _text(
        desk, slug, lambda text: text.replace("title:", "draft: true\ntitle:", 1)
    ),
    "edit the notes": lambda desk, slug: _text(desk, slug, lambda text: f"{text}\nMore.\n"),
    "rename": rename,
    "lose the lock": lose_the_lock,
    "encode anew": encode_anew,
    "lose the feed": lose_the_feed,
    "lose the memory": lose_the_memory,
    "lose the episode": lose_the_episode,
    "write one more": write_one_more,
    "publish": publish,
}


@settings(suppress_health_check=[HealthCheck.too_slow], max_examples=examples(40, deep=5000))
@given(st.lists(st.tuples(st.sampled_from(sorted(EDITS)), st.integers(0, 5)), min_size=1, max_size=8))
def test_no_edit_gives_a_listener_anything_twice_or_takes_it_away(
    tmp_path_factory: pytest.TempPathFactory, edits: list[tuple[str, int]]
) -> None:
    folder = tmp_path_factory.mktemp("desk")
    desk = Desk(folder)
    for slug in ("one", "two"):
        desk.write(slug)
    desk.publish()
    desk.listener.poll(desk.now)
    heard = {guid: (entry.url, entry.sha256) for guid, entry in desk.listener.heard.items()}
    assert len(heard) == 2
    for name, at in edits:
        slugs = sorted(
            path.name for path in (desk.root / "episodes").iterdir() if (path / "episode.md").is_file()
        )
        if slugs:
            with contextlib.suppress(FileExistsError):
                EDITS[name](desk, slugs[at % len(slugs)])
    publish(desk, "")
    assert desk.listener.complaints == []
    assert (
        heard.items() <= {guid: (each.url, each.sha256) for guid, each in desk.listener.heard.items()}.items()
    )
    shutil.rmtree(folder)


CANARY = "kanarienvogel"


@settings(max_examples=examples(80, deep=1000))
@given(
    st.lists(
        st.tuples(st.sampled_from(["draft", "late", "public"]), st.integers(1, 3_000_000)),
        min_size=1,
        max_size=4,
    )
)
def test_no_word_of_what_is_not_public_gets_out(
    tmp_path_factory: pytest.TempPathFactory, episodes: list[tuple[str, int]]
) -> None:
    folder = tmp_path_factory.mktemp("desk")
    desk = Desk(folder)
    desk.write("seed")
    due: list[datetime] = []
    for number, (state, seconds) in enumerate(episodes):
        date = desk.now + timedelta(seconds=seconds if state == "late" else -seconds)
        more = {"draft": "true"} if state == "draft" else {}
        secret = f"{CANARY}{number}" if state != "public" else ""
        desk.write(f"{secret or 'open'}-{number}", date=date.isoformat(), canary=secret, **more)
        due += [date] if state == "late" else []
    for moment in (desk.now, min(due, default=desk.now + timedelta(1)) - timedelta(seconds=1)):
        desk.now = moment
        desk.publish()
        desk.listener.poll(desk.now)
        for name, data in desk.public_files():
            assert CANARY not in name
            assert CANARY.encode() not in data, name
        assert CANARY not in " ".join(desk.said)
    if due:
        desk.now = min(due)
        desk.publish()
        assert any(CANARY.encode() in data for _, data in desk.public_files())
        desk.listener.poll(desk.now)
    assert desk.listener.complaints == []
    shutil.rmtree(folder)
