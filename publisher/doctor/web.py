"""The public addresses of a live show to what apps and players would find there."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from publisher.doctor.examined import Examined, ill
from publisher.fetch import Answer, Asking, FetchError, fetch
from publisher.files import digest_bytes
from publisher.model import LiveFeed, PublishedItem

_LONGEST_CACHE_SECONDS = 3600
_SHORTEST_CACHE_SECONDS = 86_400
_ORIGIN = "https://player.example.org"
_FEED_LIMIT_BYTES = 50_000_000
_MAX_AGE = re.compile(r"(?:^|[\s,])max-age=(\d+)")


def examine_web(
    name: str, base_url: str, feeds: Mapping[str, LiveFeed], allowed: tuple[str, ...]
) -> Iterator[Examined]:
    """Fetch the live feeds and the newest episode's audio, as an app would."""
    if not base_url.startswith("https:"):
        remedy = "serve the files over https and write that base_url in show.toml; apps refuse more and more"
        yield Examined(f"{name}: https", False, f"{base_url} is not encrypted", remedy)
    for key, feed in feeds.items():
        try:
            answer = fetch(
                base_url + key, Asking(limit_bytes=_FEED_LIMIT_BYTES, timeout_s=60, allowed=allowed)
            )
            yield from _examine_feed(f"{name}: {key}", answer, feed, allowed)
            if feed.items:
                yield from _examine_audio(f"{name}: audio", feed.items[0], allowed)
        except FetchError as error:
            yield ill(f"{name}: public reading", error)


def _examine_feed(name: str, answer: Answer, feed: LiveFeed, allowed: tuple[str, ...]) -> Iterator[Examined]:
    if answer.status != 200:
        yield Examined(
            f"{name}: public reading",
            False,
            f"{answer.address} answers {answer.status} {answer.reason}",
            "let everybody read the objects (a bucket policy or the CDN's origin access), but not list them",
        )
        return
    same = digest_bytes(answer.body) == feed.sha256
    yield Examined(
        f"{name}: public reading",
        same,
        "anybody gets the live feed" if same else f"{answer.address} is not the feed that is live",
        "check base_url in show.toml, or wait until the cache in between has expired",
    )
    kind = answer.headers.get("content-type", "no type")
    yield Examined(f"{name}: type", "xml" in kind, kind, "serve feeds as application/rss+xml")
    age = _max_age(answer)
    yield Examined(
        f"{name}: caching",
        age is not None and age <= _LONGEST_CACHE_SECONDS,
        "no Cache-Control" if age is None else f"kept for {age} s",
        "let nothing between overrule the feed's Cache-Control: an app should see a new episode in minutes",
    )
    etag = answer.headers.get("etag", "")
    again = fetch(
        answer.address,
        Asking(headers={"If-None-Match": etag}, limit_bytes=_FEED_LIMIT_BYTES, allowed=allowed),
    )
    yield Examined(
        f"{name}: unchanged",
        bool(etag) and again.status == 304,
        "an app that has it is answered 304"
        if again.status == 304
        else f"asked again, answers {again.status}",
        "let ETag and If-None-Match through, so that apps do not load an unchanged feed every time",
    )


def _examine_audio(name: str, item: PublishedItem, allowed: tuple[str, ...]) -> Iterator[Examined]:
    headers = {"Range": "bytes=0-1", "Origin": _ORIGIN}
    answer = fetch(item.audio_url, Asking(headers=headers, limit_bytes=1000, allowed=allowed))
    total = answer.headers.get("content-range", "").rpartition("/")[2]
    is_range = answer.status == 206 and len(answer.body) == 2
    yield Examined(
        f"{name}: ranges",
        is_range and total in {"*", str(item.audio_bytes)},
        f"206, of {total} bytes" if is_range else f"a part of {item.audio_url} answers {answer.status}",
        "serve byte ranges: without them nobody can skip, and Apple refuses the feed",
    )
    kind = answer.headers.get("content-type", "no type")
    yield Examined(f"{name}: type", kind.startswith(("audio/", "video/")), kind, "serve audio as such")
    age = _max_age(answer)
    yield Examined(
        f"{name}: caching",
        age is not None and age >= _SHORTEST_CACHE_SECONDS,
        "no Cache-Control" if age is None else f"kept for {age} s",
        "let the audio's Cache-Control through: its name changes with its bytes, so it may be kept for ever",
    )
    allowed_origin = answer.headers.get("access-control-allow-origin", "")
    yield Examined(
        f"{name}: web players",
        allowed_origin in {"*", _ORIGIN},
        f"other sites may play it ({allowed_origin})" if allowed_origin else "other sites cannot read it",
        "add a CORS rule to the bucket: allow GET and HEAD from * and expose Content-Range; "
        "web players need it for audio, transcripts and chapters",
    )


def _max_age(answer: Answer) -> int | None:
    found = _MAX_AGE.search(answer.headers.get("cache-control", ""))
    return int(found[1]) if found else None
