"""Times in the notes: links to the player on the page, and a problem with its line when they are not in the episode."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from publisher.cli import publisher
from publisher.model import Notes
from publisher.notes.times import link_times

HOUR = 3_600_000


def linked(html: str, duration_ms: int = 2 * HOUR) -> str:
    return link_times(Notes("", html), "a.mp3", duration_ms)[0].page_html


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


def test_times_outside_of_the_episode_stay_text_and_are_told() -> None:
    notes, outside = link_times(Notes("", "<p>(01:10) (59:59) (99:00)</p>"), "a.mp3", HOUR)
    assert outside == ("99:00",)
    assert notes.page_html.endswith("(99:00)</p>")


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
