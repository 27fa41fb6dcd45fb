"""Episodes, config and catalogue: what a folder says, and everything that can be wrong with it."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publisher.config import load_show
from publisher.episodes import field_place, load_episode
from publisher.episodes.folders import find_folders, find_slug, slug_from
from publisher.errors import SourceError, UsageError
from publisher.model import Episode
from publisher.resources import load_catalogue

PILOT = "episodes/pilot/episode.md"


def load(root: Path, slug: str = "pilot") -> Episode:
    return load_episode(root, slug, load_show(root), load_catalogue(root))


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def problems_of(root: Path) -> list[tuple[str, str, str]]:
    with pytest.raises(SourceError) as caught:
        load(root)
    return [(str(problem.place), problem.message, problem.hint) for problem in caught.value.problems]


def test_an_episode_is_what_its_folder_says(minimal: Path) -> None:
    episode = load(minimal)
    assert (episode.slug, episode.title, episode.season, episode.number) == ("pilot", "Pilot", 1, 1)
    assert episode.date.isoformat() == "2026-01-05T06:00:00-08:00"
    assert [(person.name, person.role, person.group) for person in episode.people] == [
        ("Ana Example", "host", "cast")
    ]
    assert [resource.title for resource in episode.resources] == ["Example Toolkit"]
    assert [chapter.start_ms for chapter in episode.chapters] == [0, 20_000, 40_000]
    assert episode.notes == "Hello from the [toolkit][]."
    assert (minimal / PILOT).read_text().splitlines()[episode.notes_line - 1] == episode.notes
    assert (episode.master, episode.transcript, episode.cover) == (None, None, None)


@pytest.mark.parametrize(
    ("old", "new", "place", "message", "hint"),
    [
        ("people: [ana]", "people: [anna]", "8:10", "unknown person `anna`", "did you mean `ana`?"),
        ("[toolkit]\n", "[tolkit]\n", "9:13", "unknown resource `tolkit`", "did you mean `toolkit`?"),
        ("[toolkit]\n", "[toolkit, toolkit]\n", "9:22", "resource `toolkit` is listed twice", "keep one"),
        ('"00:20"', '"00:00"', "12:10", "this chapter does not start after the one before", "write chapters in the order in which they are heard"),
        ("2026-01-05 06:00", "2026-03-08 02:30", "4:7", "2026-03-08 02:30 does not happen in America/Los_Angeles: the clocks go forward", "write 2026-03-08 01:30 or 2026-03-08 03:30"),
        ("season: 1", "transcript: gone.vtt", "5:13", "there is no file gone.vtt", "known are: audio.lock, episode.md"),
        ("season: 1", "cover: ../cover.jpg", "5:8", "../cover.jpg lies outside pilot/", "copy the file in"),
        ("season: 1", "audio: /etc/passwd", "5:8", "/etc/passwd lies outside pilot/", "copy the file in"),
        ("season: 1", 'audio: "a\\0b"', "5:8", "`audio`", ""),
    ],
)  # fmt: skip
def test_one_mistake_is_one_problem(
    minimal: Path, old: str, new: str, place: str, message: str, hint: str
) -> None:
    edit(minimal / PILOT, old, new)
    found = problems_of(minimal)
    assert len(found) == 1
    assert found[0][0] == f"{PILOT}:{place}"
    if "\\0" not in new:
        assert found[0][1:] == (message, hint)


def test_all_problems_of_an_episode_come_at_once(minimal: Path) -> None:
    edit(minimal / PILOT, "people: [ana]", "people: [anna]")
    edit(minimal / PILOT, "[toolkit]\n", "[tolkit]\n")
    edit(minimal / PILOT, "06:00", "25:00")
    edit(minimal / PILOT, "episode: 1", "episod: 1")
    edit(minimal / PILOT, "title: Pilot", "titel: Pilot")
    places = [place.removeprefix(f"{PILOT}:") for place, _, _ in problems_of(minimal)]
    assert places == ["2:1", "4:7", "6:1", "8:10", "9:13"]


def test_a_link_out_of_the_folder_is_refused(minimal: Path, tmp_path: Path) -> None:
    secret = tmp_path / "secret.vtt"
    secret.write_text("WEBVTT\n")
    (minimal / "episodes/pilot/linked.vtt").symlink_to(secret)
    edit(minimal / PILOT, "season: 1", "transcript: linked.vtt")
    assert problems_of(minimal)[0][1] == "linked.vtt lies outside pilot/"


def test_two_recordings_need_a_choice(minimal: Path) -> None:
    for name in ("a.wav", "b.FLAC"):
        (minimal / "episodes/pilot" / name).write_bytes(b"x")
    assert "2 recordings: a.wav, b.FLAC" in problems_of(minimal)[0][1]
    edit(minimal / PILOT, "season: 1", "audio: b.FLAC")
    assert load(minimal).master == minimal / "episodes/pilot/b.FLAC"


def test_chapters_come_from_one_place(minimal: Path) -> None:
    path = minimal / "episodes/pilot/chapters.txt"
    path.write_text("00:00 One\n00:30 Two\n")
    assert "chapters here and in chapters.txt" in problems_of(minimal)[0][1]
    text = (minimal / PILOT).read_text()
    start, end = text.index("chapters:"), text.index("---", 10)
    (minimal / PILOT).write_text(text[:start] + text[end:])
    assert [chapter.title for chapter in load(minimal).chapters] == ["One", "Two"]


@pytest.mark.parametrize(
    ("data", "place", "message"),
    [
        (b"---\ntitle: \xe9\n---\n", "2:8", "this is not UTF-8 text (byte 0xE9)"),
        (b"---\ntitle: a\x07b\n---\n", "2:9", "control character U+0007, which no feed can carry"),
        (b"---\n" + b"x" * 8_000_000, "", "is larger than 4,096 KB"),
        (b"---\n" + b"x: " + b"y" * 3_000_000 + b"\n---\n", "2:1", "the front matter is larger than 64 KB"),
    ],
)
def test_files_that_are_no_text_are_refused(minimal: Path, data: bytes, place: str, message: str) -> None:
    (minimal / PILOT).write_bytes(data)
    found = problems_of(minimal)
    assert found[0][0] == f"{PILOT}:{place}".rstrip(":")
    assert message in found[0][1]


def test_windows_line_ends_a_bom_and_nfd_change_nothing(minimal: Path) -> None:
    edit(minimal / PILOT, "title: Pilot", "title: Colorín")
    plain = load(minimal)
    text = (minimal / PILOT).read_text(encoding="utf-8").replace("í", "i\u0301").replace("\n", "\r\n")
    (minimal / PILOT).write_bytes(b"\xef\xbb\xbf" + text.encode())
    assert load(minimal) == plain
    assert plain.title == "Colorín"


def test_folders_need_a_name_for_the_web_and_an_episode(minimal: Path) -> None:
    for name in ("Pilot", "Part One!", "_later", ".git"):
        (minimal / "episodes" / name).mkdir()
    with pytest.raises(SourceError) as caught:
        find_folders(minimal)
    assert [problem.message for problem in caught.value.problems] == [
        "'Part One!' cannot be the name of an episode folder",
        "there is no episode.md in episodes/Part One!",
        "'Pilot' cannot be the name of an episode folder",
        "there is no episode.md in episodes/Pilot",
        "episodes/pilot and episodes/Pilot would have the same address",
    ]
    assert "rename the folder to part-one" in caught.value.problems[0].hint


def test_find_slug_takes_paths_and_names_the_nearest() -> None:
    assert find_slug("episodes/pilot/", ["pilot"]) == "pilot"
    with pytest.raises(UsageError) as caught:
        find_slug("pilto", ["pilot"])
    assert caught.value.hint == "did you mean `pilot`?"


def test_fields_know_their_place_later(minimal: Path) -> None:
    assert str(field_place(minimal, "pilot", "guid")) == f"{PILOT}:3:7"
    assert str(field_place(minimal, "pilot", "notes")) == f"{PILOT}:16:1"


@given(st.text(max_size=300))
def test_any_title_gives_a_slug(title: str) -> None:
    slug = slug_from(title)
    assert slug == slug_from(slug)
    assert 0 < len(slug) <= 60
    assert slug.isascii()
    assert slug == slug.lower()


SHOW_MISTAKES = [
    ('timezone = "America/Los_Angeles"', 'timezone = "America/Los_Angelos"', "11:12", "did you mean `America/Los_Angeles`?"),
    ('cover = "episodes/cover.jpg"', 'cover = "episodes/cover.png"', "9:9", "did you mean `cover.jpg`?"),
    ('guid = "4', 'hosts = ["bob"]\nguid = "4', "10:10", "known are: ana"),
    ("[feeds.small-show]", '[[people]]\nid = "ana"\nname = "Ana"\n[feeds.small-show]', "20:6", "give each an id of its own"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "place", "hint"), SHOW_MISTAKES)
def test_a_mistake_in_the_show_is_found_at_its_place(
    minimal: Path, old: str, new: str, place: str, hint: str
) -> None:
    edit(minimal / "show.toml", old, new)
    with pytest.raises(SourceError) as caught:
        load_show(minimal)
    assert [(str(problem.place), problem.hint) for problem in caught.value.problems] == [
        (f"show.toml:{place}", hint)
    ]


def test_a_show_fills_in_what_is_not_said(minimal: Path) -> None:
    edit(minimal / "show.toml", "/small/", "/small")
    edit(minimal / "show.toml", "[feeds.small-show]", "")
    show = load_show(minimal)
    assert show.base_url == "https://media.example.org/small/"
    assert show.link == "https://media.example.org/small/index.html"
    assert [feed.name for feed in show.feeds] == ["feed"]
    assert [target.url for target in show.targets] == ["file:public"]
    assert show.locked
    assert show.medium == "podcast"


def test_resources_are_checked_each_at_its_place(minimal: Path) -> None:
    (minimal / "episodes/resources.yaml").write_text(
        "toolkit:\n  title: T\n  url: https://example.org\n  urll: x\nBad Id:\n  title: T\n  url: https://e.org\nempty:\n"
        "text: just\nrefer:\n  title: R\n"
    )
    with pytest.raises(SourceError) as caught:
        load_catalogue(minimal)
    assert [(str(problem.place).partition(":")[2], problem.message) for problem in caught.value.problems] == [
        ("4:3", "unknown key `urll`"),
        ("5:1", "`Bad Id` cannot be an id"),
        ("8:1", "nothing is said here"),
        ("9:1", "nothing is said here"),
        ("10:1", "`url` is missing"),
    ]


def test_a_show_without_a_catalogue_has_an_empty_one(minimal: Path) -> None:
    (minimal / "episodes/resources.yaml").unlink()
    assert not load_catalogue(minimal)


def test_a_named_recording_need_not_be_there_where_its_lock_is(minimal: Path) -> None:
    edit(minimal / PILOT, "season: 1", "audio: talk.wav")
    assert load(minimal).master is None
    (minimal / "episodes/pilot/audio.lock").unlink()
    assert [message for _, message, _ in problems_of(minimal)] == ["there is no file talk.wav"]
