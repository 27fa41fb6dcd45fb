"""A correction is said on the page, in the notes, in the transcript and on a page of its own; the audio stays."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

from click.testing import CliRunner

from publisher.cli import publisher
from publisher.errors import Place
from publisher.model import Correction, Episode, Timeline
from publisher.transcripts import Cue, Transcript, read_transcript
from publisher.transcripts.corrected import with_notes

EPISODE = "bakersfield-part-1"
ENTRY = """corrections:
  - {date: 2026-02-03, text: "The figure is <30.4> & no other.", at: "00:45"}
  - {date: 2026-03-04, text: "A name was left out."}
"""
SAID = "Correction, February 3, 2026: The figure is &lt;30.4&gt; &amp; no other."


def call(root: Path, *words: str) -> str:
    result = CliRunner().invoke(publisher, ["-C", str(root), *words], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.stdout


def plain(html: str) -> str:
    return re.sub(r"<[^>]*>", "", html)


def test_a_correction_is_said_everywhere_and_nothing_else_changes(own_show: Path) -> None:
    call(own_show, "build", "--locked")
    feed = own_show / "feeds/rising-from-the-margins.xml"
    before, lock = feed.read_text(encoding="utf-8"), own_show / f"episodes/{EPISODE}/audio.lock"
    locked = lock.read_bytes()
    show_page = own_show / "build/index.html"
    page_of_all = own_show / "build/corrections.html"
    assert not page_of_all.exists()
    assert "corrections.html" not in show_page.read_text(encoding="utf-8")
    path = own_show / f"episodes/{EPISODE}/episode.md"
    source = path.read_text(encoding="utf-8")
    path.write_text(source.replace("corrections: []\n", ENTRY), encoding="utf-8")
    call(own_show, "build", "--locked")

    page = (own_show / f"build/episodes/{EPISODE}.html").read_text(encoding="utf-8")
    assert plain(page).count(SAID) == 2  # at the top, and in the transcript
    assert page.index("The figure is") < page.index("<audio")
    assert page.count("A name was left out.") == 1
    for form in ("feed", "web"):
        assert plain(call(own_show, "notes", EPISODE, "--to", form)).startswith(SAID)
    assert "The figure is <30.4> & no other." in call(own_show, "notes", EPISODE, "--to", "text")
    assert SAID in plain(call(own_show, "notes", EPISODE, "--to", "mail"))

    (vtt,) = (own_show / "build/transcripts").glob(f"{EPISODE}-*.vtt")
    cues = read_transcript("t.vtt", vtt.read_text(encoding="utf-8")).cues
    (noted,) = (cue for cue in cues if cue.text.startswith("[Correction"))
    assert (noted.start_ms, noted.speaker) == (45_000, None)
    at = cues.index(noted)
    assert cues[at - 1].start_ms <= 45_000 < cues[at + 1].start_ms

    after = feed.read_text(encoding="utf-8")
    for element in ("guid", "pubDate", "lastBuildDate"):
        assert re.findall(f"<{element}[ >].*", after) == re.findall(f"<{element}[ >].*", before)
    assert re.findall("<enclosure .*", after) == re.findall("<enclosure .*", before)
    assert lock.read_bytes() == locked

    listed = page_of_all.read_text(encoding="utf-8")
    assert SAID in plain(listed)
    assert listed.index("A name was left out.") < listed.index("The figure is")
    assert f'<a href="episodes/{EPISODE}.html">' in listed
    assert '<a href="corrections.html">Corrections</a>' in show_page.read_text(encoding="utf-8")

    path.write_text(source, encoding="utf-8")
    call(own_show, "build", "--locked")
    assert not page_of_all.exists()
    assert feed.read_text(encoding="utf-8") == before


def test_a_note_stands_behind_what_is_said_at_its_time() -> None:
    words = Transcript((Cue(0, 2_000, "Ana", "One"), Cue(2_000, 4_000, "Ben", "Two")), "en")
    noted = with_notes(words, [(2_500, "No: three"), (9_000, "late")], 8_000)
    assert noted.cues == (
        *words.cues,
        Cue(2_500, 5_500, None, "[No: three]"),
        Cue(8_000, 8_000, None, "[late]"),
    )
    assert with_notes(words, [], 8_000) is words
    untimed = Transcript((Cue(0, 0, None, "One"),), is_timed=False)
    assert [cue.text for cue in with_notes(untimed, [(5, "x")], 0).cues] == ["[x]", "One"]


def test_corrections_move_with_the_intro() -> None:
    now = datetime(2026, 1, 1, tzinfo=UTC)
    found = (Correction(now.date(), "x", 1_000), Correction(now.date(), "y"))
    episode = Episode("s", "T", "g", now, "", "", 1, Place("e"), corrections=found)
    assert [each.at_ms for each in Timeline(500).episode(episode).corrections] == [1_500, None]
