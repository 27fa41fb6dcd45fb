"""Turn an untagged Ogg Opus file and its tags into one with Vorbis comments, chapters and cover."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Iterator
from pathlib import Path

from mutagen import flac, oggopus

from publisher.audio.languages import iso_639_2
from publisher.audio.ogg import read_comments
from publisher.audio.tags.content import GENRE, Tags, clean, latin_url, one_line, tagged_chapters
from publisher.audio.tags.differences import differences
from publisher.files import digest_bytes

PADDING_BYTES = 4096
PICTURE = "METADATA_BLOCK_PICTURE"
_FRONT_COVER = 3


def write_opus(path: Path, tags: Tags) -> None:
    """Put `tags`, and no others, into a file that nobody reads yet.

    Raises:
        SourceError: there are more chapters than players can list.
    """
    write_comments(path, _comments(tags))


def write_comments(path: Path, comments: Iterable[tuple[str, str]]) -> None:
    """Put these comments, and no others, into a file that nobody reads yet."""
    file = oggopus.OggOpus(path)
    for name in list(file.keys()):
        del file[name]
    for name, value in comments:
        file[name] = [value]
    file.save(padding=lambda _info: PADDING_BYTES)


def verify_opus(path: Path, tags: Tags) -> tuple[str, ...]:
    """Return every difference between the comments of an Opus file and `tags`, in words."""
    comments = read_comments(path)
    if comments is None:
        return ("the file has no comments that can be read",)
    found: dict[str, str] = {}
    faults = []
    for name, value in comments:
        if name in found:
            faults.append(f"{name} is there twice")
        found[name] = _shown(name, value)
    wanted = {name: _shown(name, value) for name, value in _comments(tags)}
    return (*faults, *differences(found, wanted))


def _comments(tags: Tags) -> Iterator[tuple[str, str]]:
    """Yield every comment, under the names that tag editors agree on."""
    values = {
        "TITLE": one_line(tags.title),
        "ALBUM": one_line(tags.album),
        "ARTIST": one_line(tags.artist),
        "GENRE": GENRE,
        "DATE": tags.date.isoformat() if tags.date else "",
        "TRACKNUMBER": "" if tags.number is None else str(tags.number),
        "DISCNUMBER": "" if tags.season is None else str(tags.season),
        "LANGUAGE": iso_639_2(tags.language),
        "COMMENT": clean(tags.comment),
        "DESCRIPTION": clean(tags.comment),
        "WWWAUDIOSOURCE": latin_url(tags.page_url or ""),
        "PODCAST": "1",
        "PODCASTURL": latin_url(tags.feed_url or ""),
        "PODCASTID": one_line(tags.guid or ""),
        "LYRICS": clean(tags.transcript),
    }
    yield from ((name, value) for name, value in values.items() if value)
    listed = (chapter for chapter in tagged_chapters(tags) if chapter.is_listed)
    for number, chapter in enumerate(listed, 1):
        yield f"CHAPTER{number:03}", _clock(chapter.start_ms)
        yield f"CHAPTER{number:03}NAME", chapter.title
        if chapter.url:
            yield f"CHAPTER{number:03}URL", chapter.url
    if tags.cover_jpeg:
        picture = flac.Picture()
        picture.type, picture.mime, picture.data = _FRONT_COVER, "image/jpeg", tags.cover_jpeg
        yield PICTURE, base64.b64encode(picture.write()).decode("ascii")


def _clock(milliseconds: int) -> str:
    seconds, rest = divmod(milliseconds, 1000)
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}.{rest:03}"


def _shown(name: str, value: str) -> str:
    return f"picture {digest_bytes(value.encode())[:12]}" if name == PICTURE else value
