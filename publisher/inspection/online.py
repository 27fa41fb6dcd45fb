"""The addresses that a feed names into what their servers answer, through the one safe fetch."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

from publisher.checks.files import ResponseRole, ResponseView
from publisher.checks.judging import More, Views
from publisher.checks.views import ChannelView, ItemView
from publisher.errors import Place
from publisher.fetch import Asking, FetchError, fetch
from publisher.inspection.request import CheckRequest

_AT_ONCE = 8
_START_BYTES = 65_536
_TIMEOUT_S = 10.0
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

    def ask(each: Named) -> ResponseView:
        view = ResponseView(each.address, each.role, each.place, context, type=each.type, length=each.length)
        answer = _ask(view, allowed)
        advance()
        return answer

    with ThreadPoolExecutor(_AT_ONCE) as pool:
        return tuple(pool.map(ask, named))


def _ask(view: ResponseView, allowed: tuple[str, ...]) -> ResponseView:
    """Ask once for the beginning, once by HEAD, and for media once for two bytes."""
    manner = Asking(timeout_s=_TIMEOUT_S, limit_bytes=_START_BYTES, allowed=allowed)
    started = time.monotonic()
    try:
        answer = fetch(view.address, manner)
    except FetchError as error:
        hops = tuple((hop.status, hop.address) for hop in error.hops)
        return replace(view, failure=error.message, hops=hops)
    seen = replace(
        view,
        status=answer.status,
        headers=answer.headers,
        start=answer.body,
        hops=tuple((hop.status, hop.address) for hop in answer.hops),
        seconds=time.monotonic() - started,
    )
    try:
        head = fetch(view.address, replace(manner, method="HEAD"))
        seen = replace(seen, head_status=head.status, head=head.headers)
        if view.role == "media":
            part = fetch(view.address, replace(manner, headers={"Range": "bytes=0-1"}))
            seen = replace(
                seen,
                range_status=part.status,
                range_headers=part.headers,
                range_length=len(part.body),
            )
    except FetchError:
        return seen  # 0 says that there was no answer
    return seen


def _named(view: ChannelView | ItemView) -> Iterator[Named]:
    if isinstance(view, ChannelView):
        self_link = view.context.address or view.context.self_link
        yield Named(self_link, "feed", view.at("atom:link", "href"), "application/rss+xml")
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
