"""Samples of the group HT: addresses in feeds, and answers of servers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from publisher.checks.files import ResponseRole, ResponseView
from publisher.errors import Place
from rules.samples import CONTEXT, NOW, Sample, bad, bad_subject, good, good_subject

PLACE = Place("clean.xml", 41)
AT = "clean.xml:41"
FOREVER = "public, max-age=31536000, immutable"
ADDRESS = "https://media.example.org/ink/audio/trailer-11cc11cc.mp3"
COMMON = {"access-control-allow-origin": "*", "etag": '"one"'}
MEDIA = {
    "content-type": "audio/mpeg",
    "content-length": "1920789",
    "accept-ranges": "bytes",
    "cache-control": FOREVER,
}
FEED = {
    "content-type": "application/rss+xml; charset=utf-8",
    "last-modified": "Tue, 20 Jan 2026 14:00:00 GMT",
    "cache-control": "public, max-age=300",
}
VTT = {"content-type": "text/vtt", "cache-control": FOREVER}
OWN: Mapping[str, dict[str, Any]] = {
    "media": {"type": "audio/mpeg", "length": 1920789, "range_status": 206, "range_length": 2, "range_headers": {"content-range": "bytes 0-1/1920789"}},
    "feed": {"again_status": 304, "start": b"<rss/>" * 1000},
}  # fmt: skip
HEADERS = {"media": MEDIA, "feed": FEED}


def answered(
    role: ResponseRole = "media", *, also: Mapping[str, str] | None = None, lacks: str = "", **changes: Any
) -> ResponseView:
    """Return the answer of a good server, changed; `also` are headers, "" for one that is missing."""
    headers = {**COMMON, **HEADERS.get(role, VTT), **(also or {})}
    headers.pop(lacks, None)
    app = {**headers, **({"content-encoding": "gzip"} if role == "feed" else {})}
    values: dict[str, Any] = {
        "status": 200, "headers": headers, "head_status": 200, "head": headers, "app_status": 200, "app": app,
        "final": ADDRESS, "seconds": 0.1, "whole_seconds": 0.2, **OWN.get(role, {}), **changes,
    }  # fmt: skip
    return ResponseView(ADDRESS, role, PLACE, CONTEXT, **values)


def _fires(
    rule: str, role: ResponseRole = "media", also: Mapping[str, str] | None = None, **changes: Any
) -> Sample:
    return bad_subject(rule, lambda: answered(role, also=also, **changes), AT)


def _silent(
    rule: str, role: ResponseRole = "media", also: Mapping[str, str] | None = None, **changes: Any
) -> Sample:
    return good_subject(rule, lambda: answered(role, also=also, **changes))


def _robots(text: bytes, content_type: str = "text/plain") -> ResponseView:
    named = (ADDRESS, "https://media.example.org/ink/feed.xml?all=1")
    return ResponseView(
        "https://media.example.org/robots.txt",
        "robots",
        PLACE,
        CONTEXT,
        status=200,
        start=text,
        headers={"content-type": content_type},
        named=named,
    )


SAMPLES = (
    bad("HT-001", ('<itunes:image href="https', '<itunes:image href="http'), at="<itunes:image"),
    _fires("HT-001", failure="the certificate of media.example.org cannot be trusted: it has ended", failure_kind="tls", status=0),
    _fires("HT-001", certificate_ends=NOW.timestamp() + 13 * 86_400),
    _silent("HT-001", certificate_ends=NOW.timestamp() + 15 * 86_400),
    _fires("HT-002", failure="media.example.org did not answer in time", failure_kind="timeout", status=0),
    _fires("HT-002", status=500),
    _fires("HT-002", head_status=405),
    _fires("HT-002", head={**MEDIA, "etag": '"two"'}),
    _silent("HT-002"),
    _silent("HT-002", "page", status=500),
    _fires("HT-003", range_status=200),
    _fires("HT-003", range_headers={"content-range": "bytes 0-1920788/1920789"}),
    _fires("HT-003", also={"accept-ranges": "none"}),
    _silent("HT-003"),
    _fires("HT-004", length=1920788),
    _silent("HT-004", length=0),
    _fires("HT-005", also={"content-type": "binary/octet-stream"}),
    _fires("HT-005", also={"content-type": "audio/mp4"}),
    _fires("HT-005", "feed", also={"content-type": "text/html; charset=utf-8"}),
    _silent("HT-005", type="audio/x-m4a", also={"content-type": "audio/mp4"}),
    _fires("HT-006", "feed", also={"content-type": "text/xml"}),
    _fires("HT-006", "feed", also={"content-type": "application/rss+xml"}),
    _silent("HT-006", "feed", also={"content-type": 'application/rss+xml;charset="UTF-8"'}),
    _fires("HT-007", "feed", lacks="etag"),
    _fires("HT-007", "feed", again_status=200, again_length=6000),
    _fires("HT-007", "feed", also={"etag": 'W/"one"'}),
    _silent("HT-007", "feed"),
    _fires("HT-008", "feed", also={"cache-control": "max-age=86400"}),
    _fires("HT-008", "feed", also={"cache-control": "no-cache"}),
    _fires("HT-008", "feed", lacks="cache-control"),
    _silent("HT-008", "feed", also={"cache-control": "max-age=60"}),
    _fires("HT-009", also={"cache-control": "max-age=3600"}),
    _fires("HT-009", lacks="cache-control"),
    _fires("HT-009", "transcript", also={"cache-control": "max-age=31536000"}),
    _silent("HT-009", also={"cache-control": "immutable, max-age=2592000"}),
    _fires("HT-010", "feed", app={}),
    _fires("HT-010", app={"content-encoding": "gzip"}),
    _silent("HT-010", "feed", app={"content-encoding": "br"}),
    _fires("HT-011", status=403, head_status=403, app_status=403),
    _fires("HT-011", app_status=403, app={}),
    _fires("HT-011", also={"cf-mitigated": "challenge"}),
    _silent("HT-011"),
    _fires("HT-012", failure="it redirects in a circle", failure_kind="loop", status=0),
    _fires("HT-012", hops=((302, "https://a.example.org/"),) * 6),
    _fires("HT-012", hops=((302, "https://a.example.org/"),), final="http://b.example.org/one.mp3"),
    _fires("HT-012", "feed", hops=((302, "https://a.example.org/"),)),
    _silent("HT-012", hops=((302, "https://a.example.org/"),) * 5),
    _fires("HT-013", "art", lacks="access-control-allow-origin"),
    _silent("HT-013", lacks="access-control-allow-origin"),
    _fires("HT-014", also={"content-disposition": "attachment; filename=one.mp3"}),
    _fires("HT-014", "page", also={"x-robots-tag": "noindex, nofollow"}),
    _silent("HT-014", also={"content-disposition": "inline", "x-robots-tag": "noarchive"}),
    bad_subject("HT-015", lambda: _robots(b"User-agent: *\nDisallow: /ink/audio/\n"), AT),
    bad_subject("HT-015", lambda: _robots(b"User-agent: Spotify\nUser-agent: itms\nDisallow: /*.mp3$ # no\n"), AT),
    good_subject("HT-015", lambda: _robots(b"User-agent: *\nDisallow: /\nAllow: /ink/\nDisallow: /ink/private\n")),
    good_subject("HT-015", lambda: _robots(b"User-agent: *\nDisallow: /\n", "text/html")),
    _fires("HT-016", "feed", seconds=2.5),
    _fires("HT-016", "feed", whole_seconds=12.0),
    _silent("HT-016", seconds=2.5),
    _fires("HT-017", status=404, head_status=404, app_status=404),
    _silent("HT-017", "page", status=404),
    bad("HT-019", ("trailer-11cc.mp3", "trailer-11cc.mp3?X-Amz-Signature=abc&amp;a=1"), at="trailer-11cc.mp3?"),
    good("HT-019", ("trailer-11cc.mp3", "trailer-11cc.mp3?tokens=1")),
    bad("HT-020", ("media.example.org/ink/audio/trailer", "bucket.s3.eu-west-1.amazonaws.com/trailer"), at="bucket.s3"),
    good("HT-020", ("media.example.org/ink/audio/trailer", "s3.example.org/trailer")),
)  # fmt: skip
