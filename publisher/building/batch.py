"""Many episodes into everything that is published of them, stage by stage.

Episode by episode would take a quarter longer: a processor keeps the code of one stage at hand, not of all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from publisher.building.making import (
    PreparedItem,
    Workshop,
    locked_enclosure,
    make_item,
    read_episode,
    state_of_episode,
    teaser_of,
    write_output,
)
from publisher.building.memory import Made, Output, pack
from publisher.errors import Problem, SourceError
from publisher.feed.rss import render_item
from publisher.model import Alternate, Enclosure, Episode
from publisher.site import episode_key, render_episode_page, render_teaser


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
    workshop: Workshop, episodes: Iterable[Episode], settled: Mapping[str, Enclosure]
) -> tuple[list[MadeEpisode], list[Problem]]:
    """Make sidecars and pages in `build/`, and feed items; return every problem of what cannot be made.

    The audio facts that are not `settled` come from the locks; an episode that is not public needs none.
    """
    jobs = [
        _Job(number, episode, state_of_episode(episode, workshop.now), settled.get(episode.slug))
        for number, episode in enumerate(episodes)
    ]
    problems: list[tuple[int, tuple[Problem, ...]]] = []
    for stage in _STAGES:
        going = []
        for job in jobs:
            try:
                stage(workshop, job)
                going.append(job)
            except SourceError as error:
                problems.append((job.number, error.problems))
        jobs = going
    in_order = [problem for _, found in sorted(problems, key=lambda each: each[0]) for problem in found]
    return [_made(job) for job in jobs], in_order


@dataclass(slots=True)
class _Job:
    """An episode on its way through the stages."""

    number: int
    episode: Episode
    state: str
    enclosure: Enclosure | None
    prepared: PreparedItem | None = None
    page: bytes = b""
    teaser: str = ""
    outputs: list[Output] = field(default_factory=list)
    items: dict[str, bytes] = field(default_factory=dict)


def _find_audio(workshop: Workshop, job: _Job) -> None:
    if job.state == "public" and job.enclosure is None:
        job.enclosure = locked_enclosure(workshop, job.episode)


def _prepare(workshop: Workshop, job: _Job) -> None:
    if job.state == "public" and job.enclosure:
        job.prepared = make_item(workshop, job.episode, job.enclosure)
        files: tuple[Enclosure | Alternate, ...] = (job.enclosure, *job.enclosure.alternates)
        audio = [Output(each.key, each.sha256, each.bytes) for each in files]
        job.outputs = [*audio, *job.prepared.sidecars]


def _render_page(workshop: Workshop, job: _Job) -> None:
    if workshop.writes and job.prepared:
        cover_url = f"{workshop.show.base_url}{workshop.cover.key}"
        job.page = render_episode_page(
            workshop.show,
            job.prepared.item,
            workshop.templates,
            transcript=job.prepared.transcript,
            cover_url=cover_url,
        )


def _write_page(workshop: Workshop, job: _Job) -> None:
    if job.page:
        job.outputs.append(write_output(workshop, episode_key(job.episode.slug), job.page))


def _render_teaser(workshop: Workshop, job: _Job) -> None:
    if workshop.writes and job.prepared:
        job.teaser = render_teaser(workshop.show, teaser_of(job.prepared.item), workshop.templates)


def _render_items(workshop: Workshop, job: _Job) -> None:
    if job.prepared:
        item, show = job.prepared.item, workshop.show
        job.items = {feed.name: render_item(show, feed, item) for feed in show.feeds}


_STAGES: tuple[Callable[[Workshop, _Job], None], ...] = (
    _find_audio,
    _prepare,
    _render_page,
    _write_page,
    _render_teaser,
    _render_items,
)


def _made(job: _Job) -> MadeEpisode:
    episode = job.episode
    made = Made(
        slug=episode.slug,
        guid=episode.guid,
        title=episode.title,
        date=episode.date.isoformat(),
        season=episode.season,
        number=episode.number,
        state=job.state,
        teaser=job.teaser,
        packed=pack(job.enclosure, job.outputs),
    )
    return MadeEpisode(made, job.items)
