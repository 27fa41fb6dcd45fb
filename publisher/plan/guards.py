"""What is live beside what would be, to a refusal that names every episode listeners would suffer over."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from publisher.errors import GuardError, Problem
from publisher.model import PublishedItem


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
    """The guids that a person named to pass a guard."""

    remove: frozenset[str] = frozenset()
    replace_audio: frozenset[str] = frozenset()


def guard(
    before: Mapping[str, tuple[PublishedItem, ...]],
    after: Mapping[str, tuple[PublishedItem, ...]],
    allowed: Allowed,
) -> None:
    """Compare the items of each feed by key, and refuse what nobody allowed by name.

    Raises:
        PlanRefusedError: an episode would vanish, change its guid or its audio, or the feed would be empty.
    """
    problems: dict[Problem, None] = {}  # a set that keeps the order: two feeds may tell the same
    for feed, items in before.items():
        problems.update(dict.fromkeys(_guard_feed(feed, items, after.get(feed, ()), allowed)))
    if problems:
        raise PlanRefusedError(tuple(problems))


def audio_changed(before: PublishedItem, after: PublishedItem) -> bool:
    """Tell whether apps would see another audio file; what one side doesn't know, it doesn't contradict."""
    return (
        before.audio_url != after.audio_url
        or _differ(before.audio_bytes, after.audio_bytes)
        or _differ(before.audio_sha256, after.audio_sha256)
    )


def _guard_feed(
    feed: str, before: Sequence[PublishedItem], after: Sequence[PublishedItem], allowed: Allowed
) -> Iterator[Problem]:
    if before and not after:
        yield Problem(
            f"{feed} would have no episode left; live are {_names(before)}",
            hint="a published feed keeps at least one episode; is this the right folder and branch?",
        )
        return
    now = {item.guid: item for item in after}
    known = {item.guid for item in before}
    heirs = {mark: item for item in reversed(after) if item.guid not in known for mark in _marks(item)}
    for item in before:
        if item.guid in now:
            if audio_changed(item, now[item.guid]) and item.guid not in allowed.replace_audio:
                yield _audio_problem(item, now[item.guid])
        elif item.guid not in allowed.remove:
            heir = next((heirs[mark] for mark in _marks(item) if mark in heirs), None)
            yield _guid_problem(item, heir) if heir else _vanished_problem(item)


def _vanished_problem(item: PublishedItem) -> Problem:
    return Problem(
        f'the episode "{item.title}" is live but not in this folder; it would vanish from podcast apps',
        hint=f"get it back (is this the newest state?), or take it out on purpose with --remove {item.guid}",
    )


def _guid_problem(item: PublishedItem, heir: PublishedItem) -> Problem:
    return Problem(
        f'the guid of "{item.title}" would change from {item.guid} to {heir.guid}; '
        "every subscriber would get the episode a second time",
        hint=f"write guid: {item.guid} in its episode.md; a published guid stays for ever",
    )


def _audio_problem(before: PublishedItem, after: PublishedItem) -> Problem:
    return Problem(
        f'the audio of "{before.title}" would change from {before.audio_url} ({before.audio_bytes} bytes) to '
        f"{after.audio_url} ({after.audio_bytes} bytes); subscribers may download it again",
        hint="bring back its audio.lock if that was not wanted, or replace the audio on purpose with "
        f"--replace-audio {before.guid}",
    )


def _marks(item: PublishedItem) -> Iterator[tuple[str, ...]]:
    """Yield what makes an episode the same one, whatever its guid: its audio, or its title and date."""
    yield ("url", item.audio_url)
    if item.audio_sha256:
        yield ("sha256", item.audio_sha256)
    yield ("title", item.title, item.date)


def _differ(before: object, after: object) -> bool:
    return bool(before) and bool(after) and before != after


def _names(items: Sequence[PublishedItem]) -> str:
    return ", ".join(f'"{item.title}"' for item in items)
