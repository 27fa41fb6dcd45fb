"""Turn an untagged file and its tags into the tagged one and its differences, whatever its format."""

from __future__ import annotations

import shutil
from pathlib import Path

from publisher.audio.mp3 import Span
from publisher.audio.tags import mp4, opus
from publisher.audio.tags.content import Tags
from publisher.audio.tags.splice import write_tagged
from publisher.audio.tags.verify import verify_tags
from publisher.audio.tags.write import render_tag
from publisher.files import digest_file
from publisher.model import AudioFormat


def write_finished_file(
    ffmpeg: Path, kind: AudioFormat, source: Path, tags: Tags, destination: Path
) -> tuple[str, int]:
    """Write the audio of `source`, which has no tags, with `tags`; return SHA-256 and size of it all.

    `destination` is a name that nobody reads yet; the caller renames it, or removes it.

    Raises:
        SourceError: there are more chapters than players can list.
        SurroundingsError: the disk is full, or ffmpeg failed.
    """
    if kind == "mp3":
        return write_tagged(source, Span(0, source.stat().st_size, ()), render_tag(tags), destination)
    if kind == "m4a":
        mp4.write_m4a(ffmpeg, source, tags, destination)
    else:
        shutil.copyfile(source, destination)
        opus.write_opus(destination, tags)
    return digest_file(destination), destination.stat().st_size


def verify_finished(kind: AudioFormat, path: Path, tags: Tags) -> tuple[str, ...]:
    """Return every difference between the tags of a finished file and `tags`, in words.

    What reads the file shares no code with what wrote it.
    """
    if kind == "m4a":
        return mp4.verify_m4a(path, tags)
    if kind == "opus":
        return opus.verify_opus(path, tags)
    return verify_tags(path, tags)
