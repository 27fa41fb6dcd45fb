from __future__ import annotations

import base64
import io
import locale
import re
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from difflib import unified_diff
from typing import Any
from zoneinfo import ZoneInfo

import feedparser
import podcastparser
import pytest
from feed_samples import COVER_URL, EPISODE, FEED, HOST, ITEM, PLAIN_ITEM, SHOW
from lxml import etree

from publisher.chapters.psc import read_psc
from publisher.errors import SourceError
from publisher.feed.dates import format_date, parse_date
from publisher.feed.diff import diff_feeds
from publisher.feed.rss import (
    NAMESPACES,
    feed_url,
    in_feed_order,
    last_change,
    render,
    render_feed,
    render_item,
)
from publisher.model import Alternate, Chapter, Item, Licence, Notes, Show

ITUNES = "{http://www.itunes.com/dtds/podcast-1.0.dtd}"
PODCAST = "{https://podcastindex.org/namespace/1.0}"


def feed_of(*items: Item, show: Show = SHOW) -> bytes:
    return render(show, FEED, items, cover_url=COVER_URL)


def channel_of(data: bytes) -> etree._Element:
    channel = etree.fromstring(data).find("channel")
    assert channel is not None
    return channel


def item_of(item: Item, show: Show = SHOW) -> etree._Element:
    found = channel_of(feed_of(item, show=show)).find("item")
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("feed.xml", feed_of(PLAIN_ITEM, ITEM)),
        ("feed-least.xml", feed_of(show=Show(
            title="Least", description="Only what must be there.", language="en", author="", guid=SHOW.guid,
            base_url="https://media.example.org/least", link="https://podcast.example.org/", timezone="UTC",
            cover=SHOW.cover, categories=("Government",), locked=False,
        ))),
    ],
)  # fmt: skip
def test_feed_is_the_golden_one(name: str, data: bytes, golden: Callable[[str, bytes], None]) -> None:
    golden(name, data)


def test_document_is_utf8_with_a_declaration_line_feeds_and_a_final_newline() -> None:
    data = feed_of(ITEM)
    assert data.startswith(b'<?xml version="1.0" encoding="UTF-8"?>\n<rss ')
    assert data.endswith(b"</rss>\n")
    assert b"\r" not in data
    assert b"\t" not in data


def test_namespaces_are_declared_once_on_rss_with_their_usual_prefixes() -> None:
    data = feed_of(ITEM, PLAIN_ITEM)
    root = etree.fromstring(data)
    assert set(root.nsmap) == {"itunes", "podcast", "atom", "content"}
    assert data.count(b"xmlns") == 4
    assert b"xmlns" not in render_item(SHOW, FEED, ITEM)
    assert not re.search(rb"ns\d+:", data)


def test_rendered_item_stands_in_the_feed_as_it_is() -> None:
    written = render_item(SHOW, FEED, ITEM)
    assert written.startswith(b"<item>")
    assert written.endswith(b"</item>")
    assert b"\n    " + written + b"\n" in feed_of(PLAIN_ITEM, ITEM)


def test_every_line_outside_cdata_holds_one_element() -> None:
    notes = Notes("<p>one</p>\n<ul>\n<li>two</li>\n</ul>", "")
    lines = feed_of(replace(ITEM, notes=notes)).decode().splitlines()
    assert "      <description><![CDATA[<p>one</p>" in lines
    outside = [line for line in lines if "CDATA" not in line and not re.match(r"</?(ul|li)", line)]
    assert all(re.fullmatch(r" *<[^<>]+>([^<>]*</[^<>]+>)?", line) for line in outside)


def test_same_inputs_give_the_same_bytes_whatever_the_order_of_the_items() -> None:
    assert feed_of(ITEM, PLAIN_ITEM) == feed_of(PLAIN_ITEM, ITEM)


def test_items_stand_newest_first_and_ties_are_settled() -> None:
    twin = replace(ITEM, episode=replace(EPISODE, guid="z" * 36, number=1))
    ordered = in_feed_order([PLAIN_ITEM, twin, ITEM])
    assert [item.episode.guid for item in ordered] == [EPISODE.guid, "z" * 36, PLAIN_ITEM.episode.guid]
    assert last_change(item.episode.date for item in ordered) == EPISODE.date
    assert last_change(()) is None


def test_channel_link_is_the_page_and_the_self_link_the_feed() -> None:
    channel = channel_of(feed_of())
    assert channel.findtext("link") == SHOW.link
    links = channel.findall("{http://www.w3.org/2005/Atom}link")
    assert [dict(link.attrib) for link in links] == [
        {"rel": "self", "href": "https://media.example.org/sample/sample.xml", "type": "application/rss+xml"}
    ]
    assert (
        feed_url(replace(SHOW, base_url="https://example.org/x"), FEED) == "https://example.org/x/sample.xml"
    )


def test_generator_names_no_version_and_no_clock_is_read() -> None:
    data = render_feed(SHOW, FEED, [], cover_url=COVER_URL, last_build=None)
    assert channel_of(data).findtext("generator") == "publisher"
    assert b"lastBuildDate" not in data
    dated = render_feed(SHOW, FEED, [], cover_url=COVER_URL, last_build=datetime(2026, 1, 2, tzinfo=UTC))
    assert channel_of(dated).findall("lastBuildDate")[0].text == "Fri, 02 Jan 2026 00:00:00 +0000"
    assert dated.count(b"lastBuildDate") == 2


@pytest.mark.parametrize(
    ("change", "tag", "text"),
    [
        ({"explicit": True}, f"{ITUNES}explicit", "true"),
        ({"explicit": False}, f"{ITUNES}explicit", "false"),
        ({"block": True}, f"{ITUNES}block", "Yes"),
        ({"block": False}, f"{ITUNES}block", None),
        ({"complete": True}, f"{ITUNES}complete", "Yes"),
        ({"complete": False}, f"{ITUNES}complete", None),
        ({"new_feed_url": "https://example.org/new.xml"}, f"{ITUNES}new-feed-url", "https://example.org/new.xml"),
        ({"new_feed_url": None}, f"{ITUNES}new-feed-url", None),
        ({"type": "serial"}, f"{ITUNES}type", "serial"),
        ({"locked": False}, f"{PODCAST}locked", "no"),
        ({"medium": "audiobook"}, f"{PODCAST}medium", "audiobook"),
        ({"owner_email": None}, f"{ITUNES}owner", None),
        ({"copyright": None}, "copyright", None),
        ({"title": "  outer space \n"}, "title", "outer space"),
        ({"description": "\nlast line\n"}, "description", "last line"),
        ({"licence": Licence("house", url="https://example.org/l")}, f"{PODCAST}license", "house"),
    ],
)  # fmt: skip
def test_show_setting_reaches_its_channel_element(change: dict[str, Any], tag: str, text: str | None) -> None:
    show = replace(SHOW, **change)
    channel = channel_of(feed_of(show=show))
    assert channel.findtext(tag) == text


@pytest.mark.parametrize("ending", [".jpg", ".jpeg", ".png", ".jpg?v=2", ""])
def test_cover_is_never_dropped(ending: str) -> None:
    channel = channel_of(
        render_feed(SHOW, FEED, [], cover_url="https://example.org/c" + ending, last_build=None)
    )
    image = channel.find(f"{ITUNES}image")
    assert image is not None
    assert image.get("href") == channel.findtext("image/url") == "https://example.org/c" + ending
    assert channel.findtext("image/title") == channel.findtext("title")
    assert channel.findtext("image/link") == channel.findtext("link")


def test_subcategories_stand_inside_their_parent_in_the_shows_order() -> None:
    channel = channel_of(feed_of())
    top = channel.findall(f"{ITUNES}category")
    assert [category.get("text") for category in top] == ["Education", "Government"]
    assert [category.get("text") for category in top[0]] == ["Self-Improvement", "How To"]


@pytest.mark.parametrize(
    ("episodes_own", "shows", "written"),
    [(None, True, "true"), (None, False, "false"), (True, False, "true"), (False, True, "false")],
)
def test_explicit_is_the_episodes_own_or_else_the_shows(
    episodes_own: bool | None, shows: bool, written: str
) -> None:
    item = replace(ITEM, episode=replace(EPISODE, explicit=episodes_own))
    assert item_of(item, replace(SHOW, explicit=shows)).findtext(f"{ITUNES}explicit") == written


@pytest.mark.parametrize(
    ("duration_ms", "seconds"), [(1, "1"), (499, "1"), (75_499, "75"), (75_500, "76"), (3_600_000, "3600")]
)
def test_duration_is_rounded_to_whole_seconds(duration_ms: int, seconds: str) -> None:
    item = replace(ITEM, enclosure=replace(ITEM.enclosure, duration_ms=duration_ms))
    assert item_of(item).findtext(f"{ITUNES}duration") == seconds


def test_season_and_episode_zero_are_not_lost() -> None:
    item = item_of(replace(ITEM, episode=replace(EPISODE, season=0, number=0)))
    for tag in ("season", "episode"):
        assert item.findtext(ITUNES + tag) == "0"
        assert item.findtext(PODCAST + tag) == "0"


def test_item_that_names_a_guest_names_the_hosts_too() -> None:
    people = [(p.text, p.get("role")) for p in item_of(ITEM).findall(f"{PODCAST}person")]
    assert people == [("First Host", "host"), ("A Guest & Co", "guest")]
    as_guest = replace(ITEM, episode=replace(EPISODE, people=(replace(HOST, role="guest"),)))
    assert [p.get("role") for p in item_of(as_guest).findall(f"{PODCAST}person")] == ["guest"]
    assert item_of(PLAIN_ITEM).findall(f"{PODCAST}person") == []


def test_further_formats_stand_beside_the_enclosure_each_with_its_digest() -> None:
    alternate = Alternate(
        recipe="d" * 16 + "." + "e" * 16,
        key="audio/first-9876543210ab.opus",
        bytes=604_321,
        sha256="0f" * 32,
        media_type="audio/ogg",
        codecs="opus",
        bitrate=64_033,
        duration_ms=75_500,
        loudness_lufs=-16.0,
        true_peak_dbtp=-1.2,
        encoder="libopus",
    )
    url = "https://media.example.org/audio/first-9876543210ab.opus"
    enclosure = replace(ITEM.enclosure, alternates=(alternate,))
    item = item_of(replace(ITEM, enclosure=enclosure, alternate_urls=(url,)))
    found = item.findall("podcast:alternateEnclosure", NAMESPACES)
    assert [dict(each.attrib) for each in found] == [
        {"type": "audio/mpeg", "length": "1201744", "bitrate": "127337", "default": "true"},
        {"type": "audio/ogg", "length": "604321", "bitrate": "64033", "codecs": "opus"},
    ]
    sources = item.findall("podcast:alternateEnclosure/podcast:source", NAMESPACES)
    assert [dict(each.attrib) for each in sources] == [{"uri": ITEM.audio_url}, {"uri": url}]
    digests = item.findall("podcast:alternateEnclosure/podcast:integrity", NAMESPACES)
    assert [each.get("type") for each in digests] == ["sri", "sri"]
    algorithm, _, value = str(digests[1].get("value")).partition("-")
    assert (algorithm, base64.b64decode(value).hex()) == ("sha256", "0f" * 32)
    assert item_of(ITEM).find("podcast:alternateEnclosure", NAMESPACES) is None


def test_guid_is_never_a_permalink_and_stays_as_it_is() -> None:
    guid = item_of(replace(ITEM, episode=replace(EPISODE, guid="http://old.example.org/?p=7&x=ä"))).find(
        "guid"
    )
    assert guid is not None
    assert guid.text == "http://old.example.org/?p=7&x=ä"
    assert guid.items() == [("isPermaLink", "false")]


@pytest.mark.parametrize(
    "html",
    [
        "<p>a ]]> b</p>",
        "]]>",
        "<p>]]]]>></p>",
        "<p>&lt;b&gt; &amp;amp; é 🎙 e\u0301</p>",
        "<p>x</p>\n\n<p>y</p>",
    ],
)
def test_notes_come_back_from_cdata_as_they_were(html: str) -> None:
    assert item_of(replace(ITEM, notes=Notes(html, ""))).findtext("description") == html


def test_line_ends_of_notes_are_line_feeds() -> None:
    assert item_of(replace(ITEM, notes=Notes("<p>a</p>\r\n<p>b</p>\r", ""))).findtext("description") == (
        "<p>a</p>\n<p>b</p>"
    )


def test_item_without_notes_is_described_by_its_summary() -> None:
    item = replace(ITEM, notes=Notes("", ""), episode=replace(EPISODE, summary="Less < more & so on"))
    assert item_of(item).findtext("description") == "<p>Less &lt; more &amp; so on</p>"
    bare = replace(item, episode=replace(EPISODE, summary=""))
    assert item_of(bare).find("description") is None


@pytest.mark.parametrize("bad", ["\x00", "\x0b", "\x1f", "\ud800", "\ufffe", "\uffff"])
def test_character_that_xml_cannot_carry_is_refused_with_episode_and_field(bad: str) -> None:
    people = (replace(HOST, name=f"First{bad}Host"),)
    item = replace(ITEM, episode=replace(EPISODE, title=f"a{bad}b", people=people))
    with pytest.raises(SourceError) as caught:
        render_item(SHOW, FEED, item)
    first, second = caught.value.problems
    assert str(first.place) == "episodes/writing-it-down/episode.md"
    assert "'writing-it-down': title " in first.message
    assert f"U+{ord(bad):04X}" in first.message
    assert "people 1.name" in second.message
    assert first.hint
    with pytest.raises(SourceError, match="author") as caught:
        feed_of(show=replace(SHOW, author=f"The{bad}Office"))
    assert str(caught.value.place) == "show.toml"
    with pytest.raises(SourceError, match=r"notes\.feed_html"):
        render_item(SHOW, FEED, replace(ITEM, notes=Notes(f"<p>{bad}</p>", "")))


def test_show_without_what_rss_requires_is_refused_with_every_missing_key() -> None:
    with pytest.raises(SourceError) as caught:
        feed_of(show=replace(SHOW, title=" ", description=""))
    assert [problem.message for problem in caught.value.problems] == [
        "the show has no title",
        "the show has no description",
    ]


@pytest.mark.parametrize(
    ("date", "text"),
    [
        (datetime(2026, 3, 3, 6, 5, 4, 999_999, tzinfo=UTC), "Tue, 03 Mar 2026 06:05:04 +0000"),
        (datetime(2026, 7, 1, 6, tzinfo=ZoneInfo("America/Los_Angeles")), "Wed, 01 Jul 2026 06:00:00 -0700"),
        (datetime(2026, 7, 1, 6, tzinfo=ZoneInfo("Asia/Kolkata")), "Wed, 01 Jul 2026 06:00:00 +0530"),
        (datetime(2026, 7, 1, 6, tzinfo=timezone(timedelta(hours=-3.5))), "Wed, 01 Jul 2026 06:00:00 -0330"),
        (datetime(2026, 7, 1, 6, tzinfo=ZoneInfo("Asia/Kathmandu")), "Wed, 01 Jul 2026 00:15:00 +0000"),
        (datetime(1800, 7, 1, 6, tzinfo=timezone(timedelta(seconds=61))), "Tue, 01 Jul 1800 05:58:59 +0000"),
        (datetime(33, 4, 3, 15, tzinfo=UTC), "Sun, 03 Apr 0033 15:00:00 +0000"),
    ],
)  # fmt: skip
def test_date_is_written_as_rfc_2822(date: datetime, text: str) -> None:
    assert format_date(date) == text
    if date.year > 100:
        assert parse_date(text) == date.replace(microsecond=0)


def test_date_without_a_zone_is_a_bug() -> None:
    with pytest.raises(ValueError, match="time zone"):
        format_date(datetime(2026, 1, 1))  # noqa: DTZ001  # the point of the test


@pytest.fixture
def _french() -> Iterator[None]:
    before = locale.setlocale(locale.LC_ALL)
    for name in ("fr_FR.UTF-8", "de_DE.UTF-8", "C.UTF-8"):
        try:
            locale.setlocale(locale.LC_ALL, name)
            break
        except locale.Error:
            continue
    yield
    locale.setlocale(locale.LC_ALL, before)


@pytest.mark.usefixtures("_french")
def test_process_locale_is_neither_read_nor_changed(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> str:
        raise AssertionError("the locale was touched")

    with monkeypatch.context() as patched:
        patched.setattr(locale, "setlocale", refuse)
        assert b"Tue, 03 Mar 2026" in feed_of(ITEM, PLAIN_ITEM)


def test_threads_may_build_feeds_side_by_side() -> None:
    wanted = feed_of(ITEM, PLAIN_ITEM)
    built: list[bytes] = []
    threads = [threading.Thread(target=lambda: built.append(feed_of(ITEM, PLAIN_ITEM))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert built == [wanted] * 8


def test_feedparser_reads_what_was_written() -> None:
    read = feedparser.parse(feed_of(PLAIN_ITEM, ITEM))
    assert not read.bozo
    assert read.feed.title == SHOW.title
    first, second = read.entries
    assert (first.id, second.id) == (EPISODE.guid, PLAIN_ITEM.episode.guid)
    assert [link.href for link in first.enclosures] == [ITEM.audio_url]
    assert (first.enclosures[0].length, first.enclosures[0].type) == ("1201744", "audio/mpeg")
    assert (first.itunes_duration, second.itunes_duration) == ("76", "40")
    assert first.published_parsed == EPISODE.date.utctimetuple()
    assert first.summary == ITEM.notes.feed_html
    assert first.link == ITEM.page_url


def test_podcastparser_reads_what_was_written() -> None:
    read = podcastparser.parse(feed_url(SHOW, FEED), io.BytesIO(feed_of(PLAIN_ITEM, ITEM)))
    first, second = sorted(read["episodes"], key=lambda episode: -episode["published"])
    assert (first["guid"], second["guid"]) == (EPISODE.guid, PLAIN_ITEM.episode.guid)
    assert first["enclosures"] == [{"url": ITEM.audio_url, "file_size": 1_201_744, "mime_type": "audio/mpeg"}]
    assert (first["total_time"], second["total_time"]) == (76, 40)
    assert first["published"] == EPISODE.date.timestamp()
    assert first["description_html"] == ITEM.notes.feed_html
    assert read["cover_url"] == COVER_URL


def test_diff_of_equal_feeds_is_empty() -> None:
    assert diff_feeds(feed_of(ITEM), feed_of(ITEM), "feeds/sample.xml") == ""


def test_diff_shows_the_changed_line_with_its_number() -> None:
    old = feed_of(PLAIN_ITEM, ITEM)
    new = old.replace(b"<title>Hello</title>", b"<title>Hello again</title>")
    line = old.decode().split("\n").index("      <title>Hello</title>") + 1
    lines = diff_feeds(old, new, "feeds/sample.xml").split("\n")
    assert lines[:2] == ["--- a/feeds/sample.xml", "+++ b/feeds/sample.xml"]
    assert lines[2] == f"@@ -{line - 3},7 +{line - 3},7 @@"
    assert [text for text in lines[3:] if text[:1] in "+-" and text] == [
        "-      <title>Hello</title>",
        "+      <title>Hello again</title>",
    ]


def test_diff_is_the_one_that_difflib_makes_of_one_change_a_hunk() -> None:
    old = feed_of(PLAIN_ITEM, ITEM)
    for before, after in (
        (b"<title>Hello</title>", b"<title>Hello again</title>"),
        (b"<generator>publisher</generator>\n    ", b""),
        (b"</channel>", b"</channel><!-- -->"),
        (b"</item>\n  </channel>", b"</item>\n    <item>\n      <guid>x</guid>\n    </item>\n  </channel>"),
    ):
        new = old.replace(before, after)
        lines = unified_diff(old.decode().splitlines(), new.decode().splitlines(), "a/f", "b/f", lineterm="")
        assert diff_feeds(old, new, "f") == "\n".join(lines) + "\n"


def test_diff_of_a_removed_item_shows_its_lines_only() -> None:
    old, new = feed_of(PLAIN_ITEM, ITEM), feed_of(PLAIN_ITEM)
    changed = [line for line in diff_feeds(old, new, "f").split("\n")[2:] if line[:1] in {"-", "+"}]
    item_lines = render_item(SHOW, FEED, ITEM).decode().count("\n") + 1
    removed = [line for line in changed if line[0] == "-" and "lastBuildDate" not in line]
    added = [line for line in changed if line[0] == "+" and "lastBuildDate" not in line]
    assert (len(removed), added) == (item_lines, [])


def test_diff_shows_a_whole_new_feed_a_changed_end_and_bytes_that_are_no_text() -> None:
    assert "+a" in diff_feeds(b"", b"a\n", "f")
    assert "+b" in diff_feeds(b"a\n", b"a\nb\n", "f")
    assert "\ufffd" in diff_feeds(b"a\n", b"\xff\n", "f")
    assert "No newline" in diff_feeds(b"a\n", b"a", "f")


def test_diff_of_a_long_feed_whose_every_item_changed_takes_linear_time() -> None:
    items = [
        replace(
            ITEM, episode=replace(EPISODE, guid=f"{number:036}", date=EPISODE.date + timedelta(hours=number))
        )
        for number in range(1000)
    ]
    old = feed_of(*items)
    new = old.replace(b"First Host", b"Second Host")
    started = time.process_time()
    assert diff_feeds(old, new, "f").count("\n+") == 1002
    assert time.process_time() - started < 30  # quadratic, it is minutes


def test_simple_chapters_stand_in_a_feed_that_asks_for_them() -> None:
    """Off by default: validators do not know the namespace (PSC-004)."""
    chapters = (
        Chapter(0, "A & B", "https://example.org/?a=1&b=2"),
        Chapter(500, "", toc=False),
        Chapter(61_250, "C"),
    )
    made = replace(ITEM, episode=replace(EPISODE, chapters=chapters))
    feed = replace(FEED, psc=True)
    data = render(SHOW, feed, [made], cover_url=COVER_URL)
    assert [entry for entry, _ in read_psc(data.decode(), "f.psc")[0]] == [chapters[0], chapters[2]]
    assert data.count(b"podlove.org") == 1
    assert b"podlove" not in render(SHOW, FEED, [made], cover_url=COVER_URL)
