"""`publisher transcript`: real speech, whose true times are known, is placed to a few hundredths of a second."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from publisher.audio.ffmpeg import find_ffmpeg, run
from publisher.cli import publisher
from publisher.transcripts import Transcript, read_transcript

pytestmark = pytest.mark.integration  # real ffmpeg, a real recogniser

EPISODES = ("bakersfield-part-1", "bakersfield-part-2")


def transcript(root: Path, slug: str, *words: str, exit_code: int = 0) -> Result:
    command = ["-C", str(root), "transcript", slug, *words]
    result = CliRunner().invoke(publisher, command, catch_exceptions=False)
    assert result.exit_code == exit_code, result.output
    return result


def true_cues(root: Path, slug: str) -> Transcript:
    return read_transcript("a.vtt", (root / f"episodes/{slug}/transcript.vtt").read_text(encoding="utf-8"))


def strip_times(root: Path, slug: str) -> list[tuple[str, int]]:
    """Leave only plain paragraphs of the transcript; return the first word of each caption with its time."""
    cues = true_cues(root, slug).cues
    folder = root / f"episodes/{slug}"
    paragraphs = [f"{cue.speaker}: {cue.text}" if cue.speaker else cue.text for cue in cues]
    (folder / "transcript.txt").write_text("\n\n".join(paragraphs), encoding="utf-8")
    (folder / "transcript.vtt").unlink()
    edit(root, slug, "transcript: transcript.vtt\n", "")
    return [(cue.text.split()[0], cue.start_ms) for cue in cues if not cue.text.startswith("[")]


def edit(root: Path, slug: str, old: str, new: str) -> None:
    path = root / f"episodes/{slug}/episode.md"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


@pytest.mark.parametrize("slug", EPISODES)
def test_known_words_get_their_true_times(own_show: Path, slug: str) -> None:
    truth = strip_times(own_show, slug)
    document = json.loads(transcript(own_show, slug, "--align", "--json").stdout)
    assert document["schema"] == "publisher/transcript/1"
    assert document["found"] == document["words"] > 180
    assert document["gaps"] == []
    cues = document["cues"]
    starts = {round(cue["from_seconds"] * 1000): cue["text"].split()[0] for cue in cues}
    errors = []
    for word, start_ms in truth:
        near = min((at for at in starts if starts[at] == word), key=lambda at: abs(at - start_ms))
        errors.append(abs(near - start_ms))
    within = [error for error in errors if error <= 100]
    assert len(within) >= 0.9 * len(errors), sorted(errors)


def test_cues_with_wrong_times_are_set_right(own_show: Path) -> None:
    slug = EPISODES[0]
    truth = true_cues(own_show, slug)
    path = own_show / f"episodes/{slug}/transcript.vtt"
    text = path.read_text(encoding="utf-8")
    path.write_text(re.sub(r"\b(\d\d):(\d\d)\.(\d{3})", r"\1:\2.999", text), encoding="utf-8")
    made = read_transcript("a.vtt", transcript(own_show, slug, "--align").stdout)
    assert [(cue.speaker, cue.text) for cue in made.cues] == [(cue.speaker, cue.text) for cue in truth.cues]
    pairs = list(zip(made.cues, truth.cues, strict=True))[1:]  # the first is no speech
    errors = sorted(abs(ours.start_ms - true.start_ms) for ours, true in pairs)
    assert errors[len(errors) * 9 // 10] <= 100, errors
    ends = sorted(abs(ours.end_ms - true.end_ms) for ours, true in pairs)
    assert ends[len(ends) * 9 // 10] <= 200, ends


def test_words_that_were_not_said_are_told_and_the_rest_is_right(own_show: Path) -> None:
    slug = EPISODES[1]
    truth = strip_times(own_show, slug)
    path = own_show / f"episodes/{slug}/transcript.txt"
    paragraphs = path.read_text(encoding="utf-8").split("\n\n")
    paragraphs.insert(
        6, "Ana: Elephants never whistle in a purple bathtub while volcanoes are sneezing marmalade."
    )
    path.write_text("\n\n".join(paragraphs), encoding="utf-8")
    result = transcript(own_show, slug, "--align", "--json")
    document = json.loads(result.stdout)
    missing = " ".join(gap["text"] for gap in document["gaps"])
    assert "purple bathtub" in missing
    assert 8 <= document["words"] - document["found"] <= 20
    starts = [round(cue["from_seconds"] * 1000) for cue in document["cues"]]
    close = [min(abs(start - start_ms) for start in starts) <= 150 for _, start_ms in truth]
    assert sum(close) >= 0.85 * len(close)


def test_words_too_few_to_be_certain_are_fitted_into_the_sound_between(own_show: Path) -> None:
    slug = EPISODES[0]
    strip_times(own_show, slug)
    path = own_show / f"episodes/{slug}/transcript.txt"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("First, the figures. They come", "First, figures. They"), encoding="utf-8")
    document = json.loads(transcript(own_show, slug, "--align", "--json").stdout)
    assert document["gaps"] == []
    first = next(cue for cue in document["cues"] if cue["text"].startswith("First, figures"))
    assert first["from_seconds"] == pytest.approx(40.648, abs=0.15)


def test_as_json_a_draft_has_every_word_by_itself(own_show: Path) -> None:
    slug = EPISODES[0]
    strip_times(own_show, slug)
    first = transcript(own_show, slug, "--align", "--to", "json")
    words = read_transcript("a.json", first.stdout).cues
    assert all(len(cue.text.split()) == 1 for cue in words)
    assert "193 of 193 words" in first.stderr
    assert not list((own_show / ".publisher/cache").iterdir())


def test_a_draft_is_written_beside_and_never_over_corrections(own_show: Path) -> None:
    slug = EPISODES[0]
    strip_times(own_show, slug)
    before = sorted(path.name for path in (own_show / f"episodes/{slug}").iterdir())
    result = transcript(own_show, slug, "--align", "--write")
    name = f"episodes/{slug}/transcript.draft.vtt"
    assert result.stdout == f"{name}\n"
    assert sorted([*before, "transcript.draft.vtt"]) == sorted(
        path.name for path in (own_show / f"episodes/{slug}").iterdir()
    )
    shown = CliRunner().invoke(publisher, ["-C", str(own_show), "show", slug], catch_exceptions=False)
    assert "transcript.txt" in shown.stdout
    assert "draft" not in shown.stdout
    drafted = (own_show / name).read_bytes()
    transcript(own_show, slug, "--align", "--write")  # the same once more, word for word
    assert (own_show / name).read_bytes() == drafted
    (own_show / name).write_text("WEBVTT\n\ncorrected", encoding="utf-8")
    assert "another draft" in transcript(own_show, slug, "--align", "--write", exit_code=2).stderr
    assert (own_show / name).read_text(encoding="utf-8").endswith("corrected")


def test_the_words_of_another_recording_are_refused(own_show: Path) -> None:
    strip_times(own_show, EPISODES[0])
    strip_times(own_show, EPISODES[1])
    other = own_show / f"episodes/{EPISODES[1]}/transcript.txt"
    (own_show / f"episodes/{EPISODES[0]}/transcript.txt").write_bytes(other.read_bytes())
    result = transcript(own_show, EPISODES[0], "--align", exit_code=2)
    assert "words of the transcript were found in the recording" in result.stderr
    assert "belong together" in result.stderr


def test_other_languages_are_refused_politely(own_show: Path) -> None:
    slug = EPISODES[0]
    strip_times(own_show, slug)
    path = own_show / f"episodes/{slug}/transcript.txt"
    spanish = (
        "Bienvenidas y bienvenidos a nuestro programa sobre las escuelas y las familias de la comunidad."
    )
    path.write_text(spanish, encoding="utf-8")
    assert "words are English" in transcript(own_show, slug, "--align", exit_code=2).stderr
    show = (own_show / "show.toml").read_text(encoding="utf-8")
    for path in own_show.glob("episodes/*/episode.es.md"):
        path.unlink()
    (own_show / "show.toml").write_text(
        show.replace('language = "en"', 'language = "es"', 1), encoding="utf-8"
    )
    assert "only English can be aligned" in transcript(own_show, slug, "--align", exit_code=2).stderr
    assert "a model of English only" in transcript(own_show, slug, "--draft", exit_code=3).stderr


def test_missing_parts_are_named(own_show: Path) -> None:
    slug = EPISODES[0]
    (own_show / f"episodes/{slug}/master.flac").unlink()
    result = transcript(own_show, slug, "--align", exit_code=3)
    assert "the recording of bakersfield-part-1 is not on this machine" in result.stderr
    (own_show / f"episodes/{slug}/transcript.vtt").unlink()
    edit(own_show, slug, "transcript: transcript.vtt\n", "")
    assert "no transcript to align" in transcript(own_show, slug, "--align", exit_code=2).stderr
    assert "either aligned or drafted" in transcript(own_show, slug, "--align", "--draft", exit_code=2).stderr
    assert (
        "--engine is for drafts" in transcript(own_show, slug, "--align", "--engine", "x", exit_code=2).stderr
    )


def test_in_silence_nothing_is_heard(own_show: Path) -> None:
    master = own_show / f"episodes/{EPISODES[0]}/master.flac"
    run(find_ffmpeg(), ["-f", "lavfi", "-i", "anullsrc=r=16000", "-t", "12", "-y", f"file:{master}"])
    assert "no words were heard" in transcript(own_show, EPISODES[0], "--draft", exit_code=2).stderr
    result = transcript(own_show, EPISODES[0], "--align", exit_code=2)
    assert "more than anybody can say in the recording's 00:12" in result.stderr
    run(find_ffmpeg(), ["-f", "lavfi", "-i", "anullsrc=r=16000", "-t", "90", "-y", f"file:{master}"])
    assert "only 0 of 193 words" in transcript(own_show, EPISODES[0], "--align", exit_code=2).stderr


def test_a_draft_of_what_is_heard_says_how_good_it_is(own_show: Path) -> None:
    slug = EPISODES[0]
    master = own_show / f"episodes/{slug}/master.flac"
    short = master.with_name("short.flac")
    run(find_ffmpeg(), ["-t", "15", "-i", f"file:{master}", f"file:{short}"])
    short.replace(master)
    result = transcript(own_show, slug, "--draft")
    words = " ".join(cue.text for cue in read_transcript("a.vtt", result.stdout).cues)
    assert "rising from the margins" in words
    assert "one in ten to one in three" in result.stderr
