"""Episodes into pages for a conversation."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st

from publisher.cli import publisher
from publisher.guide.agenda import MEETINGS_MINUTES, Stretch, find_stretches, plan_meeting
from publisher.guide.squares import draw_squares
from publisher.model import Chapter, Soundbite

BOTH = ("bakersfield-part-1", "bakersfield-part-2")


def run(folder: Path, *words: str, exit_code: int = 0) -> Result:
    result = CliRunner().invoke(publisher, ["-C", str(folder), "guide", *words], catch_exceptions=False)
    assert result.exit_code == exit_code, result.output
    return result


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("form", ["html", "text"])
def test_goldens(own_show: Path, golden: Callable[[str, bytes], None], language: str, form: str) -> None:
    result = run(own_show, *BOTH, "--language", language, "--to", form)
    suffix = {"html": "html", "text": "txt"}[form]
    golden(f"guide/bakersfield.{language}.{suffix}", result.stdout.encode())


def test_the_page_needs_no_other_file_and_says_which_words_are_in_which_language(own_show: Path) -> None:
    page = run(own_show, BOTH[0], "--language", "es", "--paper", "a4").stdout
    assert '<html lang="es">' in page
    assert "size: a4;" in page
    assert page.count("src=") == page.count("<link") == page.count("<script") == page.count("url(") == 0
    root = ElementTree.fromstring(
        page.partition("\n")[2]
        .replace('<meta charset="utf-8">', "")
        .replace('<meta name="viewport" content="width=device-width, initial-scale=1">', "")
    )
    assert [each.text for each in root.iter("h2")][:2] == ["De qué trata", "Preguntas para conversar"]


def test_a_pdf_has_one_or_two_pages_or_says_what_is_missing(own_show: Path, tmp_path: Path) -> None:
    out = tmp_path / "guide.pdf"
    result = CliRunner().invoke(
        publisher,
        ["-C", str(own_show), "guide", *BOTH, "--to", "pdf", "--out", str(out)],
        catch_exceptions=False,
    )
    if result.exit_code:  # WeasyPrint needs a library of the system
        assert result.exit_code == 3
        assert "print the HTML from a browser instead" in result.stderr
        assert not out.exists()
    else:
        assert out.read_bytes().startswith(b"%PDF-")
        assert out.read_bytes().count(b"/Type /Page\n") in {0, 1, 2}


def test_what_is_missing_is_told(minimal: Path) -> None:
    result = run(minimal, "pilot")
    assert "there are no questions in it" in result.stderr
    assert "is not translated in full: title, summary" in run(minimal, "pilot", "--language", "es").stderr
    assert "there are no words in `fr`" in run(minimal, "pilot", "--language", "fr", exit_code=2).stderr
    assert "did you mean `pilot`?" in run(minimal, "pilo", exit_code=2).stderr
    assert "say where it goes" in run(minimal, "pilot", "--to", "pdf", exit_code=2).stderr


def test_markup_in_the_sources_stays_text(minimal: Path) -> None:
    path = minimal / "episodes/pilot/episode.md"
    path.write_text(
        path.read_text("utf-8").replace("title: Pilot", 'title: "<script>alert(1)</script> {{ 7*7 }}"'),
        "utf-8",
    )
    page = run(minimal, "pilot").stdout
    assert "<script" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt; {{ 7*7 }}" in page


CHAPTERS = st.lists(st.integers(0, 5_400_000), unique=True, max_size=12).map(
    lambda starts: tuple(Chapter(start, f"from {start}") for start in sorted(starts))
)


@given(CHAPTERS, st.lists(st.integers(0, 5_400_000), max_size=3), st.integers(1, 5_400_000))
def test_a_meeting_keeps_its_time(chapters: tuple[Chapter, ...], bites: list[int], duration_ms: int) -> None:
    marked = tuple(Soundbite(start, 10_000) for start in bites)
    stretches = find_stretches(0, "One", chapters, marked, duration_ms)
    assert stretches
    assert all(each.length_ms > 0 for each in stretches)
    assert all(one.end_ms == other.start_ms for one, other in itertools.pairwise(stretches))
    assert stretches[-1].end_ms == duration_ms
    for minutes in MEETINGS_MINUTES:
        agenda = plan_meeting(minutes, stretches)
        assert agenda.arrive + agenda.listen + agenda.pairs + agenda.together + agenda.close == minutes
        assert agenda.stretches
        assert sum(each.length_ms for each in agenda.stretches) <= agenda.listen * 60_000
        assert list(agenda.stretches) == sorted(agenda.stretches, key=lambda each: each.start_ms)
        assert agenda.whole == (sum(each.length_ms for each in stretches) <= agenda.listen * 60_000)
        short = [each for each in stretches if each.is_marked and each.length_ms <= agenda.listen * 60_000]
        if short and not agenda.whole:
            assert any(each.is_marked for each in agenda.stretches)


def test_what_is_too_long_is_played_for_as_long_as_there_is_time() -> None:
    agenda = plan_meeting(30, [Stretch(0, "All", 0, 3_600_000)])
    assert [(each.start_ms, each.end_ms) for each in agenda.stretches] == [(0, 600_000)]


def test_a_code_has_the_three_corners_and_a_quiet_edge() -> None:
    squares = draw_squares("https://media.example.org/rising/episodes/part-1.html")
    dark = set()
    for run_ in squares.path.split("z")[:-1]:
        x, rest = run_.removeprefix("M").split(" ")
        y, _, length = rest.partition("h")
        dark |= {(int(x) + step, int(y)) for step in range(int(length.partition("v")[0]))}
    edge = range(4, squares.size - 4)
    assert all(x in edge and y in edge for x, y in dark)
    finder = {(x, y) for x in range(7) for y in range(7) if max(abs(x - 3), abs(y - 3)) != 2}
    for left, top in ((4, 4), (squares.size - 11, 4), (4, squares.size - 11)):
        assert {(x - left, y - top) for x, y in dark if 0 <= x - left < 7 and 0 <= y - top < 7} == finder
    assert squares == draw_squares("https://media.example.org/rising/episodes/part-1.html")
