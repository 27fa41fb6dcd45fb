"""Items of one or several episodes into what a guide for a conversation says of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from publisher.guide.agenda import MEETINGS_MINUTES, Agenda, Stretch, find_stretches, plan_meeting
from publisher.guide.squares import Squares, draw_squares
from publisher.model import Item, Person, Show
from publisher.notes.resources import Listed, listed
from publisher.translations import Words

_MOST_STRETCHES = 14
"""More passages than this would fill the pages; the marked ones and the first ones stay."""


@dataclass(frozen=True, slots=True)
class GuideEpisode:
    """One episode of a guide; `untranslated` names the fields that are in the show's own language."""

    title: str
    summary: str
    page_url: str
    squares: Squares
    day: date
    minutes: int
    people: tuple[Person, ...]
    untranslated: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Guide:
    """Everything on the pages, for readers of `language`; `original` is the language of the episodes."""

    show: Show
    language: str
    original: str
    title: str
    episodes: tuple[GuideEpisode, ...]
    stretches: tuple[Stretch, ...]
    agendas: tuple[Agenda, ...]
    questions: tuple[str, ...]
    resources: tuple[Listed, ...]


def compose(
    show: Show, items: Sequence[Item], words: Words, *, title: str, language: str, original: str
) -> Guide:
    """Gather a guide; questions and resources are of all episodes, each once."""
    stretches = tuple(
        stretch
        for number, item in enumerate(items)
        for stretch in find_stretches(
            number,
            item.episode.title,
            item.episode.chapters,
            item.episode.soundbites,
            item.enclosure.duration_ms,
        )
    )
    return Guide(
        show=show,
        language=language,
        original=original,
        title=title,
        episodes=tuple(_episode(show, item) for item in items),
        stretches=_worth_playing(stretches),
        agendas=tuple(plan_meeting(minutes, stretches) for minutes in MEETINGS_MINUTES),
        questions=tuple(dict.fromkeys(asked for item in items for asked in item.episode.questions)),
        resources=listed((resource for item in items for resource in item.episode.resources), words),
    )


def _episode(show: Show, item: Item) -> GuideEpisode:
    episode = item.episode
    return GuideEpisode(
        title=episode.title,
        summary=episode.summary,
        page_url=item.page_url,
        squares=draw_squares(item.page_url),
        day=episode.date.astimezone(ZoneInfo(show.timezone)).date(),
        minutes=(item.enclosure.duration_ms + 30_000) // 60_000,
        people=episode.people,
        untranslated=episode.untranslated,
    )


def _worth_playing(stretches: Sequence[Stretch]) -> tuple[Stretch, ...]:
    kept = sorted(stretches, key=lambda each: not each.is_marked)[:_MOST_STRETCHES]
    return tuple(sorted(kept, key=lambda each: (each.episode, each.start_ms)))
