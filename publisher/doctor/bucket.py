"""A storage to whether it is safe to publish to: conditions, clock, versions, what broke off.

Nothing but one small object, `.publisher/probe`, is ever written.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from publisher.doctor.examined import Examined, ill
from publisher.errors import PublisherError
from publisher.publish.belonging import PROBE_KEY, no_conditions
from publisher.storage.protocol import Clocked, Described, StaleError, Storage

_SKEW_SECONDS = 120
_PROBE = b"written by `publisher doctor` to try conditional writes; of no further use\n"
_NO_SUCH_ETAG = f'"{"0" * 32}"'


def examine_storage(name: str, storage: Storage, now: datetime) -> Iterator[Examined]:
    """Try what publishing relies on; `now` is this computer's time."""
    if storage.has_conditions:
        yield _examine_conditions(f"{name}: conditional writes", storage)
    else:
        yield Examined(
            f"{name}: conditional writes",
            True,
            "not used (conditional_writes = false): only one person or machine may publish here",
        )
    there = storage.clock if isinstance(storage, Clocked) else None
    if there:
        ahead = abs((now - there).total_seconds())
        yield Examined(
            f"{name}: clock",
            ahead <= _SKEW_SECONDS,
            f"{ahead:.0f} s between this computer and the store",
            "set this computer's clock, best by turning on automatic time",
        )
    if isinstance(storage, Described):
        facts = storage.describe()
        yield Examined(
            f"{name}: versions",
            facts.keeps_versions is not False,
            _say(facts.keeps_versions, "the bucket keeps what is overwritten", "nothing overwritten is kept"),
            "turn on versioning of the bucket: it brings back what somebody overwrites or removes by hand",
        )
        left = facts.unfinished or 0
        yield Examined(
            f"{name}: unfinished uploads",
            facts.ends_unfinished is not False or not left,
            f"{left} from broken uploads; "
            + _say(facts.ends_unfinished, "a lifecycle rule ends them", "no lifecycle rule ends them"),
            "add a lifecycle rule that aborts incomplete multipart uploads after some days: "
            "their parts are paid for",
        )


def _examine_conditions(name: str, storage: Storage) -> Examined:
    """Write the probe twice where that is allowed, and twice where it must be refused."""
    try:
        found = storage.read(PROBE_KEY)
        try:
            first = _write(storage, found.etag if found else None)
            _write(storage, first)
        except StaleError:
            return Examined(
                name,
                False,
                "the store refuses to replace a file that is just the one expected",
                "use a store whose If-Match works, or a newer version of it",
            )
        for expected_etag in (None, _NO_SUCH_ETAG):
            try:
                _write(storage, expected_etag)
            except StaleError:
                continue
            return ill(name, no_conditions(storage.address))
    except PublisherError as error:
        return ill(name, error)
    return Examined(name, True, f"the store keeps to them (tried with {PROBE_KEY})")


def _write(storage: Storage, expected_etag: str | None) -> str:
    return storage.swap(
        PROBE_KEY, _PROBE, expected_etag=expected_etag, content_type="text/plain", cache_control="no-store"
    )


def _say(known: bool | None, yes: str, no: str) -> str:
    return "not permitted to look" if known is None else yes if known else no
