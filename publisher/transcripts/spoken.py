"""A transcript to plain text: a line for each turn, with the speaker's name where there is one."""

from __future__ import annotations

from publisher.transcripts.cues import Cue, Transcript

_PAUSE_MS = 4_000


def spoken_text(transcript: Transcript) -> str:
    """Join the cues of one voice to a line; a long pause begins a new one, as does every paragraph as such.

    What players show as the lyrics of an audio file.
    """
    lines: list[str] = []
    voice: str | None = None
    for number, (speaker, words) in enumerate(turns(transcript)):
        is_new_voice = number == 0 or speaker != voice
        text = " ".join(words)
        lines.append(f"{speaker}: {text}" if speaker and is_new_voice else text)
        voice = speaker
    return "\n".join(lines)


def turns(transcript: Transcript) -> list[tuple[str | None, list[str]]]:
    """Return who speaks, and the words of each cue until another voice, a long pause or a paragraph."""
    found: list[tuple[str | None, list[str]]] = []
    before: Cue | None = None
    for cue in transcript.cues:
        words = " ".join(cue.text.split())
        if not words:
            continue
        if before and transcript.is_timed and _goes_on(before, cue):
            found[-1][1].append(words)
        else:
            found.append((cue.speaker, [words]))
        before = cue
    return found


def _goes_on(before: Cue, cue: Cue) -> bool:
    return cue.speaker == before.speaker and cue.start_ms - before.end_ms <= _PAUSE_MS
