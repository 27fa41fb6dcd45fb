"""A storage to whose show it is for: another show's place is never published into by mistake."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from itertools import islice

from publisher.errors import GuardError, PublisherError, SurroundingsError
from publisher.model import Live, Plan, PublishedItem, Step
from publisher.releases import RECORD_CACHE, RECORD_TYPE
from publisher.storage.protocol import StaleError, Storage

MARKER_KEY = ".publisher/show.json"
PROBE_KEY = ".publisher/probe"  # what doctor tries a storage with, most likely before the first publish
_SCHEMA = "publisher/marker/1"
_NO_SUCH_ETAG = f'"{"0" * 32}"'
_MARKED = "nobody notices anything: this place is marked as this show's"
_ADOPT = "if this is the right place, say so once with --adopt; else check the target in show.toml"


@dataclass(frozen=True, slots=True)
class Claim:
    """What the marker of a place shall say; `is_there` tells that it does, `etag` what is to be replaced.

    One that a person `asked` for is written even if there is nothing else to do.
    """

    data: bytes
    is_there: bool
    etag: str | None = None
    asked: bool = False

    def marked(self, plan: Plan) -> Plan:
        """Return a plan with the step that writes the marker, where it has work to do and there is none."""
        if self.is_there or (plan.is_empty and not self.asked):
            return plan
        steps = (Step("swap", MARKER_KEY, 0, "whose place this is"), *plan.steps)
        return replace(plan, steps=steps, impact=plan.impact or (_MARKED,))


def look_for_owner(
    storage: Storage,
    live: Live,
    items: tuple[PublishedItem, ...],
    *,
    guid: str,
    title: str,
    adopt: bool = False,
) -> Claim:
    """Find out whether a place is this show's, or free; one request, and a second where nothing is known.

    A place without a marker is this show's when its live feed shares an episode with `items`.

    Raises:
        GuardError: it is another show's, or holds something else, and nobody wants to `adopt` it.
    """
    data = f"{json.dumps({'guid': guid, 'schema': _SCHEMA, 'title': title}, ensure_ascii=False)}\n".encode()
    found = storage.read(MARKER_KEY)
    if found:
        owner = _read(found.data)
        if owner.get("guid") == guid:
            return Claim(found.data, is_there=True, etag=found.etag)
        if not adopt:
            raise GuardError(
                f"{storage.address} is the place of another show: {_name(owner)}, not {title} ({guid})",
                hint=_ADOPT,
            )
        return Claim(data, is_there=False, etag=found.etag, asked=True)
    if not adopt:
        _check_unmarked(storage, live, items)
    return Claim(data, is_there=False, asked=adopt)


def stake(claim: Claim, storage: Storage) -> None:
    """Write the marker where it is not, and see that the storage refuses what it must refuse.

    Two writes on conditions that are not fulfilled must not happen: without that, two people who publish at
    once could lose an episode. What they would write is what is there already.

    Raises:
        GuardError: another show took the place meanwhile.
        SurroundingsError: the storage does not keep to conditions.
    """
    try:
        _stake(claim, storage)
    except PublisherError as error:
        error.live_feed = "unchanged"
        raise


def _stake(claim: Claim, storage: Storage) -> None:
    if not claim.is_there:
        try:
            _write(storage, claim.data, claim.etag)
        except StaleError as error:
            now = storage.read(MARKER_KEY)
            if not now or _read(now.data).get("guid") != _read(claim.data).get("guid"):
                raise GuardError(
                    f"another show took {storage.address} at this moment", hint="run the same command again"
                ) from error
    if storage.has_conditions and not storage.lists_for_free:
        for expected_etag in (None, _NO_SUCH_ETAG):
            try:
                _write(storage, claim.data, expected_etag)
            except StaleError:
                continue
            raise no_conditions(storage.address)


def no_conditions(address: str) -> SurroundingsError:
    """Say that a storage would let two publishers overwrite each other."""
    return SurroundingsError(
        f"{address} does not keep to conditions: it overwrites a file although told not to, so two people "
        "who publish at once could lose an episode",
        hint="use a store with conditional writes (If-None-Match and If-Match); or, if only one person or "
        "machine ever publishes here, write conditional_writes = false under this target in show.toml",
    )


def _write(storage: Storage, data: bytes, expected_etag: str | None) -> None:
    storage.swap(
        MARKER_KEY, data, expected_etag=expected_etag, content_type=RECORD_TYPE, cache_control=RECORD_CACHE
    )


def _check_unmarked(storage: Storage, live: Live, items: tuple[PublishedItem, ...]) -> None:
    """Refuse a place without a marker where something else is."""
    if live.feeds:
        there = {item.guid for feed in live.feeds.values() for item in feed.items}
        if there and not there & {item.guid for item in items}:
            raise GuardError(
                f"{storage.address} has a feed of {len(there)} episodes, none of which is of this show",
                hint=_ADOPT,
            )
        return
    strange = (entry for entry in storage.list() if entry.key != PROBE_KEY)
    if live.record_etag is None and (others := list(islice(strange, 1))):
        raise GuardError(
            f"{storage.address} already holds files that are not of this show, such as {others[0].key}",
            hint=_ADOPT,
        )


def _read(data: bytes) -> dict[str, str]:
    """Return what a marker says, nothing when it is none."""
    try:
        content = json.loads(data)
    except (ValueError, RecursionError):
        return {}
    if not isinstance(content, dict) or content.get("schema") != _SCHEMA:
        return {}
    return {key: value for key, value in content.items() if isinstance(value, str)}


def _name(owner: dict[str, str]) -> str:
    return f"{owner['title']} ({owner['guid']})" if {"title", "guid"} <= owner.keys() else "an unreadable one"
