"""Transcripts: four formats in, WebVTT out, and mistakes told with their line."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publisher.errors import Place, SourceError
from publisher.transcripts import (
    Cue,
    Transcript,
    check_against,
    media_type,
    read_transcript,
    spoken_text,
    write_vtt,
)


def problems(shown: str, text: str) -> list[str]:
    with pytest.raises(SourceError) as caught:
        read_transcript(shown, text)
    assert all(each.hint for each in caught.value.problems)
    return [f"{each.place} {each.message}" for each in caught.value.problems]


VTT = """WEBVTT - a title
Kind: captions
Language: es

NOTE a remark
over two lines --

STYLE
::cue { color: red }

intro
00:00.000 --> 00:02.500 align:start position:10%
[Music]

1
00:00:02.500 --> 01:00:04.000
<v.loud Mark  Luque>We <i>went</i> from <c.yellow>51.6&nbsp;%</c> &amp; more
to 30.4 &lt;%&gt;</v>

01:00:04.000 --> 01:00:05.000
<v Ana>Yes.</v> <v Mark Luque>No <00:01.000>no.
"""


def test_vtt_is_read() -> None:
    assert read_transcript("t.vtt", VTT) == Transcript(
        (
            Cue(0, 2_500, None, "[Music]"),
            Cue(2_500, 3_604_000, "Mark Luque", "We went from 51.6 % & more\nto 30.4 <%>"),
            Cue(3_604_000, 3_605_000, "Ana", "Yes."),
            Cue(3_604_000, 3_605_000, "Mark Luque", "No no."),
        ),
        "es",
    )


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", ["t.vtt:1:1 this file does not start with WEBVTT"]),
        ("\nWEBVTT\n", ["t.vtt:1:1 this file does not start with WEBVTT"]),
        ("WEBVTTX\n", ["t.vtt:1:1 this file does not start with WEBVTT"]),
        ("WEBVTT\n", ["t.vtt there are no cues in this file"]),
        (
            "WEBVTT\n\n00:00:01,000 --> 00:00:02,000\nx\n",
            ["t.vtt:3:1 this time cannot be read: 00:00:01,000 --> 00:00:02,000"],
        ),
        (
            "WEBVTT\n\n00:01.000 --> 00:61.000\nx\n",
            ["t.vtt:3:1 this time cannot be read: 00:01.000 --> 00:61.000"],
        ),
        ("WEBVTT\n\nno time\nhere\n", ["t.vtt:3:1 these words have no time"]),
        (
            "WEBVTT\n\n00:01.000 --> 00:02.000\nx\n00:03.000 --> 00:04.000\ny\n",
            ["t.vtt:5:1 a new cue starts in the middle of another"],
        ),
        (
            "WEBVTT\n\nid\n00:05.000 --> 00:04.000\nx\n\n00:02.000 --> 00:09.000\ny\n\n"
            "00:03.000 --> 00:09.000\nz\n",
            [
                "t.vtt:4:1 this cue ends at 00:00:04.000, before it starts at 00:00:05.000",
                "t.vtt:7:1 this cue starts at 00:00:02.000, before the cue above at 00:00:05.000",
                "t.vtt:10:1 this cue starts at 00:00:03.000, before the cue above at 00:00:05.000",
            ],
        ),
    ],
)
def test_bad_vtt_is_told(text: str, told: list[str]) -> None:
    assert problems("t.vtt", text) == told


def test_a_cue_may_follow_the_header_at_once_and_carry_no_words() -> None:
    assert read_transcript("t.vtt", "WEBVTT\n00:01.000 --> 00:02.000\nx").cues == (
        Cue(1_000, 2_000, None, "x"),
    )
    assert read_transcript("t.vtt", "WEBVTT\n\n00:01.000 --> 00:02.000\n").cues == (
        Cue(1_000, 2_000, None, ""),
    )


def test_no_word_behind_a_bare_angle_bracket_is_lost() -> None:
    text = "WEBVTT\n\n00:01.000 --> 00:02.000\n5 < 6 kids\nand > 3, <i>see</i> <5% of x<y\n"
    assert read_transcript("t.vtt", text).cues[0].text == "5 < 6 kids\nand > 3, see <5% of x<y"


def test_srt_is_read() -> None:
    text = """1
00:00:01,000 --> 00:00:02,500
<i>[Music]</i>

2
00:00:02,500 --> 00:00:04,000 X1:10 X2:20
Mark Luque: {\\an8}We went down
to 30.4 %: really.

00:00:04.0 --> 00:00:05.500
Times such as 10: 30 name nobody.
"""
    assert read_transcript("t.SRT", text, language="en") == Transcript(
        (
            Cue(1_000, 2_500, None, "[Music]"),
            Cue(2_500, 4_000, "Mark Luque", "We went down\nto 30.4 %: really."),
            Cue(4_000, 5_500, None, "Times such as 10: 30 name nobody."),
        ),
        "en",
    )


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", ["t.srt there are no cues in this file"]),
        ("1\n00:01 --> 00:02\nx\n", ["t.srt:2:1 this time cannot be read: 00:01 --> 00:02"]),
        ("1\n00:00:01,000 --> 00:00:02,000\nx\n\ny\n", ["t.srt:5:1 these words have no time"]),
        (
            "1\n00:00:05,000 --> 00:00:04,000\nx\n\n2\n00:00:01,000 --> 00:00:02,000\ny\n",
            [
                "t.srt:2:1 this cue ends at 00:00:04.000, before it starts at 00:00:05.000",
                "t.srt:6:1 this cue starts at 00:00:01.000, before the cue above at 00:00:05.000",
            ],
        ),
    ],
)
def test_bad_srt_is_told(text: str, told: list[str]) -> None:
    assert problems("t.srt", text) == told


def test_json_is_read() -> None:
    text = """{"version": "1.0.0", "segments": [
      {"speaker": " Ana  M. ", "startTime": 0.5, "endTime": 0.75, "body": "One "},
      {"startTime": 0.75, "body": "two"}, {"startTime": 2, "body": "three"}]}"""
    assert read_transcript("t.json", text) == Transcript(
        (
            Cue(500, 750, "Ana M.", "One"),
            Cue(750, 2_000, None, "two"),
            Cue(2_000, 4_000, None, "three"),
        )
    )


def test_bad_json_is_told_where_it_stands() -> None:
    text = """{"segments": [7, {"startTime": "1", "body": "x"},
{"startTime": 1, "endTime": "x", "body": "x"}, {"startTime": 1}, {"startTime": 1, "body": "x", "speaker": 2},
{"startTime": 3, "endTime":2, "body": ""}, {"startTime":2, "body": ""}, {"startTime":3, "body":"\\u0000"}]}"""
    assert problems("t.json", text) == [
        "t.json:1:15 this segment is no object in braces",
        "t.json:1:18 this segment's startTime is not a number of seconds",
        "t.json:2:1 this segment's endTime is not a number of seconds",
        "t.json:2:48 this segment has no body with its words",
        "t.json:2:66 this segment's speaker is not a name",
        "t.json:3:1 this cue ends at 00:00:02.000, before it starts at 00:00:03.000",
        "t.json:3:44 this cue starts at 00:00:02.000, before the cue above at 00:00:03.000",
        "t.json:3:73 this segment has a character that no file can carry",
    ]
    assert problems("t.json", '{"segments": []}') == ["t.json there are no segments in this file"]


def test_plain_text_is_paragraphs_without_times() -> None:
    text = "Dr. Ana María: Welcome\nall.\n\n\nNobody: says\n\nlower: case\n"
    assert read_transcript("t.txt", text) == Transcript(
        (
            Cue(0, 0, "Dr. Ana María", "Welcome\nall."),
            Cue(0, 0, "Nobody", "says"),
            Cue(0, 0, None, "lower: case"),
        ),
        is_timed=False,
    )
    assert problems("t.txt", " \n\n") == ["t.txt there are no words in this file"]


def test_other_kinds_of_file_are_refused() -> None:
    assert problems("t.docx", "x") == ["t.docx a transcript cannot be read from a “.docx” file"]
    assert [media_type(name) for name in ("a.vtt", "a.SRT", "a.json", "a.txt", "a.docx")] == [
        "text/vtt",
        "application/x-subrip",
        "application/json",
        "text/plain",
        None,
    ]


def test_vtt_is_written_in_one_form() -> None:
    transcript = Transcript(
        (Cue(0, 2_500, None, "[Music]"), Cue(2_500, 3_604_001, "A & <b>", "x --> y\n\n& z")), "en"
    )
    assert write_vtt(transcript).decode() == (
        "WEBVTT\nLanguage: en\n\n00:00:00.000 --> 00:00:02.500\n[Music]\n\n"
        "00:00:02.500 --> 01:00:04.001\n<v A &amp; &lt;b&gt;>x --&gt; y\n&amp; z\n"
    )


def test_what_has_no_times_is_not_written_as_vtt() -> None:
    with pytest.raises(ValueError, match="without times"):
        write_vtt(Transcript((Cue(0, 0, None, "x"),), is_timed=False))


WORDS = st.text(st.characters(exclude_categories=("Cs", "Cc", "Cn")), min_size=1).filter(
    lambda text: text == " ".join(text.split())
)
CUES = st.lists(
    st.tuples(
        st.integers(0, 5_000),
        st.integers(0, 5_000),
        st.none() | WORDS,
        st.lists(WORDS, min_size=1).map("\n".join),
    ),
    min_size=1,
)


@given(CUES)
def test_words_times_and_speakers_survive_vtt(parts: list[tuple[int, int, str | None, str]]) -> None:
    cues: list[Cue] = []
    start = 0
    for gap, length, speaker, text in parts:
        start += gap
        cues.append(Cue(start, start + length, speaker, text))
    transcript = Transcript(tuple(cues), "en")
    assert read_transcript("t.vtt", write_vtt(transcript).decode()) == transcript


@given(st.text())
def test_any_text_is_read_or_told(text: str) -> None:
    for shown, whole in (("t.vtt", f"WEBVTT\n\n{text}"), ("t.srt", text), ("t.json", text), ("t.txt", text)):
        try:
            read_transcript(shown, whole)
        except SourceError as error:
            if not all(each.message and each.place and each.hint for each in error.problems):
                raise


def test_a_transcript_that_outlasts_the_audio_is_told() -> None:
    transcript = Transcript((Cue(0, 12_001, None, "x"), Cue(1, 2, None, "y")))
    assert check_against(transcript, 10_001) is None
    problem = check_against(transcript, 10_000, place=Place("t.vtt"))
    assert problem is not None
    assert problem.message == "the transcript ends at 00:12, the audio at 00:10"
    assert problem.place == Place("t.vtt")
    assert check_against(Transcript(()), 0) is None


def test_spoken_text_has_a_line_for_each_turn() -> None:
    cues = (
        Cue(0, 2000, None, "[Music]"),
        Cue(2000, 4000, "Ana", "Good\nmorning,"),
        Cue(4000, 6000, "Ana", "everybody."),
        Cue(6000, 7000, "Ana", " "),
        Cue(20_000, 21_000, "Ana", "Later on."),
        Cue(21_000, 22_000, "Ben", "Yes."),
    )
    lines = ["[Music]", "Ana: Good morning, everybody.", "Later on.", "Ben: Yes."]
    assert spoken_text(Transcript(cues)).split("\n") == lines
    untimed = Transcript((Cue(0, 0, "Ana", "One."), Cue(0, 0, "Ana", "Two.")), is_timed=False)
    assert spoken_text(untimed) == "Ana: One.\nTwo."
    assert spoken_text(Transcript(())) == ""
