"""An episode's transcript as it stands in its folder into cues."""

from __future__ import annotations

from publisher.building.workshop import Workshop
from publisher.model import Episode
from publisher.source.document import read_text
from publisher.transcripts import Transcript, read_transcript

_LIMIT_BYTES = 16 * 1024 * 1024


def read_words(workshop: Workshop, episode: Episode) -> Transcript | None:
    """Return the transcript of an episode; nothing when there is none.

    Raises:
        SourceError: it cannot be read.
    """
    path = episode.transcript
    if path is None:
        return None
    shown = path.relative_to(workshop.root).as_posix()
    return read_transcript(shown, read_text(path, shown, limit_bytes=_LIMIT_BYTES))
