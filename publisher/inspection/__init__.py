"""A show's folder, or anybody's feed, into what `check` has to say of it."""

from __future__ import annotations

from publisher.inspection.folder import UNREADABLE, inspect_show
from publisher.inspection.foreign import inspect_feed, is_feed, read_feed_bytes
from publisher.inspection.result import CheckRequest, Inspection

__all__ = [
    "UNREADABLE",
    "CheckRequest",
    "Inspection",
    "inspect_feed",
    "inspect_show",
    "is_feed",
    "read_feed_bytes",
]
