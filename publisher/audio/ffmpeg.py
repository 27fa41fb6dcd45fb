"""Turn an ffmpeg command into its output: the one place where a process is started, limited and ended."""

from __future__ import annotations

import contextlib
import functools
import os
import queue
import re
import subprocess
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import imageio_ffmpeg

from publisher.audio.reasons import reason
from publisher.errors import SurroundingsError

try:  # Linux only: elsewhere ffmpeg runs without the bound on its memory
    from resource import RLIMIT_AS, RLIMIT_CORE, prlimit
except ImportError:  # pragma: no cover - exercised on macOS and Windows only
    prlimit = None  # type: ignore[assignment]  # mypy sees one platform at a time

OnProgress = Callable[[int], None]
OnData = Callable[[bytes], object]

DEMUXERS = ("wav", "w64", "aiff", "flac", "mp3", "mov", "ogg", "caf", "matroska")
"""The only containers that ffmpeg may open: no playlists, no scripts, no network formats."""

STALL_SECONDS = 60.0
"""No sign of progress for this long means that ffmpeg hangs; a slow machine is never cut off."""

CPU_SECONDS = 3600
"""Processor time of one run; the costliest one takes about 35 s for an hour of audio."""

MEMORY_BYTES = 2 << 30
"""Address space of one run; four hours of audio take 0.7 GB of it (and 40 MB of memory)."""

_KEPT_BYTES = 256 * 1024
_PROGRESS = re.compile(rb"(?:out_time_us=(\d+)|pts_time:(\d+(?:\.\d+)?))\s")


class FfmpegError(SurroundingsError):
    """ffmpeg ended without having done its work; `reason` is its own last word on why."""

    def __init__(self, reason: str, *, hint: str = "") -> None:
        super().__init__(f"the audio could not be processed: {reason}", hint=hint)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Output:
    """What a finished run has said: its messages, and the end of what it wrote to its output."""

    log: str
    data: bytes


def find_ffmpeg() -> Path:
    """Return the ffmpeg that came with the installation (or the one that imageio-ffmpeg is told to use).

    Raises:
        SurroundingsError: there is none for this machine.
    """
    try:
        return Path(imageio_ffmpeg.get_ffmpeg_exe())
    except RuntimeError as error:
        raise SurroundingsError(
            "there is no ffmpeg for this machine",
            hint="install ffmpeg with the system's package manager and run the same command again",
        ) from error


@functools.cache
def encoder_name(ffmpeg: Path) -> str:
    """Name the encoder as recipes and `audio.lock` do: `ffmpeg 9.0.2 libmp3lame`.

    Only the release counts, not the build: two machines with one release share their recipes.
    """
    said = run(ffmpeg, ["-version"], writes_data=True).data
    match = re.match(rb"ffmpeg version (?:n(?=\d))?(\d+(?:\.\d+)+|\S+)", said)
    if not match:
        raise SurroundingsError(
            f"{ffmpeg} does not work", hint="install publisher's environment again (make install)"
        )
    return f"ffmpeg {match[1].decode('ascii', 'replace')} libmp3lame"


def input_file(path: Path) -> list[str]:
    """Return the arguments that open `path` for reading: local, of a known container, never a protocol."""
    return [
        "-protocol_whitelist", "file,pipe", "-format_whitelist", ",".join(DEMUXERS), "-i", f"file:{path}",
    ]  # fmt: skip


def output_file(path: Path) -> list[str]:
    """Return the arguments that write `path`, replacing what is there."""
    return ["-y", f"file:{path}"]


def run(
    ffmpeg: Path,
    arguments: Sequence[str],
    *,
    on_progress: OnProgress | None = None,
    on_data: OnData | None = None,
    writes_data: bool = False,
    stall_seconds: float = STALL_SECONDS,
) -> Output:
    """Run ffmpeg to its end and return what it said; `on_progress` gets the milliseconds of audio done.

    With `writes_data`, the command itself writes to standard output (`-`), and the last 256 KB are returned;
    with `on_data` it does too, and all of it goes there, piece by piece.

    Raises:
        FfmpegError: ffmpeg failed, made no progress for `stall_seconds`, or was ended from outside.
        SurroundingsError: it could not be started, or the disk is full.
    """
    command = [str(ffmpeg), "-nostdin", "-hide_banner", "-nostats", "-timelimit", str(CPU_SECONDS)]
    if not writes_data and on_data is None:
        command += ["-progress", "pipe:1", "-stats_period", "0.25"]
    try:
        process = subprocess.Popen(  # noqa: S603 - no shell; the program comes from find_ffmpeg
            [*command, *arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=_environment(),
        )
    except (OSError, ValueError) as error:
        raise _cannot_start(ffmpeg, error) from error
    _limit(process.pid)
    try:
        output = _follow(process, on_progress, on_data, stall_seconds)
    except queue.Empty as error:
        raise FfmpegError(
            f"no progress for {stall_seconds:g} seconds",
            hint="the file may be damaged, or the disk may not answer; try again with a copy of the file",
        ) from error
    finally:  # also on Ctrl-C: nothing keeps running, nothing is left unreaped
        process.kill()
        process.wait()
        for stream in (process.stdout, process.stderr):
            if stream:
                stream.close()
    if process.returncode:
        raise _failure(process.returncode, output.log)
    return output


def _follow(
    process: subprocess.Popen[bytes],
    on_progress: OnProgress | None,
    on_data: OnData | None,
    stall_seconds: float,
) -> Output:
    """Read both pipes until they close; raise `queue.Empty` when neither speaks for too long."""
    chunks: queue.Queue[tuple[bool, bytes]] = queue.Queue(maxsize=64)
    readers = [
        threading.Thread(target=_pump, args=(stream, is_log, chunks), daemon=True)
        for stream, is_log in ((process.stdout, False), (process.stderr, True))
    ]
    for reader in readers:
        reader.start()
    head, log, data = b"", b"", b""
    still_open = len(readers)
    try:
        while still_open:
            is_log, chunk = chunks.get(timeout=stall_seconds)
            if not chunk:
                still_open -= 1
            elif is_log:
                missing = _KEPT_BYTES - len(head)
                head += chunk[:missing]
                log = (log + chunk[missing:])[-_KEPT_BYTES:]
            elif on_data:
                on_data(chunk)
            else:
                data = (data + chunk)[-_KEPT_BYTES:]
                if on_progress and (done := _last(_PROGRESS.finditer(chunk))):
                    on_progress(int(done[1]) // 1000 if done[1] else round(float(done[2]) * 1000))
        process.wait(timeout=stall_seconds)
    except subprocess.TimeoutExpired as error:
        raise queue.Empty from error
    finally:
        process.kill()  # closes the pipes, so that the readers come to their end
        for reader in readers:
            while reader.is_alive():
                _drain(chunks)
                reader.join(0.01)
    return Output((head + log).decode("utf-8", "replace"), data)


def _pump(stream: IO[bytes] | None, is_log: bool, chunks: queue.Queue[tuple[bool, bytes]]) -> None:
    """Hand on what comes from a pipe; an empty chunk says that it was closed."""
    chunk = b"-"
    while stream and chunk:
        chunk = os.read(stream.fileno(), 65536)
        chunks.put((is_log, chunk))


def _drain(chunks: queue.Queue[tuple[bool, bytes]]) -> None:
    while not chunks.empty():
        chunks.get_nowait()


def _last(matches: Iterator[re.Match[bytes]]) -> re.Match[bytes] | None:
    return functools.reduce(lambda _, match: match, matches, None)


def _environment() -> dict[str, str] | None:
    """Return what ffmpeg may know of the surroundings: nothing (Windows cannot start it with nothing)."""
    return {"LC_ALL": "C"} if os.name == "posix" else None


def _limit(pid: int) -> None:
    """Bound the memory of a process that has just been started, where the system can."""
    if prlimit is None:
        return  # type: ignore[unreachable]  # pragma: no cover - exercised on macOS and Windows only
    with contextlib.suppress(ProcessLookupError, PermissionError, ValueError):
        # it may have ended already, or its own limits may be tighter
        prlimit(pid, RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
        prlimit(pid, RLIMIT_CORE, (0, 0))


def _cannot_start(ffmpeg: Path, error: Exception) -> SurroundingsError:
    return SurroundingsError(
        f"ffmpeg could not be started ({ffmpeg}): {error}",
        hint="install publisher's environment again (make install)",
    )


def _failure(returncode: int, log: str) -> SurroundingsError:
    if "No space left on device" in log or "Disk quota exceeded" in log:
        return SurroundingsError(
            "the disk is full: the audio could not be written",
            hint="free some space and run the same command again; nothing was lost or half written",
        )
    if returncode < 0:
        return FfmpegError(
            f"ffmpeg was ended from outside (signal {-returncode})",
            hint="the machine may have been out of memory; run the same command again",
        )
    return FfmpegError(reason(log))
