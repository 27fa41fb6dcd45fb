"""Samples of the group DOC."""

from __future__ import annotations

from rules.samples import CLEAN, bad, changed, good

ITUNES = "http://www.itunes.com/dtds/podcast-1.0.dtd"

SAMPLES = (
    bad("DOC-001", ("Ink and Chalk", "Ink & Chalk"), at="<title>Ink"),
    bad("DOC-001", (' xmlns:itunes="' + ITUNES + '"', ""), at="<itunes:author>", also=("DOC-015",)),
    bad("DOC-001", data=b"<!doctype html><html><body>Not found</body></html>", at="clean.xml:1", also=("DOC-002", "DOC-003", "DOC-033")),
    good("DOC-001", ("Ink and Chalk", "Ink &amp; Chalk"), ("<title>Ink and", "<title>Ink &amp;")),
    bad("DOC-002", data=b"\n" + CLEAN, at="clean.xml:1"),
    good("DOC-002"),
    bad("DOC-003", ('encoding="UTF-8"', 'encoding="ISO-8859-1"'), at="clean.xml:1"),
    bad("DOC-003", data=CLEAN.replace(b"Sample Guest", b"Sample G\xfcest"), at="Sample G"),
    good("DOC-003", ('encoding="UTF-8"', "encoding='utf-8'")),
    bad("DOC-006", data=CLEAN.replace(b"Why read", b"Why\x0b read"), at="<podcast:soundbite"),
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
    bad("DOC-015", (' xmlns:atom="http://www.w3.org/2005/Atom"', ""), ('<atom:link href="https://media.example.org/ink/feed.xml" rel="self" type="application/rss+xml"/>', ""), at="<rss"),
    good("DOC-015"),
    bad("DOC-028", ("Reading it out", "{{ episode.title }}"), at="{{ episode"),
    good("DOC-028", ("Reading it out", "None of {us}")),
    bad("DOC-030", data=changed(("Sample Guest", "x" * 2**21)), at="clean.xml"),
    good("DOC-030", ("Sample Guest", "x" * 2**20)),
    bad("DOC-031", data=CLEAN[: CLEAN.index(b"    <item>")] + b"  </channel>\n</rss>\n", at="<channel>"),
    good("DOC-031"),
    bad("DOC-033", data=CLEAN[:-1], at="clean.xml"),
    bad("DOC-033", data=CLEAN.replace(b"<language>en-us</language>\n", b"<language>en-us</language>\r\n"), at="<language>"),
    good("DOC-033"),
)  # fmt: skip
