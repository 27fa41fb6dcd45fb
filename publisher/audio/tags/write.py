"""Turn the values of a tag into the bytes of an ID3v2.3 tag, through mutagen."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator

from mutagen import id3

from publisher.audio.id3 import HEADER_BYTES
from publisher.audio.languages import iso_639_2
from publisher.audio.tags.content import (
    TaggedChapter,
    Tags,
    clean,
    link_values,
    tagged_chapters,
    text_values,
)

PADDING_BYTES = 4096
NO_OFFSET = 0xFFFFFFFF
CHAPTER_LINK = "chapter url"
_UTF16 = id3.Encoding.UTF16


def render_tag(tags: Tags) -> bytes:
    """Write the whole tag: ID3v2.3, UTF-16, with room for later edits (padding).

    Version 2.3, because chapters with titles beyond some fifty characters vanish from Apple's and other
    players in 2.4.

    Raises:
        SourceError: there are more chapters than a table of contents can count.
    """
    frames = [*_text_frames(tags), *_link_frames(tags), *chapter_frames(tagged_chapters(tags))]
    if tags.cover_jpeg:
        frames.append(picture_frame(tags.cover_jpeg))
    return to_bytes(frames)


def picture_frame(picture: bytes, kind: int = id3.PictureType.COVER_FRONT) -> id3.Frame:
    """Return the frame that holds a JPEG or PNG, such as the front cover."""
    mime = "image/png" if picture.startswith(b"\x89PNG") else "image/jpeg"
    return id3.APIC(encoding=id3.Encoding.LATIN1, mime=mime, type=kind, data=picture)


def to_bytes(frames: Iterable[id3.Frame]) -> bytes:
    """Return the bytes of an ID3v2.3 tag with these frames, in this order, with padding.

    mutagen writes each frame; it would order them by their size, and chapters must be in order of time.
    """
    body = b"".join(map(_frame_bytes, frames)) + bytes(PADDING_BYTES)
    size = bytes(len(body) >> shift & 0x7F for shift in (21, 14, 7, 0))
    return b"ID3\x03\x00\x00" + size + body


def chapter_frames(chapters: tuple[TaggedChapter, ...]) -> list[id3.Frame]:
    """Return CHAP frames and the table of contents that players list them by (top level, in order)."""
    if not chapters:
        return []
    frames: list[id3.Frame] = []
    for chapter in chapters:
        parts: list[id3.Frame] = [id3.TIT2(encoding=_UTF16, text=chapter.title)]
        if chapter.url:
            parts.append(id3.WXXX(encoding=id3.Encoding.LATIN1, desc=CHAPTER_LINK, url=chapter.url))
        if chapter.picture:
            parts.append(picture_frame(chapter.picture, id3.PictureType.OTHER))
        frames.append(
            id3.CHAP(
                element_id=chapter.id,
                start_time=chapter.start_ms,
                end_time=chapter.end_ms,
                start_offset=NO_OFFSET,
                end_offset=NO_OFFSET,
                sub_frames=parts,
            )
        )
    contents = id3.CTOC(
        element_id="toc",
        flags=id3.CTOCFlags.TOP_LEVEL | id3.CTOCFlags.ORDERED,
        child_element_ids=[chapter.id for chapter in chapters if chapter.is_listed],
        sub_frames=[id3.TIT2(encoding=_UTF16, text="Chapters")],
    )
    return [*frames, contents]


def _frame_bytes(frame: id3.Frame) -> bytes:
    tag, buffer = id3.ID3(), io.BytesIO()
    tag.add(frame)
    tag.save(buffer, v1=0, v2_version=3, padding=lambda _info: 0)
    return buffer.getvalue()[HEADER_BYTES:]


def _text_frames(tags: Tags) -> Iterator[id3.Frame]:
    for name, value in text_values(tags).items():
        yield id3.Frames[name](encoding=_UTF16, text=value)
    language = iso_639_2(tags.language)
    if tags.comment:
        yield id3.COMM(encoding=_UTF16, lang=language, desc="", text=clean(tags.comment))
    if tags.transcript:
        yield id3.USLT(encoding=_UTF16, lang=language, desc="", text=clean(tags.transcript))


def _link_frames(tags: Tags) -> Iterator[id3.Frame]:
    for name, value in link_values(tags).items():
        yield id3.Frames[name](url=value)
    yield id3.PCST(value=0)
