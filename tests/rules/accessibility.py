"""Samples of the group AX."""

from __future__ import annotations

from dataclasses import replace

from publisher.checks.files import ResponseView, TranscriptView
from publisher.errors import Place
from rules.samples import CONTEXT, bad, bad_subject, good, good_subject

PAGE = Place("clean.xml", 6)
SITE = "https://www.example.org/ink/"
VIDEO = (
    ("trailer-11cc.mp3", "trailer-11cc.mp4"),
    ('length="1920789" type="audio/mpeg"', 'length="1920789" type="video/mp4"'),
)
CAPTIONS = ('trailer-11cc.vtt" type="text/vtt"', 'trailer-11cc.vtt" rel="captions" type="text/vtt"')
WHO = "<p>Who reads what a district"


def page(data: bytes) -> TranscriptView:
    return TranscriptView(
        "https://media.example.org/one.html", "text/html", "", PAGE, CONTEXT, lambda: data, language="en"
    )


def answer(start: bytes, address: str = SITE) -> ResponseView:
    context = replace(CONTEXT, link=SITE)
    headers = {"content-type": "text/html; charset=utf-8"}
    return ResponseView(address, "page", PAGE, context, status=200, headers=headers, start=start)


SAMPLES = (
    bad("AX-002", *VIDEO, at='trailer-11cc.vtt"'),
    good("AX-002", *VIDEO, CAPTIONS),
    bad_subject("AX-003", lambda: page(b"<!doctype html>\n<html>\n<title>T</title>"), at="clean.xml:6", also=("TR-018",)),
    good_subject("AX-003", lambda: page(b'<html class="a" lang="en"><title>T</title>'), also=("TR-018",)),
    bad("AX-004", (WHO, f"<p>- The study<br>- The toolkit</p>{WHO}"), at="- The study"),
    good("AX-004", (WHO, f"<p>- The study</p><ul><li>The toolkit</li></ul>{WHO}")),
    bad_subject("AX-007", lambda: answer(b"<a href='/contact'>Contact</a>"), at="clean.xml:6", also=("HT-010", "SUB-011")),
    good_subject("AX-007", lambda: answer(b"<a href='/a'>Accessibility</a>"), also=("HT-010", "SUB-011")),
)  # fmt: skip
