"""Rules that compare a show with what was published of it before (group ID)."""

# ruff: noqa: D205, D401 - a rule's docstring is its documentation, written for people

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

from publisher.checks.engine import Fault, checklist, rule
from publisher.checks.facts import ItemFacts
from publisher.checks.views import ChannelView, HistoryView
from publisher.feed.dates import parse_date

_ASKED = {
    "title": "title",
    "language": "language",
    "itunes:explicit": "explicit",
    "itunes:type": "type",
}


@rule("ID-001", "guid-changed", "error")
def guid_changed(subject: HistoryView) -> Iterator[Fault]:
    """Apps know an episode by its guid: with another one it comes back as new, unheard and downloaded again.

    Bad: `guid` of a published episode replaced by a fresh one
    Good: the guid that it came out with, for ever
    Source: Apple, A Podcaster's Guide to RSS; PSP-1.
    """
    for old, now in subject.pairs:
        if old.guid and now.guid and old.guid != now.guid:
            yield Fault(
                f"{now.name!r} came out with the guid {old.guid[:80]} and now has {now.guid[:80]}",
                subject.at(now, "guid"),
                f"write {old.guid[:80]} again",
            )


@rule("ID-002", "episode-disappeared", "error")
def episode_disappeared(subject: HistoryView) -> Iterator[Fault]:
    """An episode that leaves the feed is gone from most apps, with what listeners saved of it; that is to be
    meant. Where many are gone at once, ID-011 speaks.

    Bad: the folder of a published episode deleted
    Good: `publisher withdraw EPISODE --reason "…"`
    Source: this tool's own promise.
    """
    gone = _missed(subject)
    if _are_many(subject, gone):
        return
    for old in gone:
        yield Fault(
            f"{old.title or old.guid!r} was published and is not there any more ({subject.witness})",
            subject.at(),
            "put it back, or say that it is meant: `publisher withdraw`",
        )


@rule("ID-003", "guid-of-another", "error")
def guid_of_another(subject: HistoryView) -> Iterator[Fault]:
    """Under a guid that they know, apps show what they have: the new episode stays unheard.

    Bad: a folder copied and filled with another episode, under the old guid
    Good: a fresh guid for each episode, made by `publisher new`
    Source: Apple, Technical updates for hosting providers (4115).
    """
    for old, now in subject.pairs:
        if old.guid == now.guid and _is_another(old, now):
            yield Fault(
                f"the guid of {old.title!r} now belongs to {now.title!r}",
                subject.at(now, "guid"),
                "give the new episode a guid of its own, and put the old one back",
            )


@rule("ID-004", "date-changed", "warn")
def date_changed(subject: HistoryView) -> Iterator[Fault]:
    """Apps sort by the date and announce an episode whose date is new once more.

    Bad: `date` set to today for a mended title
    Good: the date on which it came out
    Source: this tool's own promise.
    """
    for old, now in _same(subject):
        before, after = parse_date(old.date), parse_date(now.date)
        if before and after and before != after:
            yield Fault(
                f"{now.name!r} came out {before:%Y-%m-%d %H:%M}; now it says {after:%Y-%m-%d %H:%M}",
                subject.at(now, "pubDate"),
                "keep the date on which it came out",
            )


@rule("ID-005", "audio-moved", "warn")
def audio_moved(subject: HistoryView) -> Iterator[Fault]:
    """Apps fetch an episode again when its address changes; for the same audio that is in vain, and the old
    address has to keep answering.

    Bad: the same file under another name
    Good: the address that it came out with
    Source: this tool's own promise.
    """
    for old, now in _same(subject):
        has_moved = old.guid == now.guid and "" != old.audio_url != now.audio_url != ""
        if has_moved and old.audio_bytes == now.audio_bytes:
            yield Fault(
                f"the audio of {now.name!r} is the same at another address",
                subject.at(now, "enclosure", "url"),
                f"keep {old.audio_url[:200]}, or let it lead to the new one",
            )


@rule("ID-006", "audio-changed-in-place", "warn")
def audio_changed_in_place(subject: HistoryView) -> Iterator[Fault]:
    """What is stored on the way, and on phones, stays the old audio as long as its address stays; a download
    that is taken up again puts two halves together.

    Bad: another `length` for the same address
    Good: another address for other audio: here each holds a digest of its bytes
    Source: this tool's own promise.
    """
    for old, now in _same(subject):
        if old.audio_url == now.audio_url and old.audio_bytes != now.audio_bytes and old.audio_bytes:
            yield Fault(
                f"the audio of {now.name!r} had {old.audio_bytes[:20]} bytes and has {now.audio_bytes[:20]}",
                subject.at(now, "enclosure", "length"),
                "publish other audio under another address",
            )


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


@rule("ID-010", "several-at-once", "warn")
def several_at_once(subject: HistoryView, *, new_items: int = 1) -> Iterator[Fault]:
    """Every new item is announced to all subscribers: several at once, or one with an old date, is mostly a
    slip. What comes out later does not count yet.

    Bad: an archive of forty episodes imported into a running feed
    Good: one new episode, newer than all others
    Source: this tool's own promise.
    """
    if not subject.before.items:
        return
    out = [(item, date) for item in subject.new if (date := parse_date(item.date))]
    fresh = [(item, date) for item, date in out if date <= subject.context.now]
    if len(fresh) > new_items:
        yield Fault(
            f"{len(fresh)} new episodes come out at once",
            subject.at(fresh[0][0]),
            "if it is meant, waive this until they are published",
        )
        return
    dates = [date for item in subject.before.items if (date := parse_date(item.date))]
    for item, date in fresh:
        if dates and date < max(dates):
            yield Fault(
                f"{item.name!r} is new, and older than the newest one that is out",
                subject.at(item, "pubDate"),
                "give it today's date, or waive this if it belongs there",
            )


@rule("ID-011", "many-disappeared", "error")
def many_disappeared(subject: HistoryView, *, percent: int = 10) -> Iterator[Fault]:
    """When many episodes are gone at once, a folder is missing or a build broke: nobody means that.

    Bad: `episodes/` half checked out
    Good: all folders there; episodes that shall go are withdrawn one by one
    Source: this tool's own promise.
    """
    gone = _missed(subject)
    if _are_many(subject, gone) and len(gone) * 100 > percent * len(subject.before.items):
        yield Fault(
            f"{len(gone)} of {len(subject.before.items)} published episodes are gone ({subject.witness})",
            subject.at(),
            "look whether all folders are there; `publisher withdraw` takes single ones out",
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


@checklist("ID-013", "import-loses-nothing", "error")
def import_loses_nothing() -> None:
    """What comes from another host and goes out again has the same guids, addresses, sizes, dates, order and
    titles, and every element that apps know. `publisher check NEW --against OLD` tells of most of it.

    Bad: fresh guids after a move
    Good: `check --against` is silent
    Source: this tool's own promise.
    """


def _same(subject: HistoryView) -> Iterator[tuple[ItemFacts, ItemFacts]]:
    """Yield what is the same episode, before and now."""
    return ((old, now) for old, now in subject.pairs if not _is_another(old, now))


def _is_another(old: ItemFacts, now: ItemFacts) -> bool:
    """Tell whether title, audio and notes are all others: another episode under a known guid."""
    return (
        old.title.casefold() != now.title.casefold()
        and old.audio_url != now.audio_url
        and old.audio_bytes != now.audio_bytes
        and old.description != now.description
    )


def _missed(subject: HistoryView) -> list[ItemFacts]:
    """Return what is gone and was not taken out on purpose; anybody's feed may keep only its newest items."""
    gone = [item for item in subject.gone if item.guid not in subject.context.withdrawn]
    if not subject.context.is_own and len(subject.new) >= len(gone):
        last = max((old.number for old, _ in subject.pairs), default=-1)
        gone = [item for item in gone if item.number < last]
    return gone


def _are_many(subject: HistoryView, gone: list[ItemFacts]) -> bool:
    return len(gone) > 2 and len(gone) * 10 > len(subject.before.items)


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
