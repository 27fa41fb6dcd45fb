"""A feed's address into the guid that the podcast namespace derives from it."""

from __future__ import annotations

import uuid

FRESH_GUID = "{a fresh guid}"
"""Stands in a fix where a guid is made at the moment of fixing; it is never the same twice."""

_FEED_NAMESPACE = uuid.UUID("ead4c236-bf58-58c6-a2c6-a6b28d128cb6")  # podcast namespace, page "guid"


def feed_guid(base_url: str, feed: str) -> str:
    """Return the podcast:guid of a feed: UUIDv5 of its address without scheme and trailing slashes."""
    return guid_of_address(f"{base_url.rstrip('/')}/{feed}.xml")


def guid_of_address(address: str) -> str:
    """Return the podcast:guid that the namespace derives from a whole address."""
    return str(uuid.uuid5(_FEED_NAMESPACE, address.partition("://")[2].rstrip("/")))
