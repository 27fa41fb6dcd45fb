"""What was released, beside what a storage or the public web serves, to every difference."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

from publisher.fetch import Asking, FetchError, fetch
from publisher.files import digest_bytes
from publisher.publish.expected import Complaint, Expected, read_expected
from publisher.storage.protocol import Storage

_WORKERS = 8
_LIMIT_BYTES = 8 << 30
_TIMEOUT_SECONDS = 1800.0
_START_BYTES = 1024

OnProgress = Callable[[float, float], None]


@dataclass(frozen=True, slots=True)
class Verified:
    """What was looked at, and everything that is not as it was released."""

    release: str
    checked: int
    bytes: int
    complaints: tuple[Complaint, ...]


@dataclass(frozen=True, slots=True)
class Scope:
    """What to look at: `sample` files instead of all, chosen by `seed`; over the web with `base_url`.

    `types` are the media types by suffix; `allowed` are private networks that may be asked. `past` tells
    whether to look at what is kept of earlier releases, too.
    """

    types: Mapping[str, str]
    sample: int | None = None
    seed: str = ""
    base_url: str = ""
    allowed: tuple[str, ...] = ()
    past: bool = True


@dataclass(frozen=True, slots=True)
class _Looked:
    key: str
    bytes: int
    complaints: tuple[Complaint, ...]


def verify(
    storage: Storage,
    feed_keys: Iterable[str],
    scope: Scope,
    on_progress: OnProgress | None = None,
) -> Verified:
    """Compare what is live with what was released, several files at a time; nothing is written.

    The feeds, the records and what they say of each other are always looked at.

    Raises:
        SurroundingsError: the storage cannot be read at all.
        UsageError: nothing was published there.
    """
    expected = read_expected(storage, feed_keys)
    lengths = _lengths(expected)
    wanted = dict(_chosen(expected, scope))
    if scope.base_url:
        wanted |= {key: digest_bytes(data) for key, data in expected.feeds.items()}

        def look(pair: tuple[str, str]) -> _Looked:
            return _look_public(pair[0], pair[1], scope)
    else:

        def look(pair: tuple[str, str]) -> _Looked:
            return _look_stored(storage, pair[0], pair[1], scope.types)

    looked: list[_Looked] = []
    with ThreadPoolExecutor(_WORKERS) as pool:
        for each in pool.map(look, wanted.items()):
            looked.append(each)
            if on_progress:
                on_progress(len(looked), len(wanted))
    found = [*expected.complaints, *(complaint for each in looked for complaint in each.complaints)]
    found += _wrong_lengths(looked, lengths)
    return Verified(
        release=expected.release,
        checked=len(looked) + len(expected.feeds),
        bytes=sum(each.bytes for each in looked),
        complaints=tuple(
            replace(complaint, part="past") if expected.is_past(complaint.key) else complaint
            for complaint in dict.fromkeys(found)
            if scope.past or not expected.is_past(complaint.key)
        ),
    )


def _chosen(expected: Expected, scope: Scope) -> Iterator[tuple[str, str]]:
    """Yield the files to look at: all with their copies, or a sample of the live ones."""
    pairs = sorted(expected.objects.items())
    if scope.sample is not None:
        pairs.sort(key=lambda pair: digest_bytes(f"{scope.seed} {pair[0]}".encode()))
        pairs = pairs[: scope.sample]
    elif not scope.base_url:
        copies = sorted(expected.copies.items())
        pairs += [pair for pair in copies if scope.past or not expected.is_past(pair[0])]
    yield from pairs


def _lengths(expected: Expected) -> dict[str, int]:
    """Return what the feed says of the audio's size, by key."""
    sizes = {item.audio_sha256: item.audio_bytes for item in expected.items if item.audio_sha256}
    return {key: sizes[sha256] for key, sha256 in expected.objects.items() if sha256 in sizes}


def _wrong_lengths(looked: Sequence[_Looked], lengths: Mapping[str, int]) -> Iterator[Complaint]:
    for each in looked:
        wanted = lengths.get(each.key)
        if wanted is not None and each.bytes and each.bytes != wanted and not each.complaints:
            yield Complaint(each.key, f"the feed says {wanted} bytes, and it has {each.bytes}")


def _look_stored(storage: Storage, key: str, sha256: str, types: Mapping[str, str]) -> _Looked:
    found = storage.summarise(key)
    if found is None:
        return _Looked(key, 0, (Complaint(key, "it is gone"),))
    complaints = []
    if found.sha256 != sha256:
        complaints.append(Complaint(key, f"it has other bytes than were released ({found.bytes} bytes)"))
    wanted = _type_of(key, types)
    if wanted and found.content_type and found.content_type != wanted:
        complaints.append(Complaint(key, f"its type is {found.content_type} instead of {wanted}"))
    return _Looked(key, found.bytes, tuple(complaints))


def _look_public(key: str, sha256: str, scope: Scope) -> _Looked:
    """Ask for a file as an app does: whole, and, if it is audio, in part."""
    address = scope.base_url + key
    digest, size, start = hashlib.sha256(), 0, b""

    def take(piece: bytes) -> None:
        nonlocal size, start
        digest.update(piece)
        size += len(piece)
        start = start or piece[:_START_BYTES]

    asking = Asking(limit_bytes=_LIMIT_BYTES, timeout_s=_TIMEOUT_SECONDS, allowed=scope.allowed)
    try:
        answer = fetch(address, asking, take)
        if answer.status != 200:
            return _Looked(key, 0, (Complaint(key, f"{address} answers {answer.status} {answer.reason}"),))
        complaints = list(_wrong_answer(key, answer.headers, size, scope.types))
        if digest.hexdigest() != sha256:
            complaints.append(
                Complaint(key, f"{address} serves other bytes than were released ({size} bytes)")
            )
        elif key.startswith("audio/"):
            complaints += _wrong_range(key, address, start, size, scope.allowed)
    except FetchError as error:
        complaints = [Complaint(key, error.message)]
    return _Looked(key, size, tuple(complaints))


def _wrong_answer(
    key: str, headers: Mapping[str, str], size: int, types: Mapping[str, str]
) -> Iterator[Complaint]:
    wanted, found = _type_of(key, types), headers.get("content-type", "")
    if wanted and found.replace(" ", "").lower() != wanted.replace(" ", ""):
        yield Complaint(key, f"it is served as {found or 'nothing'} instead of {wanted}")
    length = headers.get("content-length")
    if length is not None and length != str(size):
        yield Complaint(key, f"it is announced with {length} bytes and has {size}")
    if key.startswith("audio/") and length is None:
        yield Complaint(key, "its length is not announced, so players cannot show where they are")
    if headers.get("content-encoding", "identity") != "identity":
        yield Complaint(key, f"it is served in the coding {headers['content-encoding']}")


def _wrong_range(
    key: str, address: str, start: bytes, size: int, allowed: tuple[str, ...]
) -> Iterator[Complaint]:
    """Ask for a part, as players do when somebody jumps."""
    first, last = len(start) // 2, len(start) - 1
    part = fetch(address, Asking(headers={"Range": f"bytes={first}-{last}"}, allowed=allowed))
    if part.status != 206:
        yield Complaint(key, f"asked for a part, the server answers {part.status}: nobody can jump in it")
    elif part.headers.get("content-range") != f"bytes {first}-{last}/{size}" or part.body != start[first:]:
        yield Complaint(key, "asked for a part, the server sends another one")


def _type_of(key: str, types: Mapping[str, str]) -> str:
    return types.get(f".{key.rpartition('.')[2]}", "")
