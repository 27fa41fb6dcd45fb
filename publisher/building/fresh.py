"""Episodes just made into what a build goes on with: their facts, and their items for the feeds."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from tempfile import SpooledTemporaryFile, gettempdir
from types import TracebackType

from publisher.building.batch import MadeEpisode
from publisher.building.memory import Made
from publisher.feed.rss import ITEM_INDENT
from publisher.files import cannot_write

_IN_MEMORY_BYTES = 4 * 1024 * 1024


class Fresh:
    """Facts stay in memory; items, ten times as large, lie on disk as soon as they are many."""

    def __init__(self) -> None:
        self.made: dict[str, Made] = {}
        self._spans: dict[tuple[str, str], tuple[int, int]] = {}
        self._file = SpooledTemporaryFile(max_size=_IN_MEMORY_BYTES)  # noqa: SIM115 - see __exit__

    def __enter__(self) -> Fresh:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()

    def add(self, episodes: Iterable[MadeEpisode]) -> None:
        """Take in episodes.

        Raises:
            SurroundingsError: the disk is full or the folder cannot be written.
        """
        position = self._file.tell()
        try:
            for episode in episodes:
                self.made[episode.made.slug] = episode.made
                for feed, item in episode.items.items():
                    start, position = position, position + len(ITEM_INDENT) + len(item) + 1
                    self._spans[episode.made.slug, feed] = (start, position)
                    self._file.write(b"%b%b\n" % (ITEM_INDENT, item))
        except OSError as error:
            raise cannot_write(Path(gettempdir()), error) from error

    def item(self, slug: str, feed: str) -> bytes:
        """Return an episode's item as it stands in a feed, indent and line feed included."""
        start, end = self._spans[slug, feed]
        self._file.seek(start)
        return self._file.read(end - start)
