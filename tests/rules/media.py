"""Samples of the group MED: sound made by ffmpeg, with real tags."""

from __future__ import annotations

import atexit
import shutil
import struct
import subprocess
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

from mutagen import apev2, id3

from publisher.audio.ffmpeg import find_ffmpeg
from publisher.checks.files import MediaView
from publisher.errors import Place
from rules.artwork import art, picture, saved
from rules.samples import CONTEXT, Sample, bad, bad_subject, clean_feed, good, good_subject

HERE = "clean.xml:41"
SPEECH = "sine=f=300:d=8,volume=3dB,pan=stereo|c0=c0|c1=0.8*c0"
MP3 = ("-c:a", "libmp3lame", "-b:a", "128k", "-ar", "44100", "-id3v2_version", "0", "-f", "mp3")
M4A = ("-c:a", "aac", "-b:a", "96k", "-ar", "44100", "-movflags", "+faststart", "-f", "ipod")


@cache
def _folder() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="publisher-samples-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


@cache
def sound(graph: str = SPEECH, arguments: tuple[str, ...] = MP3) -> bytes:
    command = [
        str(find_ffmpeg()),
        "-v",
        "error",
        "-f",
        "lavfi",
        "-i",
        graph,
        *arguments,
        "-fflags",
        "+bitexact",
    ]
    path = _folder() / "made"
    subprocess.run([*command, "-y", str(path)], check=True)
    return path.read_bytes()


@cache
def cover() -> bytes:
    return saved(picture(600))


def tagged(data: bytes | None = None, *frames: id3.Frame, version: int = 3, without: str = "") -> bytes:
    """Return an MP3 with the tag of a good file, and more frames in it."""
    path = _folder() / "tagged"
    path.write_bytes(sound() if data is None else data)
    tag = id3.ID3()
    for frame in (
        id3.TIT2(3, ["Reading it out"]),
        id3.TALB(3, ["Ink and Chalk"]),
        id3.APIC(3, "image/jpeg", 3, "", cover()),
        *frames,
    ):
        tag.add(frame)
    if without:
        tag.delall(without)
    tag.save(path, v1=0, v2_version=version)
    return path.read_bytes()


def media(
    data: bytes, *, kind: str = "audio/mpeg", length: int | None = None, other_cover: bool = False
) -> MediaView:
    number = len(list(_folder().iterdir()))
    path = _folder() / f"file-{number}"
    path.write_bytes(data)
    item = clean_feed().item(0)
    return MediaView(
        item.audio_url, kind, "", Place("clean.xml", 41), CONTEXT, lambda: None, item,
        length=len(data) if length is None else length, path=path, decoded_bytes=9_000_000,
        cover=art(saved(picture(1400, turned=other_cover))),
    )  # fmt: skip


def _fires(rule: str, make: Any, **options: Any) -> Sample:
    return bad_subject(rule, lambda: media(make(), **options), HERE)


def _silent(rule: str, make: Any, **options: Any) -> Sample:
    return good_subject(rule, lambda: media(make(), **options))


def _m4a(graph: str = SPEECH, *arguments: str) -> bytes:
    from mutagen import mp4

    path = _folder() / "tagged.m4a"
    path.write_bytes(sound(graph, arguments or M4A))
    tags = mp4.MP4(path)
    tags["\xa9nam"] = ["Reading it out"]
    tags["covr"] = [mp4.MP4Cover(cover(), mp4.MP4Cover.FORMAT_JPEG)]
    tags.save()
    return path.read_bytes()


def _vbr(*options: str) -> bytes:
    graph = "anoisesrc=d=14:a=0.15[a];sine=f=300:d=6,volume=1dB[b];[b][a]concat=v=0:a=1"
    return sound(
        graph,
        (
            "-c:a",
            "libmp3lame",
            "-abr",
            "1",
            "-b:a",
            "160k",
            "-ar",
            "44100",
            "-id3v2_version",
            "0",
            *options,
            "-f",
            "mp3",
        ),
    )


def _id3v1(title: str) -> bytes:
    return tagged() + struct.pack("<3s30s30s30s4s30sB", b"TAG", title.encode(), b"", b"", b"", b"", 12)


def _v22() -> bytes:
    """Return an MP3 with a tag of ID3v2.2, which nothing writes any more."""
    image = b"\0JPG\3\0" + cover()
    frames = b"".join(
        name + len(body).to_bytes(3) + body for name, body in ((b"TT2", b"\0Reading it out"), (b"PIC", image))
    )
    size = len(frames)
    head = bytes((size >> 21 & 127, size >> 14 & 127, size >> 7 & 127, size & 127))
    return b"ID3\2\0\0" + head + frames + sound()


def _ape() -> bytes:
    path = _folder() / "ape"
    path.write_bytes(tagged())
    tag = apev2.APEv2()
    tag["Title"] = "Reading it out"
    tag.save(path)
    return path.read_bytes()


def _gap(lead: float, gap: float, tail: float) -> bytes:
    tone = "pan=stereo|c0=c0|c1=0.8*c0"
    parts = (
        f"anullsrc=d={lead}:cl=mono[a]",
        "sine=f=300:d=6,volume=3dB[b]",
        f"anullsrc=d={gap}:cl=mono[c]",
        "sine=f=300:d=6,volume=3dB[d]",
        f"anullsrc=d={tail}:cl=mono[e]",
    )
    return tagged(sound(f"{';'.join(parts)};[a][b][c][d][e]concat=n=5:v=0:a=1,{tone}"))


def _level(db: int) -> bytes:
    return tagged(sound(f"sine=f=300:d=8,volume={db}dB,pan=stereo|c0=c0|c1=0.8*c0"))


PEAKS = "sine=f=300:d=12,volume=3dB,volume='if(lt(mod(t,4),0.03)*gt(t,1),5,1)':eval=frame,pan=stereo|c0=c0|c1=0.8*c0"

SAMPLES = (
    _fires("MED-001", lambda: b"<!DOCTYPE html><title>Gone</title><p>" + b"No such file. " * 9000),
    _fires("MED-001", lambda: tagged()[:-60_000]),
    _fires("MED-001", lambda: sound(SPEECH, ("-c:a", "libopus", "-f", "opus"))),
    _silent("MED-001", tagged),
    _fires("MED-002", tagged, length=1),
    _silent("MED-002", tagged),
    _fires("MED-003", lambda: sound(SPEECH, ("-c:a", "libopus", "-f", "opus")), kind="audio/ogg"),
    _silent("MED-003", _m4a, kind="audio/x-m4a"),
    _fires("MED-004", lambda: tagged(sound(SPEECH, ("-c:a", "libmp3lame", "-b:a", "128k", "-ar", "22050", "-f", "mp3")))),
    _silent("MED-004", lambda: tagged(sound(SPEECH, ("-c:a", "libmp3lame", "-b:a", "128k", "-ar", "48000", "-f", "mp3")))),
    _fires("MED-005", lambda: tagged(sound(SPEECH, ("-c:a", "libmp3lame", "-b:a", "320k", "-ar", "44100", "-f", "mp3")))),
    _silent("MED-005", tagged),
    _fires("MED-006", lambda: _m4a(SPEECH.replace("d=8", "d=12"), "-c:a", "aac", "-b:a", "20k", "-ar", "44100", "-movflags", "+faststart", "-f", "ipod"), kind="audio/x-m4a"),
    _silent("MED-006", _m4a, kind="audio/x-m4a"),
    _fires("MED-007", lambda: _level(-20)),
    _silent("MED-007", tagged),
    _fires("MED-008", lambda: tagged(sound(PEAKS))),
    _silent("MED-008", tagged),
    bad_subject("MED-009", lambda: media(tagged(_vbr("-write_xing", "0"))), HERE, also=("MED-005",)),
    good_subject("MED-009", lambda: media(tagged(_vbr())), also=("MED-005",)),
    _fires("MED-010", lambda: _gap(2.5, 1, 1)),
    _fires("MED-010", lambda: _gap(1, 5.5, 1)),
    _fires("MED-010", lambda: _gap(1, 1, 5.5)),
    _silent("MED-010", lambda: _gap(1, 4, 4)),
    _fires("MED-011", lambda: tagged(sound("sine=f=300:d=8,volume=3dB,pan=stereo|c0=c0|c1=c0"))),
    _fires("MED-011", lambda: tagged(sound("sine=f=300:d=8,volume=6dB,pan=stereo|c0=c0|c1=0*c0"))),
    _fires("MED-011", lambda: tagged(sound("sine=f=300:d=20,volume=3dB,volume='if(lt(mod(t,3),0.004)*gt(t,1),20,1)':eval=frame,pan=stereo|c0=c0|c1=0.8*c0"))),
    _silent("MED-011", lambda: tagged(sound("sine=f=300:d=8,volume=3dB"))),
    bad("MED-012", ("trailer-11cc.mp3", "trailer%20(11cc).mp3"), at="trailer%20"),
    bad("MED-012", ("audio/trailer-11cc.mp3", "our audio/trailer-11cc.mp3".replace(" ", "+")), at="our+audio"),
    good("MED-012", ("trailer-11cc.mp3", "Trailer_11cc.MP3")),
    bad("MED-013", ("trailer-11cc.mp3", "trailer.mp3"), at="trailer.mp3"),
    good("MED-013", ("trailer-11cc.mp3", "trailer-2.mp3")),
    _fires("MED-014", lambda: _m4a(SPEECH, "-c:a", "aac", "-b:a", "96k", "-ar", "44100", "-f", "ipod"), kind="audio/x-m4a"),
    _silent("MED-014", _m4a, kind="audio/x-m4a"),
    _fires("MED-015", _v22),
    _fires("MED-015", lambda: _id3v1("Something else")),
    _fires("MED-015", lambda: tagged(None, id3.TPE1(0, ["Zo\xc3\xab"]))),
    _silent("MED-015", lambda: _id3v1("Reading it out")),
    _fires("MED-016", _ape),
    _fires("MED-016", lambda: tagged() [: len(tagged()) - len(sound())] + tagged()),
    _silent("MED-016", lambda: _id3v1("Reading it out")),
    _fires("MED-017", lambda: tagged(None, id3.PRIV("editor", b"C:\\Users\\somebody\\take.wav"))),
    _silent("MED-017", lambda: tagged(None, id3.PRIV("editor", b"1.0"))),
    _fires("MED-018", lambda: tagged(None, id3.GEOB(3, "x", "a", "b", b"x" * 1_100_000))),
    _silent("MED-018", tagged),
    _fires("MED-020", lambda: tagged(None, id3.TIT2(3, ["Something else"]))),
    _fires("MED-020", lambda: tagged(None, id3.TRCK(3, ["7/9"]))),
    _silent("MED-020", lambda: tagged(None, id3.TIT2(3, ["#2: Reading it out"]), id3.TRCK(3, ["2"]))),
    _fires("MED-021", lambda: tagged(None, id3.TLAN(3, ["spa"]))),
    _silent("MED-021", lambda: tagged(None, id3.TLAN(3, ["eng"]))),
    _fires("ART-019", lambda: tagged(without="APIC")),
    _fires("ART-019", lambda: tagged(None, id3.APIC(3, "image/jpeg", 3, "", saved(picture(600, 400))))),
    _fires("ART-019", tagged, other_cover=True),
    _silent("ART-019", tagged),
)  # fmt: skip
