"""Samples of the groups CHD, CHI and CHX."""

from __future__ import annotations

import json

from publisher.checks.files import ChaptersView, MediaView
from publisher.errors import Place
from rules.samples import CONTEXT, Change, bad, bad_subject, clean_feed, good, good_subject

OLD = "<p>Who reads what a district wrote down, and to whom it is read aloud.</p>"
AT = Place("clean.xml", 9)
TIMES = ("00:00 Welcome", "03:10 Where it began", "12:10 What changed")
PSC = (
    '<psc:chapters xmlns:psc="http://podlove.org/simple-chapters" version="1.2">'
    '<psc:chapter start="00:00:00" title="Welcome"/><psc:chapter start="00:03:10" title="Where it began"/>'
    '<psc:chapter start="00:12:10.500" title="What changed"/></psc:chapters>'
)
WITH_PSC = ("<podcast:episode>2</podcast:episode>", f"<podcast:episode>2</podcast:episode>\n{PSC}")
ALSO = ("DOC-020", "PSC-004")


def _list(*lines: str) -> Change:
    return OLD, OLD + "\n<p>" + "<br>\n".join(lines) + "</p>"


def _json(*chapters: tuple[float, str]) -> ChaptersView:
    data = json.dumps(
        {"version": "1.2.0", "chapters": [{"startTime": at, "title": title} for at, title in chapters]}
    ).encode()
    item = clean_feed(_list(*TIMES)).item(0)
    return ChaptersView(
        "https://m.example.org/c.json", "application/json+chapters", "", AT, CONTEXT, lambda: data, item
    )


def _mp3(*starts_s: int, listed: int) -> MediaView:
    names = [f"c{number}".encode() + b"\0" for number in range(len(starts_s))]
    frames = b"".join(
        _frame(
            b"CHAP",
            name
            + b"".join(time.to_bytes(4) for time in (start * 1000, start * 1000 + 500, 2**32 - 1, 2**32 - 1)),
        )
        for name, start in zip(names, starts_s, strict=True)
    )
    frames += _frame(b"CTOC", b"toc\0\x03" + bytes([listed]) + b"".join(names[:listed]))
    size = len(frames)
    head = b"ID3\x03\0\0" + bytes([size >> 21 & 127, size >> 14 & 127, size >> 7 & 127, size & 127])
    item = clean_feed().item(0)
    return MediaView(
        "https://m.example.org/a.mp3", "audio/mpeg", "", AT, CONTEXT, lambda: head + frames, item
    )


def _frame(name: bytes, body: bytes) -> bytes:
    return name + len(body).to_bytes(4) + b"\0\0" + body


SAMPLES = (
    bad("CHD-001", _list("00:45 Welcome", *TIMES[1:]), at="00:45"),
    bad("CHD-001", _list(*TIMES[:2]), at="00:00 Welcome"),
    bad("CHD-001", _list(*TIMES, "11:00 Back"), at="11:00"),
    bad("CHD-001", _list(TIMES[0], "03:10", TIMES[2]), at="03:10"),
    good("CHD-001", _list(*TIMES)),
    good("CHD-001", _list("09:30 am Doors", "10:30 am Talk", "11:30 am Questions")),
    good("CHD-001", _list("17:30 Doors", "18:30 Talk", "19:30 Questions")),
    bad("CHD-002", _list(*TIMES, "12:20 Thanks"), at="12:20"),
    bad("CHD-002", _list("[00:00] Welcome", "[03:10] Where it began", "[12:10] What changed"), at="[00:00]"),
    good("CHD-002", _list("(00:00) Welcome", "(03:10) Where it began", "(12:10) What changed")),
    bad_subject("CHI-001", lambda: _mp3(0, 60, 120, listed=2), at=str(AT)),
    bad_subject("CHI-001", lambda: _mp3(0, 120, 60, listed=3), at=str(AT)),
    bad_subject("CHI-001", lambda: _mp3(0, 60, 1000, listed=3), at=str(AT)),
    good_subject("CHI-001", lambda: _mp3(0, 60, 120, listed=3)),
    bad("CHX-001", _list("00:00 Welcome", "03:13 Where it began", "12:10 What changed"), WITH_PSC, at="<psc:chapters", also=ALSO),
    bad("CHX-001", _list(*TIMES[:2], "12:10 What remained"), WITH_PSC, at="<psc:chapters", also=ALSO),
    good("CHX-001", _list(*TIMES), WITH_PSC, also=ALSO),
    bad_subject("CHX-001", lambda: _json((0, "Welcome"), (190, "Where it began")), at=str(AT)),
    good_subject("CHX-001", lambda: _json((0, "Welcome"), (190.4, "Where it began"), (730, "What changed"))),
)  # fmt: skip
