"""Fields of a show in one of its languages into the files and lines where somebody wrote them."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path

from publisher.checks.places import Loc, PlaceOf
from publisher.config import show_place
from publisher.editions import is_same_language
from publisher.episodes import episode_places
from publisher.episodes.folders import EPISODES_FOLDER
from publisher.errors import Place
from publisher.model import FeedSettings
from publisher.source.document import read_text
from publisher.source.frontmatter import parse_yaml, split_front_matter

_LIMIT_BYTES = 4 * 1024 * 1024
_OF_FEED = ("title", "description", "guid", "language")


def places_in(root: Path, feed: FeedSettings | None = None) -> PlaceOf:
    """Return what finds a field; a file is parsed once, however often somebody asks.

    With the `feed` of a further language, what is translated stands in `episode.<language>.md`, and what a
    feed says for itself in its own table.
    """
    originals = cache(lambda slug: episode_places(root, slug))
    translations = cache(lambda slug: _translation(root, slug, feed.language)) if feed else None

    @cache
    def place_of(slug: str, loc: Loc) -> Place:
        if not slug:
            return _in_show(root, feed, loc)
        place = translations(slug)(loc) if translations else None
        return place or originals(slug)(loc)

    return place_of


def _in_show(root: Path, feed: FeedSettings | None, loc: Loc) -> Place:
    if feed and len(loc) == 2 and loc[0] == "show" and loc[1] in _OF_FEED and getattr(feed, str(loc[1])):
        return show_place(root, "feeds", feed.name, loc[1])
    return show_place(root, *loc)


def _translation(root: Path, slug: str, language: str) -> Callable[[Loc], Place | None]:
    """Return what finds the fields that a translation has; it is None for those of `episode.md`."""
    folder = root / EPISODES_FOLDER / slug
    names = sorted((path.name for path in folder.glob("episode.*.md")), key=len)
    name = next((name for name in names if is_same_language(name.split(".")[1], language)), None)
    if name is None:
        return lambda _loc: None
    shown = f"{EPISODES_FOLDER}/{slug}/{name}"
    text = read_text(folder / name, shown, limit_bytes=_LIMIT_BYTES)
    front, notes, notes_line = split_front_matter(text, shown)
    document = parse_yaml(front, shown, first_line=2)

    def place_of(loc: Loc) -> Place | None:
        if loc == ("notes",):
            return Place(shown, notes_line, 1) if notes.strip() else None
        return document.place_of(loc) if loc and loc[0] in document.data else None

    return place_of
