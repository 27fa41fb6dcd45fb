"""The chapters of episodes and the length of a meeting into what to do in it, minute by minute."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from publisher.model import Chapter, Soundbite

MEETINGS_MINUTES = (30, 60, 90)
_PLANS = {30: (3, 10, 7, 7, 3), 60: (5, 20, 15, 15, 5), 90: (10, 30, 20, 20, 10)}
"""Minutes to arrive, listen, talk in pairs, talk together, close: a third is for listening."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """A passage to play: a chapter, or where there are none the episode from its beginning.

    `is_marked` says that the author marked something in it as worth playing (a soundbite); `episode` counts
    the episodes of the guide from 0.
    """

    episode: int
    title: str
    start_ms: int
    end_ms: int
    is_marked: bool = False

    @property
    def length_ms(self) -> int:
        """Return how long it takes to play."""
        return self.end_ms - self.start_ms


@dataclass(frozen=True, slots=True)
class Agenda:
    """One meeting; `whole` says that there is time for the episodes from beginning to end."""

    minutes: int
    arrive: int
    listen: int
    pairs: int
    together: int
    close: int
    whole: bool
    stretches: tuple[Stretch, ...]


def find_stretches(
    episode: int, title: str, chapters: Sequence[Chapter], bites: Sequence[Soundbite], duration_ms: int
) -> tuple[Stretch, ...]:
    """Return an episode's passages in their order; silent chapters belong to the one before."""
    shown = [chapter for chapter in chapters if chapter.toc and chapter.start_ms < duration_ms]
    if not shown:
        return (Stretch(episode, title, 0, duration_ms, bool(bites)),)
    ends = [*(chapter.start_ms for chapter in shown[1:]), duration_ms]
    return tuple(
        Stretch(
            episode,
            chapter.title,
            chapter.start_ms,
            end,
            any(chapter.start_ms <= bite.start_ms < end for bite in bites),
        )
        for chapter, end in zip(shown, ends, strict=True)
    )


def plan_meeting(minutes: int, stretches: Sequence[Stretch]) -> Agenda:
    """Choose what to play in the time for listening: what the author marked first, then what comes first.

    They are played in the order of the episodes. What is too long for the meeting is played from its
    beginning, for as long as there is time.
    """
    arrive, listen, pairs, together, close = _PLANS[minutes]
    room_ms = listen * 60_000
    whole = sum(stretch.length_ms for stretch in stretches) <= room_ms
    chosen: list[Stretch] = []
    for stretch in sorted(stretches, key=lambda each: not each.is_marked):
        if stretch.length_ms <= room_ms:
            chosen.append(stretch)
            room_ms -= stretch.length_ms
    if not chosen and stretches:
        first = min(stretches, key=lambda each: not each.is_marked)
        end_ms = first.start_ms + listen * 60_000
        chosen = [Stretch(first.episode, first.title, first.start_ms, end_ms, first.is_marked)]
    chosen.sort(key=lambda each: (each.episode, each.start_ms))
    return Agenda(minutes, arrive, listen, pairs, together, close, whole, tuple(chosen))
