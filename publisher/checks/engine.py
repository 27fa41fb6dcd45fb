"""Rules and what they look at into findings.

A rule is a small function over one subject that yields a Problem for each thing wrong; its docstring is its
documentation. The engine knows the rules, hands each the subjects it asks for, and adds id and level.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from typing import Any, TypeVar

from publisher.checks.subjects import SUBJECTS, Subject
from publisher.errors import Problem, UsageError
from publisher.model import Finding, Level, Waiver

PROFILES = ("apple", "spotify", "youtube", "amazon", "psp", "public", "strict")
"""What can be checked for beyond what always holds: directories, the standard, a public agency's duties."""

Check = Callable[[Any], Iterator[Problem]]
_Function = TypeVar("_Function", bound=Check)
_ID = re.compile(r"[A-Z0-9]{2,4}-\d{3}")
_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule; with profiles it counts only when one of them is asked for, with `-name` when that is not."""

    id: str
    name: str
    level: Level
    subjects: tuple[type[Subject], ...]
    profiles: tuple[str, ...]
    check: Check
    documentation: str

    def counts_in(self, profiles: Iterable[str]) -> bool:
        """Tell whether the rule is on under these profiles."""
        asked = set(profiles)
        needed = {name for name in self.profiles if not name.startswith("-")}
        return (not needed or bool(needed & asked)) and not any(f"-{name}" in self.profiles for name in asked)


_RULES: dict[str, Rule] = {}


def rule(id_: str, name: str, level: Level, *profiles: str) -> Callable[[_Function], _Function]:
    """Enter a function into the rules; its only parameter's type says which subjects it looks at.

    `id_` is the rule's in the table of feed rules: it is stable, and a retired one is never used again.
    """

    def enter(function: _Function) -> _Function:
        (parameter,) = inspect.signature(function).parameters.values()
        documentation = inspect.getdoc(function) or ""
        known = {switch.removeprefix("-") for switch in profiles} <= set(PROFILES)
        if not (_ID.fullmatch(id_) and _NAME.fullmatch(name) and documentation and known):
            raise ValueError(
                f"rule {id_} {name} needs an id, a kebab-case name, known profiles and a docstring"
            )
        if id_ in _RULES or any(name == other.name for other in _RULES.values()):
            raise ValueError(f"there are two rules {id_} or {name}")
        subjects = tuple(SUBJECTS[kind.strip()] for kind in str(parameter.annotation).split("|"))
        _RULES[id_] = Rule(id_, name, level, subjects, profiles, function, documentation)
        return function

    return enter


def all_rules() -> tuple[Rule, ...]:
    """Return every rule, by id."""
    return tuple(_RULES[key] for key in sorted(_RULES))


def run(
    subjects: Iterable[Subject], profiles: Iterable[str], waivers: Iterable[Waiver], today: date | None
) -> tuple[Finding, ...]:
    """Let every rule that counts look at every subject it asks for; sorted by place, then rule.

    A waiver silences its rule until its day is over; without `today` none has ended.
    """
    waived = {waiver.rule for waiver in waivers if not (today and waiver.until and waiver.until < today)}
    by_subject: dict[type[Subject], list[Rule]] = {}
    for known in _RULES.values():
        if known.counts_in(profiles) and not waived & {known.id, known.name}:
            for kind in known.subjects:
                by_subject.setdefault(kind, []).append(known)
    found = {
        Finding(known.id, known.level, problem.place or subject.at(), problem.message, problem.hint)
        for subject in subjects
        for known in by_subject.get(type(subject), ())
        for problem in known.check(subject)
    }
    return tuple(sorted(found, key=lambda finding: (finding.place, finding.rule, finding.message)))


def explain(rule_id: str) -> str:
    """Return a rule's documentation, by its id or name.

    Raises:
        UsageError: there is no such rule.
    """
    wanted = rule_id.strip().casefold()
    names: Mapping[str, Rule] = {
        key.casefold(): known for known in _RULES.values() for key in (known.id, known.name)
    }
    if wanted not in names:
        near = get_close_matches(wanted, names, n=1)
        hint = "`publisher check` names the rule of each finding"
        if near:
            hint = f"did you mean {names[near[0]].id}?"
        raise UsageError(f"there is no rule {rule_id!r}", hint=hint)
    known = names[wanted]
    only = " or ".join(name for name in known.profiles if not name.startswith("-"))
    never = " or ".join(name[1:] for name in known.profiles if name.startswith("-"))
    where = (f"; only under {only}" if only else "") + (f"; not under {never}" if never else "")
    return f"{known.id} {known.name} ({known.level}{where})\n\n{known.documentation}\n"
