"""A folder into files that were made to break whoever opens them as audio."""

from __future__ import annotations

import random
import struct
import zlib
from collections.abc import Iterator
from pathlib import Path

from tones import convert, sine, write_wav

from publisher.audio.ffmpeg import find_ffmpeg, run

_LENGTHLESS = {
    "truncated.ogg": ["-c:a", "libvorbis"],
    "truncated.opus": ["-b:a", "64k"],
    "truncated-live.mp4": [
        "-c:a",
        "aac",
        "-movflags",
        "frag_keyframe+empty_moov",
        "-frag_duration",
        "500000",
    ],
    "truncated.mka": ["-c:a", "flac"],
    "truncated-adpcm.wav": ["-c:a", "adpcm_ms"],
}
"""Formats that name no length, or that of what is left."""


def write_corpus(folder: Path) -> dict[str, Path]:
    """Write every hostile file into `folder`; the names say what each is."""
    folder.mkdir(parents=True, exist_ok=True)
    wav = write_wav(folder / "base.wav", [sine(), sine(550)], 6.0)
    mp3 = convert(wav, folder / "base.mp3", "-b:a", "128k")
    m4a = convert(wav, folder / "base.m4a", "-movflags", "+faststart")
    flac = convert(wav, folder / "base.flac")
    found = {}
    for name, data in _files(wav.read_bytes(), mp3.read_bytes(), m4a.read_bytes(), flac.read_bytes()):
        path = folder / name
        path.write_bytes(data)
        found[name] = path
    for path in (wav, mp3, m4a, flac):
        path.unlink()
    picture = folder / "picture-only.m4a"
    run(
        find_ffmpeg(),
        ["-f", "lavfi", "-i", "color=s=64x64:d=1:r=5", "-c:v", "mpeg4", "-f", "mp4", "-y", f"file:{picture}"],
    )
    found[picture.name] = picture
    for name, coded in _LENGTHLESS.items():
        whole = convert(write_wav(folder / "base.wav", [sine(), sine(550)], 6.0), folder / name, *coded)
        data = whole.read_bytes()
        if name == "truncated.opus":
            found["last-page-missing.opus"] = folder / "last-page-missing.opus"
            found["last-page-missing.opus"].write_bytes(data[: data.rfind(b"OggS")])
        whole.write_bytes(data[: round(len(data) * 0.8)])
        found[name] = whole
    (folder / "base.wav").unlink()
    return found


def write_playable(folder: Path) -> dict[str, Path]:
    """Write files that can be measured, but were made to cost whoever opens them dearly."""
    folder.mkdir(parents=True, exist_ok=True)
    wav = write_wav(folder / "plain.wav", [sine()], 1.0)
    mp3 = convert(wav, folder / "plain.mp3", "-b:a", "128k").read_bytes()
    flac = convert(wav, folder / "plain.flac").read_bytes()
    bomb = _picture_bomb(12000)
    block = struct.pack(">II9sI4I", 3, 9, b"image/png", 0, 12000, 12000, 24, 0)
    block += struct.pack(">I", len(bomb)) + bomb
    tag = id3(_bomb(200))
    chunk = b"id3 " + struct.pack("<I", len(tag)) + tag + bytes(len(tag) & 1)
    files = {
        "picture-bomb.mp3": id3(frame(b"APIC", b"\0image/png\0\3\0" + bomb)) + mp3,
        "picture-bomb.flac": flac[:42] + b"\6" + len(block).to_bytes(3) + block + flac[42:],
        "tag-bomb-behind-a-tag.mp3": id3(frame(b"TIT2", b"\0Title")) + tag + mp3,
        "tag-bomb-at-the-end.mp3": mp3 + tag,
        "tag-bomb.wav": wav.read_bytes() + chunk,
        "noise-in-the-middle.mp3": mp3[:4000] + random.Random(3).randbytes(100_000) + mp3[4000:],
    }
    found = {}
    for name, data in files.items():
        path = folder / name
        path.write_bytes(data)
        found[name] = path
    return found


def _picture_bomb(side: int) -> bytes:
    """Return a small PNG of `side` × `side` pixels."""

    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    packer = zlib.compressobj(1)
    row = bytes(side * 3 + 1)
    packed = b"".join(packer.compress(row) for _ in range(side)) + packer.flush()
    head = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", packed) + chunk(b"IEND", b"")


def id3(frames: bytes, version: int = 3, size: int | None = None) -> bytes:
    """Return a tag around frames; `size` is what it claims, where that is a lie."""
    length = len(frames) if size is None else size
    return (
        b"ID3" + bytes([version, 0, 0]) + bytes(length >> shift & 0x7F for shift in (21, 14, 7, 0)) + frames
    )


def frame(name: bytes, body: bytes, flags: bytes = b"\0\0") -> bytes:
    """Return an ID3v2.3 frame."""
    return name + struct.pack(">I", len(body)) + flags + body


def _nested(depth: int) -> bytes:
    inner = frame(b"TIT2", b"\0deep")
    for _ in range(depth):
        inner = frame(b"CHAP", b"c\0" + bytes(16) + inner)
    return inner


def _bomb(megabytes: int) -> bytes:
    packer = zlib.compressobj(9)
    data = packer.compress(b"\0" + b"a" * 1023)
    for _ in range(megabytes * 1024 - 1):
        data += packer.compress(b"a" * 1024)
    data += packer.flush()
    return frame(b"TIT2", struct.pack(">I", megabytes << 20) + data, b"\0\x80")


def _wav(fmt: bytes, data: bytes = bytes(1000), size: int | None = None) -> bytes:
    chunk = b"data" + struct.pack("<I", len(data) if size is None else size) + data
    body = b"WAVEfmt " + struct.pack("<I", len(fmt)) + fmt + chunk
    return b"RIFF" + struct.pack("<I", len(body)) + body


def _fmt(channels: int = 2, rate: int = 44100, align: int = 4, bits: int = 16) -> bytes:
    return struct.pack("<HHIIHH", 1, channels, rate, rate * align, align, bits)


def _files(wav: bytes, mp3: bytes, m4a: bytes, flac: bytes) -> Iterator[tuple[str, bytes]]:
    noise = random.Random(7)
    yield "empty.mp3", b""
    yield "one-byte.mp3", b"\xff"
    yield "text.mp3", b"This is not a recording.\n" * 50
    yield "notes-latin1.mp3", "Größe und Maß\r\n".encode("latin-1") * 9
    yield "utf16.mp3", "Notizen".encode("utf-16") * 20
    yield "page.mp3", b"<!DOCTYPE html><html><body>404</body></html>"
    yield "playlist.wav", b"#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\n/etc/passwd\n#EXT-X-ENDLIST\n"
    yield "concat.mp3", b"ffconcat version 1.0\nfile /etc/passwd\n"
    yield "binary.mp3", bytes(noise.randrange(256) for _ in range(20000))
    yield "zeros.mp3", bytes(20000)
    yield "zip.mp3", b"PK\x03\x04" + bytes(500)
    yield "picture.mp3", b"\xff\xd8\xff\xe0" + bytes(500)
    yield "tag-only.mp3", id3(frame(b"TIT2", b"\0Title"))
    yield "truncated.mp3", mp3[: len(mp3) // 2]
    yield "truncated.wav", wav[: len(wav) // 2]
    yield "truncated-a-little.wav", wav[:-40000]
    yield "truncated.flac", flac[: len(flac) // 2]
    yield "truncated.m4a", m4a[: len(m4a) // 2]
    yield "header-only.wav", wav[:44]
    yield "tag-claims-256-mb.mp3", id3(b"", size=(1 << 28) - 1) + mp3
    yield "tag-bomb.mp3", id3(_bomb(200)) + mp3
    yield "tag-bomb-in-chapter.mp3", id3(frame(b"CHAP", b"c\0" + bytes(16) + _bomb(50))) + mp3
    yield "tag-of-small-bombs.mp3", id3(_bomb(3) * 400) + mp3
    yield "chapters-in-chapters.mp3", id3(_nested(3000)) + mp3
    yield "no-rate.wav", _wav(_fmt(rate=0))
    yield "one-hertz.wav", _wav(_fmt(rate=1), bytes(2_000_000))
    yield "a-hundred-hertz.wav", _wav(_fmt(rate=100), noise.randbytes(2_000_000))
    yield "four-gigahertz.wav", _wav(_fmt(rate=4_000_000_000, align=1), bytes(2_000_000))
    yield "many-channels.wav", _wav(_fmt(channels=65535, align=65535 * 2 & 0xFFFF))
    yield "no-channels.wav", _wav(_fmt(channels=0, align=0))
    yield "huge-chunk.wav", b"RIFF\xff\xff\xff\xffWAVEfmt \xff\xff\xff\xff" + bytes(100)
    yield "playlist-inside.wav", _wav(b"", b"#EXTM3U\n/etc/passwd\n")
    yield "huge-atom.m4a", m4a[:40] + b"\x7f\xff\xff\xffmoov" + bytes(500)
    yield "no-atoms.m4a", b"\0\0\0\x18ftypM4A \0\0\0\0M4A mp42" + bytes(200)
    yield "no-audio.ogg", b"OggS" + bytes(300)
    yield "no-audio.flac", b"fLaC" + bytes(300)
    yield "no-audio.mkv", b"\x1aE\xdf\xa3" + bytes(300)
    yield "no-audio.caf", b"caff\0\1\0\0" + b"desc" + b"\xff" * 60
    yield "no-audio.aiff", b"FORM\xff\xff\xff\xffAIFFCOMM\xff\xff\xff\xff" + bytes(50)
    yield "no-audio.w64", b"riff\x2e\x91\xcf\x11\xa5\xd6\x28\xdb\x04\xc1\x00\x00" + b"\xff" * 60
