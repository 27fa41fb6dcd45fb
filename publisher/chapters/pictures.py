"""Chapters with names of picture files into chapters that know their paths."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path

from publisher.errors import Place, Problem
from publisher.model import Chapter
from publisher.source.paths import inside_at

_ADDRESSES = ("https://", "http://")


def locate_pictures(
    folder: Path, chapters: Iterable[Chapter], place_of: Callable[[int], Place]
) -> tuple[tuple[Chapter, ...], list[Problem]]:
    """Find the pictures that lie in an episode's folder; `place_of` tells where each name stands."""
    located: list[Chapter] = []
    problems: list[Problem] = []
    for number, chapter in enumerate(chapters):
        if chapter.image and not chapter.image.startswith(_ADDRESSES):
            path, found = inside_at(folder, chapter.image, place_of(number))
            problems += found
            located.append(chapter if found else replace(chapter, picture=path))
        else:
            located.append(chapter)
    return tuple(located), problems
