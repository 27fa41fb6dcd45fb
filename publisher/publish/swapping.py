"""A feed's new bytes to the live feed, by one swap whose outcome is always known or said to be unknown."""

from __future__ import annotations

from publisher.errors import ConflictError, SurroundingsError
from publisher.releases import FEED_CACHE, FEED_TYPE
from publisher.storage.protocol import StaleError, Storage, Stored


class LostSwapError(ConflictError):
    """Another feed than expected is live; `now` is what was found there."""

    def __init__(self, key: str, now: Stored | None) -> None:
        super().__init__(
            f"somebody else published {key} meanwhile",
            hint="run the same command again to see the new plan",
        )
        self.now = now


def swap_feed(storage: Storage, key: str, data: bytes, expected_etag: str | None) -> None:
    """Put a feed in the place of the expected one. Whatever goes wrong is a question to the live feed.

    Raises:
        LostSwapError: somebody else changed the feed.
        SurroundingsError: the swap did not happen, or (`live_feed` is `unknown` then) nobody can tell.
    """
    try:
        storage.swap(key, data, expected_etag=expected_etag, content_type=FEED_TYPE, cache_control=FEED_CACHE)
    except (StaleError, SurroundingsError) as error:
        now = _ask(storage, key)
        if now and now.data == data:
            return
        if isinstance(error, StaleError) or (now.etag if now else None) != expected_etag:
            raise LostSwapError(key, now) from error
        raise


def _ask(storage: Storage, key: str) -> Stored | None:
    try:
        return storage.read(key)
    except SurroundingsError as error:
        error.live_feed = "unknown"
        raise
