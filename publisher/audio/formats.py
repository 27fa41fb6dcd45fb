"""Turn the settings of finished audio into what its format asks for: encoder, file name, media type."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from publisher.model import AudioFormat, AudioSettings

_PLAIN = (
    "-map_metadata", "-1", "-map_chapters", "-1", "-fflags", "+bitexact", "-flags:a", "+bitexact",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Format:
    """How one kind of finished audio is made and named.

    `codecs` is the name of the coding after RFC 6381; `container` holds the arguments behind the bit rate.
    """

    name: AudioFormat
    suffix: str
    media_type: str
    codecs: str
    encoder: str
    sample_rate: int
    container: tuple[str, ...]


FORMATS: Mapping[AudioFormat, Format] = {
    "mp3": Format(
        "mp3", ".mp3", "audio/mpeg", "mp3", "libmp3lame", 44100,
        ("-id3v2_version", "0", "-write_id3v1", "0", "-write_xing", "1", "-f", "mp3"),
    ),
    "m4a": Format(
        "m4a", ".m4a", "audio/x-m4a", "mp4a.40.2", "aac", 44100, ("-movflags", "+faststart", "-f", "ipod")
    ),
    # Opus knows no other rate than 48 kHz.
    "opus": Format("opus", ".opus", "audio/ogg", "opus", "libopus", 48000, ("-f", "opus")),
}  # fmt: skip


def format_of(settings: AudioSettings) -> Format:
    """Return the format that the settings ask for."""
    return FORMATS[settings.format]


def format_of_key(key: str) -> Format:
    """Return the format of a finished file by its name; what is named otherwise counts as an MP3."""
    return next((kind for kind in FORMATS.values() if key.endswith(kind.suffix)), FORMATS["mp3"])


def codec_arguments(settings: AudioSettings) -> list[str]:
    """Return the encoder's arguments: bit rate, exact headers, no tags, equal bytes each time.

    With a constant quality, an MP3's Xing header tells its length and where each hundredth of it begins.
    """
    kind = format_of(settings)
    if settings.vbr_quality is None:
        rate = ["-b:a", f"{settings.bitrate_kbps}k"]
    else:
        rate = ["-q:a", str(settings.vbr_quality)]
    return ["-c:a", kind.encoder, *rate, *_PLAIN, *kind.container]


def copy_arguments(settings: AudioSettings) -> list[str]:
    """Return the arguments that keep the frames as they are, behind a fresh, exact header."""
    return ["-c:a", "copy", *_PLAIN, *format_of(settings).container]
