"""The pictures of an episode's chapters into what is published of them, and chapters with their addresses."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from publisher.audio.cover import check_picture
from publisher.building.artifacts import named_by_digest
from publisher.building.memory import Output
from publisher.episodes import picture_place
from publisher.errors import Problem
from publisher.files import digest_file
from publisher.model import Chapter, Episode


def check_pictures(root: Path, episode: Episode) -> Iterator[Problem]:
    """Yield what keeps the pictures of chapters from being shown; each file is looked at once."""
    seen: set[Path] = set()
    for number, chapter in enumerate(episode.chapters):
        path = chapter.picture
        if path and path.is_file() and path not in seen:
            seen.add(path)
            yield from check_picture(path, picture_place(root, episode.slug, number))


def picture_outputs(root: Path, episode: Episode) -> dict[Path, Output]:
    """Return what is published of each picture: the file as it is, under a name with its digest."""
    outputs: dict[Path, Output] = {}
    for path in dict.fromkeys(each.picture for each in episode.chapters if each.picture):
        digest = digest_file(path)
        suffix = ".png" if path.suffix.lower() == ".png" else ".jpg"
        key = named_by_digest("chapters", episode.slug, suffix, digest)
        outputs[path] = Output(key, digest, path.stat().st_size, path.relative_to(root).as_posix())
    return outputs


def illustrated(
    chapters: tuple[Chapter, ...], outputs: dict[Path, Output], base_url: str
) -> tuple[Chapter, ...]:
    """Return chapters with the addresses of their pictures."""
    return tuple(
        replace(each, image=f"{base_url}{outputs[each.picture].key}") if each.picture else each
        for each in chapters
    )
