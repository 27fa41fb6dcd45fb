"""Samples of the group ID: the clean feed beside an earlier one."""

from __future__ import annotations

from datetime import timedelta

from publisher.checks.foreign import ForeignFeed, open_feed
from publisher.checks.views import HistoryView, ItemsView, facts_of
from rules.samples import CLEAN, FILE, NOW, Change, bad_subject, changed, good_subject


def past(before: tuple[Change, ...] = (), after: tuple[Change, ...] = ()) -> HistoryView:
    """Return the clean feed beside itself, each changed."""
    now = open_feed(changed(*after), FILE, NOW)
    return HistoryView(
        "the last one",
        _items(open_feed(changed(*before), "before.xml", NOW - timedelta(days=1))),
        _items(now),
        now.context,
    )


def _items(feed: ForeignFeed) -> ItemsView:
    channel = feed.channel()
    assert channel is not None
    return feed.catalogue(channel, tuple(facts_of(view) for view in feed.items()))


def item(number: int) -> str:
    """Return an item of the clean feed as it is written."""
    return "    <item>" + CLEAN.decode().split("    <item>")[number].partition("</item>\n")[0] + "</item>\n"


def at(words: str) -> str:
    """Return the line of the clean feed on which some words first stand."""
    before = CLEAN[: CLEAN.index(words.encode())]
    return f"{FILE}:{len(before.splitlines())}"


GUID = "0b9f6f0e-53e7-4a86-9f0b-2f6f6c1d7a33"
AUDIO = "reading-it-out-33aa.mp3"
MANY = "".join(
    item(3)
    .replace("9e0d1f8a", f"{number:08x}")
    .replace("trailer-11cc", f"trailer-{number}")
    .replace("about</title>", f"about {number}</title>")
    for number in range(4)
)
OTHER = (
    ("Reading it out", "Something else"),
    (AUDIO, "other.mp3"),
    ("14400123", "15500123"),
    ("Who reads", "What reads"),
)

SAMPLES = (
    bad_subject("ID-001", lambda: past(((GUID, "another"),)), at=at(GUID)),
    good_subject("ID-001", past),
    bad_subject("ID-002", lambda: past((), ((item(2), ""),)), at=at("<channel>")),
    good_subject("ID-002", lambda: past(((item(3), ""),)), also=("ID-010",)),
    bad_subject("ID-003", lambda: past(OTHER), at=at(GUID)),
    good_subject("ID-003", lambda: past(OTHER[:1]), also=("PL-004",)),
    bad_subject("ID-004", lambda: past((("Tue, 20 Jan 2026 14:00:00 +0000</pubDate>", "Tue, 20 Jan 2026 15:00:00 +0000</pubDate>"),)), at=at("<pubDate>")),
    good_subject("ID-004", lambda: past((("Tue, 20 Jan 2026 14:00:00 +0000</pubDate>", "Tue, 20 Jan 2026 15:00:00 +0100</pubDate>"),))),
    bad_subject("ID-005", lambda: past(((AUDIO, "x.mp3"),)), at=at("<enclosure")),
    good_subject("ID-005", lambda: past(((AUDIO, "x.mp3"), ("14400123", "15500123")))),
    bad_subject("ID-006", lambda: past((("14400123", "15500123"),)), at=at("<enclosure")),
    good_subject("ID-006", past),
    bad_subject("ID-008", lambda: past(((">episodic<", ">serial<"),)), at=at("<itunes:type>")),
    bad_subject("ID-008", lambda: past((('text="Government"', 'text="News"'),)), at=at("<itunes:category")),
    good_subject("ID-008", lambda: past((("en-us", "en-US"),))),
    bad_subject("ID-009", lambda: past((("https://media.example.org/ink/feed.xml", "https://media.example.org/old.xml"),)), at=at("<atom:link")),
    good_subject("ID-009", lambda: past((("https://media.example.org/ink/feed.xml", "http://media.example.org/ink/feed.xml"),))),
    bad_subject("ID-010", lambda: past(((item(1), ""), (item(2), ""))), at=at("<item>")),
    bad_subject("ID-010", lambda: past(((item(2), ""),)), at=at("<pubDate>Tue, 13")),
    good_subject("ID-010", lambda: past(((item(1), ""),))),
    bad_subject("ID-011", lambda: past(((item(3), item(3) + MANY),)), at=at("<channel>")),
    good_subject("ID-011", lambda: past((), ((item(2), ""),)), also=("ID-002",)),
    bad_subject("ID-012", lambda: past((("<lastBuildDate>Tue, 20", "<lastBuildDate>Wed, 21"),)), at=at("<lastBuildDate>")),
    good_subject("ID-012", lambda: past((("<lastBuildDate>Tue, 20", "<lastBuildDate>Mon, 19"),))),
)  # fmt: skip
