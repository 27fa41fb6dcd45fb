"""The show's own files that its feed names, as subjects that read their bytes only when a rule asks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from publisher.building.artifacts import BUILD_FOLDER
from publisher.chapters import chapters_json
from publisher.checks.files import ArtView, ChaptersView, MediaView, TranscriptView
from publisher.checks.subjects import Subject
from publisher.checks.views import ChannelView, ItemView
from publisher.model import Item

_LIMIT_BYTES = 500_000_000
_DECODED_BYTES = 20_000_000
"""Longer audio of the show's own is not decoded again: its lock holds what was measured when it was made."""


def files_of(root: Path) -> Callable[[ItemView | ChannelView], Iterator[Subject]]:
    """Return what finds the files of the channel or of an item below the show's folder."""
    covers: dict[Path, ArtView] = {}  # the show's is compared with every episode's file, and read once

    def find(view: ItemView | ChannelView) -> Iterator[Subject]:
        if isinstance(view, ChannelView):
            if view.context.show:
                yield _art(root, view, view.context.show.cover, view.attribute("itunes:image", "href"))
        elif view.own and view.context.show:
            path = view.own.episode.cover or view.context.show.cover
            cover = covers.get(path) or covers.setdefault(path, _art(root, view, path, ""))
            yield from _of_item(root, view, view.own, cover)

    return find


def _of_item(root: Path, view: ItemView, own: Item, cover: ArtView) -> Iterator[Subject]:
    episode = own.episode
    if episode.cover:
        yield _art(root, view, episode.cover, own.cover_url or "")
    if view.has_audio:
        path = root / BUILD_FOLDER / own.enclosure.key
        yield MediaView(
            own.audio_url,
            own.enclosure.media_type,
            f"{BUILD_FOLDER}/{own.enclosure.key}",
            lambda: view.at("enclosure"),
            view.context,
            lambda: None,
            view,
            missing="the finished file is not here; publisher build makes it",
            enclosure=own.enclosure,
            length=own.enclosure.bytes,
            path=path,
            decoded_bytes=_DECODED_BYTES,
            cover=cover,
        )
    if episode.transcript and own.transcripts:
        written, link = episode.transcript, own.transcripts[0]
        yield TranscriptView(
            link.url,
            link.type,
            _shown(root, written),
            lambda: view.at("podcast:transcript"),
            view.context,
            lambda: _read(written),
            view,
            language=link.language or "",
            rel=link.rel or "",
        )
    if episode.chapters:
        yield ChaptersView(
            own.chapters_url or "",
            "application/json+chapters",
            "",
            lambda: view.at("podcast:chapters"),
            view.context,
            lambda: chapters_json(episode.chapters),
            view,
        )


def _art(root: Path, view: ItemView | ChannelView, path: Path, address: str) -> ArtView:
    item = view if isinstance(view, ItemView) else None
    return ArtView(
        address,
        "",
        _shown(root, path),
        lambda: view.at("itunes:image", "href"),
        view.context,
        lambda: _read(path),
        item,
    )


def _shown(root: Path, path: Path) -> str:
    return path.relative_to(root).as_posix() if path.is_relative_to(root) else path.name


def _read(path: Path) -> bytes | None:
    try:
        with path.open("rb") as handle:
            return handle.read(_LIMIT_BYTES)
    except OSError:
        return None
