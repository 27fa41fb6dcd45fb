"""check --fix: the fixed rule is silent afterwards, and nothing else has changed."""

from __future__ import annotations

import io
import json
import tomllib
from pathlib import Path
from uuid import UUID

import pytest
from click.testing import CliRunner
from hypothesis import example, given, settings
from hypothesis import strategies as st
from PIL import Image
from rules.samples import CLEAN, NOW, Sample, changed
from test_rules import SAMPLES

from publisher.checks import PROFILES, check_feed, open_feed
from publisher.cli import publisher
from publisher.errors import Place
from publisher.feed.xml_edits import edit_xml
from publisher.fixing import mend, save
from publisher.model import Edit, Finding, Fix
from publisher.source.edits import EditError, replaced
from publisher.source.frontmatter import parse_yaml
from publisher.source.toml_edits import edit_toml
from publisher.source.tomlplaces import parse_toml
from publisher.source.yaml_edits import edit_yaml

EPISODE = """\
title: Writing it down   # what the app shows
summary: >-
  A folded summary with cafÃ© in it,
  over two lines.
tags: [one, "two words", 'it''s three']
people: {sample-guest: guest}
note: |
  Keep   this
    as it is.
quoted: "with \\"quotes\\" and a tab\\t."
explicit: no
guid:
links:
- url: https://example.org/a?utm_source=x
  # a comment in the list
  title: One
"""
SHOW = """\
# The show
[show]
title = "A \\"quoted\\" title"   # behind it
names = ["one", 'two', "three"]
explicit = "yes"
owner = { name = "The Office", email = "podcast@example.org" }
[[show.hosts]]
id = "a"
# the end
"""


def run(*words: str, exit_code: int = 0) -> str:
    result = CliRunner().invoke(publisher, list(words))
    assert result.exit_code == exit_code, result.output
    return result.stdout


def in_yaml(loc: tuple[str | int, ...], old: str, new: str, key: str = "") -> str:
    place = parse_yaml(EPISODE, "").place_of(loc)
    return replaced(EPISODE, [edit_yaml(EPISODE, place.line, place.column, old, new, key)])


def in_toml(loc: tuple[str | int, ...], old: str, new: str, key: str = "") -> str:
    place = parse_toml(SHOW, "").place_of(loc)
    return replaced(SHOW, [edit_toml(SHOW, place.line, place.column, old, new, key)])


@pytest.mark.parametrize(
    ("loc", "old", "new", "line"),
    [
        (("title",), "Writing it down", "Writing: it", 'title: "Writing: it"   # what the app shows'),
        (("summary",), "cafÃ©", "café", "  A folded summary with café in it,"),
        (("tags", 2), "it's three", "it's 3", "tags: [one, \"two words\", 'it''s 3']"),
        (("tags", 0), "one", "a, b", 'tags: ["a, b", "two words", \'it\'\'s three\']'),
        (("note",), "Keep   this", "Keep this", "  Keep this"),
        (("quoted",), "quotes", "words", 'quoted: "with \\"words\\" and a tab\\t."'),
        (("explicit",), "no", "false", "explicit: false"),
        (("links", 0, "url"), "https://example.org/a?utm_source=x", "https://example.org/a", "- url: https://example.org/a"),
    ],
)  # fmt: skip
def test_yaml_keeps_its_layout(loc: tuple[str | int, ...], old: str, new: str, line: str) -> None:
    before, after = EPISODE.split("\n"), in_yaml(loc, old, new).split("\n")
    assert [one for one, other in zip(after, before, strict=True) if one != other] == [line]


def test_yaml_adds_keys_where_they_belong() -> None:
    assert in_yaml((), "", "now", "season_name").endswith("  title: One\nseason_name: now\n")
    assert "- rel: self\n  url: https://example.org/a?" in in_yaml(("links", 0), "", "self", "rel")
    assert "people: {other: host, sample-guest: guest}" in in_yaml(("people",), "", "host", "other")
    assert "\nguid: 5c1f\n" in in_yaml((), "", "5c1f", "guid")


@pytest.mark.parametrize(
    ("loc", "old", "new", "key"),
    [
        (("title",), "something else", "x", ""),
        (("tags",), "one", "x", ""),
        ((), "", "twice", "title"),
    ],
)
def test_what_does_not_stand_there_is_not_changed(loc: tuple[str, ...], old: str, new: str, key: str) -> None:
    with pytest.raises(EditError):
        in_yaml(loc, old, new, key)


def test_toml_keeps_its_layout() -> None:
    assert 'title = "A fine title"   # behind it' in in_toml(("show", "title"), 'A "quoted"', "A fine")
    assert '["one", "it\'s", "three"]' in in_toml(("show", "names", 1), "two", "it's")
    assert "explicit = true\n" in in_toml(("show", "explicit"), "yes", "true")
    assert 'email = "podcast@example.org" }\nlocked = true\n' in in_toml(("show",), "", "true", "locked")
    assert '{ mail = "x", name' in in_toml(("show", "owner"), "", "x", "mail")
    assert 'id = "a"\nname = "A"\n# the end' in in_toml(("show", "hosts", 0), "", "A", "name")


TEXTS = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), min_size=1, max_size=30
).filter(lambda text: text == text.strip() and parse_ok(text))


def parse_ok(text: str) -> bool:
    return not any(each in text for each in "\u2028\u2029\x85\ufeff\ufffe\uffff")


@settings(max_examples=150)
@given(new=TEXTS, loc=st.sampled_from([("title",), ("summary",), ("tags", 1), ("note",), ("quoted",)]))
@example(new="- a", loc=("title",))
@example(new="a # b", loc=("summary",))
def test_any_value_in_yaml_changes_alone(new: str, loc: tuple[str | int, ...]) -> None:
    data = parse_yaml(EPISODE, "").data
    old = data[loc[0]] if len(loc) == 1 else data[loc[0]][loc[1]]
    after = parse_yaml(in_yaml(loc, old, new), "").data
    assert (after[loc[0]] if len(loc) == 1 else after[loc[0]][loc[1]]) == new
    assert {key: value for key, value in after.items() if key != loc[0]} == {
        key: value for key, value in data.items() if key != loc[0]
    }


@settings(max_examples=100)
@given(new=TEXTS, loc=st.sampled_from([("title",), ("names", 1), ("owner", "name")]))
def test_any_value_in_toml_changes_alone(new: str, loc: tuple[str | int, ...]) -> None:
    data = tomllib.loads(SHOW)
    old = data["show"]
    for part in loc:
        old = old[part]
    after = tomllib.loads(in_toml(("show", *loc), old, new))["show"]
    found = after
    for part in loc:
        found = found[part]
    assert found == new
    assert {**after, loc[0]: 0} == {**data["show"], loc[0]: 0}


def xml_at(text: str, words: str) -> tuple[int, int]:
    start = text.index(words)
    return text.count("\n", 0, start) + 1, start - text.rfind("\n", 0, start)


@settings(max_examples=100)
@given(new=TEXTS)
def test_any_value_in_a_feed_changes_alone(new: str) -> None:
    text = CLEAN.decode()
    for words, key, old in (
        ("<title>Reading it out", "title", "Reading it out"),
        ("<enclosure", "enclosure@type", "audio/mpeg"),
        ("<description><![CDATA[<p>Who", "description", "Who reads"),
    ):
        if key == "description" and "]]>" in new:
            continue
        spans = edit_xml(text, *xml_at(text, words), old, new, key)
        before, after = (
            open_feed(text.encode(), "x", NOW),
            open_feed(replaced(text, spans).encode(), "x", NOW),
        )
        (old_item, *rest), (new_item, *others) = before.items(), after.items()
        assert [each.element for each in rest] == [each.element for each in others]
        name, _, attribute = key.partition("@")
        found = new_item.attribute(name, attribute) if attribute else new_item.text(name)
        assert found == (new if old != "Who reads" else old_item.text(name).replace(old, new)).strip()
        assert before.channel() is not None
        assert before.feed.channel == after.feed.channel


def test_a_feed_s_guid_never_changes() -> None:
    text = CLEAN.decode()
    guid = "0b9f6f0e-53e7-4a86-9f0b-2f6f6c1d7a33"
    line, column = xml_at(text, f'<guid isPermaLink="false">{guid}')
    for wanted in (("guid", column), ("", column), ("", 0)):
        with pytest.raises(EditError):
            edit_xml(text, line, wanted[1], guid, "x", wanted[0])


def test_tags_are_added_and_renamed_with_their_end() -> None:
    text = "<rss>\n  <channel>\n    <titel>A</titel>\n  </channel>\n</rss>"
    assert "<title>A</title>" in replaced(text, edit_xml(text, 3, 5, "titel", "title"))
    added = replaced(text, edit_xml(text, 2, 3, "", "a & b", "language"))
    assert "<channel>\n    <language>a &amp; b</language>\n    <titel>" in added
    with pytest.raises(EditError, match="does not declare"):
        edit_xml(text, 2, 3, "", "yes", "podcast:locked")


FIXABLE = [
    (sample, finding)
    for sample in SAMPLES
    if sample.at and sample.feed
    for finding in check_feed(open_feed(sample.feed, "clean.xml", NOW), profiles=PROFILES).findings
    if finding.rule == sample.rule and finding.fix and finding.fix.edits
]


@pytest.mark.parametrize(("sample", "finding"), FIXABLE, ids=[each.rule for _, each in FIXABLE])
def test_a_fixed_rule_is_silent_and_nothing_else_speaks(
    sample: Sample, finding: Finding, tmp_path: Path
) -> None:
    feed = tmp_path / "clean.xml"
    data = sample.feed
    feed.write_bytes(data)
    before = check_feed(open_feed(data, "clean.xml", NOW), profiles=PROFILES).findings
    outcome = mend(tmp_path, [each for each in before if each.rule == finding.rule], str, is_show=False)
    assert finding in outcome.applied, outcome.refused
    assert feed.read_bytes() == data
    save(outcome)
    after = check_feed(open_feed(feed.read_bytes(), "clean.xml", NOW), profiles=PROFILES).findings
    revealed = {"MED-012"} if finding.rule == "IT-004" else set()  # a name with blanks stays one
    assert not {(each.rule, each.place.line) for each in after if each.rule not in revealed} - {
        (each.rule, each.place.line) for each in before
    }
    assert [each for each in after if each.rule == finding.rule and each.fix] == []
    assert mend(tmp_path, after, str, is_show=False).files == ()


def test_fixes_that_meet_wait_for_the_next_round(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("one two three\n", encoding="utf-8")
    place = Place("notes.txt", 1, 1)

    def finding(old: str, new: str, rule: str) -> Finding:
        return Finding(rule, "warn", place, "m", "h", Fix("s", (Edit(place, old, new),)))

    wanted = [finding("one two", "1 2", "A"), finding("two three", "2 3", "B"), finding("three", "3", "C")]
    outcome = mend(tmp_path, wanted, str, is_show=False)
    assert [each.rule for each in outcome.applied] == ["A", "C"]
    assert [each.rule for each, _ in outcome.refused] == ["B"]
    save(outcome)
    assert (tmp_path / "notes.txt").read_text(encoding="utf-8") == "1 2 3\n"


@pytest.mark.parametrize(
    "file", ["episodes/part-1/recording.wav", "feeds/sample.xml", "../other.txt", "gone.txt"]
)
def test_recordings_made_files_and_strangers_are_left_alone(tmp_path: Path, file: str) -> None:
    show = tmp_path / "show"
    path = show / file
    path.parent.mkdir(parents=True, exist_ok=True)
    if "gone" not in file:
        path.write_text("words", encoding="utf-8")
    place = Place(file, 1, 1)
    finding = Finding("A", "warn", place, "m", "h", Fix("s", (Edit(place, "words", "others"),)))
    outcome = mend(show, [finding], str, is_show=True)
    assert outcome.files == ()
    assert len(outcome.refused) == 1


def test_line_ends_and_byte_order_marks_stay(tmp_path: Path) -> None:
    path = tmp_path / "transcript.vtt"
    path.write_bytes(b"\xef\xbb\xbfWEBVTT\r\n\r\nwords\r\n")
    place = Place("transcript.vtt", 3, 1)
    finding = Finding("A", "warn", place, "m", "h", Fix("s", (Edit(place, "words", "others"),)))
    save(mend(tmp_path, [finding], str, is_show=True))
    assert path.read_bytes() == b"\xef\xbb\xbfWEBVTT\r\n\r\nothers\r\n"


def test_a_cover_comes_to_size_and_colours(tmp_path: Path) -> None:
    Image.new("CMYK", (3200, 3200)).save(tmp_path / "cover.jpg")
    finding = Finding("A", "warn", Place("cover.jpg"), "m", "h", Fix("s", repair="cover", file="cover.jpg"))
    outcome = mend(tmp_path, [finding], str, is_show=True)
    assert "bytes become" in outcome.files[0].difference()[0]
    with Image.open(io.BytesIO(outcome.files[0].after)) as image:
        assert (image.size, image.mode, image.format) == ((3000, 3000), "RGB", "JPEG")
    save(outcome)
    assert mend(tmp_path, [finding], str, is_show=True).files == ()


def test_a_transcript_comes_into_order(tmp_path: Path) -> None:
    path = tmp_path / "transcript.vtt"
    path.write_text("WEBVTT\n\n00:05.000 --> 00:06.000\nB\n\n00:01.000 --> 00:09.000\nA\n", encoding="utf-8")
    fix = Fix("s", repair="transcript", file="transcript.vtt")
    save(mend(tmp_path, [Finding("A", "warn", Place("transcript.vtt"), "m", "h", fix)], str, is_show=True))
    assert path.read_text(encoding="utf-8").index("\nA\n") < path.read_text(encoding="utf-8").index("\nB\n")


def test_a_feed_from_outside(tmp_path: Path) -> None:
    feed = tmp_path / "theirs.xml"
    data = changed(('type="audio/mpeg"', 'type="audio/mp3"'))
    feed.write_bytes(data)
    dry = run("-C", str(tmp_path), "check", "theirs.xml", "--fix", "--dry-run", exit_code=1)
    assert "would be mended" in dry
    assert feed.read_bytes() == data
    assert "nothing to complain about" in run("-C", str(tmp_path), "check", "theirs.xml", "--fix")
    assert feed.read_bytes() == CLEAN
    document = json.loads(run("-C", str(tmp_path), "check", "theirs.xml", "--fix", "--json"))
    assert (document["fixed"], document["files"]) == ([], [])
    run("check", "https://example.org/feed.xml", "--dry-run", exit_code=2)


def test_sources_that_cannot_be_read_are_mended_and_read(minimal: Path) -> None:
    episode = next(minimal.glob("episodes/*/episode.md"))
    text = episode.read_text(encoding="utf-8")
    guid = next(line for line in text.split("\n") if line.startswith("guid:"))
    broken = (
        text.replace(f"{guid}\n", "")
        .replace("title:", "titel:", 1)
        .replace("---\n", "---\nexplicit: no\n", 1)
    )
    episode.write_text(broken, encoding="utf-8")
    show = minimal / "show.toml"
    settings_text = show.read_text(encoding="utf-8")
    show.write_text(settings_text.replace("guid =", 'explicit = "no"   # mine\nguid ='), encoding="utf-8")
    result = CliRunner().invoke(publisher, ["-C", str(minimal), "check", "--fix"])
    said = result.stdout
    assert "+explicit = false   # mine" in said
    assert "+explicit: false" in said
    after = parse_yaml(episode.read_text(encoding="utf-8").split("---")[1], "").data
    UUID(after["guid"])
    assert "title" in after
    assert CliRunner().invoke(publisher, ["-C", str(minimal), "check", "--fix"]).stdout.count("mended") == 0


def test_at_least_forty_rules_have_a_fix() -> None:
    assert len({finding.rule for _, finding in FIXABLE}) >= 40


def test_a_published_episode_gets_its_own_guid_back(minimal: Path) -> None:
    episode = next(minimal.glob("episodes/*/episode.md"))
    text = episode.read_text(encoding="utf-8")
    guid = next(line for line in text.split("\n") if line.startswith("guid:"))
    known = "0b9f6f0e-53e7-4a86-9f0b-2f6f6c1d7a33"
    feeds = minimal / "feeds"
    feeds.mkdir(exist_ok=True)
    name = f"/audio/{episode.parent.name}-33aa.mp3"
    (feeds / "small-show.xml").write_bytes(changed(("/ink/audio/reading-it-out-33aa.mp3", name)))
    episode.write_text(text.replace(f"{guid}\n", ""), encoding="utf-8")
    CliRunner().invoke(publisher, ["-C", str(minimal), "check", "--fix"])
    assert parse_yaml(episode.read_text(encoding="utf-8").split("---")[1], "").data["guid"] == known


def test_no_fix_is_promised_where_the_address_does_not_stand(minimal: Path) -> None:
    catalogue = minimal / "episodes/resources.yaml"
    catalogue.write_text(catalogue.read_text("utf-8").replace("org/toolkit", "org/toolkit?fbclid=1"), "utf-8")
    notes = minimal / "episodes/pilot/episode.md"
    notes.write_text(notes.read_text("utf-8") + "\n[A page](https://example.org/a?utm_source=x)\n", "utf-8")
    document = json.loads(CliRunner().invoke(publisher, ["-C", str(minimal), "check", "--json"]).stdout)
    found = [each for each in document["findings"] if each["rule"] == "NT-008"]
    assert [(each["message"].split("'")[1], bool(each["fix"])) for each in found] == [
        ("Example Toolkit", False),
        ("A page", True),
    ]


def test_bare_addresses_become_links_where_they_stand(minimal: Path) -> None:
    path = minimal / "episodes/pilot/episode.md"
    head, end, _ = path.read_text(encoding="utf-8").rpartition("\n---\n")
    long = "https://example.org/" + "a" * 30
    notes = (
        "We talk about links, <https://example.org/a> and (https://example.org/a).\n"
        f"Ñ https://example.org/b, https://example.org/b! Not `https://example.org/b`, {long}, "
        "https://example.org/*c*, http://example.org/d\n"
    )
    path.write_text(f"{head}{end}{notes}", encoding="utf-8", newline="")
    result = CliRunner().invoke(publisher, ["-C", str(minimal), "check", "--fix"])
    assert result.exit_code in (0, 1), result.output
    assert path.read_text(encoding="utf-8").endswith(
        "We talk about links, <https://example.org/a> and (<https://example.org/a>).\n"
        f"Ñ <https://example.org/b>, <https://example.org/b>! Not `https://example.org/b`, {long}, "
        "https://example.org/*c*, http://example.org/d\n"
    )
    assert result.output.count("NT-020") == 3
