"""Turn the tags of any finished MP3, M4A or Opus into clean ones that every player reads."""

from __future__ import annotations

import io
import os
from collections import Counter
from pathlib import Path

from mutagen import MutagenError, id3

from publisher.audio.id3 import HEADER_BYTES, UnsafeTagError, check_safe, parse_header
from publisher.audio.mp3 import Span, locate_audio
from publisher.audio.probe import probe
from publisher.audio.tags.content import MAX_CHAPTERS, TaggedChapter, clean, latin_url, one_line
from publisher.audio.tags.normalise_mp4 import normalise_m4a
from publisher.audio.tags.normalise_opus import normalise_opus
from publisher.audio.tags.splice import Normalised, replace_tag
from publisher.audio.tags.write import CHAPTER_LINK, chapter_frames, picture_frame, to_bytes
from publisher.errors import Place, Problem, SourceError

MAX_TAG_BYTES = 16 << 20
_ID3V1_BYTES = 128
_TEXTS = (
    "TIT1", "TIT2", "TIT3", "TALB", "TPE1", "TPE2", "TCON", "TLAN", "TRCK", "TPOS", "TYER", "TDAT", "TGID",
    "TDES", "TCAT", "TKWD", "TCOM", "TPUB", "TCOP", "TSRC", "TLEN", "TSOT", "TSOA", "TSOP",
)  # fmt: skip
_LINKS = ("WOAS", "WFED", "WOAF", "WOAR", "WPUB", "WCOP")
_REWRITTEN = {
    "CTOC",
    "TDRC",
    "TIME",
    "TORY",
    "TDOR",
    "TDRL",
    "TDEN",
    "TDTG",
}  # year and day are kept of dates


def normalise_tags(path: Path, shown: str = "", *, write: bool = True) -> Normalised:
    """Rewrite the tags of an MP3, M4A or Opus on a copy that is renamed into place; the audio stays as it is.

    Kept are texts, comment, transcript, addresses, cover and chapters; private, unknown, APE and ID3v1 tags
    go. With `write=False` only tell what would happen.

    Raises:
        SourceError: it is of another format, or its tag is too large, damaged or unsafe.
        SurroundingsError: the file cannot be written.
    """
    shown = shown or str(path)
    kind = probe(path, shown).kind
    if kind == "mp4":
        return normalise_m4a(path, shown, write=write)
    if kind == "ogg":
        return normalise_opus(path, shown, write=write)
    if kind != "mp3":
        hint = "tag the finished MP3, M4A or Opus; `publisher audio` makes it from a recording"
        raise _refused(path, shown, f"is neither MP3, M4A nor Opus, but {kind.upper()}", hint)
    span = locate_audio(path)
    tag = _load(path, shown, span)
    frames, dropped = _sort_out(tag)
    leading = [name for name in span.tags if name.startswith("ID3v2")]
    dropped += [f"another {name}" for name in leading[1:]]
    dropped += [name for name in span.tags if not name.startswith("ID3v2")]
    head = to_bytes(frames)
    is_changed = replace_tag(path, head, span, write=write)
    return Normalised(tuple(frame.FrameID for frame in frames), tuple(dict.fromkeys(dropped)), is_changed)


def _load(path: Path, shown: str, span: Span) -> id3.ID3:
    """Read the leading tag with mutagen, having made sure that it can do no harm; else the old one behind."""
    with path.open("rb") as file:
        header = parse_header(file.read(HEADER_BYTES))
        if header is None:
            tag = id3.ID3()
            file.seek(-_ID3V1_BYTES, os.SEEK_END)
            for frame in (id3.ParseID3v1(file.read()) or {}).values() if "ID3v1" in span.tags else ():
                tag.add(frame)
            tag.update_to_v23()
            return tag
        if header.size > MAX_TAG_BYTES:
            hint = "take the pictures out with a tag editor"
            raise _refused(path, shown, f"carries {header.size / 1e6:.0f} MB of tags", hint)
        file.seek(0)
        data = file.read(header.size)
    hint = "remove its tags with a tag editor and run the same command again"
    try:
        check_safe(data)
        tag = id3.ID3(io.BytesIO(data), translate=False)
        tag.update_to_v23()
    except (MutagenError, RecursionError, ValueError, EOFError) as error:
        reason = str(error) if isinstance(error, UnsafeTagError) else "they are damaged"
        raise _refused(path, shown, f"has tags that cannot be read: {reason}", hint) from error
    return tag


def _sort_out(tag: id3.ID3) -> tuple[list[id3.Frame], list[str]]:
    """Take what is worth keeping, in a set order, and name the rest."""
    kept: list[id3.Frame] = []
    for name in _TEXTS:
        text = one_line("/".join(map(str, tag[name].text))) if name in tag else ""
        if text:
            kept.append(id3.Frames[name](encoding=id3.Encoding.UTF16, text=text))
    kept += _comments(tag)
    for name in _LINKS:
        found = tag.getall(name)
        if found and (url := latin_url(found[0].url)):
            kept.append(id3.Frames[name](url=url))
    kept += tag.getall("PCST")[:1]
    kept += chapter_frames(_chapters(tag))
    kept += _pictures(tag)
    return kept, _dropped(tag, kept)


def _dropped(tag: id3.ID3, kept: list[id3.Frame]) -> list[str]:
    """Name every frame of a tag that is not kept, each with its owner or description."""
    left = Counter(frame.FrameID for frame in kept)
    dropped = [data[:4].decode("ascii", "replace") for data in tag.unknown_frames]
    for frame in tag.values():
        name = frame.FrameID
        if left[name] and not (name == "COMM" and _is_machine_comment(frame)):
            left[name] -= 1
        elif name not in _REWRITTEN:
            owner = getattr(frame, "owner", "") or getattr(frame, "desc", "") or getattr(frame, "email", "")
            dropped.append(f"{name} {one_line(str(owner))[:60]}".strip())
    return sorted(dropped)


def _comments(tag: id3.ID3) -> list[id3.Frame]:
    """Return the first comment and the first transcript that a person wrote."""
    found: list[id3.Frame] = []
    for name, kind in (("COMM", id3.COMM), ("USLT", id3.USLT)):
        frames = [frame for frame in tag.getall(name) if not _is_machine_comment(frame)]
        frames.sort(key=_has_description)
        if frames:
            text = frames[0].text if name == "USLT" else "\n".join(map(str, frames[0].text))
            language = frames[0].lang if frames[0].lang.isalpha() else "und"
            found.append(kind(encoding=id3.Encoding.UTF16, lang=language, desc="", text=clean(text)))
    return found


def _has_description(frame: id3.Frame) -> bool:
    return bool(getattr(frame, "desc", ""))


def _is_machine_comment(frame: id3.Frame) -> bool:
    return str(getattr(frame, "desc", "")).startswith(("iTun", "Songs-DB"))


def _pictures(tag: id3.ID3) -> list[id3.Frame]:
    """Return the front cover, or the first picture as the front cover."""
    pictures = sorted(
        filter(_is_usable, tag.getall("APIC")), key=lambda frame: frame.type != id3.PictureType.COVER_FRONT
    )
    return [picture_frame(frame.data) for frame in pictures[:1]]


def _is_usable(picture: id3.Frame) -> bool:
    return getattr(picture, "mime", "").lower() in {"image/jpeg", "image/png", "image/jpg"}


def _chapters(tag: id3.ID3) -> tuple[TaggedChapter, ...]:
    """Return the chapters in order of time; without a table of contents that lists any, all are listed."""
    listed = {name for table in tag.getall("CTOC") for name in table.child_element_ids}
    found = sorted(tag.getall("CHAP"), key=lambda frame: (frame.start_time, frame.end_time))[:MAX_CHAPTERS]
    is_listing = any(frame.element_id in listed for frame in found)
    chapters = []
    for number, frame in enumerate(found):
        titles = frame.sub_frames.getall("TIT2")
        links = [part for part in frame.sub_frames.getall("WXXX") if part.url]
        links.sort(key=lambda part: part.desc != CHAPTER_LINK)
        pictures = [part.data for part in frame.sub_frames.getall("APIC") if _is_usable(part) and part.data]
        chapters.append(
            TaggedChapter(
                id=f"chp{number}",
                start_ms=frame.start_time,
                end_ms=max(frame.start_time, frame.end_time),
                title=one_line(str(titles[0])) if titles else "",
                url=latin_url(links[0].url) if links else None,
                is_listed=frame.element_id in listed or not is_listing,
                picture=pictures[0] if pictures else None,
            )
        )
    return tuple(chapters)


def _refused(path: Path, shown: str, what: str, hint: str) -> SourceError:
    return SourceError((Problem(f"{path.name} {what}", Place(shown), hint),))
