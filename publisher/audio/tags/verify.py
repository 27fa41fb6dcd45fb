"""Turn a finished MP3 and the tags that it should carry into the differences between them.

The reader is this project's own (`audio/id3`), not the library that wrote the tag: two readers that agree are
worth more than one that agrees with itself, and no third program is needed on the machine.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from publisher.audio.id3 import HEADER_BYTES, Frame, TagHeader, parse_header, read_frames, sub_frames
from publisher.audio.languages import iso_639_2
from publisher.audio.mp3 import locate_audio
from publisher.audio.tags.content import (
    TaggedChapter,
    Tags,
    clean,
    link_values,
    tagged_chapters,
    text_values,
)
from publisher.audio.tags.write import CHAPTER_LINK, NO_OFFSET

_NAMES = {
    "TIT2": "title",
    "TALB": "album",
    "TPE1": "artist",
    "TCON": "genre",
    "TLAN": "language",
    "TRCK": "episode number",
    "TPOS": "season",
    "TYER": "year",
    "TDAT": "day",
    "TGID": "guid",
    "TDES": "description",
    "WOAS": "page address",
    "WFED": "feed address",
    "COMM": "comment",
    "USLT": "transcript",
    "APIC": "cover",
}
_ENCODINGS = {0: "latin-1", 1: "utf-16", 2: "utf-16-be", 3: "utf-8"}


@dataclass(frozen=True, slots=True)
class _Read:
    """What the tag of a file holds, in the words of ID3; `languages` are those of the longer texts."""

    values: dict[str, str]
    languages: dict[str, str]
    cover: bytes | None
    chapters: tuple[TaggedChapter, ...]
    faults: tuple[str, ...]


def verify_tags(path: Path, tags: Tags) -> tuple[str, ...]:
    """Return every difference between the tag of `path` and `tags`, in words; empty when there is none."""
    with path.open("rb") as file:
        header = parse_header(file.read(HEADER_BYTES))
        if not header or header.version != 3:
            return ("the file has no ID3v2.3 tag",)
        file.seek(0)
        found = _read(header, file.read(header.size))
    wanted = {**text_values(tags), **link_values(tags)}
    wanted |= {"COMM": clean(tags.comment), "USLT": clean(tags.transcript)}
    language = found.values.get("TLAN", "") or iso_639_2(tags.language)
    differences = [*found.faults, *_other_languages(found.languages, language)]
    differences += [f"there is a stray {name} tag" for name in locate_audio(path).tags[1:]]
    for name, label in _NAMES.items():
        is_value, should_be = found.values.get(name, ""), wanted.get(name, "")
        if name != "APIC" and is_value != should_be:
            differences.append(f"the {label} is {_short(is_value)}, should be {_short(should_be)}")
    if found.cover != tags.cover_jpeg:
        differences.append(
            "the cover is another one" if found.cover and tags.cover_jpeg else "the cover is missing or stray"
        )
    return (*differences, *_compare_chapters(found.chapters, tagged_chapters(tags)))


def _other_languages(found: dict[str, str], wanted: str) -> list[str]:
    return [
        f"the {_NAMES[name]} is marked as {_short(language)}, should be {_short(wanted)}"
        for name, language in found.items()
        if language != wanted
    ]


def _compare_chapters(found: tuple[TaggedChapter, ...], wanted: tuple[TaggedChapter, ...]) -> list[str]:
    if len(found) != len(wanted):
        return [f"there are {len(found)} chapters, should be {len(wanted)}"]
    return [
        f"chapter {number} is {_chapter(is_there)}, should be {_chapter(should_be)}"
        for number, (is_there, should_be) in enumerate(zip(found, wanted, strict=True), 1)
        if is_there != should_be
    ]


def _chapter(chapter: TaggedChapter) -> str:
    listed = "" if chapter.is_listed else ", not listed"
    picture = f", with a picture of {len(chapter.picture)} bytes" if chapter.picture else ""
    times = f"{chapter.start_ms}–{chapter.end_ms} ms"
    return f"{_short(chapter.title)} {times} {chapter.url or ''}{listed}{picture}".rstrip()


def _read(header: TagHeader, tag: bytes) -> _Read:
    values: dict[str, str] = {}
    languages: dict[str, str] = {}
    faults: list[str] = []
    cover: bytes | None = None
    frames = read_frames(tag)
    listed, contents_faults = _read_contents(frames)
    chapters: list[TaggedChapter] = []
    for frame in frames:
        if frame.id in values or (frame.id == "APIC" and cover is not None):
            faults.append(f"{frame.id} is there twice")
        if frame.id == "CHAP":
            chapters.append(_read_chapter(frame, listed))
        elif frame.id == "APIC":
            cover = _picture(frame.body)
            if not frame.body[1:].startswith(_label_of(cover)):
                faults.append("the cover is not marked as a front cover of its kind")
        elif frame.id in {"COMM", "USLT"}:
            description, values[frame.id] = _described(frame.body)
            languages[frame.id] = frame.body[1:4].decode("latin-1")
            if description:
                faults.append(f"the {_NAMES[frame.id]} is described as {_short(description)}")
        elif frame.id.startswith("T"):
            values[frame.id] = _text(frame.body)
        elif frame.id.startswith("W"):
            values[frame.id] = frame.body.rstrip(b"\0").decode("latin-1")
        elif frame.id not in {"PCST", "CTOC"}:
            faults.append(f"there is a stray {frame.id}")
    if [frame.body for frame in frames if frame.id == "PCST"] != [bytes(4)]:
        faults.append("the mark of a podcast (PCST) is missing or another one")
    faults += [f"there is a stray {name}" for name in values if name not in _NAMES]
    if chapters:
        faults += contents_faults
    if header.flags:
        faults.append("the tag has flags that players stumble over")
    return _Read(values, languages, cover, tuple(chapters), tuple(faults))


def _read_contents(frames: tuple[Frame, ...]) -> tuple[list[str], list[str]]:
    """Return the chapters that the table of contents lists, and what is wrong with it."""
    tables = [frame.body for frame in frames if frame.id == "CTOC"]
    if len(tables) != 1:
        return [], [f"there are {len(tables)} tables of contents, should be one"]
    rest = tables[0].partition(b"\0")[2].ljust(2, b"\0")
    children = [name.decode("latin-1") for name in rest[2:].split(b"\0")[: rest[1]]]
    return children, [] if rest[0] == 3 else ["the table of contents is not the top one, or not in order"]


def _read_chapter(frame: Frame, listed: list[str]) -> TaggedChapter:
    name, _, rest = frame.body.partition(b"\0")
    start_ms, end_ms, first, last = (int.from_bytes(rest[at : at + 4]) for at in (0, 4, 8, 12))
    title, stray, url, picture = "", "", None, None
    for part in sub_frames(frame):
        if part.id == "TIT2":
            title = _text(part.body)
        elif part.id == "WXXX":
            label, _, address = part.body[1:].partition(b"\0")
            url = address.rstrip(b"\0").decode("latin-1") if label == CHAPTER_LINK.encode() else None
        elif part.id == "APIC":
            picture = _picture(part.body)
        else:
            stray += f" (with a stray {part.id})"
    if (first, last) != (NO_OFFSET, NO_OFFSET):
        stray += " (with byte offsets)"
    id_text = name.decode("latin-1")
    return TaggedChapter(id_text, start_ms, end_ms, title + stray, url, id_text in listed, picture)


def _text(body: bytes) -> str:
    return body[1:].decode(_ENCODINGS.get(body[0], "latin-1"), "replace").rstrip("\0") if body else ""


def _described(body: bytes) -> tuple[str, str]:
    """Return description and text of a COMM or USLT frame: encoding, language, description, text."""
    wide = body[:1] in {b"\1", b"\2"}
    rest = body[4:]
    end = (
        next((at for at in range(0, len(rest), 2) if rest[at : at + 2] == b"\0\0"), 0)
        if wide
        else rest.find(b"\0")
    )
    return _text(body[:1] + rest[:end]), _text(body[:1] + rest[end + (2 if wide else 1) :])


def _label_of(picture: bytes) -> bytes:
    """Return how a front cover is to be marked: media type and kind."""
    return b"image/png\0\3" if picture.startswith(b"\x89PNG") else b"image/jpeg\0\3"


def _picture(body: bytes) -> bytes:
    """Return the picture of an APIC frame: encoding, media type, kind, description, data."""
    _, _, rest = body[1:].partition(b"\0")
    if body[:1] in {b"\1", b"\2"}:
        end = next((at for at in range(1, len(rest), 2) if rest[at : at + 2] == b"\0\0"), len(rest))
        return rest[end + 2 :]
    return rest[1:].partition(b"\0")[2]


def _short(text: str) -> str:
    return repr(text if len(text) <= 60 else f"{text[:57]}…") if text else "empty"
