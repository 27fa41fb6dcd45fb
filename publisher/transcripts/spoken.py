"""A transcript to plain text: a line for each turn, with the speaker's name where there is one."""

from __future__ import annotations

from publisher.transcripts.cues import Cue, Transcript

_PAUSE_MS = 4_000


def spoken_text(transcript: Transcript) -> str:
    """Join the cues of one voice to a line; a long pause begins a new one, as does every paragraph as such.

    What players show as the lyrics of an audio file.
    """
    lines: list[str] = []
    before: Cue | None = None
    for cue in transcript.cues:
        words = " ".join(cue.text.split())
        if not words:
            continue
        if before and transcript.is_timed and _goes_on(before, cue):
            lines[-1] += f" {words}"
        else:
            is_new_voice = before is None or cue.speaker != before.speaker
            lines.append(f"{cue.speaker}: {words}" if cue.speaker and is_new_voice else words)
        before = cue
    return "\n".join(lines)


def _goes_on(before: Cue, cue: Cue) -> bool:
    return cue.speaker == before.speaker and cue.start_ms - before.end_ms <= _PAUSE_MS
