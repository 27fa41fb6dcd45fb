"""Words and sound: numbers as they are read, sounds of any word, captions that can be read along."""

from __future__ import annotations

import json
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from publisher.errors import SurroundingsError
from publisher.speech import (
    caption,
    find_aligner,
    find_gaps,
    find_listener,
    name_speakers,
    place,
    split_tokens,
)
from publisher.speech.grammar import write_grammar
from publisher.speech.heard import Heard
from publisher.speech.matching import Hole, find_holes, match
from publisher.speech.numerals import read_aloud
from publisher.speech.sounds import pronounce
from publisher.transcripts import Cue, Transcript, read_transcript, write_json, write_vtt

SOUNDS = {
    "a": ["AH", "EY"], "c": ["S IY"], "e": ["IY"], "f": ["EH F"], "face": ["F EY S"], "tool": ["T UW L"],
    "kit": ["K IH T"], "district": ["D IH S T R IH K T"], "doctor": ["D AA K T ER"], "and": ["AH N D"],
    "thirty": ["TH ER T IY"], "point": ["P OY N T"], "four": ["F AO R"], "percent": ["P ER S EH N T"],
    "k": ["K EY"], "twelve": ["T W EH L V"], "one": ["W AH N"],
}  # fmt: skip


@pytest.mark.parametrize(
    ("written", "first", "others"),
    [
        ("0", "zero", []),
        ("7", "seven", []),
        ("42", "forty two", []),
        ("51.6", "fifty one point six", []),
        ("2022", "twenty twenty two", ["two thousand twenty two", "two thousand and twenty two"]),
        ("1905", "one thousand nine hundred five", ["one thousand nine hundred and five"]),
        ("1900", "nineteen hundred", []),
        ("105", "one hundred five", ["one hundred and five", "one zero five"]),
        ("12,000", "twelve thousand", []),
        ("3rd", "third", []),
        ("20th", "twentieth", []),
        ("42nd", "forty second", []),
        ("1990s", "nineteen nineties", []),
        ("90%", "ninety percent", []),
        ("$5", "five dollars", []),
        ("007", "zero zero seven", ["oh oh seven"]),
        ("1000000", "one million", []),
    ],
)
def test_numbers_are_read_as_people_do(written: str, first: str, others: list[str]) -> None:
    ways = read_aloud(written)
    assert first in ways
    assert set(others) <= set(ways)


@pytest.mark.parametrize("text", ["", "a", "1a", "1,00", "1.", "$", "٣", "1" * 40 + "x"])
def test_what_is_no_number_is_not_read(text: str) -> None:
    assert read_aloud(text) == ()


@settings(deadline=None)  # a busy machine is no fault
@given(st.integers(0, 10**18))
def test_every_number_can_be_read(number: int) -> None:
    assert all(way and "  " not in way for way in read_aloud(str(number)))


@pytest.mark.parametrize(
    ("written", "way"),
    [
        ("District,", "D IH S T R IH K T"),
        ("district’s", "D IH S T R IH K T Z"),
        ("toolkit", "T UW L K IH T"),
        ("tool-kit", "T UW L K IH T"),
        ("(30.4", "TH ER T IY P OY N T F AO R"),
        ("30.4%.", "TH ER T IY P OY N T F AO R P ER S EH N T"),
        ("CEF", "S IY IY EH F"),
        ("FACE", "F EY S"),
        ("FACE", "EH F AH S IY IY"),
        ("Dr.", "D AA K T ER"),
        ("&", "AH N D"),
        ("K12", "K EY T W EH L V"),
        ("Lüdke", "L AH D K"),
        ("Cesi", "S EH S IH"),
    ],
)
def test_words_become_sounds(written: str, way: str) -> None:
    assert way in pronounce(written, SOUNDS)


@settings(deadline=None)  # a busy machine is no fault
@given(st.text(max_size=30))
def test_any_text_has_sounds_or_none(text: str) -> None:
    for way in pronounce(text, SOUNDS):
        assert way
        assert all(sound.isascii() and sound.isupper() for sound in way.split())


def test_a_dash_says_nothing() -> None:
    assert pronounce("–", SOUNDS) == ()


@settings(deadline=None)  # a busy machine is no fault
@given(st.lists(st.sampled_from("abc"), min_size=1, max_size=40))
def test_a_grammar_adds_up(words: list[str]) -> None:
    lines = write_grammar(words).splitlines()
    counts = [int(line.partition("=")[2]) for line in lines if line.startswith("ngram ")]
    sections = "\n".join(lines).split("-grams:\n")[1:]
    assert [len(section.split("\n\n")[0].splitlines()) for section in sections] == counts
    assert all(float(line.split()[0]) <= 0 for line in sections[0].split("\n\n")[0].splitlines())


def heard(*words: str) -> list[Heard]:
    return [Heard(word, 1000 * number, 1000 * number + 500) for number, word in enumerate(words)]


def test_runs_of_three_are_certain_and_single_words_are_not() -> None:
    written = ["one", "two", "three", "x", "four", "five", "six"]
    said = heard("a", "one", "two", "three", "x", "b", "four")
    found = match(written, said)
    assert sorted(found) == [0, 1, 2, 3]
    assert found[3].start_ms == 4000


def test_holes_are_where_words_can_have_been() -> None:
    found = {1: Heard("b", 1000, 1500), 4: Heard("e", 1600, 2000)}
    assert tuple(find_holes(found, 6, 9000)) == (Hole(0, 1, 0, 1000), Hole(5, 6, 2000, 9000))


TEXT = """Ana: Welcome to the show. [music] Today we talk about schools, and about what it takes for every
student to be there on every single day of the year.

Second guest: Thanks.

Second guest: Bye.
"""


def timed() -> tuple[Transcript, tuple[Heard | None, ...]]:
    transcript = name_speakers(read_transcript("a.txt", TEXT))
    spoken = [token for token in split_tokens(transcript) if token.is_spoken]
    times = [Heard(token.text, 1000 + 300 * at, 1250 + 300 * at) for at, token in enumerate(spoken)]
    return transcript, tuple(times)


def test_captions_hold_two_lines_and_every_word() -> None:
    transcript, times = timed()
    cues = caption(transcript, place(split_tokens(transcript), times, 60_000)).cues
    assert " ".join(cue.text for cue in cues).split() == " ".join(cue.text for cue in transcript.cues).split()
    assert cues[0].text == "Welcome to the show."
    assert all(len(cue.text) <= 85 and cue.text.count("\n") <= 1 for cue in cues)
    assert all(cue.end_ms - cue.start_ms <= 7000 for cue in cues)
    assert [cue.speaker for cue in cues][-2:] == ["Second guest", "Second guest"]
    starts = [cue.start_ms for cue in cues]
    assert starts == sorted(starts)


def test_unheard_words_stand_between_their_neighbours_and_are_told() -> None:
    transcript, times = timed()
    some = [None if at in {2, 3} else each for at, each in enumerate(times)]
    placed = place(split_tokens(transcript), some, 60_000)
    [gap] = find_gaps(placed, 60_000)
    assert gap.text == "the show."
    assert (gap.start_ms, gap.end_ms) == (1550, 2200)
    guessed = [each for each in placed if not each.is_heard]
    assert [each.token.text for each in guessed] == ["the", "show.", "[music]"]
    assert all(1550 <= each.start_ms <= each.end_ms <= 2200 for each in guessed)


@settings(deadline=None)  # a busy machine is no fault
@given(st.data())
def test_times_never_go_back(data: st.DataObject) -> None:
    transcript, times = timed()
    some = [each if data.draw(st.booleans()) else None for each in times]
    tokens = split_tokens(transcript)
    placed = place(tokens, some, 20_000)
    assert [each.token for each in placed] == list(tokens)
    moments = [moment for each in placed for moment in (each.start_ms, each.end_ms)]
    assert moments == sorted(moments)
    captions = caption(transcript, placed)
    again = read_transcript("a.vtt", write_vtt(captions).decode())
    assert again.cues == captions.cues


def test_timed_cues_keep_their_words() -> None:
    cues = (Cue(0, 1, "Ana", "One two\nthree."), Cue(1, 2, None, "Four."))
    transcript = Transcript(cues, "en")
    placed = place(split_tokens(transcript), heard("One", "two", "three.", "Four."), 9000)
    assert caption(transcript, placed).cues == (
        Cue(0, 2500, "Ana", "One two\nthree."),
        Cue(3000, 3500, None, "Four."),
    )


def test_a_label_that_comes_once_may_be_a_sentence() -> None:
    named = name_speakers(
        read_transcript("a.txt", "The question is: why?\n\nFirst guest: A.\n\nFirst guest: B.")
    )
    assert [cue.speaker for cue in named.cues] == [None, "First guest", "First guest"]
    assert named.cues[0].text == "The question is: why?"


def test_json_of_the_namespace_reads_back() -> None:
    transcript = Transcript((Cue(1500, 2001, "Ana", "Héllo"), Cue(2001, 2500, None, "you")), None)
    data = write_json(transcript)
    assert json.loads(data)["version"] == "1.0.0"
    assert read_transcript("a.json", data.decode()).cues == transcript.cues
    with pytest.raises(ValueError, match="without times"):
        write_json(Transcript((Cue(0, 0, None, "a"),), is_timed=False))


def test_without_the_extra_its_name_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "pocketsphinx", None)
    monkeypatch.delitem(__import__("sys").modules, "publisher.speech.recognition", raising=False)
    monkeypatch.delattr("publisher.speech.recognition", raising=False)
    for find in (find_aligner, lambda: find_listener("pocketsphinx")):
        with pytest.raises(SurroundingsError) as caught:
            find()
        assert "pip install 'publisher[align]'" in caught.value.hint
        assert caught.value.exit_code == 3


def test_an_absent_recogniser_is_told_in_plain_words() -> None:
    with pytest.raises(SurroundingsError, match="no recogniser `whisper` on this machine") as caught:
        find_listener("whisper")
    assert "nothing is ever downloaded" in caught.value.hint


def test_packages_bring_recognisers_of_their_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "brought.py").write_text(
        "from publisher.speech import Heard\n"
        "class Brought:\n"
        "    def listen(self, voice, language, *, on_progress=None):\n"
        "        return (Heard('hello', 0, 100),)\n",
        encoding="utf-8",
    )
    info = tmp_path / "brought-1.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Name: brought\nVersion: 1\n", encoding="utf-8")
    (info / "entry_points.txt").write_text(
        "[publisher.engines]\nbrought = brought:Brought\n", encoding="utf-8"
    )
    monkeypatch.syspath_prepend(tmp_path)
    assert EntryPoint("brought", "brought:Brought", "publisher.engines").load()
    assert find_listener("brought").listen(tmp_path, "en") == (Heard("hello", 0, 100),)
