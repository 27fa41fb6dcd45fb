"""publisher check from outside: any feed, every format, what is remembered, what is waived."""

from __future__ import annotations

import gzip
import json
import os
import tracemalloc
from pathlib import Path
from time import process_time
from typing import Any

import pytest
from click.testing import CliRunner
from lxml import etree
from PIL import Image
from rules.samples import CLEAN, NOW, changed

from publisher.checks import PROFILES, Verdict, check_feed, open_feed
from publisher.cli import publisher
from publisher.report.findings import Sheet, show_findings


def run(*words: str, exit_code: int = 0) -> str:
    result = CliRunner().invoke(publisher, list(words))
    assert result.exit_code == exit_code, result.output
    return result.stdout


def judge(data: bytes) -> Verdict:
    return check_feed(open_feed(data, "feed.xml", NOW), profiles=PROFILES)


BAD = changed(
    ("Ink and Chalk</title>\n    <atom", "Ink and Chalk!!!</title>\n    <atom"),
    ('type="audio/mpeg"', 'type="audio/mp3"'),
)


@pytest.fixture
def feed(tmp_path: Path) -> Path:
    path = tmp_path / "theirs.xml"
    path.write_bytes(BAD)
    return path


def test_a_feed_is_checked_outside_any_show(feed: Path) -> None:
    document = json.loads(run("-C", str(feed.parent), "check", "theirs.xml", "--json", exit_code=1))
    assert [(each["rule"], each["line"]) for each in document["findings"]] == [("TX-008", 4), ("IT-008", 41)]
    assert document["findings"][1]["fix"]["edits"][0]["new"] == "audio/mpeg"
    assert document["verdicts"] == {"apple": 0, "spotify": 0, "youtube": 0, "amazon": 0}
    feed.write_bytes(CLEAN)
    said = run("-C", str(feed.parent), "check", "theirs.xml")
    assert "nothing to complain about" in said
    assert "Apple: ready · Spotify: ready" in said


def test_a_feed_by_its_content_whatever_its_name(feed: Path) -> None:
    other = feed.rename(feed.parent / "download")
    assert "IT-008" in run("check", str(other), exit_code=1)
    packed = feed.parent / "theirs.xml.gz"
    packed.write_bytes(gzip.compress(BAD))
    assert "IT-008" in run("check", str(packed), exit_code=1)


def test_text_says_where_and_what_to_do(feed: Path) -> None:
    said = run("-C", str(feed.parent), "check", "theirs.xml", exit_code=1)
    lines = said.splitlines()
    at = next(number for number, line in enumerate(lines) if "the type 'audio/mp3'" in line)
    assert lines[at + 1].strip().startswith("theirs.xml:41:7")
    assert "<enclosure" in lines[at + 2]
    assert lines[at + 3].index("^") == lines[at + 2].index("<enclosure")
    assert "→ write audio/mpeg" in said
    assert "2 pieces of advice" in lines[0]


@pytest.mark.parametrize("width", [60, 80, 120])
def test_text_keeps_to_the_width(feed: Path, width: int) -> None:
    verdict = check_feed(open_feed(BAD, "theirs.xml", NOW), profiles=PROFILES)
    sheet = Sheet("Ink and Chalk " * 20, verdict.findings, names={"IT-008": "audio-type-near-miss"})
    import click

    assert max(len(click.unstyle(line)) for line in show_findings(sheet, feed.parent, width)) <= width


def test_sarif_names_rules_and_regions(feed: Path) -> None:
    log = json.loads(run("-C", str(feed.parent), "check", "theirs.xml", "--format", "sarif", exit_code=1))
    [once] = log["runs"]
    assert log["version"] == "2.1.0"
    rules = [rule["id"] for rule in once["tool"]["driver"]["rules"]]
    assert [rules[result["ruleIndex"]] for result in once["results"]] == ["TX-008", "IT-008"]
    place = once["results"][1]["locations"][0]["physicalLocation"]
    assert place == {"artifactLocation": {"uri": "theirs.xml"}, "region": {"startLine": 41, "startColumn": 7}}
    notes = once["invocations"][0]["toolExecutionNotifications"]
    assert all(note["message"]["text"].startswith("not checked: ") for note in notes)


def test_junit_is_xml_with_a_case_for_each(feed: Path) -> None:
    said = run("-C", str(feed.parent), "check", "theirs.xml", "--format", "junit", exit_code=1)
    [suite] = etree.fromstring(said.encode())
    assert suite.get("failures") == "2"
    assert len(suite.findall("testcase/failure")) == 2
    assert len(suite.findall("testcase/skipped")) == int(suite.get("skipped", ""))


def test_github_gets_one_line_each(feed: Path) -> None:
    said = run("-C", str(feed.parent), "check", "theirs.xml", "--format", "github", exit_code=1)
    assert said.splitlines()[1].startswith("::warning file=theirs.xml,line=41,col=7,title=IT-008::the type")


def test_an_unknown_profile_names_the_nearest(feed: Path) -> None:
    result = CliRunner().invoke(publisher, ["check", str(feed), "--profile", "aple"])
    assert result.exit_code == 2
    assert "did you mean `apple`?" in result.stderr


def test_addresses_in_this_network_are_not_asked() -> None:
    result = CliRunner().invoke(publisher, ["check", "http://127.0.0.1:9/feed.xml"])
    assert result.exit_code == 3
    assert "is not a public address" in result.stderr


def _entities(depth: int) -> bytes:
    lines = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, depth))
    return f'<?xml version="1.0"?>\n<!DOCTYPE rss [<!ENTITY l0 "ha">{lines}]>\n<rss><channel>&l9;</channel></rss>'.encode()


HOSTILE: dict[str, tuple[bytes, str, str]] = {
    "bomb": (_entities(10), "DOC-009", "feed.xml:2:"),
    "doctype": (b'<?xml version="1.0"?>\n<!DOCTYPE rss SYSTEM "http://127.0.0.1/x.dtd">\n<rss/>', "DOC-009", "feed.xml:2:"),
    "attributes": (b"<rss " + b" ".join(b'a%d="x"' % n for n in range(4_200_000)) + b"/>", "DOC-030", "feed.xml:1"),
    "one tag": (b'<rss a="' + b"x" * 50_000_000 + b'"/>', "DOC-030", "feed.xml:1"),
    "deep": (b"<rss>" + b"<a>" * 10_000, "DOC-001", "feed.xml:1:"),
    "liquid": (b"---\nlayout: null\n---\n<rss>{% for post in site.posts %}<item/>{% endfor %}</rss>", "DOC-001", "feed.xml:1"),
    "liquid declared": (b"{% assign a = 1 %}\n<?xml version='1.0'?><rss/>", "DOC-001", "feed.xml:1"),
    "page": (b"<!DOCTYPE html>\n<html><body>502 Bad Gateway</body></html>", "DOC-001", "feed.xml:1"),
    "json": (b'{"version": "https://jsonfeed.org/version/1"}', "DOC-001", "feed.xml:1"),
    "empty": (b"", "DOC-001", "feed.xml:1"),
    "blank": (b" \n\n ", "DOC-001", "feed.xml:1"),
    "truncated gzip": (gzip.compress(CLEAN)[:900], "DOC-001", "feed.xml:1"),
    "damaged gzip": (b"\x1f\x8b\x08" + b"\xff" * 90, "DOC-001", "feed.xml:1"),
    "packed bomb": (gzip.compress(b"\0" * 100_000_000), "DOC-030", "feed.xml:1"),
    "truncated": (CLEAN[:3000], "DOC-001", "feed.xml:"),
    "control": (CLEAN.replace(b"Sample Guest", b"Sample\x00Guest"), "DOC-006", "feed.xml:50:"),
    "utf-16": (CLEAN.decode().encode("utf-16"), "DOC-003", "feed.xml:1"),
    "latin-1": (CLEAN.replace(b"Sample Guest", b"Sample G\xe4st"), "DOC-003", "feed.xml:50:"),
    "unknown encoding": (CLEAN.replace(b'"UTF-8"', b'"x-klingon"'), "DOC-003", "feed.xml:1"),
    "encoding that refuses": (CLEAN.replace(b'"UTF-8"', b'"undefined"'), "DOC-003", "feed.xml:1"),
    "encoding of host names": (CLEAN.replace(b'"UTF-8"', b'"punycode"'), "DOC-003", "feed.xml:1"),
    "one text": (b"<rss><channel><title>" + b"x" * 50_000_000 + b"</title></channel></rss>", "DOC-030", "feed.xml:1"),
    "items of one tag": (CLEAN.replace(b"    <item>", b"    <item/><item />\n    <item>", 1), "IT-001", "feed.xml:35:5"),
    "an item within an item": (b"<rss><item><item/></item></rss>", "DOC-012", "feed.xml:1"),
    "surrogate": (CLEAN.replace(b"Sample Guest", b"\xed\xa0\x80"), "DOC-003", "feed.xml:50:"),
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_whatever_the_bytes_are_there_is_a_finding_with_a_line(name: str) -> None:
    data, rule, place = HOSTILE[name]
    started = process_time()
    tracemalloc.start()
    verdict = judge(data)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    found = [each for each in verdict.findings if each.rule == rule]
    assert [str(each.place) for each in found if str(each.place).startswith(place)]
    assert all(each.message and each.hint and each.place.file for each in verdict.findings)
    assert (
        process_time() - started < 20
    )  # seconds, not hours: under coverage and tracemalloc, on a busy machine
    assert peak < 5 * max(len(data), 70_000_000)


def test_what_is_no_feed_is_said_once() -> None:
    for name in ("page", "json", "empty", "blank", "liquid", "truncated gzip", "packed bomb"):
        assert len(judge(HOSTILE[name][0]).findings) == 1, name


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "feed.xml")
    result = CliRunner().invoke(publisher, ["check", str(tmp_path / "feed.xml")], catch_exceptions=False)
    assert result.exit_code == 2
    assert "is no file, but a pipe" in result.stderr


def test_what_is_behind_twenty_thousand_items_is_not_looked_at_and_said_so() -> None:
    start, end = CLEAN.index(b"    <item>"), CLEAN.index(b"  </channel>")
    item = b"<item><title>T</title></item>\n"
    verdict = judge(CLEAN[:start] + item * 20_001 + CLEAN[end:])
    assert any(each.rule == "DOC-030" for each in verdict.findings)
    assert any("more than 20,000 items" in each.reason for each in verdict.not_checked)


def test_the_second_check_remembers_the_first(minimal: Path) -> None:
    age(minimal)
    first = run("-C", str(minimal), "check", "--json", exit_code=1)
    memory = minimal / ".publisher/check.jsonl"
    said = json.loads(first)["findings"][0]["message"]
    memory.write_text(memory.read_text(encoding="utf-8").replace(said, "remembered"), encoding="utf-8")
    again = run("-C", str(minimal), "check", "--json", exit_code=1)
    assert json.loads(again)["findings"][0]["message"] == "remembered"  # nothing was looked at again
    episode = minimal / "episodes/pilot/episode.md"
    episode.write_text(
        episode.read_text(encoding="utf-8").replace("title: ", "title: Ep. 3 "), encoding="utf-8"
    )
    changed_now = json.loads(run("-C", str(minimal), "check", "--json", exit_code=1))
    assert "TX-003" in {each["rule"] for each in changed_now["findings"]}
    memory.write_bytes(b"damaged")
    assert json.loads(run("-C", str(minimal), "check", "--json", exit_code=1)) == changed_now


def test_what_looks_at_a_whole_feed_is_not_said_to_lack_one(minimal: Path) -> None:
    def reason() -> str:
        words = ["-C", str(minimal), "check", "--json", "pilot"]
        unseen = json.loads(CliRunner().invoke(publisher, words).stdout)["not_checked"]
        return next(str(each["reason"]) for each in unseen if each["rule"] == "DOC-001")

    run("-C", str(minimal), "new", "Second")
    assert "only some episodes were asked for" in reason()
    run("-C", str(minimal), "build", "--locked")
    assert "only some episodes were asked for" in reason()


def test_a_cover_outside_of_the_episodes_is_looked_at_again_when_it_changes(minimal: Path) -> None:
    (minimal / "art").mkdir()
    cover = (minimal / "episodes/cover.jpg").rename(minimal / "art/cover.jpg")
    settings = minimal / "show.toml"
    settings.write_text(
        settings.read_text(encoding="utf-8").replace("episodes/cover.jpg", "art/cover.jpg"), encoding="utf-8"
    )
    age(minimal)
    run("-C", str(minimal), "check", exit_code=1)
    Image.open(cover).convert("CMYK").save(cover)
    assert "CMYK" in run("-C", str(minimal), "check", "--json", exit_code=2)


def test_what_a_link_to_a_folder_leads_to_is_looked_at_again_when_it_changes(
    minimal: Path, tmp_path: Path
) -> None:
    elsewhere = (minimal / "episodes/pilot").rename(tmp_path / "pilot")
    (minimal / "episodes/pilot").symlink_to(elsewhere)
    age(minimal)
    before = _findings(minimal)
    episode = elsewhere / "episode.md"
    text = episode.read_text(encoding="utf-8")
    age(minimal)
    episode.write_text(text.replace("title: ", "title: Ep. 3 ", 1), encoding="utf-8")
    age(minimal)
    assert "TX-003" not in {each["rule"] for each in before}
    assert "TX-003" in {each["rule"] for each in _findings(minimal)}


def test_an_edit_is_judged_alone_and_what_was_said_of_the_others_stays(own_show: Path) -> None:
    age(own_show)
    run("-C", str(own_show), "check")
    memory = own_show / ".publisher/check-episodes.json"
    slugs = sorted(json.loads(memory.read_bytes()))
    said = {slug: _told(memory, slug, f"kept of {slug}") for slug in slugs}
    episode = own_show / f"episodes/{slugs[0]}/episode.md"
    episode.write_text(
        episode.read_text(encoding="utf-8").replace("title: ", "title: Ep. 3 ", 1), encoding="utf-8"
    )
    now = {each["message"] for each in _findings(own_show)}
    assert not any(said[slugs[0]] in message for message in now)
    assert {said[slug] for slug in slugs[1:]} <= now
    assert any("Ep. 3" in message for message in now)


def _findings(root: Path) -> list[Any]:
    document: Any = json.loads(run("-C", str(root), "check", "--json", exit_code=1))
    found: list[Any] = document["findings"]
    return found


def _told(memory: Path, slug: str, message: str) -> str:
    """Put a finding into what is kept of an episode, which only comes out where nobody judges it again."""
    kept = json.loads(memory.read_bytes())
    place = (f"episodes/{slug}/episode.md", 1, 1)
    kept[slug][1][0][0] = [("TX-003", "warn", place, message, "none", None)]
    memory.write_text(json.dumps(kept), encoding="utf-8")
    return message


def test_the_own_show_is_silent_under_all_profiles_at_once(own_show: Path) -> None:
    asked = [word for profile in PROFILES for word in ("--profile", profile)]
    document = json.loads(run("-C", str(own_show), "check", *asked, "--json"))
    assert document["findings"] == []
    assert document["waived"] == []


def test_every_language_is_checked_where_it_is_written(own_show: Path) -> None:
    settings = own_show / "show.toml"
    settings.write_text(
        f'{settings.read_text(encoding="utf-8")}\n[feeds.margins-es]\nlanguage = "es"\ntitle = "Voces!!!"\n',
        encoding="utf-8",
    )
    translation = next(own_show.glob("episodes/*/episode.es.md"))
    shown = translation.relative_to(own_show).as_posix()
    text = translation.read_text(encoding="utf-8").replace("title: ", "title: Ep. 3 ", 1)
    text = f"{text}\n\n[here](https://example.org/)\n"
    translation.write_text(text, encoding="utf-8")
    line = text[: text.index("[here]")].count("\n") + 1
    found = {(each["rule"], each["file"], each["line"]) for each in _findings(own_show)}
    assert ("TX-003", shown, text[: text.index("title: ")].count("\n") + 1) in found
    assert ("NT-009", shown, line) in found
    last = settings.read_text(encoding="utf-8").count("\n")
    assert ("TX-008", "show.toml", last) in found
    assert {file for rule, file, _ in found if rule != "LNG-001"} == {shown, "show.toml"}


def age(root: Path) -> None:
    """Wait until no file of a show is so young that an edit could hide behind its stamp."""
    import time

    time.sleep(0.1)
    assert root.is_dir()


def test_an_earlier_feed_is_compared_with(feed: Path) -> None:
    document: Any = json.loads(
        run("-C", str(feed.parent), "check", "theirs.xml", "--against", "theirs.xml", "--json", exit_code=1)
    )
    assert "there is no earlier feed to compare with" not in {
        each["reason"] for each in document["not_checked"]
    }
