"""One list of chapters in every form: equal when it is read back from files, tags and feed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st

from publisher.audio.ffmpeg import find_ffmpeg, run
from publisher.audio.tags.chapters import read_tagged_chapters
from publisher.audio.tags.content import Tags
from publisher.audio.tags.mp4 import write_m4a
from publisher.audio.tags.opus import write_opus
from publisher.audio.tags.write import render_tag
from publisher.chaptering import write_form
from publisher.chapters import read_chapters
from publisher.chapters.moving import shift_chapters
from publisher.cli import publisher
from publisher.errors import SourceError
from publisher.model import Chapter

EPISODE = "bakersfield-part-1"
LISTED = (
    Chapter(0, "Welcome & <hello>", "https://example.org/?a=1&b=2"),
    Chapter(24_500, "Colorín “Colorado”"),
    Chapter(3_723_004, "What changed: 51.6 %"),
)
SILENT = Chapter(30_000, "", None, "https://media.example.org/a.jpg", toc=False)


def call(root: Path, *words: str, exit_code: int = 0) -> Result:
    result = CliRunner().invoke(publisher, ["-C", str(root), "chapters", *words], catch_exceptions=False)
    assert result.exit_code == exit_code, result.output
    return result


def starts(chapters: tuple[Chapter, ...]) -> list[tuple[int, str]]:
    return [(chapter.start_ms, chapter.title) for chapter in chapters if chapter.toc]


@pytest.mark.parametrize(("form", "name"), [("json", "c.json"), ("psc", "c.psc"), ("text", "c.txt")])
def test_every_form_is_read_back(form: str, name: str) -> None:
    assert read_chapters(name, write_form(LISTED, form).decode()) == LISTED


TITLES = st.text(st.characters(exclude_categories=("Cs", "Cc", "Cn")), min_size=1, max_size=40).filter(
    lambda title: title == " ".join(title.split()) and "\ufffe" not in title
)


@given(st.lists(st.tuples(st.integers(0, 100_000_000), TITLES), unique_by=lambda each: each[0], min_size=1))
def test_count_start_and_title_survive(entries: list[tuple[int, str]]) -> None:
    chapters = tuple(Chapter(start, title) for start, title in sorted(entries))
    for form, name in (("json", "c.json"), ("psc", "c.xml"), ("audacity", "c.txt")):
        assert read_chapters(name, write_form(chapters, form).decode()) == chapters


def test_labels_of_audacity_are_read() -> None:
    text = "0.000000\t24.500000\tWelcome\n24,5\t24,5\t The  guests\r\n\n# no label\n"
    assert read_chapters("chapters.txt", text.replace("\r", "")) == (
        Chapter(0, "Welcome"),
        Chapter(24_500, "The guests"),
    )
    with pytest.raises(SourceError, match="the label at 00:05 has no title"):
        read_chapters("chapters.txt", "5.0\t6.0\t\n")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("<a", "this is not XML"),
        ('<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', "declares a document type"),
        ("<a/>", "there are no chapters"),
        ('<chapters><chapter start="x" title="y"/></chapters>', "'x' is not a time"),
        ('<chapters>\n<chapter start="1"/></chapters>', "c.psc:2:1: no title"),
    ],
)
def test_bad_simple_chapters_are_told(text: str, told: str) -> None:
    with pytest.raises(SourceError) as caught:
        read_chapters("c.psc", text)
    problem = caught.value.problems[0]
    assert told in f"{problem.message}{problem.place}: no title"
    assert problem.hint


def test_chapters_move_but_for_the_one_at_the_beginning() -> None:
    assert starts(shift_chapters(LISTED, -500)) == [
        (0, LISTED[0].title), (24_000, LISTED[1].title), (3_722_504, LISTED[2].title)
    ]  # fmt: skip
    assert starts(shift_chapters(LISTED, 1_000, 30_000))[1:] == [
        (24_500, LISTED[1].title), (3_724_004, LISTED[2].title)
    ]  # fmt: skip
    with pytest.raises(SourceError, match="would not come after the one before it"):
        shift_chapters(LISTED, -24_500)


def test_chapters_of_the_front_matter_move_where_they_are_written(own_show: Path) -> None:
    path = own_show / f"episodes/{EPISODE}/episode.md"
    before = path.read_text(encoding="utf-8")
    call(own_show, "shift", EPISODE, "--by", "+1.5", "--dry-run")
    assert path.read_text(encoding="utf-8") == before
    shown = call(own_show, "shift", EPISODE, "--by", "+1.5").stdout
    assert shown.startswith("00:00 Welcome\n00:25.5 The guests\n")
    after = path.read_text(encoding="utf-8")
    assert after == before.replace('at: "00:24"', 'at: "00:25.5"').replace(
        '{at: "00:40", title: Chronic', '{at: "00:41.5", title: Chronic'
    ).replace('"01:03"', '"01:04.5"').replace('"01:18"', '"01:19.5"')


@pytest.mark.parametrize(
    ("name", "text", "moved"),
    [
        ("chapters.txt", "# x\n00:00 A\n(01:10) - B <https://example.org/>\n", "# x\n00:00 A\n(01:12.5) - B <https://example.org/>\n"),
        ("chapters.txt", "0.0\t9.0\tA\n9.0\t9.0\tB\n", "0.000000\t11.500000\tA\n11.500000\t11.500000\tB\n"),
        ("chapters.psc", '<chapters><chapter start="00:09" title="A"/></chapters>', '<chapters><chapter start="00:11.5" title="A"/></chapters>'),
        ("chapters.json", '{"chapters": [{"startTime": 9, "title": "A", "endTime": 11.5}]}', '{\n "chapters": [\n  {\n   "startTime": 11.5,\n   "title": "A",\n   "endTime": 14\n  }\n ]\n}\n'),
    ],
)  # fmt: skip
def test_files_move_and_keep_the_rest(own_show: Path, name: str, text: str, moved: str) -> None:
    without_chapters(own_show)
    path = own_show / f"episodes/{EPISODE}/{name}"
    path.write_text(text, encoding="utf-8")
    call(own_show, "shift", EPISODE, "--by", "2.5")
    assert path.read_text(encoding="utf-8") == moved


def without_chapters(root: Path) -> None:
    path = root / f"episodes/{EPISODE}/episode.md"
    lines = path.read_text(encoding="utf-8").split("\n")
    kept = [
        line
        for line in lines
        if line != "chapters:" and not (line.startswith("  - {at:") and "duration" not in line)
    ]
    path.write_text("\n".join(kept), encoding="utf-8")
    for translation in path.parent.glob("episode.*.md"):
        translation.unlink()  # its chapters would have none to translate


def test_chapters_from_elsewhere_become_the_episode_s(own_show: Path, tmp_path: Path) -> None:
    labels = tmp_path / "labels.txt"
    labels.write_text("0.000000\t1.000000\tWelcome\n1.500000\t2.0\tThe guests\n", encoding="utf-16")
    told = call(own_show, EPISODE, "--from", str(labels), exit_code=2).stderr
    assert "the chapters of bakersfield-part-1 are in episode.md" in told
    without_chapters(own_show)
    assert "has no chapters" in call(own_show, EPISODE, exit_code=2).stderr
    call(own_show, EPISODE, "--from", str(labels))
    written = own_show / f"episodes/{EPISODE}/chapters.txt"
    assert written.read_text(encoding="utf-8") == "00:00 Welcome\n00:01.5 The guests\n"
    assert json.loads(call(own_show, EPISODE, "--to", "json").stdout)["chapters"][1]["startTime"] == 1.5
    document = json.loads(call(own_show, EPISODE, "--json").stdout)
    assert document["schema"] == "publisher/chapters/1"
    assert [entry["title"] for entry in document["chapters"]] == ["Welcome", "The guests"]
    pictures = tmp_path / "p.json"
    pictures.write_bytes(write_form((*LISTED[:2], SILENT), "json"))
    assert (
        "have no place in chapters.txt"
        in call(own_show, EPISODE, "--from", str(pictures), exit_code=2).stderr
    )
    written.unlink()
    call(own_show, EPISODE, "--from", str(pictures))
    assert (own_show / f"episodes/{EPISODE}/chapters.json").read_bytes() == pictures.read_bytes()
    assert "1 silent chapters have no place" in call(own_show, EPISODE, "--to", "psc").stderr


@pytest.mark.integration
def test_tags_of_every_format_are_read_back(tmp_path: Path) -> None:
    ffmpeg = find_ffmpeg()
    tone = ["-f", "lavfi", "-i", "sine=frequency=440:duration=4"]
    short = (
        Chapter(0, "Welcome & more", "https://example.org/x"),
        Chapter(1_250, "Colorín"),
        Chapter(2_003, "End"),
    )
    tags = Tags(
        "T",
        "A",
        "B",
        chapters=(*short[:2], Chapter(1_500, "", "https://example.org/", toc=False), short[2]),
        duration_ms=4_000,
    )
    run(ffmpeg, [*tone, str(tmp_path / "plain.mp3")])
    (tmp_path / "a.mp3").write_bytes(render_tag(tags) + (tmp_path / "plain.mp3").read_bytes())
    run(ffmpeg, [*tone, "-c:a", "aac", str(tmp_path / "plain.m4a")])
    write_m4a(ffmpeg, tmp_path / "plain.m4a", tags, tmp_path / "a.m4a")
    run(ffmpeg, [*tone, "-ar", "48000", "-c:a", "libopus", str(tmp_path / "a.opus")])
    write_opus(tmp_path / "a.opus", tags)
    comments = [word for number, chapter in enumerate(short, 1) for word in (
        "-metadata", f"CHAPTER00{number}=00:00:0{chapter.start_ms / 1000:.3f}",
        "-metadata", f"CHAPTER00{number}NAME={chapter.title}")]  # fmt: skip
    run(ffmpeg, [*tone, *comments, str(tmp_path / "a.flac")])
    for name in ("a.mp3", "a.m4a", "a.opus", "a.flac"):
        found = read_tagged_chapters(tmp_path / name)
        assert starts(found) == starts(short), name
        assert name not in {"a.mp3", "a.opus"} or found[0].url == short[0].url
    assert [chapter.toc for chapter in read_tagged_chapters(tmp_path / "a.mp3")] == [True, True, False, True]
    assert call(tmp_path, "a.m4a", "--to", "text").stdout.startswith("00:00 Welcome & more\n00:01.25 Colorín")
    assert "there are no chapters" in call(tmp_path, "plain.mp3", exit_code=2).stderr
