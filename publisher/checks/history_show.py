"""Rules that compare a show with what was published of it before: the show itself (group ID)."""

# ruff: noqa: D205, D401 - a rule's docstring is its documentation, written for people

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

from publisher.checks.engine import Fault, checklist, rule
from publisher.checks.views import ChannelView, HistoryView
from publisher.feed.dates import parse_date

_ASKED = {
    "title": "title",
    "language": "language",
    "itunes:explicit": "explicit",
    "itunes:type": "type",
}


@checklist("ID-007", "show-guid-stays", "error", kept=True)
def show_guid_stays() -> None:
    """The show's own guid never changes. P20-013 compares it with what was published, by this very rule.

    Bad: a fresh `guid` in show.toml after a move
    Good: the one that the show began with
    Source: Podcast namespace, guid.
    """


@rule("ID-008", "show-presents-itself-anew", "warn")
def show_presents_itself_anew(subject: HistoryView) -> Iterator[Fault]:
    """Directories list a show by its title, categories and language. What changes there moves it on shelves
    and may be reviewed anew. It has to be meant.

    Bad: another category, by a slip
    Good: a change that somebody decided, waived until the next release
    Source: this tool's own promise.
    """
    before, after = subject.before.channel, subject.after.channel
    for name, word in _ASKED.items():
        old, now = before.text(name), after.text(name)
        if old and now and old.casefold() != now.casefold():
            yield Fault(
                f"the show's {word} was {old[:60]!r} and is {now[:60]!r}",
                after.at(name),
                "if it is meant, waive this until it is published",
            )
    old_shelves, new_shelves = _categories(before), _categories(after)
    if old_shelves and new_shelves and set(old_shelves) != set(new_shelves):
        yield Fault(
            f"the show was in {', '.join(old_shelves)} and is in {', '.join(new_shelves)}",
            after.at("itunes:category"),
            "if it is meant, waive this until it is published",
        )


@rule("ID-009", "feed-moved-silently", "error")
def feed_moved_silently(subject: HistoryView) -> Iterator[Fault]:
    """Subscribers follow a feed to another address only when both ends say so: the old one answers 301, and
    the new one has `itunes:new-feed-url`, for at least four weeks. The old one's answer is not seen here.

    Bad: another `base_url`, and nothing else
    Good: `new_feed_url` beside it, and a redirect at the old address
    Source: Apple, A Podcaster's Guide to RSS.
    """
    old, now = _self_link(subject.before.channel), _self_link(subject.after.channel)
    if old and now and _bare(old) != _bare(now) and not subject.after.channel.text("itunes:new-feed-url"):
        yield Fault(
            f"the feed was at {old} and is at {now}, without itunes:new-feed-url",
            subject.after.channel.at("atom:link", "href"),
            "say new_feed_url in [show], and let the old address lead to the new one (301)",
        )


@rule("ID-012", "build-date-went-back", "warn")
def build_date_went_back(subject: HistoryView) -> Iterator[Fault]:
    """A feed that says it was made before the one that is out was made from old sources.

    Bad: `lastBuildDate` of last week
    Good: that of the last change
    Source: this tool's own promise.
    """
    before = parse_date(subject.before.channel.text("lastBuildDate"))
    after = parse_date(subject.after.channel.text("lastBuildDate"))
    if before and after and after < before:
        yield Fault(
            f"the feed says {after:%Y-%m-%d %H:%M}; the one before said {before:%Y-%m-%d %H:%M}",
            subject.after.channel.at("lastBuildDate"),
            "look whether the sources are the newest",
        )


def _categories(channel: ChannelView) -> list[str]:
    return [
        each.get("text")
        for outer in channel.all("itunes:category")
        for each in (outer, *outer.all("itunes:category"))
        if each.get("text")
    ]


def _self_link(channel: ChannelView) -> str:
    return next((link.get("href") for link in channel.all("atom:link") if link.get("rel") == "self"), "")


def _bare(address: str) -> str:
    try:
        parts = urlsplit(address)
    except ValueError:
        return address
    return f"{(parts.hostname or '').casefold()}{parts.path}?{parts.query}"
