"""A feed that has changed to a word to its WebSub hub, which tells apps to fetch it at once."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlencode

from publisher.fetch import Asking, FetchError, fetch

_TIMEOUT_SECONDS = 5.0


def notify(hubs: Sequence[tuple[str, str]], allowed: tuple[str, ...] = ()) -> tuple[str, ...]:
    """Ping the hub of each feed, given as `(hub, address of the feed)`; return what went wrong, in words.

    WebSub 1.0, section 4. Nothing here can fail a publish: the feed is live, and apps find it in time.
    """
    warnings = []
    for hub, topic in hubs:
        body = urlencode({"hub.mode": "publish", "hub.topic": topic, "hub.url": topic}).encode()
        asking = Asking(
            method="POST",
            headers={"Content-Type": "application/x-www-form-urlencoded"},
            body=body,
            timeout_s=_TIMEOUT_SECONDS,
            allowed=allowed,
        )
        try:
            answer = fetch(hub, asking)
        except FetchError as error:
            warnings.append(f"the hub {hub} was not told: {error.message}")
            continue
        if not 200 <= answer.status < 300:
            warnings.append(f"the hub {hub} answered {answer.status} {answer.reason}")
    return tuple(warnings)
