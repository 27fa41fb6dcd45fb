"""A plan to requests, in an order in which nothing can go wrong for listeners."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace

from publisher.errors import ConflictError, LiveFeedState, SurroundingsError
from publisher.files import digest_bytes
from publisher.model import Artifact, LiveRecord, Plan, Role, Step
from publisher.publish.live import find_release, list_releases
from publisher.publish.sending import OnProgress, Sender, load
from publisher.publish.swapping import LostSwapError, swap_feed
from publisher.releases import (
    LIVE_KEY,
    RECORD_CACHE,
    RECORD_TYPE,
    VOID,
    Origin,
    Release,
    encode_live,
    encode_release,
    feed_copy_key,
    name_release,
    release_key,
)
from publisher.storage.protocol import StaleError, Storage, Stored, other_bytes

_FOR_EVER = "public, max-age=31536000, immutable"


class Run:
    """One publish under way."""

    def __init__(self, plan: Plan, storage: Storage, origin: Origin, on_progress: OnProgress | None) -> None:
        self.live_feed: LiveFeedState = "unchanged"
        self._plan = plan
        self._storage = storage
        self._origin = origin
        self._known = plan.live.record or VOID
        self._sender = Sender(storage, self._known, on_progress)
        self._swapped = 0
        self._record_etag = plan.live.record_etag
        self._release_key = self._known.key

    @property
    def uploaded(self) -> int:
        """Count the files that were sent, feeds too, records not."""
        return self._sender.uploaded + self._swapped

    def carry_out(self) -> None:
        """Do every step, in the plan's order."""
        before, feeds, behind = _parts(self._plan.steps)
        self._claim_nothing([*before, *feeds, *behind])
        self._sender.look_around([a.key for a in (*before, *behind) if a.key not in self._known.etags])
        for pages in (False, True):  # pages name the other files
            new = [artifact for artifact in before if (artifact.role is Role.PAGE) == pages]
            self._sender.send(new, only_create=True)
        if self._plan.release:
            self._keep_release(self._plan.release)
        for feed in feeds:
            self._swap_feed(feed)
        changed = [artifact for artifact in behind if artifact.role is not Role.LISTING]
        self._sender.send([*self._sender.put_off, *changed])
        self._sender.send(artifact for artifact in behind if artifact.role is Role.LISTING)
        self._write_live_record()

    def _claim_nothing(self, work: Sequence[Artifact]) -> None:
        """Void the live record, if it could become wrong while it still looks right.

        A swap of the feed voids it by itself. It could look right when only pages change, and when it is of
        other feeds that this run might bring back.
        """
        feeds_change = any(artifact.role is Role.FEED for artifact in work)
        pages_change = any(artifact.key in self._known.etags for artifact in work)
        if self._record_etag is None or not work:
            return
        if self._plan.live.settled and (feeds_change or not pages_change):
            return
        void = encode_live(replace(VOID, release=self._plan.live.last_release))
        try:
            self._record_etag = self._put_live_record(void)
        except StaleError as error:
            raise self._conflict() from error

    def _keep_release(self, number: int) -> None:
        """Write down what the feeds will be, so that one can always go back to them."""
        for step in self._plan.steps:
            feed = step.artifact
            if feed and feed.role is Role.FEED and (step.action != "keep" or not self._plan.live.record):
                copy = feed_copy_key(feed.sha256)
                self._sender.create(replace(feed, key=copy, cache_control=_FOR_EVER, immutable=True))
        release = Release(
            number=number,
            parent=self._known.key,
            origin=self._origin,
            feeds=self._digests(feeds=True),
            items=self._plan.items,
            objects=self._digests(feeds=False),
        )
        data = encode_release(release)
        self._release_key = release_key(release, data)
        try:
            self._storage.swap(
                self._release_key,
                data,
                expected_etag=None,
                content_type=RECORD_TYPE,
                cache_control=RECORD_CACHE,
            )
        except StaleError as error:
            found = self._storage.read(self._release_key)
            if not found or found.data != data:
                raise other_bytes(self._storage.address, self._release_key) from error

    def _swap_feed(self, feed: Artifact) -> None:
        """Make the new feed the live one."""
        data = load(feed)
        there = self._plan.live.feeds.get(feed.key)
        before, self.live_feed = self.live_feed, "unknown"
        try:
            swap_feed(self._storage, feed.key, data, there.etag if there else None)
        except LostSwapError as lost:
            self.live_feed = before
            raise self._conflict(feed, lost.now) from lost
        except SurroundingsError as error:
            self.live_feed = "unknown" if error.live_feed == "unknown" else before
            raise
        self.live_feed = "updated"
        self._swapped += 1
        self._sender.advance(len(data))

    def _write_live_record(self) -> None:
        """Leave to the next publish what this one knows."""
        objects = self._digests(feeds=False)
        etags = {**self._known.etags, **self._sender.etags}
        record = LiveRecord(
            release=self._plan.release or self._known.release,
            key=self._release_key,
            feeds=self._digests(feeds=True),
            objects=objects,
            etags={key: etag for key, etag in etags.items() if key in objects},
            items=self._plan.items,
        )
        try:
            self._put_live_record(encode_live(record))
        except StaleError:
            return  # somebody published after us: theirs is newer, or does not belong to the live feeds

    def _put_live_record(self, data: bytes) -> str:
        return self._storage.swap(
            LIVE_KEY,
            data,
            expected_etag=self._record_etag,
            content_type=RECORD_TYPE,
            cache_control=RECORD_CACHE,
        )

    def _digests(self, *, feeds: bool) -> dict[str, str]:
        artifacts = (step.artifact for step in self._plan.steps if step.artifact)
        return {a.key: a.sha256 for a in artifacts if (a.role is Role.FEED) == feeds}

    def _conflict(self, feed: Artifact | None = None, now: Stored | None = None) -> ConflictError:
        """Tell who won, as far as it is known."""
        what = "somebody else is publishing at this moment"
        if feed:
            what = f"somebody else published {feed.key} meanwhile"
        if feed and now:
            live = {**self._digests(feeds=True), feed.key: digest_bytes(now.data)}
            with suppress(SurroundingsError):  # the conflict is what matters
                if found := find_release(self._storage, list_releases(self._storage), live):
                    what = f"{what}: {name_release(found[1])} is live"
        return ConflictError(
            what,
            hint="get their changes into your folder, then run the same command again to see the new plan",
        )


def _parts(steps: Sequence[Step]) -> tuple[list[Artifact], list[Artifact], list[Artifact]]:
    """Part the work into what comes before the feeds, the feeds, and what comes behind them."""
    last_feed = max(
        (i for i, step in enumerate(steps) if step.artifact and step.artifact.role is Role.FEED), default=0
    )
    work = [(i, step.artifact) for i, step in enumerate(steps) if step.artifact and step.action != "keep"]
    feeds = [artifact for _, artifact in work if artifact.role is Role.FEED]
    before = [artifact for i, artifact in work if i < last_feed and artifact.role is not Role.FEED]
    behind = [artifact for i, artifact in work if i > last_feed]
    return before, feeds, behind
