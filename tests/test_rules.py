"""Every rule fires where it should, and nowhere else; a rule without samples of both kinds fails here."""

from __future__ import annotations

import importlib
from pathlib import Path

import pytest
from rules.samples import CLEAN, FILE, NOW, Sample

from publisher.checks import PROFILES, all_rules, check_feed, open_feed
from publisher.checks.catalogue import render_rules

GROUPS = sorted(
    path.stem
    for path in (Path(__file__).parent / "rules").glob("*.py")
    if path.stem not in {"__init__", "samples"}
)
SAMPLES: tuple[Sample, ...] = tuple(
    sample for group in GROUPS for sample in importlib.import_module(f"rules.{group}").SAMPLES
)


@pytest.mark.parametrize("sample", SAMPLES, ids=[f"{s.rule}-{'bad' if s.at else 'good'}" for s in SAMPLES])
def test_rule_fires_exactly_where_it_should(sample: Sample) -> None:
    findings = sample.look()
    found = {str(each.place) for each in findings if each.rule == sample.rule}
    # a sample names the line; a finding may name the column, too
    assert {place if place in sample.at else place.rpartition(":")[0] for place in found} == set(sample.at)
    assert {each.rule for each in findings} - sample.also <= {sample.rule}
    for each in findings:
        assert each.message
        assert each.hint
        assert not each.message.endswith(".")
        assert not each.hint.endswith(".")


def test_clean_feed_has_no_finding_under_all_profiles_at_once() -> None:
    verdict = check_feed(open_feed(CLEAN, FILE, NOW), profiles=PROFILES)
    assert verdict.findings == ()


def test_every_rule_has_samples_of_both_kinds() -> None:
    from test_checks import CASES  # cases of the show's own sources, each of which is both

    own = {rule for rule, *_ in CASES}
    fires = {sample.rule for sample in SAMPLES if sample.at} | own | {"TR-002"}
    is_silent = {sample.rule for sample in SAMPLES if not sample.at} | own | {"TR-002"}
    rules = {known.id for known in all_rules() if known.kind == "rule"}
    assert rules - fires == set(), "no sample in which these rules fire"
    assert rules - is_silent == set(), "no sample in which these rules are silent"
    assert (fires | is_silent) - rules == set(), "samples of rules that do not exist"


def test_page_of_rules_is_current() -> None:
    page = Path(__file__).resolve().parent.parent / "docs/rules.md"
    assert page.read_text(encoding="utf-8") == render_rules(), "run: python scripts/write_rules.py"
