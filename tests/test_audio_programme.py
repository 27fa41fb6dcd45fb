"""Intro and outro: joined with the recording, and everything that has a time moves with the words."""

from __future__ import annotations

import json
import math
import operator
import random
import re
import shutil
from array import array
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mutagen.id3 import ID3
from test_audio_parts import speak
from tones import convert, decode, integrated_lufs, sine, write_wav

from publisher.announcing import AnnounceRequest, draft_announcement
from publisher.audio.ffmpeg import find_ffmpeg, run
from publisher.audio.finish import finish
from publisher.audio.lock import read_lock
from publisher.audio.recipe import AudioJob, Bookend, encoder_of, recipe
from publisher.audio.tags.content import Tags
from publisher.building import BuildRequest, Built, build
from publisher.clipping import ClipRequest, make_clips
from publisher.config import load_show
from publisher.errors import Place, SourceError
from publisher.files import digest_file
from publisher.model import AudioFormat, AudioSettings, Chapter, Enclosure, Episode, Soundbite, Timeline
from publisher.overview import describe, notes_as
from publisher.transcripts import Cue, Transcript, read_transcript

FFMPEG = find_ffmpeg()
NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
INTRO_MS, OUTRO_MS, FADE_MS = 7123, 4000, 1500
FRAME = 1152


@pytest.fixture(scope="module")
def parts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A quiet talk; an intro of another rate, far quieter; a loud outro of one channel."""
    folder = tmp_path_factory.mktemp("parts")
    speak(folder / "talk.wav", 44100, 12.0)
    write_wav(folder / "intro.wav", [sine(330, -40), sine(440, -43)], INTRO_MS / 1000, 48000)
    write_wav(folder / "outro.wav", [sine(220, -3)], OUTRO_MS / 1000, 22050)
    return folder


def bookend(path: Path) -> Bookend:
    return Bookend(path, f"jingles/{path.name}", digest_file(path))


def job_of(folder: Path, **changes: object) -> AudioJob:
    job = AudioJob(
        "talk", folder / "talk.wav", AudioSettings(), Tags("T", "A", "B"), None, "episodes/talk/talk.wav",
        intro=bookend(folder / "intro.wav"), outro=bookend(folder / "outro.wav"), crossfade_ms=FADE_MS,
    )  # fmt: skip
    return replace(job, **changes)  # type: ignore[arg-type]  # each test names real fields


def finished(job: AudioJob, folder: Path) -> tuple[Enclosure, Path]:
    facts = finish(job, ffmpeg=FFMPEG, output=folder / "build", cache=folder / "cache")
    return facts, folder / "build" / facts.key


def mono(path: Path, rate: int = 44100) -> array[float]:
    """Return a file's first channel at one rate."""
    at_rate = convert(path, path.with_name(f"{path.name}.probe.wav"), "-ar", str(rate), "-c:a", "pcm_f32le")
    try:
        return decode(at_rate)[0][0]
    finally:
        at_rate.unlink()


def lag(heard: array[float], spoken: array[float], at: int, reach: int = FRAME + 100) -> int:
    """Return by how many samples more than expected the words come later, where both agree the most."""
    window = spoken[at : at + 1024]

    def agreement(start: int) -> float:
        piece = heard[start : start + len(window)]
        energy = math.sqrt(sum(map(operator.mul, piece, piece))) or 1.0
        return float(sum(map(operator.mul, piece, window))) / energy

    return max(range(-reach, reach + 1), key=lambda shift: agreement(at + shift))


@pytest.mark.integration
@pytest.mark.parametrize("kind", ["mp3", "m4a", "opus"])
def test_the_words_begin_where_the_facts_say(parts: Path, tmp_path: Path, kind: AudioFormat) -> None:
    facts, path = finished(job_of(parts, settings=AudioSettings(format=kind)), tmp_path)
    assert facts.offset_ms == INTRO_MS - FADE_MS
    assert facts.duration_ms == pytest.approx(INTRO_MS + 12_000 + OUTRO_MS - 2 * FADE_MS, abs=2)
    assert facts.loudness_lufs == pytest.approx(-16.0, abs=0.1)
    assert facts.true_peak_dbtp <= -1.0
    assert facts.mode != "copied"
    channels, rate = decode(path)
    assert integrated_lufs(channels, rate) == pytest.approx(-16.0, abs=0.15)
    spoken, heard = mono(parts / "talk.wav"), mono(path)
    offset = round(facts.offset_ms * 44.1)
    for second in (3, 9):
        at = second * 44100
        assert abs(lag(heard[offset:], spoken, at)) <= FRAME // 20  # a frame is what the plan asks for
    # the intro, 24 dB quieter than the talk, and the outro, far louder, are as loud as the words now
    step = len(channels[0]) / (facts.duration_ms / 1000)
    levels = [
        integrated_lufs([channel[round(start * step) : round(end * step)] for channel in channels], rate)
        for start, end in ((0.5, 5.5), (7.5, 16.0), (18.5, 20.5))
    ]
    assert levels[0] == pytest.approx(levels[1], abs=3)  # the limiter takes from the words alone
    assert levels[2] == pytest.approx(levels[0], abs=0.7)
    assert [each.name for each in (tmp_path / "build/audio").iterdir()] == [path.name]
    assert not list((tmp_path / "cache").rglob("*.w64"))


@pytest.mark.integration
def test_a_long_programme_is_encoded_in_parts_and_right_everywhere(parts: Path, tmp_path: Path) -> None:
    talk = speak(tmp_path / "talk.wav", 48000, 130.25)
    flac = convert(talk, tmp_path / "talk.flac")
    facts, path = finished(job_of(parts, master=flac, shown="episodes/talk/talk.flac"), tmp_path)
    assert facts.duration_ms == INTRO_MS + 130_250 + OUTRO_MS - 2 * FADE_MS
    assert facts.loudness_lufs == pytest.approx(-16.0, abs=0.1)
    spoken, heard = mono(talk), mono(path)
    offset = round(facts.offset_ms * 44.1)
    for second in (5, 68, 125):  # before, about and behind the joint
        assert abs(lag(heard[offset:], spoken, second * 44100, 300)) <= 1


@pytest.mark.integration
def test_one_end_alone_and_no_crossfade(parts: Path, tmp_path: Path) -> None:
    plain = job_of(parts, intro=None, outro=None, crossfade_ms=0)
    bare, _ = finished(plain, tmp_path)
    before, _ = finished(job_of(parts, outro=None, crossfade_ms=0), tmp_path)
    after, _ = finished(job_of(parts, intro=None, crossfade_ms=0), tmp_path)
    assert (bare.offset_ms, bare.bookends, bare.duration_ms) == (0, "", 12_000)
    assert (before.offset_ms, before.duration_ms) == (INTRO_MS, 12_000 + INTRO_MS)
    assert (after.offset_ms, after.duration_ms) == (0, 12_000 + OUTRO_MS)
    assert len({bare.bookends, before.bookends, after.bookends}) == 3
    encoder = encoder_of(FFMPEG, plain.settings)
    assert recipe(replace(plain, crossfade_ms=900), encoder) == bare.recipe  # of nothing
    halves = {each.recipe.partition(".")[0] for each in (bare, before, after)}
    assert len(halves) == 3


@pytest.mark.integration
@pytest.mark.parametrize(
    ("intro", "crossfade_ms", "message"),
    [
        ("silence", 0, r"silence\.wav is silent"),
        ("text", 0, r"text\.wav is a text file, not audio"),
        ("short", 600, r"short\.wav lasts 1\.0 s, too short for a crossfade of 0\.6 s"),
        ("intro", 6500, r"intro\.wav lasts 7\.1 s, too short for a crossfade of 6\.5 s"),
    ],
)
def test_ends_that_cannot_be_joined_are_refused(
    parts: Path, tmp_path: Path, intro: str, crossfade_ms: int, message: str
) -> None:
    shutil.copy(parts / "intro.wav", tmp_path / "intro.wav")
    write_wav(tmp_path / "silence.wav", [lambda _: 0.0], 3)
    write_wav(tmp_path / "short.wav", [sine()], 1)
    (tmp_path / "text.wav").write_text("Not a sound at all, only words.\n" * 50)
    end = bookend(tmp_path / f"{intro}.wav")
    with pytest.raises(SourceError, match=message) as caught:
        finished(job_of(parts, intro=end, crossfade_ms=crossfade_ms), tmp_path)
    first = caught.value.problems[0]
    assert first.place
    assert first.place.file == end.shown
    assert first.hint
    assert not list(tmp_path.rglob("*.w64"))
    assert not list(tmp_path.rglob("*.partial"))


EPISODE = """---
title: A talk
guid: 6b7b3b1e-7a5e-4d6e-9c1e-0f8a1c9d2e3f
date: 2024-01-02 06:00
chapters:
  - {at: "00:00", title: Welcome}
  - {at: "00:04", title: What changed}
  - {at: "00:08.5", title: What comes}
soundbites:
  - {at: "00:02", duration: "00:03", title: "The best of it"}
---
00:00 All of it, and (00:04) what changed.
"""
VTT = """WEBVTT

00:00:00.000 --> 00:00:02.500
The very first words.

00:00:02.500 --> 00:00:09.250
And those that follow.
"""


@pytest.fixture
def show(parts: Path, tmp_path: Path) -> Path:
    """Return a show with an intro and an outro around its one recording."""
    root = tmp_path / "show"
    shutil.copytree(Path(__file__).parent / "shows/minimal", root)
    shutil.rmtree(root / "episodes/pilot")
    folder = root / "episodes/talk"
    folder.mkdir()
    shutil.copy(parts / "talk.wav", folder / "talk.wav")
    (folder / "episode.md").write_text(EPISODE, encoding="utf-8")
    (folder / "transcript.vtt").write_text(VTT, encoding="utf-8")
    (root / "jingles").mkdir()
    for name in ("intro.wav", "outro.wav"):
        shutil.copy(parts / name, root / "jingles" / name)
    ask(root, 'intro = "jingles/intro.wav"\noutro = "jingles/outro.wav"\ncrossfade = 1.5')
    return root


def ask(root: Path, audio: str) -> None:
    path = root / "show.toml"
    text = path.read_text(encoding="utf-8").partition("\n[audio]")[0]
    path.write_text(f"{text}\n[audio]\n{audio}\n", encoding="utf-8")


def made(root: Path, *, locked: bool = False, renew: bool = False) -> tuple[Built, Enclosure]:
    request = BuildRequest(root, NOW, 0, locked=locked, renew=frozenset({"talk"} if renew else ()))
    built = build(request)
    lock = read_lock(root / "episodes/talk/audio.lock", "audio.lock")
    assert lock
    return built, lock


def chapter_starts(path: Path) -> list[float]:
    """Return when the chapters of a file start, as ffmpeg reads them."""
    log = run(FFMPEG, ["-i", f"file:{path}", "-map", "0:a:0", "-t", "0.1", "-f", "null", "-"]).log.partition(
        "Output"
    )[0]
    return [float(start) for start in re.findall(r"Chapter #0:\d+: start (\d+\.\d+)", log)]


def files(root: Path) -> dict[str, bytes]:
    found = [path for name in ("build", "feeds") for path in (root / name).rglob("*") if path.is_file()]
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in found}


@pytest.mark.integration
def test_everything_with_a_time_moves_equally(show: Path) -> None:
    ask(
        show,
        'intro = "jingles/intro.wav"\noutro = "jingles/outro.wav"\ncrossfade = 1.5\n'
        '[[audio.alternates]]\nformat = "m4a"\n[[audio.alternates]]\nformat = "opus"',
    )
    _, lock = made(show)
    later = INTRO_MS - FADE_MS
    assert lock.offset_ms == later
    starts = [0, 4000 + later, 8500 + later]
    mp3 = ID3(show / "build" / lock.key)
    assert [frame.start_time for frame in mp3.getall("CHAP")] == starts
    assert mp3.getall("CHAP")[-1].end_time == lock.duration_ms
    for alternate in lock.alternates:
        seconds = [start / 1000 for start in starts]
        assert chapter_starts(show / "build" / alternate.key) == pytest.approx(seconds, abs=0.001)
    [chapters] = (show / "build/chapters").iterdir()
    told = json.loads(chapters.read_bytes())["chapters"]
    assert [each["startTime"] * 1000 for each in told] == pytest.approx(starts)
    [words] = (show / "build/transcripts").iterdir()
    cues = read_transcript("t.vtt", words.read_text(encoding="utf-8")).cues
    assert [(cue.start_ms, cue.end_ms) for cue in cues] == [
        (later, 2500 + later),
        (2500 + later, 9250 + later),
    ]
    feed = (show / "feeds/small-show.xml").read_text(encoding="utf-8")
    assert f'<podcast:soundbite startTime="{(2000 + later) / 1000}" duration="3">' in feed
    assert f"<itunes:duration>{round(lock.duration_ms / 1000)}<" in feed
    page = (show / "build/episodes/talk.html").read_text(encoding="utf-8")
    for start in starts[1:]:
        assert f'data-t="{start / 1000}"' in page
    assert f'data-t="{later / 1000}"' in page  # the transcript's first words
    assert describe(show, "talk", NOW)["chapters"] == ["00:00 Welcome", "00:09 What changed", "00:14 What comes"]  # fmt: skip
    assert (
        f'<a href="../{lock.key}#t={(4000 + later) / 1000}" data-t="{(4000 + later) / 1000}">00:09</a>'
        in page
    )
    assert "00:00 All of it, and (00:09) what changed." in feed
    assert notes_as(show, "talk", "web", NOW) in page
    assert "(00:09)" in notes_as(show, "talk", "feed", NOW)
    drafted = draft_announcement(AnnounceRequest(show, ("talk",), NOW, forms=("text",), writes=False))
    assert "00:09 What changed" in drafted.drafts[0].text
    [clip] = make_clips(ClipRequest(show, "talk", NOW))
    assert clip.start_ms == 2000 + later


@pytest.mark.integration
def test_a_build_without_audio_knows_how_far_everything_moved(show: Path, tmp_path: Path) -> None:
    _, lock = made(show)
    before = files(show)
    clean = tmp_path / "clean"
    shutil.copytree(show, clean, ignore=shutil.ignore_patterns("build", ".publisher", "*.wav"))
    assert made(clean, locked=True)[1] == lock
    there = files(clean)
    assert there == {name: data for name, data in before.items() if not name.startswith("build/audio/")}


@pytest.mark.integration
def test_published_audio_keeps_its_intro_until_somebody_says_so(show: Path) -> None:
    _, lock = made(show)
    before = files(show)
    assert made(show)[0].made == frozenset()
    write_wav(show / "jingles/intro.wav", [sine(500, -20)], 3.0)
    built, kept = made(show)
    assert kept == lock
    assert "its audio stays as the feed has it" in built.notices[0]
    assert files(show) == before
    _, renewed = made(show, renew=True)
    assert renewed.offset_ms == 3000 - FADE_MS
    assert renewed.key != lock.key
    assert renewed.master_sha256 == lock.master_sha256
    # an intro of its own, or none, is the episode's business
    source = show / "episodes/talk/episode.md"
    source.write_text(EPISODE.replace("chapters:", "audio: {intro: false, outro: false}\nchapters:"))
    _, plain = made(show, renew=True)
    assert (plain.offset_ms, plain.bookends, plain.duration_ms) == (0, "", 12_000)
    assert b"offset_ms" not in (show / "episodes/talk/audio.lock").read_bytes()
    write_wav(show / "episodes/talk/hello.wav", [sine(300, -20)], 4.0)
    source.write_text(EPISODE.replace("chapters:", "audio: {intro: hello.wav, crossfade: 0.5}\nchapters:"))
    assert made(show, renew=True)[1].offset_ms == 3500


@pytest.mark.parametrize(
    ("audio", "front", "file", "line", "message"),
    [
        ('intro = "jingles/intra.wav"', "", "show.toml", 22, r"there is no file jingles/intra\.wav"),
        ('intro = "../intro.wav"', "", "show.toml", 22, "lies outside show/"),
        ("crossfade = -1", "", "show.toml", 22, "must be 0.0 or more"),
        ("intro = true", "", "show.toml", 22, "must be text"),
        (
            "",
            "audio: {intro: gone.wav}",
            "episodes/talk/episode.md",
            5,
            "there is no file episodes/talk/gone",
        ),
        ("", "audio: {outro: ../../x.wav}", "episodes/talk/episode.md", 5, "lies outside talk/"),
        ("", "audio: {intro: yes}", "episodes/talk/episode.md", 5, "'yes' is no file"),
        ("", "audio: {intor: a.wav}", "episodes/talk/episode.md", 5, "unknown key `intor`"),
    ],
)
def test_what_cannot_be_is_told_at_its_place(
    show: Path, audio: str, front: str, file: str, line: int, message: str
) -> None:
    ask(show, audio)
    if front:
        text = EPISODE.replace("chapters:", f"{front}\nchapters:")
        (show / "episodes/talk/episode.md").write_text(text)
    with pytest.raises(SourceError, match=message) as caught:
        made(show)
    [problem] = caught.value.problems
    assert problem.place
    assert (problem.place.file, problem.place.line) == (file, line)
    assert problem.hint or "must be" in message
    assert not (show / "build/audio").exists()


def test_a_show_says_nothing_of_ends_it_does_not_have(minimal: Path) -> None:
    ends = load_show(minimal).bookends
    assert (ends.intro, ends.outro, ends.crossfade_ms) == (None, None, 0)


TIMES = st.integers(0, 8 * 3_600_000)


@given(st.sets(TIMES, max_size=30), st.lists(st.tuples(TIMES, TIMES), max_size=10), TIMES)
def test_moving_keeps_order_lengths_and_the_beginning(
    starts: set[int], spans: list[tuple[int, int]], offset_ms: int
) -> None:
    timeline = Timeline(offset_ms)
    rng = random.Random(len(starts))
    chapters = tuple(Chapter(start, f"C{start}", toc=rng.random() < 0.8) for start in sorted(starts))
    bites = tuple(Soundbite(start, length) for start, length in spans)
    transcript = Transcript(tuple(Cue(start, start + length, None, "w") for start, length in spans))
    episode = Episode("a", "A", "a", NOW, "", "", 1, Place("a"), chapters=chapters, soundbites=bites)
    moved = timeline.episode(episode)
    assert moved == replace(episode, chapters=moved.chapters, soundbites=moved.soundbites)
    assert [(each.start_ms - offset_ms, each.duration_ms) for each in moved.soundbites] == spans
    assert moved.chapters == tuple(
        replace(each, start_ms=each.start_ms + offset_ms if each.start_ms else 0) for each in chapters
    )
    cues = transcript.moved(timeline).cues
    assert [(cue.start_ms - offset_ms, cue.end_ms - offset_ms) for cue in cues] == [
        (start, start + length) for start, length in spans
    ]
    assert replace(transcript, is_timed=False).moved(timeline).cues == transcript.cues
    assert Timeline(0).episode(episode) is episode
    assert transcript.moved(Timeline(0)) is transcript
