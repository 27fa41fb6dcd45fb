"""publisher check --online against a real server: what its answers are found to be."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from click.testing import CliRunner
from link_server import Handler, Reply, answer, serving, to
from rules.samples import changed

from publisher.cli import publisher

pytestmark = pytest.mark.integration

AUDIO = b"\xff\xfb" * 960
FOREVER = "Cache-Control: public, max-age=31536000, immutable"
OPEN = "Access-Control-Allow-Origin: *"
KINDS = {
    ".mp3": "audio/mpeg",
    ".jpg": "image/jpeg",
    ".vtt": "text/vtt",
    ".html": "text/html",
    ".json": "application/json",
}


def good(
    body: bytes, *headers: str, ranges: bool = False, is_feed: bool = False
) -> Callable[[Handler], None]:
    """Answer as a server should: HEAD, ranges, conditions, compression."""

    def reply(handler: Handler) -> None:
        status, sent, more = "200 OK", body, list(headers)
        if ranges and handler.header("Range") == "bytes=0-1":
            status, sent = "206 Partial Content", body[:2]
            more.append(f"Content-Range: bytes 0-1/{len(body)}")
        if is_feed and handler.header("If-None-Match") == '"one"':
            status, sent = "304 Not Modified", b""
        elif is_feed and "gzip" in handler.header("Accept-Encoding"):
            sent = gzip.compress(body)
            more.append("Content-Encoding: gzip")
        data = answer(status, *more, body=sent)
        if handler.head.startswith("HEAD"):
            data = data[: data.index(b"\r\n\r\n") + 4]
        handler.wfile.write(data)

    return reply


FEED_HEADERS = (
    "Content-Type: application/rss+xml; charset=utf-8",
    'ETag: "one"',
    "Last-Modified: Tue, 20 Jan 2026 14:00:00 GMT",
    "Cache-Control: max-age=300",
    OPEN,
)
AUDIO_HEADERS = ("Content-Type: audio/mpeg", "Accept-Ranges: bytes", FOREVER)
MP3 = "/ink/audio/trailer-11cc.mp3"
VTT = "/ink/transcripts/trailer-11cc.vtt"


@contextmanager
def served(tmp_path: Path, **changes: Reply) -> Iterator[Callable[[], set[tuple[str, str]]]]:
    """Serve the clean feed and its files, some of them otherwise; yield what says what HT and ART find where."""
    replies: dict[str, Reply] = {}
    with serving(replies) as server:
        base = f"http://127.0.0.1:{server.server_address[1]}"
        feed = changed(
            ('length="14400123"', 'length="1920"'),
            ('length="19200456"', 'length="1920"'),
            ('length="1920789"', 'length="1920"'),
        )
        feed = feed.replace(b"https://media.example.org", base.encode()).replace(
            b"https://www.example.org", base.encode()
        )
        for line in feed.decode().split('"'):
            if line.startswith(base) and (
                kind := next((KINDS[end] for end in KINDS if line.endswith(end)), "")
            ):
                path = line.removeprefix(base)
                is_audio = kind == "audio/mpeg"
                headers = AUDIO_HEADERS if is_audio else (f"Content-Type: {kind}", FOREVER, OPEN)
                replies[path] = good(AUDIO if is_audio else b"x", *headers, ranges=is_audio)
        replies["/ink/feed.xml"] = good(feed, *FEED_HEADERS, is_feed=True)
        replies |= changes
        file = tmp_path / "theirs.xml"
        file.write_bytes(feed)

        def look() -> set[tuple[str, str]]:
            arguments = [
                "-C",
                str(tmp_path),
                "check",
                "theirs.xml",
                "--online",
                "--json",
                "--allow-private",
                "127.0.0.0/8",
            ]
            result = CliRunner().invoke(publisher, arguments, catch_exceptions=False)
            document = json.loads(result.stdout)
            lines = feed.decode().splitlines()
            return {
                (each["rule"], lines[each["line"] - 1].strip().split(" ")[0].lstrip("<"))
                for each in document["findings"]
                if each["rule"].startswith("HT") and each["rule"] != "HT-001"
            }

        yield look


def test_a_good_server_is_not_complained_about(tmp_path: Path) -> None:
    with served(tmp_path) as look:
        assert look() == set()


def no_head(handler: Handler) -> None:
    is_head = handler.head.startswith("HEAD")
    reply = answer("405 Not Allowed") if is_head else b""
    handler.wfile.write(reply) if is_head else good(AUDIO, *AUDIO_HEADERS, ranges=True)(handler)


def not_to_apps(handler: Handler) -> None:
    is_app = "AppleCoreMedia" in handler.header("User-Agent")
    handler.wfile.write(answer("403 Forbidden")) if is_app else good(AUDIO, *AUDIO_HEADERS, ranges=True)(
        handler
    )


FEED_BODY = b"<rss>" * 1000
BAD: dict[str, tuple[str, Reply, tuple[str, str]]] = {
    "no HEAD": (MP3, no_head, ("HT-002", "enclosure")),
    "broken": (MP3, answer("500 Oh no"), ("HT-002", "enclosure")),
    "silent": (MP3, b"", ("HT-002", "enclosure")),
    "no ranges": (MP3, good(AUDIO, *AUDIO_HEADERS), ("HT-003", "enclosure")),
    "length": (MP3, good(AUDIO + b"x", *AUDIO_HEADERS, ranges=True), ("HT-004", "enclosure")),
    "type": (MP3, good(AUDIO, "Content-Type: binary/octet-stream", *AUDIO_HEADERS[1:], ranges=True), ("HT-005", "enclosure")),
    "vague": ("/ink/feed.xml", good(FEED_BODY, "Content-Type: text/xml", *FEED_HEADERS[1:], is_feed=True), ("HT-006", "atom:link")),
    "no etag": ("/ink/feed.xml", good(FEED_BODY, FEED_HEADERS[0], *FEED_HEADERS[2:], is_feed=True), ("HT-007", "atom:link")),
    "no 304": ("/ink/feed.xml", good(FEED_BODY, FEED_HEADERS[0], 'ETag: "two"', *FEED_HEADERS[2:], is_feed=True), ("HT-007", "atom:link")),
    "no cache": ("/ink/feed.xml", good(FEED_BODY, *FEED_HEADERS[:3], OPEN, is_feed=True), ("HT-008", "atom:link")),
    "audio cache": (MP3, good(AUDIO, *AUDIO_HEADERS[:2], ranges=True), ("HT-009", "enclosure")),
    "closed": (MP3, answer("403 Forbidden"), ("HT-011", "enclosure")),
    "closed to apps": (MP3, not_to_apps, ("HT-011", "enclosure")),
    "circle": (MP3, to("302 Found", MP3), ("HT-012", "enclosure")),
    "elsewhere": ("/ink/feed.xml", to("302 Found", "/ink/other.xml"), ("HT-012", "atom:link")),
    "cors": ("/ink/chapters/reading-it-out-33aa.json", good(b"x", "Content-Type: application/json", FOREVER), ("HT-013", "podcast:chapters")),
    "attachment": (MP3, good(AUDIO, *AUDIO_HEADERS, "Content-Disposition: attachment", ranges=True), ("HT-014", "enclosure")),
    "robots": ("/robots.txt", answer("200 OK", "Content-Type: text/plain", body=b"User-agent: *\nDisallow: /ink/audio\n"), ("HT-015", "atom:link")),
    "missing": (VTT, answer("404 Not Found"), ("HT-017", "podcast:transcript")),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_each_fault_of_a_server_is_its_own_rule_only(tmp_path: Path, name: str) -> None:
    path, reply, expected = BAD[name]
    other = good(FEED_BODY, *FEED_HEADERS, is_feed=True)
    with served(tmp_path, **{path: reply, "/ink/other.xml": other}) as look:
        assert look() == {expected}
