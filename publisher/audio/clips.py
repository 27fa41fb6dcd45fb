"""Turn a short stretch of a recording into an MP3 clip with fades."""

from __future__ import annotations

import warnings
from pathlib import Path

from publisher.audio.ffmpeg import FfmpegError, input_file, output_file, run
from publisher.audio.leveling import SAMPLE_RATE, mp3_codec
from publisher.audio.loudness import unreadable
from publisher.audio.probe import probe
from publisher.audio.scratch import scratch
from publisher.errors import UsageError
from publisher.files import move_into_place
from publisher.model import AudioSettings
from publisher.timecodes import format_clock

with warnings.catch_warnings():  # pydub looks for programs that it is not asked to run here
    warnings.simplefilter("ignore")
    from pydub import AudioSegment

MAX_CLIP_MS = 5 * 60 * 1000
"""pydub holds what it opens in memory: 21 MB a minute of stereo."""


def cut_clip(
    ffmpeg: Path, source: Path, start_ms: int, end_ms: int, fade_ms: int, destination: Path,
    *, settings: AudioSettings | None = None,
) -> None:  # fmt: skip
    """Cut `source` from `start_ms` to `end_ms`, fade it in and out, and write it to `destination` as an MP3.

    ffmpeg cuts and encodes, pydub fades: with no ffprobe on the machine it opens nothing but WAV.

    Raises:
        UsageError: the stretch is empty, longer than five minutes, or behind the end of the recording.
        SourceError: the recording cannot be read.
        SurroundingsError: the disk is full, or ffmpeg failed.
    """
    length_ms = end_ms - start_ms
    if start_ms < 0 or length_ms <= 0:
        raise UsageError("a clip has to end after it starts", hint="such as --from 01:10 --to 01:55")
    if length_ms > MAX_CLIP_MS:
        asked = format_clock(length_ms)
        raise UsageError(f"a clip of {asked} is too long", hint="at most five minutes; most are under one")
    probe(source)
    with scratch(destination.with_suffix(".wav")) as window, scratch(destination) as clip:
        _cut(ffmpeg, source, start_ms, length_ms, window)
        with window.open("rb") as file:  # by name, pydub leaves the file open
            faded = AudioSegment.from_file(file, format="wav")
        if len(faded) == 0:
            after = f"the recording ends before {format_clock(start_ms)}"
            raise UsageError(after, hint="look at its length with `publisher measure`")
        fade = min(max(fade_ms, 0), len(faded) // 2)
        faded.fade_in(fade).fade_out(fade).export(str(window), format="wav").close()
        coded = mp3_codec(settings or AudioSettings())
        run(ffmpeg, [*input_file(window), "-map", "0:a:0", *coded, *output_file(clip)])
        move_into_place(clip, destination)


def _cut(ffmpeg: Path, source: Path, start_ms: int, length_ms: int, window: Path) -> None:
    """Write the stretch as 16-bit WAV of one or two channels."""
    stretch = ["-ss", f"{start_ms / 1000:.3f}", "-t", f"{length_ms / 1000:.3f}"]
    shape = ["-map", "0:a:0", "-af", "aformat=channel_layouts=mono|stereo", "-ar", str(SAMPLE_RATE)]
    plain = ["-c:a", "pcm_s16le", "-map_metadata", "-1", "-fflags", "+bitexact", "-f", "wav"]
    try:
        run(ffmpeg, [*stretch, *input_file(source), *shape, *plain, *output_file(window)])
    except FfmpegError as error:
        raise unreadable(source, str(source), error.reason) from error
