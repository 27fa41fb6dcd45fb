"""What is live beside what would be, to a refusal that names every episode listeners would suffer over."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from publisher.errors import GuardError, Problem
from publisher.model import Channel, PublishedItem
from publisher.plan import refusals

_UNKNOWN_CHANNEL = Channel()
_FEW = 1  # so many episodes may leave at once
_SHARE = 10  # or one in so many; more looks like a mistake


class PlanRefusedError(GuardError):
    """Guards stopped a plan; holds everything that each of them found."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__(problems[0].message, hint=problems[0].hint)
        self._problems = tuple(problems)

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Every problem, feed by feed."""
        return self._problems


@dataclass(frozen=True, slots=True)
class Allowed:
    """What a person named to pass a guard: guids, the number of episodes left, or a change of the show.

    `withdrawn` are the guids that the sources themselves have withdrawn and keep reserved. `held` allows
    nothing: it are those that the sources have as a draft or for a time to come, so that this can be said.
    """

    remove: frozenset[str] = frozenset()
    replace_audio: frozenset[str] = frozenset()
    change_guid: frozenset[str] = frozenset()
    move_date: frozenset[str] = frozenset()
    early: frozenset[str] = frozenset()
    shrink_to: int | None = None
    show_title: bool = False
    categories: bool = False
    base_url: bool = False
    drop_feed: frozenset[str] = frozenset()
    withdrawn: frozenset[str] = frozenset()
    held: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class FeedState:
    """What one feed says: its items, and what directories list the show under."""

    items: tuple[PublishedItem, ...]
    channel: Channel = _UNKNOWN_CHANNEL


def guard(
    before: Mapping[str, FeedState],
    after: Mapping[str, FeedState],
    allowed: Allowed,
    now: datetime | None = None,
    dropped: Iterable[str] = (),
) -> None:
    """Compare each feed, by its key, with what is live; refuse what nobody allowed by name.

    `dropped` are the keys of feeds that were published here and are no longer made.

    Raises:
        PlanRefusedError: an episode would vanish, come early, or change its guid, audio or date; many would
            leave at once; the feed would be empty or left alone; the show would change its title or category.
    """
    problems: dict[Problem, None] = {}  # a set that keeps the order: two feeds may tell the same
    problems.update((refusals.dropped(key), None) for key in sorted({*dropped} - allowed.drop_feed))
    for feed, state in after.items():
        there = before.get(feed, FeedState(()))
        found = [*_guard_items(feed, there.items, state.items, allowed)]
        found += _guard_times(there.items, state.items, allowed, now)
        found += _guard_channel(there.channel, state.channel, allowed)
        problems.update(dict.fromkeys(found))
    if problems:
        raise PlanRefusedError(tuple(problems))


def guard_guids(
    committed: Mapping[str, tuple[PublishedItem, ...]],
    after: Mapping[str, tuple[PublishedItem, ...]],
    allowed: Allowed,
) -> None:
    """Compare the guids of each feed with those that a committed feed knew, where nothing is live to ask.

    Raises:
        PlanRefusedError: an episode would change its guid.
    """
    problems: dict[Problem, None] = {}
    for feed, before in committed.items():
        heirs, now = _heirs(before, after.get(feed, ())), {item.guid for item in after.get(feed, ())}
        for item in before:
            heir = next((heirs[mark] for mark in _marks(item) if mark in heirs), None)
            if heir and item.guid not in now | allowed.change_guid | allowed.withdrawn:
                problems[refusals.other_guid(item, heir)] = None
    if problems:
        raise PlanRefusedError(tuple(problems))


def audio_changed(before: PublishedItem, after: PublishedItem) -> bool:
    """Tell whether apps would see another audio file; what one side doesn't know, it doesn't contradict."""
    return (
        before.audio_url != after.audio_url
        or _differ(before.audio_bytes, after.audio_bytes)
        or _differ(before.audio_sha256, after.audio_sha256)
    )


def audio_moved(before: PublishedItem, after: PublishedItem) -> bool:
    """Tell whether it is only the address before the file's name that changed: the name holds its digest."""
    return (
        before.audio_url.rpartition("/")[2] == after.audio_url.rpartition("/")[2]
        and not _differ(before.audio_bytes, after.audio_bytes)
        and not _differ(before.audio_sha256, after.audio_sha256)
    )


def date_changed(before: PublishedItem, after: PublishedItem) -> bool:
    """Tell whether an episode would have come out at another moment, however the dates are written."""
    return before.date != after.date and _instant(before.date) != _instant(after.date)


def _guard_items(
    feed: str, before: Sequence[PublishedItem], after: Sequence[PublishedItem], allowed: Allowed
) -> Iterator[Problem]:
    if before and not after:
        yield Problem(
            f"{feed} would have no episode left; live are {refusals.names(before)}",
            hint="a published feed keeps at least one episode; is this the right folder and branch?",
        )
        return
    now = {item.guid: item for item in after}
    heirs = _heirs(before, after)
    may_go = allowed.remove | allowed.withdrawn
    is_named = True
    moved: list[tuple[PublishedItem, PublishedItem]] = []
    for item in before:
        if item.guid in now:
            if audio_changed(item, now[item.guid]) and item.guid not in allowed.replace_audio:
                if audio_moved(item, now[item.guid]):
                    moved.append((item, now[item.guid]))
                else:
                    yield refusals.other_audio(item, now[item.guid])
            continue
        heir = next((heirs[mark] for mark in _marks(item) if mark in heirs), None)
        if heir and item.guid not in allowed.withdrawn | allowed.change_guid:
            is_named = False
            yield refusals.other_guid(item, heir)
        elif not heir and item.guid not in may_go:
            is_named = False
            yield refusals.vanished(item, is_held=item.guid in allowed.held)
    if moved and not allowed.base_url:
        yield refusals.moved_audio(moved)
    falls = len(before) - len(after)
    if is_named and falls > max(_FEW, len(before) // _SHARE) and allowed.shrink_to != len(after):
        yield Problem(
            f"{falls} of {len(before)} episodes would leave {feed} at once; {len(after)} would be left",
            hint=f"if that is meant, say how many are left: --shrink-to {len(after)}",
        )


def _heirs(
    before: Sequence[PublishedItem], after: Sequence[PublishedItem]
) -> dict[tuple[str, ...], PublishedItem]:
    """Return the episodes with new guids by everything that an older one may be known by."""
    known = {item.guid for item in before}
    return {mark: item for item in reversed(after) if item.guid not in known for mark in _marks(item)}


def _guard_times(
    before: Sequence[PublishedItem],
    after: Sequence[PublishedItem],
    allowed: Allowed,
    now: datetime | None,
) -> Iterator[Problem]:
    """Find dates that move, and episodes whose time has not come."""
    then = {item.guid: item for item in before}
    for item in after:
        old = then.get(item.guid)
        if old and date_changed(old, item) and item.guid not in allowed.move_date:
            yield Problem(
                f'the date of "{item.title}" would move from {old.date or "none"} to {item.date or "none"}; '
                "apps would sort it elsewhere, and some would announce it again",
                hint="write the old date back in its episode.md, or move it on purpose with "
                f"--move-date {item.guid}",
            )
        moment = _instant(item.date)
        if old is None and now and moment and moment > now and item.guid not in allowed.early:
            yield Problem(
                f"an episode whose time has not come would be made public: it is due at {item.date}, and by "
                f"the storage's clock it is {now.astimezone(UTC).isoformat(timespec='seconds')}",
                hint=f"wait, or check this computer's clock; to publish it now: --early {item.guid}",
            )


def _guard_channel(before: Channel, after: Channel, allowed: Allowed) -> Iterator[Problem]:
    """Find what directories would list the show anew for."""
    if _differ(before.title, after.title) and not allowed.show_title:
        yield Problem(
            f'the title of the show would change from "{before.title}" to "{after.title}"; '
            "is this the right show and target?",
            hint="if it is meant: --change-show-title",
        )
    if _differ(before.categories, after.categories) and not allowed.categories:
        yield Problem(
            f"the categories of the show would change from {', '.join(before.categories)} to "
            f"{', '.join(after.categories)}; directories would list it elsewhere",
            hint="if it is meant: --change-categories",
        )


def _marks(item: PublishedItem) -> Iterator[tuple[str, ...]]:
    """Yield what makes an episode the same one, whatever its guid: its audio, or its title and date."""
    yield ("url", item.audio_url)
    if item.audio_sha256:
        yield ("sha256", item.audio_sha256)
    yield ("title", item.title, item.date)


def _differ(before: object, after: object) -> bool:
    return bool(before) and bool(after) and before != after


def _instant(date: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(date)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
