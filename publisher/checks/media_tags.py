"""Rules on names, layout and tags of finished files: the group MED, with the picture in them."""

# ruff: noqa: D205, D401 - a rule's docstring is its documentation, written for people

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING
from urllib.parse import unquote

from publisher.checks.engine import Fault, rule
from publisher.checks.views import ItemView, path_of
from publisher.model import LOCK_FILE

if TYPE_CHECKING:
    from publisher.checks.files import MediaView

_SEGMENT = re.compile(r"[A-Za-z0-9._-]*")
_ADDRESS = re.compile(r"https?://[!-~]+")
_NUMBERED = re.compile(r"\d|[a-f]{6}")
_HINT = "publisher tag FILE writes clean tags"


@rule("MED-012", "media-name", "error", needs=("audio",), when=("enclosure",))
def media_name(subject: ItemView) -> Iterator[Fault]:
    """Apple asks for names of ASCII letters, digits, hyphens and dots: others break on the way through apps.
    In folders before the name, they are only advised against.

    Bad: `Über uns (final).mp3`
    Good: `ueber-uns.mp3`
    Source: Apple, Podcast RSS feed requirements.
    """
    if not _ADDRESS.fullmatch(subject.audio_url):
        return  # what is no address at all is IT-004's
    *folders, name = path_of(subject.audio_url).split("/")
    if name[:8].casefold().startswith(("https%3a", "http%3a")):
        name = unquote(name).rpartition("/")[2]  # a service in front, with the whole address inside its own
    hint = "use only a–z, A–Z, 0–9, hyphen, underscore and dot"
    if not _SEGMENT.fullmatch(name):
        yield Fault(f"the audio file is called {name!r}", subject.at("enclosure", "url"), hint)
    elif wrong := next((folder for folder in folders if not _SEGMENT.fullmatch(folder.replace("~", ""))), ""):
        message = f"the audio's address has a folder {wrong!r}"
        yield Fault(message, subject.at("enclosure", "url"), hint, level="warn")


@rule("MED-013", "media-name-without-version", "warn", needs=("audio",), when=("enclosure",))
def media_name_without_version(subject: ItemView) -> Iterator[Fault]:
    """Apps keep what they have loaded: a mended file under the same name is never heard. A name that holds a
    number or digest can change; one without, in a folder without, does not.

    Bad: `audio/episode.mp3`
    Good: `audio/episode-1a2b3c4d.mp3`
    Source: practice of apps and caches.
    """
    last = "/".join(path_of(subject.audio_url).rpartition(".")[0].split("/")[-2:])
    is_plain = _ADDRESS.fullmatch(subject.audio_url) and _SEGMENT.fullmatch(last.replace("/", ""))
    if subject.own is not None or not is_plain:
        return  # the names that this tool gives always hold a digest
    if last.strip("/") and not _NUMBERED.search(last) and "?" not in subject.audio_url:
        name = last.rpartition("/")[2]
        message = f"the audio file's name {name!r} holds no version"
        yield Fault(message, subject.at("enclosure", "url"), "add a digest, a version or a date to the name")


@rule("MED-009", "no-seek-table", "warn", needs=("bytes",))
def no_seek_table(subject: MediaView) -> Iterator[Fault]:
    """With a bit rate that changes, apps find a minute only by a table in the first frame.

    Bad: an MP3 of variable bit rate, cut by a tool that dropped its Xing header
    Good: constant bit rate, or a Xing header with its table
    Source: practice of players; LAME, Xing header.
    """
    anatomy = subject.anatomy
    if anatomy.kind == "mp3" and len(anatomy.bit_rates) > 1 and not anatomy.has_contents:
        message = "the MP3's bit rate changes, and no table tells where its minutes are"
        yield Fault(message, subject.at(), "encode it again, or with a constant bit rate")


@rule("MED-014", "index-at-the-end", "warn", needs=("bytes",))
def index_at_the_end(subject: MediaView) -> Iterator[Fault]:
    """With its index at the end, an M4A plays only when all of it is loaded.

    Bad: an M4A as the recorder wrote it
    Good: one saved for the web (fast start)
    Source: ISO 14496-12; practice of players.
    """
    if not subject.anatomy.plays_at_once:
        yield Fault("the file's index is behind its sound", subject.at(), _HINT)


@rule("MED-015", "old-tags", "warn", needs=("bytes",))
def old_tags(subject: MediaView) -> Iterator[Fault]:
    """Cars and old players show whichever tag they know: the old ones must not tell another story.

    Bad: ID3v2.2, or the title of another episode in ID3v1
    Good: ID3v2.3 alone
    Source: ID3v2.3; practice of players.
    """
    anatomy = subject.anatomy
    if "ID3v2.2" in anatomy.tags:
        yield Fault("the MP3 has a tag of the old form ID3v2.2", subject.at(), _HINT)
    for name, old in anatomy.old_texts.items():
        new = anatomy.texts.get(name, "")
        if new and not new.encode("latin-1", "replace").decode("latin-1").startswith(old):
            message = f"the old tag at the end says {old!r}, the new one {new!r}"
            yield Fault(message, subject.at(), _HINT)
            break
    if anatomy.garbled:
        message = f"the letters of {', '.join(anatomy.garbled)} stand in an encoding that is not said"
        yield Fault(message, subject.at(), _HINT)


@rule("MED-016", "second-tag", "warn", needs=("bytes",))
def second_tag(subject: MediaView) -> Iterator[Fault]:
    """Two tags disagree sooner or later, and some players play the second one as noise.

    Bad: an APE tag behind the sound
    Good: one ID3 tag, in front
    Source: practice of players.
    """
    kinds = [tag.partition(".")[0] for tag in subject.anatomy.tags]
    if second := next((tag for tag in ("APE", "Lyrics3") if tag in kinds), ""):
        yield Fault(f"the MP3 has a tag {second} at its end", subject.at(), _HINT)
    elif kinds.count("ID3v2") > 1:
        yield Fault("the MP3 has two ID3v2 tags", subject.at(), _HINT)


@rule("MED-017", "workplace-in-tags", "warn", needs=("bytes",))
def workplace_in_tags(subject: MediaView) -> Iterator[Fault]:
    r"""Audio editors write folders and names of users into files that everybody can open.

    Bad: a private frame with `C:\Users\somebody\Desktop`
    Good: no private frames
    Source: privacy of staff.
    """
    if private := subject.anatomy.private:
        message = f"the tag tells of the computer it was made on, in {', '.join(dict.fromkeys(private))}"
        yield Fault(message, subject.at(), _HINT)


@rule("MED-018", "tag-heavy", "warn", needs=("bytes",))
def tag_heavy(subject: MediaView, *, kilobytes: int = 1024) -> Iterator[Fault]:
    """The tag is in front of the sound: a large one is loaded before the first word is heard.

    Bad: a cover of 4 MB in an MP3
    Good: a cover of 200 KB
    Source: practice of players.
    """
    size = subject.anatomy.tag_bytes / 1024
    if size > kilobytes:
        message = f"the tag has {size:,.0f} KB; {kilobytes:,} are too many already"
        yield Fault(message, subject.at(), "embed a smaller cover")


@rule("MED-020", "file-tags-disagree", "warn", needs=("bytes",))
def tags_disagree(subject: MediaView) -> Iterator[Fault]:
    """A downloaded file shows what its tag says: it should be what the feed says. Missing tags are no fault.

    Bad: the title of last week's episode
    Good: titles, number, guid and feed address as in the feed
    Source: practice of players.
    """
    item, texts = subject.item, subject.anatomy.texts
    if item is None or _is_of_another_feed(item):
        return
    titles = (item.title, item.text("itunes:title"))
    wanted = {
        "TIT2": ("title", titles),
        "TALB": ("show", (item.context.title,)),
        "TRCK": ("number", (item.text("itunes:episode"), item.text("podcast:episode"))),
        "TGID": ("guid", (item.guid,)),
        "WFED": ("feed's address", (item.context.self_link, item.context.address)),
    }
    for name, (called, known) in wanted.items():
        is_value = texts.get(name, "")
        if name == "TRCK":
            is_value = is_value.partition("/")[0]
        if is_value and any(known) and not any(_agrees(is_value, each) for each in known if each):
            message = (
                f"the file says that the {called} is {is_value!r}, the feed {next(filter(None, known))!r}"
            )
            yield Fault(message, subject.at(), _HINT)


@rule("MED-021", "tag-language", "warn", needs=("bytes",))
def tag_language(subject: MediaView) -> Iterator[Fault]:
    """Screen readers and cars read titles aloud in the language that the tag names.

    Bad: `TLAN` eng in a Spanish episode
    Good: `TLAN` spa
    Source: ID3v2.3; ISO 639-2.
    """
    from publisher.audio.languages import iso_639_2

    said = subject.anatomy.language.casefold().strip("`\0 ")
    spoken = subject.context.language
    if subject.item is not None and _is_of_another_feed(subject.item):
        return
    if not spoken or said in {"", "und", "mul", "zxx"}:
        return
    meant = iso_639_2(spoken)
    if len(said) == 3 and meant and said != meant:
        message = f"the file says that its language is {said!r}, the feed {spoken!r}"
        yield Fault(message, subject.at(), _HINT)


@rule("ART-019", "embedded-cover", "warn", needs=("bytes",))
def embedded_cover(subject: MediaView, *, kilobytes: int = 500) -> Iterator[Fault]:
    """A downloaded file shows the picture inside it: it should be there, square, small, and the show's own.

    Bad: an MP3 without a picture, or with one of 3 MB
    Good: the cover with 1400 pixels and 300 KB
    Source: practice of players.
    """
    anatomy = subject.anatomy
    if anatomy.kind not in {"mp3", "mp4"} or not subject.type.startswith("audio/"):
        return
    if not anatomy.pictures:
        yield Fault("the file holds no cover", subject.at(), "publisher audio embeds it")
        return
    from publisher.audio.artwork import are_alike, read_picture  # loads Pillow: only where there is one

    picture = read_picture(anatomy.pictures[0])
    if picture.width != picture.height or picture.fault:
        yield Fault("the cover in the file is not square, or damaged", subject.at(), "embed the show's cover")
    elif picture.size > kilobytes * 1000 and anatomy.tag_bytes <= 1024 * 1024:  # above, MED-018 speaks
        message = f"the cover in the file has {picture.size / 1000:,.0f} KB; {kilobytes} are enough"
        yield Fault(message, subject.at(), "embed a smaller one")
    elif subject.cover and subject.cover.data and not are_alike(picture, subject.cover.picture):
        yield Fault("the cover in the file is another one than the feed's", subject.at(), "embed the show's")


def _is_of_another_feed(item: ItemView) -> bool:
    """Tell whether a language has no recording of its own: its tags speak the show's own language."""
    return (
        item.own is not None and bool(item.own.episode.language) and item.own.episode.lock_name == LOCK_FILE
    )


def _agrees(said: str, known: str) -> bool:
    """Tell whether two texts are the same but for marks, or one holds the other (`12 – Title`)."""
    one, other = ("".join(filter(str.isalnum, text.casefold())) for text in (said, known))
    return one == other or (len(one) > 3 and len(other) > 3 and (one in other or other in one))
