"""A clean feed and the changes to it by which rules are tried; see docs/rules-guide.md."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from publisher.checks import PROFILES, check_feed, open_feed
from publisher.checks.engine import Judge
from publisher.checks.foreign import ForeignFeed
from publisher.checks.subjects import Subject
from publisher.checks.views import Context
from publisher.model import Finding

FILE = "clean.xml"
CLEAN = (Path(__file__).parent / FILE).read_bytes()
NOW = datetime(2026, 2, 1, 12, tzinfo=UTC)
CONTEXT = Context(now=NOW, title="Ink and Chalk", language="en-us")

Change = tuple[str, str]


@dataclass(frozen=True)
class Sample:
    """A case of one rule: what is looked at, and the places at which the rule must fire (none: not at all).

    Every other rule must be silent, but those in `also`, which can't be avoided.
    """

    rule: str
    look: Callable[[], tuple[Finding, ...]]
    at: tuple[str, ...]
    also: frozenset[str] = frozenset()
    feed: bytes = b""


def changed(*changes: Change, data: bytes = CLEAN) -> bytes:
    """Return the clean feed with words replaced, each at its first occurrence."""
    for old, new in changes:
        assert old.encode() in data, old
        data = data.replace(old.encode(), new.encode(), 1)
    return data


def bad(
    rule: str,
    *changes: Change,
    at: str,
    also: tuple[str, ...] = (),
    data: bytes | None = None,
    profiles: tuple[str, ...] = PROFILES,
    address: str = "",
) -> Sample:
    """Make a case in which the rule fires on the line where `at` first stands in the changed feed.

    With `data`, the feed is these bytes instead of the clean one; `at` may also be "clean.xml" or a line.
    `address` is where it was fetched from.
    """
    feed = changed(*changes, data=CLEAN if data is None else data)
    return Sample(rule, lambda: _look(feed, profiles, address), (_line(feed, at),), frozenset(also), feed)


def good(
    rule: str,
    *changes: Change,
    also: tuple[str, ...] = (),
    data: bytes | None = None,
    address: str = "",
) -> Sample:
    """Make a case in which the rule does not fire: the clean feed, or a change that just does not matter."""
    feed = changed(*changes, data=CLEAN if data is None else data)
    return Sample(rule, lambda: _look(feed, PROFILES, address), (), frozenset(also))


def bad_subject(rule: str, make: Callable[[], Subject], at: str, also: tuple[str, ...] = ()) -> Sample:
    """Make a case of a subject that is no feed: a file, an answer of a server, a history."""
    return Sample(rule, lambda: _judge(make()), (at,), frozenset(also))


def good_subject(rule: str, make: Callable[[], Subject], also: tuple[str, ...] = ()) -> Sample:
    """Make a case of such a subject in which the rule does not fire."""
    return Sample(rule, lambda: _judge(make()), (), frozenset(also))


def clean_feed(*changes: Change) -> ForeignFeed:
    """Return the clean feed, changed, for subjects that need one."""
    return open_feed(changed(*changes), FILE, NOW)


def _look(feed: bytes, profiles: tuple[str, ...], address: str) -> tuple[Finding, ...]:
    return check_feed(open_feed(feed, FILE, NOW, address), profiles=profiles).findings


def _judge(subject: Subject) -> tuple[Finding, ...]:
    return Judge(PROFILES, {}).judge(subject).findings


def _line(feed: bytes, at: str) -> str:
    if at.startswith(FILE):
        return at
    start = feed.find(at.encode())
    assert start >= 0, at
    line = feed.count(b"\n", 0, start) + 1
    return f"{FILE}:{line}"
