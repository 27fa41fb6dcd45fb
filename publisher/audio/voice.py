"""Turn a recording into the raw sound that speech recognisers take: one channel, 16 000 numbers a second."""

from __future__ import annotations

from pathlib import Path

from publisher.audio.ffmpeg import FfmpegError, OnProgress, input_file, output_file, run
from publisher.audio.loudness import unreadable
from publisher.audio.probe import probe


def write_voice(
    ffmpeg: Path, source: Path, destination: Path, shown: str = "", *, on_progress: OnProgress | None = None
) -> None:
    """Write the raw sound to `destination`, a name that nobody reads yet: 115 MB an hour.

    Raises:
        SourceError: the recording cannot be read.
        SurroundingsError: the disk is full, or ffmpeg failed.
    """
    probe(source, shown)
    shape = ["-map", "0:a:0", "-ac", "1", "-ar", "16000", "-c:a", "pcm_s16le", "-f", "s16le"]
    try:
        run(ffmpeg, [*input_file(source), *shape, *output_file(destination)], on_progress=on_progress)
    except FfmpegError as error:
        raise unreadable(source, shown or str(source), error.reason) from error
