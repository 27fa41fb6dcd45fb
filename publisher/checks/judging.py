"""Everything that rules look at, of the show's own or anybody's feed, into a verdict."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from publisher.checks.engine import Judge, NotChecked, in_order
from publisher.checks.foreign import MAX_ITEMS, ForeignFeed, open_feed
from publisher.checks.table import listed_rules
from publisher.checks.views import (
    ChannelView,
    HistoryView,
    ItemFacts,
    ItemsView,
    ItemView,
    facts_of,
)
from publisher.sharing import MANY, in_parallel

if TYPE_CHECKING:
    from publisher.checks.own import OwnShow
    from publisher.checks.subjects import Subject
    from publisher.model import Finding, Item

Views = list[ChannelView | ItemView]
More = Callable[[Views], "Iterable[Subject]"]
"""Given the channel and all items, further subjects: files, or the answers of servers."""

OFFLINE = "it asks servers, which only --online does"
NOT_FETCHED = "it looks into the files that a feed names, which only --online fetches"
_FILES = ("ArtView", "MediaView", "TranscriptView", "ChaptersView")
NO_WITNESS = "there is no earlier feed to compare with"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was found, what could not be looked at, and what was found but is waived."""

    findings: tuple[Finding, ...]
    not_checked: tuple[NotChecked, ...] = ()
    waived: tuple[Finding, ...] = ()


class Judged(NamedTuple):
    """What rules said of one item and its files, and the facts that it is compared by, as an item."""

    findings: tuple[Finding, ...]
    not_checked: tuple[NotChecked, ...]
    facts: ItemFacts


def judge_own(own: OwnShow, item: Item, judge: Judge) -> Judged:
    """Judge one of the show's own episodes, which takes nothing but its own files and the show's."""
    look = _Look(judge)
    look.at(own.item_subjects(item, own.context))
    return Judged(tuple(look.found), tuple(look.unseen), look.facts[0])


def check_own(
    own: OwnShow,
    *,
    profiles: Iterable[str] = (),
    witnesses: Mapping[str, bytes] | None = None,
    more: More | None = None,
    is_online: bool = False,
    editions: Iterable[tuple[OwnShow, Mapping[str, bytes]]] = (),
    known: Mapping[tuple[str, str], Judged] | None = None,
) -> Verdict:
    """Judge the show's own sources; `witnesses` are earlier feeds by the name of who remembers them.

    `editions` are the show in further languages with their witnesses, and `known` is what was said before of
    episodes, by the feed's name and the slug.
    """
    asked = tuple(profiles)
    look = _Look(Judge(asked, own.show.numbers), keeps_views=more is not None)
    others = tuple(editions)
    for each, earlier in ((own, witnesses or {}), *others):
        _look_at_edition(look, each, earlier, known or {})
    if more:
        look.at(more(look.views))
    if not own.whole:
        look.blind(
            asked, "DocumentView", reason="it looks at a whole feed, and only some episodes were asked for"
        )
    elif not any(each.feeds for each in (own, *(edition for edition, _ in others))):
        look.blind(asked, "DocumentView", reason="there is no built feed yet")
    if not own.whole:
        reason = "it compares all episodes, and only some were asked for"
        look.blind(asked, "ItemsView", "CatalogueSubject", "HistoryView", reason=reason)
    elif not witnesses:
        look.blind(asked, "HistoryView", reason=NO_WITNESS)
    if not is_online:
        look.blind(asked, "ResponseView", reason=OFFLINE)
    from publisher.checks.waiving import waive  # only sources have waivers

    kept, waived = waive(in_order(look.found), own.show, own.episodes, own.now.date())
    return Verdict(kept, look.unseen_once(), waived)


def _look_at_edition(
    look: _Look, own: OwnShow, witnesses: Mapping[str, bytes], known: Mapping[tuple[str, str], Judged]
) -> None:
    look.facts = []
    look.at(own.shared_subjects())
    context, channel = own.context, own.channel()
    items = {item.episode.slug: item for item in own.items}
    for number, episode in enumerate(own.ordered()):
        judged = known.get((own.feed_name, episode.slug))
        if judged is None:
            look.at(own.item_subjects(items[episode.slug], context, number))
            continue
        look.take(judged)
        if look.keeps_views:
            look.views.append(own.item_view(items[episode.slug], context, number))
    if own.whole:
        compared = own.items_view(look.facts, channel)
        look.at([*own.catalogue_subjects(), compared, *_histories(compared, own, witnesses)])


def check_feed(
    foreign: ForeignFeed,
    *,
    profiles: Iterable[str] = (),
    witnesses: Mapping[str, bytes] | None = None,
    more: More | None = None,
    is_online: bool = False,
) -> Verdict:
    """Judge anybody's feed, of which only the bytes are at hand."""
    asked = tuple(profiles)
    look = _Look(Judge(asked, {}), keeps_views=more is not None)
    look.at([foreign.document()])
    channel = foreign.channel()
    if channel is None:
        reason = "the feed cannot be read to its end"
        unread = ("ChannelView", "ItemView", "ItemsView", "HistoryView", "ResponseView", *_FILES)
        look.blind(asked, *unread, reason=reason)
        return Verdict(in_order(look.found), look.unseen_once())
    look.at([channel])
    if foreign.item_count < MANY or look.keeps_views:
        look.at(foreign.items())
    else:
        for judged in in_parallel(
            foreign.item_count, lambda number: _judge_item(look.judge, foreign.item(number))
        ):
            look.take(judged)
    items = foreign.catalogue(channel, tuple(look.facts))
    look.at([items, *_histories(items, foreign, witnesses or {})])
    if more:
        look.at(more(look.views))
    if not witnesses:
        look.blind(asked, "HistoryView", reason=NO_WITNESS)
    if not is_online:
        look.blind(asked, "ResponseView", reason=OFFLINE)
        look.blind(asked, *_FILES, reason=NOT_FETCHED)
    if len(foreign.feed.spans) > MAX_ITEMS:
        reason = f"the feed has more than {MAX_ITEMS:,} items; those after them were not looked at"
        look.blind(asked, "ItemView", reason=reason)
    return Verdict(in_order(look.found), look.unseen_once())


def _judge_item(judge: Judge, view: ItemView) -> Judged:
    judgement = judge.judge(view)
    return Judged(judgement.findings, judgement.not_checked, facts_of(view))


class _Look:
    """Hands subjects to the judge and keeps what it says, and the facts that items are compared by."""

    def __init__(self, judge: Judge, *, keeps_views: bool = False) -> None:
        self.judge = judge
        self.keeps_views = keeps_views
        self.found: list[Finding] = []
        self.unseen: list[NotChecked] = []
        self.facts: list[ItemFacts] = []
        self.views: Views = []

    def at(self, subjects: Iterable[Subject]) -> None:
        """Let the rules look at subjects, one after the other."""
        for subject in subjects:
            judgement = self.judge.judge(subject)
            self.found.extend(judgement.findings)
            self.unseen.extend(judgement.not_checked)
            if isinstance(subject, ItemView):
                self.facts.append(facts_of(subject))
            if self.keeps_views and isinstance(subject, ChannelView | ItemView):
                self.views.append(subject)

    def take(self, judged: Judged) -> None:
        """Take over what was said of an item elsewhere, or before."""
        self.found.extend(judged.findings)
        self.unseen.extend(judged.not_checked)
        self.facts.append(judged.facts)

    def blind(self, profiles: Iterable[str], *subjects: str, reason: str) -> None:
        """Note that rules had nothing of some kinds of subjects to look at."""
        asked = tuple(profiles)
        for row in listed_rules().values():
            if not set(subjects).isdisjoint(row.subjects) and row.counts_in(asked):
                self.unseen.append(NotChecked(row.id, reason))

    def unseen_once(self) -> tuple[NotChecked, ...]:
        """Return what could not be looked at, each once."""
        return tuple(sorted(dict.fromkeys(self.unseen)))


def _histories(
    now: ItemsView, whose: OwnShow | ForeignFeed, witnesses: Mapping[str, bytes]
) -> Iterator[HistoryView]:
    for witness, data in witnesses.items():
        before = open_feed(data, witness, whose.context.now)
        channel = before.channel()
        if channel is not None:
            facts = tuple(facts_of(view) for view in before.items())
            yield HistoryView(witness, before.catalogue(channel, facts), now, whose.context)
