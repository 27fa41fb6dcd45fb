"""Samples of the group DOC."""

from __future__ import annotations

import codecs
import gzip

from publisher.checks.files import ResponseView
from rules.delivery import answered
from rules.samples import CLEAN, bad, bad_subject, changed, good, good_subject

VERSION = '<rss version="2.0"'
BY_DEFAULT = ("<atom:link href", '<link xmlns="http://www.w3.org/2005/Atom" href')
ITUNES = "http://www.itunes.com/dtds/podcast-1.0.dtd"


def _answer(content_type: str) -> ResponseView:
    return answered("feed", also={"content-type": content_type}, start=CLEAN[:1000])


SAMPLES = (
    bad("DOC-001", ("Ink and Chalk", "Ink & Chalk"), at="<title>Ink"),
    bad("DOC-001", (' xmlns:itunes="' + ITUNES + '"', ""), at="<itunes:author>"),
    bad("DOC-001", data=b"<!doctype html><html><body>Not found</body></html>", at="clean.xml:1"),
    good("DOC-002", data=changed(('encoding="UTF-8"', 'encoding="UTF-16"')).decode().encode("utf-16"), also=("DOC-003",)),
    good("DOC-033", data=changed(('encoding="UTF-8"', 'encoding="UTF-16"')).decode().encode("utf-16"), also=("DOC-003",)),
    good("DOC-033", data=gzip.compress(CLEAN, mtime=0)),
    bad("DOC-002", data=codecs.BOM_UTF8 + CLEAN, at="clean.xml:1"),
    good("DOC-001", ("Ink and Chalk", "Ink &amp; Chalk"), ("<title>Ink and", "<title>Ink &amp;")),
    bad("DOC-002", data=b"\n" + CLEAN, at="clean.xml:1"),
    good("DOC-002"),
    bad("DOC-003", ('encoding="UTF-8"', 'encoding="ISO-8859-1"'), at="clean.xml:1"),
    bad("DOC-003", data=CLEAN.replace(b"Sample Guest", b"Sample G\xfcest"), at="Sample G"),
    good("DOC-003", ('encoding="UTF-8"', "encoding='utf-8'")),
    bad("DOC-006", data=CLEAN.replace(b"Why read", b"Why\x0b read"), at="<podcast:soundbite"),
    bad("DOC-006", ("Sample Guest", "Sample &#x1;Guest"), at="Sample &#x1;"),
    bad("DOC-006", ("Sample Guest", "Sample &#11;Guest"), at="Sample &#11;"),
    good("DOC-006", ("Why read", "Why\tread")),
    bad("DOC-007", ("Sample Guest", "Sample G\ufffdst"), at="Sample G"),
    good("DOC-007", ("Sample Guest", "Sample Güest")),
    bad("DOC-009", ("<rss version", "<!DOCTYPE rss>\n<rss version"), at="<!DOCTYPE"),
    bad("DOC-009", ("Sample Guest", "Sample&nbsp;Guest"), at="Sample&nbsp;"),
    good("DOC-009", ("Sample Guest", "Sample&#160;Guest")),
    bad("DOC-010", data=b'<?xml version="1.0" encoding="UTF-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom"><title>A</title></feed>\n', at="<feed", also=()),
    good("DOC-010"),
    bad("DOC-013", (ITUNES, "http://www.itunes.com/DTDs/Podcast-1.0.dtd"), at="<rss"),
    good("DOC-013"),
    bad("DOC-015", (' xmlns:atom="http://www.w3.org/2005/Atom"', ""), ('<atom:link href="https://media.example.org/ink/feed.xml" rel="self" type="application/rss+xml"/>', ""), at="<rss", also=("CH-012",)),
    good("DOC-015"),
    bad("DOC-028", ("Reading it out", "{{ episode.title }}"), at="{{ episode"),
    good("DOC-028", ("Reading it out", "None of {us}")),
    bad("DOC-030", data=changed(("Sample Guest", "x" * 2**21)), at="clean.xml:1", also=("P20-004",)),
    good("DOC-030", ("Sample Guest", "x" * 2**20), also=("P20-004",)),
    bad("DOC-031", data=CLEAN[: CLEAN.index(b"    <item>")] + b"  </channel>\n</rss>\n", at="<channel>"),
    good("DOC-031"),
    bad("DOC-033", data=CLEAN[:-1], at="</rss>"),
    bad("DOC-033", data=CLEAN.replace(b"<language>en-us</language>\n", b"<language>en-us</language>\r\n"), at="<language>"),
    good("DOC-033"),
    bad("DOC-004", (' encoding="UTF-8"', ""), at="clean.xml:1"),
    good("DOC-004", ('encoding="UTF-8"', "encoding='UTF-8'")),
    bad_subject("DOC-005", lambda: _answer("application/rss+xml; charset=iso-8859-1"), at="clean.xml:41"),
    good_subject("DOC-005", lambda: _answer("application/rss+xml; charset=utf8")),
    bad("DOC-008", ("Sample Guest", "ColorÃ\xadn"), at="ColorÃ"),
    bad("DOC-008", ("Reading it out<", "Itâ€™s out<"), at="Itâ"),
    good("DOC-008", ("Sample Guest", "«CAFÉ» – SÃO «IRMÃ»")),
    bad("DOC-011", ('<rss version="2.0"', "<rss"), at="<rss"),
    bad("DOC-011", ('<rss version="2.0"', '<rss version="0.92"'), at="<rss"),
    good("DOC-011"),
    bad("DOC-012", ("</channel>", "</channel>\n<item><title>A</title></item>"), at="<item><title>A<"),
    good("DOC-012"),
    bad("DOC-014", ("https://podcastindex.org/namespace/1.0", "https://podcastindex.org/namespace/1.0/"), at="<rss"),
    bad("DOC-014", ("https://podcastindex.org/namespace/1.0", "https://www.example.org/podcast"), at="<rss"),
    good("DOC-014"),
    bad("DOC-016", (' xmlns:content="http://purl.org/rss/1.0/modules/content/"', ""), at="<rss"),
    good("DOC-016"),
    bad("DOC-017", ("http://www.w3.org/2005/Atom", "http://www.w3.org/2005/Atom/"), at="<rss"),
    bad("DOC-017", ('xmlns:atom="', 'xmlns:a="'), ("<atom:link", "<a:link"), at="<rss"),
    good("DOC-017"),
    bad("DOC-018", (VERSION, f'{VERSION} xmlns:own="https://www.example.org/own"'), ("<generator>", "<own:a/><generator>"), at="<rss"),
    good("DOC-018", (VERSION, f'{VERSION} xmlns:anchor="https://anchor.fm/xmlns"'), ("<generator>", "<anchor:a/><generator>")),
    bad("DOC-019", (VERSION, f'{VERSION} xmlns:media="http://search.yahoo.com/mrss/"'), at="<rss"),
    good("DOC-019", (VERSION, f'{VERSION} xmlns:media="http://search.yahoo.com/mrss/"'), ("<generator>", "<media:rating>nonadult</media:rating><generator>")),
    bad("DOC-020", ("<podcast:medium>", '<podcast:medium xmlns:podcast="https://podcastindex.org/namespace/1.0">'), at="<podcast:medium"),
    good("DOC-020"),
    bad("DOC-021", ("<lastBuildDate>", "<LastBuildDate>"), ("</lastBuildDate>", "</LastBuildDate>"), at="<LastBuildDate>"),
    bad("DOC-021", ("isPermaLink", "ispermalink"), at="ispermalink"),
    good("DOC-021"),
    bad("DOC-022", ("<generator>", "<author>podcast@example.org</author>\n<generator>"), at="<author>"),
    good("DOC-022", ("<generator>", "<ttl>60</ttl>\n<generator>")),
    bad("DOC-023", ("<itunes:type>", "<itunes:newFeedUrl>https://media.example.org/ink/feed.xml</itunes:newFeedUrl>\n<itunes:type>"), at="<itunes:newFeed"),
    good("DOC-023", ("<itunes:type>", "<itunes:complete>Yes</itunes:complete>\n<itunes:type>")),
    bad("DOC-024", ("<podcast:medium>", "<podcast:transcripts>a</podcast:transcripts>\n<podcast:medium>"), at="<podcast:transcripts"),
    bad("DOC-024", ('person role="guest"', 'person rule="guest"'), at='rule="guest"'),
    good("DOC-024"),
    bad("DOC-025", ("<title>Reading it out", "Episode <title>Reading it out"), at="Episode <title>"),
    bad("DOC-025", ("<itunes:owner>", "<itunes:owner>Office"), at="<itunes:owner>Office"),
    good("DOC-025"),
    bad("DOC-026", ("<generator>", "<itunes:duration>60</itunes:duration>\n<generator>"), at="<itunes:duration>60"),
    bad("DOC-026", ("<itunes:episodeType>full", "<podcast:medium>podcast</podcast:medium>\n<itunes:episodeType>full"), at="<podcast:medium>podcast</podcast:medium>\n<itunes"),
    good("DOC-026"),
    bad("DOC-027", ("<title>Reading it out</title>", "<title>Reading it out</title>\n<title>Reading aloud</title>"), at="<title>Reading aloud"),
    bad("DOC-027", ("<language>", "<language>en-us</language>\n<language>"), at="<language>en-us</language>\n    <copyright"),
    good("DOC-027"),
    bad("DOC-029", ("</rss>", "</rss>\n<!-- made in 0.3 seconds -->"), at="<!-- made"),
    bad("DOC-029", ("<generator>", "<?php echo 1 ?>\n<generator>"), at="<?php"),
    good("DOC-029", ("<rss", '<?xml-stylesheet type="text/xsl" href="https://media.example.org/feed.xsl"?>\n<!-- a feed -->\n<rss')),
    bad("DOC-034", (VERSION, f'{VERSION} xmlns="http://backend.userland.com/rss2"'), at="<rss"),
    good("DOC-034"),
    good("DOC-034", BY_DEFAULT),
    good("DOC-027", BY_DEFAULT),
    good("DOC-001", BY_DEFAULT),
    bad("DOC-034", ("<language>", '<language xmlns="http://www.example.org/words">'), at="<language"),
)  # fmt: skip
