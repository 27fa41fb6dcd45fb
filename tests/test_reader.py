from __future__ import annotations

import gzip
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from feed_samples import COVER_URL, EPISODE, FEED, ITEM, PLAIN_ITEM, SHOW
from hypothesis import given
from hypothesis import strategies as st

from publisher.errors import PublisherError, SourceError
from publisher.feed.dates import format_date, parse_date
from publisher.feed.reader import read_feed, read_items
from publisher.feed.rss import render
from publisher.model import Link, Notes, PublishedItem

DECLARATION = b'<?xml version="1.0" encoding="UTF-8"?>\n'
XML_TEXT = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cc", "Cs"), exclude_characters="\ufffe\uffff")
)
FILLED_TEXT = XML_TEXT.map(str.strip).filter(bool)
SNAGS = st.sampled_from(
    ["]]>", "&lt;", "&amp;amp;", "<b>", "🎙️", "e\u0301", "\u00a0", "'\"", "\u202eabc", "%s", "{{x}}"]
)
MIXED = st.lists(XML_TEXT | SNAGS, min_size=1).map("".join).map(str.strip).filter(bool)


OFFSETS = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))


def channel(inner: bytes, *, declaration: bytes = DECLARATION, attributes: bytes = b"") -> bytes:
    return declaration + b'<rss version="2.0"' + attributes + b"><channel>" + inner + b"</channel></rss>"


def item(inner: bytes) -> bytes:
    return channel(b"<item>" + inner + b"</item>")


@given(
    title=MIXED,
    guid=FILLED_TEXT,
    html=MIXED,
    length=st.integers(1, 10**15),
    duration_ms=st.integers(1, 10**9),
    date=st.builds(datetime.fromtimestamp, st.integers(631_152_000, 7_258_118_400), OFFSETS),
)  # fmt: skip
def test_what_is_written_is_read_again(
    title: str, guid: str, html: str, length: int, duration_ms: int, date: datetime
) -> None:
    episode = replace(EPISODE, title=title, guid=guid, date=date)
    enclosure = replace(ITEM.enclosure, bytes=length, duration_ms=duration_ms)
    written = render(
        SHOW,
        FEED,
        [replace(ITEM, episode=episode, enclosure=enclosure, notes=Notes(html, ""))],
        cover_url=COVER_URL,
    )
    (known,) = read_items(written)
    moment = date.astimezone(UTC).replace(microsecond=0)
    assert known == PublishedItem(
        guid, title, moment.isoformat().replace("+00:00", "Z"), ITEM.audio_url, length, ""
    )
    (read,) = read_feed(written).items
    assert read.description == html
    assert abs(int(read.duration) * 1000 - duration_ms) <= 999
    assert parse_date(read.date) == moment == parse_date(format_date(date))


def test_every_fact_of_our_own_feed_is_read() -> None:
    facts = read_feed(render(SHOW, FEED, [PLAIN_ITEM, ITEM], cover_url=COVER_URL))
    assert (facts.title, facts.link, facts.language) == (SHOW.title, SHOW.link, "en-US")
    assert (facts.description, facts.author, facts.guid) == (SHOW.description, SHOW.author, SHOW.guid)
    assert (facts.explicit, facts.image, facts.new_feed_url) == ("false", COVER_URL, "")
    assert facts.self_link == "https://media.example.org/sample/sample.xml"
    assert facts.last_build == "Tue, 03 Mar 2026 06:00:00 -0800"
    first, second = facts.items
    assert first.line < second.line
    assert (first.season, first.number, first.type, first.duration) == ("1", "2", "full", "76")
    assert (first.is_permalink, first.link, first.image) == (False, ITEM.page_url, ITEM.cover_url)
    assert (first.audio_url, first.audio_bytes, first.audio_type) == (ITEM.audio_url, "1201744", "audio/mpeg")
    assert first.chapters_url == ITEM.chapters_url
    assert first.transcripts == ITEM.transcripts
    assert (second.season, second.chapters_url, second.transcripts) == ("", "", ())


def test_lines_count_from_the_file_also_behind_blank_lines_and_a_byte_order_mark() -> None:
    for start in (b"", b"\n", b" \r\n\n", b"\xef\xbb\xbf", b"\xef\xbb\xbf\n"):
        facts = read_feed(start + channel(b"<title>t</title>\n<item/>"))
        assert facts.title == "t"
        assert len(facts.items) == 1


def test_item_is_known_by_its_audio_or_page_when_it_has_no_guid() -> None:
    known = read_items(channel(
        b'<item><guid> g </guid><enclosure url="https://example.org/a.mp3" length="7"/></item>'
        b'<item><enclosure url=" https://example.org/b.mp3 " length=""/></item>'
        b"<item><link>https://example.org/c</link></item>"
        b"<item/>"
    ))  # fmt: skip
    assert [entry.guid for entry in known] == ["g", "https://example.org/b.mp3", "https://example.org/c", ""]
    assert [entry.audio_bytes for entry in known] == [7, 0, 0, 0]


@pytest.mark.parametrize("length", [b"-1", b"1.5", b"12 MB", b"\xd9\xa3", b"9" * 19, b"1e3", b""])
def test_length_that_is_no_number_is_unknown(length: bytes) -> None:
    (known,) = read_items(item(b'<enclosure url="https://example.org/a.mp3" length="' + length + b'"/>'))
    assert known.audio_bytes == 0


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("Tue, 03 Mar 2026 06:00:00 -0800", "2026-03-03T14:00:00Z"),
        ("Tue, 03 Mar 2026 14:00:00 GMT", "2026-03-03T14:00:00Z"),
        ("3 Mar 2026 06:00 PST", "2026-03-03T14:00:00Z"),
        ("yesterday", "yesterday"),
        ("Tue, 99 Mar 2026 06:00:00 -0800", "Tue, 99 Mar 2026 06:00:00 -0800"),
        ("Tue, 03 Mar 2026 06:00:00 +9999", "Tue, 03 Mar 2026 06:00:00 +9999"),
        ("Fri, 31 Dec 9999 23:59:59 -0100", "Fri, 31 Dec 9999 23:59:59 -0100"),
        ("", ""),
    ],
)
def test_date_is_given_in_utc_or_as_it_stands(written: str, read: str) -> None:
    (known,) = read_items(item(b"<pubDate>" + written.encode() + b"</pubDate>"))
    assert known.date == read


@given(st.text())
def test_no_date_text_breaks_the_reader(text: str) -> None:
    parsed = parse_date(text)
    assert parsed is None or parsed.utcoffset() == timedelta(0)


def test_old_podcast_namespace_is_read_as_todays() -> None:
    alias = b' xmlns:podcast="https://github.com/Podcastindex-org/podcast-namespace/blob/main/docs/1.0.md"'
    facts = read_feed(channel(
        b"<podcast:guid>x</podcast:guid><item>"
        b'<podcast:chapters url="https://example.org/c.json"/>'
        b'<podcast:transcript url="https://example.org/t.srt" type="application/srt"/>'
        b'<podcast:transcript type="text/html"/></item>',
        attributes=alias,
    ))  # fmt: skip
    assert facts.guid == "x"
    assert facts.items[0].chapters_url == "https://example.org/c.json"
    assert facts.items[0].transcripts == (Link("https://example.org/t.srt", "application/srt"),)


def test_texts_in_comments_cdata_and_forgotten_markup_are_read() -> None:
    (read,) = read_feed(
        item(b"<title>a<!-- not --> b</title><description>x <p>y<![CDATA[ & z]]></p></description>")
    ).items
    assert read.title == "a b"
    assert read.description == "x y & z"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "iso-8859-1"])
def test_encodings_that_real_feeds_have_are_read(encoding: str) -> None:
    declaration = f'<?xml version="1.0" encoding="{encoding}"?>'
    data = f"{declaration}<rss><channel><title>Colorín</title></channel></rss>".encode(encoding)
    assert read_feed(data).title == "Colorín"


UTF7 = b'<?xml version="1.0" encoding="UTF-7"?>'
ENTITIES = '<!DOCTYPE rss [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]>'


@pytest.mark.parametrize(
    ("data", "says", "line"),
    [
        (b"", "empty", 0),
        (b" \r\n\t", "empty", 0),
        (b"{}", "well-formed", 1),
        (b"<html><body>404</body></html>", "web page", 1),
        (b"\n\n<!doctype  HTML>\n<p>", "web page", 3),
        (gzip.compress(channel(b""), mtime=0), "gzip", 0),
        (b'<feed xmlns="http://www.w3.org/2005/Atom"/>', "Atom", 1),
        (b"\n<opml/>", "<opml>", 1),
        (b"<rss/>", "no <channel>", 1),
        (DECLARATION + ENTITIES.encode() + b"<rss><channel><title>&b;</title></channel></rss>", "DOCTYPE", 2),
        (b'<!-- x -->\n<!DOCTYPE rss SYSTEM "file:///etc/hostname"><rss/>', "DOCTYPE", 2),
        (f"{ENTITIES}<rss><channel><title>&b;</title></channel></rss>".encode("utf-16"), "DOCTYPE", 1),
        (f"{ENTITIES}<rss><channel/></rss>".encode("utf-16-be"), "DOCTYPE", 1),
        (UTF7 + b'+ADwAIQ-DOCTYPE a [+ADwAIQ-ENTITY b "c">]><rss/>', "DOCTYPE", 1),
        (b'<?xml version="1.0" encoding="none-such"?><rss/>', "well-formed", 1),
        (channel(b"<title>a & b</title>"), "well-formed", 2),
        (channel(b"<title>a&nbsp;b</title>"), "nbsp", 2),
        (channel(b"<title>a\x01b</title>"), "well-formed", 2),
        (channel(b"<title>\xe9</title>"), "well-formed", 2),
        (b"\n\n" + channel(b"\n<item>"), "well-formed", 5),
        (channel(b"<item><title>cut")[:60], "well-formed", 2),
        (b"<rss><channel>" + b"<a>" * 5_000, "larger or deeper", 1),
        (channel(b"<title>" + b"x" * 11_000_000 + b"</title>"), "larger or deeper", 2),
        (b"<rss><channel " + b"a" * 11_000_000 + b'=""/></rss>', "larger or deeper", 1),
        (channel(b"<a/>" * 2_100_000), "more tags", 0),
        (b"<rss " + b'a="" ' * 2_100_000 + b"/>", "more tags", 0),
        (channel(b"<item/>" * 100_001), "100,000", 0),
        (b" " * 20_000_001, "20 MB", 0),
    ],
)  # fmt: skip
def test_anything_but_a_readable_feed_is_refused_in_plain_words(data: bytes, says: str, line: int) -> None:
    with pytest.raises(SourceError) as caught:
        read_items(data, "feeds/x.xml")
    (problem,) = caught.value.problems
    assert says in problem.message
    assert problem.hint
    assert problem.place is not None
    assert (problem.place.file, problem.place.line) == ("feeds/x.xml", line)
    assert "XML_PARSE_HUGE" not in problem.message


@given(
    st.binary(max_size=300) | st.text(max_size=300).map(lambda text: channel(text.encode("utf-8", "replace")))
)
def test_no_bytes_give_a_traceback(data: bytes) -> None:
    try:
        read_items(data)
    except PublisherError as error:
        assert error.message  # either outcome is right


@given(data=st.data())
def test_no_damage_to_a_real_feed_gives_a_traceback(data: st.DataObject) -> None:
    feed = bytearray(render(SHOW, FEED, [ITEM, PLAIN_ITEM], cover_url=COVER_URL))
    for _ in range(data.draw(st.integers(1, 5))):
        start = data.draw(st.integers(0, len(feed)))
        feed[start : start + data.draw(st.integers(0, 20))] = data.draw(st.binary(max_size=8))
    try:
        read_feed(bytes(feed))
    except PublisherError as error:
        assert error.message  # either outcome is right
