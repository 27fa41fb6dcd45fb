"""What an author wrote in two languages into the show and the episodes of one."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner
from lxml import etree
from mutagen.id3 import ID3
from tones import sine, write_wav

from publisher.building import BuildRequest, build
from publisher.cli import publisher
from publisher.config import load_show
from publisher.editions import editions_of, episode_in, show_in
from publisher.episodes import load_episode
from publisher.errors import SourceError, UsageError
from publisher.feed.reader import read_feed
from publisher.model import Episode, Role
from publisher.overview import notes_as
from publisher.resources import load_catalogue

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
FEEDS = ("small-show", "small-show-es")
SPANISH = """---
title: Piloto
summary: El primer episodio de un programa pequeño.
chapters: [Inicio, Medio, Final]
questions: ["¿Qué diría una familia?"]
corrections: [{date: 2026-01-07, text: "Era martes."}]
transcript: transcript.es.vtt
---

Hola desde la [caja de herramientas][toolkit].
"""


@pytest.fixture
def bilingual(minimal: Path) -> Path:
    with (minimal / "show.toml").open("a", encoding="utf-8") as file:
        file.write('[feeds.small-show-es]\nlanguage = "es"\ntitle = "Programa pequeño"\n')
    folder = minimal / "episodes/pilot"
    (folder / "episode.es.md").write_text(SPANISH, "utf-8")
    (folder / "transcript.es.vtt").write_text("WEBVTT\n\n00:00.000 --> 00:05.000\n<v Ana>Hola.\n", "utf-8")
    return minimal


def load(root: Path) -> Episode:
    return load_episode(root, "pilot", load_show(root), load_catalogue(root))


def problems_of(root: Path) -> list[tuple[str, str]]:
    with pytest.raises(SourceError) as caught:
        load(root)
    return [(str(problem.place), problem.message) for problem in caught.value.problems]


def test_an_episode_in_another_language(bilingual: Path) -> None:
    episode = load(bilingual)
    spanish = episode_in(episode, "es-US")
    assert (spanish.title, spanish.summary) == ("Piloto", "El primer episodio de un programa pequeño.")
    assert [(each.start_ms, each.title) for each in spanish.chapters] == [
        (0, "Inicio"),
        (20_000, "Medio"),
        (40_000, "Final"),
    ]
    assert "caja de herramientas" in spanish.notes
    assert (spanish.source.file, spanish.notes_line) == ("episodes/pilot/episode.es.md", 10)
    assert spanish.transcript == bilingual / "episodes/pilot/transcript.es.vtt"
    assert spanish.untranslated == ()
    assert (spanish.guid, spanish.date, spanish.people) == (episode.guid, episode.date, episode.people)


def test_what_is_not_translated_falls_back_and_is_named(bilingual: Path) -> None:
    (bilingual / "episodes/pilot/episode.es.md").write_text("---\ntitle: Piloto\n---\n", "utf-8")
    episode = load(bilingual)
    spanish = episode_in(episode, "es")
    assert (spanish.title, spanish.notes, spanish.chapters) == ("Piloto", episode.notes, episode.chapters)
    assert spanish.untranslated == ("summary", "notes", "chapters")
    assert spanish.source.file == "episodes/pilot/episode.md"
    assert episode_in(episode, "fr").untranslated == ("title", "summary", "notes", "chapters")


def test_a_show_in_another_language(bilingual: Path) -> None:
    show = load_show(bilingual)
    spanish = show_in(show, "es")
    assert (spanish.title, spanish.language, spanish.description) == (
        "Programa pequeño",
        "es",
        show.description,
    )
    assert spanish.guid not in {"", show.guid}
    assert [(each.language, each.prefix, each.original) for each in editions_of(show)] == [
        ("en", "", "en"),
        ("es", "es/", "en"),
    ]
    assert editions_of(show)[1].others == (("en", ""),)
    assert show_in(show, "en-GB") == show


def test_a_feed_leads_to_the_page_in_its_language(bilingual: Path) -> None:
    settings = bilingual / "show.toml"
    text = re.sub(r"^link = .*\n", "", settings.read_text("utf-8"), flags=re.MULTILINE)
    settings.write_text(text, "utf-8")
    show = load_show(bilingual)
    assert show.link == "https://media.example.org/small/index.html"
    assert show_in(show, "es").link == "https://media.example.org/small/es/index.html"
    elsewhere = replace(show, link="https://www.example.org/")
    assert show_in(elsewhere, "es").link == "https://www.example.org/"


def test_every_problem_of_a_translation_is_named_at_its_line(bilingual: Path) -> None:
    folder = bilingual / "episodes/pilot"
    (folder / "episode.es.md").write_text(
        "---\ntitel: Piloto\nchapters: [Inicio]\ntranscript: nada.vtt\n---\n", "utf-8"
    )
    (folder / "episode.es-MX.md").write_text("---\ntitle: Piloto\n---\n", "utf-8")
    (folder / "episode.en.md").write_text("---\ntitle: Pilot\n---\n", "utf-8")
    assert sorted(problems_of(bilingual)) == [
        ("episodes/pilot/episode.en.md", "en is the show's own language"),
        ("episodes/pilot/episode.es-MX.md", "there are two files for the language es"),
        ("episodes/pilot/episode.es.md:2:1", "unknown key `titel`"),
        (
            "episodes/pilot/episode.es.md:3:11",
            "titles here: 1, chapters in episode.md: 3",
        ),
        ("episodes/pilot/episode.es.md:4:13", "there is no file nada.vtt"),
    ]


def test_notes_in_another_language_are_checked_where_they_are(bilingual: Path) -> None:
    path = bilingual / "episodes/pilot/episode.es.md"
    path.write_text(SPANISH.replace("[toolkit]", "[toolkid]"), "utf-8")
    with pytest.raises(SourceError) as caught:
        build(BuildRequest(root=bilingual, now=load(bilingual).date, started_ns=0, locked=True))
    [problem] = caught.value.problems
    assert str(problem.place).startswith("episodes/pilot/episode.es.md:10:")


def test_a_build_makes_pages_and_a_feed_in_each_language(bilingual: Path) -> None:
    with (bilingual / "episodes/resources.yaml").open("a", encoding="utf-8") as file:
        file.write("  translations: {es: {title: Caja de herramientas, url: https://example.org/es/caja}}\n")
    built = build(BuildRequest(root=bilingual, now=NOW, started_ns=0, locked=True))
    keys = {artifact.key: artifact.role for artifact in built.artifacts}
    assert keys["es/index.html"] is Role.LISTING
    assert keys["es/episodes/pilot.html"] is Role.PAGE
    english, spanish = (read_feed((bilingual / f"feeds/{name}.xml").read_bytes(), name) for name in FEEDS)
    assert (spanish.title, spanish.language, english.title) == ("Programa pequeño", "es", "Small Show")
    assert spanish.guid != english.guid
    (one,), (uno,) = english.items, spanish.items
    assert (one.title, uno.title) == ("Pilot", "Piloto")
    assert (one.guid, one.audio_url) == (uno.guid, uno.audio_url)
    assert uno.link == "https://media.example.org/small/es/episodes/pilot.html"
    assert "Recursos y herramientas" in uno.description
    assert "https://example.org/es/caja" in uno.description
    page = (bilingual / "build/es/episodes/pilot.html").read_text("utf-8")
    assert '<html lang="es">' in page
    assert "5 de enero de 2026" in page
    assert (
        '<link rel="alternate" hreflang="en" href="https://media.example.org/small/episodes/pilot.html">'
        in page
    )
    assert '<a href="../../episodes/pilot.html" hreflang="en" lang="en">English</a>' in page
    assert "Piloto" in (bilingual / "build/es/index.html").read_text("utf-8")
    assert [item.title for item in built.items("https://media.example.org/small/", 1)] == ["Piloto"]


def test_words_in_another_language_are_marked_on_the_page(bilingual: Path) -> None:
    (bilingual / "episodes/pilot/episode.es.md").write_text("---\ntitle: Piloto\n---\n", "utf-8")
    build(BuildRequest(root=bilingual, now=NOW, started_ns=0, locked=True))
    page = (bilingual / "build/es/episodes/pilot.html").read_text("utf-8")
    assert "<h1>Piloto</h1>" in page
    assert '<p class="lead" lang="en">The first episode' in page
    assert '<div class="notes" lang="en">' in page
    assert "lang=" not in (bilingual / "build/episodes/pilot.html").read_text("utf-8").partition("<body>")[
        2
    ].replace('hreflang="es" lang="es"', "").replace("hreflang", "")


def test_a_transcript_that_nobody_translated_says_its_language(bilingual: Path) -> None:
    folder = bilingual / "episodes/pilot"
    (folder / "episode.es.md").write_text("---\ntitle: Piloto\n---\nHola.\n", "utf-8")
    (folder / "transcript.vtt").write_text("WEBVTT\n\n00:00.000 --> 00:05.000\n<v Ana>Hello.\n", "utf-8")
    settings = (bilingual / "show.toml").read_text("utf-8")
    settings = settings.replace("[show]\n", '[show]\ntranscripts = ["html"]\n', 1)
    (bilingual / "show.toml").write_text(settings, "utf-8")
    build(BuildRequest(root=bilingual, now=NOW, started_ns=0))
    for name in FEEDS:
        feed = etree.fromstring((bilingual / f"feeds/{name}.xml").read_bytes())
        links = feed.findall(".//{*}transcript")
        assert [each.get("language") for each in links] == ["en", "en"], name
        key = str(links[1].attrib["url"]).removeprefix("https://media.example.org/small/")
        html = (bilingual / "build" / key).read_text("utf-8")
        assert '<html lang="en">' in html
        title = feed.findtext(".//item/title")
        assert f"<title>{title}</title>" in html
    page = (bilingual / "build/es/episodes/pilot.html").read_text("utf-8")
    assert re.search(r'<div lang="en">\s*<p><a class="time"[^\n]*Hello', page)
    assert '<div lang="en">' not in (bilingual / "build/episodes/pilot.html").read_text("utf-8")


def test_a_changed_translation_is_built_again(bilingual: Path) -> None:
    build(BuildRequest(root=bilingual, now=NOW, started_ns=2**63, locked=True))
    assert not build(BuildRequest(root=bilingual, now=NOW, started_ns=2**63, locked=True)).made
    path = bilingual / "episodes/pilot/episode.es.md"
    path.write_text(path.read_text("utf-8").replace("Piloto", "El piloto"), "utf-8")
    assert build(BuildRequest(root=bilingual, now=NOW, started_ns=2**63, locked=True)).made == {"pilot"}
    assert "El piloto" in (bilingual / "feeds/small-show-es.xml").read_text("utf-8")
    path.unlink()
    assert build(BuildRequest(root=bilingual, now=NOW, started_ns=2**63, locked=True)).made == {"pilot"}
    assert "piloto" not in (bilingual / "feeds/small-show-es.xml").read_text("utf-8")


def test_a_language_with_its_own_recording(bilingual: Path) -> None:
    folder = bilingual / "episodes/pilot"
    (folder / "episode.es.md").write_text(
        '---\ntitle: Piloto\naudio: charla.wav\nchapters:\n  - {at: "00:00", title: Inicio}\n'
        '  - {at: "00:03", title: Final}\nsoundbites: [{at: "00:01", duration: "00:02", title: Sí}]\n---\nHola.\n',
        "utf-8",
    )
    write_wav(folder / "charla.wav", [sine()], 6.0)
    request = BuildRequest(root=bilingual, now=NOW, started_ns=0)
    built = build(request)
    english, spanish = (read_feed((bilingual / f"feeds/{name}.xml").read_bytes(), name) for name in FEEDS)
    (one,), (uno,) = english.items, spanish.items
    assert one.guid == uno.guid
    assert one.audio_url != uno.audio_url
    lock = json.loads((folder / "audio.es.lock").read_text())
    assert uno.audio_url.endswith(lock["key"])
    assert abs(lock["duration_ms"] - 6000) < 50
    assert abs(lock["loudness_lufs"] + 16) < 0.2
    assert built.items("https://media.example.org/small/", 1)[0].audio_bytes == lock["bytes"]
    assert built.items("https://media.example.org/small/")[0].audio_bytes == 960_000
    tags = ID3(bilingual / "build" / lock["key"])
    assert str(tags["TIT2"]) == "Piloto"
    assert str(tags["TALB"]) == "Programa pequeño"
    assert [
        str(tags[f"CHAP:{name}"].sub_frames["TIT2"]) for name in tags.getall("CTOC")[0].child_element_ids
    ] == [
        "Inicio",
        "Final",
    ]
    feeds = [(bilingual / f"feeds/{name}.xml").read_bytes() for name in FEEDS]
    (folder / "charla.wav").unlink()  # a checkout without recordings
    shutil.rmtree(bilingual / "build")
    shutil.rmtree(bilingual / ".publisher")
    build(replace(request, locked=True))
    assert [(bilingual / f"feeds/{name}.xml").read_bytes() for name in FEEDS] == feeds


def test_a_check_says_once_what_is_not_translated_and_nothing_of_shared_audio(bilingual: Path) -> None:
    folder = bilingual / "episodes/pilot"
    (folder / "episode.es.md").write_text("---\ntitle: Piloto\n---\n", "utf-8")
    source = (folder / "episode.md").read_text("utf-8")
    english = "We talk about the school, and how it asked all of its families what they would like to have. "
    (folder / "episode.md").write_text(source + f"\n{english * 3}\n", "utf-8")
    (folder / "audio.lock").unlink()
    write_wav(folder / "talk.wav", [sine()], 60.0)
    build(BuildRequest(root=bilingual, now=NOW, started_ns=0))
    document = json.loads(CliRunner().invoke(publisher, ["-C", str(bilingual), "check", "--json"]).stdout)
    said = [(each["rule"], each["message"]) for each in document["findings"]]
    assert [message for rule, message in said if rule == "LNG-001"] == [
        "not translated for the feed in es: summary, notes, chapters"
    ]
    assert not {"MED-020", "MED-021", "TX-014"} & {rule for rule, _ in said}
    assert "MED-020" not in {each["rule"] for each in document["not_checked"]}


def test_notes_that_nobody_translated_are_compared_in_their_own_language_alone(bilingual: Path) -> None:
    pilot = bilingual / "episodes/pilot"
    text = (pilot / "episode.md").read_text("utf-8")
    guid = load(bilingual).guid
    for number in (1, 2):  # neither is translated, the pilot is
        folder = bilingual / f"episodes/part-{number}"
        shutil.copytree(pilot, folder)
        (folder / "episode.es.md").unlink()
        other = text.replace(guid, guid[:-1] + str(number)).replace("2026-01-06", f"2026-01-1{number}")
        (folder / "episode.md").write_text(other, "utf-8")
    document = json.loads(CliRunner().invoke(publisher, ["-C", str(bilingual), "check", "--json"]).stdout)
    assert [each["message"] for each in document["findings"] if each["rule"] == "TX-013"] == [
        "'part-1' has the same description as 'pilot'",
        "'part-2' has the same description as 'pilot'",
    ]


def test_times_belong_to_the_recording_that_they_are_of(bilingual: Path) -> None:
    path = bilingual / "episodes/pilot/episode.es.md"
    path.write_text('---\nchapters: [{at: "00:01", title: a}, b, c]\n---\n', "utf-8")
    assert problems_of(bilingual) == [
        ("episodes/pilot/episode.es.md:2:17", "the times are those of episode.md")
    ]
    (bilingual / "episodes/pilot/charla.wav").write_bytes(b"RIFF")
    path.write_text("---\naudio: charla.wav\nchapters: [a]\nsoundbites: [b]\n---\n", "utf-8")
    assert [message for _, message in problems_of(bilingual)] == [
        "this chapter has no time",
        "this soundbite has no times",
    ]


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("form", ["feed", "web", "text", "mail", "sentence"])
def test_goldens_of_the_notes(
    own_show: Path, golden: Callable[[str, bytes], None], form: str, language: str
) -> None:
    suffix = "txt" if form in ("text", "sentence") else "html"
    for slug in ("bakersfield-part-1", "bakersfield-part-2"):
        text = notes_as(own_show, slug, form, NOW, language)
        golden(f"notes/{slug}.{form}.{language}.{suffix}", text.encode())


def test_notes_in_a_language_without_words(bilingual: Path) -> None:
    with pytest.raises(UsageError, match="there are no words in `fr`"):
        notes_as(bilingual, "pilot", "text", NOW, "fr")
