"""Every rule fires where it should, and nowhere else; a rule without samples of both kinds fails here."""

from __future__ import annotations

import importlib
import subprocess
import sys
from pathlib import Path
from typing import get_args

import pytest
from rules.samples import CLEAN, FILE, NOW, Sample

from publisher.checks import PROFILES, all_rules, check_feed, open_feed
from publisher.checks.catalogue import render_rules, render_table
from publisher.checks.subjects import Subject
from publisher.checks.table import FILE as TABLE
from publisher.checks.table import SUBJECTS

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


def test_table_of_rules_is_current() -> None:
    assert TABLE.read_text(encoding="utf-8") == render_table(), "run: python scripts/write_rules.py"


def test_the_table_knows_everything_that_rules_look_at() -> None:
    assert {kind.__name__ for kind in get_args(Subject)} == SUBJECTS


def test_only_rules_with_something_to_look_at_are_loaded() -> None:
    code = (
        "import sys\n"
        "from datetime import UTC, datetime\n"
        "from publisher.checks import check_feed, open_feed\n"
        "feed = b'<rss version=\"2.0\"><channel><title>A</title><item><title>B</title></item></channel></rss>'\n"
        "print([each.rule for each in check_feed(open_feed(feed, 'a', datetime(2026, 2, 1, tzinfo=UTC))).findings])\n"
        "print(*(name.removeprefix('publisher.') for name in sys.modules if name.startswith('publisher.')))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    found, loaded = done.stdout.splitlines()
    assert "IT-013" in found
    assert not {"checks.podcasting20_live", "checks.media", "checks.files", "model.show"} & set(
        loaded.split()
    )
