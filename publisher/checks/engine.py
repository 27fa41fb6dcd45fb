"""Rules and what they look at into findings.

A rule is a small function over one subject that yields a Fault for each thing wrong; its docstring is its
documentation. The engine knows the rules, hands each the subjects it asks for, and adds id and level.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache, partial
from importlib import import_module
from inspect import cleandoc
from pkgutil import iter_modules
from typing import TYPE_CHECKING, Literal, NamedTuple, TypeVar, cast

from publisher.checks.table import SUBJECTS, Kind, Row, counts_in, listed_rules
from publisher.errors import Place, UsageError
from publisher.model import Finding, Fix, Level

if TYPE_CHECKING:
    from publisher.checks.subjects import Subject

PROFILES = ("apple", "spotify", "youtube", "amazon", "psp", "public", "strict")
"""What can be checked for beyond what always holds: directories, the standard, a public agency's duties."""

Need = Literal["audio", "bytes", "sound", "online"]
Number = int | float


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong: what, where, what to do about it, and perhaps a fix that does it.

    `level` is only given where one case of a rule weighs other than the rule.
    """

    message: str
    place: Place
    hint: str
    fix: Fix | None = None
    level: Level | None = None


class NotChecked(NamedTuple):
    """A rule that could not look at something, and why; never the same as passed. There are very many."""

    rule: str
    reason: str
    subject: str = ""


Check = Callable[..., Iterator[Fault | NotChecked]]
_Function = TypeVar("_Function", bound=Callable[..., Iterator[Fault | NotChecked]])
_Question = TypeVar("_Question", bound=Callable[[], None])
_ID = re.compile(r"[A-Z0-9]{2,4}-\d{3}")
_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule; with profiles it counts only when one of them is asked for, with `-name` when that is not.

    `when` names elements of which one must be there for the rule to have anything to look at. `numbers` are
    the bounds that `[check.numbers]` can move. A `checklist` rule is one that no program can decide; a `kept`
    one holds by how this tool works and cannot be seen in a feed.
    """

    id: str
    name: str
    level: Level
    subjects: tuple[str, ...]
    profiles: tuple[str, ...]
    check: Check
    kind: Kind = "rule"
    needs: tuple[Need, ...] = ()
    when: tuple[str, ...] = ()
    numbers: Mapping[str, Number] = field(default_factory=dict)

    def counts_in(self, profiles: Iterable[str]) -> bool:
        """Tell whether the rule is on under these profiles."""
        return counts_in(self.profiles, profiles)

    @property
    def module(self) -> str:
        """Return the name of the module of `publisher.checks` that it is in."""
        return self.check.__module__.rpartition(".")[2]

    @property
    def documentation(self) -> str:
        """Return what the function's docstring says."""
        return cleandoc(self.check.__doc__ or "")

    @property
    def source(self) -> str:
        """Return where the rule is from, in words."""
        return self.documentation.rpartition("Source:")[2].strip()


_RULES: dict[str, Rule] = {}
_NAMES: set[str] = set()


def rule(
    id_: str,
    name: str,
    level: Level,
    *profiles: str,
    needs: Iterable[Need] = (),
    when: Iterable[str] = (),
) -> Callable[[_Function], _Function]:
    """Enter a function into the rules; its first parameter's type says which subjects it looks at.

    `id_` is the rule's in the table of feed rules: it is stable, and a retired one is never used again.
    Further parameters are keyword-only, with a default: the rule's configurable numbers.
    """

    def enter(function: _Function) -> _Function:
        code, numbers = function.__code__, function.__kwdefaults__ or {}
        annotation = str(function.__annotations__[code.co_varnames[0]])
        subjects = tuple(kind.strip() for kind in annotation.split("|"))
        if code.co_argcount != 1 or len(numbers) != code.co_kwonlyargcount or not _are_numbers(numbers):
            raise ValueError(f"rule {id_} {name}: a number needs a default")
        if not SUBJECTS.issuperset(subjects):
            raise ValueError(f"rule {id_} {name}: {annotation} is nothing that rules look at")
        _enter(
            Rule(id_, name, level, subjects, profiles, function, "rule", tuple(needs), tuple(when), numbers)
        )
        return function

    return enter


def checklist(
    id_: str, name: str, level: Level, *profiles: str, kept: bool = False
) -> Callable[[_Question], _Question]:
    """Enter what no program can decide, or what is `kept` by how this tool works; it is never run."""

    def enter(function: _Question) -> _Question:
        kind: Kind = "kept" if kept else "checklist"
        _enter(Rule(id_, name, level, (), profiles, cast("Check", function), kind))
        return function

    return enter


def _are_numbers(values: Mapping[str, object]) -> bool:
    return all(type(value) in (int, float) for value in values.values())


def _enter(entered: Rule) -> None:
    known = {switch.removeprefix("-") for switch in entered.profiles} <= set(PROFILES)
    has_words = bool((entered.check.__doc__ or "").strip())
    if not (_ID.fullmatch(entered.id) and _NAME.fullmatch(entered.name) and has_words and known):
        raise ValueError(
            f"rule {entered.id} {entered.name} needs an id, a kebab-case name, known profiles and a docstring"
        )
    if entered.id in _RULES or entered.name in _NAMES:
        raise ValueError(f"there are two rules {entered.id} or {entered.name}")
    _RULES[entered.id] = entered
    _NAMES.add(entered.name)
    all_rules.cache_clear()


@cache
def all_rules() -> tuple[Rule, ...]:
    """Return every rule, by id; every module of rules is loaded for that."""
    package = import_module(__package__)
    for module in iter_modules(package.__path__):
        import_module(f"{__package__}.{module.name}")
    return tuple(_RULES[key] for key in sorted(_RULES))


def rule_of(rule_id: str) -> Rule | None:
    """Return the rule of an id, loading only its module; None when there is none in the table."""
    row = listed_rules().get(rule_id)
    return _load(row) if row else None


def _load(row: Row) -> Rule:
    if row.id not in _RULES:
        import_module(f"{__package__}.{row.module}")
    return _RULES[row.id]


@dataclass(frozen=True, slots=True)
class Judgement:
    """What rules said of one subject."""

    findings: tuple[Finding, ...]
    not_checked: tuple[NotChecked, ...] = ()


class Judge:
    """Lets every rule that counts look at the subjects it asks for, with the numbers that were chosen.

    Which rules have something to look at stands in the table of rules; only their modules are loaded.
    """

    def __init__(self, profiles: Iterable[str], numbers: Mapping[str, Mapping[str, Number]]) -> None:
        asked = tuple(profiles)
        self._numbers = numbers
        self._by_subject: dict[str, list[Row]] = {}
        self._chosen: dict[tuple[object, ...], tuple[tuple[Rule, Check], ...]] = {}
        for row in listed_rules().values():
            if row.kind == "rule" and counts_in(row.profiles, asked):
                for name in row.subjects:
                    self._by_subject.setdefault(name, []).append(row)

    def judge(self, subject: Subject) -> Judgement:
        """Return what the rules say of one subject."""
        found: dict[Finding, None] = {}
        unseen: dict[NotChecked, None] = {}
        lacks: Mapping[str, str] | None = None
        for known, check in self._rules_for(subject):
            if known.needs:
                lacks = subject.lacks if lacks is None else lacks
                if missing := [lacks[need] for need in known.needs if need in lacks]:
                    unseen[NotChecked(known.id, missing[0], subject.name)] = None
                    continue
            for fault in check(subject):
                if isinstance(fault, NotChecked):
                    unseen[NotChecked(known.id, fault.reason, fault.subject or subject.name)] = None
                    continue
                level = fault.level or known.level
                finding = Finding(known.id, level, fault.place, fault.message, fault.hint, fault.fix)
                found[finding] = None
        return Judgement(tuple(found), tuple(unseen))

    def _rules_for(self, subject: Subject) -> tuple[tuple[Rule, Check], ...]:
        """Return the rules that have anything to look at; nearly all items hold the same elements."""
        present = subject.present
        key = (type(subject), present)
        chosen = self._chosen.get(key)
        if chosen is None:
            chosen = tuple(
                self._ready(_load(row))
                for row in self._by_subject.get(type(subject).__name__, ())
                if not row.when or present is None or not present.isdisjoint(row.when)
            )
            self._chosen[key] = chosen
        return chosen

    def _ready(self, known: Rule) -> tuple[Rule, Check]:
        """Return a rule with what is called for it, its numbers set as the show wants them."""
        chosen = {**self._numbers.get(known.id, {}), **self._numbers.get(known.name, {})}
        values = {key: chosen[key] for key in known.numbers if key in chosen}
        return known, partial(known.check, **values) if values else known.check


def in_order(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Sort findings by place, then rule; the same one twice is one."""
    return tuple(sorted(dict.fromkeys(findings), key=_order))


def _order(finding: Finding) -> tuple[Place, str, str, str, str]:
    mended = finding.fix.summary if finding.fix else ""
    return finding.place, finding.rule, finding.message, finding.hint, mended


def find_rule(wanted: str) -> Rule:
    """Return the rule that somebody named by id or name.

    Raises:
        UsageError: there is no such rule.
    """
    found = _named().get(wanted.strip().casefold())
    if found is None:
        near = nearest_rule(wanted)
        hint = f"did you mean {near.id}?" if near else "`publisher check --rules` lists them"
        raise UsageError(f"there is no rule {wanted!r}", hint=hint)
    return _load(found)


def nearest_rule(wanted: str) -> Row | None:
    """Return the rule whose id or name looks most like what somebody wrote."""
    from difflib import get_close_matches  # only where somebody mistyped

    names = _named()
    near = get_close_matches(wanted.strip().casefold(), names, n=1)
    return names[near[0]] if near else None


def _named() -> dict[str, Row]:
    return {key.casefold(): row for row in listed_rules().values() for key in (row.id, row.name)}


def explain(rule_id: str) -> str:
    """Return a rule's documentation, by its id or name.

    Raises:
        UsageError: there is no such rule.
    """
    known = find_rule(rule_id)
    only = " or ".join(name for name in known.profiles if not name.startswith("-"))
    never = " or ".join(name[1:] for name in known.profiles if name.startswith("-"))
    where = (f"; only under {only}" if only else "") + (f"; not under {never}" if never else "")
    kinds = {"rule": "", "checklist": "; for a person to look at", "kept": "; kept by how publisher works"}
    text = f"{known.id} {known.name} ({known.level}{where}{kinds[known.kind]})\n\n{known.documentation}\n"
    for name, number in known.numbers.items():
        text += f"Number: {name} = {number}, in show.toml under [check.numbers.{known.name}]\n"
    return text
