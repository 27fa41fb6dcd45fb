"""Samples of the group TR: the transcripts that items name, and what stands in their files."""

from __future__ import annotations

from dataclasses import replace

from feed_samples import ITEM

from publisher.checks.files import TranscriptView
from publisher.errors import Place
from rules.delivery import AT, answered
from rules.samples import CONTEXT, Sample, bad, bad_subject, clean_feed, good, good_subject

VTT = '<podcast:transcript url="https://media.example.org/ink/transcripts/reading-it-out-33aa.vtt" type="text/vtt" language="en-us"/>\n'
PAGE = '<podcast:transcript url="https://media.example.org/ink/transcripts/reading-it-out-33aa.html" type="text/html" language="en-us"/>\n'
LINE = "      "
CUES = """WEBVTT

00:00.000 --> 00:04.000
<v Ana>Who reads what a school wrote down?

00:04.000 --> 00:08.000
<v Ben>Whoever asks for it, I would say.
"""
SRT = """1
00:00:00,000 --> 00:00:04,000
Ana: Who reads what?

2
00:00:04,000 --> 00:00:08,000
Ben: Whoever asks for it.
"""
JSON = '{"version": "1.0.0", "segments": [{"startTime": 0, "endTime": 4, "body": "Who reads what?"}]}'
HTML = "<cite>Ana</cite> <p>Who reads what a school wrote down?</p>"


def text(words: str, name: str = "t.vtt") -> TranscriptView:
    """Return a transcript of these words."""
    return TranscriptView(f"https://media.example.org/{name}", "", name, Place("t"), CONTEXT, words.encode)


def heard(name: str) -> TranscriptView:
    """Return a transcript of an episode of which the people are known."""
    item = replace(clean_feed().item(0), own=ITEM, has_audio=False)
    words = CUES.replace("Ana", name.replace("&", "&amp;")).replace("<v Ben>", "")
    return replace(text(words), item=item)


def _bad(rule: str, words: str, at: str, name: str = "t.vtt", also: tuple[str, ...] = ()) -> Sample:
    return bad_subject(rule, lambda: text(words, name), at, also)


def _good(rule: str, words: str, name: str = "t.vtt", also: tuple[str, ...] = ()) -> Sample:
    return good_subject(rule, lambda: text(words, name), also)


LATE = CUES.replace("00:04.000 -->", "02:04.000 -->").replace("00:08.000", "02:08.000")
LONG = "00:00.000 --> 00:10.000\nWho reads what a school wrote down, and to whom it is read aloud each day?\n"

SAMPLES = (
    bad("TR-001", (LINE + VTT, ""), (LINE + PAGE, ""), at="<item>"),
    good("TR-001", (LINE + PAGE, ""), also=("TR-006",)),
    bad("TR-002", (LINE + VTT, ""), (LINE + PAGE, ""), at="<item>", profiles=("apple",)),
    good("TR-002"),
    bad("TR-003", (' type="text/vtt"', ""), at=VTT.replace(' type="text/vtt"', "")),
    bad("TR-003", ('type="text/vtt"', 'type="application/msword"'), at="application/msword"),
    bad("TR-003", ('33aa.vtt" type="text/vtt"', '33aa.srt" type="text/srt"'), at="text/srt", also=("TR-005",)),
    good("TR-003", ('type="text/vtt"', 'type="text/vtt; charset=utf-8"')),
    bad("TR-004", ('type="text/vtt"', 'type="application/x-subrip"'), at="application/x-subrip"),
    bad_subject("TR-004", lambda: answered("transcript", type="text/vtt", also={"content-type": "text/plain"}), at=AT),
    good("TR-004", ("33aa.vtt", "33aa")),
    good_subject("TR-004", lambda: answered("transcript", type="text/vtt", also={"content-type": "text/vtt; charset=utf-8"})),
    bad("TR-005", (LINE + VTT, ""), at=PAGE),
    good("TR-005"),
    bad("TR-006", (LINE + PAGE, ""), at=VTT),
    good("TR-006", ('type="text/html"', 'type="text/plain"'), ("33aa.html", "33aa.txt")),
    bad("TR-007", ('type="text/vtt" language="en-us"', 'type="text/vtt" language="eng"'), at='"eng"'),
    bad("TR-007", ('type="text/vtt" language="en-us"', 'type="text/vtt" language="english"'), at='"english"'),
    bad("TR-004", ('type="text/vtt"', 'type="text/srt"'), at='"text/srt"'),
    bad("TR-007", ('type="text/vtt" language="en-us"', 'type="text/vtt" language="en_US"'), at='"en_US"'),
    bad("TR-007", (VTT, VTT + VTT.replace("33aa", "44bb")), at="44bb.vtt"),
    good("TR-007", (VTT, VTT + VTT.replace("33aa", "44bb").replace("en-us", "es-MX"))),
    bad("TR-008", ('type="text/html"', 'type="text/html" rel="captions"'), at='rel="captions"'),
    good("TR-008", ('type="text/vtt"', 'type="text/vtt" rel="captions"')),
    _bad("TR-009", CUES.replace("WEBVTT\n\n", ""), "t.vtt:1"),
    _bad("TR-009", CUES.replace("WEBVTT\n\n", "WEBVTT\n"), "t.vtt:2"),
    _bad("TR-009", CUES.replace("00:04.000 -->", "00:04,000 -->"), "t.vtt:6"),
    bad_subject("TR-009", lambda: TranscriptView("a", "", "t.vtt", Place("t"), CONTEXT, lambda: b"WEBVTT\n\n\xff"), at="t.vtt:3"),
    _good("TR-009", CUES),
    _bad("TR-010", SRT.replace("2\n00", "3\n00"), "t.srt:5", "t.srt"),
    _bad("TR-010", SRT.replace("04,000 -->", "04.000 -->"), "t.srt:6", "t.srt"),
    _good("TR-010", SRT, "t.srt"),
    _bad("TR-011", CUES.replace("00:04.000 --> 00:08", "00:03.000 --> 00:08"), "t.vtt:6"),
    _bad("TR-011", CUES.replace("00:00.000 --> 00:04", "00:05.000 --> 00:08"), "t.vtt:6"),
    _good("TR-011", CUES.replace("00:04.000 --> 00:08", "00:03.950 --> 00:08")),
    _bad("TR-013", LATE, "t.vtt:6", also=("TR-020",)),
    _good("TR-013", CUES),
    _bad("TR-014", SRT.replace("Who reads what?", "Who reads\nwhat, and\nwhy?"), "t.srt:2", "t.srt"),
    _good("TR-014", SRT.replace("Who reads what?", "Who reads\nwhat, and why?"), "t.srt"),
    _bad("TR-015", f"WEBVTT\n\n{LONG}", "t.vtt:3"),
    _good("TR-015", "WEBVTT\n\n" + LONG.replace(", and", ",\nand")),
    bad_subject("TR-016", lambda: heard("Guest"), at="t.vtt:3"),
    good_subject("TR-016", lambda: heard("A Guest & Co")),
    good_subject("TR-016", lambda: heard("First narrator")),
    _bad("TR-017", JSON.replace('"version": "1.0.0", ', ""), "t.json:1", "t.json"),
    _bad("TR-017", JSON.replace('"startTime": 0', '"startTime": "0:00"'), "t.json:1", "t.json"),
    _good("TR-017", JSON, "t.json"),
    _bad("TR-018", "<div><b>Ana</b> 0:01 Who reads what?</div>", "t.html:1", "t.html"),
    _bad("TR-018", f"<html><head><title>A</title></head><body>{HTML}</body></html>", "t.html:1", "t.html"),
    _bad("TR-018", f"<h1>A</h1><h3>B</h3>{HTML}", "t.html:1", "t.html"),
    _good("TR-018", HTML, "t.html"),
    _bad("TR-020", CUES.replace("00:00.000 --> 00:04", "00:03.500 --> 00:04"), "t.vtt:3"),
    _good("TR-020", CUES),
    _bad("TR-021", CUES.replace("WEBVTT\n", "WEBVTT\n\nNOTE automatically generated\n"), "t.vtt:3"),
    _good("TR-021", CUES.replace("WEBVTT\n", "WEBVTT\n\nNOTE corrected in May\n")),
    bad_subject("TR-023", lambda: answered("transcript", lacks="access-control-allow-origin"), at=AT),
    good_subject("TR-023", lambda: answered("transcript")),
    _bad("TR-024", HTML.replace("<p>", '<p onclick="x">'), "t.html:1", "t.html"),
    _bad("TR-024", f"{HTML}<script>x</script>", "t.html:1", "t.html"),
    _good("TR-024", HTML, "t.html"),
    _bad("TR-025", f"{CUES}\n00:08.000 --> 00:12.000\nThank you for watching!\n", "t.vtt:9"),
    _good("TR-025", CUES),
)  # fmt: skip
