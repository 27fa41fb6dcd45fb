"""A show, its episodes, items and feeds, or anybody's feed, into findings."""

from __future__ import annotations

from publisher.checks import (
    channel,
    channel_core,
    channel_dates,
    channel_extras,
    channel_links,
    chapters,
    comparing,
    delivery,
    delivery_addresses,
    delivery_headers,
    document,
    elements,
    encoding,
    identity,
    item,
    item_core,
    item_dates,
    item_marks,
    item_times,
    namespaces,
    notes,
    podcasting20,
    text,
    waiving,
)
from publisher.checks.engine import PROFILES, NotChecked, Rule, all_rules, explain, find_rule
from publisher.checks.foreign import ForeignFeed, open_feed
from publisher.checks.judging import Verdict, check_feed, check_own

__all__ = [
    "GROUPS",
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

GROUPS = (
    channel,
    channel_core,
    channel_dates,
    channel_extras,
    channel_links,
    identity,
    text,
    item,
    item_core,
    item_dates,
    item_marks,
    item_times,
    notes,
    chapters,
    podcasting20,
    document,
    namespaces,
    elements,
    encoding,
    comparing,
    waiving,
    delivery,
    delivery_headers,
    delivery_addresses,
)
"""The modules whose rules are known; importing them enters their rules."""
