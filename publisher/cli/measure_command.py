"""publisher measure: loudness, peak, silence, clipping, length and waveform of audio files."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from publisher.cli.options import command
from publisher.cli.session import Session

if TYPE_CHECKING:
    from publisher.audio.survey import Survey


@command("measure", short_help="Measure loudness, peak and length of audio files.")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="FILE...")
@click.option(
    "--waveform",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="JSON",
    help="Write the peaks that a player draws, as audiowaveform's JSON; of a single file.",
)
def measure_command(session: Session, files: tuple[Path, ...], waveform: Path | None) -> None:
    r"""Measure integrated loudness, true peak, loudness range and exact length, as ITU-R BS.1770 says.

    What else is worth knowing stands below the table: silence, clipping, a channel without sound, a header
    with another length. With --json all of it is told of every file, and the peaks of its waveform.

    \b
    Example:
      publisher measure recording.wav
    """
    from publisher.audio.ffmpeg import find_ffmpeg  # the ffmpeg package: not needed for --help
    from publisher.audio.probe import said
    from publisher.audio.survey import remarks, survey
    from publisher.errors import Problem, SourceError, UsageError
    from publisher.files import write_if_changed

    target = session.folder / waveform if waveform else None
    if target and (len(files) > 1 or target.resolve() == (session.folder / files[0]).resolve()):
        raise UsageError("--waveform takes the peaks of one file, to another one", hint="such as peaks.json")
    ffmpeg = find_ffmpeg()
    found, problems = list[_Found](), list[Problem]()
    for path in files:
        try:
            with session.report.progress(f"measuring {said(path)}", 0, "audio") as advance:
                told = survey(ffmpeg, session.folder / path, _shown(path), on_progress=_in_seconds(advance))
        except SourceError as error:
            problems.extend(error.problems)
        else:
            found.append(_Found(path, told, remarks(told)))
    session.report.table(
        ("loudness", "peak", "range", "length", "rate", "channels", "codec", "file"), list(map(_row, found))
    )
    for one in found:
        for remark in one.remarks:
            session.report.result(f"{_shown(one.path)}: {remark}")
        if target:
            peaks = json.dumps(one.survey.samples.waveform.as_json(), separators=(",", ":")) + "\n"
            write_if_changed(target, peaks.encode())
    if problems:
        raise SourceError(tuple(problems))
    session.report.document("measure", {"files": list(map(_facts, found))})


@dataclass(frozen=True, slots=True)
class _Found:
    path: Path
    survey: Survey
    remarks: tuple[str, ...]


def _shown(path: Path) -> str:
    """Return a path as one line."""
    return str(path).replace("\n", "\\n")


def _in_seconds(advance: Callable[..., None]) -> Callable[[int], None]:
    return lambda done_ms: advance(done_ms / 1000)


def _row(found: _Found) -> tuple[str, ...]:
    measured = found.survey.measurement
    return (
        f"{measured.integrated_lufs:.1f} LUFS",
        f"{measured.true_peak_dbtp:.1f} dBTP",
        f"{measured.range_lu:.1f} LU",
        f"{measured.duration_ms / 1000:.1f} s",
        f"{measured.sample_rate} Hz",
        str(measured.channels),
        measured.codec,
        _shown(found.path),
    )


def _facts(found: _Found) -> dict[str, Any]:
    told = found.survey
    measured, samples = told.measurement, told.samples

    def seconds(count: int) -> float:
        return told.ms(count) / 1000

    first_at = samples.clipping.first_at
    return {
        "path": str(found.path),
        "integrated_lufs": measured.integrated_lufs,
        "true_peak_dbtp": measured.true_peak_dbtp,
        "range_lu": measured.range_lu,
        "duration_seconds": measured.duration_ms / 1000,
        "claimed_seconds": None if measured.claimed_ms is None else measured.claimed_ms / 1000,
        "samples": samples.count,
        "sample_rate": measured.sample_rate,
        "channels": measured.channels,
        "codec": measured.codec,
        "container": measured.kind,
        "silence": {
            "leading_seconds": seconds(samples.silence.leading),
            "trailing_seconds": seconds(samples.silence.trailing),
            "longest_inner_seconds": seconds(samples.silence.longest_inner),
            "longest_inner_at_seconds": seconds(samples.silence.longest_inner_at),
            "inner_count": samples.silence.inner_count,
        },
        "clipping": {
            "runs": samples.clipping.runs,
            "longest_samples": samples.clipping.longest_samples,
            "first_at_seconds": None if first_at is None else seconds(first_at),
        },
        "channels_identical": samples.channels_identical,
        "silent_channels": list(samples.silent_channels),
        "channel_peaks_dbtp": list(told.channel_peaks_dbtp),
        "remarks": list(found.remarks),
        "waveform": samples.waveform.as_json(),
    }
