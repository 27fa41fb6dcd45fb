"""Turn an untagged M4A and its tags into one that plays at once: index first, chapters, iTunes tags.

ffmpeg writes the chapters (as a track, and as the list that most players read) and moves the index to the
front; mutagen, which cannot do either, writes the tags. What is read back is read by neither.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from mutagen import mp4

from publisher.audio.ffmpeg import input_file, output_file, run
from publisher.audio.languages import iso_639_2
from publisher.audio.mp4 import Index, read_index
from publisher.audio.tags.content import (
    GENRE,
    MAX_CHAPTERS,
    TaggedChapter,
    Tags,
    clean,
    latin_url,
    one_line,
    tagged_chapters,
)
from publisher.audio.tags.differences import differences, short
from publisher.files import partial_name

PADDING_BYTES = 4096
MAX_CHAPTER_BYTES = 255
_PODCAST_KIND = 21
_SHORT_LETTERS = 250
_LABELS = {
    "\xa9nam": "title",
    "\xa9alb": "album",
    "\xa9ART": "artist",
    "\xa9gen": "genre",
    "\xa9day": "date",
    "trkn": "episode number",
    "disk": "season",
    "\xa9cmt": "comment",
    "desc": "short description",
    "ldes": "description",
    "\xa9lyr": "transcript",
    "\xa9url": "page address",
    "purl": "feed address",
    "egid": "guid",
    "pcst": "podcast mark",
    "stik": "kind",
}
_NUMBERS = {"trkn", "disk"}


def write_m4a(ffmpeg: Path, source: Path, tags: Tags, destination: Path) -> None:
    """Write the audio of `source` with `tags` to `destination`, a name that nobody reads yet.

    Raises:
        SourceError: there are more chapters than their list can count.
        SurroundingsError: the disk is full, or ffmpeg failed.
    """
    language = ["-metadata:s:a:0", f"language={iso_639_2(tags.language)}"]
    remux(ffmpeg, source, destination, chapters=_listed(tags), more=language)
    write_items(destination, _items(tags))


def remux(
    ffmpeg: Path,
    source: Path,
    destination: Path,
    *,
    chapters: tuple[TaggedChapter, ...] | None,
    more: list[str] | None = None,
) -> None:
    """Copy the sound as it is into a file with its index first; without `chapters`, keep those it has."""
    arguments = input_file(source)
    listing = partial_name(destination)
    if chapters is not None:
        listing.write_text(_ffmetadata(chapters), encoding="utf-8", newline="\n")
        arguments += ["-f", "ffmetadata", "-protocol_whitelist", "file,pipe", "-i", f"file:{listing}"]
    shape = ["-map", "0:a:0", "-map_metadata:g", "-1", "-map_chapters", "0" if chapters is None else "1"]
    plain = ["-c", "copy", "-fflags", "+bitexact", "-movflags", "+faststart", "-f", "ipod"]
    try:
        run(ffmpeg, [*arguments, *shape, *(more or []), *plain, *output_file(destination)])
    finally:
        listing.unlink(missing_ok=True)


def write_items(path: Path, items: Mapping[str, object]) -> None:
    """Put these tags, and no others, into a file that nobody reads yet."""
    file = mp4.MP4(path)
    for name in list(file.keys()):
        del file[name]
    for name, value in items.items():
        file[name] = value
    file.save(padding=lambda _info: PADDING_BYTES)


def verify_m4a(path: Path, tags: Tags) -> tuple[str, ...]:
    """Return every difference between the tags of an M4A and `tags`, in words."""
    index = read_index(path)
    if index is None:
        return ("the file has no index that can be read",)
    return (*_compare(index, tags), *_compare_chapters(index, _listed(tags)))


def _compare(index: Index, tags: Tags) -> Iterator[str]:
    known = {name: values for name, values in index.items.items() if name != "covr"}
    found = {_LABELS.get(name, f"stray {name}"): _shown(name, values) for name, values in known.items()}
    wanted = {_LABELS[name]: value for name, value in _texts(tags).items()}
    wanted |= {_LABELS[name]: str(number) for name, number in _numbers(tags).items()}
    wanted |= {"podcast mark": "1", "kind": str(_PODCAST_KIND)}
    yield from differences(
        {**found, "language": index.language}, {**wanted, "language": iso_639_2(tags.language)}
    )
    if index.items.get("covr", ()) != ((tags.cover_jpeg,) if tags.cover_jpeg else ()):
        yield "the cover is another one, missing or stray"
    if not index.plays_at_once:
        yield "the index stands behind the sound: players must load the whole file first"


def _compare_chapters(index: Index, wanted: tuple[TaggedChapter, ...]) -> Iterator[str]:
    if len(index.chapters) != len(wanted):
        yield f"there are {len(index.chapters)} chapters, should be {len(wanted)}"
        return
    for number, ((start_ms, title), should_be) in enumerate(zip(index.chapters, wanted, strict=True), 1):
        if (start_ms, title) != (should_be.start_ms, _fitting(should_be.title)):
            there, right = (
                f"{short(title)} {start_ms} ms",
                f"{short(should_be.title)} {should_be.start_ms} ms",
            )
            yield f"chapter {number} is {there}, should be {right}"


def _listed(tags: Tags) -> tuple[TaggedChapter, ...]:
    """Return the chapters to be shown: an M4A knows no silent ones, and no links.

    They have no gaps either: where the first one starts late, the title stands for what comes before it.
    """
    listed = [chapter for chapter in tagged_chapters(tags) if chapter.is_listed]
    if not listed or listed[0].start_ms == 0:
        return tuple(listed)
    if len(listed) == MAX_CHAPTERS:
        return (replace(listed[0], start_ms=0), *listed[1:])
    opening = TaggedChapter("chp", 0, listed[0].start_ms, one_line(tags.title), None, is_listed=True)
    return (opening, *listed)


def _texts(tags: Tags) -> dict[str, str]:
    values = {
        "\xa9nam": one_line(tags.title),
        "\xa9alb": one_line(tags.album),
        "\xa9ART": one_line(tags.artist),
        "\xa9gen": GENRE,
        "\xa9day": tags.date.isoformat() if tags.date else "",
        "\xa9cmt": clean(tags.comment),
        "desc": one_line(tags.comment)[:_SHORT_LETTERS].rstrip(),
        "ldes": clean(tags.comment),
        "\xa9lyr": clean(tags.transcript),
        "\xa9url": latin_url(tags.page_url or ""),
        "purl": latin_url(tags.feed_url or ""),
        "egid": one_line(tags.guid or ""),
    }
    return {name: value for name, value in values.items() if value}


def _numbers(tags: Tags) -> dict[str, int]:
    values = {"trkn": tags.number, "disk": tags.season}
    return {name: min(value, 0xFFFF) for name, value in values.items() if value is not None}


def _items(tags: Tags) -> dict[str, object]:
    items: dict[str, object] = {name: [value] for name, value in _texts(tags).items()}
    items |= {name: [(number, 0)] for name, number in _numbers(tags).items()}
    items |= {"pcst": True, "stik": [_PODCAST_KIND]}
    if tags.cover_jpeg:
        items["covr"] = [mp4.MP4Cover(tags.cover_jpeg, mp4.MP4Cover.FORMAT_JPEG)]
    return items


def _shown(name: str, values: tuple[bytes, ...]) -> str:
    if name in _NUMBERS:
        return ", ".join(str(int.from_bytes(value[2:4])) for value in values)
    if name in {"pcst", "stik"}:
        return ", ".join(str(int.from_bytes(value)) for value in values)
    return "\n".join(value.decode("utf-8", "replace") for value in values)


def _fitting(title: str) -> str:
    return title.encode()[:MAX_CHAPTER_BYTES].decode("utf-8", "ignore")


def _ffmetadata(chapters: tuple[TaggedChapter, ...]) -> str:
    """Write chapters as ffmpeg reads them; each lasts until the next one that is shown."""
    lines = [";FFMETADATA1"]
    ends = [chapter.start_ms for chapter in chapters[1:]] + [chapters[-1].end_ms] if chapters else []
    for chapter, end_ms in zip(chapters, ends, strict=True):
        title = re.sub(r"([=;#\\\n])", r"\\\1", _fitting(chapter.title))
        lines += [
            "[CHAPTER]",
            "TIMEBASE=1/1000",
            f"START={chapter.start_ms}",
            f"END={end_ms}",
            f"title={title}",
        ]
    return "\n".join([*lines, ""])
