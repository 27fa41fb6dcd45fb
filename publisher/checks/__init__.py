"""A show, its episodes, items and feeds, or anybody's feed, into findings."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from publisher.checks import (
    channel,
    chapters,
    comparing,
    document,
    identity,
    item,
    notes,
    podcasting20,
    text,
    waiving,
)
from publisher.checks.engine import PROFILES, Judge, NotChecked, Rule, all_rules, explain, find_rule, in_order
from publisher.checks.foreign import MAX_ITEMS, ForeignFeed, open_feed
from publisher.checks.own import OwnShow
from publisher.checks.subjects import CatalogueSubject, Subject
from publisher.checks.views import ChannelView, DocumentView, ItemFacts, ItemsView, ItemView, facts_of
from publisher.checks.waiving import waive
from publisher.model import Finding

__all__ = [
    "GROUPS",
    "PROFILES",
    "ForeignFeed",
    "NotChecked",
    "OwnShow",
    "Rule",
    "Verdict",
    "all_rules",
    "check_feed",
    "check_own",
    "explain",
    "find_rule",
    "open_feed",
]

GROUPS = (channel, identity, text, item, notes, chapters, podcasting20, document, comparing, waiving)
"""The modules whose rules are known; importing them enters their rules."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was found, what could not be looked at, and what was found but is waived."""

    findings: tuple[Finding, ...]
    not_checked: tuple[NotChecked, ...] = ()
    waived: tuple[Finding, ...] = ()


def check_own(own: OwnShow, *, profiles: Iterable[str] = (), more: Iterable[Subject] = ()) -> Verdict:
    """Judge the show's own sources; `more` are further subjects, such as files and answers of servers."""
    asked = tuple(profiles)
    judge = Judge(asked, own.show.numbers)
    found: list[Finding] = []
    unseen: list[NotChecked] = []
    facts: list[ItemFacts] = []

    def look(subjects: Iterable[Subject]) -> None:
        for subject in subjects:
            judgement = judge.judge(subject)
            found.extend(judgement.findings)
            unseen.extend(judgement.not_checked)
            if isinstance(subject, ItemView):
                facts.append(facts_of(subject))

    look(own.shared_subjects())
    context = own.context
    for number, entry in enumerate(own.ordered()):
        look(own.item_subjects(entry, context, number))
    look(own.catalogue_subjects(facts, own.channel()))
    look(more)
    if not own.feeds:
        unseen.extend(_blind(asked, DocumentView, "there is no built feed yet"))
    if not own.whole:
        for kind in (ItemsView, CatalogueSubject):
            unseen.extend(_blind(asked, kind, "it compares all episodes, and only some were asked for"))
    kept, waived = waive(in_order(found), own.show, own.episodes, own.now.date())
    return Verdict(kept, _once(unseen), waived)


def check_feed(
    foreign: ForeignFeed,
    *,
    profiles: Iterable[str] = (),
    numbers: Mapping[str, Mapping[str, float]] | None = None,
    more: Iterable[Subject] = (),
) -> Verdict:
    """Judge anybody's feed, of which only the bytes are at hand."""
    asked = tuple(profiles)
    judge = Judge(asked, numbers or {})
    found: list[Finding] = []
    unseen: list[NotChecked] = []
    facts: list[ItemFacts] = []

    def subjects() -> Iterator[Subject]:
        yield foreign.document()
        root = foreign.channel()
        if root is None:
            for kind in (ChannelView, ItemView, ItemsView):
                unseen.extend(_blind(asked, kind, "the feed cannot be read to its end"))
            return
        yield root
        for view in foreign.items():
            facts.append(facts_of(view))
            yield view
        yield foreign.catalogue(root, tuple(facts))
        yield from more
        if len(foreign.feed.spans) > MAX_ITEMS:
            reason = f"the feed has more than {MAX_ITEMS:,} items; those after them were not looked at"
            unseen.extend(_blind(asked, ItemView, reason))

    for subject in subjects():
        judgement = judge.judge(subject)
        found.extend(judgement.findings)
        unseen.extend(judgement.not_checked)
    return Verdict(in_order(found), _once(unseen))


def _blind(profiles: tuple[str, ...], kind: type[Subject], reason: str) -> Iterator[NotChecked]:
    """Name the rules that had nothing of a kind to look at."""
    for known in all_rules():
        if kind in known.subjects and known.counts_in(profiles):
            yield NotChecked(known.id, reason)


def _once(unseen: Iterable[NotChecked]) -> tuple[NotChecked, ...]:
    return tuple(sorted(dict.fromkeys(unseen)))
