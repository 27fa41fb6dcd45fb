"""Rules that compare a show with what was published of it before (group ID)."""

# ruff: noqa: D205, D401 - a rule's docstring is its documentation, written for people

from __future__ import annotations

from collections.abc import Iterator

from publisher.checks.engine import Fault, checklist, rule
from publisher.checks.facts import ItemFacts
from publisher.checks.views import HistoryView
from publisher.feed.dates import parse_date


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
