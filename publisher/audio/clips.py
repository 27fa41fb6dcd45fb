"""Turn a short stretch of a recording into an MP3 clip with fades, no louder and no quieter than it was."""

from __future__ import annotations

import warnings
from pathlib import Path

from publisher.audio.ffmpeg import FfmpegError, input_file, output_file, run
from publisher.audio.leveling import SAMPLE_RATE, mp3_codec, peak_guard_db
from publisher.audio.loudness import Measurement, measure, unreadable
from publisher.audio.mp3 import locate_audio
from publisher.audio.probe import probe
from publisher.audio.scratch import scratch
from publisher.audio.tags.content import Tags
from publisher.audio.tags.splice import write_tagged
from publisher.audio.tags.write import render_tag
from publisher.errors import UsageError
from publisher.files import move_into_place
from publisher.model import AudioSettings
from publisher.timecodes import format_clock

with warnings.catch_warnings():  # pydub looks for programs that it is not asked to run here
    warnings.simplefilter("ignore")
    from pydub import AudioSegment

MAX_CLIP_MS = 5 * 60 * 1000
"""pydub holds what it opens in memory: 21 MB a minute of stereo."""

_CLOSE_ENOUGH_LU = 0.1
_MAX_PASSES = 4


def cut_clip(
    ffmpeg: Path, source: Path, start_ms: int, end_ms: int, fade_ms: int, destination: Path,
    *, settings: AudioSettings | None = None, tags: Tags | None = None,
) -> Measurement:  # fmt: skip
    """Write the stretch of `source` from `start_ms` to `end_ms` as an MP3, and measure what was written.

    The loudness stays what it is there: what encoding takes is given back. Only a peak above the asked one
    lowers it.

    Raises:
        UsageError: the stretch is empty, longer than five minutes, or behind the end of the recording.
        SourceError: the recording cannot be read.
        SurroundingsError: the disk is full, or ffmpeg failed.
    """
    settings = settings or AudioSettings()
    with scratch(destination.with_suffix(".wav")) as faded, scratch(destination) as clip:
        gain_db, is_lowered = 0.0, False
        cut_faded(ffmpeg, source, start_ms, end_ms, fade_ms, faded)
        before = measure(ffmpeg, faded)
        for _ in range(_MAX_PASSES):
            arguments = ["-map", "0:a:0", *mp3_codec(settings), *output_file(clip)]
            run(ffmpeg, [*input_file(faded), *arguments])
            found = measure(ffmpeg, clip)
            excess = found.true_peak_dbtp + peak_guard_db(settings) - settings.true_peak_dbtp
            missing = 0.0 if before.is_silent else before.integrated_lufs - found.integrated_lufs
            if excess <= 0 and (is_lowered or abs(missing) <= _CLOSE_ENOUGH_LU):
                break
            is_lowered = is_lowered or excess > 0
            gain_db += -excess - peak_guard_db(settings) if excess > 0 else missing
            cut_faded(ffmpeg, source, start_ms, end_ms, fade_ms, faded, gain_db=gain_db)
        if tags is None:
            move_into_place(clip, destination)
            return found
        with scratch(destination) as tagged:
            write_tagged(clip, locate_audio(clip), render_tag(tags), tagged)
            move_into_place(tagged, destination)
    return found


def cut_faded(
    ffmpeg: Path, source: Path, start_ms: int, end_ms: int, fade_ms: int, destination: Path,
    *, gain_db: float = 0.0,
) -> None:  # fmt: skip
    """Write the stretch, faded in and out, as 16-bit WAV to `destination`, a name that nobody reads yet.

    ffmpeg cuts, pydub fades: with no ffprobe on the machine it opens nothing but WAV.

    Raises:
        UsageError: the stretch is empty, longer than five minutes, or behind the end of the recording.
        SourceError: the recording cannot be read.
        SurroundingsError: the disk is full, or ffmpeg failed.
    """
    check_stretch(start_ms, end_ms)
    probe(source)
    _cut(ffmpeg, source, start_ms, end_ms - start_ms, destination)
    with destination.open("rb") as file:  # by name, pydub leaves the file open
        stretch = AudioSegment.from_file(file, format="wav")
    if len(stretch) == 0:
        after = f"the recording ends before {format_clock(start_ms)}"
        raise UsageError(after, hint="look at its length with `publisher measure`")
    fade = min(max(fade_ms, 0), len(stretch) // 2)
    faded = stretch.apply_gain(gain_db)
    if fade:  # pydub trips over one of no length
        faded = faded.fade_in(fade).fade_out(fade)
    faded.export(str(destination), format="wav").close()


def check_stretch(start_ms: int, end_ms: int) -> None:
    """Refuse what cannot be a clip of any recording.

    Raises:
        UsageError: the stretch is empty or longer than five minutes.
    """
    if start_ms < 0 or end_ms <= start_ms:
        raise UsageError("a clip has to end after it starts", hint="such as --from 01:10 --to 01:55")
    if end_ms - start_ms > MAX_CLIP_MS:
        asked = format_clock(end_ms - start_ms)
        raise UsageError(f"a clip of {asked} is too long", hint="at most five minutes; most are under one")


def _cut(ffmpeg: Path, source: Path, start_ms: int, length_ms: int, window: Path) -> None:
    """Write the stretch as 16-bit WAV of one or two channels."""
    stretch = ["-ss", f"{start_ms / 1000:.3f}", "-t", f"{length_ms / 1000:.3f}"]
    shape = ["-map", "0:a:0", "-af", "aformat=channel_layouts=mono|stereo", "-ar", str(SAMPLE_RATE)]
    plain = ["-c:a", "pcm_s16le", "-map_metadata", "-1", "-fflags", "+bitexact", "-f", "wav"]
    try:
        run(ffmpeg, [*stretch, *input_file(source), *shape, *plain, *output_file(window)])
    except FfmpegError as error:
        raise unreadable(source, str(source), error.reason) from error
