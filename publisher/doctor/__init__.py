"""Look at this machine and the targets, and tell what works and what does not, each with the remedy."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from publisher import __version__
from publisher.audio.ffmpeg import encoder_name, find_ffmpeg
from publisher.config import load_show
from publisher.doctor.bucket import examine_storage
from publisher.doctor.examined import Examined, ill
from publisher.doctor.web import examine_web
from publisher.errors import PublisherError
from publisher.feed.reader import read_items
from publisher.model import Show, TargetSettings
from publisher.publish.live import read_live
from publisher.storage import open_storage

__all__ = ["Examined", "examine"]

_LOW_SPACE_BYTES = 1_000_000_000


def examine(
    root: Path | None, target: str | None, *, now: datetime, allowed: tuple[str, ...] = ()
) -> Iterator[Examined]:
    """Look at the tools, the show and its targets, one after the other.

    Nothing is written, except that a target named by `target` gets the one object of `bucket.PROBE_KEY`.
    `allowed` are private networks that may be asked over HTTP; see `fetch`.
    """
    yield Examined("publisher", True, __version__)
    try:
        yield Examined("ffmpeg", True, encoder_name(find_ffmpeg()))
    except PublisherError as error:
        yield ill("ffmpeg", error)
    if root is None:
        yield Examined("show", False, "there is no show.toml here", "start a show with `publisher init`")
        return
    free = shutil.disk_usage(root).free
    room = f"{free / 1e9:.1f} GB free"
    yield Examined(
        "disk", free > _LOW_SPACE_BYTES, room, "an hour of audio needs about 1 GB while it is made"
    )
    try:
        show = load_show(root)
    except PublisherError as error:
        yield ill("show", error)
        return
    yield Examined("show", True, show.title)
    for settings in show.targets:
        if target in (None, settings.name):
            yield from _examine_target(root, show, settings, now, allowed, is_named=bool(target))


def _examine_target(
    root: Path,
    show: Show,
    settings: TargetSettings,
    now: datetime,
    allowed: tuple[str, ...],
    *,
    is_named: bool,
) -> Iterator[Examined]:
    name = f"target {settings.name}"
    try:
        storage = open_storage(settings, root)
        live = read_live(storage, [f"{feed.name}.xml" for feed in show.feeds], read_items)
    except PublisherError as error:
        yield ill(name, error)
        return
    if live.feeds:
        items = sum(len(feed.items) for feed in live.feeds.values())
        yield Examined(name, True, f"{storage.address} is live with {items} episodes")
    else:
        yield Examined(name, True, f"{storage.address} can be read; nothing is published there yet")
    if is_named and not storage.lists_for_free:
        yield from examine_storage(name, storage, now)
        yield from examine_web(name, show.base_url, live.feeds, allowed)
