"""The addresses that a feed names into what their servers answer, through the one safe fetch."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Literal
from urllib.parse import urlsplit

from publisher.checks.files import ResponseRole, ResponseView
from publisher.checks.judging import More, Views
from publisher.checks.views import ChannelView, ItemView
from publisher.errors import Place
from publisher.fetch import Asking, FetchError, fetch
from publisher.inspection.request import CheckRequest

_AT_ONCE = 8
_START_BYTES = 65_536
_TIMEOUT_S = 10.0
_FEED_BYTES = 100_000_000
_FEED_TIMEOUT_S = 30.0
_FILES = frozenset({"feed", "media", "art", "transcript", "chapters"})
_CRAWLED = frozenset({"feed", "media", "art"})
_AS_APP = {
    "User-Agent": "AppleCoreMedia/1.0.0 (iPhone; U; CPU OS 18_0 like Mac OS X; en_us)",
    "Accept-Encoding": "gzip, br",
    "Origin": "https://player.example.org",
}
"""How a podcast app on a phone and a player on a web page ask."""
MOST = 2_000
"""How many addresses are asked for; the newest episodes' come first."""


@dataclass(frozen=True, slots=True)
class Named:
    """An address with what the feed says of it, and where."""

    address: str
    role: ResponseRole
    place: Place
    type: str = ""
    length: int = 0


def asking(request: CheckRequest) -> More | None:
    """Return what asks servers for the addresses of a feed, or None when nothing may be asked."""
    if not request.online:
        return None

    def ask(views: Views) -> tuple[ResponseView, ...]:
        if not views:
            return ()
        with request.progress("asking servers", len(named_in(views)), "addresses") as advance:
            done = 0

            def told() -> None:
                nonlocal done
                done += 1
                advance(done)

            return ask_all(views, request.allowed, told)

    return ask


def named_in(views: Sequence[ChannelView | ItemView]) -> tuple[Named, ...]:
    """List the addresses in a channel and its items, each once, in the feed's order."""
    found: dict[str, Named] = {}
    for view in views:
        for named in _named(view):
            if named.address.startswith(("http://", "https://")):
                found.setdefault(named.address, named)
    return tuple(found.values())[:MOST]


def ask_all(
    views: Sequence[ChannelView | ItemView], allowed: tuple[str, ...], advance: Callable[[], None]
) -> tuple[ResponseView, ...]:
    """Ask for every address; one that gives no answer has its reason as `failure`."""
    context = views[0].context
    named = named_in(views)
    asked = [
        ResponseView(each.address, each.role, each.place, context, type=each.type, length=each.length)
        for each in named
    ]
    asked += [
        ResponseView(address, "robots", first.place, context, named=tuple(there))
        for address, (first, there) in _robots(named).items()
    ]

    def ask(view: ResponseView) -> ResponseView:
        answer = _ask(view, allowed)
        advance()
        return answer

    with ThreadPoolExecutor(_AT_ONCE) as pool:
        return tuple(pool.map(ask, asked))


def _ask(view: ResponseView, allowed: tuple[str, ...]) -> ResponseView:
    """Ask as rules need it: files also by HEAD and as an app does, media for two bytes, a feed once more."""
    is_feed, is_file = view.role == "feed", view.role in _FILES
    manner = Asking(timeout_s=_TIMEOUT_S, limit_bytes=_START_BYTES, allowed=allowed)
    started = time.monotonic()
    try:
        whole = replace(manner, limit_bytes=_FEED_BYTES, timeout_s=_FEED_TIMEOUT_S) if is_feed else manner
        answer = fetch(view.address, whole)
    except FetchError as error:
        return replace(
            view,
            failure=error.message,
            failure_kind=error.kind,
            hops=tuple((hop.status, hop.address) for hop in error.hops),
        )
    seen = replace(
        view,
        status=answer.status,
        headers=answer.headers,
        start=answer.body[:_START_BYTES],
        hops=tuple((hop.status, hop.address) for hop in answer.hops),
        final=answer.address,
        seconds=time.monotonic() - started,
        whole_seconds=time.monotonic() - started,
        certificate_ends=answer.certificate_ends,
    )
    if view.role == "robots":
        return seen
    try:
        started = time.monotonic()
        head = fetch(view.address, replace(manner, method="HEAD"))
        seen = replace(seen, head_status=head.status, head=head.headers, seconds=time.monotonic() - started)
        if is_file:
            method: Literal["GET", "HEAD"] = "GET" if is_feed else "HEAD"
            app = fetch(view.address, replace(manner, method=method, headers=_AS_APP))
            seen = replace(seen, app_status=app.status, app=app.headers)
        if view.role == "media":
            part = fetch(view.address, replace(manner, headers={"Range": "bytes=0-1"}))
            seen = replace(
                seen,
                range_status=part.status,
                range_headers=part.headers,
                range_length=len(part.body),
            )
        if is_feed and (known := _known(answer.headers)):
            again = fetch(view.address, replace(manner, headers=known))
            seen = replace(seen, again_status=again.status, again_length=len(again.body))
    except FetchError:
        return seen  # 0 says that there was no answer
    return seen


def _known(headers: Mapping[str, str]) -> dict[str, str]:
    """Return what somebody says who has a feed already: by its ETag, else by its date."""
    if etag := headers.get("etag"):
        return {"If-None-Match": etag}
    changed = headers.get("last-modified")
    return {"If-Modified-Since": changed} if changed else {}


def _robots(named: Iterable[Named]) -> dict[str, tuple[Named, list[str]]]:
    """Return where each host says who may come, with the first that the feed has there, and all addresses."""
    found: dict[str, tuple[Named, list[str]]] = {}
    for each in named:
        if each.role in _CRAWLED:
            parts = urlsplit(each.address)
            address = f"{parts.scheme}://{parts.netloc}/robots.txt"
            found.setdefault(address, (each, []))[1].append(each.address)
    return found


def _named(view: ChannelView | ItemView) -> Iterator[Named]:
    if isinstance(view, ChannelView):
        for address in (view.context.address, view.context.self_link):
            yield Named(address, "feed", view.at("atom:link", "href"), "application/rss+xml")
        yield Named(view.attribute("itunes:image", "href"), "art", view.at("itunes:image", "href"))
        yield Named(view.text("link"), "page", view.at("link"))
        return
    if view.has_audio:
        written = view.attribute("enclosure", "length")
        length = int(written) if written.isdecimal() and len(written) < 16 else 0
        place = view.at("enclosure", "url")
        yield Named(view.audio_url, "media", place, view.attribute("enclosure", "type"), length)
    yield Named(view.attribute("itunes:image", "href"), "art", view.at("itunes:image", "href"))
    for transcript in view.all("podcast:transcript"):
        place = view.at(transcript, "url")
        yield Named(transcript.get("url"), "transcript", place, transcript.get("type"))
    for chapters in view.all("podcast:chapters"):
        yield Named(chapters.get("url"), "chapters", view.at(chapters, "url"), chapters.get("type"))
    yield Named(view.text("link"), "page", view.at("link"))
    for anchor in view.notes.anchors:
        yield Named(anchor.href, "link", view.in_notes(anchor.href))
