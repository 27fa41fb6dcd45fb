"""Times in the notes: links to the player on the page, and a problem with its line when they are not in the episode."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import assume, given
from hypothesis import strategies as st

from publisher.announcing import AnnounceRequest, draft_announcement
from publisher.cli import publisher
from publisher.errors import Place
from publisher.guiding import GuideRequest, make_guide
from publisher.model import Correction, Episode, Notes, Timeline
from publisher.notes.hearing import hear_words, link_times
from publisher.notes.markdown import render_html
from publisher.notes.times import change_times_in_html, change_times_in_markdown
from publisher.overview import describe, notes_as

HOUR = 3_600_000
NOW = datetime(2026, 12, 1, 12, tzinfo=UTC)


def linked(html: str, duration_ms: int = 2 * HOUR) -> str:
    return link_times(Notes("", html), "a.mp3", duration_ms).page_html


def stamps(html: str) -> list[str]:
    return re.findall(r'<a href="a\.mp3#t=[\d.]+" data-t="[\d.]+">([\d:]+)</a>', linked(html))


@pytest.mark.parametrize(
    ("html", "found"),
    [
        ("<p>00:24 The guests</p>", ["00:24"]),
        ("<ul>\n<li>01:10 – <strong>What</strong></li>\n<li>1:02:03</li>\n</ul>", ["01:10", "1:02:03"]),
        ("<p>One\n02:00 two\n03:00 three</p>", ["02:00", "03:00"]),
        ("<p>One<br />\n75:10 two</p>", ["75:10"]),
        ("<li><strong>01:10</strong> What</li>", ["01:10"]),
        ("<p>He said so (01:10), and [02:20], and (03:00–04:00).</p>", ["01:10", "02:20", "03:00", "04:00"]),
        ("<p>Come at 10:30, or 16:9, or John 3:16.</p>", []),
        ("<p>10:30 am is when we meet</p>", []),
        ("<p>10:30 p.m. is late</p>", []),
        ('<p><code>01:10</code> and <a href="https://x.example.org">01:10</a> (<code>02:20</code>)</p>', []),
        ("<p>01:61 is none, 1:2 neither, 01:10:99 too</p>", []),
        ("<p>2026-01:10 and x01:10</p>", []),
    ],
)
def test_times_are_links_where_they_are_meant_as_times(html: str, found: list[str]) -> None:
    assert stamps(html) == found
    assert re.sub(r'<a href="a\.mp3#t=[^>]*>(.*?)</a>', r"\1", linked(html)) == html


def test_a_link_leads_the_player_to_its_moment() -> None:
    assert linked("<p>(1:02:03)</p>") == '<p>(<a href="a.mp3#t=3723" data-t="3723">1:02:03</a>)</p>'


def test_times_outside_of_the_episode_stay_text() -> None:
    html = linked("<p>(01:10) (59:59) (99:00)</p>", HOUR)
    assert html.count("<a ") == 2
    assert html.endswith("(99:00)</p>")


@given(st.text(alphabet="<>/pali:0123456789 ([)]\n–", max_size=80))
def test_only_links_are_added_whatever_the_text(text: str) -> None:
    html = f"<p>{text.replace('<', '&lt;').replace('>', '&gt;')}</p>"
    assert re.sub(r'<a href="a\.mp3#t=[\d.]+" data-t="[\d.]+">(.*?)</a>', r"\1", linked(html)) == html


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_the_page_links_and_the_feed_does_not(own_show: Path) -> None:
    path = own_show / "episodes/bakersfield-part-1/episode.md"
    edit(path, "The figures: on", "00:40 The figures: on")
    assert CliRunner().invoke(publisher, ["-C", str(own_show), "build", "--locked"]).exit_code == 0
    page = (own_show / "build/episodes/bakersfield-part-1.html").read_text(encoding="utf-8")
    link = re.search(
        r'<p><a href="\.\./audio/bakersfield-part-1-[a-z2-7]+\.mp3#t=40" data-t="40">00:40</a> The', page
    )
    assert link
    assert "<p>00:40 The figures" in (own_show / "feeds/rising-from-the-margins.xml").read_text(
        encoding="utf-8"
    ).replace("&lt;", "<").replace("&gt;", ">")


def test_a_time_that_is_not_in_the_episode_is_told_at_its_line(own_show: Path) -> None:
    path = own_show / "episodes/bakersfield-part-1/episode.md"
    edit(path, "The figures: on", "00:40 The figures (09:59) and `(09:59)`: on")
    lines = path.read_text(encoding="utf-8").split("\n")
    line = next(number for number, text in enumerate(lines, 1) if "09:59" in text)
    for words in (["build", "--locked"], ["check"]):
        done = CliRunner().invoke(publisher, ["-C", str(own_show), *words])
        assert done.exit_code != 0
        said = done.output + done.stderr
        assert f"episodes/bakersfield-part-1/episode.md:{line}:20" in said
        assert "the time 09:59 is not in the episode, which lasts 01:2" in said or "01:3" in said
        assert "backticks" in said


def test_without_finished_audio_no_time_is_outside(own_show: Path) -> None:
    edit(own_show / "episodes/bakersfield-part-1/episode.md", "The figures: on", "(09:59) The figures: on")
    (own_show / "episodes/bakersfield-part-1/audio.lock").unlink()
    done = CliRunner().invoke(publisher, ["-C", str(own_show), "check"])
    assert "09:59" not in done.output + done.stderr


PIECES = (
    *(
        "01:10",
        "(01:10)",
        "[02:20]",
        "(1:02:03–1:02:09)",
        "99:99",
        "01:10 ",
        "word ",
        "ü",
        "&amp;",
        "\\(",
        "\n",
    ),
    *(
        "\n\n",
        "\n- ",
        "\n1. ",
        "\n> ",
        "\n## ",
        "  \n",
        "\\\n",
        "**",
        "*",
        "`",
        "\n\n    ",
        "<!-- (01:10) -->",
    ),
    *(
        "[01:10](https://example.org)",
        "![01:10](https://example.org/p.png)",
        "<https://example.org/01:10>",
        "[",
        "]",
    ),
)


@given(st.lists(st.sampled_from(PIECES), max_size=14).map("".join))
def test_times_change_in_markdown_as_in_the_html_that_it_becomes(markdown: str) -> None:
    rendered = render_html(markdown, {})
    assume(rendered.is_sound)
    changed = change_times_in_markdown(markdown, lambda stamp: f"8{stamp}")
    html = change_times_in_html(rendered.html, lambda stamp: f"8{stamp}")
    assert render_html(changed, {}).html == html


@pytest.fixture
def with_intro(own_show: Path) -> Path:
    """Return the show, one of whose episodes has an intro of 8.6 s, as its audio.lock says, and notes with times."""
    folder = own_show / "episodes/bakersfield-part-1"
    lock = json.loads((folder / "audio.lock").read_bytes())
    lock |= {"bookends": "0123456789abcdef", "offset_ms": 8_600}
    (folder / "audio.lock").write_text(json.dumps(lock))
    for name in ("episode.md", "episode.es.md"):
        head, end, _ = (folder / name).read_text(encoding="utf-8").rpartition("\n---\n")
        head = re.sub(r"(?m)^summary: .*$", "summary: (00:30) the figures.", head)
        (folder / name).write_text(f"{head}{end}{NOTES}", encoding="utf-8")
    return own_show


NOTES = """(00:10) How it began, and `(00:11)` or [(00:12)](https://example.org/12).

- (00:20) **What** changed.
- 00:21 *Who* came

Closing (00:22–00:23).
"""
HEARD = ("(00:18)", "(00:28)", "00:29", "(00:30–00:31)")
WRITTEN = ("(00:10)", "(00:20)", "00:21", "00:22", "00:23")


def assert_heard(text: str, *times: str) -> None:
    words = re.sub(r'<a href="[^"]*" data-t[^>]*>(.*?)</a>', r"\1", text)
    assert [each for each in times if each not in words] == []
    assert [each for each in WRITTEN if each in words] == []


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("form", ["feed", "web", "text", "mail"])
def test_every_form_of_the_notes_has_the_times_of_the_finished_audio(
    with_intro: Path, form: str, language: str
) -> None:
    notes = notes_as(with_intro, "bakersfield-part-1", form, NOW, language)
    assert_heard(notes, *HEARD, "(00:12)", "00:11")  # code and links stay


def test_so_have_sentence_and_summary(with_intro: Path) -> None:
    assert_heard(notes_as(with_intro, "bakersfield-part-1", "sentence", NOW), "(00:18)")
    assert describe(with_intro, "bakersfield-part-1", NOW)["summary"].startswith("(00:38) the figures.")
    guide = make_guide(GuideRequest(with_intro, ("bakersfield-part-1",), NOW, "text"))
    assert_heard(guide.data.decode(), "(00:38)")


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize(
    ("form", "times"),
    [
        ("mail", HEARD),
        ("text", HEARD),
        ("blog", HEARD),
        ("social", ("(00:18)",)),
        ("press", ("(00:18)",)),
        ("guest", ()),
    ],
)
def test_every_draft_has_the_times_of_the_finished_audio(
    with_intro: Path, form: str, times: tuple[str, ...], language: str
) -> None:
    request = AnnounceRequest(with_intro, ("bakersfield-part-1",), NOW, (form,), language, writes=False)
    drafts = draft_announcement(request).drafts
    for draft in drafts:
        assert_heard(draft.text)
    assert_heard("\n".join(draft.text for draft in drafts), *times)


def test_the_links_of_the_page_lead_to_the_moment_itself(with_intro: Path) -> None:
    notes = notes_as(with_intro, "bakersfield-part-1", "web", NOW)
    assert re.findall(r'data-t="([\d.]+)">([\d:]+)<', notes)[:2] == [("18.6", "00:18"), ("28.6", "00:28")]


def test_a_time_behind_the_intro_is_told_as_it_was_written(with_intro: Path) -> None:
    path = with_intro / "episodes/bakersfield-part-1/episode.md"
    edit(path, "Closing (00:22", "`(09:59)` ü (09:59) Closing (00:22")
    line = (
        path.read_text(encoding="utf-8").split("\n").index("`(09:59)` ü (09:59) Closing (00:22–00:23).") + 1
    )
    for words in (["announce", "bakersfield-part-1"], ["check"], ["build", "--locked"]):
        done = CliRunner().invoke(publisher, ["-C", str(with_intro), *words])
        assert done.exit_code != 0
        said = done.output + done.stderr
        assert "the time 09:59 is not in the episode" in said
        assert f"episodes/bakersfield-part-1/episode.md:{line}:14" in said


def test_corrections_name_times_as_they_are_heard() -> None:
    now = datetime(2026, 1, 1, tzinfo=UTC)
    found = (Correction(now.date(), "00:10 on the clock, not (00:20): 5.\n00:30 too", 1_000),)
    episode = Episode("s", "T", "g", now, "", "", 1, Place("e"), corrections=found)
    [heard] = hear_words(episode, Timeline(8_600)).corrections
    assert (
        heard.text == "00:10 on the clock, not (00:28): 5.\n00:38 too"
    )  # a day stands before its first words
