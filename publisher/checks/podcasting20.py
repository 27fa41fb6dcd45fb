"""Rules on what the podcast namespace says of the whole show: the group P20."""

# ruff: noqa: D205, D401 - a rule's docstring is its documentation, written for people

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import get_close_matches

from publisher.checks.codes import SERVICES
from publisher.checks.engine import Fault, rule
from publisher.checks.podcasting20_table import ALL_MEDIUMS, MEDIUMS, is_whole
from publisher.checks.views import ChannelView, HistoryView, ItemsView
from publisher.feed.dates import parse_date
from publisher.feed.elements import Element
from publisher.guids import guid_of_address
from publisher.model import Edit, Fix

_UUID5 = re.compile(r"[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-5[0-9a-fA-F]{3}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}")
_MAIL = re.compile(r"[^\s@<>,;]+@[^\s@<>,;.]+(?:\.[^\s@<>,;.]+)+")
_YES = {
    "true": "yes",
    "1": "yes",
    "on": "yes",
    "false": "no",
    "0": "no",
    "off": "no",
    "yes": "yes",
    "no": "no",
}


@rule("P20-010", "show-guid-missing", "warn")
def show_guid_missing(subject: ChannelView) -> Iterator[Fault]:
    """The show's own guid stays when its address changes: with it, apps know the show again.

    Bad: a channel without `<podcast:guid>`
    Good: `<podcast:guid>917393e3-1b1e-5cef-ace4-edaa54e1f810</podcast:guid>`
    Source: PSP-1 (recommended); Podcast namespace, guid.
    """
    found = subject.first("podcast:guid")
    if (found is None or not found.value) and subject.text("podcast:medium") != "publisher":
        place = subject.at("podcast:guid")
        address = subject.context.self_link or subject.context.address
        fix, hint = None, "make one of the feed's first address, once and for ever"
        if is_whole(address) and not subject.context.is_own and found is None:
            made = guid_of_address(address)
            hint = f"for this address it is {made}, if the feed never had another"
            fix = Fix(f"add {made}", (Edit(place, "", made, "podcast:guid"),))
        yield Fault("the show has no podcast:guid", place, hint, fix)


@rule("P20-011", "show-guid-form", "error", when=("podcast:guid",))
def show_guid_form(subject: ChannelView) -> Iterator[Fault]:
    """The show's own guid is a UUID of version 5, made once from its first address; apps refuse other forms.

    Bad: `guid = "our-show"`
    Good: `guid = "917393e3-1b1e-5cef-ace4-edaa54e1f810"`
    Source: Podcast namespace, guid.
    """
    guid = subject.text("podcast:guid")
    if guid and not _UUID5.fullmatch(guid):
        yield Fault(
            f"the show's guid {guid!r} is no UUID of version 5",
            subject.at("podcast:guid"),
            "let `publisher init` make one; never change that of a published show",
        )


@rule("P20-012", "show-guid-of-another", "warn")
def show_guid_of_another(subject: ItemsView, *, days: int = 30) -> Iterator[Fault]:
    """A new show's guid is made from its address; one of another address was copied from another show.
    Of a show that is older than `days`, a value that fits no more is right: its feed has moved. Of the
    show's own sources nothing is said: `publisher init` makes the guid.

    Bad: the guid of an older show in a feed of this week
    Good: UUIDv5 of the address, without its scheme
    Source: Podcast namespace, guid.
    """
    channel = subject.channel
    guid, address = channel.text("podcast:guid"), subject.context.address
    if subject.context.is_own or not (_UUID5.fullmatch(guid) and is_whole(address) and subject.items):
        return
    made = {guid_of_address(known) for known in (address, subject.context.self_link) if known}
    dates = [parse_date(item.date) for item in subject.items]
    if guid.casefold() not in made and all(
        date and (subject.context.now - date).days < days for date in dates
    ):
        place, right = channel.at("podcast:guid"), guid_of_address(address)
        yield Fault(f"the guid is not that of {address}", place, f"for a new show write {right}")


@rule("P20-013", "show-guid-changed", "error")
def show_guid_changed(subject: HistoryView) -> Iterator[Fault]:
    """A show whose guid changes is another show: subscriptions, claims and statistics stay with the old one.

    Bad: a new guid with the new address
    Good: the guid of the first day, whatever the address is now
    Source: Podcast namespace, guid; PSP-1.
    """
    before = subject.before.channel.text("podcast:guid")
    after = subject.after.channel.text("podcast:guid")
    if before and before.casefold() != after.casefold():
        place = subject.at(None, "podcast:guid")
        edits = (Edit(place, after, before, "podcast:guid"),) if not subject.context.is_own else ()
        fix = Fix(f"write {before}", edits) if edits else None
        now = f"is now {after}" if after else "is gone"
        yield Fault(f"the show's guid was {before} and {now}", place, f"write {before} again", fix)


@rule("P20-014", "locked-value", "error", when=("podcast:locked",))
def locked_value(subject: ChannelView) -> Iterator[Fault]:
    """Whether other hosts may take the feed over is answered with yes or no; anything else protects nothing.

    Bad: `<podcast:locked>true</podcast:locked>`
    Good: `<podcast:locked>yes</podcast:locked>`
    Source: Podcast namespace, locked.
    """
    yield from _yes_or_no(subject, subject.first("podcast:locked"))


@rule("P20-015", "locked-missing", "warn")
def locked_missing(subject: ChannelView) -> Iterator[Fault]:
    """Without the lock anybody's host may import the show as its own.

    Bad: a channel without `<podcast:locked>`
    Good: `<podcast:locked owner="podcast@example.org">yes</podcast:locked>`
    Source: PSP-1.
    """
    if subject.first("podcast:locked") is None:
        place = subject.at("podcast:locked")
        fix = Fix("add podcast:locked: yes", (Edit(place, "", "yes", "podcast:locked"),))
        yield Fault("the feed does not say whether it is locked", place, "add podcast:locked with yes", fix)


@rule("P20-016", "locked-owner", "error", when=("podcast:locked",))
def locked_owner(subject: ChannelView) -> Iterator[Fault]:
    """A host that is asked to import a locked show writes to its owner's address.

    Bad: `owner="The Sample Office"`
    Good: `owner="podcast@example.org"`
    Source: Podcast namespace, locked.
    """
    owner = subject.attribute("podcast:locked", "owner")
    if owner and not _MAIL.fullmatch(owner):
        place = subject.at("podcast:locked", "owner")
        yield Fault(f"the owner {owner!r} is no mail address", place, "write a role's mail address")


@rule("P20-090", "medium-unknown", "error", when=("podcast:medium",))
def medium_unknown(subject: ChannelView) -> Iterator[Fault]:
    """The medium decides in which apps a show appears; an unknown one appears nowhere.

    Bad: `medium = "audio"`
    Good: `medium = "podcast"`
    Source: Podcast namespace, medium.
    """
    medium = subject.text("podcast:medium")
    if medium not in ALL_MEDIUMS:
        place = subject.at("podcast:medium")
        right = next((name for name in sorted(ALL_MEDIUMS) if name.casefold() == medium.casefold()), "")
        fix = Fix(f"write {right}", (Edit(place, medium, right, "podcast:medium"),)) if right else None
        yield Fault(f"{medium!r} is no medium", place, f"choose one of: {', '.join(MEDIUMS)}", fix)


@rule("P20-120", "block-value", "error", when=("podcast:block",))
def block_value(subject: ChannelView) -> Iterator[Fault]:
    """A block keeps a show out of a directory: it says yes or no, and names a directory that exists.

    Bad: `<podcast:block id="appel">yes</podcast:block>`
    Good: `<podcast:block id="apple">yes</podcast:block>`
    Source: Podcast namespace, block; its list of services.
    """
    for block in subject.all("podcast:block"):
        yield from _yes_or_no(subject, block)
        service = block.get("id")
        if service and service not in SERVICES:
            near = get_close_matches(service.casefold(), sorted(SERVICES), n=1)
            hint = f"did you mean {near[0]}?" if near else "take a name of the namespace's list"
            yield Fault(f"no service is called {service!r}", subject.at(block, "id"), hint)


@rule("P20-121", "blocked-everywhere", "error", when=("podcast:block",))
def blocked_everywhere(subject: ChannelView) -> Iterator[Fault]:
    """One bare line keeps a show out of every directory; that is seldom what anybody wants.

    Bad: `<podcast:block>yes</podcast:block>`
    Good: `<podcast:block id="amazon">yes</podcast:block>`, or `block = true` in show.toml when it is meant
    Source: what nobody finds by accident should be meant.
    """
    show = subject.context.show
    for block in subject.all("podcast:block"):
        if not block.get("id") and block.value.casefold() == "yes" and not (show and show.block):
            place = subject.at(block)
            yield Fault("the feed keeps itself out of every directory", place, "take the line out")


@rule("P20-160", "podping-value", "error", when=("podcast:podping",))
def podping_value(subject: ChannelView) -> Iterator[Fault]:
    """Apps that read `true` stop asking and wait to be told; it is true only where notices are really
    sent. Whether they are, no program can see in the feed.

    Bad: `<podcast:podping usesPodping="yes"/>`
    Good: `<podcast:podping usesPodping="true"/>`
    Source: Podcast namespace, podping.
    """
    for element in subject.all("podcast:podping"):
        written = element.get("usesPodping")
        if written and written not in {"true", "false"}:
            place = subject.at(element, "usesPodping")
            right = {"yes": "true", "no": "false"}.get(_YES.get(written.casefold(), ""), "")
            edits = (Edit(place, written, right, "podcast:podping@usesPodping"),)
            fix = Fix(f"write {right}", edits) if right else None
            yield Fault(f"usesPodping is {written!r}", place, "write true or false", fix)


def _yes_or_no(subject: ChannelView, element: Element | None) -> Iterator[Fault]:
    if element is None or element.value in {"yes", "no"}:
        return
    place, written = subject.at(element), element.value
    right = _YES.get(written.casefold(), "")
    fix = Fix(f"write {right}", (Edit(place, written, right, element.name),)) if right else None
    yield Fault(f"{element.name} says {written!r}", place, f"write {right or 'yes or no'}", fix)
