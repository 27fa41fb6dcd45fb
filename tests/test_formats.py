"""Finished audio in every format: as loud as asked, exactly as long, and published side by side."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from tones import decode, integrated_lufs, sine, talk, true_peak_dbtp, write_wav

from publisher.audio.copying import fits
from publisher.audio.encode import deliver
from publisher.audio.ffmpeg import find_ffmpeg
from publisher.audio.finish import finish
from publisher.audio.formats import FORMATS, format_of_key
from publisher.audio.lock import read_lock
from publisher.audio.loudness import measure
from publisher.audio.mp3 import claimed_ms, find_frame, parse_frame
from publisher.audio.recipe import AudioJob, encoder_of, recipe
from publisher.audio.tags.content import Tags
from publisher.building import BuildRequest, Built, build
from publisher.building.artifacts import MEDIA_TYPES
from publisher.config import load_show
from publisher.errors import SourceError
from publisher.files import digest_file
from publisher.model import AudioSettings, Enclosure

pytestmark = pytest.mark.integration  # real ffmpeg, all of it
FFMPEG = find_ffmpeg()
NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
EPISODE = "episodes/bakersfield-part-1"
SETTINGS = {
    "mp3": AudioSettings(),
    "mp3 V4": AudioSettings(bitrate_kbps=165, vbr_quality=4),
    "m4a": AudioSettings(format="m4a"),
    "m4a 64k": AudioSettings(format="m4a", bitrate_kbps=64),
    "opus": AudioSettings(format="opus", bitrate_kbps=64),
    "opus 24k": AudioSettings(format="opus", bitrate_kbps=24),
}


@pytest.fixture(scope="module")
def masters(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A quiet talk with high peaks, and a loud stereo one at another rate."""
    folder = tmp_path_factory.mktemp("masters")
    return {
        "quiet": write_wav(folder / "quiet.wav", [talk(-30, -9)], 6.0),
        "loud": write_wav(folder / "loud.wav", [talk(-8, -1, seed=3), sine(500, -14)], 6.0, rate=48000),
    }


@pytest.mark.parametrize("name", SETTINGS)
@pytest.mark.parametrize("programme", ["quiet", "loud"])
def test_every_format_is_as_loud_and_as_long_as_asked(
    tmp_path: Path, masters: dict[str, Path], name: str, programme: str
) -> None:
    settings, master, path = SETTINGS[name], masters[programme], tmp_path / "delivered"
    measured = measure(FFMPEG, master)
    found = deliver(FFMPEG, master, settings, measured, path).measurement
    assert found.duration_ms == pytest.approx(6000, abs=1)
    channels, rate = decode(path)
    assert integrated_lufs(channels, rate) == pytest.approx(settings.loudness_lufs, abs=0.3)
    assert true_peak_dbtp(channels) <= settings.true_peak_dbtp + 0.05
    assert rate == FORMATS[settings.format].sample_rate
    deliver(FFMPEG, master, settings, measured, tmp_path / "again")
    assert digest_file(tmp_path / "again") == digest_file(path)


def test_a_variable_bit_rate_states_its_length_and_is_known_without_it(
    tmp_path: Path, masters: dict[str, Path]
) -> None:
    path = tmp_path / "vbr.mp3"
    deliver(FFMPEG, masters["loud"], SETTINGS["mp3 V4"], measure(FFMPEG, masters["loud"]), path)
    data = path.read_bytes()
    assert data[:400].count(b"Xing") == 1  # `Info` stands before a constant bit rate
    assert claimed_ms(data) == pytest.approx(6000, abs=1)
    header = parse_frame(data)
    assert header
    sizes = set()
    position = header.bytes
    while frame := parse_frame(data[position : position + 4]):
        sizes.add(frame.bytes)
        position += frame.bytes
    assert position == len(data)
    assert len(sizes) > 4
    path.write_bytes(data[header.bytes :])
    assert find_frame(path.read_bytes()) == 0
    without = measure(FFMPEG, path)
    assert without.claimed_ms is None
    assert without.duration_ms == pytest.approx(6000, abs=60)  # encoder delay and padding are known no more


def test_only_an_mp3_is_kept_as_it_is(tmp_path: Path, masters: dict[str, Path]) -> None:
    path = tmp_path / "right.mp3"
    deliver(FFMPEG, masters["quiet"], AudioSettings(), measure(FFMPEG, masters["quiet"]), path)
    measured = measure(FFMPEG, path)
    assert fits(AudioSettings(), measured)
    assert not fits(AudioSettings(format="m4a"), measured)


def test_recipes_tell_formats_and_qualities_apart(masters: dict[str, Path]) -> None:
    tags = Tags("T", "A", "B")
    recipes = [
        recipe(AudioJob("a", masters["quiet"], settings, tags), encoder_of(FFMPEG, settings))
        for settings in SETTINGS.values()
    ]
    assert len({each.partition(".")[0] for each in recipes}) == len(SETTINGS)
    assert encoder_of(FFMPEG, SETTINGS["opus"]).endswith(" libopus")


@pytest.mark.parametrize("name", FORMATS)
def test_a_format_may_be_the_main_one(tmp_path: Path, masters: dict[str, Path], name: str) -> None:
    kind = FORMATS[name]  # type: ignore[index]  # pytest hands on the keys as plain text
    job = AudioJob("part-1", masters["quiet"], AudioSettings(format=kind.name), Tags("T", "A", "B"))
    found = finish(job, ffmpeg=FFMPEG, output=tmp_path / "build", cache=tmp_path / "cache")
    assert found.media_type == kind.media_type == MEDIA_TYPES[kind.suffix]
    assert found.key.endswith(kind.suffix)
    assert format_of_key(found.key) is kind
    assert digest_file(tmp_path / "build" / found.key) == found.sha256
    again = finish(replace(job, tags=Tags("U", "A", "B")), ffmpeg=FFMPEG, output=tmp_path / "build", cache=tmp_path / "cache")  # fmt: skip
    assert again.key != found.key
    assert again.recipe.partition(".")[0] == found.recipe.partition(".")[0]


def alternates(root: Path, *formats: str) -> None:
    """Ask for further formats in show.toml, such as `m4a 96k`."""
    path = root / "show.toml"
    text = path.read_text(encoding="utf-8").partition("\n[[audio.alternates]]")[0]
    for words in formats:
        kind, _, bitrate = words.partition(" ")
        text += f'\n[[audio.alternates]]\nformat = "{kind}"\n' + (
            f'bitrate = "{bitrate}"\n' if bitrate else ""
        )
    path.write_text(text, encoding="utf-8")


def made(root: Path, *, renew: bool = False) -> tuple[Built, Enclosure, str]:
    """Build; return what was built, the lock of the first episode and the feed."""
    built = build(BuildRequest(root, NOW, 0, renew=frozenset({"bakersfield-part-1"} if renew else ())))
    lock = read_lock(root / EPISODE / "audio.lock", "audio.lock")
    assert lock
    return built, lock, (root / "feeds/rising-from-the-margins.xml").read_text(encoding="utf-8")


def test_further_formats_go_from_settings_to_lock_feed_and_artifacts(own_show: Path) -> None:
    plain, before, feed = made(own_show)
    assert b"alternates" not in (own_show / EPISODE / "audio.lock").read_bytes()
    assert "alternateEnclosure" not in feed
    alternates(own_show, "m4a 96k", "opus")
    built, lock, feed = made(own_show)
    assert replace(lock, alternates=()) == before  # listeners' file stays what it is
    assert [each.media_type for each in lock.alternates] == ["audio/x-m4a", "audio/ogg"]
    published = {artifact.key: artifact for artifact in built.artifacts}
    for each in lock.alternates:
        artifact = published[each.key]
        assert (artifact.sha256, artifact.bytes) == (each.sha256, each.bytes)
        assert artifact.content_type == each.media_type
        assert digest_file(artifact.path) == each.sha256
        assert each.duration_ms == before.duration_ms
        assert each.loudness_lufs == pytest.approx(-16, abs=0.1)
        assert f'<podcast:source uri="https://media.example.org/rising/{each.key}"/>' in feed
    assert feed.count("<podcast:alternateEnclosure ") == 2 * 3
    assert feed.count('default="true"') == 2
    page = (own_show / "build" / f"{EPISODE}.html").read_text(encoding="utf-8")
    for each in lock.alternates:
        kind = each.key.rpartition(".")[2].upper()
        assert f'<a href="../{each.key}" download>{kind}, {each.bytes / 1e6:.1f} MB</a>' in page
    files = (own_show / "build/audio").stat().st_mtime_ns
    assert made(own_show)[1:] == (lock, feed)
    assert (own_show / "build/audio").stat().st_mtime_ns == files
    assert len(built.artifacts) == len(plain.artifacts) + 4

    source = own_show / EPISODE / "episode.md"
    source.write_text(
        source.read_text(encoding="utf-8").replace("District, Part I", "District, Part One"), encoding="utf-8"
    )
    built, frozen, _ = made(own_show)
    assert frozen == lock  # a new title changes nothing that the feed names
    assert "its audio stays as the feed has it" in built.notices[0]
    alternates(own_show, "opus", "m4a 96k", "mp3 V6")
    grown = made(own_show)[1]
    assert [each.key for each in grown.alternates[:2]] == [each.key for each in reversed(lock.alternates)]
    assert grown.alternates[2].bitrate < 128_000
    renewed = made(own_show, renew=True)[1]
    assert {each.key for each in renewed.alternates} & {each.key for each in grown.alternates} == {
        grown.alternates[2].key
    }
    alternates(own_show)
    assert made(own_show)[1].alternates == ()


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["opus 999k"], "999k is no bit rate of Opus"),
        (["m4a V2"], "V2 is a quality of MP3; M4A has none"),
        (["mp3"], "MP3 with 128k is made already"),
        (["opus", "opus 64k"], "Opus with 64k is made already"),
        (["flac"], "must be 'mp3', 'm4a' or 'opus', not flac"),
        (["mp3 V10"], "'V10' is no bit rate"),
    ],
)
def test_formats_that_cannot_be_are_refused_at_their_line(
    own_show: Path, words: list[str], message: str
) -> None:
    alternates(own_show, *words)
    with pytest.raises(SourceError, match=re.escape(message)) as caught:
        load_show(own_show)
    problem = caught.value.problems[0]
    assert problem.place
    lines = (own_show / "show.toml").read_text(encoding="utf-8").splitlines()
    assert re.match(r"\[\[audio|format|bitrate", lines[problem.place.line - 1])
