"""The files that somebody else's feed names, fetched within limits, into subjects that hold their bytes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from publisher.checks.files import ArtView, ChaptersView, MediaView, TranscriptView
from publisher.checks.judging import Views
from publisher.checks.subjects import Subject
from publisher.checks.views import ChannelView, ItemView
from publisher.fetch import Answer, Asking, FetchError, fetch

MOST_AUDIO, MOST_ITEMS = 3, 20
"""Of how many of the newest episodes the audio is fetched, and of how many the pictures and texts."""

_AUDIO_BYTES, _FILE_BYTES = 250_000_000, 12_000_000
_AUDIO_S, _FILE_S = 120.0, 20.0
_LATER = "only the files of the newest episodes are fetched"


def fetch_files(views: Views, allowed: tuple[str, ...]) -> Iterator[Subject]:
    """Yield what a feed's channel and newest episodes name; what cannot be fetched is a file not at hand."""
    fetcher = _Fetcher(allowed)
    cover: ArtView | None = None
    for channel in views:
        if isinstance(channel, ChannelView):
            cover = _cover(channel, fetcher)
            if cover is not None:
                yield cover
    items = [view for view in views if isinstance(view, ItemView)]
    for number, item in enumerate(items[:MOST_ITEMS]):
        yield from _small_files(item, fetcher)
        if item.audio_url:
            yield from _media(item, cover, fetcher if number < MOST_AUDIO else None)
    if len(items) > MOST_ITEMS:
        yield from _left(items[MOST_ITEMS:])


class _Fetcher:
    """Fetches each address once, and keeps pictures and texts while the check lasts."""

    def __init__(self, allowed: tuple[str, ...]) -> None:
        self._allowed = allowed
        self._known: dict[str, bytes | None] = {}

    def read(self, address: str) -> bytes | None:
        """Return the bytes of a small file, or None where there are none or too many."""
        if address not in self._known:
            manner = Asking(limit_bytes=_FILE_BYTES, timeout_s=_FILE_S, allowed=self._allowed)
            self._known[address] = _body(address, manner)
        return self._known[address]

    def save(self, address: str, path: Path) -> Answer | None:
        """Write a large file to a path; None where it cannot be had."""
        manner = Asking(limit_bytes=_AUDIO_BYTES, timeout_s=_AUDIO_S, allowed=self._allowed)
        try:
            with path.open("wb") as file:
                answer = fetch(address, manner, file.write)
        except FetchError:
            return None
        return answer if answer.status == 200 and path.stat().st_size < _AUDIO_BYTES else None


def _body(address: str, manner: Asking) -> bytes | None:
    try:
        answer = fetch(address, manner)
    except FetchError:
        return None
    return answer.body if answer.status == 200 and not answer.is_cut else None


def _cover(channel: ChannelView, fetcher: _Fetcher) -> ArtView | None:
    address = channel.attribute("itunes:image", "href")
    image = channel.first("image")
    url = image.first("url") if image is not None else None
    rival = None
    if url is not None and url.value != address:
        rival = _art(url.value, channel, fetcher)
        rival.place = channel.at(url)
    if not address:
        return None
    found = _art(address, channel, fetcher)
    found.rival = rival
    return found


def _art(address: str, view: ChannelView | ItemView, fetcher: _Fetcher) -> ArtView:
    return ArtView(
        address,
        "",
        "",
        lambda: view.at("itunes:image", "href"),
        view.context,
        lambda: fetcher.read(address),
        view if isinstance(view, ItemView) else None,
        missing="it could not be fetched",
    )


def _small_files(item: ItemView, fetcher: _Fetcher) -> Iterator[Subject]:
    if address := item.attribute("itunes:image", "href"):
        yield _art(address, item, fetcher)
    for element in item.all("podcast:transcript"):
        yield TranscriptView(
            element.get("url"),
            element.get("type"),
            "",
            item.at(element, "url"),
            item.context,
            _reading(fetcher, element.get("url")),
            item,
            missing="it could not be fetched",
            language=element.get("language"),
            rel=element.get("rel"),
        )
    for element in item.all("podcast:chapters"):
        place, read = item.at(element, "url"), _reading(fetcher, element.get("url"))
        yield ChaptersView(
            element.get("url"), element.get("type"), "", place, item.context, read, item,
            missing="it could not be fetched",
        )  # fmt: skip


def _reading(fetcher: _Fetcher, address: str) -> Callable[[], bytes | None]:
    return lambda: fetcher.read(address)


def _media(item: ItemView, cover: ArtView | None, fetcher: _Fetcher | None) -> Iterator[MediaView]:
    """Yield the audio of an item while it lies in a folder that goes with it."""
    written = item.attribute("enclosure", "length")
    view = MediaView(
        item.audio_url,
        item.attribute("enclosure", "type"),
        "",
        lambda: item.at("enclosure", "url"),
        item.context,
        lambda: None,
        item,
        missing=_LATER if fetcher is None else "it could not be fetched",
        length=int(written) if written.isdecimal() and len(written) < 16 else 0,
        decoded_bytes=_AUDIO_BYTES,
        cover=cover,
    )
    if fetcher is None:
        yield view
        return
    with TemporaryDirectory(prefix="publisher-") as folder:
        path = Path(folder) / "audio"
        if answer := fetcher.save(item.audio_url, path):
            view.path, view.is_size_told = path, "content-length" in answer.headers
        yield view


def _left(items: Sequence[ItemView]) -> Iterator[Subject]:
    """Yield what stands for the files of all further items, which nobody looks at."""
    item = items[0]
    for kind in (ArtView, MediaView, TranscriptView, ChaptersView):
        name = f"{len(items)} further episodes"
        yield kind("", "", name, item.at(), item.context, lambda: None, item, missing=_LATER)
