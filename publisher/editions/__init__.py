"""A show and its episodes into those of one language; what nobody translated stays as it is."""

from __future__ import annotations

from dataclasses import replace

from publisher.model import Chapter, Episode, FeedSettings, Show, Soundbite, Translation


def primary(tag: str) -> str:
    """Return the language of a BCP 47 tag without its region: `es` of `es-US`."""
    return tag.partition("-")[0].casefold()


def is_same_language(tag: str, other: str) -> bool:
    """Tell whether two tags name one language, whatever the regions."""
    return primary(tag) == primary(other)


def edition_prefix(show: Show, language: str) -> str:
    """Return what stands before the keys of a language's pages: nothing for the show's own, else `es/`."""
    return "" if is_same_language(language, show.language) else f"{primary(language)}/"


def languages_of(show: Show) -> tuple[str, ...]:
    """Return the language tags that the show comes out in, its own first, one for each language."""
    found = {primary(show.language): show.language}
    for feed in show.feeds:
        found.setdefault(primary(feed.language), feed.language)
    return tuple(found.values())


def show_in(show: Show, language: str) -> Show:
    """Return the show as it presents itself in a language, by what that language's first feed says."""
    if is_same_language(language, show.language):
        return show
    feed = next((feed for feed in show.feeds if is_same_language(feed.language, language)), None)
    if feed is None:
        return show
    return as_in_feed(replace(show, language=feed.language), feed)


def as_in_feed(show: Show, feed: FeedSettings) -> Show:
    """Return the show with the title, the description and the guid that a feed has for itself."""
    return replace(
        show,
        title=feed.title or show.title,
        description=feed.description or show.description,
        guid=feed.guid or show.guid,
    )


def episode_in(episode: Episode, language: str) -> Episode:
    """Return an episode in a language; `untranslated` names what stays in the show's own."""
    translation = next(
        (each for each in episode.translations if is_same_language(each.language, language)), None
    )
    if translation is None:
        return replace(episode, language=language, untranslated=_all_words(episode))
    translated = {
        "title": translation.title,
        "summary": translation.summary,
        "notes": translation.notes,
        "chapters": translation.chapters,
        "soundbites": translation.soundbites,
        "questions": translation.questions,
        "corrections": translation.corrections,
        "transcript": translation.transcript,
    }
    return replace(
        episode,
        language=language,
        title=translation.title or episode.title,
        summary=translation.summary or episode.summary,
        notes=translation.notes or episode.notes,
        notes_line=translation.notes_line if translation.notes else episode.notes_line,
        source=translation.source if translation.notes else episode.source,
        chapters=_named(episode.chapters, translation.chapters),
        soundbites=_entitled(episode.soundbites, translation.soundbites),
        questions=translation.questions or episode.questions,
        corrections=translation.corrections or episode.corrections,
        transcript=translation.transcript or episode.transcript,
        untranslated=tuple(name for name in _all_words(episode) if not translated[name]),
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


__all__ = [
    "Translation",
    "as_in_feed",
    "edition_prefix",
    "episode_in",
    "is_same_language",
    "languages_of",
    "primary",
    "show_in",
]
