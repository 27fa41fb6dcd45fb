"""What a build remembers of what it read: never wrong, however files change around it."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publisher.building import BuildRequest, Built, build
from publisher.building.assembly import assemble
from publisher.building.engine import engine_digest, engine_stamp
from publisher.building.look import Sight, look, look_again
from publisher.building.remembering import see
from publisher.building.seen import SEEN_FILE, Seen, Shelf, Sources, read_seen, write_seen
from publisher.building.snapshot import RACY, FileState, stamp_of
from publisher.errors import SurroundingsError
from publisher.files import digest_file

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
PILOT = "episodes/pilot/episode.md"
LATER = 2**63
"""A start long after every edit: all stamps can be believed."""


def request(root: Path, started_ns: int) -> BuildRequest:
    return BuildRequest(root=root, now=NOW, started_ns=started_ns, locked=True)


def run(root: Path) -> Built:
    """Build long after the last edit: every stamp can be believed."""
    return build(request(root, LATER))


def sight_of(root: Path) -> Sight:
    return look(root, read_seen(root), locked=True, started_ns=LATER)


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


numbers = st.integers(-2, 2**63 - 1)
states = st.builds(
    FileState,
    st.tuples(numbers, numbers, numbers, numbers),
    st.binary(min_size=32, max_size=32).map(bytes.hex) | st.just(""),
)
shelves = st.dictionaries(
    st.text(min_size=1, max_size=8),
    st.builds(
        Sources,
        st.tuples(numbers, numbers, numbers, numbers),
        st.dictionaries(st.text(min_size=1, max_size=8), states, max_size=4),
        st.booleans(),
    ),
    max_size=6,
)


@given(shelves)
def test_sources_come_off_the_shelf_as_they_were_put_on_it(episodes: dict[str, Sources]) -> None:
    shelf, copy = Shelf(), Shelf()
    for slug, sources in episodes.items():
        shelf.add(slug, sources)
    for slug in reversed(episodes):
        copy.take(slug, shelf, is_locked=slug in shelf.locked)
    assert {slug: shelf.get(slug) for slug in episodes} == episodes
    assert {slug: copy.get(slug) for slug in episodes} == episodes
    assert shelf.get("not there") is None


def test_what_was_seen_is_read_as_it_was_written(tmp_path: Path) -> None:
    shelf = Shelf()
    shelf.add("a", Sources((1, 2, 3, 4), {"x": FileState(RACY, "ab" * 32)}, is_locked=True))
    seen = Seen(engine="e", shared={"show.toml": FileState((5, 6, 7, 8), "cd" * 32)}, episodes=shelf)
    write_seen(tmp_path, seen)
    again = read_seen(tmp_path)
    assert (again.engine, again.shared, again.episodes.get("a")) == ("e", seen.shared, shelf.get("a"))


@pytest.mark.parametrize("keep", [0, 1, 40, -1])
def test_a_truncated_file_counts_as_nothing_seen(tmp_path: Path, keep: int) -> None:
    shelf = Shelf()
    shelf.add("a", Sources((1, 2, 3, 4), {"x": FileState(RACY, "ab" * 32)}, is_locked=True))
    write_seen(tmp_path, Seen(engine="e", episodes=shelf))
    path = tmp_path / SEEN_FILE
    path.write_bytes(path.read_bytes()[:keep])
    assert read_seen(tmp_path).engine == ""


def test_an_edit_during_a_build_is_made_by_the_next(minimal: Path) -> None:
    memory = run(minimal).memory
    sight = sight_of(minimal)
    edit(minimal / PILOT, "title: Pilot", "title: Later")  # the build has read the file already
    write_seen(minimal, see(request(minimal, LATER), sight, memory, ["pilot"], {}))
    assert run(minimal).made == {"pilot"}
    assert b"<title>Later</title>" in (minimal / "feeds/small-show.xml").read_bytes()
    assert run(minimal).made == frozenset()


def test_a_feed_that_is_changed_during_a_build_is_not_cut_up(minimal: Path) -> None:
    add = minimal / "episodes/other"
    add.mkdir()
    for name in ("episode.md", "audio.lock"):
        text = (minimal / "episodes/pilot" / name).read_text(encoding="utf-8")
        (add / name).write_text(text.replace("pilot-", "other-").replace("guid: ", "guid: other-"))
    run(minimal)
    edit(minimal / PILOT, "title: Pilot", "title: Pilot, again")
    sight = sight_of(minimal)
    assert sight.stale == {"pilot"}
    feed = minimal / "feeds/small-show.xml"
    feed.write_bytes(feed.read_bytes().replace(b"<item>", b"  <item>"))
    with pytest.raises(SurroundingsError, match="was changed while"):
        assemble(request(minimal, LATER), sight, is_whole=False)
    assert run(minimal).made == {"pilot", "other"}


def test_a_file_that_the_build_wrote_is_taken_in_only_as_it_wrote_it(tmp_path: Path) -> None:
    folder = tmp_path / "episodes/a"
    folder.mkdir(parents=True)
    (folder / "episode.md").write_text("x")
    before = Sources((0, 0, 0, 0), {"episode.md": FileState((1, 1, 1, 1), "ab" * 32)}, is_locked=False)
    (folder / "audio.lock").write_text("facts")
    sha256 = digest_file(folder / "audio.lock")
    taken = look_again(tmp_path, "a", before, "audio.lock", sha256, LATER)
    assert list(taken.files) == ["audio.lock", "episode.md"]
    assert taken.folder == stamp_of(folder)
    assert taken.files["episode.md"] == before.files["episode.md"]
    (folder / "notes.txt").write_text("somebody was quicker")
    assert look_again(tmp_path, "a", before, "audio.lock", sha256, LATER).folder == before.folder
    (folder / "audio.lock").write_text("other facts")
    assert look_again(tmp_path, "a", before, "audio.lock", sha256, LATER) == before


def test_a_named_file_in_a_folder_of_the_episode_is_watched(minimal: Path) -> None:
    words = minimal / "episodes/pilot/words/transcript.vtt"
    words.parent.mkdir()
    words.write_text("WEBVTT\n\n00:01.000 --> 00:02.000\nOne.\n")
    edit(minimal / PILOT, "title: Pilot", "title: Pilot\ntranscript: words/transcript.vtt")
    assert run(minimal).made == {"pilot"}
    words.write_text("WEBVTT\n\n00:01.000 --> 00:02.000\nTwo.\n")
    assert run(minimal).made == {"pilot"}
    assert run(minimal).made == frozenset()


def test_the_engines_stamp_changes_with_its_digest(minimal: Path) -> None:
    stamp, digest = engine_stamp(minimal, LATER), engine_digest(minimal)
    assert stamp
    assert engine_stamp(minimal, LATER) == stamp
    own = minimal / "templates"
    own.mkdir()
    (own / "words.txt").write_text("x")
    assert engine_stamp(minimal, LATER) != stamp
    assert engine_digest(minimal) != digest
    assert engine_stamp(minimal, (own / "words.txt").stat().st_mtime_ns) == ""
