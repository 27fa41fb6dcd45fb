"""Turn what ffmpeg says of a file that it decodes into the kind and the length of the sound in it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from publisher.audio.probe import Kind, Probe, said
from publisher.audio.wholeness import is_whole
from publisher.errors import Place, Problem, SourceError
from publisher.timecodes import format_clock

_RATES = range(4000, 768_001)
_HINT = "copy the recording again, or export it again from the audio editor"
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


class StreamWatch:
    """Listens to the first messages, and ends what would take for ever.

    Whatever the rate, a true peak costs as much a second: a small file that claims 100 Hz is hours of work.
    """

    def __init__(self, path: Path, shown: str) -> None:
        """Begin before the first message."""
        self._path, self._shown, self._is_done = path, shown, False

    def __call__(self, log: bytes) -> None:
        """Look at the messages so far.

        Raises:
            SourceError: the rate is none that sound is recorded at.
        """
        stream = None if self._is_done else read_stream(log.decode("utf-8", "replace"))
        if stream is None:
            return
        self._is_done = True
        if stream.sample_rate not in _RATES:
            message = f"{said(self._path)} is damaged: it claims {stream.sample_rate} samples a second"
            raise SourceError((Problem(message, Place(self._shown), _HINT),))


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
        SourceError: clearly less was there than claimed, and both lengths are told; or no length is claimed,
            but the file ends before its container does.
    """
    has_video = any(name == "Video" and "(attached pic)" not in text for name, text in _STREAM.findall(log))
    allowed_ms = 100 if kind in _COUNTED_KINDS else 500
    if has_video and claimed_ms:
        allowed_ms = max(allowed_ms, claimed_ms // 10)
    if claimed_ms is not None and claimed_ms - duration_ms > allowed_ms:
        lengths = f"it should last {_words(claimed_ms)}, but holds only {_words(duration_ms)}"
    elif (claimed_ms is None or kind not in _COUNTED_KINDS) and not is_whole(path, kind):
        lengths = f"its end is missing; it holds {_words(duration_ms)}"
    else:
        return
    raise SourceError((Problem(f"{said(path)} is cut off: {lengths}", Place(shown), _HINT),))


def _words(milliseconds: int) -> str:
    return f"{format_clock(round(milliseconds, -2))} ({milliseconds / 1000:.1f} s)"
