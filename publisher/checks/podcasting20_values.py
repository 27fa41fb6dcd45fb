"""Rules on payments and money that a feed asks for: the group P20."""

# ruff: noqa: D205, D401 - a rule's docstring is its documentation, written for people

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from publisher.checks.engine import Fault, rule
from publisher.checks.podcasting20_table import is_whole
from publisher.checks.views import ChannelView, ItemView
from publisher.feed.elements import Element

_NUMBER = re.compile(r"\d{1,12}(?:\.\d{1,12})?")
_NODE = re.compile(r"[0-9a-fA-F]{66}")
_LIGHTNING = re.compile(r"[^\s@]+@[^\s@.]+(?:\.[^\s@.]+)+")
_TYPES, _METHODS = ("lightning", "bitcoin"), ("keysend", "lnaddress", "amp", "wallet", "node")
_KINDS = frozenset({"node", "wallet", "lnaddress"})


@rule("P20-020", "funding-unusable", "error", when=("podcast:funding",))
def funding_unusable(subject: ChannelView | ItemView) -> Iterator[Fault]:
    """The button that asks for support opens this address and bears these words.

    Bad: `<podcast:funding url="www.example.org/give"/>`
    Good: `<podcast:funding url="https://www.example.org/give">Support the show</podcast:funding>`
    Source: Podcast namespace, funding.
    """
    for funding in subject.all("podcast:funding"):
        url = funding.get("url")
        if url and not is_whole(url):
            place = subject.at(funding, "url")
            yield Fault(f"{url!r} is no whole address", place, "write the whole https address")
        if not funding.value:
            yield Fault("the button has no words", subject.at(funding), "say what it is for", level="warn")


@rule("P20-021", "agency-asks-for-money", "warn", "public", when=("podcast:funding",))
def agency_asks_for_money(subject: ChannelView | ItemView) -> Iterator[Fault]:
    """A public agency is paid for already; a button that asks for money is most often left from a
    template. Of the show's own `funding` nothing is said: whoever writes it into show.toml means it.

    Bad: `<podcast:funding>` in the feed of a school district
    Good: none
    Source: what the public expects of its agencies.
    """
    if not subject.context.is_own:
        for funding in subject.all("podcast:funding"):
            yield Fault("a public agency's feed asks for money", subject.at(funding), "take the tag out")


@rule("P20-180", "value-recipients", "error", when=("podcast:value",))
def value_recipients(subject: ChannelView | ItemView) -> Iterator[Fault]:
    """Payments are divided by the splits; with a wrong address or share, the money goes nowhere or
    astray. The table has one list of slugs for type and method; `lightning` with `keysend` or
    `lnaddress` is in use.

    Bad: `<podcast:valueRecipient type="lnaddress" address="example.org" split="50%"/>`
    Good: `<podcast:valueRecipient type="lnaddress" address="show@example.org" split="50"/>`
    Source: Podcast namespace, value.
    """
    for value in subject.all("podcast:value"):
        for name, known in (("type", _TYPES), ("method", _METHODS)):
            written = value.get(name)
            if written and written.casefold() not in known:
                place = subject.at(value, name)
                yield Fault(f"no app pays by {name} {written!r}", place, f"write one of: {', '.join(known)}")
        recipients = value.all("podcast:valueRecipient")
        if not recipients:
            yield Fault("nobody receives what is paid", subject.at(value), "add a valueRecipient")
        yield from _recipients(subject, value, recipients)
        for split in value.all("podcast:valueTimeSplit"):
            yield from _recipients(subject, split, split.all("podcast:valueRecipient"))


@rule("P20-181", "value-time-split", "error", when=("podcast:value",))
def value_time_split(subject: ItemView) -> Iterator[Fault]:
    """While a song plays, its makers are paid: one remote item or recipients, for a time inside the episode.

    Bad: two splits at one time, or `remotePercentage="150"`
    Good: `<podcast:valueTimeSplit startTime="60" duration="237" remotePercentage="95">` with one remote item
    Source: Podcast namespace, valueTimeSplit.
    """
    for value in subject.all("podcast:value"):
        spans: list[tuple[float, float, Element]] = []
        for split in value.all("podcast:valueTimeSplit"):
            remotes, recipients = split.all("podcast:remoteItem"), split.all("podcast:valueRecipient")
            if (len(remotes) != 1) == (not recipients) or (remotes and recipients):
                message = f"this split has {len(remotes)} remote items and {len(recipients)} recipients"
                yield Fault(message, subject.at(split), "name one remote item, or recipients")
            percentage = split.get("remotePercentage")
            if percentage and not (_NUMBER.fullmatch(percentage) and float(percentage) <= 100):
                place = subject.at(split, "remotePercentage")
                yield Fault(f"remotePercentage is {percentage}", place, "write a number from 0 to 100")
            times = [split.get("startTime"), split.get("duration")]
            if not all(times):
                continue
            if not all(_NUMBER.fullmatch(time) for time in times) or float(times[1]) <= 0:
                message = f"the times of this split are no seconds: {times[0]}, {times[1]}"
                yield Fault(message, subject.at(split, "startTime"), "write seconds, the duration above 0")
                continue
            start, lasts = (float(time) for time in times)
            spans.append((start, start + lasts, split))
        yield from _spans(subject, spans)


@rule("P20-182", "agency-takes-payments", "warn", "public", when=("podcast:value",))
def agency_takes_payments(subject: ChannelView | ItemView) -> Iterator[Fault]:
    """Payments to a public agency pass through its treasury, not through a wallet in a feed.

    Bad: `<podcast:value>` in the feed of a school district
    Good: none
    Source: what the public expects of its agencies.
    """
    for value in subject.all("podcast:value"):
        yield Fault("a public agency's feed takes payments", subject.at(value), "take the block out")


def _recipients(
    subject: ChannelView | ItemView, owner: Element, recipients: list[Element]
) -> Iterator[Fault]:
    total, are_numbers = 0, True
    for recipient in recipients:
        kind, address, split = (recipient.get(name) for name in ("type", "address", "split"))
        who = recipient.get("name") or "a recipient"
        if kind and kind.casefold() not in _KINDS:
            place = subject.at(recipient, "type")
            yield Fault(f"no app pays a recipient of type {kind!r}", place, "write node or lnaddress")
        right = {"node": _NODE, "lnaddress": _LIGHTNING}.get(kind.casefold())
        if address and right and not right.fullmatch(address):
            form = "66 hexadecimal digits" if right is _NODE else "like somebody@example.org"
            place = subject.at(recipient, "address")
            yield Fault(f"the address of {who} cannot be paid: {address[:70]}", place, f"it is {form}")
        if split and not (split.isascii() and split.isdecimal()):
            are_numbers = False
            place = subject.at(recipient, "split")
            yield Fault(f"the share of {who} is {split!r}", place, "write a whole number of shares")
        total += int(split[:12]) if split.isascii() and split.isdecimal() else 0
    if recipients and are_numbers and total <= 0 and all(each.get("split") for each in recipients):
        yield Fault("all shares are 0: nobody is paid", subject.at(owner), "give each a share")


def _spans(subject: ItemView, spans: list[tuple[float, float, Element]]) -> Iterator[Fault]:
    duration = subject.duration_s
    ordered = sorted(spans, key=lambda span: span[:2])
    for _, end, split in ordered:
        if duration and end > duration + 1:
            place = subject.at(split, "duration")
            message = f"this split ends at {end:g} s, the audio at {duration:g} s"
            yield Fault(message, place, "note the times from the finished audio")
    for (_, end, _), (start, _, split) in pairwise(ordered):
        if start < end - 0.001:
            place = subject.at(split, "startTime")
            message = f"this split begins at {start:g} s, before the one above ends at {end:g} s"
            yield Fault(message, place, "let one end where the next begins")
