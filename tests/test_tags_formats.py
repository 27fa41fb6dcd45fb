"""The tags of finished M4A and Opus files, for readers that share no code with what wrote them."""

from __future__ import annotations

import base64
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mutagen import flac, mp4, oggopus
from PIL import Image
from tinytag import TinyTag
from tones import convert, sine, write_wav

from publisher.audio.ffmpeg import find_ffmpeg, input_file, run
from publisher.audio.intake import read_tags
from publisher.audio.mp4 import read_index
from publisher.audio.ogg import read_comments
from publisher.audio.tags.content import Tags
from publisher.audio.tags.finished import verify_finished, write_finished_file
from publisher.audio.tags.normalise import normalise_tags
from publisher.errors import SourceError
from publisher.files import digest_file
from publisher.model import AudioFormat, Chapter

pytestmark = pytest.mark.integration  # real ffmpeg, all of it
FFMPEG = find_ffmpeg()
FORMATS: tuple[AudioFormat, ...] = ("m4a", "opus")


def jpeg(folder: Path) -> bytes:
    path = folder / "cover.jpg"
    Image.new("RGB", (64, 64), "navy").save(path)
    return path.read_bytes()


@pytest.fixture(scope="module")
def tags(tmp_path_factory: pytest.TempPathFactory) -> Tags:
    """Everything that an episode can say, in letters of many kinds."""
    return Tags(
        title="Bakersfield, Part I — “¿Qué cambió?” 😀",
        album="Rising from the Margins",
        artist="A host; another = one # two\\",
        language="es-MX",
        season=2,
        number=14,
        date=date(2024, 8, 6),
        comment="How a district brought its families in.\n\nAnd its students back.",
        page_url="https://podcast.example.org/episodes/uno-é.html?a=1",
        feed_url="https://media.example.org/rising/feed.xml",
        guid="3a0d6d5e-3f0f-4b0e-9a0d-0f7f6f9f2f11",
        chapters=(
            Chapter(3_500, "Last; with = and # and \\ in it"),
            Chapter(501, "Welcome: " + "a title that is far longer than fifty-one characters " * 3),
            Chapter(2_000, "Hidden", toc=False),
            Chapter(1_750, "Ünder", url="https://example.org/ünder?x=y"),
        ),
        transcript="Good morning.\n¡Buenos días!",
        cover_jpeg=jpeg(tmp_path_factory.mktemp("cover")),
        duration_ms=4_000,
    )


@pytest.fixture(scope="module")
def sounds(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Four seconds of sound, without tags, in each format."""
    folder = tmp_path_factory.mktemp("sounds")
    wav = write_wav(folder / "a.wav", [sine()], 4.0)
    arguments = ("-map_metadata", "-1", "-fflags", "+bitexact", "-flags:a", "+bitexact")
    return {kind: convert(wav, folder / f"a.{kind}", *arguments) for kind in FORMATS}


def tagged(folder: Path, sounds: dict[str, Path], kind: AudioFormat, tags: Tags) -> Path:
    path = folder / f"tagged.{kind}"
    sha256, size = write_finished_file(FFMPEG, kind, sounds[kind], tags, path)
    assert (sha256, size) == (digest_file(path), path.stat().st_size)
    return path


def decoded(path: Path) -> bytes:
    return run(FFMPEG, [*input_file(path), "-map", "0:a:0", "-f", "md5", "-"], writes_data=True).data


@pytest.mark.parametrize("kind", FORMATS)
def test_our_own_reader_finds_every_value_and_the_sound_is_the_same(
    tmp_path: Path, sounds: dict[str, Path], tags: Tags, kind: AudioFormat
) -> None:
    path = tagged(tmp_path, sounds, kind, tags)
    assert verify_finished(kind, path, tags) == ()
    assert decoded(path) == decoded(sounds[kind])
    first = path.read_bytes()
    assert tagged(tmp_path, sounds, kind, tags).read_bytes() == first
    bare = Tags("T", "A", "B")
    assert verify_finished(kind, tagged(tmp_path, sounds, kind, bare), bare) == ()
    assert [entry.name for entry in tmp_path.iterdir()] == [path.name]


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
    "cover_jpeg": b"\xff\xd8\xff another",
    "chapters": (Chapter(0, "Another"),),
}


@pytest.mark.parametrize("kind", FORMATS)
def test_every_difference_is_named(
    tmp_path: Path, sounds: dict[str, Path], tags: Tags, kind: AudioFormat
) -> None:
    path = tagged(tmp_path, sounds, kind, tags)
    for name, value in CHANGES.items():
        assert verify_finished(kind, path, replace(tags, **{name: value})), name
    assert set(CHANGES) == set(Tags.__slots__) - {"duration_ms", "pictures"}  # a new field needs a row above


@pytest.mark.parametrize("kind", FORMATS)
def test_tinytag_and_ffmpeg_read_the_same_with_chapters_in_order(
    tmp_path: Path, sounds: dict[str, Path], tags: Tags, kind: AudioFormat
) -> None:
    path = tagged(tmp_path, sounds, kind, tags)
    found = TinyTag.get(path, image=True)
    assert (found.title, found.album, found.artist) == (tags.title, tags.album, tags.artist)
    assert (found.track, found.disc, found.genre, found.year) == (14, 2, "Podcast", "2024-08-06")
    assert found.comment == tags.comment
    assert found.other["lyrics"] == [tags.transcript]
    assert found.images.front_cover
    assert found.images.front_cover.data == tags.cover_jpeg
    assert found.duration == pytest.approx(4.0, abs=0.05)
    recording = read_tags(FFMPEG, path)
    assert (recording.title, recording.artist, recording.album) == (tags.title, tags.artist, tags.album)
    listed = sorted((each for each in tags.chapters if each.toc), key=lambda each: each.start_ms)
    wanted = [(each.start_ms, " ".join(each.title.split())) for each in listed]
    if kind == "m4a":  # whose chapters have no gaps
        wanted.insert(0, (0, tags.title))
    assert [(each.start_ms, each.title) for each in recording.chapters] == wanted
    log = run(FFMPEG, [*input_file(path), "-map", "0:a:0", "-f", "null", "-"]).log
    assert "attached pic" in log


def test_an_m4a_plays_before_it_is_loaded_and_carries_what_podcast_apps_know(
    tmp_path: Path, sounds: dict[str, Path], tags: Tags
) -> None:
    path = tagged(tmp_path, sounds, "m4a", tags)
    data = path.read_bytes()
    assert 0 < data.index(b"moov") < data.index(b"mdat")
    index = read_index(path)
    assert index
    assert index.tracks == ("soun", "text")  # the second one holds the chapters for Apple's players
    assert index.plays_at_once
    found = mp4.MP4(path)
    found = mp4.MP4(path)
    assert found["purl"] == [tags.feed_url]
    assert found["egid"] == [tags.guid]
    assert found["desc"] == ["How a district brought its families in. And its students back."]
    assert found["ldes"] == [tags.comment]
    assert index.language == "spa"


def test_an_opus_file_names_its_chapters_as_players_expect(
    tmp_path: Path, sounds: dict[str, Path], tags: Tags
) -> None:
    found = oggopus.OggOpus(tagged(tmp_path, sounds, "opus", tags))
    assert found["CHAPTER001"] == ["00:00:00.501"]
    assert found["CHAPTER002URL"] == ["https://example.org/%C3%BCnder?x=y"]
    assert found["CHAPTER003NAME"] == ["Last; with = and # and \\ in it"]
    assert "CHAPTER004" not in found
    assert found["LANGUAGE"] == ["spa"]


@pytest.mark.parametrize("kind", FORMATS)
def test_more_chapters_than_can_be_listed_are_refused(
    tmp_path: Path, sounds: dict[str, Path], tags: Tags, kind: AudioFormat
) -> None:
    many = replace(tags, chapters=tuple(Chapter(number * 15, f"{number}") for number in range(1, 257)))
    most = replace(many, chapters=many.chapters[:255])
    assert verify_finished(kind, tagged(tmp_path, sounds, kind, most), most) == ()
    with pytest.raises(SourceError, match="256 chapters are too many"):
        tagged(tmp_path, sounds, kind, many)


def foreign(folder: Path) -> Path:
    """An M4A as other programs leave it: index behind the sound, private tags, two covers."""
    wav = write_wav(folder / "a.wav", [sine()], 4.0)
    listing = folder / "chapters.txt"
    listing.write_text(
        ";FFMETADATA1\n[CHAPTER]\nTIMEBASE=1/1000\nSTART=0\nEND=4000\ntitle=Ünder\n", encoding="utf-8"
    )
    path = convert(wav, folder / "foreign.m4a", "-i", f"file:{listing}", "-map_chapters", "1", "-f", "mp4")
    wav.unlink()
    listing.unlink()
    file = mp4.MP4(path)
    cover = mp4.MP4Cover(b"\xff\xd8\xff front", mp4.MP4Cover.FORMAT_PNG)
    values: dict[str, Any] = {
        "\xa9nam": ["A  title"], "\xa9cmt": ["two\r\nlines"], "\xa9too": ["An editor"], "trkn": [(3, 9)],
        "----:com.example.editor:PROJECT": [b"secret path"], "----:com.apple.iTunes:iTunSMPB": [b" 0 0 0"],
        "covr": [cover, mp4.MP4Cover(b"\xff\xd8\xff back")],
    }  # fmt: skip
    for name, value in values.items():
        file[name] = value
    file.save()
    return path


def test_foreign_tags_of_an_m4a_become_clean_ones(tmp_path: Path) -> None:
    path = foreign(tmp_path)
    before, data = decoded(path), path.read_bytes()
    would = normalise_tags(path, write=False)
    assert path.read_bytes() == data
    found = normalise_tags(path)
    assert found == would
    assert found.is_changed
    assert found.dropped == ("---- PROJECT", "covr", "\xa9too")
    index = read_index(path)
    assert index
    assert index.plays_at_once
    assert index.chapters == ((0, "Ünder"),)
    file: Any = mp4.MP4(path)
    assert (file["\xa9nam"], file["\xa9cmt"], file["trkn"]) == (["A title"], ["two\nlines"], [(3, 9)])
    assert [(bytes(each), each.imageformat) for each in file["covr"]] == [
        (b"\xff\xd8\xff front", mp4.MP4Cover.FORMAT_JPEG)
    ]
    assert decoded(path) == before
    again = path.stat().st_mtime_ns
    assert normalise_tags(path) == replace(found, dropped=(), is_changed=False)
    assert path.stat().st_mtime_ns == again
    assert [entry.name for entry in tmp_path.iterdir()] == ["foreign.m4a"]


def test_an_m4a_that_cannot_be_copied_whole_stays_as_it_is(tmp_path: Path) -> None:
    wav = write_wav(tmp_path / "a.wav", [sine()], 3.0)
    path = convert(wav, tmp_path / "a.m4a", "-metadata", "encoder=Old", "-movflags", "+faststart")
    cut = path.read_bytes()[: path.stat().st_size * 7 // 10]
    path.write_bytes(cut)
    with pytest.raises(SourceError, match=r"should last 3\.0 s, but only [12]\.\d s can be read"):
        normalise_tags(path)
    assert path.read_bytes() == cut
    assert not [each for each in tmp_path.iterdir() if each not in {wav, path}]


def test_our_own_m4a_is_clean_already(tmp_path: Path, sounds: dict[str, Path], tags: Tags) -> None:
    found = normalise_tags(tagged(tmp_path, sounds, "m4a", tags))
    assert (found.dropped, found.is_changed) == ((), False)


def test_foreign_comments_of_an_opus_file_become_clean_ones(tmp_path: Path, sounds: dict[str, Path]) -> None:
    path = tmp_path / "foreign.ogg"
    path.write_bytes(sounds["opus"].read_bytes())
    back, front = flac.Picture(), flac.Picture()
    back.type, back.mime, back.data = 4, "image/jpeg", b"\xff\xd8\xff back"
    front.type, front.mime, front.data, front.desc = 3, "image/x", b"\x89PNG front", "secret path"
    file: Any = oggopus.OggOpus(path)
    file["TITLE"], file["artist"], file["COMMENT"] = ["A  title"], ["One", "Two"], ["two\r\nlines"]
    file["ENCODER"], file["_SESSION"] = ["An editor"], ["secret path"]
    file["CHAPTER001"], file["CHAPTER001NAME"], file["CHAPTER002"] = ["00:00:01.000"], ["Ünder"], ["soon"]
    file["PODCASTURL"] = ["https://example.org/ü"]
    pictures = [base64.b64encode(each.write()).decode() for each in (back, front)]
    file["METADATA_BLOCK_PICTURE"] = [*pictures, "no picture"]
    file.save()
    before, data = decoded(path), path.read_bytes()
    would = normalise_tags(path, write=False)
    assert path.read_bytes() == data
    found = normalise_tags(path)
    assert found == would
    assert found.is_changed
    assert sorted(found.dropped) == [
        "ARTIST", "CHAPTER002", "ENCODER", "METADATA_BLOCK_PICTURE", "METADATA_BLOCK_PICTURE", "_SESSION",
    ]  # fmt: skip
    comments = dict(read_comments(path) or ())
    picture = flac.Picture(base64.b64decode(comments.pop("METADATA_BLOCK_PICTURE")))
    assert (picture.type, picture.mime, picture.data, picture.desc) == (3, "image/png", front.data, "")
    assert comments == {
        "TITLE": "A title", "ARTIST": "One, Two", "COMMENT": "two\nlines", "CHAPTER001": "00:00:01.000",
        "CHAPTER001NAME": "Ünder", "PODCASTURL": "https://example.org/%C3%BC",
    }  # fmt: skip
    assert TinyTag.get(path).title == "A title"
    assert decoded(path) == before
    again = path.stat().st_mtime_ns
    assert normalise_tags(path) == replace(found, dropped=(), is_changed=False)
    assert path.stat().st_mtime_ns == again
    assert [entry.name for entry in tmp_path.iterdir()] == [path.name]


def test_our_own_opus_is_clean_already_and_other_ogg_is_refused(
    tmp_path: Path, sounds: dict[str, Path], tags: Tags
) -> None:
    path = tagged(tmp_path, sounds, "opus", tags)
    assert normalise_tags(path).dropped == ()
    assert verify_finished("opus", path, tags) == ()
    assert not normalise_tags(path).is_changed
    vorbis = convert(sounds["opus"], tmp_path / "a.ogg", "-c:a", "flac", "-f", "ogg")
    before = vorbis.read_bytes()
    with pytest.raises(SourceError, match="holds no Opus"):
        normalise_tags(vorbis)
    path.write_bytes(path.read_bytes()[:200])
    with pytest.raises(SourceError, match="holds no Opus"):
        normalise_tags(path)
    assert vorbis.read_bytes() == before


def test_a_film_is_not_stripped_to_its_sound(tmp_path: Path) -> None:
    path = tmp_path / "film.mp4"
    sources = ["-f", "lavfi", "-i", "color=size=32x32:duration=1", "-f", "lavfi", "-i", "sine=duration=1"]
    run(FFMPEG, [*sources, "-c:v", "mpeg4", "-c:a", "aac", "-y", f"file:{path}"])
    with pytest.raises(SourceError, match="more than one sound track, or a film"):
        normalise_tags(path)
    path.write_bytes(path.read_bytes()[:600])
    with pytest.raises(SourceError, match="damaged"):
        normalise_tags(path)


@given(st.binary(max_size=300))
def test_no_bytes_break_the_readers(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    def box(name: bytes, body: bytes) -> bytes:
        return (len(body) + 8).to_bytes(4) + name + body

    path = tmp_path_factory.getbasetemp() / "any"
    udta = box(b"udta", box(b"meta", bytes(4) + box(b"ilst", data)) + box(b"chpl", data))
    for body in (data, box(b"moov", data), box(b"moov", udta + box(b"trak", box(b"mdia", box(b"mdhd", data)))),
                 box(b"moov", box(b"udta", box(b"meta", bytes(4) + box(b"ilst", box(b"----", data))))),
                 b"OggS" + bytes(22) + b"\2" + data, b"OggS" + bytes(22) + b"\3\0\x0a\xff" + b"OpusTags" + data):  # fmt: skip
        path.write_bytes(body)
        read_index(path)
        read_comments(path)
