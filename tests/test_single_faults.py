"""Single faults, one by one in a clean feed: each gives its own rule, at its line, and nothing else."""

from __future__ import annotations

import pytest
from rules.samples import FILE, NOW, changed

from publisher.checks import PROFILES, check_feed, open_feed

LONG = "Words about schools and families, one after the other, until there are too many. " * 62

# name: rule, what stands in the clean feed, what stands there instead
FAULTS: dict[str, tuple[str, str, str]] = {
    "wrong itunes namespace": ("DOC-013", "http://www.itunes.com/dtds/podcast-1.0.dtd", "http://www.itunes.com/DTDs/Podcast-1.0.dtd"),
    "itunes namespace over https": ("DOC-013", "http://www.itunes.com/dtds", "https://www.itunes.com/dtds"),
    "wrong podcast namespace": ("DOC-014", '"https://podcastindex.org/namespace/1.0"', '"https://podcastindex.org/namespace/2.0"'),
    "explicit yes": ("APL-009", "<itunes:explicit>false", "<itunes:explicit>yes"),
    "zero length": ("IT-010", 'length="14400123"', 'length="0"'),
    "audio/mp3": ("IT-008", 'type="audio/mpeg"', 'type="audio/mp3"'),
    "two equal guids": ("IT-014", "0b9f6f0e-53e7-4a86-9f0b-2f6f6c1d7a33", "5c1f0a52-7a8e-4a3e-8f3a-0d5f8b1c9e22"),
    "wrong weekday": ("IT-022", "<pubDate>Tue, 13", "<pubDate>Wed, 13"),
    "description of 5,000 bytes": ("CH-007", "Conversations about how schools write down what they know, for teachers and families.", LONG.strip()),
    "missing artwork": ("APL-001", '    <itunes:image href="https://media.example.org/ink/covers/cover-1a2b3c4d.jpg"/>\n', ""),
    "bad podcast:guid": ("P20-011", "6f0517b6-0da9-545b-b087-624b9306221f", "not-a-guid"),
    "locked true": ("P20-014", ">yes</podcast:locked>", ">true</podcast:locked>"),
    "transcript without type": ("TR-003", ' type="text/vtt"', ""),
    "missing channel title": ("CH-001", "    <title>Ink and Chalk</title>\n    <atom", "    <atom"),
    "missing language": ("CH-004", "    <language>en-us</language>\n", ""),
    "language english": ("CH-005", "en-us</language>", "english</language>"),
    "unknown category": ("APL-004", 'text="Government"', 'text="Governments"'),
    "retired category": ("APL-006", 'text="How To"', 'text="K-12"'),
    "no version": ("DOC-011", ' version="2.0"', ""),
    "bare ampersand": ("DOC-001", "Ink and Chalk</title>\n    <atom", "Ink & Chalk</title>\n    <atom"),
    "misspelt tag": ("DOC-021", "<pubDate>Tue, 13 Jan 2026 14:00:00 +0000</pubDate>", "<pubdate>Tue, 13 Jan 2026 14:00:00 +0000</pubdate>"),
    "enclosure over http": ("IT-005", 'url="https://media.example.org/ink/audio/reading', 'url="http://media.example.org/ink/audio/reading'),
    "two enclosures": ("IT-002", "      <itunes:duration>900", '      <enclosure url="https://media.example.org/ink/audio/two.mp3" length="14400321" type="audio/mpeg"/>\n      <itunes:duration>900'),
    "missing guid": ("IT-013", '      <guid isPermaLink="false">0b9f6f0e-53e7-4a86-9f0b-2f6f6c1d7a33</guid>\n', ""),
    "date without zone": ("IT-021", "13 Jan 2026 14:00:00 +0000", "13 Jan 2026 14:00:00"),
    "duration in words": ("IT-032", "<itunes:duration>900<", "<itunes:duration>15 minutes<"),
    "episode type": ("IT-037", "<itunes:episodeType>full", "<itunes:episodeType>episode"),
    "episode number zero": ("IT-038", "<itunes:episode>2", "<itunes:episode>0"),
    "season in words": ("IT-039", "<itunes:season>1", "<itunes:season>one"),
    "soundbite without start": ("P20-001", 'startTime="60" ', ""),
    "chapters of a wrong type": ("CHJ-001", "application/json+chapters", "text/html"),
    "person without name": ("P20-030", "Sample Guest", ""),
    "wrong geo": ("P20-041", "geo:35.373,-119.019", "35.373,-119.019"),
    "script in the notes": ("NT-004", "<p>Who reads", "<script>x()</script><p>Who reads"),
    "mojibake": ("DOC-008", "Sample Guest", "SofÃ\u00ada Guest"),
    "template residue": ("DOC-028", "Writing it down</title>", "{{ title }}</title>"),
    "link with tracking": ("NT-008", "https://www.example.org/study", "https://www.example.org/study?utm_source=feed"),
}  # fmt: skip


@pytest.mark.parametrize("name", FAULTS)
def test_a_single_fault_gives_its_own_rule_and_nothing_else(name: str) -> None:
    rule, old, new = FAULTS[name]
    verdict = check_feed(open_feed(changed((old, new)), FILE, NOW), profiles=PROFILES)
    assert {each.rule for each in verdict.findings} == {rule}, [
        f"{each.rule} {each.place} {each.message}" for each in verdict.findings
    ]
    assert all(each.place.line and each.message and each.hint for each in verdict.findings)
