"""Plain text to a transcript and back: a paragraph for each turn."""

from __future__ import annotations

from publisher.errors import Place, Problem
from publisher.transcripts.blocks import split_blocks
from publisher.transcripts.cues import Cue, Reading, Transcript
from publisher.transcripts.names import join_speaker, names_in, split_speaker
from publisher.transcripts.spoken import turns


def parse_text(text: str, shown: str, language: str | None = None) -> Reading:
    """Read paragraphs without times; a `Name: ` before the words names the speaker."""
    blocks = list(split_blocks(text))
    paragraphs = ["\n".join(line.text.strip() for line in block) for block in blocks]
    known = names_in(paragraphs)
    cues = tuple(Cue(0, 0, *split_speaker(words, known)) for words in paragraphs)
    places = tuple(Place(shown, block[0].number, 1) for block in blocks)
    problems = () if cues else (Problem("there are no words in this file", Place(shown), _HINT),)
    return Reading(cues, places, problems, language, is_timed=False)


def write_text(transcript: Transcript) -> bytes:
    """Write every paragraph, or every turn of a transcript with times, with its speaker and an empty line."""
    if transcript.is_timed:
        said = [(speaker, " ".join(words)) for speaker, words in turns(transcript)]
    else:
        said = [(cue.speaker, cue.text) for cue in transcript.cues]
    return "".join(f"{join_speaker(speaker, words)}\n\n" for speaker, words in said).encode()


_HINT = "paste the transcript"
