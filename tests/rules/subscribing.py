"""Samples of the groups SUB, PSC and CHJ."""

from __future__ import annotations

from dataclasses import replace

from publisher.checks.files import ChaptersView, ResponseRole, ResponseView
from publisher.errors import Place
from rules.samples import CONTEXT, FILE, bad, bad_subject, good, good_subject

SELF = '<atom:link href="https://media.example.org/ink/feed.xml" rel="self" type="application/rss+xml"/>'
PAGE = "https://www.example.org/ink/"
FEED = "https://media.example.org/ink/feed.xml"
KIND = "<itunes:episodeType>trailer</itunes:episodeType>"
NAMESPACE = ('xmlns:content="', 'xmlns:psc="http://podlove.org/simple-chapters" xmlns:content="')
TYPE = "application/json+chapters"
LINKED = b'Accessibility <html><head><link rel="alternate" type="application/rss+xml" href="https://media.example.org/ink/feed.xml">'
HUB = b'<rss><channel><atom:link rel="hub" href="https://hub.example.org/"/>'
TWO_LINKS = '<https://hub.example.org/>; rel="hub", <https://media.example.org/ink/feed.xml>; rel="self"'


def _link(more: str) -> tuple[str, str]:
    return (SELF, f"{SELF}\n    {more}")


def _psc(chapters: str, version: str = "1.2") -> tuple[tuple[str, str], tuple[str, str]]:
    return NAMESPACE, (KIND, f'{KIND}\n<psc:chapters version="{version}">\n{chapters}\n</psc:chapters>')


def _answer(role: ResponseRole, address: str, start: bytes = b"", **headers: str) -> ResponseView:
    context = replace(CONTEXT, link=PAGE, self_link=FEED, address=FEED)
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return ResponseView(
        address, role, Place(FILE, 5), context, status=200, headers=named, start=start,
        head_status=200, head=named,
    )  # fmt: skip


def _feed(start: bytes, link: str = "") -> ResponseView:
    return _answer(
        "feed", FEED, start, content_type="application/rss+xml; charset=utf-8", link=link, etag='"1"',
        last_modified="Tue, 06 Jan 2026 14:00:00 GMT", cache_control="max-age=300", content_encoding="gzip",
        access_control_allow_origin="*",
    )  # fmt: skip


def _chapters_answer(kind: str) -> ResponseView:
    return _answer(
        "chapters", "https://media.example.org/c.json", b"{}", content_type=kind,
        cache_control="public, max-age=31536000, immutable", access_control_allow_origin="*",
    )  # fmt: skip


def _file(text: str) -> ChaptersView:
    data = text.encode("utf-8")
    return ChaptersView(
        "https://media.example.org/c.json", TYPE, "c.json", Place(FILE), CONTEXT, lambda: data
    )


def _chapters(*chapters: str, version: str = '"1.2.0"') -> ChaptersView:
    return _file(f'{{"version": {version}, "chapters": [{", ".join(chapters)}]}}')


THREE = (
    '{"startTime": 0, "title": "One"}',
    '{"startTime": 60, "title": "Two"}',
    '{"startTime": 120, "title": "Three"}',
)
CHAPTERS = 'reading-it-out-33aa.json" type="application/json+chapters"'

SAMPLES = (
    bad("SUB-001", _link('<atom:link rel="hub" href="hub.example.org"/>'), at='rel="hub"'),
    good("SUB-001", _link('<atom:link rel="hub" href="https://hub.example.org/"/>')),
    bad_subject("SUB-001", lambda: _feed(HUB), at="clean.xml:5"),
    good_subject("SUB-001", lambda: _feed(HUB, TWO_LINKS)),
    good_subject("SUB-001", lambda: _feed(b"<rss><channel>")),
    bad("SUB-010", _link(f'<atom:link rel="next" href="{FEED}"/>'), at='rel="next"'),
    bad("SUB-010", _link(f'<atom:link rel="last" href="{FEED}"/>\n<atom:link rel="next" href="{FEED}?page=2"/>'), at='rel="next"'),
    bad("SUB-010", _link('<atom:link rel="next" href="?page=2"/>'), at='rel="next"'),
    good("SUB-010", _link(f'<atom:link rel="first" href="{FEED}"/><atom:link rel="next" href="{FEED}?page=2"/>')),
    bad_subject("SUB-011", lambda: _answer("page", PAGE, b"<html>Accessibility", content_type="text/html"), at="clean.xml:5"),
    bad_subject("SUB-011", lambda: _answer("page", PAGE, LINKED.replace(b"ink", b"other"), content_type="text/html"), at="clean.xml:5"),
    good_subject("SUB-011", lambda: _answer("page", PAGE, LINKED, content_type="text/html")),
    good_subject("SUB-011", lambda: _answer("page", f"{PAGE}trailer", b"<html>Accessibility", content_type="text/html")),
    bad("SUB-012", _link('<atom:link rel="feed" href="https://www.example.org/f.xml"/>'), at='rel="feed"'),
    bad("SUB-012", _link('<atom:link rel="Hub" href="https://hub.example.org/"/>'), at='rel="Hub"'),
    good("SUB-012", _link('<atom:link rel="http://podlove.org/deep-link" href="https://www.example.org/"/>')),
    bad("SUB-013", ("<rss version", '<?xml-stylesheet type="text/xsl" href="https://cdn.example.org/f.xsl"?>\n<rss version'), at="<?xml-stylesheet"),
    bad("SUB-013", ("<rss version", '<?xml-stylesheet type="text/less" href="/f.less"?>\n<rss version'), at="<?xml-stylesheet"),
    good("SUB-013", ("<rss version", '<?xml-stylesheet type="text/xsl" href="/f.xsl"?>\n<rss version')),
    bad("PSC-001", *_psc('<psc:chapter start="00:00:00" title="One"/>', "2.0"), at="<psc:chapters"),
    bad("PSC-001", *_psc(""), at="<psc:chapters"),
    good("PSC-001", *_psc('<psc:chapter start="00:00:00" title="One"/>')),
    bad("PSC-002", *_psc('<psc:chapter start="1h" title="One"/>'), at='"1h"'),
    bad("PSC-002", *_psc('<psc:chapter start="0" title=""/>'), at='title=""'),
    bad("PSC-002", *_psc('<psc:chapter start="0" title="One" href="/one"/>'), at='"/one"'),
    good("PSC-002", *_psc('<psc:chapter start="00:01.500" title="One" href="https://www.example.org/one"/>')),
    bad("PSC-003", *_psc('<psc:chapter start="60" title="One"/>\n<psc:chapter start="30" title="Two"/>'), at='start="30"'),
    bad("PSC-003", *_psc('<psc:chapter start="0" title="One"/>\n<psc:chapter start="02:10" title="Two"/>'), at='start="02:10"'),
    good("PSC-003", *_psc('<psc:chapter start="0" title="One"/>\n<psc:chapter start="01:59.9" title="Two"/>')),
    bad("CHJ-001", (CHAPTERS, 'reading-it-out-33aa.json" type="application/json"'), at="33aa.json"),
    bad("CHJ-001", (CHAPTERS, 'reading-it-out-33aa.json"'), at="33aa.json"),
    bad("CHJ-001", (f'url="https://media.example.org/ink/chapters/{CHAPTERS}', f'type="{TYPE}"'), at="<podcast:chapters"),
    good("CHJ-001"),
    bad_subject("CHJ-002", lambda: _file("[]"), at="c.json:1"),
    bad_subject("CHJ-002", lambda: _file('{"version": "1.2.0",\n "chapters": [}'), at="c.json:2"),
    bad_subject("CHJ-002", lambda: _chapters(*THREE, version="1.2"), at="c.json:1"),
    good_subject("CHJ-002", lambda: _chapters(*THREE)),
    bad_subject("CHJ-003", lambda: _chapters('{"startTime": "00:00", "title": "One"}', *THREE[1:]), at="c.json:1"),
    bad_subject("CHJ-003", lambda: _chapters('{"title": "One"}', *THREE[1:]), at="c.json:1"),
    good_subject("CHJ-003", lambda: _chapters(THREE[0].replace("0", "0.0"), *THREE[1:])),
    bad_subject("CHJ-009", lambda: _chapters(*THREE, version='"1"'), at="c.json:1"),
    bad_subject("CHJ-009", lambda: _chapters_answer("text/plain"), at="clean.xml:5", also=("HT-005",)),
    good_subject("CHJ-009", lambda: _chapters_answer(TYPE)),
)  # fmt: skip
