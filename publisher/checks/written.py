"""What an author wrote about an episode into the little of it that is compared with other episodes."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from publisher.model import Episode, Waiver


class WrittenFacts(NamedTuple):
    """What rules on all episodes, the channel and waivers look at; kept, so that one edit reads one episode.

    A rule that compares more needs it here. `file` is where the episode is written.
    """

    slug: str
    title: str
    summary: str
    guid: str
    date: datetime
    season: int | None
    number: int | None
    draft: bool
    waivers: tuple[Waiver, ...]
    file: str


def written_facts(episode: Episode) -> WrittenFacts:
    """Take from an episode what is compared."""
    return WrittenFacts(
        slug=episode.slug,
        title=episode.title,
        summary=episode.summary,
        guid=episode.guid,
        date=episode.date,
        season=episode.season,
        number=episode.number,
        draft=episode.draft,
        waivers=episode.waivers,
        file=episode.source.file,
    )
