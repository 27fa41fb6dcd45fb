"""Show, items and teasers to whole HTML pages."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from publisher.model import Edition, FeedSettings, Item, Show, Teaser
from publisher.site.addresses import content_policy, feed_address, from_page, web_address
from publisher.site.assets import asset_key
from publisher.site.pieces import (
    chapter_values,
    correction_values,
    further_files,
    licence_of,
    local_day,
    minutes_of,
    named_file,
    person_values,
    shortened,
    spoken_paragraphs,
    teaser_values,
)
from publisher.templates import Templates
from publisher.transcripts import Transcript

INDEX_KEY = "index.html"
CORRECTIONS_KEY = "corrections.html"


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
    each = teaser_values(show, _prefix(edition) + INDEX_KEY, teaser)
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
        description=shortened(show.description),
        feed_url=feed_address(show, feed),
        episodes=list(lines),
        hosts=[person_values(each) for each in show.hosts],
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
        corrections=[correction_values(each, from_page(show, key, item.audio_url)) for each in latest_first],
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
        description=shortened(show.description),
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
        description=shortened(episode.summary),
        episode=episode,
        explicit=show.explicit if episode.explicit is None else episode.explicit,
        day=local_day(show, episode.date),
        audio=audio,
        audio_url=item.audio_url,
        media_type=item.enclosure.media_type,
        file_kind=item.audio_url.rpartition(".")[2].upper(),
        megabytes=f"{item.enclosure.bytes / 1_000_000:.1f}",
        further=further_files(show, key, item),
        minutes=minutes_of(item.enclosure.duration_ms),
        iso_duration=f"PT{seconds}S",
        chapters=[chapter_values(each, audio) for each in episode.chapters if each.toc],
        notes=item.notes.page_html if item.notes.below_html is None else item.notes.below_html,
        corrections=[correction_values(each, audio) for each in episode.corrections],
        people=[person_values(each) for each in episode.people],
        transcript=spoken_paragraphs(transcript, audio),
        transcript_language=(transcript.language if transcript else None)
        or (edition.original if edition and "transcript" in episode.untranslated else None),
        transcript_files=[named_file(show, key, each) for each in item.transcripts],
        licence=licence_of(show, item),
        earlier=teaser_values(show, key, earlier) if earlier else None,
        later=teaser_values(show, key, later) if later else None,
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
    own_pages = {f"{show.base_url}{INDEX_KEY}", f"{show.base_url}{edition.prefix}{INDEX_KEY}"}
    return {
        "show": show,
        "home": from_page(show, key, f"{show.base_url}{edition.prefix}{INDEX_KEY}"),
        "website": web_address(show.link) if show.link not in own_pages else None,
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
