"""How things look: progress that does not get in the way, tables that align, nothing that plays tricks."""

from __future__ import annotations

import io
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publisher.errors import Place, Problem, SourceError
from publisher.progress import format_rate, show_progress
from publisher.report import Report, format_bytes, format_json, neutralise


@given(st.text())
def test_no_text_plays_tricks_with_the_terminal(text: str) -> None:
    shown = neutralise(text)
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", shown)
    assert neutralise("Colorín 日本 🎙\n") == "Colorín 日本 🎙\n"


@given(st.text())
def test_no_json_plays_tricks_and_it_means_the_same(text: str) -> None:
    shown = format_json({"title": text})
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", shown)
    assert json.loads(shown) == {"title": text}
    assert neutralise(shown) == shown


@pytest.mark.parametrize(
    ("count", "shown"),
    [
        (0, "0 B"),
        (999, "999 B"),
        (1_000, "1.0 KB"),
        (348_771, "349 KB"),
        (57_600_000, "57.6 MB"),
        (2_000_000_000, "2000 MB"),
    ],
)
def test_sizes_are_written_as_people_read_them(count: int, shown: str) -> None:
    assert format_bytes(count) == shown


@pytest.mark.parametrize(
    ("unit", "shown"), [("audio", "42 × real time"), ("bytes", "0.0 MB/s"), ("episodes", "42 episodes/s")]
)
def test_rates_speak_of_what_is_done(unit: str, shown: str) -> None:
    assert format_rate(84, 2, unit) == shown


def test_a_moment_s_work_shows_no_progress(capsys: pytest.CaptureFixture[str]) -> None:
    with show_progress("quick", 10, "bytes", bar=True, quiet=False) as advance:
        advance(10)
    assert capsys.readouterr() == ("", "")


def test_a_moment_s_work_does_not_load_what_draws_bars() -> None:
    code = (
        "import sys, publisher.progress as progress\n"
        "progress._PATIENCE_SECONDS = 3600\n"
        "with progress.show_progress('quick', 10, 'bytes', bar=True, quiet=False) as advance: advance(10)\n"
        "print('rich' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"


@pytest.mark.integration
def test_long_work_leaves_one_line_where_there_is_no_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    import time

    with show_progress("slow", 0, "audio", bar=False, quiet=False) as advance:
        advance(30, 60, "measuring")
        time.sleep(1.05)
        advance(60, 60, "encoding")
    out, err = capsys.readouterr()
    assert out == ""
    assert re.fullmatch(r"slow: 1\.\d s, \d+ × real time\n", err)


@pytest.mark.integration
def test_long_work_draws_a_bar_on_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    import time

    from rich.console import Console

    import publisher.progress as progress

    screen = io.StringIO()
    monkeypatch.setattr(
        progress, "_console", lambda: Console(file=screen, force_terminal=True, width=100, highlight=False)
    )
    with show_progress("finishing part-1", 0, "audio", bar=True, quiet=False) as advance:
        advance(1, 60, "encoding")
        time.sleep(1.05)
        advance(30, 60, "encoding")
        time.sleep(0.2)
    assert "finishing part-1: encoding" in screen.getvalue()
    assert "× real time" in screen.getvalue()


def test_an_excerpt_of_a_very_long_line_shows_the_spot(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "long.md").write_text("a" * 5_000 + "HERE" + "b" * 5_000)
    Report().failure(SourceError((Problem("wrong", Place("long.md", 1, 5_001), "mend it"),)), tmp_path)
    lines = capsys.readouterr().err.splitlines()
    assert lines[2][lines[3].index("^") :].startswith("HERE")


def test_problems_are_counted_when_there_are_several(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    Report().failure(SourceError((Problem("one"), Problem("two", Place("gone.md", 3)))), tmp_path)
    assert capsys.readouterr().err.splitlines() == [
        "error: one",
        "error: two",
        "  --> gone.md:3",
        "2 problems",
    ]


def test_a_table_aligns_and_keeps_to_its_lines(capsys: pytest.CaptureFixture[str]) -> None:
    Report().table(("a", "b"), [("long cell", "two\nlines"), ("x", "y")])
    assert capsys.readouterr().out == "a          b\nlong cell  two lines\nx          y\n"
