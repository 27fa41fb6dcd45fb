"""One episode of a show, in each of its languages, into its items and what rules say of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from publisher.audio.lock import read_lock
from publisher.building.making import PreparedItem, item_of, make_item, make_notes, make_sidecars
from publisher.building.reading import lock_of, read_episode, read_words
from publisher.building.workshop import Workshop, say
from publisher.checks.engine import Judge
from publisher.checks.judging import Judged, judge_own
from publisher.checks.own import OwnShow
from publisher.checks.written import WrittenFacts, written_facts
from publisher.episodes.folders import EPISODES_FOLDER
from publisher.errors import Problem, SourceError
from publisher.model import Enclosure, Episode, Item

_STAND_IN = Enclosure(
    master_sha256="",
    recipe="",
    key="",
    bytes=1,
    sha256="",
    media_type="audio/mpeg",
    duration_ms=60_000,
    sample_rate=44_100,
    channels=1,
    loudness_lufs=-16.0,
    true_peak_dbtp=-1.0,
    loudness_range_lu=5.0,
    master_loudness_lufs=-16.0,
    mode="gain",
    encoder="",
)
"""Stands where finished audio will be; rules that look at audio are told that there is none."""


class Edited(NamedTuple):
    """What is kept of an episode in one language: what it is compared by, and what rules say of it."""

    written: WrittenFacts
    is_finished: bool
    judged: Judged


@dataclass(frozen=True, slots=True)
class Made:
    """The item of an episode in one language, and where its transcript ends."""

    item: Item
    transcript_end_ms: int | None


@dataclass(frozen=True, slots=True)
class Seen:
    """An episode in every language, with its items if they are wanted, or why it cannot be read."""

    editions: tuple[Edited, ...] = ()
    items: tuple[Made, ...] = ()
    problems: tuple[Problem, ...] = ()


def see(
    editions: Sequence[tuple[Workshop, OwnShow]], judge: Judge, slug: str, *, with_items: bool = False
) -> Seen:
    """Read an episode and judge it in every language; its items are large, and only kept if asked for."""
    try:
        episode = read_episode(editions[0][0], slug)
        pairs = [_edition(workshop, own, episode, judge) for workshop, own in editions]
    except SourceError as error:
        return Seen(problems=error.problems)
    made = tuple(item for _, item in pairs) if with_items else ()
    return Seen(tuple(edited for edited, _ in pairs), made)


def _edition(workshop: Workshop, own: OwnShow, original: Episode, judge: Judge) -> tuple[Edited, Made]:
    episode = say(workshop, original)
    shown = f"{EPISODES_FOLDER}/{lock_of(episode)}"
    lock = read_lock(f"{workshop.root}/{shown}", shown)
    made = make_item(workshop, episode, lock) if lock else _unfinished(workshop, episode)
    end = max((cue.end_ms for cue in made.transcript.cues), default=0) if made.transcript else None
    unfinished = frozenset() if lock else frozenset({episode.slug})
    alone = replace(own, unfinished=unfinished, transcript_end=lambda _item: end)
    judged = judge_own(alone, made.item, judge)
    return Edited(written_facts(made.item.episode), lock is not None, judged), Made(made.item, end)


def _unfinished(workshop: Workshop, episode: Episode) -> PreparedItem:
    """Return the item of an episode without finished audio, whose audio is made up."""
    enclosure = replace(_STAND_IN, key=f"audio/{episode.slug}.mp3")
    transcript = read_words(workshop, episode)
    sidecars = make_sidecars(workshop, episode, transcript)
    item = item_of(workshop, episode, enclosure, sidecars, make_notes(workshop, episode))
    return PreparedItem(item, transcript, tuple(sidecars.values()))
