"""publisher measure: loudness, peak and length of audio files."""

from __future__ import annotations

from pathlib import Path

import click

from publisher.cli.options import command
from publisher.cli.session import Session


@command("measure", short_help="Measure loudness, peak and length of audio files.")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="FILE...")
def measure_command(session: Session, files: tuple[Path, ...]) -> None:
    r"""Measure integrated loudness, true peak, loudness range and exact length, as ITU-R BS.1770 says.

    \b
    Example:
      publisher measure recording.wav
    """
    from publisher.audio.ffmpeg import find_ffmpeg  # the ffmpeg package: not needed for --help
    from publisher.audio.loudness import measure
    from publisher.errors import Problem, SourceError

    ffmpeg = find_ffmpeg()
    measured, problems = [], list[Problem]()
    for path in files:
        try:
            with session.report.progress(f"measuring {path.name}", 0, "audio") as advance:
                measured.append(
                    (path, measure(ffmpeg, session.folder / path, str(path), on_progress=advance))
                )
        except SourceError as error:
            problems.extend(error.problems)
    session.report.table(
        ("loudness", "peak", "range", "length", "rate", "channels", "codec", "file"),
        [
            (
                f"{result.integrated_lufs:.1f} LUFS",
                f"{result.true_peak_dbtp:.1f} dBTP",
                f"{result.range_lu:.1f} LU",
                f"{result.duration_ms / 1000:.1f} s",
                f"{result.sample_rate} Hz",
                str(result.channels),
                result.codec,
                str(path),
            )
            for path, result in measured
        ],
    )
    if not problems or measured:
        session.report.document(
            "measure",
            {
                "files": [
                    {
                        "path": str(path),
                        "integrated_lufs": result.integrated_lufs,
                        "true_peak_dbtp": result.true_peak_dbtp,
                        "range_lu": result.range_lu,
                        "duration_seconds": result.duration_ms / 1000,
                        "sample_rate": result.sample_rate,
                        "channels": result.channels,
                        "codec": result.codec,
                    }
                    for path, result in measured
                ]
            },
        )
    if problems:
        raise SourceError(tuple(problems))
