"""Pictures of chapters: files beside the episode, small inside the MP3, published whole."""

from __future__ import annotations

import io
import json
import shutil
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from mutagen.id3 import ID3
from PIL import Image
from tones import sine, write_wav

from publisher.audio.cover import PICTURE_BYTES, PICTURE_PIXELS, prepare_picture
from publisher.audio.ffmpeg import find_ffmpeg
from publisher.audio.lock import read_lock
from publisher.audio.recipe import AudioJob, encoder_of, recipe
from publisher.audio.tags.content import Tags
from publisher.building import BuildRequest, Built, build
from publisher.building.assembly import verify_tags_of
from publisher.errors import SourceError
from publisher.files import digest_file
from publisher.model import AudioSettings, Chapter, Role

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
EPISODE = """---
title: A talk
guid: 6b7b3b1e-7a5e-4d6e-9c1e-0f8a1c9d2e3f
date: 2024-01-02 06:00
chapters:
  - {at: "00:00", title: Welcome}
  - {at: "00:01", title: The map, image: pictures/map.jpg, url: "https://example.org/map"}
  - {at: "00:01.5", title: The map again, image: pictures/map.jpg}
  - {at: "00:02", title: The chart, image: chart.png}
  - {at: "00:02.5", title: Elsewhere, image: "https://example.org/elsewhere.jpg"}
---
Words.
"""


def paint(path: Path, size: tuple[int, int] = (900, 900), seed: int = 3) -> Path:
    """Write a picture full of detail, so that it does not get small by itself."""
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.effect_noise(size, 12 + seed).convert("RGB").save(path)
    return path


@pytest.fixture
def show(tmp_path: Path) -> Path:
    root = tmp_path / "show"
    shutil.copytree(Path(__file__).parent / "shows/minimal", root)
    shutil.rmtree(root / "episodes/pilot")
    folder = root / "episodes/talk"
    write_wav(folder / "talk.wav", [sine()], 3.0)
    (folder / "episode.md").write_text(EPISODE, encoding="utf-8")
    paint(folder / "pictures/map.jpg")
    Image.new("RGBA", (640, 360), (10, 80, 160, 128)).save(folder / "chart.png")
    return root


def made(root: Path, *, locked: bool = False) -> Built:
    return build(BuildRequest(root, NOW, 0, locked=locked))


@pytest.mark.integration
def test_a_picture_is_small_in_the_file_and_whole_beside_it(show: Path, tmp_path: Path) -> None:
    built = made(show)
    lock = read_lock(show / "episodes/talk/audio.lock", "audio.lock")
    assert lock
    chapters = ID3(show / "build" / lock.key).getall("CHAP")
    embedded = [frame.sub_frames.getall("APIC") for frame in chapters]
    assert [len(frames) for frames in embedded] == [0, 1, 1, 1, 0]
    for [frame] in embedded[1:4]:
        assert frame.mime == "image/jpeg"
        assert len(frame.data) < PICTURE_BYTES
        with Image.open(io.BytesIO(frame.data)) as image:
            assert max(image.size) <= PICTURE_PIXELS
            assert (image.format, image.mode) == ("JPEG", "RGB")
    assert embedded[1][0].data == embedded[2][0].data != embedded[3][0].data
    assert [frame.sub_frames.getall("WXXX")[0].url for frame in chapters[1:2]] == ["https://example.org/map"]
    assert verify_tags_of(show, "talk", NOW) == ("talk", ())

    [path] = (show / "build/chapters").glob("*.json")
    told = [chapter.get("img", "") for chapter in json.loads(path.read_bytes())["chapters"]]
    base = "https://media.example.org/small/"
    published = {f"{base}{artifact.key}": artifact for artifact in built.artifacts}
    assert told[0] == ""
    assert told[4] == "https://example.org/elsewhere.jpg"
    assert told[1] == told[2]
    for url, source, kind in (
        (told[1], "pictures/map.jpg", "image/jpeg"),
        (told[3], "chart.png", "image/png"),
    ):
        artifact = published[url]
        assert artifact.sha256 == digest_file(show / "episodes/talk" / source)
        assert artifact.path == show / "episodes/talk" / source
        assert (artifact.content_type, artifact.role, artifact.immutable) == (kind, Role.SIDECAR, True)
    assert made(show).made == frozenset()

    # without any audio, the same; with another picture, another name
    clean = tmp_path / "clean"
    shutil.copytree(show, clean, ignore=shutil.ignore_patterns("build", ".publisher", "*.wav"))
    made(clean, locked=True)
    assert [each.name for each in (clean / "build/chapters").iterdir()] == [path.name]
    paint(clean / "episodes/talk/pictures/map.jpg", seed=9)
    made(clean, locked=True)
    assert [each.name for each in (clean / "build/chapters").iterdir()] != [path.name]


@pytest.mark.parametrize(
    ("image", "message"),
    [
        ("pictures/mop.jpg", r"there is no file pictures/mop\.jpg"),
        ("../../show.toml", "lies outside talk/"),
        ("/etc/hostname", "lies outside talk/"),
        ("link.jpg", "lies outside talk/"),
        ("text.jpg", r"text\.jpg is neither JPEG nor PNG"),
        ("half.jpg", r"half\.jpg is damaged and cannot be opened"),
        ("other.png", r"other\.png is a JPEG picture by another name"),
        ("wide.png", r"wide\.png is far too large: 5000 × 10 pixels"),
        ("ftp://example.org/a.jpg", "is no web address"),
    ],
)
def test_what_cannot_be_shown_is_told_at_its_place(show: Path, image: str, message: str) -> None:
    folder = show / "episodes/talk"
    (folder / "text.jpg").write_text("words")
    (folder / "half.jpg").write_bytes((folder / "pictures/map.jpg").read_bytes()[:20_000])
    shutil.copy(folder / "pictures/map.jpg", folder / "other.png")
    Image.new("RGB", (5000, 10)).save(folder / "wide.png")
    (folder / "link.jpg").symlink_to(show / "episodes/cover.jpg")
    written = EPISODE.replace("image: chart.png", f"image: {json.dumps(image)}")
    (folder / "episode.md").write_text(written, encoding="utf-8")
    with pytest.raises(SourceError, match=message) as caught:
        made(show, locked=True)
    [problem] = caught.value.problems
    assert problem.place
    assert (problem.place.file, problem.place.line) == ("episodes/talk/episode.md", 9)
    assert problem.hint
    assert not (show / "build").exists()


def test_a_file_of_chapters_may_name_pictures_too(show: Path) -> None:
    front, _, rest = EPISODE.partition("chapters:")
    (show / "episodes/talk/episode.md").write_text(front + "---" + rest.rpartition("---")[2])
    listed = show / "episodes/talk/chapters.json"
    chapters = [{"startTime": 0, "title": "A"}, {"startTime": 1, "title": "B", "img": "pictures/mop.jpg"}]
    listed.write_text(json.dumps({"version": "1.2.0", "chapters": chapters}))
    with pytest.raises(SourceError, match="there is no file pictures/mop") as caught:
        made(show, locked=True)
    assert [each.place.file for each in caught.value.problems if each.place] == [
        "episodes/talk/chapters.json"
    ]


def test_more_chapters_than_a_table_can_count_are_refused_where_they_stand(show: Path) -> None:
    lines = "".join(f'  - {{at: "{n // 60}:{n % 60:02}", title: C{n}}}\n' for n in range(256))
    front, _, _ = EPISODE.partition("chapters:")
    (show / "episodes/talk/episode.md").write_text(f"{front}chapters:\n{lines}---\nWords.\n")
    with pytest.raises(SourceError, match="256 chapters are too many") as caught:
        made(show, locked=True)
    [problem] = caught.value.problems
    assert problem.place
    assert (problem.place.file, problem.place.line) == ("episodes/talk/episode.md", 6)


def test_recipes_know_pictures_by_their_bytes(tmp_path: Path) -> None:
    picture = paint(tmp_path / "a.jpg", (100, 100))
    plain = Chapter(0, "A")
    shown = replace(plain, image="a.jpg", picture=picture)

    def digest(chapter: Chapter) -> str:
        tags = Tags("T", "A", "B", chapters=(chapter,))
        job = AudioJob("talk", tmp_path / "a.wav", AudioSettings(), tags)
        return recipe(job, encoder_of(find_ffmpeg(), job.settings))

    before = digest(shown)
    assert before != digest(plain)
    paint(picture, (100, 100), seed=8)
    assert digest(shown) != before
    assert len({digest(shown)[:16], digest(plain)[:16]}) == 1  # the encoding is the same


@pytest.mark.parametrize("size", [(20, 1500), (1200, 900), (100, 100)])
def test_equal_pictures_give_equal_small_ones(tmp_path: Path, size: tuple[int, int]) -> None:
    picture = paint(tmp_path / "a.png", size)
    data = prepare_picture(picture)
    with Image.open(io.BytesIO(data)) as image:
        assert max(image.size) <= min(PICTURE_PIXELS, max(size))
    assert len(data) < PICTURE_BYTES
    assert prepare_picture(picture) == data
