"""A lost swap to whether publishing again would undo anything that the winner did."""

from __future__ import annotations

import re

from publisher.model import Plan, Role
from publisher.publish.sending import load
from publisher.releases import feed_copy_key
from publisher.storage.protocol import Storage

_ITEM = re.compile(rb"<item>.*?</item>", re.DOTALL)
_GUID = re.compile(rb"<guid[^>]*>(.*?)</guid>", re.DOTALL)
_LAST_BUILD = re.compile(rb"<lastBuildDate>[^<]*</lastBuildDate>")


def would_undo(storage: Storage, lost: Plan, again: Plan) -> bool:
    """Tell whether `again`, made after `lost` had lost, would change back something that is live now.

    It would not where everything that the winner changed is in `again` just so: the changes do not touch.
    What cannot be compared counts as undone.

    Raises:
        SurroundingsError: the storage cannot be read.
    """
    ours = {
        step.key: step.artifact for step in again.steps if step.artifact and step.artifact.role is Role.FEED
    }
    for key, feed in again.live.feeds.items():
        before = lost.live.feeds.get(key)
        if before and before.sha256 == feed.sha256:
            continue
        base = storage.read(feed_copy_key(before.sha256)) if before else None
        theirs = storage.read(key)
        if key not in ours or theirs is None or theirs.etag != feed.etag or (before and base is None):
            return True
        if undoes(base.data if base else b"", theirs.data, load(ours[key])):
            return True
    return False


def undoes(base: bytes, theirs: bytes, ours: bytes) -> bool:
    """Tell whether something that `theirs` changed in `base` is not in `ours` just so."""
    before, now, next_ = _parts(base), _parts(theirs), _parts(ours)
    changed = {guid for guid in before.keys() | now.keys() if before.get(guid) != now.get(guid)}
    return any(now.get(guid) != next_.get(guid) for guid in changed)


def _parts(feed: bytes) -> dict[bytes, bytes]:
    """Return the items by guid, and under no name what stands before them."""
    parts = {}
    for item in _ITEM.findall(feed):
        guid = _GUID.search(item)
        parts[guid[1] if guid else item] = item
    parts[b""] = _LAST_BUILD.sub(b"", feed.partition(b"<item>")[0])
    return parts
