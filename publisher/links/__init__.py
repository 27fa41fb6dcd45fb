"""The links of a show to what each is worth today, asked politely, and to the record that is kept of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import partial
from pathlib import Path

from publisher.addresses import tracking_parameters
from publisher.errors import SurroundingsError
from publisher.links.asking import Manner, Question, Settled, ask, server_of
from publisher.links.cache import Remembered, read_cache, write_cache
from publisher.links.gathering import Link, gather
from publisher.links.pacing import ask_politely
from publisher.links.verdict import Verdict
from publisher.resources.record import LinkRecord, read_record, write_record

_ENOUGH_SERVERS = 3


@dataclass(frozen=True, slots=True)
class CheckedLink:
    """A link with its verdict, and what is recorded of it from now on."""

    link: Link
    verdict: Verdict
    record: LinkRecord
    is_remembered: bool

    @property
    def tracking(self) -> tuple[str, ...]:
        """Return the parameters of the address that only track readers."""
        return tracking_parameters(self.link.address)


@dataclass(frozen=True, slots=True)
class LinkCheck:
    """Every link in the order of the files, and how many requests it took."""

    links: tuple[CheckedLink, ...]
    requests: int

    @property
    def is_clean(self) -> bool:
        """Whether readers can follow every link, as far as a machine can tell."""
        return not any(each.verdict.state in {"failed", "dead"} for each in self.links)


def check_links(
    root: Path,
    slugs: tuple[str, ...],
    now: datetime,
    manner: Manner,
    max_age: timedelta,
    advance: Callable[[int], object] = lambda _count: None,
) -> LinkCheck:
    """Ask for every link that was not asked for within `max_age`, and record what was found.

    Raises:
        SourceError: every problem of the files.
        SurroundingsError: this machine cannot reach anything; nothing is recorded then.
    """
    links = gather(root, slugs)
    before, cache = read_record(root), read_cache(root)
    fresh = {
        link.address: cache[link.address]
        for link in links
        if link.address in cache and cache[link.address].is_fresh(now, max_age, link.format)
    }
    advance(len(fresh))
    asked = [_question(link, cache.get(link.address)) for link in links if link.address not in fresh]
    settled = ask_politely(asked, partial(ask, manner=manner), server_of, advance)
    _refuse_to_judge_offline(settled, asked)
    promised = {link.address: link.format for link in links}
    answers = {
        each.address: Remembered(each.verdict, now, promised[each.address], each.validators)
        for each in settled
    }
    known = {**fresh, **answers}
    record = {link.address: _recorded(before.get(link.address), known[link.address]) for link in links}
    if settled:
        kept = {address: entry for address, entry in cache.items() if slugs or address in known}
        write_cache(root, {**kept, **known})
    others = before if slugs else {}
    write_record(root, {**others, **record})
    checked = tuple(
        CheckedLink(link, known[link.address].verdict, record[link.address], link.address in fresh)
        for link in links
    )
    return LinkCheck(checked, sum(each.requests for each in settled))


def _question(link: Link, known: Remembered | None) -> Question:
    is_comparable = known is not None and known.promised == link.format and known.verdict.status is not None
    remembered = (known.validators, known.verdict) if known and is_comparable else None
    return Question(link.address, link.format, link.address, known=remembered)


def _refuse_to_judge_offline(settled: Iterable[Settled], asked: Iterable[Question]) -> None:
    """Tell dead links from a machine without a network: then no name is known and no way leads out."""
    kinds = {
        "offline" if each.verdict.kind == "unknown-host" or "unreachable" in each.verdict.says else "online"
        for each in settled
    }
    if kinds == {"offline"} and len({server_of(each) for each in asked}) >= _ENOUGH_SERVERS:
        raise SurroundingsError(
            "not one of the servers could be found: this machine has no way to the internet",
            hint="connect it and run the command again; nothing was recorded",
        )


def _recorded(before: LinkRecord | None, known: Remembered) -> LinkRecord:
    """Keep the day of the last success, and the day from which on it failed."""
    day, verdict = known.asked_at.date(), known.verdict
    old = before or LinkRecord("unsure", "")
    told = replace(old, state=verdict.state, says=verdict.says, moved_to=verdict.moved_to)
    if verdict.state in {"failed", "dead"}:
        return replace(told, failing_since=old.failing_since or day, failed_on=_later(old.failed_on, day))
    last_success = _later(old.last_success, day) if verdict.state != "unsure" else old.last_success
    return replace(told, last_success=last_success, failing_since=None, failed_on=None)


def _later(one: date | None, other: date) -> date:
    return max(one, other) if one else other
