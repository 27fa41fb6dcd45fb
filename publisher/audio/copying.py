"""Turn a master that is right already into its delivered file, without coding it again."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from publisher.audio.ffmpeg import input_file, output_file, run
from publisher.audio.formats import copy_arguments
from publisher.audio.leveling import METERS_DIFFER_DB, Source
from publisher.audio.loudness import Measurement, measure
from publisher.model import AudioSettings

KEPT_LU = 0.1
"""So much may a master be off that is kept as it is: what is promised of every delivered file."""

_ORIGINS: Mapping[str, tuple[str, str]] = {
    "mp3": ("mp3", "mp3"),
    "m4a": ("mp4", "aac"),
    "opus": ("ogg", "opus"),
}
"""What kind of file, and in which coding, a master in each format is."""

_PLAYABLE_RATES = {44100, 48000}
_EDGE_FRAMES = 8  # a header's, those that the encoder adds at both ends
_FRAMES_PER_S = 38  # of 1,152 samples at 44.1 kHz, and fewer where they are longer
_INDEX_BYTES = 10_000
_INDEX_SHARE = 0.05
"""So much larger than its bit rate says may a file be: averages are not exact, and containers take some."""

_PLAIN_AAC = re.compile(r"Audio: aac \(LC\)")
"""Every player knows this profile; what saves more bytes (HE-AAC) is another one than the feed names."""


def fits(settings: AudioSettings, measured: Measurement) -> bool:
    """Whether a master is in the asked format and right already: encoding again would only lose quality.

    Two equal channels may stay two: joint stereo makes nothing of the second one.
    """
    wanted = {"auto": (1, 2), "mono": (1,), "stereo": (2,)}[settings.channels]
    return (
        (measured.kind, measured.codec) == _ORIGINS[settings.format]
        and measured.sample_rate in _PLAYABLE_RATES
        and measured.channels in wanted
        and is_accepted(settings, measured)
    )


def is_accepted(settings: AudioSettings, measured: Measurement) -> bool:
    """Whether a file is as loud as asked, and its peaks no higher."""
    off = abs(measured.integrated_lufs - settings.loudness_lufs)
    return off <= KEPT_LU and measured.true_peak_dbtp + METERS_DIFFER_DB <= settings.true_peak_dbtp


def copied(source: Source, destination: Path) -> Measurement | None:
    """Copy the sound of a master that is right already and measure the copy; None when it is not right.

    Raises:
        SurroundingsError: the disk is full, or ffmpeg failed.
    """
    settings = source.settings
    if not fits(settings, source.measured):
        return None
    chosen = ["-map", "0:a:0", *copy_arguments(settings)]
    arguments = [*input_file(source.master), *chosen, *output_file(destination)]
    log = run(source.ffmpeg, arguments, on_progress=source.watch("copying")).log
    if settings.format == "m4a" and not _PLAIN_AAC.search(log):
        return None
    if not _is_small(settings, source.measured, destination):
        return None
    found = measure(source.ffmpeg, destination, on_progress=source.watch("checking"))
    is_whole = abs(found.duration_ms - source.measured.duration_ms) <= 1
    return found if is_whole and is_accepted(settings, found) else None


def _is_small(settings: AudioSettings, measured: Measurement, path: Path) -> bool:
    bytes_per_s = settings.bitrate_kbps * 1000 / 8
    most = bytes_per_s * (measured.duration_ms / 1000 + _EDGE_FRAMES / _FRAMES_PER_S)
    if settings.format != "mp3":  # where a bit rate is an average
        most = most * (1 + _INDEX_SHARE) + _INDEX_BYTES
    return path.stat().st_size <= most
