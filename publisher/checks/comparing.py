"""Rules that compare the items of a feed with one another (group IT)."""

# ruff: noqa: D401 - a rule's docstring is its documentation, written for people

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from publisher.checks.engine import Fault, rule
from publisher.checks.views import ItemFacts, ItemsView
from publisher.feed.dates import parse_date


@rule("IT-011", "length-repeated", "warn")
def length_repeated(subject: ItemsView) -> Iterator[Fault]:
    """Three files of exactly the same size are most often one number, copied.

    Bad: `length="1000000"` in every item
    Good: each file's own size
    Source: practice.
    """
    sizes: dict[str, list[ItemFacts]] = {}
    for item in subject.items:
        sizes.setdefault(item.audio_bytes, []).append(item)
    for size, items in sizes.items():
        if size not in {"", "0"} and len({item.audio_url for item in items}) > 2:
            yield Fault(
                f"{len(items)} items have audio of exactly {size} bytes",
                subject.at(items[2], "enclosure", "length"),
                "look at the files",
            )


@rule("IT-012", "audio-repeated", "error")
def audio_repeated(subject: ItemsView) -> Iterator[Fault]:
    """Apple passes over an item whose audio another item has already.

    Bad: two items with one enclosure address
    Good: each item its own file
    Source: Apple, Podcast RSS feed requirements.
    """
    seen: dict[str, ItemFacts] = {}
    for item in reversed(subject.items):  # the older one was there first
        known = seen.setdefault(item.audio_url, item)
        if known is not item and item.audio_url:
            yield Fault(
                f"{item.name!r} has the audio of {known.name!r}: {item.audio_url}",
                subject.at(item, "enclosure", "url"),
                "give each its own file",
            )


@rule("IT-014", "guid-repeated", "error")
def guid_repeated(subject: ItemsView) -> Iterator[Fault]:
    """Apps know an episode by its guid: of two with the same one, listeners see only one.

    Bad: an episode's folder copied for the next one, guid included
    Good: `publisher new TITLE`, which makes a fresh guid
    Source: Apple, Technical updates for hosting providers (4115); PSP-1.
    """
    first: dict[str, ItemFacts] = {}
    alike: dict[str, ItemFacts] = {}
    hint = "give the newer one a fresh guid (a UUID); never change that of a published episode"
    for item in reversed(subject.items):
        known = first.setdefault(item.guid, item)
        near = alike.setdefault("".join(item.guid.split()).casefold(), item)
        if not item.guid:
            continue
        if known is not item:
            message = f"{item.name!r} has the same guid as {known.name!r}"
            yield Fault(message, subject.at(item, "guid"), hint)
        elif near is not item:
            message = f"the guids of {item.name!r} and {near.name!r} differ only by case or spaces"
            yield Fault(message, subject.at(item, "guid"), hint, level="warn")


@rule("IT-025", "items-unsorted", "warn")
def items_unsorted(subject: ItemsView) -> Iterator[Fault]:
    """Some apps show items in the order of the file: the newest stands first.

    Bad: the trailer of two years ago at the top
    Good: falling dates
    Source: podsync, issue 133.
    """
    for before, after in pairwise(subject.items):
        first, second = parse_date(before.date), parse_date(after.date)
        if first and second and second > first:
            yield Fault(
                f"{after.name!r} is newer than {before.name!r} above it",
                subject.at(after, "pubDate"),
                "put the newest first",
            )
