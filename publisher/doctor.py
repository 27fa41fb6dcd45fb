"""Look at this machine and the targets, and tell what works and what does not, each with the remedy."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from publisher import __version__
from publisher.audio.ffmpeg import encoder_name, find_ffmpeg
from publisher.config import load_show
from publisher.errors import PublisherError
from publisher.feed.reader import read_items
from publisher.model import Show, TargetSettings
from publisher.publish.live import read_live
from publisher.storage import open_storage

_LOW_SPACE_BYTES = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Examined:
    """One thing that was looked at: whether it is well, what was found, and what to do if not."""

    name: str
    is_well: bool
    found: str
    remedy: str = ""

    def as_json(self) -> dict[str, Any]:
        """Return the result for machines."""
        return asdict(self)


def examine(root: Path | None, target: str | None) -> Iterator[Examined]:
    """Look at the tools, the show and its targets, one after the other; nothing is written."""
    yield Examined("publisher", True, __version__)
    try:
        yield Examined("ffmpeg", True, encoder_name(find_ffmpeg()))
    except PublisherError as error:
        yield _ill("ffmpeg", error)
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
        yield _ill("show", error)
        return
    yield Examined("show", True, show.title)
    for settings in show.targets:
        if target in (None, settings.name):
            yield _examine_target(root, show, settings)


def _examine_target(root: Path, show: Show, settings: TargetSettings) -> Examined:
    name = f"target {settings.name}"
    try:
        storage = open_storage(settings, root)
        live = read_live(storage, [f"{feed.name}.xml" for feed in show.feeds], read_items)
    except PublisherError as error:
        return _ill(name, error)
    if not live.feeds:
        return Examined(name, True, f"{storage.address} can be read; nothing is published there yet")
    items = sum(len(feed.items) for feed in live.feeds.values())
    return Examined(name, True, f"{storage.address} is live with {items} episodes")


def _ill(name: str, error: PublisherError) -> Examined:
    problem = error.problems[0]
    more = f" (and {len(error.problems) - 1} more)" if len(error.problems) > 1 else ""
    place = f" at {problem.place}" if problem.place else ""
    return Examined(name, False, f"{problem.message}{place}{more}", problem.hint)
