"""Items of one or several episodes to what an announcement says of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from publisher.announce.titles import common_title, hashtag, part_label
from publisher.model import Item, Person, Resource, Show
from publisher.notes.markdown import leads_somewhere
from publisher.notes.passages import Passage, Passages, passage_of, take_passages
from publisher.notes.resources import Listed, listed
from publisher.notes.sentences import first_sentence
from publisher.timecodes import format_clock
from publisher.translations import Words

_DESCRIPTION_LETTERS = 240


@dataclass(frozen=True, slots=True)
class Quote:
    """Words of the transcript that the episode marks as worth hearing on their own."""

    text: str
    speaker: str | None
    clock: str


@dataclass(frozen=True, slots=True)
class Announced:
    """One episode of an announcement; `label` is what tells it from the others, such as `Part I`."""

    slug: str
    title: str
    label: str
    summary: str
    page_url: str
    audio_url: str
    media_type: str
    day: date
    minutes: int
    season: int | None
    number: int | None
    quotes: tuple[Quote, ...] = ()


@dataclass(frozen=True, slots=True)
class Announcement:
    """What is said about episodes, and about the show that they are of, to readers of `language`.

    `content_language` is that of the episodes' own words. `hook` is one sentence; `figure` the paragraph of
    the opening whose numbers prove it.
    """

    show: Show
    language: str
    content_language: str
    title: str
    episodes: tuple[Announced, ...]
    people: tuple[Person, ...]
    hook: str
    description: str
    opening: tuple[Passage, ...]
    figure: Passage | None
    points: tuple[Passage, ...]
    closing: tuple[Passage, ...]
    resources: tuple[Listed, ...]
    questions: tuple[str, ...]
    hashtag: str
    cover_url: str
    feed_url: str
    website: str

    @property
    def first(self) -> Announced:
        """Return the episode that is to be heard first."""
        return self.episodes[0]


def announce(
    show: Show,
    items: Sequence[Item],
    catalogue: Mapping[str, Resource],
    words: Words,
    *,
    language: str,
    content_language: str,
    cover_url: str,
    feed_url: str,
    quotes: Mapping[str, tuple[Quote, ...]],
) -> Announcement:
    """Gather an announcement: the first episode opens it, points and resources are of all, each once."""
    titles = [item.episode.title for item in items]
    labels = [part_label(title, titles, words) for title in titles]
    parts = [take_passages(item.episode.notes, catalogue) for item in items]
    first, summary = parts[0], items[0].episode.summary
    opening = first.opening or ((passage_of(summary),) if summary else ())
    figure = next((each for each in opening if _has_bold_number(each)), None)
    text = " ".join(each.words for each in opening if each is not figure) or summary
    return Announcement(
        show=show,
        language=language,
        content_language=content_language,
        title=common_title(titles, words),
        episodes=tuple(
            _announced(show, item, part, label, quotes.get(item.episode.slug, ()))
            for item, part, label in zip(items, parts, labels, strict=True)
        ),
        people=_each_once(person for item in items for person in item.episode.people),
        hook=first_sentence(text),
        description=first_sentence(summary or text, _DESCRIPTION_LETTERS),
        opening=tuple(each for each in opening if each is not figure),
        figure=figure,
        points=_points(parts) or _chapters(items),
        closing=next((each.closing for each in parts if each.closing), ()),
        resources=listed((resource for item in items for resource in item.episode.resources), words),
        questions=tuple(dict.fromkeys(asked for item in items for asked in item.episode.questions)),
        hashtag=hashtag(show.title),
        cover_url=cover_url,
        feed_url=feed_url,
        website=show.link if leads_somewhere(show.link) else show.base_url,
    )


def _announced(show: Show, item: Item, part: Passages, label: str, quotes: tuple[Quote, ...]) -> Announced:
    episode = item.episode
    return Announced(
        slug=episode.slug,
        title=episode.title,
        label=label,
        summary=episode.summary or first_sentence(" ".join(each.words for each in part.opening)),
        page_url=item.page_url,
        audio_url=item.audio_url,
        media_type=item.enclosure.media_type,
        day=episode.date.astimezone(ZoneInfo(show.timezone)).date(),
        minutes=(item.enclosure.duration_ms + 30_000) // 60_000,
        season=episode.season,
        number=episode.number,
        quotes=quotes,
    )


def _points(parts: Sequence[Passages]) -> tuple[Passage, ...]:
    """Join the points of all episodes; one that begins in bold as an earlier one does says the same."""
    found: dict[str, Passage] = {}
    for part in parts:
        for point in part.points:
            found.setdefault((point.lead or point.words).casefold(), point)
    return tuple(found.values())


def _chapters(items: Sequence[Item]) -> tuple[Passage, ...]:
    """Where the notes have no list of points, the chapters say what is in one episode."""
    chapters = [each for each in items[0].episode.chapters if each.toc] if len(items) == 1 else []
    return tuple(passage_of(f"{format_clock(each.start_ms)} {each.title}") for each in chapters[:12])


def _has_bold_number(passage: Passage) -> bool:
    bold = [part.partition("</strong>")[0] for part in passage.html.split("<strong>")[1:]]
    return any(any(char.isdigit() for char in text) for text in bold)


def _each_once(people: Iterable[Person]) -> tuple[Person, ...]:
    return tuple({person.id: person for person in people}.values())
