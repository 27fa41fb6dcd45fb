"""Turn an ffmpeg command into its output: the one place where a process is started, limited and ended."""

from __future__ import annotations

import functools
import importlib.util
import os
import re
import subprocess
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from publisher.audio.bounds import CPU_SECONDS, environment, limit_memory
from publisher.audio.pipes import Pipes
from publisher.audio.reasons import reason
from publisher.errors import SurroundingsError
from publisher.files import disk_full

OnProgress = Callable[[int], None]
OnSamples = Callable[[bytes], object]
OnLog = Callable[[bytes], object]

DEMUXERS = ("wav", "w64", "aiff", "flac", "mp3", "mov", "ogg", "caf", "matroska")
"""The only containers that ffmpeg may open: no playlists, no scripts, no network formats."""

DECODERS = (
    "aac", "ac3", "adpcm_ima_qt", "adpcm_ima_wav", "adpcm_ms", "alac", "amrnb", "amrwb", "eac3", "flac",
    "gsm_ms", "mp1", "mp2", "mp3float", "opus", "speex", "vorbis", "wavpack",
    "pcm_alaw", "pcm_f32be", "pcm_f32le", "pcm_f64be", "pcm_f64le", "pcm_mulaw", "pcm_s16be", "pcm_s16le",
    "pcm_s24be", "pcm_s24le", "pcm_s32be", "pcm_s32le", "pcm_s8", "pcm_u8",
)  # fmt: skip
"""The only decoders that ffmpeg may use: none for pictures, as a cover of 3 MB can unpack to 800."""

SAMPLES_PIPE = "pipe:samples"
"""Stands in a command for an output that goes to `on_samples`."""

STALL_SECONDS = 60.0
"""No sign of progress for this long means that ffmpeg hangs; a slow machine is never cut off."""

_RELEASE = re.compile(r"-v(\d+(?:\.\d+)+)(?:\.exe)?$")
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

    The package would start its own once to see whether it works; whoever runs it next will see that as well.

    Raises:
        SurroundingsError: there is none for this machine.
    """
    bundled = _bundled()
    if len(bundled) == 1 and not os.environ.get("IMAGEIO_FFMPEG_EXE"):
        return bundled[0]
    import imageio_ffmpeg  # loads much; only for where it has to search

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
    release = _RELEASE.search(ffmpeg.name) if ffmpeg in _bundled() else None
    if release:  # nothing is started only to hear its name
        return f"ffmpeg {release[1]} libmp3lame"
    said = run(ffmpeg, ["-version"], writes_data=True).data
    match = re.match(rb"ffmpeg version (?:n(?=\d))?(\d+(?:\.\d+)+|\S+)", said)
    if not match:
        raise SurroundingsError(
            f"{ffmpeg} does not work", hint="install publisher's environment again (make install)"
        )
    return f"ffmpeg {match[1].decode('ascii', 'replace')} libmp3lame"


def _bundled() -> list[Path]:
    """Return the programs that the package holds, whose names tell their releases."""
    package = importlib.util.find_spec("imageio_ffmpeg")
    if package is None or package.origin is None:
        return []
    return sorted((Path(package.origin).parent / "binaries").glob("ffmpeg-*-v*"))


def input_file(path: Path) -> list[str]:
    """Return the arguments that open `path` for reading: local, of a known container, never a protocol."""
    return [
        "-protocol_whitelist", "file,pipe", "-format_whitelist", ",".join(DEMUXERS),
        "-codec_whitelist", ",".join(DECODERS), "-i", f"file:{path}",
    ]  # fmt: skip


def output_file(path: Path) -> list[str]:
    """Return the arguments that write `path`, replacing what is there."""
    return ["-y", f"file:{path}"]


def run(
    ffmpeg: Path,
    arguments: Sequence[str],
    *,
    on_progress: OnProgress | None = None,
    on_samples: OnSamples | None = None,
    on_log: OnLog | None = None,
    writes_data: bool = False,
    stall_seconds: float = STALL_SECONDS,
) -> Output:
    """Run ffmpeg to its end and return what it said; `on_progress` gets the milliseconds of audio done.

    With `writes_data`, the command itself writes to standard output (`-`), and the last 256 KB are returned.
    `on_samples` gets piece by piece what the command writes to `SAMPLES_PIPE`, beside all else. `on_log` gets
    the first messages, all that came so far each time, and may raise an error of its own to end it.

    Raises:
        FfmpegError: ffmpeg failed, made no progress for `stall_seconds`, or was ended from outside.
        SurroundingsError: it could not be started, or the disk is full.
    """
    command = [str(ffmpeg), "-nostdin", "-hide_banner", "-nostats", "-timelimit", str(CPU_SECONDS)]
    if not writes_data:
        command += ["-progress", "pipe:1", "-stats_period", "0.25"]
    samples, child_end = os.pipe() if on_samples else (None, None)
    child_ends = () if child_end is None else (child_end,)
    try:
        process = subprocess.Popen(  # noqa: S603 - no shell; the program comes from find_ffmpeg
            [*command, *(f"pipe:{child_end}" if word == SAMPLES_PIPE else word for word in arguments)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            pass_fds=child_ends,
            env=environment(),
        )
    except (OSError, ValueError) as error:
        if samples is not None:
            os.close(samples)
        raise _cannot_start(ffmpeg, error) from error
    finally:
        for descriptor in child_ends:
            os.close(descriptor)
    limit_memory(process.pid)
    try:
        output = _follow(process, samples, _Listener(on_progress, on_samples, on_log), stall_seconds)
    except TimeoutError as error:
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
        if samples is not None:
            os.close(samples)
    if process.returncode:
        raise _failure(process.returncode, output.log, arguments)
    return output


@dataclass(frozen=True, slots=True)
class _Listener:
    on_progress: OnProgress | None
    on_samples: OnSamples | None
    on_log: OnLog | None

    def tell_progress(self, chunk: bytes) -> None:
        if self.on_progress and (done := _last(_PROGRESS.finditer(chunk))):
            self.on_progress(int(done[1]) // 1000 if done[1] else round(float(done[2]) * 1000))


def _follow(
    process: subprocess.Popen[bytes], samples: int | None, listener: _Listener, stall_seconds: float
) -> Output:
    """Read all pipes until they close; raise `TimeoutError` when none of them speaks for too long."""
    if process.stdout is None or process.stderr is None:
        raise ValueError("a process without pipes cannot be followed")
    log_end = process.stderr.fileno()
    pipes = Pipes([process.stdout.fileno(), log_end, *([] if samples is None else [samples])])
    head, log, data = b"", bytearray(), bytearray()
    try:
        for descriptor, chunk in pipes.pieces(stall_seconds):
            if descriptor == samples and listener.on_samples:
                listener.on_samples(chunk)
            elif descriptor == log_end:
                missing = _KEPT_BYTES - len(head)
                head += chunk[:missing]
                _keep(log, chunk[missing:])
                if listener.on_log and missing:
                    listener.on_log(head)
            else:
                _keep(data, chunk)
                listener.tell_progress(chunk)
        process.wait(timeout=stall_seconds)
    except subprocess.TimeoutExpired as error:
        raise TimeoutError from error
    finally:
        process.kill()  # closes the pipes, so that the threads come to their end
        pipes.join()
    return Output((head + log[-_KEPT_BYTES:]).decode("utf-8", "replace"), bytes(data[-_KEPT_BYTES:]))


def _keep(kept: bytearray, chunk: bytes) -> None:
    """Add to what is kept, now and then forgetting all but the end."""
    kept += chunk
    if len(kept) > 4 * _KEPT_BYTES:
        del kept[:-_KEPT_BYTES]


def _last(matches: Iterator[re.Match[bytes]]) -> re.Match[bytes] | None:
    return functools.reduce(lambda _, match: match, matches, None)


def _cannot_start(ffmpeg: Path, error: Exception) -> SurroundingsError:
    return SurroundingsError(
        f"ffmpeg could not be started ({ffmpeg}): {error}",
        hint="install publisher's environment again (make install)",
    )


def _failure(returncode: int, log: str, arguments: Sequence[str]) -> SurroundingsError:
    if "No space left on device" in log or "Disk quota exceeded" in log:
        return disk_full("the audio could not be written", Path(arguments[-1].removeprefix("file:")))
    if returncode < 0:
        return FfmpegError(
            f"ffmpeg was ended from outside (signal {-returncode})",
            hint="the machine may have been out of memory; run the same command again",
        )
    return FfmpegError(reason(log))
