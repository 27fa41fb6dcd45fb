"""Turn the tags of any finished M4A into clean ones that every player reads, its index before its sound."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from mutagen import MutagenError, mp4

from publisher.audio.ffmpeg import find_ffmpeg
from publisher.audio.mp4 import Index, read_index
from publisher.audio.scratch import scratch
from publisher.audio.tags.content import clean, one_line
from publisher.audio.tags.mp4 import remux, write_items
from publisher.audio.tags.splice import Normalised
from publisher.errors import Place, Problem, SourceError
from publisher.files import move_into_place

_LINES = (
    "\xa9nam", "\xa9alb", "\xa9ART", "aART", "\xa9gen", "\xa9day", "\xa9wrt", "\xa9grp", "cprt", "catg",
    "keyw", "\xa9url", "purl", "egid", "sonm", "soal", "soar",
)  # fmt: skip
_TEXTS = ("\xa9cmt", "desc", "ldes", "\xa9lyr")
_NUMBERS = ("trkn", "disk")
_GAPLESS = "----:com.apple.iTunes:iTunSMPB"  # how much silence the encoder has put around the sound
_MARKS = ("pcst", "stik", "cpil", "pgap", _GAPLESS)
_OTHER_SPELLINGS = {"gnre"}  # the genre as a number, which is kept as a word
_MISSING_S = 0.2
_USUAL_BOXES = {b"ftyp", b"moov", b"mdat", b"free"}


def normalise_m4a(path: Path, shown: str, *, write: bool) -> Normalised:
    """Rewrite the tags of an M4A on a copy that is renamed into place; the sound stays as it is.

    Kept are texts, transcript, numbers, the first picture and the chapters; freeform and unknown tags go, and
    so do boxes that do not belong into a finished file. With `write=False` only tell what would happen.

    Raises:
        SourceError: it cannot be read.
        SurroundingsError: the file cannot be written, or ffmpeg failed.
    """
    index = read_index(path)
    if index is None:
        raise _unreadable(path, shown)
    if index.tracks.count("soun") != 1 or "vide" in index.tracks:
        hint = "export the sound alone, as M4A"
        message = f"{path.name} holds more than one sound track, or a film"
        raise SourceError((Problem(message, Place(shown), hint),))
    try:
        opened = mp4.MP4(path)
        found: Any = opened.tags
    except (MutagenError, RecursionError, ValueError, EOFError, OverflowError) as error:
        raise _unreadable(path, shown) from error
    tags = {} if found is None else found
    items = _kept(tags)
    stray = sorted({box.decode("latin-1") for box in index.order if box not in _USUAL_BOXES})
    doubled = {name for name, values in index.items.items() if len(values) > 1}
    gone = (index.items.keys() - items.keys() - _OTHER_SPELLINGS) | doubled
    dropped = [*map(_named, sorted(gone)), *stray]
    is_ordered = index.plays_at_once and not stray
    is_changed = not is_ordered or _is_other(index, tags, items)
    if is_changed and write:
        with scratch(path) as partial:
            _copy_whole(path, shown, partial, _length_s(opened))
            write_items(partial, items)
            partial.chmod(path.stat().st_mode & 0o777)
            move_into_place(partial, path)
    return Normalised(tuple(items), tuple(dropped), is_changed)


def _copy_whole(path: Path, shown: str, partial: Path, claimed_s: float) -> None:
    """Copy the sound; refuse a file of which less can be read than its index claims: it would be lost."""
    remux(find_ffmpeg(), path, partial, chapters=None)
    try:
        copied_s = _length_s(mp4.MP4(partial))
    except MutagenError as error:
        raise _unreadable(path, shown) from error
    if claimed_s - copied_s > _MISSING_S:
        what = f"is damaged: it should last {claimed_s:.1f} s, but only {copied_s:.1f} s can be read"
        hint = "export it again from the audio editor; nothing was changed"
        raise SourceError((Problem(f"{path.name} {what}", Place(shown), hint),))


def _kept(tags: Mapping[str, Any]) -> dict[str, Any]:
    """Take what is worth keeping, cleaned, in a set order."""
    kept: dict[str, Any] = {}
    for names, brought in ((_LINES, one_line), (_TEXTS, clean)):
        for name in names:
            text = brought("\n".join(map(str, tags.get(name, ()))))
            if text:
                kept[name] = [text]
    kept |= {name: tags[name][:1] for name in _NUMBERS if tags.get(name)}
    kept |= {name: tags[name] for name in _MARKS if tags.get(name)}
    pictures = [each for each in tags.get("covr", ()) if each]
    if pictures:
        kept["covr"] = [_typed(bytes(pictures[0]))]
    return kept


def _typed(picture: bytes) -> mp4.MP4Cover:
    is_png = picture.startswith(b"\x89PNG")
    return mp4.MP4Cover(picture, mp4.MP4Cover.FORMAT_PNG if is_png else mp4.MP4Cover.FORMAT_JPEG)


def _is_other(index: Index, tags: Mapping[str, Any], items: Mapping[str, Any]) -> bool:
    """Whether the tags that are there differ from those that should be, doubled ones included."""
    if any(len(values) != 1 for values in index.items.values()) or index.items.keys() != items.keys():
        return True
    return any(_plain(tags[name]) != _plain(value) for name, value in items.items())


def _plain(value: object) -> object:
    if not isinstance(value, list):
        return value
    return [(bytes(each), each.imageformat) if isinstance(each, mp4.MP4Cover) else each for each in value]


def _named(name: str) -> str:
    """Name a dropped tag: freeform ones by what they call themselves."""
    return f"---- {one_line(name.rpartition(':')[2])[:60]}" if name.startswith("----") else name


def _unreadable(path: Path, shown: str) -> SourceError:
    hint = "export it again from the audio editor"
    return SourceError((Problem(f"{path.name} is damaged: its index cannot be read", Place(shown), hint),))


def _length_s(opened: Any) -> float:  # noqa: ANN401 - mutagen types `info` as nothing
    return float(opened.info.length)
