"""Turn what ffmpeg says of a file that it decodes into the kind and the length of the sound in it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from publisher.audio.claims import ends_in_last_page
from publisher.audio.probe import Kind, Probe, said
from publisher.errors import Place, Problem, SourceError
from publisher.timecodes import format_clock

_COUNTED_KINDS = {"wav", "w64", "caf", "flac", "aiff"}  # headers that count samples
_STREAM = re.compile(
    r"^  Stream #0:\d+(?:\[0x[0-9a-f]+\])?(?:\([^)]*\))?: (Audio|Video|Subtitle|Data): (.*)$", re.M
)
_AUDIO = re.compile(r"(\w+)[^,]*(?:\([^)]*\))*, (\d+) Hz, (?:(\d+) channels|(\d)\.(\d)|(\w+))")
_DURATION = re.compile(r"^  Duration: (\d+):(\d\d):(\d\d)\.(\d\d),", re.M)
_LAYOUTS = {"mono": 1, "stereo": 2, "downmix": 2, "quad": 4, "hexagonal": 6, "octagonal": 8}


@dataclass(frozen=True, slots=True)
class Stream:
    """The first sound in a file, as it is stored."""

    codec: str
    sample_rate: int
    channels: int


def read_stream(log: str) -> Stream | None:
    """Find the first sound; None when there is none."""
    for kind, text in _STREAM.findall(log):
        match = _AUDIO.match(text) if kind == "Audio" else None
        if match:
            counted, front, low, name = match[3], match[4], match[5], match[6]
            channels = int(counted) if counted else int(front) + int(low) if front else _LAYOUTS.get(name, 2)
            return Stream(match[1], int(match[2]), channels)
    return None


def header_ms(probed: Probe, log: str) -> int | None:
    """Take the header's word from our own reading, or from ffmpeg's where that does not guess."""
    if probed.kind not in {"mp4", "matroska", "aiff"}:
        return probed.claimed_ms
    match = _DURATION.search(log)
    if not match:
        return None
    hours, minutes, seconds, hundredths = (int(part) for part in match.groups())
    return ((hours * 60 + minutes) * 60 + seconds) * 1000 + hundredths * 10


def refuse_cut_off(
    path: Path, shown: str, kind: Kind, log: str, duration_ms: int, claimed_ms: int | None
) -> None:
    """Compare what was decoded with what the header claims; beside a moving picture sound may end early.

    Raises:
        SourceError: clearly less was there than claimed, and both lengths are told; or an Ogg file, which
            claims none, lacks its last page.
    """
    hint = "copy the recording again, or export it again from the audio editor"
    if kind == "ogg" and not ends_in_last_page(path):
        lengths = f"its end is missing; it holds {_words(duration_ms)}"
        raise SourceError((Problem(f"{said(path)} is cut off: {lengths}", Place(shown), hint),))
    if claimed_ms is None:
        return
    has_video = any(name == "Video" and "(attached pic)" not in text for name, text in _STREAM.findall(log))
    allowed_ms = 100 if kind in _COUNTED_KINDS else max(500, claimed_ms // 10) if has_video else 500
    if claimed_ms - duration_ms <= allowed_ms:
        return
    lengths = f"it should last {_words(claimed_ms)}, but holds only {_words(duration_ms)}"
    raise SourceError((Problem(f"{said(path)} is cut off: {lengths}", Place(shown), hint),))


def _words(milliseconds: int) -> str:
    return f"{format_clock(milliseconds)} ({milliseconds / 1000:.1f} s)"
