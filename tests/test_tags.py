"""The tag of a finished file holds what the episode says, for three readers that share no code."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hostile_audio import frame, id3
from hypothesis import given, settings
from hypothesis import strategies as st
from mutagen import id3 as mutagen_id3
from tinytag import TinyTag
from tones import convert, sine, write_wav

from publisher.audio.ffmpeg import find_ffmpeg, input_file, run
from publisher.audio.id3 import parse_header, read_frames
from publisher.audio.intake import read_tags, take_in
from publisher.audio.languages import iso_639_2
from publisher.audio.mp3 import locate_audio
from publisher.audio.tags.content import TaggedChapter, Tags
from publisher.audio.tags.normalise import normalise_tags
from publisher.audio.tags.verify import _read_chapter, verify_tags
from publisher.audio.tags.write import render_tag
from publisher.errors import SourceError
from publisher.model import Chapter

FFMPEG = find_ffmpeg()
URL_IN_TAG = "https://podcast.example.org/episodes/uno-%C3%A9.html?a=1&b=%20#x"
JPEG = b"\xff\xd8\xff\xe0" + bytes(range(256)) * 8
TAGS = Tags(
    title="Bakersfield, Part I — “¿Qué cambió?” 😀",
    album="Rising from the Margins",
    artist="Rising from the Margins",
    language="es-MX",
    season=2,
    number=14,
    date=date(2024, 8, 6),
    comment="How a district brought its families in.\n\nAnd its students back.",
    page_url="https://podcast.example.org/episodes/uno-é.html?a=1&b=%20#x",
    feed_url="https://media.example.org/rising/feed.xml",
    guid="3a0d6d5e-3f0f-4b0e-9a0d-0f7f6f9f2f11",
    chapters=(
        Chapter(90_500, "The last one is short"),
        Chapter(0, "Welcome: " + "a title that is far longer than fifty-one characters " * 3),
        Chapter(61_000, "Hidden", toc=False, image="map.jpg", picture=Path("map.jpg")),
        Chapter(10_001, "With a link", url="https://example.org/ünder?x=y"),
    ),
    transcript="Good morning.\nGood morning!",
    cover_jpeg=JPEG,
    duration_ms=120_000,
    pictures={Path("map.jpg"): JPEG[:900]},
)


@pytest.fixture(scope="module")
def audio(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The frames of an MP3 without any tag."""
    folder = tmp_path_factory.mktemp("audio")
    wav = write_wav(folder / "a.wav", [sine()], 2.0)
    return convert(wav, folder / "a.mp3", "-id3v2_version", "0").read_bytes()


def tagged(folder: Path, audio: bytes, tags: Tags = TAGS) -> Path:
    path = folder / "tagged.mp3"
    path.write_bytes(render_tag(tags) + audio)
    return path


def test_our_own_reader_finds_every_value(tmp_path: Path, audio: bytes) -> None:
    assert verify_tags(tagged(tmp_path, audio), TAGS) == ()


def _relabel(name: str, field: str, value: object) -> Callable[[mutagen_id3.ID3], None]:
    def change(tag: mutagen_id3.ID3) -> None:
        setattr(tag.getall(name)[0], field, value)

    return change


def _into_chapter(tag: mutagen_id3.ID3) -> None:
    tag.getall("CHAP")[0].sub_frames.add(mutagen_id3.TIT3(encoding=1, text="More"))


TAMPERED: dict[str, tuple[Callable[[mutagen_id3.ID3], object], str]] = {
    "no mark": (lambda tag: tag.delall("PCST"), "the mark of a podcast (PCST) is missing or another one"),
    "other mark": (_relabel("PCST", "value", 1), "the mark of a podcast (PCST) is missing or another one"),
    "kind of cover": (_relabel("APIC", "type", 4), "the cover is not marked as a front cover of its kind"),
    "type of cover": (_relabel("APIC", "mime", "image/png"), "the cover is not marked as a front cover"),
    "language": (_relabel("USLT", "lang", "deu"), "the transcript is marked as 'deu', should be 'spa'"),
    "description": (_relabel("COMM", "desc", "ID3v1"), "the comment is described as 'ID3v1'"),
    "chapter": (_into_chapter, "(with a stray TIT3)"),
}


@pytest.mark.parametrize("name", TAMPERED)
def test_what_another_tool_changed_is_noticed(tmp_path: Path, audio: bytes, name: str) -> None:
    tags = replace(TAGS, chapters=TAGS.chapters[3:])
    path = tagged(tmp_path, audio, tags)
    tag = mutagen_id3.ID3(path, translate=False)
    tag.save(path, v2_version=3)
    assert verify_tags(path, tags) == ()
    change, told = TAMPERED[name]
    change(tag)
    tag.save(path, v2_version=3)
    (difference,) = verify_tags(path, tags)
    assert told in difference


def test_tags_at_the_end_are_noticed(tmp_path: Path, audio: bytes) -> None:
    path = tagged(tmp_path, audio)
    with path.open("ab") as file:
        file.write(b"TAG" + b"Another".ljust(125, b"\0"))
    assert verify_tags(path, TAGS) == ("there is a stray ID3v1 tag",)


CHANGES: dict[str, Any] = {
    "title": "Another",
    "album": "Another",
    "artist": "Another",
    "language": "en",
    "season": 3,
    "number": None,
    "date": date(2024, 6, 8),
    "comment": "Another",
    "page_url": "https://podcast.example.org/",
    "feed_url": None,
    "guid": "another",
    "transcript": "Another",
    "cover_jpeg": JPEG + b"x",
    "chapters": TAGS.chapters[1:],
    "duration_ms": 120_001,
    "pictures": {Path("map.jpg"): JPEG[:901]},
}


@pytest.mark.parametrize("name", CHANGES)
def test_every_difference_is_named(tmp_path: Path, audio: bytes, name: str) -> None:
    differences = verify_tags(tagged(tmp_path, audio), replace(TAGS, **{name: CHANGES[name]}))
    assert len(differences) in {1, 2}
    assert set(CHANGES) >= set(TAGS.__slots__)  # a new field needs a row above


def test_tinytag_reads_the_same(tmp_path: Path, audio: bytes) -> None:
    found = TinyTag.get(tagged(tmp_path, audio), image=True)
    assert (found.title, found.album, found.artist) == (TAGS.title, TAGS.album, TAGS.artist)
    assert (found.track, found.disc, found.genre) == (14, 2, "Podcast")
    assert found.comment == TAGS.comment
    assert found.year == "2024"
    other = {name: values[0] for name, values in found.other.items()}
    assert other["language"] == "spa"
    assert other["lyrics"] == TAGS.transcript
    assert (other["tgid"], other["tdes"]) == (TAGS.guid, TAGS.comment)
    assert (other["wfed"], other["woas"]) == (TAGS.feed_url, URL_IN_TAG)
    assert found.images.front_cover
    assert found.images.front_cover.data == JPEG
    assert found.duration == pytest.approx(2.0, abs=0.1)


def test_ffmpeg_reads_the_same_with_chapters_in_order(tmp_path: Path, audio: bytes) -> None:
    path = tagged(tmp_path, audio)
    found = read_tags(FFMPEG, path)
    assert (found.title, found.artist, found.album) == (TAGS.title, TAGS.artist, TAGS.album)
    wanted = sorted((chapter.start_ms, " ".join(chapter.title.split())) for chapter in TAGS.chapters)
    assert [(chapter.start_ms, chapter.title) for chapter in found.chapters] == wanted
    log = run(FFMPEG, [*input_file(path), "-map", "0:a:0", "-f", "null", "-"]).log.partition("Output #0")[0]
    starts = [float(line.split()[3].strip(",")) for line in log.splitlines() if "    Chapter #" in line]
    assert starts == sorted(starts)
    assert "date            : 2024-08-06" in log
    assert "attached pic" in log
    written = run(FFMPEG, [*input_file(path), "-f", "ffmetadata", "-"], writes_data=True).data.decode()
    for line in ("genre=Podcast", "language=spa", "track=14", "disc=2", f"TGID={TAGS.guid}", "date=2024-08-06",
                 "lyrics-spa=Good morning.\\\nGood morning!", "TDES=How a district"):  # fmt: skip
        assert f"\n{line}" in written


def test_the_frames_are_those_that_podcast_apps_know(tmp_path: Path, audio: bytes) -> None:
    tag = mutagen_id3.ID3(tagged(tmp_path, audio), translate=False)
    assert tag.version == (2, 3, 0)
    assert str(tag["TLAN"]) == "spa"
    assert (str(tag["TYER"]), str(tag["TDAT"])) == ("2024", "0608")
    assert tag["WOAS"].url == URL_IN_TAG
    assert tag["WFED"].url == TAGS.feed_url
    assert str(tag["TGID"]) == TAGS.guid
    assert "PCST" in tag
    assert tag.getall("USLT")[0].text == TAGS.transcript
    assert tag.getall("APIC")[0].type == mutagen_id3.PictureType.COVER_FRONT
    texts = [frame for frame in tag.values() if frame.FrameID.startswith("T")]
    assert {frame.encoding for frame in texts} == {mutagen_id3.Encoding.UTF16}
    contents = tag.getall("CTOC")[0]
    assert contents.flags == 3  # top level, ordered
    assert contents.child_element_ids == ["chp0", "chp1", "chp3"]
    chapters = [tag[f"CHAP:chp{number}"] for number in range(4)]
    assert [(chapter.start_time, chapter.end_time) for chapter in chapters] == [
        (0, 10_001), (10_001, 61_000), (61_000, 90_500), (90_500, 120_000),
    ]  # fmt: skip
    assert {chapter.start_offset for chapter in chapters} == {0xFFFFFFFF}
    assert chapters[1].sub_frames.getall("WXXX")[0].url == "https://example.org/%C3%BCnder?x=y"


def test_room_is_left_for_later_edits() -> None:
    data = render_tag(TAGS)
    header = parse_header(data)
    assert header
    assert header.size == len(data)
    assert data.endswith(bytes(4096))


def test_equal_tags_give_equal_bytes() -> None:
    assert render_tag(TAGS) == render_tag(replace(TAGS))


def test_only_what_is_said_is_written(tmp_path: Path, audio: bytes) -> None:
    bare = Tags(title="T", album="A", artist="B")
    path = tagged(tmp_path, audio, bare)
    assert verify_tags(path, bare) == ()
    names = [found.id for found in read_frames(path.read_bytes())]
    assert names == ["TIT2", "TALB", "TPE1", "TCON", "TLAN", "PCST"]


def test_more_chapters_than_can_be_listed_are_refused() -> None:
    many = tuple(Chapter(number * 1000, f"{number}") for number in range(256))
    assert render_tag(replace(TAGS, chapters=many[:255]))
    with pytest.raises(SourceError, match="256 chapters are too many"):
        render_tag(replace(TAGS, chapters=many))


def test_a_file_without_a_tag_differs(tmp_path: Path, audio: bytes) -> None:
    path = tmp_path / "bare.mp3"
    path.write_bytes(audio)
    assert verify_tags(path, TAGS) == ("the file has no ID3v2.3 tag",)


texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)


@settings(max_examples=60)
@given(
    title=texts,
    comment=texts,
    url=st.text(max_size=30),
    chapters=st.lists(st.tuples(st.integers(0, 10**7), texts, st.booleans()), max_size=8),
)
def test_whatever_is_written_is_read_back(
    tmp_path_factory: pytest.TempPathFactory,
    title: str,
    comment: str,
    url: str,
    chapters: list[tuple[int, str, bool]],
) -> None:
    found = tuple(Chapter(start, text, toc=listed) for start, text, listed in chapters)
    tags = Tags(title, "Show", "Host", comment=comment, page_url=url, chapters=found, duration_ms=5_000_000)
    path = tmp_path_factory.getbasetemp() / "tag.mp3"
    path.write_bytes(render_tag(tags))
    assert verify_tags(path, tags) == ()


@given(st.binary(max_size=300))
def test_no_bytes_break_the_second_reader(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    path = tmp_path_factory.getbasetemp() / "any.mp3"
    for body in (data, frame(b"CHAP", data or b"x"), frame(b"CTOC", data or b"x"), frame(b"APIC", data or b"x"),
                 frame(b"COMM", b"\1" + data), frame(b"TIT2", b"\1" + data)):  # fmt: skip
        path.write_bytes(id3(body))
        assert verify_tags(path, TAGS)


@pytest.mark.parametrize(
    ("tag", "code"), [("en", "eng"), ("en-US", "eng"), ("es_MX", "spa"), ("de", "deu"), ("fil", "fil"), ("", "und"), ("x-klingon", "und")]
)  # fmt: skip
def test_languages_have_three_letters(tag: str, code: str) -> None:
    assert iso_639_2(tag) == code


def foreign(folder: Path, audio: bytes, version: int = 4) -> Path:
    """An MP3 as other programs leave it: their tag version, private frames, ID3v1 and APE behind."""
    path = folder / "foreign.mp3"
    ape = b"APETAGEX" + b"\xd0\x07\0\0" + b"\x20\0\0\0" + bytes(4) + bytes(12)
    path.write_bytes(audio + ape)
    tag = mutagen_id3.ID3()
    tag.add(mutagen_id3.TIT2(encoding=3, text="Título"))
    tag.add(mutagen_id3.TDRC(encoding=3, text="2024-08-06T06:00:00"))
    tag.add(mutagen_id3.COMM(encoding=3, lang="eng", desc="", text="Said by a person"))
    tag.add(mutagen_id3.COMM(encoding=3, lang="eng", desc="iTunNORM", text="0000"))
    tag.add(mutagen_id3.PRIV(owner="com.example.editor", data=b"secret path"))
    tag.add(mutagen_id3.TXXX(encoding=3, desc="project", text="C:\\private"))
    tag.add(mutagen_id3.APIC(encoding=3, mime="image/jpeg", type=3, desc="front", data=JPEG))
    tag.add(mutagen_id3.APIC(encoding=3, mime="image/jpeg", type=4, desc="back", data=JPEG))
    for name, start, end in (("b", 1000, 2000), ("a", 0, 1000)):
        title = mutagen_id3.TIT2(encoding=3, text=f"Chapter {name} " + "long " * 20)
        tag.add(
            mutagen_id3.CHAP(element_id=name, start_time=start, end_time=end, start_offset=1, end_offset=2, sub_frames=[title])
        )  # fmt: skip
    tag.add(mutagen_id3.CTOC(element_id="toc", flags=3, child_element_ids=["toc", "b", "a"], sub_frames=[]))
    if version == 3:
        tag.update_to_v23()
    tag.save(path, v1=2, v2_version=version)
    return path


@pytest.mark.parametrize("version", [3, 4])
def test_foreign_tags_become_one_clean_one(tmp_path: Path, audio: bytes, version: int) -> None:
    path = foreign(tmp_path, audio, version)
    would = normalise_tags(path, write=False)
    assert would.is_changed
    found = normalise_tags(path)
    assert found == would
    assert set(found.dropped) == {
        "APE", "APIC back", "COMM iTunNORM", "ID3v1", "PRIV com.example.editor", "TXXX project",
    }  # fmt: skip
    tag = mutagen_id3.ID3(path, translate=False)
    assert tag.version == (2, 3, 0)
    assert (str(tag["TIT2"]), str(tag["TYER"]), str(tag["TDAT"])) == ("Título", "2024", "0608")
    assert [str(comment) for comment in tag.getall("COMM")] == ["Said by a person"]
    assert tag.getall("CTOC")[0].child_element_ids == ["chp0", "chp1"]
    assert tag["CHAP:chp0"].sub_frames["TIT2"].text[0].startswith("Chapter a long")
    assert path.read_bytes().endswith(audio)
    assert locate_audio(path).tags == ("ID3v2.3",)
    again = path.stat().st_mtime_ns
    assert normalise_tags(path) == replace(found, dropped=(), is_changed=False)
    assert path.stat().st_mtime_ns == again
    assert [entry.name for entry in tmp_path.iterdir()] == ["foreign.mp3"]


def test_a_tag_from_the_nineties_is_carried_over(tmp_path: Path, audio: bytes) -> None:
    path = tmp_path / "old.mp3"
    path.write_bytes(audio + b"TAG" + b"Old title".ljust(30, b"\0") + bytes(95))
    assert normalise_tags(path).dropped == ("ID3v1",)
    assert str(mutagen_id3.ID3(path)["TIT2"]) == "Old title"


def test_links_and_pictures_of_chapters_are_kept(tmp_path: Path, audio: bytes) -> None:
    path = tmp_path / "pictures.mp3"
    path.write_bytes(audio)
    tag = mutagen_id3.ID3()
    parts = [
        mutagen_id3.TIT2(encoding=3, text="One"),
        mutagen_id3.WXXX(encoding=3, desc="some editor's", url="https://example.org/ü"),
        mutagen_id3.APIC(encoding=1, mime="image/jpeg", type=3, desc="größer", data=JPEG),
        mutagen_id3.APIC(encoding=0, mime="-->", type=3, desc="", data=b"https://example.org/picture.jpg"),
    ]
    tag.add(mutagen_id3.CHAP(element_id="x", start_time=0, end_time=9, sub_frames=parts))
    tag.save(path, v2_version=4)
    assert normalise_tags(path).is_changed
    wanted = TaggedChapter("chp0", 0, 9, "One", "https://example.org/%C3%BC", is_listed=True, picture=JPEG)
    assert read_chapters(path) == (wanted,)
    chapter = mutagen_id3.ID3(path, translate=False)["CHAP:chp0"]
    assert [part.data for part in chapter.sub_frames.getall("APIC")] == [JPEG]
    assert not normalise_tags(path).is_changed


def read_chapters(path: Path) -> tuple[TaggedChapter, ...]:
    """Read the chapters with this project's own parser."""
    data = path.read_bytes()
    frames = read_frames(data)
    return tuple(_read_chapter(found, ["chp0"]) for found in frames if found.id == "CHAP")


def test_our_own_tags_are_clean_already(tmp_path: Path, audio: bytes) -> None:
    path = tagged(tmp_path, audio)
    assert normalise_tags(path).dropped == ()
    assert not normalise_tags(path).is_changed


def test_other_kinds_and_unsafe_tags_are_refused(tmp_path: Path, audio: bytes) -> None:
    wav = write_wav(tmp_path / "a.wav", [sine()], 0.1)
    with pytest.raises(SourceError, match="neither MP3, M4A nor Opus, but WAV"):
        normalise_tags(wav)
    large = tmp_path / "large.mp3"
    large.write_bytes(id3(frame(b"APIC", bytes(17 << 20))) + audio)
    with pytest.raises(SourceError, match="carries 18 MB of tags"):
        normalise_tags(large)


@pytest.mark.parametrize("kind", ["m4a", "flac", "ogg", "wav", "mp3"])
def test_a_new_recording_brings_its_title(tmp_path: Path, kind: str) -> None:
    wav = write_wav(tmp_path / "a.wav", [sine()], 0.3)
    path = convert(
        wav, tmp_path / f"b.{kind}", "-metadata", "title=A = b; c\\d #1", "-metadata", "artist=Host"
    )
    found = take_in(path)
    assert (found.title, found.artist) == ("A = b; c\\d #1", "Host")


def test_a_new_recording_is_copied_and_never_overwrites(tmp_path: Path) -> None:
    wav = write_wav(tmp_path / "a.wav", [sine()], 0.1)
    recording = take_in(wav)
    copied = recording.copy_to(tmp_path / "episode")
    assert copied.read_bytes() == wav.read_bytes()
    with pytest.raises(SourceError, match="is there already"):
        recording.copy_to(tmp_path / "episode")
    assert [path.name for path in (tmp_path / "episode").iterdir()] == ["a.wav"]
