"""`publisher transcript`: a transcript in other forms, checked with line numbers, moved and repaired."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from publisher.building.artifacts import artifact_of
from publisher.building.memory import Output
from publisher.cli import publisher
from publisher.errors import SourceError
from publisher.model import Person
from publisher.transcripts import Cue, Transcript, parse_transcript, read_transcript
from publisher.transcripts.checking import Background, check_reading
from publisher.transcripts.mending import mend_times
from publisher.transcripts.people import match_person, with_full_names

EPISODE = "bakersfield-part-1"
PEOPLE = (
    Person("mark-luque", "Mark Luque"),
    Person("ana", "Ana María Ruiz", "host"),
    Person("luis", "Luis Ruiz"),
)


def call(root: Path, *words: str, exit_code: int = 0) -> Result:
    result = CliRunner().invoke(publisher, ["-C", str(root), "transcript", *words], catch_exceptions=False)
    assert result.exit_code == exit_code, result.output
    return result


def own_words(root: Path) -> Path:
    return root / f"episodes/{EPISODE}/transcript.vtt"


def test_the_way_around_by_command_keeps_everything(own_show: Path, tmp_path: Path) -> None:
    first = read_transcript("t.vtt", own_words(own_show).read_text(encoding="utf-8"))
    call(own_show, EPISODE, "--to", "vtt", "--out", str(tmp_path / "0.vtt"))
    for number, form in enumerate(("srt", "json", "html", "vtt"), 1):
        before = next(tmp_path.glob(f"{number - 1}.*"))
        assert (
            call(tmp_path, str(before), "--to", form, "--out", f"{number}.{form}").stdout
            == f"{number}.{form}\n"
        )
    assert read_transcript("t.vtt", (tmp_path / "4.vtt").read_text(encoding="utf-8")).cues == first.cues
    assert call(own_show, "convert", EPISODE, "--to", "text").stdout.startswith("[Three rising notes]\n\n")
    assert (
        "<title>Bakersfield City School District, Part I</title>"
        in call(own_show, EPISODE, "--to", "html").stdout
    )


def test_every_cue_moves_and_nothing_else(own_show: Path) -> None:
    path = own_words(own_show)
    before = path.read_text(encoding="utf-8")
    result = call(own_show, "shift", EPISODE, "--by", "+1.5")
    after = path.read_text(encoding="utf-8")
    assert "moved by +1.5 s" in result.stderr
    assert "NOTE\nWritten by scripts/make_samples.py" in after
    assert [cue.start_ms for cue in read_transcript("t.vtt", after).cues] == [
        cue.start_ms + 1_500 for cue in read_transcript("t.vtt", before).cues
    ]
    assert [line for line in after.split("\n") if "-->" not in line] == [
        line for line in before.split("\n") if "-->" not in line
    ]
    call(own_show, "shift", EPISODE, "--by", "-1.5")
    assert path.read_text(encoding="utf-8") == before
    call(own_show, "shift", EPISODE, "--by", "2", "--dry-run")
    assert path.read_text(encoding="utf-8") == before


def test_no_cue_is_moved_out_of_the_audio(own_show: Path) -> None:
    told = call(own_show, "shift", EPISODE, "--by", "-10", exit_code=2).stderr
    assert f"episodes/{EPISODE}/transcript.vtt:6:1" in told
    assert "would lie before the beginning" in told
    told = call(own_show, "shift", EPISODE, "--by", "-10", "--from", "00:18", exit_code=2).stderr
    assert "would come before the one at" in told
    assert "this is no time" in call(own_show, "shift", EPISODE, "--by", "soon", exit_code=2).stderr


@pytest.mark.parametrize(
    ("name", "text", "moved"),
    [
        ("t.srt", "1\n00:00:01,000 --> 00:00:02,000 X1:5\nx\n", "1\n00:00:03,250 --> 00:00:04,250 X1:5\nx\n"),
        ("t.vtt", "WEBVTT\n\n00:01.000 --> 00:02.000\na <00:01.500>b\n", "WEBVTT\n\n00:00:03.250 --> 00:00:04.250\na <00:00:03.750>b\n"),
        ("t.json", '{"x": 1, "segments": [{"startTime": 1, "body": "x", "y": 2}]}', '{\n "x": 1,\n "segments": [\n  {\n   "startTime": 3.25,\n   "body": "x",\n   "y": 2\n  }\n ]\n}\n'),
    ],
)  # fmt: skip
def test_files_of_every_kind_move(tmp_path: Path, name: str, text: str, moved: str) -> None:
    (tmp_path / name).write_text(text, encoding="utf-8")
    call(tmp_path, "shift", name, "--by", "2.25")
    assert (tmp_path / name).read_text(encoding="utf-8") == moved


def test_repair_shows_the_difference_and_keeps_the_rest(tmp_path: Path) -> None:
    broken = (
        "WEBVTT - x\n\nNOTE keep me\n\n00:05.000 --> 00:04.000 align:start\nlate\n\n"
        "one\n00:01.000 --> 00:09.000\n<v Ana>early\n\nmore words\n\n"
        "00:00:08,5 --> 0:00:09,000\nlast\n"
    )
    path = tmp_path / "t.vtt"
    path.write_text(broken, encoding="utf-8")
    assert "5:1" in call(tmp_path, "t.vtt", exit_code=2).stderr
    shown = call(tmp_path, "repair", "t.vtt", "--dry-run").stdout
    assert "-00:05.000 --> 00:04.000 align:start" in shown
    assert path.read_text(encoding="utf-8") == broken
    result = call(tmp_path, "repair", "t.vtt")
    assert "2 cues put in the order of their times" in result.stderr
    mended = path.read_text(encoding="utf-8")
    assert mended == (
        "WEBVTT - x\n\none\n00:00:01.000 --> 00:00:05.000\n<v Ana>early\nmore words\n\n"
        "NOTE keep me\n\n00:00:05.000 --> 00:00:06.000 align:start\nlate\n\n"
        "00:00:08.500 --> 00:00:09.000\nlast\n"
    )
    assert "nothing was written" in call(tmp_path, "repair", "t.vtt").stderr


@pytest.mark.parametrize(
    ("name", "broken", "cues"),
    [
        ("t.srt", "7\n00:00:05.000 --> 00:00:06.000\nb\n3\n00:00:01,000 --> 00:00:02,000\na\n", "a b"),
        ("t.vtt", "00:00:01.000 --> 00:00:02.000\na\n\n00:00:03.000 --> 00:00:04.000\nb\n", "a b"),
        ("t.json", '{"segments": [{"startTime": 5, "endTime": 4, "body": "b"}, {"startTime": 1, "body": "a"}]}', "a b"),
        ("t.html", "<time>0:09</time><p>b</p><time>0:01</time><p>a</p>", "a b"),
    ],
)  # fmt: skip
def test_every_kind_is_repaired(tmp_path: Path, name: str, broken: str, cues: str) -> None:
    (tmp_path / name).write_text(broken, encoding="utf-8")
    with pytest.raises(SourceError):
        read_transcript(name, broken)
    call(tmp_path, "repair", name)
    mended = read_transcript(name, (tmp_path / name).read_text(encoding="utf-8"))
    assert " ".join(cue.text for cue in mended.cues) == cues


def test_sound_files_are_left_alone() -> None:
    text = "WEBVTT\nLanguage: en\n\nSTYLE\n::cue { color: red }\n\n1\n00:00:01.000 --> 00:00:02.000\na\n"
    assert mend_times(text, is_vtt=True).text == text
    assert mend_times(text, is_vtt=True).done == ()


def found(name: str, text: str, background: Background | None = None) -> list[str]:
    findings = check_reading(name, parse_transcript(name, text), background or Background())
    assert all(each.hint for each in findings)
    return [f"{each.rule} {each.level} {each.place.line} {each.message}" for each in findings]


def test_findings_have_rules_and_lines() -> None:
    text = (
        "WEBVTT\n\n00:00:00.000 --> 00:00:02.000\nTranscribed by a program\n\n"
        "00:00:05.000 --> 00:00:04.000\n<v Mark>back\n\n"
        "00:00:06.000 --> 00:00:06.500\n<v Nobody>much too many words for half a second\n\n"
        "00:00:06.100 --> 00:00:08.000\n\n\n"
        "00:02:06.000 --> 00:02:08.000\n[inaudible]\n\nlost\n"
    )
    assert found("t.vtt", text, Background(100_000, PEOPLE)) == [
        "TR-013 warn 0 the cues cover 6 percent of 01:40",
        "TR-020 warn 0 7 words a minute; speech has 60 to 260",
        "TR-025 warn 0 1 places are marked as inaudible",
        "TR-025 warn 3 this is probably not said: Transcribed by a program",
        "TR-011 error 6 this cue ends at 00:00:04.000, before it starts at 00:00:05.000",
        "TR-016 warn 6 “Mark” is Mark Luque",
        "TR-016 warn 9 “Nobody” is nobody of this episode",
        "TR-020 warn 9 this cue goes by too fast to be read: 37 characters in 0.5 s",
        "TR-011 warn 12 this cue starts 0.4 s before the one above ends, at 00:00:06.500",
        "TR-011 warn 12 this cue has no words",
        "TR-012 error 15 the transcript ends at 02:08, the audio at 01:40",
        "TR-013 warn 15 nothing is written from 00:08 to 02:06",
        "TR-009 error 18 these words have no time",
    ]


def test_lines_that_apps_cannot_show_are_told() -> None:
    srt = f"1\n00:00:00,000 --> 00:00:09,000\n{'x' * 40}\ntwo\nthree\n"
    assert found("t.srt", srt) == [
        "TR-014 warn 2 a line of this cue has 40 characters; apps show 32",
        "TR-014 warn 2 this cue has 3 lines; apps show 2",
    ]
    assert found("t.txt", "Just words.", Background(None, PEOPLE)) == [
        "TR-016 warn 0 nobody is named, and 3 people are heard"
    ]


def test_speakers_are_matched_with_the_people() -> None:
    said = {"mark luque": "Mark Luque", "Superintendent Mark LUQUE": "Mark Luque", "Ana Maria": "Ana María Ruiz",
            "Ruiz": None, "Luis": "Luis Ruiz", "ana": "Ana María Ruiz", "Dr. X": None, "…": None}  # fmt: skip
    for name, person in said.items():
        matched = match_person(name, PEOPLE)
        assert (matched.name if matched else None) == person
    words = Transcript((Cue(0, 1, "MARK", "x"), Cue(1, 2, "Ruiz", "y"), Cue(2, 3, None, "z")))
    assert [cue.speaker for cue in with_full_names(words, PEOPLE).cues] == ["Mark Luque", "Ruiz", None]


def test_check_is_a_document_and_an_exit_code(own_show: Path) -> None:
    document = json.loads(call(own_show, "check", EPISODE, "--json").stdout)
    assert document["schema"] == "publisher/transcript/1"
    assert document["counts"]["error"] == 0
    assert [(who["name"], who["person"]) for who in document["speakers"]] == [
        ("First narrator", None),
        ("Second narrator", None),
    ]
    path = own_words(own_show)
    path.write_text(
        path.read_text(encoding="utf-8").replace("00:00:07.403", "00:00:00.403"), encoding="utf-8"
    )
    assert "error[TR-011]" in call(own_show, "check", EPISODE, exit_code=1).stdout


def test_text_without_times_needs_some(own_show: Path, tmp_path: Path) -> None:
    (tmp_path / "t.txt").write_text("Ana: Hola.\n", encoding="utf-8")
    assert "has no times, which srt needs" in call(tmp_path, "t.txt", "--to", "srt", exit_code=2).stderr
    assert "no times to shift" in call(tmp_path, "shift", "t.txt", "--by", "1", exit_code=2).stderr
    assert "no times to repair" in call(tmp_path, "repair", "t.txt", exit_code=2).stderr
    assert call(tmp_path, "t.txt", "--to", "html").stdout.count("<cite>Ana:</cite>\n<p>Hola.</p>") == 1
    assert "there is no show.toml" in call(tmp_path, "t.vtt", exit_code=2).stderr
    assert "--write is for drafts" in call(own_show, EPISODE, "--write", exit_code=2).stderr


def test_a_show_publishes_further_forms(own_show: Path) -> None:
    settings = own_show / "show.toml"
    text = settings.read_text(encoding="utf-8")
    settings.write_text(
        text.replace("locked = true", 'locked = true\ntranscripts = ["json", "srt", "html"]'),
        encoding="utf-8",
    )
    result = CliRunner().invoke(publisher, ["-C", str(own_show), "build", "--locked"], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    feed = (own_show / "feeds/rising-from-the-margins.xml").read_text(encoding="utf-8")
    types = ("text/vtt", "application/json", "application/x-subrip", "text/html")
    for kind, suffix in zip(types, ("vtt", "json", "srt", "html"), strict=True):
        (path,) = (own_show / "build/transcripts").glob(f"{EPISODE}-*.{suffix}")
        assert f'transcripts/{path.name}" type="{kind}" language="en"' in feed
        output = Output(f"transcripts/{path.name}", "0" * 64, 1)
        assert artifact_of(own_show, output).content_type.partition(";")[0] == kind
