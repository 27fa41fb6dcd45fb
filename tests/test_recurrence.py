from __future__ import annotations

from datetime import timedelta

import pytest
from rules.samples import CLEAN, FILE, NOW

from publisher.checks import check_feed, open_feed
from publisher.checks.recurrence import interval_of, problems_of


@pytest.mark.parametrize(
    ("rule", "start"),
    [
        ("FREQ=WEEKLY", ""),
        ("RRULE:FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,WE", ""),
        ("freq=monthly;byday=2TU", ""),
        ("FREQ=DAILY;UNTIL=20261231T000000Z", "2026-01-01T00:00:00Z"),
        ("FREQ=YEARLY;BYMONTH=1;BYMONTHDAY=-1;COUNT=3", "2026-01-31"),
    ],
)
def test_sound_rule_has_no_problem(rule: str, start: str) -> None:
    assert list(problems_of(rule, start)) == []


@pytest.mark.parametrize(
    ("rule", "start", "says"),
    [
        ("", "", "no recurrence rule"),
        ("WEEKLY", "", "no recurrence rule"),
        ("FREQ=WEEKLY;FREQ=DAILY", "", "no recurrence rule"),
        ("INTERVAL=2", "", "how often"),
        ("FREQ=WEEKLY;BYDAY=XX", "", "BYDAY=XX"),
        ("FREQ=WEEKLY;INTERVAL=0", "", "INTERVAL=0"),
        ("FREQ=WEEKLY;BYMONTH=13", "", "BYMONTH=13"),
        ("FREQ=WEEKLY;EVERY=2", "", "EVERY=2"),
        ("FREQ=WEEKLY;COUNT=3", "", "from when"),
        ("FREQ=WEEKLY;UNTIL=20261231", "2026-01-01T00:00:00Z", "one form"),
    ],
)
def test_what_is_wrong_with_a_rule_is_said(rule: str, start: str, says: str) -> None:
    assert any(says in message for message, _ in problems_of(rule, start))


def test_interval_is_the_usual_time_between_two_dates() -> None:
    assert interval_of("FREQ=WEEKLY;INTERVAL=2") == timedelta(days=14)
    assert interval_of("FREQ=WEEKLY;BYDAY=MO,TH") == timedelta(days=3.5)
    assert interval_of("FREQ=DAILY;BYDAY=MO") is None
    assert interval_of("WEEKLY") is None


@pytest.mark.parametrize(("rule", "found"), [("FREQ=WEEKLY", []), ("FREQ=MONTHLY", ["P20-151"])])
def test_promised_rhythm_is_compared_with_the_last_episodes(rule: str, found: list[str]) -> None:
    item = CLEAN[CLEAN.rindex(b"    <item>") : CLEAN.rindex(b"  </channel>")].replace(b">trailer<", b">full<")
    older = b"".join(
        item.replace(b"Tue, 06 Jan 2026", day) for day in (b"Tue, 30 Dec 2025", b"Tue, 23 Dec 2025")
    )
    frequency = f'<podcast:updateFrequency rrule="{rule}">x</podcast:updateFrequency>\n    <item>'.encode()
    feed = CLEAN.replace(b">trailer<", b">full<").replace(b"  </channel>", older + b"  </channel>")
    feed = feed.replace(b"<item>", frequency, 1)
    findings = check_feed(open_feed(feed, FILE, NOW)).findings
    assert [each.rule for each in findings if each.rule.startswith("P20-15")] == found
