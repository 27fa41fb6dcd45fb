"""Pages: what they show and link, that nothing foreign runs in them, and that they read well."""

from __future__ import annotations

import gzip
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import lxml.html
import pytest
from site_samples import BASE, EPISODE, ITEM, SHOW, TEASERS, TRANSCRIPT, hostile

from publisher.model import Teaser
from publisher.site import assets, render_episode_page, render_show_page
from publisher.site.reading import Paragraph, paragraphs
from publisher.templates import read_templates
from publisher.transcripts import Cue, Transcript

TEMPLATES = read_templates()
COVER = f"{BASE}covers/cover-abc.jpg"


def show_page(*teasers: Teaser) -> bytes:
    return render_show_page(SHOW, SHOW.feeds[0], teasers or TEASERS, TEMPLATES, cover_url=COVER)


def episode_page(**values: object) -> bytes:
    item = replace(ITEM, episode=replace(EPISODE, **values)) if values else ITEM  # type: ignore[arg-type]  # by name
    return render_episode_page(
        SHOW,
        item,
        TEMPLATES,
        transcript=TRANSCRIPT,
        cover_url=COVER,
        earlier=TEASERS[0],
        later=TEASERS[1],
    )


def tree(page: bytes) -> Any:  # lxml's stubs give xpath a union that says nothing
    return lxml.html.document_fromstring(page.decode())


def texts(page: bytes, path: str) -> list[str]:
    found = tree(page).xpath(path)
    return [" ".join((each if isinstance(each, str) else each.xpath("string()")).split()) for each in found]


# What is on them


def test_the_show_page_lists_its_episodes_newest_first() -> None:
    page = show_page()
    assert texts(page, "//h1") == ["Rising & <Margins>"]
    assert texts(page, "//article/h3") == ["Part 3 & <more>", "Part 2 & <more>", "Part 1 & <more>"]
    assert texts(page, "//article/h3/a/@href") == [f"episodes/part-{number}.html" for number in (3, 2, 1)]
    assert texts(page, "//article/p[@class='facts']")[0] == "January 3, 2026 · 1 h 3 min"


def test_the_show_page_tells_how_to_subscribe() -> None:
    page = show_page()
    assert texts(page, "//section[@aria-labelledby='subscribe']//a") == [f"{BASE}rising.xml"]
    assert texts(page, "//link[@type='application/rss+xml']/@href") == [
        f"{BASE}rising.xml",
        f"{BASE}rising-es.xml",
    ]
    assert texts(page, "//link[@rel='canonical']/@href") == [f"{BASE}index.html"]


def test_a_show_without_episodes_says_so() -> None:
    page = render_show_page(SHOW, SHOW.feeds[0], (), TEMPLATES)
    assert "The first episode is on its way." in page.decode()


def test_the_episode_page_has_player_chapters_notes_people_and_questions() -> None:
    page = episode_page()
    assert texts(page, "//h1") == ["Part I: “Colorín Colorado” & <more>"]
    assert texts(page, "//audio/@src") == ["../audio/part-1-abc.mp3"]
    assert texts(page, "//audio/@preload") == ["none"]
    assert texts(page, "//ol[@class='chapters']/li/a[1]") == ["00:00 Welcome", "01:10 What <changed>"]
    assert texts(page, "//ol[@class='chapters']/li/a[1]/@href") == [
        "../audio/part-1-abc.mp3#t=0",
        "../audio/part-1-abc.mp3#t=70.5",
    ]
    assert texts(page, "//div[@class='notes']/*") == ["Page.", "Resources and tools"]
    assert texts(page, "//ul[contains(@class, 'people')]/li") == ["Mark Luque guest"]
    assert texts(page, "//section[@aria-labelledby='questions']//li") == ["What has changed?"]
    assert texts(page, "//p[@class='eyebrow']") == ["Season 1 · Episode 2"]
    assert "Download the audio (MP3, 1.4 MB)" in page.decode()


def test_the_day_is_the_one_in_the_shows_time_zone() -> None:
    assert texts(episode_page(), "//div[@class='title']//p[@class='facts']") == [
        "January 12, 2026 · 1 h 3 min"
    ]


def test_the_transcript_names_each_voice_once_and_links_its_times() -> None:
    page = episode_page()
    assert texts(page, "//section[@id='transcript']/p") == [
        "00:00 [Music]",
        "00:02 Ana María Welcome all, and <hello>.",
        "00:07 Mark Luque Thanks.",
        "Files of the transcript: WebVTT",
    ]
    assert texts(page, "//section[@id='transcript']/p/a/@href")[1] == "../audio/part-1-abc.mp3#t=2"


def test_neighbours_are_linked() -> None:
    assert texts(episode_page(), "//nav[@aria-label='More episodes']//a/@href") == [
        "../episodes/part-1.html",
        "../episodes/part-3.html",
    ]


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"type": "trailer", "season": None, "number": None}, "Trailer"),
        ({"type": "bonus"}, "Bonus · Season 1 · Episode 2"),
        ({"season": None}, "Episode 2"),
        ({"number": None}, "Season 1"),
        ({"type": "bonus", "number": None}, "Bonus · Season 1"),
    ],
)
def test_the_place_in_the_show_is_said(values: dict[str, object], said: str) -> None:
    assert texts(episode_page(**values), "//div[@class='title']//p[@class='eyebrow']") == [said]


def test_what_is_not_there_leaves_no_empty_heading() -> None:
    bare = replace(
        EPISODE, season=None, number=None, people=(), chapters=(), questions=(), summary="", licence=None
    )
    item = replace(ITEM, episode=bare, notes=replace(ITEM.notes, page_html=""), transcripts=())
    page = render_episode_page(replace(SHOW, owner_email=None), item, TEMPLATES)
    assert texts(page, "//h2") == ["About the show"]
    assert not texts(page, "//p[@class='eyebrow'] | //nav | //p[@class='lead']")


def test_a_transcript_in_another_language_says_so() -> None:
    page = render_episode_page(SHOW, ITEM, TEMPLATES, transcript=replace(TRANSCRIPT, language="es"))
    assert texts(page, "//section[@id='transcript']/div/@lang") == ["es"]


# Safety


PAYLOADS = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "'><svg/onload=alert(1)>",
    "javascript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "{{ 7 * 7 }}{% include '/etc/passwd' %}",
    "</title></textarea><script>alert(1)</script>",
    "--><script>alert(1)</script>",
    'x" autofocus onfocus="alert(1)',
    "Colorín e\u0301 😀 \u202e",
]


@pytest.mark.parametrize("payload", PAYLOADS)
def test_every_field_is_text_only(payload: str) -> None:
    show, item, transcript = hostile(payload)
    teaser = replace(TEASERS[0], title=payload, summary=payload)
    for page in (
        render_episode_page(show, item, TEMPLATES, transcript=transcript, earlier=teaser),
        render_show_page(show, show.feeds[0], [teaser], TEMPLATES),
    ):
        document = tree(page)
        assert texts(page, "//script/@src") in ([], [f"../{assets(TEMPLATES)[1].key}"])
        assert not document.xpath("//script[not(@src)]")
        assert not document.xpath(
            "//@*[starts-with(name(), 'on') or name() = 'style' or name() = 'autofocus']"
        )
        assert not document.xpath("//svg | //iframe | //style")
        for href in texts(page, "//a/@href"):
            assert re.match(r"https?://|mailto:|#|\.\./|episodes/", href), href
        assert " ".join(payload.split()) in texts(page, "//h1")[0]


def test_the_policy_allows_the_shows_own_files_only() -> None:
    for page in (show_page(), episode_page()):
        (policy,) = texts(page, "//meta[@http-equiv='Content-Security-Policy']/@content")
        assert policy == (
            "default-src 'none'; style-src 'self'; script-src 'self'; img-src data: 'self'; media-src 'self'; "
            "base-uri 'none'; form-action 'none'"
        )


def test_media_elsewhere_are_named_in_the_policy() -> None:
    item = replace(ITEM, audio_url="https://cdn.example.org/a.mp3")
    page = render_episode_page(SHOW, item, TEMPLATES)
    assert "media-src 'self' https://cdn.example.org;" in texts(page, "//meta[@http-equiv]/@content")[0]
    assert texts(page, "//audio/@src") == ["https://cdn.example.org/a.mp3"]


# Form


def test_every_address_is_absolute_or_leads_to_a_file_of_the_show() -> None:
    known = {each.key for each in assets(TEMPLATES)} | {
        "index.html",
        "covers/cover-abc.jpg",
        "audio/part-1-abc.mp3",
        "transcripts/part-1-abc.vtt",
        *(f"episodes/part-{number}.html" for number in (1, 2, 3)),
    }
    for key, page in (("index.html", show_page()), ("episodes/part-1.html", episode_page())):
        for address in texts(page, "//@href | //@src"):
            if address.startswith(("#", "mailto:", "data:")):
                continue
            whole = urljoin(BASE + key, address).partition("#")[0]
            if whole.startswith(BASE) and not whole.endswith(".xml"):
                assert whole.removeprefix(BASE) in known, address
        for address in texts(
            page, "//meta[starts-with(@property, 'og:') and contains(@content, '//')]/@content"
        ):
            assert address.startswith(BASE)


def test_pages_have_one_h1_landmarks_a_skip_link_and_ordered_headings() -> None:
    for page in (show_page(), episode_page()):
        document = tree(page)
        assert texts(page, "/html/@lang") == ["en"]
        for path in (
            "//h1",
            "//main[@id='content']",
            "//header",
            "//footer",
            "//title",
            "//a[@href='#content']",
        ):
            assert len(texts(page, path)) == 1, path
        ranks = [int(str(each.tag)[1]) for each in document.iter("h1", "h2", "h3", "h4", "h5", "h6")]
        assert all(after <= before + 1 for before, after in pairwise(ranks))
        ids = texts(page, "//@id")
        assert len(ids) == len(set(ids))
        for target in texts(page, "//@aria-labelledby") + [
            each[1:] for each in texts(page, "//a/@href[starts-with(., '#')]")
        ]:
            assert target in ids


def test_an_episode_of_an_hour_stays_small() -> None:
    words = (
        "Families and schools build relationships that help every student to be there and to succeed in class"
    )
    cues = tuple(
        Cue(
            number * 5_000,
            number * 5_000 + 4_900,
            f"Voice {number // 9 % 3}",
            f"{words[number % 40 :]} {number}.",
        )
        for number in range(750)
    )
    page = render_episode_page(SHOW, ITEM, TEMPLATES, transcript=Transcript(cues, "en"))
    assert len(gzip.compress(page)) < 30_000
    assert sum(len(gzip.compress(each.data)) for each in assets(TEMPLATES)) < 6_000


def test_shared_files_are_named_by_their_bytes(tmp_path: Path) -> None:
    style, script = assets(TEMPLATES)
    assert re.fullmatch(r"assets/site-[a-z2-7]{26}\.css", style.key)
    assert re.fullmatch(r"assets/player-[a-z2-7]{26}\.js", script.key)
    assert [each.content_type for each in (style, script)] == [
        "text/css; charset=utf-8",
        "text/javascript; charset=utf-8",
    ]
    (tmp_path / "site.css").write_text("body { color: red }")
    own = read_templates(tmp_path)
    assert assets(own)[0].key != style.key
    assert assets(own)[1].key == script.key
    assert assets(own)[0].key in render_show_page(SHOW, SHOW.feeds[0], (), own).decode()


def test_equal_inputs_give_equal_bytes() -> None:
    assert episode_page() == episode_page()
    assert show_page() == show_page(*reversed(TEASERS))


def test_goldens(golden: Callable[[str, bytes], None]) -> None:
    digest = re.compile(rb"(assets/[a-z]+-)[a-z2-7]{26}")
    golden("show-page.html", digest.sub(rb"\1DIGEST", show_page()))
    golden("episode-page.html", digest.sub(rb"\1DIGEST", episode_page()))


# Paragraphs


def test_a_paragraph_ends_with_its_voice_after_a_pause_and_when_long() -> None:
    cues = (
        Cue(0, 1_000, "A", "One"),
        Cue(1_000, 2_000, "A", "two."),
        Cue(9_000, 10_000, "A", "After a pause."),
        Cue(10_000, 11_000, "B", "x" * 601),
        Cue(11_000, 12_000, "B", "goes on."),
        Cue(12_000, 13_000, "B", ""),
        Cue(13_000, 14_000, "B", "Anew."),
        Cue(14_000, 15_000, None, "[Music]"),
        Cue(15_000, 16_000, "B", "Back."),
    )
    assert paragraphs(Transcript(cues)) == (
        Paragraph(0, "A", "One two."),
        Paragraph(9_000, None, "After a pause."),
        Paragraph(10_000, "B", "x" * 601 + " goes on."),
        Paragraph(13_000, None, "Anew."),
        Paragraph(14_000, None, "[Music]"),
        Paragraph(15_000, "B", "Back."),
    )


def test_paragraphs_without_times_have_no_links() -> None:
    transcript = Transcript((Cue(0, 0, "A", "One\ntwo."), Cue(0, 0, None, "Three.")), is_timed=False)
    assert paragraphs(transcript) == (Paragraph(None, "A", "One two."), Paragraph(None, None, "Three."))
    page = render_episode_page(SHOW, replace(ITEM, transcripts=()), TEMPLATES, transcript=transcript)
    assert texts(page, "//section[@id='transcript']/p") == ["A One two.", "Three."]


def test_long_descriptions_are_cut_at_a_word() -> None:
    page = episode_page(summary="word " * 100, date=datetime(2026, 1, 13, tzinfo=UTC))
    (description,) = texts(page, "//meta[@name='description']/@content")
    assert description.endswith("word…")
    assert len(description) <= 301
