"""Many episodes into everything that is published of them, stage by stage.

Episode by episode would take a quarter longer: a processor keeps the code of one stage at hand, not of all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from publisher.building.making import item_of, make_notes, make_sidecars, teaser_of
from publisher.building.memory import Made, Output, pack
from publisher.building.reading import (
    as_heard,
    fitting_transcript,
    lock_of,
    locked_enclosure,
    read_episode,
    state_of_episode,
)
from publisher.building.workshop import Workshop, say, workshops, write_output
from publisher.editions import is_same_language
from publisher.errors import Problem, SourceError
from publisher.feed.rss import render_item
from publisher.model import Alternate, Enclosure, Episode, Item, Notes
from publisher.site import episode_key, render_corrections, render_episode_page, render_teaser
from publisher.transcripts import Transcript


@dataclass(frozen=True, slots=True)
class MadeEpisode:
    """What was made of an episode, and its item in each feed; a draft or future episode has neither."""

    made: Made
    items: Mapping[str, bytes]


def read_episodes(workshop: Workshop, slugs: Iterable[str]) -> tuple[list[Episode], list[Problem]]:
    """Read episodes; return those without problems, and every problem of the others."""
    episodes: list[Episode] = []
    problems: list[Problem] = []
    for slug in slugs:
        try:
            episodes.append(read_episode(workshop, slug))
        except SourceError as error:
            problems.extend(error.problems)
    return episodes, problems


def make_episodes(
    workshop: Workshop, episodes: Sequence[Episode], settled: Mapping[str, Enclosure]
) -> tuple[list[MadeEpisode], list[Problem]]:
    """Make sidecars and pages in `build/`, and feed items; return every problem of what cannot be made.

    The audio facts that are not `settled`, by the names of their locks, come from the locks; an episode that
    is not public needs none.
    """
    jobs = []
    for place in workshops(workshop):
        for number, episode in enumerate(episodes):
            said, state = say(place, episode), state_of_episode(episode, workshop.now)
            jobs.append(_Job(number, place, said, state, settled.get(lock_of(said))))
    problems: list[tuple[int, tuple[Problem, ...]]] = []
    for stage in _STAGES:
        going = []
        for job in jobs:
            try:
                stage(job.workshop, job)
                going.append(job)
            except SourceError as error:
                problems.append((job.number, error.problems))
        jobs = going
    in_order = [problem for _, found in sorted(problems, key=lambda each: each[0]) for problem in found]
    by_episode: dict[int, list[_Job]] = {}
    for job in jobs:
        by_episode.setdefault(job.number, []).append(job)
    return [_made(editions) for editions in by_episode.values()], list(dict.fromkeys(in_order))


@dataclass(slots=True)
class _Job:
    """An episode in one language on its way through the stages; only a public one has an item."""

    number: int
    workshop: Workshop
    episode: Episode
    state: str
    enclosure: Enclosure | None
    transcript: Transcript | None = None
    sidecars: Mapping[str, Output] = field(default_factory=dict)
    notes: Notes | None = None
    item: Item | None = None
    page: bytes = b""
    page_output: tuple[Output, ...] = ()
    teaser: str = ""
    corrections: str = ""
    items: dict[str, bytes] = field(default_factory=dict)

    @property
    def outputs(self) -> tuple[Output, ...]:
        """Everything that was made of the episode."""
        if not (self.item and self.enclosure):
            return ()
        audio: tuple[Enclosure | Alternate, ...] = (self.enclosure, *self.enclosure.alternates)
        heard = (Output(each.key, each.sha256, each.bytes) for each in audio)
        return (*heard, *self.sidecars.values(), *self.page_output)


def _find_audio(workshop: Workshop, job: _Job) -> None:
    if job.state == "public" and job.enclosure is None:
        job.enclosure = locked_enclosure(workshop, job.episode)
    if job.state == "public" and job.enclosure:
        job.episode = as_heard(job.episode, job.enclosure)


def _read_transcript(workshop: Workshop, job: _Job) -> None:
    if job.state == "public" and job.enclosure:
        job.transcript = fitting_transcript(workshop, job.episode, job.enclosure)


def _make_sidecars(workshop: Workshop, job: _Job) -> None:
    if job.state == "public" and job.enclosure:
        job.sidecars = make_sidecars(workshop, job.episode, job.transcript)


def _render_notes(workshop: Workshop, job: _Job) -> None:
    if job.state == "public" and job.enclosure:
        job.notes = make_notes(workshop, job.episode)


def _complete(workshop: Workshop, job: _Job) -> None:
    if job.notes and job.enclosure:
        job.item = item_of(workshop, job.episode, job.enclosure, job.sidecars, job.notes)


def _render_page(workshop: Workshop, job: _Job) -> None:
    if workshop.writes and job.item:
        cover_url = f"{workshop.show.base_url}{workshop.cover.key}"
        job.page = render_episode_page(
            workshop.show,
            job.item,
            workshop.templates,
            transcript=job.transcript,
            cover_url=cover_url,
            edition=workshop.edition,
        )


def _write_page(workshop: Workshop, job: _Job) -> None:
    if job.page:
        key = f"{workshop.edition.prefix}{episode_key(job.episode.slug)}"
        job.page_output = (write_output(workshop, key, job.page),)


def _render_teaser(workshop: Workshop, job: _Job) -> None:
    if workshop.writes and job.item:
        show, edition = workshop.show, workshop.edition
        job.teaser = render_teaser(show, teaser_of(job.item), workshop.templates, edition)
        job.corrections = render_corrections(show, job.item, workshop.templates, edition)


def _render_items(workshop: Workshop, job: _Job) -> None:
    if job.item:
        show = workshop.show
        feeds = [feed for feed in show.feeds if is_same_language(feed.language, workshop.edition.language)]
        job.items = {feed.name: render_item(show, feed, job.item) for feed in feeds}


_STAGES: tuple[Callable[[Workshop, _Job], None], ...] = (
    _find_audio,
    _read_transcript,
    _make_sidecars,
    _render_notes,
    _complete,
    _render_page,
    _write_page,
    _render_teaser,
    _render_items,
)


def _made(editions: Sequence[_Job]) -> MadeEpisode:
    """Put together what was made of an episode in all its languages."""
    job = editions[0]
    episode = job.episode
    corrections = tuple(each.corrections for each in editions)
    made = Made(
        slug=episode.slug,
        guid=episode.guid,
        titles=tuple(each.episode.title for each in editions),
        date=episode.date.isoformat(),
        season=episode.season,
        number=episode.number,
        state=job.state,
        teasers=tuple(each.teaser for each in editions),
        corrections=corrections if any(corrections) else (),
        packed=pack(
            [each.enclosure for each in editions],
            dict.fromkeys(output for each in editions for output in each.outputs),
        ),
    )
    return MadeEpisode(made, {name: item for each in editions for name, item in each.items.items()})
