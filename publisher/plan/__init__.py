"""What was built, beside what is live, to a plan: every step in order, and what listeners will notice."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from types import MappingProxyType

from publisher.errors import UsageError
from publisher.model import Artifact, Channel, Live, LiveRecord, Plan, PublishedItem, Role, Step
from publisher.plan.guards import Allowed, FeedState, guard
from publisher.plan.impact import describe_feed, describe_rest
from publisher.releases import LIVE_KEY, VOID, feed_copy_key, release_stem

_NOTHING = Allowed()
_UNKNOWN: Mapping[str, Channel] = MappingProxyType({})

# When each kind of step comes. Nothing names what is not there yet; and a page that is there already changes
# only behind the feed: until then the live record is true, and whoever loses the swap has changed nothing.
_BEFORE_FEED = {Role.MEDIA: 0, Role.SIDECAR: 1, Role.PAGE: 2}
_RECORDS, _FEED, _PAGES, _LISTINGS = 3, 4, 5, 6

_NEW = {
    Role.MEDIA: "new audio",
    Role.SIDECAR: "new transcript, chapters or picture",
    Role.PAGE: "new page",
    Role.LISTING: "new list of the episodes",
}


def make_plan(
    artifacts: Iterable[Artifact],
    items: Mapping[str, tuple[PublishedItem, ...]],
    live: Live,
    *,
    target_name: str,
    allowed: Allowed = _NOTHING,
    channels: Mapping[str, Channel] = _UNKNOWN,
    now: datetime | None = None,
) -> Plan:
    """Decide what has to be done; `items` and `channels` are those of each feed by the feed's key.

    `now` is the time that has come; without it no date is judged. Touches nothing.

    Raises:
        GuardError: listeners would suffer, and nobody allowed it by name.
        UsageError: two different files have one name.
    """
    unique = _unique(artifacts)
    feeds = {artifact.key: artifact for artifact in unique if artifact.role is Role.FEED}
    after = {key: items[key] for key in feeds}
    before = {key: live.feeds[key].items for key in feeds if key in live.feeds}
    guard(
        {key: FeedState(before[key], live.feeds[key].channel) for key in before},
        {key: FeedState(after[key], channels.get(key, Channel())) for key in after},
        allowed,
        now,
        _dropped(live, feeds),
    )

    steps = [_step(artifact, live) for artifact in unique]
    changed = [step.key for step in steps if step.key in feeds and step.action != "keep"]
    release = live.last_release + 1 if changed or (feeds and live.record is None) else None
    phased = [(_phase(step, live.record), step) for step in steps]
    if release:
        digests = {key: artifact.sha256 for key, artifact in feeds.items()}
        copied = [feeds[key] for key in (changed if live.record else feeds)]
        phased += [(_RECORDS, step) for step in _record_steps(release, digests, copied)]
    ordered = [step for _, step in sorted(phased, key=lambda pair: pair[0])]  # stable within a phase

    work = [step for step in steps if step.action != "keep"]
    if not work and live.settled:
        return Plan(target_name, tuple(ordered), (), live, after)
    ordered.append(Step("swap", LIVE_KEY, 0, "what the next publish needs to know"))
    impact = [
        *(line for key in changed for line in describe_feed(key, before.get(key), after[key])),
        *describe_rest(
            feeds_change=bool(changed),
            files_change=not all(step.artifact and _is_compared(step.artifact, live) for step in work),
            compares=bool(work),
            dropped=_dropped(live, feeds),
        ),
    ]
    return Plan(target_name, tuple(ordered), tuple(impact), live, after, release)


def _step(artifact: Artifact, live: Live) -> Step:
    """Decide on one artifact."""
    there = live.feeds.get(artifact.key)
    is_feed = artifact.role is Role.FEED
    known = (there and there.sha256) if is_feed else (live.record or VOID).objects.get(artifact.key)
    is_compared = _is_compared(artifact, live)
    if known == artifact.sha256 and not is_compared:
        return Step("keep", artifact.key, artifact.bytes, "is live", artifact)
    if is_feed:
        reason = "the feed changes" if known else "new feed"
    elif is_compared:
        why = "as asked" if live.doubted else "as it is not known for certain what is there"
        reason = f"to be compared, {why}"
    else:
        reason = "changes" if known else _NEW[artifact.role]
    return Step("put" if artifact.immutable else "swap", artifact.key, artifact.bytes, reason, artifact)


def _is_compared(artifact: Artifact, live: Live) -> bool:
    """Tell whether nobody knows for certain what is there under an artifact's key; of a feed it is read."""
    if artifact.role is Role.FEED:
        return False
    if live.record is None:
        return bool(live.feeds or live.last_release)
    is_sure = (artifact.immutable and not live.doubted) or artifact.key in live.record.etags
    return artifact.key in live.record.objects and not is_sure


def _phase(step: Step, record: LiveRecord | None) -> int:
    artifact = step.artifact
    assert artifact is not None
    if artifact.role is Role.FEED:
        return _FEED
    if artifact.role is Role.LISTING:
        return _LISTINGS
    changes = not artifact.immutable and record is not None and artifact.key in record.objects
    return _PAGES if changes else _BEFORE_FEED[artifact.role]


def _record_steps(release: int, digests: Mapping[str, str], copied: Sequence[Artifact]) -> Iterator[Step]:
    for feed in copied:
        yield Step("put", feed_copy_key(feed.sha256), feed.bytes, "a copy of the feed, for going back", None)
    yield Step("put", release_stem(release, digests), 0, f"the record of release {release}")


def _unique(artifacts: Iterable[Artifact]) -> tuple[Artifact, ...]:
    """Drop repetitions of the same file; the same name for another file is a mistake."""
    found: dict[str, Artifact] = {}
    for artifact in artifacts:
        other = found.setdefault(artifact.key, artifact)
        if other.sha256 != artifact.sha256:
            raise UsageError(
                f"two different files would be published as {artifact.key}",
                hint="rename one of the two episodes' folders or feeds",
            )
    return tuple(found.values())


def _dropped(live: Live, feeds: Mapping[str, Artifact]) -> dict[str, str]:
    """Return the feeds that were published here and are no longer built."""
    recorded = (live.record or VOID).feeds
    return {key: sha256 for key, sha256 in recorded.items() if key not in feeds}
