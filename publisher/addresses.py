"""A web address to the same address without what only tells advertisers who followed it."""

from __future__ import annotations

import re
from urllib.parse import unquote

_TRACKING = re.compile(
    r"utm_\w+|fbclid|gclid|gbraid|wbraid|dclid|msclkid|yclid|twclid|ttclid|li_fat_id|igshid|mc_[ce]id"
    r"|_hs(?:enc|mi)|mkt_tok|vero_id|oly_(?:anon|enc)_id|s_cid|rb_clickid|wickedid",
    re.IGNORECASE,
)


def tracking_parameters(address: str) -> tuple[str, ...]:
    """Return the names of the tracking parameters in the query of an address, in their order."""
    query = address.partition("#")[0].partition("?")[2]
    names = (unquote(part.partition("=")[0]) for part in query.split("&"))
    return tuple(name for name in names if _TRACKING.fullmatch(name))


def without_tracking(address: str) -> str:
    """Take the tracking parameters off an address; every other character stays as it is."""
    front, mark, fragment = address.partition("#")
    start, _, query = front.partition("?")
    parts = query.split("&")
    kept = [part for part in parts if not _TRACKING.fullmatch(unquote(part.partition("=")[0]))]
    if len(kept) == len(parts):
        return address
    return start + ("?" + "&".join(kept) if kept else "") + mark + fragment
