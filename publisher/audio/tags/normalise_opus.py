"""Turn the comments of any finished Opus file into clean ones that every player reads."""

from __future__ import annotations

import base64
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

from mutagen import MutagenError, flac

from publisher.audio.ogg import read_comments
from publisher.audio.scratch import scratch
from publisher.audio.tags.content import clean, latin_url, one_line
from publisher.audio.tags.opus import PICTURE, write_comments
from publisher.audio.tags.splice import Normalised
from publisher.errors import Place, Problem, SourceError, SurroundingsError
from publisher.files import move_into_place

_LINES = (
    "TITLE", "SUBTITLE", "ALBUM", "ARTIST", "ALBUMARTIST", "GENRE", "DATE", "TRACKNUMBER", "TRACKTOTAL",
    "DISCNUMBER", "DISCTOTAL", "LANGUAGE", "COMPOSER", "PUBLISHER", "ORGANIZATION", "COPYRIGHT", "ISRC",
    "PODCAST", "PODCASTID", "PODCASTKEYWORDS", "PODCASTCATEGORY", "R128_TRACK_GAIN", "R128_ALBUM_GAIN",
)  # fmt: skip
_TEXTS = ("COMMENT", "DESCRIPTION", "PODCASTDESC", "LYRICS")
_LINKS = ("WWWAUDIOSOURCE", "PODCASTURL", "LICENSE", "CONTACT")
_CHAPTER = re.compile(r"CHAPTER\d{3}(|NAME|URL)")
_CLOCK = re.compile(r"\d{2}:\d{2}:\d{2}(\.\d{1,3})?")
_FRONT_COVER = 3

Comments = list[tuple[str, str]]


def normalise_opus(path: Path, shown: str, *, write: bool) -> Normalised:
    """Rewrite the comments of an Opus file on a copy that is renamed into place; the sound stays as it is.

    Kept are texts, transcript, numbers, addresses, chapters, the front cover and how loud players shall play
    it; the encoder's own and unknown comments go. With `write=False` only tell what would happen.

    Raises:
        SourceError: it is no Opus, or its comments cannot be read.
        SurroundingsError: the file cannot be written.
    """
    found = read_comments(path)
    if found is None:
        hint = "tag the finished MP3, M4A or Opus; `publisher audio` makes it from a recording"
        raise _refused(path, shown, "is Ogg, but holds no Opus with comments that can be read", hint)
    kept = [*_texts(found), *_chapters(found), *_picture(found)]
    left = list(kept)
    dropped: list[str] = []
    for name, _ in found:
        if match := next((each for each in left if each[0] == name), None):
            left.remove(match)
        else:
            dropped.append(one_line(name)[:60] or "a comment without a name")
    is_changed = sorted(found) != sorted(kept)
    if is_changed and write:
        with scratch(path) as partial:
            shutil.copyfile(path, partial)
            try:
                write_comments(partial, kept)
            except (MutagenError, ValueError, EOFError) as error:
                hint = "export it again from the audio editor"
                raise _refused(path, shown, "is damaged: its pages cannot be read", hint) from error
            if sorted(read_comments(partial) or ()) != sorted(kept):  # a fault of this program
                raise SurroundingsError(f"the tags of {path.name} do not read back as written")
            partial.chmod(path.stat().st_mode & 0o777)
            move_into_place(partial, path)
    return Normalised(tuple(name for name, _ in kept), tuple(dropped), is_changed)


def _texts(found: tuple[tuple[str, str], ...]) -> Iterator[tuple[str, str]]:
    """Take what is worth keeping, cleaned, in a set order; several values of a name become one."""
    for names, brought, between in ((_LINES, one_line, ", "), (_TEXTS, clean, "\n")):
        for name in names:
            values = dict.fromkeys(brought(value) for each, value in found if each == name)
            text = between.join(filter(None, values))
            if text:
                yield name, text
    for name in _LINKS:
        url = next((latin_url(value) for each, value in found if each == name and value.strip()), "")
        if url:
            yield name, url


def _chapters(found: tuple[tuple[str, str], ...]) -> Iterator[tuple[str, str]]:
    """Take the chapters, each with its time, title and address."""
    values = {name: one_line(value) for name, value in reversed(found) if _CHAPTER.fullmatch(name)}
    starts = sorted(name for name, value in values.items() if len(name) == 10 and _CLOCK.fullmatch(value))
    for start in starts:
        for name in (start, f"{start}NAME", f"{start}URL"):
            value = latin_url(values.get(name, "")) if name.endswith("URL") else values.get(name, "")
            if value:
                yield name, value


def _picture(found: tuple[tuple[str, str], ...]) -> Iterator[tuple[str, str]]:
    """Take the front cover, or the first picture as the front cover."""
    pictures = [picture for name, value in found if name == PICTURE and (picture := _read(value))]
    pictures.sort(key=lambda picture: picture.type != _FRONT_COVER)
    for picture in pictures[:1]:
        bare = flac.Picture()
        bare.type, bare.data = _FRONT_COVER, picture.data
        bare.mime = "image/png" if picture.data.startswith(b"\x89PNG") else "image/jpeg"
        yield PICTURE, base64.b64encode(bare.write()).decode("ascii")


def _read(value: str) -> flac.Picture | None:
    try:
        picture = flac.Picture(base64.b64decode(value, validate=True))
    except (MutagenError, ValueError, EOFError):
        return None
    return picture if picture.data.startswith((b"\xff\xd8\xff", b"\x89PNG")) else None


def _refused(path: Path, shown: str, what: str, hint: str) -> SourceError:
    return SourceError((Problem(f"{path.name} {what}", Place(shown), hint),))
