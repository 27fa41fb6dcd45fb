"""Show, items and teasers to whole HTML pages."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from publisher.model import Chapter, Correction, Edition, FeedSettings, Item, Link, Person, Show, Teaser
from publisher.site.addresses import content_policy, feed_address, from_page, web_address
from publisher.site.assets import asset_key
from publisher.site.reading import paragraphs
from publisher.templates import Templates
from publisher.timecodes import format_clock, format_seconds
from publisher.transcripts import Transcript

INDEX_KEY = "index.html"
CORRECTIONS_KEY = "corrections.html"
_FILE_KINDS = {
    "application/json": "JSON",
    "application/x-subrip": "SRT",
    "text/html": "HTML",
    "text/plain": "TXT",
    "text/vtt": "WebVTT",
}
_DESCRIPTION_LETTERS = 300


def episode_key(slug: str) -> str:
    """Return the key under which an episode's page is published."""
    return f"episodes/{slug}.html"


def render_show_page(
    show: Show,
    feed: FeedSettings,
    episodes: Iterable[Teaser],
    templates: Templates,
    *,
    cover_url: str | None = None,
    edition: Edition | None = None,
) -> bytes:
    """Render the show's page, `index.html`: what it is, how to subscribe, its episodes newest first.

    Raises:
        SourceError: a template of the show has a mistake.
    """
    newest_first = sorted(episodes, key=lambda each: each.date, reverse=True)
    lines = [render_teaser(show, each, templates, edition) for each in newest_first]
    return join_show_page(show, feed, lines, templates, cover_url=cover_url, edition=edition)


def render_teaser(show: Show, teaser: Teaser, templates: Templates, edition: Edition | None = None) -> str:
    """Render what the show's page says of one episode; it is kept until the episode changes.

    Raises:
        SourceError: a template of the show has a mistake.
    """
    each = _teaser(show, _prefix(edition) + INDEX_KEY, teaser)
    return templates.render("teaser.html", language=show.language, each=each).strip()


def join_show_page(
    show: Show,
    feed: FeedSettings,
    lines: Iterable[str],
    templates: Templates,
    *,
    cover_url: str | None = None,
    edition: Edition | None = None,
    has_corrections: bool = False,
) -> bytes:
    """Render the show's page from what it says of each episode, in their order.

    Raises:
        SourceError: a template of the show has a mistake.
    """
    return templates.render(
        "show.html",
        language=feed.language,
        **_frame(show, templates, edition, INDEX_KEY, cover_url),
        canonical=f"{show.base_url}{_prefix(edition)}{INDEX_KEY}",
        description=_shorten(show.description),
        feed_url=feed_address(show, feed),
        episodes=list(lines),
        hosts=[_person(each) for each in show.hosts],
        funding=[(web_address(each.url), each.text) for each in show.funding],
        corrections=CORRECTIONS_KEY if has_corrections else None,
    ).encode()


def render_corrections(show: Show, item: Item, templates: Templates, edition: Edition | None = None) -> str:
    """Render what the page of all corrections says of one episode; nothing where nothing was wrong.

    Raises:
        SourceError: a template of the show has a mistake.
    """
    if not item.episode.corrections:
        return ""
    key = _prefix(edition) + CORRECTIONS_KEY
    latest_first = sorted(item.episode.corrections, key=lambda each: each.date, reverse=True)
    return templates.render(
        "corrected.html",
        language=show.language,
        title=item.episode.title,
        href=from_page(show, key, item.page_url),
        corrections=[_correction(each, from_page(show, key, item.audio_url)) for each in latest_first],
    ).strip()


def join_corrections_page(
    show: Show,
    parts: Iterable[str],
    templates: Templates,
    *,
    cover_url: str | None = None,
    edition: Edition | None = None,
) -> bytes:
    """Render the page of all corrections from what `render_corrections` says of each episode.

    Raises:
        SourceError: a template of the show has a mistake.
    """
    return templates.render(
        "corrections.html",
        language=show.language,
        **_frame(show, templates, edition, CORRECTIONS_KEY, cover_url),
        canonical=f"{show.base_url}{_prefix(edition)}{CORRECTIONS_KEY}",
        description=_shorten(show.description),
        episodes=list(parts),
    ).encode()


def render_episode_page(
    show: Show,
    item: Item,
    templates: Templates,
    *,
    transcript: Transcript | None = None,
    cover_url: str | None = None,
    earlier: Teaser | None = None,
    later: Teaser | None = None,
    edition: Edition | None = None,
) -> bytes:
    """Render an episode's page, published under `episode_key`: player, chapters, notes, people, transcript.

    `cover_url` is the show's, for an episode without a cover of its own.

    Raises:
        SourceError: a template of the show has a mistake.
    """
    episode, bare_key = item.episode, episode_key(item.episode.slug)
    key = _prefix(edition) + bare_key
    audio = from_page(show, key, item.audio_url)
    seconds = item.enclosure.duration_ms // 1000
    return templates.render(
        "episode.html",
        language=show.language,
        **_frame(show, templates, edition, bare_key, item.cover_url or cover_url, item.audio_url),
        canonical=item.page_url,
        description=_shorten(episode.summary),
        episode=episode,
        explicit=show.explicit if episode.explicit is None else episode.explicit,
        day=_local_day(show, episode.date),
        audio=audio,
        audio_url=item.audio_url,
        media_type=item.enclosure.media_type,
        file_kind=item.audio_url.rpartition(".")[2].upper(),
        megabytes=f"{item.enclosure.bytes / 1_000_000:.1f}",
        further=_further(show, key, item),
        minutes=_minutes(item.enclosure.duration_ms),
        iso_duration=f"PT{seconds}S",
        chapters=[_chapter(each, audio) for each in episode.chapters if each.toc],
        notes=item.notes.page_html if item.notes.below_html is None else item.notes.below_html,
        corrections=[_correction(each, audio) for each in episode.corrections],
        people=[_person(each) for each in episode.people],
        transcript=_transcript(transcript, audio),
        transcript_language=transcript.language if transcript else None,
        transcript_files=[_file(show, key, each) for each in item.transcripts],
        licence=_licence(show, item),
        earlier=_teaser(show, key, earlier) if earlier else None,
        later=_teaser(show, key, later) if later else None,
    ).encode()


def _frame(
    show: Show,
    templates: Templates,
    edition: Edition | None,
    bare_key: str,
    cover_url: str | None,
    *media: str,
) -> dict[str, Any]:
    """Gather what the layout around every page needs; `bare_key` is the page's in the show's own language."""
    edition = edition or Edition(show.language, original=show.language)
    key = edition.prefix + bare_key
    return {
        "show": show,
        "home": from_page(show, key, f"{show.base_url}{edition.prefix}{INDEX_KEY}"),
        "website": web_address(show.link) if show.link != f"{show.base_url}{INDEX_KEY}" else None,
        "feeds": [(feed_address(show, each), each.language) for each in show.feeds],
        "original": edition.original,
        "other_languages": [
            {
                "tag": tag,
                "name": templates.words(tag).name,
                "url": f"{show.base_url}{prefix}{bare_key}",
                "href": from_page(show, key, f"{show.base_url}{prefix}{bare_key}"),
            }
            for tag, prefix in edition.others
        ],
        "cover": from_page(show, key, cover_url) if cover_url else None,
        "cover_url": cover_url,
        "stylesheet": from_page(show, key, show.base_url + asset_key(templates, "site.css")),
        "script": from_page(show, key, show.base_url + asset_key(templates, "player.js")),
        "policy": content_policy(show, cover_url, *media),
    }


def _prefix(edition: Edition | None) -> str:
    return edition.prefix if edition else ""


def _teaser(show: Show, key: str, teaser: Teaser) -> dict[str, object]:
    return {
        "title": teaser.title,
        "href": from_page(show, key, teaser.page_url),
        "summary": teaser.summary,
        "day": _local_day(show, teaser.date),
        "minutes": _minutes(teaser.duration_ms),
        "iso_duration": f"PT{teaser.duration_ms // 1000}S",
        "type": teaser.type,
        "season": teaser.season,
        "number": teaser.number,
    }


def _correction(correction: Correction, audio: str) -> dict[str, object]:
    at_ms = correction.at_ms
    return {
        "date": correction.date,
        "text": correction.text,
        "clock": None if at_ms is None else format_clock(at_ms),
        "seconds": None if at_ms is None else format_seconds(at_ms),
        "href": None if at_ms is None else f"{audio}#t={format_seconds(at_ms)}",
    }


def _chapter(chapter: Chapter, audio: str) -> dict[str, object]:
    return {
        "title": chapter.title,
        "clock": format_clock(chapter.start_ms),
        "seconds": format_seconds(chapter.start_ms),
        "href": f"{audio}#t={format_seconds(chapter.start_ms)}",
        "url": web_address(chapter.url),
    }


def _transcript(transcript: Transcript | None, audio: str) -> list[dict[str, object]]:
    return [
        {
            "speaker": each.speaker,
            "text": each.text,
            "clock": None if each.start_ms is None else format_clock(each.start_ms),
            "seconds": None if each.start_ms is None else format_seconds(each.start_ms),
            "href": None if each.start_ms is None else f"{audio}#t={format_seconds(each.start_ms)}",
        }
        for each in (paragraphs(transcript) if transcript else ())
    ]


def _person(person: Person) -> dict[str, object]:
    return {"name": person.name, "role": person.role, "href": web_address(person.href)}


def _further(show: Show, key: str, item: Item) -> list[dict[str, str]]:
    """Return the same audio in further formats."""
    return [
        {
            "href": from_page(show, key, url),
            "kind": url.rpartition(".")[2].upper(),
            "megabytes": f"{each.bytes / 1_000_000:.1f}",
        }
        for url, each in zip(item.alternate_urls, item.enclosure.alternates, strict=True)
    ]


def _file(show: Show, key: str, link: Link) -> tuple[str, str]:
    return from_page(show, key, link.url), _FILE_KINDS.get(link.type.partition(";")[0], link.type)


def _licence(show: Show, item: Item) -> tuple[str, str | None] | None:
    licence = item.episode.licence or show.licence
    return (licence.identifier, web_address(licence.url)) if licence else None


def _local_day(show: Show, instant: datetime) -> date:
    return instant.astimezone(ZoneInfo(show.timezone)).date()


def _minutes(milliseconds: int) -> int:
    return (milliseconds + 30_000) // 60_000


def _shorten(text: str) -> str:
    """Cut a description for search engines and previews at a word."""
    text = " ".join(text.split())
    if len(text) <= _DESCRIPTION_LETTERS:
        return text
    return text[:_DESCRIPTION_LETTERS].rpartition(" ")[0] + "…"
