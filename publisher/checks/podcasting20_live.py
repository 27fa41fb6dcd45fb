"""Rules on what is broadcast live: the group P20."""

# ruff: noqa: D401 - a rule's docstring is its documentation, written for people

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from publisher.checks.engine import Fault, rule
from publisher.checks.podcasting20_table import is_whole, tags
from publisher.checks.views import ChannelView, ItemView
from publisher.model import Edit, Fix

_DIGESTS = {"sha256": 32, "sha384": 48, "sha512": 64}
_CODEC = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{1,15}(?:\.[A-Za-z0-9_-]+)*")
_PURPOSES = frozenset({"artwork", "social", "canvas", "banner", "publisher", "circular", "poster"})
_RATIO = re.compile(r"[1-9]\d{0,4}/[1-9]\d{0,4}")
_STREAMS = ("mpegurl", "dash+xml")
_LIKE = "write it like 2026-02-01T20:00:00-08:00"


@rule("P20-100", "live-times", "error", when=("podcast:liveItem",))
def live_times(subject: ChannelView) -> Iterator[Fault]:
    """Apps call their listeners at the time that a live item says; without a zone, each at another hour.

    Bad: `status="soon" start="2026-02-01 20:00"`
    Good: `status="pending" start="2026-02-01T20:00:00-08:00" end="2026-02-01T21:00:00-08:00"`
    Source: Podcast namespace, liveItem.
    """
    for live in subject.all("podcast:liveItem"):
        status = live.get("status")
        if status and status not in {"pending", "live", "ended"}:
            place = subject.at(live, "status")
            yield Fault(f"the status is {status!r}", place, "write pending, live or ended")
        times = [(name, live.get(name), _moment(live.get(name))) for name in ("start", "end")]
        for name, written, moment in times:
            if written and not moment:
                place = subject.at(live, name)
                yield Fault(f"the {name} {written!r} is no time with a zone", place, _LIKE)
        (_, _, start), (_, _, end) = times
        if start and end and end <= start:
            yield Fault("the live item ends before it starts", subject.at(live, "end"), "correct the times")


@rule("P20-101", "live-incomplete", "error", when=("podcast:liveItem",))
def live_incomplete(subject: ChannelView) -> Iterator[Fault]:
    """A live item needs all that an item needs, and a page to open where an app cannot play it.

    Bad: a live item without `<podcast:contentLink>`
    Good: title, guid, enclosure and a content link
    Source: Podcast namespace, liveItem.
    """
    for live in subject.all("podcast:liveItem"):
        lacks = [name for name in ("title", "guid") if not (found := live.first(name)) or not found.value]
        if live.first("enclosure") is None and live.first("podcast:alternateEnclosure") is None:
            lacks.append("enclosure")
        if live.first("podcast:contentLink") is None:
            lacks.append("podcast:contentLink")
        if lacks:
            yield Fault(
                f"the live item has no {', '.join(lacks)}", subject.at(live), f"add {', '.join(lacks)}"
            )


@rule("P20-102", "live-stale", "warn", when=("podcast:liveItem",))
def live_stale(subject: ChannelView, *, hours: int = 12) -> Iterator[Fault]:
    """A live item that ended long ago, or never began, stands at the top of apps as if it were now.

    Bad: `status="live"` since yesterday
    Good: `status="ended"` when it is over
    Source: how apps show live items.
    """
    now = subject.context.now
    for live in subject.all("podcast:liveItem"):
        status, start = live.get("status"), _moment(live.get("start"))
        if not start:
            continue
        place = subject.at(live, "status")
        if status == "live" and now - start > timedelta(hours=hours):
            fix = Fix("write ended", (Edit(place, "live", "ended", "podcast:liveItem@status"),))
            yield Fault(f"this has been live since {live.get('start')}", place, "write ended", fix)
        elif status == "pending" and start < now:
            yield Fault(f"this should have begun at {live.get('start')}", place, "write live or ended")


@rule("P20-210", "content-link", "error", when=("podcast:contentLink", "podcast:liveItem"))
def content_link(subject: ChannelView | ItemView) -> Iterator[Fault]:
    """Where an app cannot play, it shows this link, with these words.

    Bad: `<podcast:contentLink href="/live"></podcast:contentLink>`
    Good: `<podcast:contentLink href="https://www.example.org/live">Watch on our page</podcast:contentLink>`
    Source: Podcast namespace, contentLink.
    """
    for _, element in tags(subject):
        if element.name != "podcast:contentLink":
            continue
        href = element.get("href")
        if href and not is_whole(href):
            place = subject.at(element, "href")
            yield Fault(f"the link {href!r} is no whole address", place, "write the whole https address")
        if not element.value:
            yield Fault("the link has no words", subject.at(element), "say between the tags where it leads")


def _moment(written: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(written)
    except ValueError:
        return None
    return moment.astimezone(UTC) if moment.tzinfo else None
