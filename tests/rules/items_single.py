"""Samples of the group IT that look at one item alone."""

from __future__ import annotations

from publisher.checks.foreign import ForeignFeed
from publisher.checks.views import HistoryView, ItemsView, facts_of
from rules.samples import CLEAN, CONTEXT, bad, bad_subject, clean_feed, good, good_subject

GUID = "9e0d1f8a-1b2c-4d3e-9f4a-5b6c7d8e9f11"
FULL_GUID = '<guid isPermaLink="false">' + GUID
ENCLOSURE = '<enclosure url="https://media.example.org/ink/audio/trailer-11cc.mp3" length="1920789" type="audio/mpeg"/>'
DESCRIPTION = "<description><![CDATA[<p>In two minutes: who speaks here, about what, and why it may matter to your school.</p>]]></description>"
DATE = "Tue, 06 Jan 2026 14:00:00 +0000"
PAGE = "https://www.example.org/ink/trailer"
KIND = "<itunes:episodeType>trailer</itunes:episodeType>"
DURATION = "<itunes:duration>120<"
TITLE = "<title>What this show is about</title>"


def _with(more: str) -> tuple[str, str]:
    """Put further elements into the trailer's item."""
    return (KIND, f"{KIND}\n      {more}")


def _history(*changes: tuple[str, str]) -> HistoryView:
    """Compare the clean feed with what became of it."""
    before, now = clean_feed(), clean_feed(*changes)
    return HistoryView("feed.xml", _items(before), _items(now), CONTEXT)


def _items(feed: ForeignFeed) -> ItemsView:
    channel = feed.channel()
    assert channel is not None
    return feed.catalogue(channel, tuple(facts_of(view) for view in feed.items()))


GUID_LINE = "clean.xml:" + str(CLEAN[: CLEAN.index(GUID.encode())].count(b"\n") + 1)
LAST = "clean.xml:" + str(CLEAN[: CLEAN.index(TITLE.encode())].count(b"\n"))

SAMPLES = (
    bad("IT-001", (TITLE, "<title> </title>"), at="<title> </title>"),
    bad("IT-001", (TITLE, ""), at=LAST),
    good("IT-001", (TITLE, "<title>7</title>")),
    bad("IT-002", (ENCLOSURE, f"{ENCLOSURE}\n{ENCLOSURE.replace('trailer', 'other')}"), at="other-11cc"),
    good("IT-002"),
    bad("IT-003", ('length="1920789" ', ""), at="trailer-11cc.mp3"),
    bad("IT-003", ('length="1920789" type="audio/mpeg"', 'length="1920789"'), at="trailer-11cc.mp3"),
    bad("IT-003", ('url="https://media.example.org/ink/audio/trailer-11cc.mp3" ', ""), at="<enclosure length"),
    good("IT-003"),
    bad("IT-004", ("https://media.example.org/ink/audio/trailer-11cc.mp3", "/ink/audio/trailer-11cc.mp3"), at='"/ink/'),
    bad("IT-004", ("audio/trailer-11cc.mp3", "audio/the trailer.mp3"), at="the trailer"),
    bad("IT-004", ("audio/trailer-11cc.mp3", "audio/avance-español.mp3"), at="avance-"),
    good("IT-004", ("audio/trailer-11cc.mp3", "audio/avance-espa%C3%B1ol,(1)~.mp3?a=b&amp;c=d"), also=("MED-012",)),
    bad("IT-013", (f"{FULL_GUID}</guid>", ""), at=LAST),
    bad("IT-013", (GUID, " "), at='<guid isPermaLink="false"> <'),
    good("IT-013"),
    bad("IT-015", (FULL_GUID, f"<guid>{GUID}"), at=f"<guid>{GUID}"),
    bad("IT-015", (FULL_GUID, f'<guid isPermaLink="true">{GUID}'), at='<guid isPermaLink="true">'),
    good("IT-015", (FULL_GUID, f"<guid>{PAGE}")),
    bad("IT-016", (FULL_GUID, f'<guid isPermaLink="False">{GUID}'), at='"False"'),
    bad("IT-016", (FULL_GUID, f'<guid isPermaLink="no">{GUID}'), at='isPermaLink="no"'),
    good("IT-016", (FULL_GUID, f'<guid isPermaLink="true">{PAGE}')),
    bad("IT-019", (GUID, "año-1-episodio-tres"), at="año-1"),
    bad("IT-019", (GUID, "first season, part 1"), at="first season"),
    bad("IT-019", (GUID, "g" * 256), at="ggg"),
    good("IT-019", (GUID, "g" * 255)),
    bad("IT-020", (f"<pubDate>{DATE}</pubDate>", ""), at=LAST),
    bad("IT-020", (DATE, ""), at="<pubDate></pubDate>"),
    good("IT-020"),
    bad("IT-021", (DATE, "2026-01-06T14:00:00Z"), at="2026-01-06T"),
    bad("IT-021", (DATE, "Di, 06 Jan 2026 14:00:00 +0000"), at="Di, 06"),
    bad("IT-021", (DATE, "Tue, 06 January 2026 14:00:00 +0000"), at="06 January"),
    bad("IT-021", (DATE, "Tue, 06 Jan 2026 2:00 PM"), at="2:00 PM"),
    bad("IT-021", (DATE, "Tue, 06 Jan 2026 14:00:00"), at="Tue, 06 Jan"),
    bad("IT-021", (DATE, "Sat, 31 Nov 2025 14:00:00 +0000"), at="31 Nov"),
    bad("IT-021", (DATE, "06 Jan 2026 14:00:00 +0000"), at=">06 Jan"),
    good("IT-021", (DATE, "Tue, 6 Jan 2026 14:00:00 GMT")),
    bad("IT-022", (DATE, "Mon, 06 Jan 2026 14:00:00 +0000"), at="Mon, 06"),
    good("IT-022", (DATE, "Mon, 05 Jan 2026 14:00:00 +0000")),
    bad("IT-023", (DATE, "Tue, 06 Jan 2026 09:00:00 EST"), at="EST"),
    bad("IT-023", (DATE, "Tue, 06 Jan 26 14:00:00 +0000"), at="Jan 26 "),
    bad("IT-023", (DATE, "Tue, 06 Jan 2026 14:00:00 +0000 (UTC)"), at="(UTC)"),
    good("IT-023", (DATE, "Tue, 06 Jan 2026 09:00:00 -0500")),
    bad("IT-027", (DESCRIPTION, ""), at=LAST),
    bad("IT-027", (DESCRIPTION, "<description/>"), at="<description/>"),
    bad("IT-027", (DESCRIPTION, "<description><![CDATA[<p>Write the show notes here.</p>]]></description>"), at="<description><![CDATA[<p>Write"),
    good("IT-027"),
    bad("IT-029", (DESCRIPTION, DESCRIPTION.replace("description", "content:encoded")), at="<content:encoded>"),
    bad("IT-029", (DESCRIPTION, DESCRIPTION.replace("description", "content:encoded") + "\n" + DESCRIPTION), at="<content:encoded>"),
    good("IT-029", (DESCRIPTION, DESCRIPTION + DESCRIPTION.replace("description", "content:encoded"))),
    bad("IT-030", (f"<link>{PAGE}</link>", ""), at=LAST),
    bad("IT-030", (PAGE, "http://www.example.org/ink/trailer"), at="<link>http://"),
    bad("IT-030", (PAGE, "https://media.example.org/ink/audio/trailer-11cc.mp3"), at="trailer-11cc.mp3</link>"),
    good("IT-030"),
    bad("IT-031", (f"{DURATION}/itunes:duration>", ""), at=LAST),
    good("IT-031"),
    bad("IT-032", (DURATION, "<itunes:duration>2 min<"), at="2 min"),
    bad("IT-032", (DURATION, "<itunes:duration>1:99<"), at="1:99"),
    bad("IT-032", (DURATION, "<itunes:duration>120.5<"), at="120.5"),
    good("IT-032"),
    bad("IT-033", (DURATION, "<itunes:duration>02:00<"), at="02:00<"),
    good("IT-033"),
    bad("IT-034", (DURATION, "<itunes:duration>0<"), at=">0<"),
    bad("IT-034", (DURATION, "<itunes:duration>00:00<"), at=">00:00<"),
    good("IT-034"),
    bad("IT-035", (f"<itunes:explicit>false</itunes:explicit>\n      {KIND}", f"<itunes:explicit>no</itunes:explicit>\n      {KIND}"), at=">no<"),
    bad("IT-035", (f"<itunes:explicit>false</itunes:explicit>\n      {KIND}", KIND), at=LAST),
    good("IT-035"),
    bad("IT-037", (KIND, "<itunes:episodeType>Trailer</itunes:episodeType>"), at=">Trailer<"),
    bad("IT-037", ("<itunes:episodeType>full<", "<itunes:episodeType>episode<"), at=">episode<"),
    good("IT-037", (KIND, "<itunes:episodeType>bonus</itunes:episodeType>")),
    bad("IT-038", ("<itunes:episode>2<", "<itunes:episode>02<"), at=">02<"),
    bad("IT-038", ("<itunes:episode>2<", "<itunes:episode>two<"), at=">two<"),
    good("IT-038"),
    bad("IT-039", ("<itunes:season>1<", "<itunes:season>S1<"), at=">S1<"),
    bad("IT-039", ("<itunes:season>1<", "<itunes:season>0<"), at=">0<"),
    good("IT-039"),
    bad_subject("IT-043", lambda: _history((KIND, KIND.replace("trailer", "full"))), at=GUID_LINE),
    good_subject("IT-043", lambda: _history()),
    bad("IT-045", _with("<itunes:title>Part one</itunes:title>"), at="<itunes:title>"),
    good("IT-045", _with("<itunes:title>What this show is about</itunes:title>")),
    bad("IT-046", _with('<itunes:image href="/covers/one.jpg"/>'), at="/covers/one.jpg"),
    bad("IT-046", _with('<itunes:image href="https://media.example.org/one.webp"/>'), at="one.webp"),
    bad("IT-046", _with("<itunes:image>https://media.example.org/one.jpg</itunes:image>"), at="<itunes:image>"),
    good("IT-046", _with('<itunes:image href="https://media.example.org/one.jpg"/>')),
    bad("IT-047", _with("<itunes:block>true</itunes:block>"), at="<itunes:block>"),
    good("IT-047", _with("<itunes:block>yes</itunes:block>")),
    bad("IT-048", _with("<author>A Name</author>"), at="<author>"),
    good("IT-048", _with("<author>office@example.org (The Sample Office)</author>")),
    bad("IT-049", _with("<category/>"), at="<category/>"),
    bad("IT-049", _with("<comments>none</comments>"), at="<comments>"),
    bad("IT-049", _with("<source>Another show</source>"), at="<source>"),
    good("IT-049", _with('<category>Schools</category><comments>https://www.example.org/c</comments><source url="https://www.example.org/f.xml">F</source>')),
    bad("IT-050", _with("<itunes:order>3</itunes:order>"), at="<itunes:order>"),
    good("IT-050"),
    bad("IT-051", (ENCLOSURE, ""), at=LAST),
    good("IT-051"),
)  # fmt: skip
