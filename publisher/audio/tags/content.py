"""Turn what an episode says about itself into the values of its tag, spelt as every player reads them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from urllib.parse import quote

from publisher.audio.languages import iso_639_2
from publisher.errors import Problem, SourceError
from publisher.model import Chapter

GENRE = "Podcast"
MAX_CHAPTERS = 255


@dataclass(frozen=True, slots=True)
class Tags:
    """Everything that a finished file says about itself.

    `language` is a BCP 47 tag, `cover_jpeg` a ready JPEG, `duration_ms` the end of the last chapter,
    `pictures` those of chapters by their paths, as ready JPEGs; `finish` fills in the last three.
    """

    title: str
    album: str
    artist: str
    language: str = "en"
    season: int | None = None
    number: int | None = None
    date: date | None = None
    comment: str = ""
    page_url: str | None = None
    feed_url: str | None = None
    guid: str | None = None
    chapters: tuple[Chapter, ...] = ()
    transcript: str = ""
    cover_jpeg: bytes | None = None
    duration_ms: int = 0
    pictures: Mapping[Path, bytes] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class TaggedChapter:
    """A chapter as the tag holds it; only those that are listed stand in the table of contents.

    `picture` is a JPEG or PNG. One that an episode's chapter has an address of stays in the chapters file:
    nothing is fetched to be embedded.
    """

    id: str
    start_ms: int
    end_ms: int
    title: str
    url: str | None
    is_listed: bool
    picture: bytes | None = None


def tagged_chapters(tags: Tags) -> tuple[TaggedChapter, ...]:
    """Put the chapters in order of time, each ending where the next one starts.

    Raises:
        SourceError: there are more than 255; the table of contents cannot count further.
    """
    if len(tags.chapters) > MAX_CHAPTERS:
        message = f"{len(tags.chapters)} chapters are too many for an MP3"
        hint = f"players can list at most {MAX_CHAPTERS}; join some of them"
        raise SourceError((Problem(message, hint=hint),))
    chapters = sorted(tags.chapters, key=lambda chapter: chapter.start_ms)
    ends = [chapter.start_ms for chapter in chapters[1:]] + [tags.duration_ms] * bool(chapters)
    return tuple(
        TaggedChapter(
            id=f"chp{number}",
            start_ms=chapter.start_ms,
            end_ms=max(chapter.start_ms, end),
            title=one_line(chapter.title),
            url=latin_url(chapter.url) if chapter.url else None,
            is_listed=chapter.toc,
            picture=tags.pictures.get(chapter.picture) if chapter.picture else None,
        )
        for number, (chapter, end) in enumerate(zip(chapters, ends, strict=True))
    )


def text_values(tags: Tags) -> dict[str, str]:
    """Return the text of each text frame, by its ID; nothing for what the episode does not say."""
    day = tags.date
    values = {
        "TIT2": one_line(tags.title),
        "TALB": one_line(tags.album),
        "TPE1": one_line(tags.artist),
        "TCON": GENRE,
        "TLAN": iso_639_2(tags.language),
        "TRCK": "" if tags.number is None else str(tags.number),
        "TPOS": "" if tags.season is None else str(tags.season),
        "TYER": f"{day.year:04}" if day else "",
        "TDAT": f"{day.day:02}{day.month:02}" if day else "",
        "TGID": one_line(tags.guid or ""),
        "TDES": clean(tags.comment),
    }
    return {name: value for name, value in values.items() if value}


def link_values(tags: Tags) -> dict[str, str]:
    """Return the address of each link frame, by its ID."""
    values = {"WOAS": tags.page_url, "WFED": tags.feed_url}
    return {name: latin_url(value) for name, value in values.items() if value}


def clean(text: str) -> str:
    """Return text that every tag reader takes whole: no control characters, no halves of UTF-16 pairs."""
    kept = "".join(char if char >= " " or char in "\t\n" else " " for char in text.replace("\r\n", "\n"))
    return kept.encode("utf-16", "surrogatepass").decode("utf-16", "replace").strip()


def one_line(text: str) -> str:
    """Return text cleaned, on one line."""
    return " ".join(clean(text).split())


def latin_url(url: str) -> str:
    """Return an address as link frames hold it: ASCII, everything else percent-encoded."""
    return quote(clean(url).replace("\n", ""), safe="!#$%&'()*+,/:;=?@[]~")
