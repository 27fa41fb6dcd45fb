"""A transcript whose speakers stand before their words to one that knows them."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace

from publisher.transcripts import Transcript

_LABEL = re.compile(r"(?P<name>[^\W\d_][^:\n\[\]]{0,48}):\s+(?P<words>\S.*)", re.DOTALL)
_MOST_WORDS = 5


def name_speakers(transcript: Transcript) -> Transcript:
    """Take `First guest: ` for a speaker where two paragraphs begin with it: nobody says such words."""
    matches = [None if cue.speaker else _LABEL.fullmatch(cue.text) for cue in transcript.cues]
    counts = Counter(match["name"] for match in matches if match)
    cues = (
        replace(cue, speaker=match["name"], text=match["words"])
        if match and counts[match["name"]] > 1 and len(match["name"].split()) <= _MOST_WORDS
        else cue
        for cue, match in zip(transcript.cues, matches, strict=True)
    )
    return replace(transcript, cues=tuple(cues))
