"""Findings and waivers into the findings that are left, and rules on the waivers themselves."""

# ruff: noqa: D401 - a rule's docstring is its documentation, written for people

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import TYPE_CHECKING

from publisher.checks.engine import Fault, nearest_rule, rule, rule_of
from publisher.checks.subjects import ShowSubject
from publisher.checks.table import listed_rules
from publisher.errors import Place
from publisher.model import Edit, Fix

if TYPE_CHECKING:
    from publisher.checks.subjects import EpisodeSubject
    from publisher.checks.written import WrittenFacts
    from publisher.model import Finding, Show, Waiver

SOURCES = "SRC-001"
"""The rule of everything that keeps a file from being read; it cannot be waived."""


def waive(
    findings: Iterable[Finding], show: Show, episodes: Iterable[WrittenFacts], today: date
) -> tuple[tuple[Finding, ...], tuple[Finding, ...]]:
    """Part findings into those that are left and those that a waiver accepts until its day is over.

    A waiver of the show counts everywhere, one of an episode in the files of its folder.
    """
    names = {known.id: known.name for known in listed_rules().values()}
    everywhere = _valid(show.waivers, today)
    inside = {
        folder: wanted
        for episode in episodes
        if episode.waivers and (wanted := _valid(episode.waivers, today))
        for folder in (episode.file.rpartition("/")[0] + "/",)
    }
    left: list[Finding] = []
    waived: list[Finding] = []
    for finding in findings:
        called = {finding.rule, names.get(finding.rule, finding.rule)}
        is_waived = bool(called & everywhere) or any(
            finding.place.file.startswith(folder) and called & wanted for folder, wanted in inside.items()
        )
        (waived if is_waived else left).append(finding)
    return tuple(left), tuple(waived)


def _valid(waivers: Iterable[Waiver], today: date) -> frozenset[str]:
    return frozenset(waiver.rule for waiver in waivers if not (waiver.until and waiver.until < today))


@rule("WV-001", "waiver-expired", "warn")
def waiver_expired(subject: ShowSubject | EpisodeSubject) -> Iterator[Fault]:
    """A waiver is a promise to mend something by a day; when the day is over, the finding is back.

    Bad: `{ rule = "title-long", reason = "printed already", until = 2024-01-31 }` two years later
    Good: the title mended, and the waiver deleted
    Source: this tool's own promise.
    """
    for waiver, place in _written(subject):
        if waiver.until and waiver.until < subject.now.date():
            yield Fault(
                f"the waiver of {waiver.rule} ended on {waiver.until}: {waiver.reason}",
                place,
                "mend what it stands for and delete it, or choose another day",
            )


@rule("WV-002", "waiver-of-nothing", "error")
def waiver_of_nothing(subject: ShowSubject | EpisodeSubject) -> Iterator[Fault]:
    """A waiver or a number for a rule that does not exist changes nothing, and looks as if it did.

    Bad: `rule = "title-lnog"`
    Good: `rule = "title-long"`
    Source: this tool's own promise.
    """
    for waiver, place in _written(subject):
        if not any(waiver.rule in (known.id, known.name) for known in listed_rules().values()):
            yield Fault(
                f"there is no rule {waiver.rule!r}", place, _meant(waiver.rule), _fix(place, waiver.rule)
            )
    if isinstance(subject, ShowSubject):
        for wanted, numbers in subject.show.numbers.items():
            place = subject.place_of("", ("check", "numbers", wanted))
            listed = (row.id for row in listed_rules().values() if wanted in (row.id, row.name))
            known = rule_of(next(listed, ""))
            if known is None:
                yield Fault(f"there is no rule {wanted!r}", place, _meant(wanted))
                continue
            for number in numbers:
                if number not in known.numbers:
                    choice = ", ".join(known.numbers) or "none"
                    message = f"the rule {wanted} has no number {number!r}"
                    yield Fault(message, place, f"its numbers are: {choice}")


@rule("WV-003", "waiver-without-end", "warn")
def waiver_without_end(subject: ShowSubject | EpisodeSubject) -> Iterator[Fault]:
    """Without a day, nobody looks at a waiver again, and what it hides is never mended.

    Bad: `{ rule = "title-long", reason = "printed already" }`
    Good: `{ rule = "title-long", reason = "printed already", until = 2027-01-31 }`
    Source: this tool's own promise.
    """
    for waiver, place in _written(subject):
        if waiver.until is None:
            yield Fault(
                f"the waiver of {waiver.rule} has no end", place, "add until = a date, at most a year away"
            )


def _written(subject: ShowSubject | EpisodeSubject) -> Iterator[tuple[Waiver, Place]]:
    if isinstance(subject, ShowSubject):
        for number, waiver in enumerate(subject.show.waivers):
            yield waiver, subject.place_of("", ("check", "ignore", number))
    else:
        for number, waiver in enumerate(subject.episode.waivers):
            yield waiver, subject.at("check", "ignore", number)


def _fix(place: Place, wanted: str) -> Fix | None:
    near = nearest_rule(wanted)
    return Fix(f"write {near.name}", (Edit(place, wanted, near.name, "rule"),)) if near else None


def _meant(wanted: str) -> str:
    near = nearest_rule(wanted)
    return f"did you mean {near.name} ({near.id})?" if near else "`publisher check --rules` lists them"
