"""A whole file that no edit of text can mend into its mended bytes: pictures, transcripts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType

from publisher.errors import SourceError
from publisher.source.document import decode_text
from publisher.source.edits import EditError
from publisher.transcripts.mending import mend_times


def _cover(path: Path, data: bytes) -> bytes:
    """Bring a cover to at most 3000 pixels and the colours of screens; nothing is cut or enlarged."""
    from publisher.audio.cover import repair_cover  # Pillow: not for texts

    try:
        return repair_cover(path, data)
    except SourceError as error:
        raise EditError(error.message) from error


def _transcript(path: Path, data: bytes) -> bytes:
    """Put cues in order and correct their ends, as `publisher transcript fix` does."""
    suffix = path.suffix.casefold()
    if suffix not in {".vtt", ".srt"}:
        raise EditError("only WebVTT and SubRip can be set right")
    try:
        text = decode_text(data, path.name)
    except SourceError as error:
        raise EditError(error.message) from error
    return mend_times(text, is_vtt=suffix == ".vtt").text.encode()


REPAIRS: Mapping[str, Callable[[Path, bytes], bytes]] = MappingProxyType(
    {"cover": _cover, "transcript": _transcript}
)
"""What a Fix may name as its `repair`."""
