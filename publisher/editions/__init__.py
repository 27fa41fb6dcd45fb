"""A show and its episodes into those of one language; what nobody translated stays as it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from publisher.model import (
    Catalogue,
    Chapter,
    Edition,
    Episode,
    FeedSettings,
    Resource,
    Show,
    Soundbite,
    Translation,
)


def primary(tag: str) -> str:
    """Return the language of a BCP 47 tag without its region: `es` of `es-US`."""
    return tag.partition("-")[0].casefold()


def is_same_language(tag: str, other: str) -> bool:
    """Tell whether two tags name one language, whatever the regions."""
    return primary(tag) == primary(other)


def editions_of(show: Show) -> tuple[Edition, ...]:
    """Return an edition for each language that the show comes out in, its own first."""
    tags = {primary(show.language): show.language}
    for feed in show.feeds:
        tags.setdefault(primary(feed.language), feed.language)
    prefixes = {tag: "" if tag == show.language else f"{primary(tag)}/" for tag in tags.values()}
    return tuple(
        Edition(tag, prefix, tuple(other for other in prefixes.items() if other[0] != tag), show.language)
        for tag, prefix in prefixes.items()
    )


def edition_number(show: Show, feed: FeedSettings) -> int:
    """Return which of the show's editions a feed belongs to."""
    return next(
        number
        for number, edition in enumerate(editions_of(show))
        if is_same_language(edition.language, feed.language)
    )


def show_in(show: Show, language: str) -> Show:
    """Return the show as it presents itself in a language, by what that language's first feed says."""
    if is_same_language(language, show.language):
        return show
    feed = next((feed for feed in show.feeds if is_same_language(feed.language, language)), None)
    if feed is None:
        return show
    is_own_page = show.link == f"{show.base_url}index.html"
    link = f"{show.base_url}{primary(feed.language)}/index.html" if is_own_page else show.link
    return as_in_feed(replace(show, language=feed.language, link=link), feed)


def as_in_feed(show: Show, feed: FeedSettings) -> Show:
    """Return the show with the title, the description and the guid that a feed has for itself."""
    return replace(
        show,
        title=feed.title or show.title,
        description=feed.description or show.description,
        guid=feed.guid or show.guid,
    )


def episode_in(episode: Episode, language: str, catalogue: Catalogue | None = None) -> Episode:
    """Return an episode in a language; `untranslated` names what stays in the show's own.

    `catalogue` is the one in that language.
    """
    fitting = (each for each in episode.translations if is_same_language(each.language, language))
    words = next(fitting, Translation(language, episode.source))
    heard = {"chapters", "soundbites", "transcript"} if words.lock_name else set()
    names = [name for name in _all_words(episode) if name not in heard]
    return replace(
        episode,
        language=language,
        title=words.title or episode.title,
        summary=words.summary or episode.summary,
        notes=words.notes or episode.notes,
        notes_line=words.notes_line if words.notes else episode.notes_line,
        source=words.source if words.notes else episode.source,
        resources=tuple(catalogue.get(each.id, each) for each in episode.resources)
        if catalogue
        else episode.resources,
        chapters=words.own_chapters if words.lock_name else _named(episode.chapters, words.chapters),
        soundbites=words.own_soundbites
        if words.lock_name
        else _entitled(episode.soundbites, words.soundbites),
        master=words.master if words.lock_name else episode.master,
        lock_name=words.lock_name or episode.lock_name,
        questions=words.questions or episode.questions,
        corrections=words.corrections or episode.corrections,
        transcript=words.transcript or (None if words.lock_name else episode.transcript),
        untranslated=tuple(name for name in names if not getattr(words, name)),
    )


def catalogue_in(catalogue: Catalogue, language: str) -> Catalogue:
    """Return the catalogue of resources in a language; the same one where nothing of it is translated."""
    found = {
        identifier: _resource_in(each, language, catalogue.copies) for identifier, each in catalogue.items()
    }
    return (
        catalogue
        if all(found[name] is catalogue[name] for name in found)
        else replace(catalogue, resources=found)
    )


def _resource_in(resource: Resource, language: str, copies: Mapping[str, str]) -> Resource:
    fitting = (each for each in resource.translations if is_same_language(each.language, language))
    translation = next(fitting, None)
    if translation is None:
        return resource
    has_own_address = translation.url is not None
    copy = copies.get(translation.url or "")
    return replace(
        resource,
        title=translation.title or resource.title,
        url=translation.url or resource.url,
        description=translation.description or resource.description,
        languages=(translation.language,) if has_own_address else resource.languages,
        archived_url=copy if has_own_address else resource.archived_url,
        is_gone=copy is not None if has_own_address else resource.is_gone,
    )


def _all_words(episode: Episode) -> tuple[str, ...]:
    """Name the fields of an episode that hold words."""
    names = ("title", "summary", "notes", "chapters", "soundbites", "questions", "corrections", "transcript")
    return tuple(name for name in names if getattr(episode, name))


def _named(chapters: tuple[Chapter, ...], titles: tuple[str, ...]) -> tuple[Chapter, ...]:
    if not titles:
        return chapters
    return tuple(replace(chapter, title=title) for chapter, title in zip(chapters, titles, strict=True))


def _entitled(soundbites: tuple[Soundbite, ...], titles: tuple[str, ...]) -> tuple[Soundbite, ...]:
    if not titles:
        return soundbites
    return tuple(replace(bite, title=title) for bite, title in zip(soundbites, titles, strict=True))
