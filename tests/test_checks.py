from __future__ import annotations

import inspect
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from html import escape
from pathlib import Path
from typing import Any

import pytest
from feed_samples import COVER_URL, ENCLOSURE, EPISODE, FEED, GUEST, ITEM, PLAIN_ITEM, SHOW

from publisher.categories import CATEGORIES, RETIRED, is_category, replacement_for, suggest_category
from publisher.checks import PROFILES, Verdict, all_rules, check_own, explain
from publisher.checks.engine import rule, rule_of
from publisher.checks.html import parse_fragment
from publisher.checks.judging import NO_WITNESS, OFFLINE
from publisher.checks.own import OwnShow, files_only
from publisher.checks.places import Loc
from publisher.checks.written import written_facts
from publisher.errors import Place, UsageError
from publisher.feed.rss import render
from publisher.model import (
    Chapter,
    Enclosure,
    Episode,
    FeedSettings,
    Finding,
    Item,
    Licence,
    Link,
    Location,
    Notes,
    Resource,
    Show,
    Soundbite,
    Translation,
    Txt,
    Waiver,
)

NOW = datetime(2026, 3, 1, tzinfo=UTC)
FEED_FILE = "feeds/sample.xml"
FEED_BYTES = render(SHOW, FEED, [PLAIN_ITEM, ITEM], cover_url=COVER_URL)
OTHER = replace(
    EPISODE,
    slug="reading-it-out",
    title="Reading it out",
    guid="7d0f4c0e-0d7a-4b44-9d0b-3b0c0f1d2a55",
    summary="Who reads what a district wrote down, and to whom it is read aloud.",
    date=EPISODE.date + timedelta(days=7),
    number=3,
)


@dataclass(frozen=True)
class Scene:
    """What the rules look at."""

    show: Show = SHOW
    episodes: tuple[Episode, ...] = (EPISODE, PLAIN_ITEM.episode)
    items: tuple[Item, ...] = ()
    feed: bytes = FEED_BYTES
    transcript_end_ms: int | None = None

    def verdict(self, profiles: tuple[str, ...] = PROFILES, **options: Any) -> Verdict:
        made = {entry.episode.slug for entry in self.items}
        bare = [episode for episode in self.episodes if episode.slug not in made]
        stand_ins = tuple(
            replace(
                ITEM if episode.chapters else PLAIN_ITEM,
                episode=episode,
                audio_url=f"https://media.example.org/{episode.slug}.mp3",
                notes=Notes(f"<p>{escape(episode.summary)}</p>", ""),
            )
            for episode in bare
        )
        settings: dict[str, Any] = {
            "now": NOW,
            "place_of": written_at,
            "feeds": {FEED_FILE: self.feed},
        } | options
        own = OwnShow(
            self.show,
            tuple(written_facts(each) for each in self.episodes),
            (*self.items, *stand_ins),
            unfinished=frozenset(episode.slug for episode in bare),
            cover_url=COVER_URL,
            transcript_end=lambda _: self.transcript_end_ms,
            **settings,
        )
        return check_own(own, profiles=profiles)

    def findings(self, profiles: tuple[str, ...] = PROFILES, **options: Any) -> tuple[Finding, ...]:
        return self.verdict(profiles, **options).findings


def written_at(slug: str, loc: Loc) -> Place:
    return Place(f"{slug or 'show.toml'}:{'.'.join(map(str, loc))}")


def show(**changes: Any) -> Scene:
    return Scene(show=replace(SHOW, **changes))


def episode(**changes: Any) -> Scene:
    return Scene(episodes=(replace(EPISODE, **changes),))


def two(**changes: Any) -> Scene:
    return Scene(episodes=(EPISODE, replace(OTHER, **changes)))


def item(
    of_episode: dict[str, Any] | None = None, audio: dict[str, Any] | None = None, **changes: Any
) -> Scene:
    edited = replace(EPISODE, **(of_episode or {}))
    enclosure: Enclosure = replace(ENCLOSURE, **(audio or {}))
    return Scene(episodes=(edited,), items=(replace(ITEM, episode=edited, enclosure=enclosure, **changes),))


def notes(html: str) -> Scene:
    return item(notes=Notes(html, ""))


SPANISH = FeedSettings("sample-es", "es")
WHOLE = Translation(
    "es",
    Place("episodes/writing-it-down/episode.es.md"),
    title="Escribirlo",
    summary="Qué pasa en una escuela cuando alguien empieza a escribirlo todo para los demás.",
    notes="Las notas.",
    chapters=("uno", "dos", "tres"),
    soundbites=("uno",),
    transcript=Path("transcript.es.vtt"),
)


def in_spanish(translation: Translation | None) -> Scene:
    translations = (translation,) if translation else ()
    edited = replace(EPISODE, translations=translations)
    return Scene(show=replace(SHOW, feeds=(FEED, SPANISH)), episodes=(edited,))


STUDY = Resource("the-study", "The study", "https://example.org/why")
WRITTEN = "episodes/writing-it-down/episode.md"
NOTES_AT = f"{WRITTEN}:20"
E, S = "writing-it-down:", "show.toml:show."

# rule, scene in which it fires, where it points, scene beside it in which it does not
CASES: list[tuple[str, Scene, str, Scene]] = [
    ("CH-005", show(language="eng"), S + "language", show(language="es-MX")),
    ("CH-005", show(feeds=(FeedSettings("x", "spa"),)), "show.toml:feeds.x.language", show(feeds=(FEED,))),
    ("CH-007", show(description="é" * 2001), S + "description", show(description="é" * 2000)),
    ("CH-010", show(description="<p>One.</p>"), S + "description", show(description="a < b > c")),
    ("CH-029", show(copyright=None), "show.toml:show", show(copyright="Me")),
    ("CH-030", show(copyright="© 2024 Me"), S + "copyright", show(copyright="Studio 54")),
    ("APL-002", show(cover=Path("cover.webp")), S + "cover", show(cover=Path("cover.JPEG"))),
    ("APL-004", show(categories=("Government", "Schools")), S + "categories.1", show(categories=("True Crime",))),
    ("APL-005", show(categories=("Education > Pets",)), S + "categories.0", show(categories=("Arts > Food",))),
    ("APL-006", show(categories=("Education > K-12",)), S + "categories.0", show(categories=("Education",))),
    ("APL-008", show(categories=("News", "News")), S + "categories.1", show(categories=("News", "News > Politics"))),
    ("APL-008", show(categories=("News", "Arts", "History", "Music")), S + "categories", show(categories=("News",) )),
    ("APL-017", show(new_feed_url="http://e.example.org/f"), S + "new_feed_url", show(new_feed_url="https://e.example.org/f")),
    ("PL-003", show(owner_email=None), "show.toml:show", show(owner_email="podcast@example.org")),
    ("TX-001", show(title="Margins | Schools, Families, Equity"), S + "title", show(title="Margins: Schools")),
    ("TX-001", show(title="M" * 61), S + "title", show(title="M" * 60)),
    ("TX-002", show(title="The Sample Podcast"), S + "title", show(title="Podcasters at work")),
    ("TX-003", episode(title="Ep. 12: Families"), E + "title", episode(title="Families, Part I")),
    ("TX-003", episode(title="S2E3 Families"), E + "title", episode(title="Seeds of 1968")),
    ("TX-003", episode(title="#7 Families"), E + "title", episode(title="1984: a year in C#")),
    ("TX-003", episode(title="12. Families"), E + "title", episode(title="12 families, 3 schools")),
    ("TX-004", episode(title="SAMPLE & EXAMPLE Families"), E + "title", episode(title="A sample")),
    ("TX-005", two(title="Writing it: down!"), "reading-it-out:title", two(title="Writing it up")),
    ("TX-006", episode(title="x" * 101), E + "title", episode(title="x" * 100)),
    ("TX-007", show(title="This &amp; that"), S + "title", show(title="This & that; AT&T")),
    ("TX-007", episode(title="A <b>bold</b> step"), E + "title", episode(title="Q&A; a & b")),
    ("TX-008", episode(title="FAMILIES SPEAK"), E + "title", episode(title="FACE")),
    ("TX-008", show(title="Hear this!!!"), S + "title", show(title="Hear this?!")),
    ("TX-009", episode(title="Fami\u200blies"), E + "title", episode(title="Mi\u00f1a 👩‍🏫")),
    ("TX-009", episode(summary="What is \u202efamous and what is not."), E + "summary", episode(title="Öde")),
    ("TX-012", episode(summary="Families"), E + "summary", episode(summary="Twenty characters it")),
    ("TX-012", episode(title="A very long title about it", summary="A very long title about it."), E + "summary",
     episode(title="A very long title about it", summary="A very long title about this.")),
    ("TX-017", two(summary=EPISODE.summary + " "), "reading-it-out:summary", two()),
    ("IT-014", two(guid=EPISODE.guid), "reading-it-out:guid", two()),
    ("IT-017", episode(guid="1042"), E + "guid", episode(guid="104200000")),
    ("IT-018", episode(guid="https://example.org/a.MP3"), E + "guid", episode(guid="https://example.org/a")),
    ("IT-018", episode(guid="writing-it-down"), E + "guid", episode(guid="writing-it-down-1")),
    ("IT-024", episode(date=datetime(206, 1, 13, tzinfo=UTC)), E + "date", episode(date=datetime(2005, 1, 1, tzinfo=UTC))),
    ("IT-026", two(date=EPISODE.date.astimezone(UTC)), "reading-it-out:date", two(date=EPISODE.date, type="bonus", number=None)),
    ("IT-036", two(explicit=True), S + "explicit", replace(two(explicit=True), show=replace(SHOW, explicit=True))),
    ("IT-040", two(number=2), "reading-it-out:episode", two(number=2, season=2)),
    ("IT-041", two(number=5), "reading-it-out:episode", two(number=5, season=2)),
    ("IT-042", replace(two(number=None), show=replace(SHOW, type="serial")), "reading-it-out:", two(number=None)),
    ("IT-042", replace(two(season=None), show=replace(SHOW, type="serial")), "reading-it-out:",
     replace(two(type="bonus", number=None, season=None), show=replace(SHOW, type="serial"))),
    ("IT-044", item({"type": "trailer"}), E + "episode", item({"type": "trailer", "number": None})),
    ("IT-005", item(audio_url="http://media.example.org/a.mp3"), S + "base_url", item()),
    ("IT-006", item(audio_url="https://media.example.org/a?f=.mp3"), E + "audio", item(audio_url="https://media.example.org/a.mp3?v=1")),
    ("IT-008", item(audio={"media_type": "audio/mp3"}), E + "audio", item()),
    ("IT-007", item(audio={"media_type": "audio/ogg"}), E + "audio", item()),
    ("IT-009", item(audio={"media_type": "audio/mp4"}), E + "audio", item()),
    ("IT-010", item(audio={"bytes": 0}), E + "audio", item(audio={"bytes": 1})),
    ("IT-028", notes(f"<p>{'é' * 1997}</p>"), NOTES_AT, notes(f"<p>{'é' * 1996}</p>")),
    ("IT-052", item(audio_url=f"https://media.example.org/{'a' * 2000}.mp3"), E + "audio", item()),
    ("MED-019", item({"chapters": (), "soundbites": ()}, {"duration_ms": 9_999}), E + "audio",
     item({"chapters": (), "soundbites": ()}, {"duration_ms": 10_000})),
    ("NT-019", episode(notes="The day:\n~~Tuesday~~ Wednesday"), f"{WRITTEN}:21:1", episode(notes="About ~5~ or `~~x~~`, ~~ 5")),
    ("NT-019", episode(notes="Families say so.[^1]\n\n[^1]: The study.\n"), f"{WRITTEN}:20:17", episode(notes="x[^1] and `[^1]`")),
    ("NT-019", episode(notes="- ¿Sí?\n- [ ] Read\n- [x] Write"), f"{WRITTEN}:21:3", episode(notes="- [ok] Read [x] it\n- `[ ]` no")),
    ("NT-019", episode(notes="First.\n\n| Year | Rate |\n|---|--:|\n| 2023 | 30.4 |"), f"{WRITTEN}:22:1",
     episode(notes="Title | more\n---\n\n| a |\n\n    | a | b |\n    |---|---|")),
    ("NT-020", episode(notes="See:\nñ (https://example.org/a_(b))."), f"{WRITTEN}:21:4",
     episode(notes="<https://example.org/a>, `https://example.org`, [https://example.org](https://example.org), "
             "[a https://example.org][elsewhere], https\\://example.org, x-https://\n\n[the-study]: https://example.org"
             "\n\n    https://example.org\n\n<!-- https://example.org -->")),
    ("NT-003", notes("<h2>Resources</h2>"), NOTES_AT, notes("<p><strong>Resources</strong><br></p><ol><li>a</li></ol>")),
    ("NT-004", notes("<p><script>x</script></p>"), NOTES_AT, notes("<p>script</p>")),
    ("NT-004", notes('<p onclick="x">a</p>'), NOTES_AT, notes('<p class="x">a</p>')),
    ("NT-004", notes('<p><a href=" java\tscript:x">a b</a></p>'), NOTES_AT, notes('<p><a href="mailto:a@example.org">a b</a></p>')),
    ("NT-005", notes("<p>Why <b>so</p>"), NOTES_AT, notes("<p>Why<br>so <br/></p>")),
    ("NT-005", notes("<p>Why</b> so</p>"), NOTES_AT, notes("<p>Why <b>so</b></p>")),
    ("NT-006", notes('<p><a href="study.pdf">The study</a></p>'), NOTES_AT, notes('<p><a href="https://example.org/">The study</a></p>')),
    ("NT-008", notes('<p><a href="https://example.org/?a=1&amp;utm_source=x">The study</a></p>'), NOTES_AT,
     notes('<p><a href="https://example.org/?autumn=1">The study</a></p>')),
    ("NT-009", notes('<p>Click <a href="https://example.org/">here.</a></p>'), NOTES_AT, notes('<p><a href="https://example.org/">here and there</a></p>')),
    ("NT-009", notes(f'<p><a href="https://example.org/">https://example.org/{"x" * 30}</a></p>'), NOTES_AT,
     notes('<p><a href="https://example.org/">https://example.org/</a></p>')),
    ("NT-010", notes('<p><a href="https://example.org/a">Toolkit</a> <a href="https://example.org/b">Toolkit</a></p>'), NOTES_AT,
     notes('<p><a href="https://example.org/a">Toolkit</a> <a href="https://example.org/a">Toolkit</a></p>')),
    ("NT-012", item({"resources": (replace(STUDY, url="https://example.org/other"),)}), E + "resources.0", item({"resources": (STUDY,)})),
    ("NT-017", notes("<p>One</p><p> </p>"), NOTES_AT, notes("<ul><li><p>One</p></li></ul>")),
    ("NT-017", notes("<p>One&nbsp;&nbsp;two</p>"), NOTES_AT, notes("<p>One&nbsp;two</p>")),
    ("TR-001", episode(transcript=None), E + "transcript", episode()),
    ("TR-003", item(transcripts=(*ITEM.transcripts, Link("https://e.example.org/t", "application/msword"))), E + "transcript", item()),
    ("TR-005", item(transcripts=(Link("https://e.example.org/t", "text/plain"),)), E + "transcript", item(transcripts=())),
    ("TR-008", item(transcripts=(ITEM.transcripts[0], replace(ITEM.transcripts[1], rel="captions"))), E + "transcript", item()),
    ("TR-012", replace(item(), transcript_end_ms=77_501), E + "transcript", replace(item(), transcript_end_ms=77_500)),
    ("CHJ-004", episode(chapters=(Chapter(0, "a"), Chapter(9, "b"), Chapter(9, "c"))), E + "chapters.2.at", episode(chapters=())),
    ("CHJ-005", item({"chapters": (*EPISODE.chapters, Chapter(75_500, "Late"))}), E + "chapters.3.at",
     item({"chapters": (*EPISODE.chapters, Chapter(75_499, "Late"))})),
    ("CHJ-006", episode(chapters=(Chapter(0, "", toc=False, image="https://e.example.org/i.png"), Chapter(1, "a"))), E + "chapters.1.at",
     episode(chapters=(Chapter(0, "a"),))),
    ("CHJ-007", episode(chapters=(Chapter(0, " "),)), E + "chapters.0.title",
     episode(chapters=(Chapter(0, "a"), Chapter(1, "", url="https://e.example.org/", toc=False)))),
    ("CHJ-008", episode(chapters=(Chapter(0, "a", url="http://e.example.org/"),)), E + "chapters.0.url",
     episode(chapters=(Chapter(0, "a", url="https://e.example.org/"),))),
    ("CHJ-010", item({"chapters": EPISODE.chapters[:2]}), E + "chapters", item({"chapters": ()})),
    ("CHJ-010", item({"chapters": tuple(Chapter(n * 1000, "x") for n in range(7))}), E + "chapters",
     item({"chapters": tuple(Chapter(n * 1000, "x") for n in range(6))})),
    ("P20-011", show(guid="3a0d6d5e-3f0f-4b0e-9a0d-0f7f6f9f2f11"), S + "guid", show(guid=SHOW.guid.upper())),
    ("P20-031", show(people=(replace(GUEST, role="guset"),)), "show.toml:people.0.role", show(people=(replace(GUEST, role="Guest"),))),
    ("P20-031", episode(people=(replace(GUEST, role="editor"),)), E + "people.0.role",
     episode(people=(replace(GUEST, role="editor", group="writing"),))),
    ("P20-035", episode(people=(GUEST, replace(GUEST, id="x", name="a  guest & co"))), E + "people.1",
     episode(people=(GUEST, replace(GUEST, role="reporter")))),
    ("P20-041", episode(location=Location("x", geo="geo:-119.019,35.373", osm="R111831")), E + "location.geo",
     episode(location=Location("x", geo="geo:35.373,-119.019,12;u=5", osm="N1"))),
    ("P20-041", show(location=Location("x", geo="35.373,-119.019", osm="W2")), S + "location.geo", show(location=None)),
    ("P20-043", show(location=Location("x", country="UK")), S + "location.country", show(location=Location("x", country="GB"))),
    ("P20-052", two(season_name="Hearing"), "reading-it-out:season_name", two(season_name="Hearing", season=2)),
    ("P20-070", show(licence=Licence("CC-BY-5.0")), S + "license.id", show(licence=Licence("cc-by-4.0"))),
    ("P20-070", episode(licence=Licence("ours")), E + "license.id", episode(licence=Licence("ours", "https://e.example.org/l"))),
    ("P20-090", show(medium="audio"), S + "medium", show(medium="music")),
    ("P20-131", episode(txt=(Txt("yes", "ai-content"),)), E + "txt.0.text", episode(txt=(Txt("yes", "other"),))),
    ("P20-131", show(txt=(Txt("x"), Txt("yes", "ai-content"))), S + "txt.1.text", show(txt=(Txt("true", "ai-content"),))),
    ("P20-170", item({"soundbites": (Soundbite(60_000, 15_501),)}), E + "soundbites.0.duration", item({"soundbites": (Soundbite(60_000, 15_500),)})),
    ("WV-001", show(waivers=(Waiver("CH-005", "so", date(2026, 2, 28)),)), "show.toml:check.ignore.0", show(waivers=(Waiver("CH-005", "so", date(2026, 3, 1)),))),
    ("WV-001", episode(waivers=(Waiver("CH-005", "so", date(2026, 2, 28)),)), E + "check.ignore.0", episode(waivers=(Waiver("CH-005", "so", date(2026, 3, 1)),))),
    ("WV-002", show(waivers=(Waiver("CH-5", "so", date(2027, 3, 1)),)), "show.toml:check.ignore.0", show()),
    ("WV-002", show(numbers={"title-lnog": {"characters": 3}}), "show.toml:check.numbers.title-lnog", show(numbers={"feed-large": {"warn_mb": 3}})),
    ("WV-002", show(numbers={"feed-large": {"mb": 3}}), "show.toml:check.numbers.feed-large", show(numbers={"DOC-030": {"warn_mb": 3}})),
    ("WV-003", show(waivers=(Waiver("CH-005", "so"),)), "show.toml:check.ignore.0", show()),
    ("LNG-001", in_spanish(None), E + "title", in_spanish(WHOLE)),
    ("LNG-001", in_spanish(replace(WHOLE, summary=None)), "episodes/writing-it-down/episode.es.md", in_spanish(WHOLE)),
    ("P20-171", episode(soundbites=(Soundbite(0, 14_999),)), E + "soundbites.0.duration", episode(soundbites=(Soundbite(0, 120_000),))),
]  # fmt: skip


@pytest.mark.parametrize(("rule_id", "bad", "where", "good"), CASES)
def test_rule_fires_where_it_should_and_nowhere_else(
    rule_id: str, bad: Scene, where: str, good: Scene
) -> None:
    findings = bad.findings()
    assert {str(finding.place) for finding in findings if finding.rule == rule_id} == {where}
    assert {finding.rule for finding in findings} == {rule_id}
    assert {finding.rule for finding in good.findings()} == set()
    assert all(finding.message and finding.hint and not finding.message.endswith(".") for finding in findings)


@pytest.mark.parametrize("known", all_rules(), ids=lambda known: known.id)
def test_every_rule_has_a_documentation(known: Any) -> None:
    profiles = [profile.removeprefix("-") for profile in known.profiles]
    first, _, rest = known.documentation.partition("\n\n")
    assert first.endswith(".")
    assert [line.partition(":")[0] for line in rest.split("\n")] == ["Bad", "Good", "Source"]
    assert set(profiles) <= set(PROFILES)
    assert inspect.isgeneratorfunction(known.check) == (known.kind == "rule")
    assert rule_of(known.id) is known


def test_clean_show_has_no_findings_under_all_profiles_at_once() -> None:
    assert Scene(items=(ITEM, PLAIN_ITEM), transcript_end_ms=40_000).findings() == ()


def test_transcript_is_advised_to_all_and_demanded_of_public_agencies() -> None:
    scene = episode(transcript=None)
    assert [(f.rule, f.level) for f in scene.findings(())] == [("TR-002", "warn")]
    assert [(f.rule, f.level) for f in scene.findings(("public",))] == [("TR-001", "error")]
    assert episode().findings(()) == ()


def test_rule_of_a_profile_is_silent_without_it() -> None:
    assert show(copyright="© Me").findings(("apple",)) == ()
    assert [f.rule for f in show(copyright="© Me").findings(("apple", "psp"))] == ["CH-030"]


def test_waiver_silences_its_rule_by_id_or_name_until_its_day_is_over() -> None:
    until = date(2026, 6, 30)
    for name in ("CH-005", "language-code"):
        scene = show(language="eng", waivers=(Waiver(name, "a reason", until),))
        verdict = scene.verdict()
        assert verdict.findings == ()
        assert [f.rule for f in verdict.waived] == ["CH-005"]
        assert scene.findings(now=datetime(2026, 6, 30, 23, tzinfo=UTC)) == ()
        late = scene.verdict(now=datetime(2026, 7, 1, tzinfo=UTC))
        assert [f.rule for f in late.findings] == ["WV-001", "CH-005"]
    scene = show(language="eng", waivers=(Waiver("CH-007", "another", until),))
    assert [f.rule for f in scene.findings()] == ["CH-005"]


def test_waiver_of_an_episode_counts_in_its_own_files_only() -> None:
    waivers = (Waiver("title-long", "a reason", date(2026, 6, 30)),)
    elsewhere = Place("episodes/reading-it-out/episode.md")
    other = replace(OTHER, title="y" * 101, source=elsewhere)
    scene = Scene(episodes=(replace(EPISODE, title="x" * 101, waivers=waivers), other))
    verdict = scene.verdict(place_of=files_only(scene.episodes))
    assert [str(f.place) for f in verdict.findings] == [elsewhere.file]
    assert [str(f.place) for f in verdict.waived] == [EPISODE.source.file]


def test_findings_are_sorted_by_place_and_stable() -> None:
    scene = Scene(
        episodes=(replace(EPISODE, title="x" * 101, summary="", transcript=None), replace(OTHER, summary=""))
    )
    findings = scene.findings()
    assert findings == replace(scene, episodes=scene.episodes[::-1]).findings()
    assert [f.place for f in findings] == sorted(f.place for f in findings)


def test_places_are_the_files_when_no_lines_are_known() -> None:
    scene = replace(show(language="eng"), episodes=(replace(EPISODE, title="x" * 101),))
    findings = scene.findings(place_of=files_only(scene.episodes))
    assert [str(f.place) for f in findings] == ["episodes/writing-it-down/episode.md", "show.toml"]


def test_what_is_not_there_is_reported_as_not_checked() -> None:
    verdict = Scene().verdict(feeds={})
    reasons = {each.rule: each.reason for each in verdict.not_checked}
    assert reasons["DOC-001"] == "there is no built feed yet"
    assert {each.subject for each in verdict.not_checked if each.rule == "IT-010"} == {
        "hello",
        "writing-it-down",
    }
    assert "IT-014" not in reasons
    whole = Scene(items=(ITEM, PLAIN_ITEM), transcript_end_ms=40_000).verdict()
    assert {each.reason for each in whole.not_checked} <= {NO_WITNESS, OFFLINE}


def test_episodes_are_only_compared_when_all_are_there() -> None:
    scene = two(number=5, title=EPISODE.title)
    assert {f.rule for f in scene.findings()} == {"IT-041", "TX-005"}
    verdict = scene.verdict(whole=False)
    assert verdict.findings == ()
    assert {"IT-041", "IT-014"} <= {each.rule for each in verdict.not_checked}


def test_rule_is_explained_by_id_or_name() -> None:
    text = explain("it-014")
    assert text.startswith("IT-014 guid-repeated (error)\n\n")
    assert "Bad: " in text
    assert explain("guid-repeated") == text
    assert explain("TR-002").startswith("TR-002 transcript-missing (warn; not under public)\n")
    assert explain("DOC-015").startswith("DOC-015 namespace-missing (error; only under psp or apple)\n")
    with pytest.raises(UsageError, match="guid-repeatd") as caught:
        explain("guid-repeatd")
    assert caught.value.hint == "did you mean IT-014?"
    with pytest.raises(UsageError) as caught:
        explain("")
    assert caught.value.hint


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("IT-014", "a-new-name", "error"), "two rules"),
        (("ZZ-001", "guid-repeated", "error"), "two rules"),
        (("ZZ-1", "a-new-name", "error"), "needs an id"),
        (("ZZ-001", "A name", "error"), "needs an id"),
        (("ZZ-001", "a-new-name", "error", "nobody"), "needs an id"),
    ],
)
def test_rule_that_does_not_keep_the_form_is_refused(arguments: Any, says: str) -> None:
    def documented(subject: ShowSubject) -> Any:  # type: ignore[name-defined]  # noqa: F821  # as rules are annotated
        """Do nothing.

        Bad: a
        """
        yield from ()

    with pytest.raises(ValueError, match=says):
        rule(*arguments)(documented)


def test_categories_are_apples() -> None:
    assert len(CATEGORIES) == 19
    assert sum(map(len, CATEGORIES.values())) == 91
    assert all(is_category(now) for now in RETIRED.values())
    assert not any(is_category(old) for old in RETIRED)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("education", "Education"),
        ("Educaton", "Education"),
        ("Education>How To", "Education > How To"),
        ("Education > how to", "Education > How To"),
        ("Documentary", "Society & Culture > Documentary"),
        ("Education > Documentary", "Society & Culture > Documentary"),
        ("K-12", "Education"),
        ("Education > K-12", "Education"),
        ("Government & Organizations", "Government"),
        ("Science & Medicine>Medicine", "Health & Fitness > Medicine"),
        ("TV and Film", "TV & Film"),
        ("xyzzy", None),
        ("", None),
    ],
)
def test_category_that_was_meant_is_found(written: str, meant: str | None) -> None:
    assert suggest_category(written) == meant


def test_category_of_today_has_no_replacement() -> None:
    for parent, children in CATEGORIES.items():
        assert replacement_for(parent) is None
        assert all(replacement_for(f"{parent} > {child}") is None for child in children)


def test_html_is_taken_apart() -> None:
    seen = parse_fragment(
        '<p>A <a HREF=" https://example.org/?a=1&amp;b ">the <em>study</em>\n </a></p><p><br></p><i>'
    )
    assert [(anchor.href, anchor.text) for anchor in seen.anchors] == [
        ("https://example.org/?a=1&b", "the study")
    ]
    assert seen.unclosed == ["i"]
    assert seen.empty == []
