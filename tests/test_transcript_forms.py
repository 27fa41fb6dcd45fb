"""Transcripts from one form into another: nothing is lost on the way, and foreign files are understood."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from publisher.errors import SourceError
from publisher.source.document import decode_text
from publisher.transcripts import FORMS, Cue, Transcript, read_transcript

ROUNDS = 1_000
"""How many transcripts are made up for the way around; each takes a few milliseconds."""

WORDS = st.text(st.characters(exclude_categories=("Cs", "Cc", "Cn")), min_size=1, max_size=20).filter(
    lambda text: text == " ".join(text.split())
)
TRICKY = st.sampled_from(
    [
        "Note: nobody speaks", "First narrator: said so", "<i>x</i> &amp; <b", "a --> b", "00:01:00,000 --> 00:02:00,000",
        "NOTE", "WEBVTT", "42", "{\\an8}", "&lt;p&gt;", "<time>0:09</time>", "\u2060Ana: x", "Q&A: R&D;", "-\u2060-> <\u2060i>",
        "<v Ana>x</v>", "Ana:", "::", "</p>", "<!-- x -->", "—", "Colorín Colorado", "שלום", "{b}",
    ]
)  # fmt: skip
NAMES = (
    st.none()
    | st.sampled_from(
        ["Mark Luque", "First narrator", "Dr. Ana María", "A & B <c>", "x: y", "Note:", "أحمد", "&amp;", "a --> b"]
    )
    | WORDS.filter(lambda name: "\u2060" not in name)
)  # fmt: skip
PARTS = st.lists(
    st.tuples(
        st.integers(0, 5_000),
        st.integers(0, 5_000_000),
        NAMES,
        st.lists(TRICKY | WORDS, min_size=1, max_size=3).map("\n".join),
    ),
    min_size=1,
    max_size=12,
)


def transcript_of(parts: list[tuple[int, int, str | None, str]]) -> Transcript:
    cues: list[Cue] = []
    start = 0
    for gap, length, speaker, text in parts:
        start += gap
        cues.append(Cue(start, start + length, speaker, text))
    return Transcript(tuple(cues), "en")


def through(transcript: Transcript, *forms: str) -> Transcript:
    for form in forms:
        data = FORMS[form](transcript)
        transcript = read_transcript(f"t.{form}", decode_text(data, f"t.{form}"), language="en")
    return transcript


@settings(max_examples=ROUNDS)
@given(PARTS)
@example([(0, 1, "First narrator", "Welcome."), (1, 1, None, "Note: x"), (1, 1, "A: B", ": c")])
def test_all_the_way_around_keeps_every_word_time_and_speaker(
    parts: list[tuple[int, int, str | None, str]],
) -> None:
    transcript = through(transcript_of(parts), "vtt")  # in NFC, as every file is read
    assert through(transcript, "srt", "json", "html", "vtt") == transcript


@given(PARTS)
def test_paragraphs_keep_their_words_and_speakers(parts: list[tuple[int, int, str | None, str]]) -> None:
    cues = tuple(Cue(0, 0, cue.speaker, cue.text) for cue in through(transcript_of(parts), "vtt").cues)
    untimed = Transcript(cues, "en", is_timed=False)
    data = decode_text(FORMS["text"](untimed), "t.txt")
    assert read_transcript("t.txt", data, language="en") == untimed
    data = decode_text(FORMS["html"](untimed), "t.html")
    assert read_transcript("t.html", data, language="en") == untimed


def test_the_examples_of_the_podcast_namespace_are_read() -> None:
    html = "<cite>Kim:</cite>\n<time>0:00</time>\n<p>We have\n news &amp; more</p>\n<cite>Lee :</cite>\n<time>0:09</time>\n<p>Do tell.</p>\n<p>Now!</p>"
    assert read_transcript("t.html", html) == Transcript(
        (Cue(0, 9_000, "Kim", "We have news & more"), Cue(9_000, 11_000, "Lee", "Do tell.\nNow!"))
    )
    words = '{"version": "1.0.0", "segments": [{"speaker": "Lee", "startTime": 0.5, "endTime": 0.75, "body": "I"}, {"speaker": "Lee", "startTime": 1, "endTime": 1.25, "body": "am.\\n"}]}'
    assert read_transcript("t.json", words).cues == (
        Cue(500, 750, "Lee", "I"),
        Cue(1_000, 1_250, "Lee", "am."),
    )
    srt = "1\n00:00:00,000 --> 00:00:02,760\nSarah: In today's episode,\nyou'll learn\n\n2\n00:00:02,760 --> 00:00:06,090\nmore.\n"
    assert read_transcript("t.srt", srt).cues == (
        Cue(0, 2_760, "Sarah", "In today's episode,\nyou'll learn"),
        Cue(2_760, 6_090, None, "more."),
    )
    vtt = "WEBVTT\n\n00:00:00.000 --> 00:00:05.000\n<v John>Yes.\n"
    assert read_transcript("t.vtt", vtt).cues == (Cue(0, 5_000, "John", "Yes."),)


def test_a_whole_page_is_read_without_its_head_and_scripts() -> None:
    html = """<!DOCTYPE html><html lang="es"><head><title>No</title><style>p { x: y }</style></head><body>
      <h1>Not said</h1><!-- <p>no</p> --><script>"<p>no</p>"</script>
      <p><time datetime="PT1M2.5S">01:02</time> <cite>Ana</cite> Hola<br/>a <b>todos</b> &lt;3 x<y</p>
      <div>Sin nombre</div></body></html>"""
    assert read_transcript("t.HTML", html) == Transcript(
        (Cue(62_500, 64_500, "Ana", "Hola\na todos <3 x<y\nSin nombre"),), "es"
    )


def test_what_is_no_page_of_a_transcript_is_told() -> None:
    for text, told in (
        ("", "there are no words"),
        ("<p><time>soon</time>Hi</p>", "this time cannot be read: soon"),
    ):
        with pytest.raises(SourceError, match=told) as caught:
            read_transcript("t.html", text)
        assert all(each.hint for each in caught.value.problems)


def test_srt_of_other_programs_is_read() -> None:
    text = '1\n00:01,5 --> 00:02,000\n<font color="red">Tom &amp; Ann</font> {\\an8}go<br>\n\n' + "".join(
        f"{n}\n00:00:0{n},000 --> 00:00:0{n},500\nlower name: yes {n}\n\n" for n in (3, 4, 5)
    )
    assert read_transcript("t.srt", text).cues == (
        Cue(1_500, 2_000, None, "Tom & Ann go"),
        *(Cue(1000 * n, 1000 * n + 500, "lower name", f"yes {n}") for n in (3, 4, 5)),
    )


def test_json_of_recognisers_is_read() -> None:
    text = '{"text": "x", "segments": [{"id": 0, "start": 0.0, "end": 2.5, "text": " Welcome."}], "language": "en"}'
    assert read_transcript("t.json", text).cues == (Cue(0, 2_500, None, "Welcome."),)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_windows_files_are_read(encoding: str) -> None:
    text = "WEBVTT\r\n\r\n00:01.000 --> 00:02.000\r\n<v Ana>Colorín\r\n"
    mark = "\ufeff" if encoding.endswith("e") else ""
    read = decode_text((mark + text).encode(encoding), "t.vtt")
    assert read_transcript("t.vtt", read).cues == (Cue(1_000, 2_000, "Ana", "Colorín"),)


def test_broken_utf_16_is_told() -> None:
    with pytest.raises(SourceError, match="not UTF-16"):
        decode_text(b"\xff\xfex", "t.vtt")


CONVERTING = """
import sys, time
from pathlib import Path
from publisher.transcripts import FORMS, read_transcript
form, to = sys.argv[1:]
text = Path(f"t.{form}").read_text(encoding="utf-8")
before = time.process_time()
FORMS[to](read_transcript(f"t.{form}", text))
print(time.process_time() - before)
"""


@pytest.mark.integration
def test_ten_hours_are_converted_in_a_second(tmp_path: Path) -> None:
    cues = tuple(
        Cue(
            at * 3_000,
            at * 3_000 + 2_800,
            ("Mark Luque", "First narrator", None)[at % 3],
            f"We went down\nto {at}.",
        )
        for at in range(12_000)
    )
    texts = {form: FORMS[form](Transcript(cues)).decode() for form in ("vtt", "srt", "json", "html")}
    for form, text in texts.items():
        (tmp_path / f"t.{form}").write_text(text, encoding="utf-8")
        words = [form, "srt" if form == "vtt" else "vtt"]
        # A process of its own, which nothing traces; the quickest of three says what the work costs, the
        # others what else the machine does.
        taken_s = [
            float(subprocess.check_output([sys.executable, "-c", CONVERTING, *words], cwd=tmp_path))
            for _ in range(3)
        ]
        assert min(taken_s) < 1, form
