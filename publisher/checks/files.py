"""The files that a feed names, and what servers answer for them, into subjects that know their place."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Literal

from publisher.checks.views import Context, ItemView, path_of
from publisher.errors import Place, SourceError

if TYPE_CHECKING:
    from publisher.audio.anatomy import Anatomy
    from publisher.audio.artwork import Picture
    from publisher.audio.survey import Survey
    from publisher.model import Enclosure, Finding

ResponseRole = Literal["feed", "media", "art", "transcript", "chapters", "page", "link", "robots"]


@dataclass
class _FileView:
    """A file that a feed names: `address` in the feed, `type` as the feed declares it ("" for pictures).

    `place` is where it is named, found only when somebody asks; `file` is how a person calls it. `read`
    returns its bytes, or None where they are not at hand; rules that need them say `needs=("bytes",)`.
    `item` is None for the show's own.
    """

    address: str
    type: str
    file: str
    place: Place | Callable[[], Place]
    context: Context
    read: Callable[[], bytes | None]
    item: ItemView | None = None
    present: None = None
    missing: str = "the file is not here"

    @property
    def name(self) -> str:
        """Return what a report calls it."""
        return self.file or self.address

    @property
    def lacks(self) -> Mapping[str, str]:
        """Return what cannot be looked at, with the reason."""
        if self.data is not None:
            return self.context.lacks
        return {**self.context.lacks, "bytes": self.missing}

    @cached_property
    def data(self) -> bytes | None:
        """Return the bytes of the file, or None where they are not at hand."""
        return self.read()

    def at(self, line: int = 0, column: int = 0) -> Place:
        """Return a line of the file, or without one where the file is named."""
        if line and self.file:
            return Place(self.file, line, column)
        return self.place if isinstance(self.place, Place) else self.place()


@dataclass
class ArtView(_FileView):
    """A picture: the show's cover or an episode's; the `rival` of a cover is the channel's other picture."""

    rival: ArtView | None = None

    @cached_property
    def picture(self) -> Picture:
        """Return what the picture is; it must be at hand."""
        from publisher.audio.artwork import read_picture  # loads Pillow: only where there is a picture

        return read_picture(self.data or b"")


@dataclass
class MediaView(_FileView):
    """A finished audio or video file; `enclosure` holds the facts of `audio.lock` for the show's own.

    The file at `path` is not read into memory. It is only decoded when it has no more than `decoded_bytes`.
    `cover` is the picture that apps show with it; `is_size_told` says that its server tells its size.
    """

    enclosure: Enclosure | None = None
    length: int = 0
    path: Path | None = None
    decoded_bytes: int = 0
    cover: ArtView | None = None
    is_size_told: bool = False

    @cached_property
    def size(self) -> int | None:
        """Return how many bytes the file has; None when it is not at hand."""
        try:
            return self.path.stat().st_size if self.path else None
        except OSError:
            return None

    @property
    def lacks(self) -> Mapping[str, str]:
        """Return what cannot be looked at, with the reason."""
        if self.size is None:
            return {**self.context.lacks, "bytes": self.missing, "sound": self.missing}
        if self.size > self.decoded_bytes:
            reason = f"files over {self.decoded_bytes / 1e6:.0f} MB are not decoded; publisher measure does"
            return {**self.context.lacks, "sound": reason}
        return self.context.lacks

    @cached_property
    def anatomy(self) -> Anatomy:
        """Return what the file is made of; it must be at hand."""
        from publisher.audio.anatomy import read_anatomy  # only where there is a file

        return read_anatomy(self.path or Path())

    @cached_property
    def heard(self) -> Survey | str:
        """Return what is in the sound of a file, decoded to its end, or why it cannot be."""
        from publisher.audio.ffmpeg import find_ffmpeg  # as above
        from publisher.audio.survey import survey

        try:
            return survey(find_ffmpeg(), self.path or Path(), self.name)
        except SourceError as error:
            return error.problems[0].message


@dataclass
class TranscriptView(_FileView):
    """A transcript: for the show's own the file that the author wrote."""

    language: str = ""
    rel: str = ""

    @property
    def kind(self) -> str:
        """Return the ending that fits the file, such as `.vtt`; "" for none that is known."""
        from publisher.transcripts import MEDIA_TYPES  # its parsers: only where there is a transcript

        ending = PurePath(path_of(self.file or self.address)).suffix.casefold()
        if ending in {".htm", *MEDIA_TYPES}:
            return ".html" if ending == ".htm" else ending
        essence = self.type.partition(";")[0].strip().casefold()
        return next((each for each, kind in MEDIA_TYPES.items() if kind == essence), "")

    @cached_property
    def findings(self) -> tuple[Finding, ...]:
        """Return what is to be said of its form and words, as `publisher transcript check` does."""
        from publisher.transcripts.checking import Background, check_file  # as above

        own = self.item.own if self.item else None
        if own is None or self.item is None:
            return check_file(self.name, self.kind, self.data or b"", Background())
        people = own.episode.people
        show = self.context.show
        named = {person.id for person in people}
        hosts = [host for host in show.hosts if host.id not in named] if show else []
        duration = own.enclosure.duration_ms - own.enclosure.offset_ms if self.item.has_audio else None
        return check_file(self.name, self.kind, self.data or b"", Background(duration, (*hosts, *people)))


@dataclass
class ChaptersView(_FileView):
    """A chapters file (JSON)."""


@dataclass
class ResponseView:
    """What a server answered to one address that the feed names.

    `head` holds the headers of a HEAD request (names in lower case), `start` the first bytes of a GET, and
    `range_status` and `range_headers` the answer to `Range: bytes=0-1`, 0 where not asked; `app_status`
    and `app` are the answer to a podcast app that takes compressed bytes, `again_status` and `again_length`
    that to somebody who has the feed already. `hops` are the redirects on the way with their status, `final`
    is where they end. `seconds` is the time until the headers, `whole_seconds` until the end of a feed.
    `failure` says in words why there was no answer, `failure_kind` in one; `certificate_ends` is in seconds
    since 1970. Of a host's `robots`, `named` are the addresses that the feed has there.
    """

    address: str
    role: ResponseRole
    place: Place
    context: Context
    status: int = 0
    headers: Mapping[str, str] = field(default_factory=dict)
    start: bytes = b""
    head_status: int = 0
    head: Mapping[str, str] = field(default_factory=dict)
    range_status: int = 0
    range_headers: Mapping[str, str] = field(default_factory=dict)
    range_length: int = 0
    hops: tuple[tuple[int, str], ...] = ()
    seconds: float = 0.0
    failure: str = ""
    type: str = ""
    length: int = 0
    app_status: int = 0
    app: Mapping[str, str] = field(default_factory=dict)
    again_status: int = 0
    again_length: int = 0
    final: str = ""
    whole_seconds: float = 0.0
    failure_kind: str = ""
    certificate_ends: float = 0.0
    named: tuple[str, ...] = ()
    present: None = None

    @property
    def name(self) -> str:
        """Return what a report calls it."""
        return self.address

    @property
    def lacks(self) -> Mapping[str, str]:
        """Return what cannot be looked at, with the reason."""
        return self.context.lacks

    def at(self) -> Place:
        """Return where the address is written."""
        return self.place
