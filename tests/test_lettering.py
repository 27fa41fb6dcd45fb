"""Letters on pictures: lines that fit, captions that can be read, and no empty boxes."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from publisher.audio.lettering import CAPTION_LINES, Letters, readable, wrap
from publisher.errors import UsageError
from publisher.transcripts import Cue

FONT = Letters(None, "").of_size(46)
WORDS = st.text(st.sampled_from("abcdefghijklm nopWM.,"), max_size=200)


@settings(deadline=None)  # a busy machine is no fault
@given(WORDS, st.integers(100, 900))
def test_lines_fit_and_lose_nothing(text: str, width: int) -> None:
    lines = wrap(text, FONT, width)
    assert all(FONT.getlength(line) <= width for line in lines)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")


def test_lines_are_of_about_the_same_length() -> None:
    lines = wrap("First, the figures. They come from the California School Dashboard.", FONT, 1160)
    assert len(lines) == 2
    first, second = (FONT.getlength(line) for line in lines)
    assert 0.6 < first / second < 1.6


@settings(deadline=None)  # a busy machine is no fault
@given(st.lists(st.tuples(st.integers(0, 900), WORDS.filter(str.strip)), max_size=30))
def test_captions_keep_words_and_times(steps: list[tuple[int, str]]) -> None:
    cues, now = [], 0
    for step, text in steps:
        cues.append(Cue(now, now + step, None, text))
        now += step
    shown = list(readable(cues, FONT, 900))
    assert "".join(cue.text for cue in shown).split() == "".join(cue.text for cue in shown).split()
    assert "".join("".join(cue.text for cue in shown).split()) == "".join(
        "".join(cue.text for cue in cues).split()
    )
    assert all(cue.text.count("\n") < CAPTION_LINES for cue in shown)
    times = [time for cue in shown for time in (cue.start_ms, cue.end_ms)]
    assert times == sorted(times)
    assert not cues or (times[0], times[-1]) == (0, now)


def test_letters_that_no_font_has_are_named() -> None:
    with pytest.raises(UsageError, match="\ue123") as caught:
        Letters(None, "Ana \ue123")
    assert "--font FILE" in caught.value.hint


def test_letters_that_another_font_has_are_not_named_as_missing() -> None:
    Letters(None, "Joaqu\u00edn")  # Pillow's own font lacks the accent, the system's has it
    with pytest.raises(UsageError) as caught:
        Letters(None, "Joaqu\u00edn \ue123")
    assert caught.value.message.endswith(": \ue123")


def test_a_file_that_is_no_font_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.ttf"
    path.write_text("words")
    with pytest.raises(UsageError, match="is no font"):
        Letters(path, "a")
