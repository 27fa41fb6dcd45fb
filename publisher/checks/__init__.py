"""A show, its episodes, items and feeds, or anybody's feed, into findings."""

from __future__ import annotations

from publisher.checks.engine import PROFILES, NotChecked, Rule, all_rules, explain, find_rule
from publisher.checks.foreign import ForeignFeed, open_feed
from publisher.checks.judging import Verdict, check_feed, check_own

__all__ = [
    "PROFILES",
    "ForeignFeed",
    "NotChecked",
    "Rule",
    "Verdict",
    "all_rules",
    "check_feed",
    "check_own",
    "explain",
    "find_rule",
    "open_feed",
]
