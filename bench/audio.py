"""Recordings into what it takes to finish them, and what peers take: `python -m bench.audio`.

Everything is measured in turn, round after round, so that a busy machine slows all of it alike.
"""

from __future__ import annotations

import argparse
import os
import platform
import re
import shutil
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from bench.audio_talk import synthesiser, write_talk
from bench.measure import Cost, cost_of, median
from publisher.audio.ffmpeg import find_ffmpeg
from publisher.audio.loudness import Measurement, measure

ROOT = Path(__file__).resolve().parent.parent
OUT = ROOT / "bench" / "out"
_FFMPEG = find_ffmpeg()
_LUFS, _DBTP = -16.0, -1.0
_NAMES = {
    "ours": "publisher build, to the tagged MP3 and the feed",
    "nothing": "publisher build, nothing changed",
    "tag": "publisher build, only the title changed: new tags",
    "locked": "publisher build --locked, only the title changed",
    "normalize": "ffmpeg-normalize, 128 kbit/s MP3",
    "encoder": "the encoder alone, one half on each of two cores",
    "one": "the encoder alone, the whole in one go",
}


@dataclass(frozen=True, slots=True)
class Result:
    """What each command took with a talk of so many minutes, and how its files sound."""

    minutes: float
    costs: Mapping[str, Cost]
    master: Measurement
    ours: Measurement
    normalized: Measurement


def main() -> int:
    """Measure, print the tables, and return 1 when a bar was missed."""
    words = _words()
    OUT.mkdir(parents=True, exist_ok=True)
    normalizer = words.ffmpeg_normalize or ROOT / ".venv" / "bench-audio" / "bin" / "ffmpeg-normalize"
    results = [
        _compete(minutes, words.rounds or (5 if minutes < 30 else 3), normalizer) for minutes in words.minutes
    ]
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    print(
        f"{platform.system()}, Python {platform.python_version()}, {cores} cores, {_FFMPEG.name};"
        f" spoken by {synthesiser()}\n"
    )
    interpreter = median(
        cost_of([sys.executable, "-c", "pass"], cwd=OUT, env=_environment()) for _ in range(5)
    )
    are_good = [_print(result, interpreter) for result in results]
    return 0 if all(are_good) else 1


def _words() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.audio", description=__doc__)
    parser.add_argument("--minutes", type=float, nargs="+", default=[10, 60], metavar="N")
    parser.add_argument("--rounds", type=int, help="default: 5, and 3 from half an hour on")
    parser.add_argument(
        "--ffmpeg-normalize", type=Path, help="default: the one that `make bench-audio` installs"
    )
    return parser.parse_args()


def _compete(minutes: float, rounds: int, normalizer: Path) -> Result:
    master = OUT / f"talk-{minutes:g}.wav"
    if not master.is_file():
        partial = master.with_suffix(".partial")
        write_talk(_FFMPEG, partial, minutes)
        partial.replace(master)
    cost_of(["cat", str(master)], cwd=OUT, env=_environment())  # into the system's memory, for all alike
    costs: dict[str, list[Cost]] = {name: [] for name in _NAMES}
    normalized = OUT / "normalized.mp3"
    for number in range(rounds):
        print(f"{minutes:g} minutes, round {number + 1} of {rounds}", file=sys.stderr, flush=True)
        show = _fresh_show(master)
        build = _ours("build")
        for name in ("ours", "nothing"):
            costs[name].append(cost_of(build, cwd=show, env=_environment()))
        _retitle(show, f"Take {number + 2}")
        costs["tag"].append(cost_of(build, cwd=show, env=_environment()))
        _retitle(show, f"Take {number + 2}, locked")
        costs["locked"].append(cost_of([*build, "--locked"], cwd=show, env=_environment()))
        command = [
            str(normalizer),
            str(master),
            "-o",
            str(normalized),
            "-f",
            "-c:a",
            "libmp3lame",
            "-b:a",
            "128k",
        ]
        command += ["-ar", "44100", "-t", f"{_LUFS:g}", "-tp", f"{_DBTP:g}"]
        costs["normalize"].append(cost_of(command, cwd=OUT, env=_environment()))
        costs["encoder"].append(cost_of(_halves(master, minutes * 30), cwd=OUT, env=_environment()))
        costs["one"].append(cost_of(_encode(master, "one"), cwd=OUT, env=_environment()))
    ours = next((show / "build" / "audio").glob("*.mp3"))
    return Result(
        minutes,
        {name: median(each) for name, each in costs.items()},
        measure(_FFMPEG, master),
        measure(_FFMPEG, ours),
        measure(_FFMPEG, normalized),
    )


def _ours(*words: str) -> list[str]:
    return [sys.executable, "-m", "publisher", *words]


def _environment() -> dict[str, str]:
    return {
        "PATH": os.environ["PATH"], "HOME": str(OUT), "LC_ALL": "C.UTF-8", "PYTHONPATH": str(ROOT),
        "FFMPEG_PATH": str(_FFMPEG),
    }  # fmt: skip


def _encode(master: Path, name: str, *span: str) -> list[str]:
    coded = ["-c:a", "libmp3lame", "-b:a", "128k", "-y", f"encoder-{name}.mp3"]
    return [str(_FFMPEG), "-nostdin", "-v", "error", *span, "-i", str(master), *coded]


def _halves(master: Path, half_s: float) -> list[str]:
    """Return a command that encodes both halves at once: what no way of finishing can beat."""
    first = _encode(master, "1", "-t", f"{half_s:g}")
    second = _encode(master, "2", "-ss", f"{half_s:g}")
    script = "import subprocess, sys; n = int(sys.argv[1]); a, b = sys.argv[2:n], sys.argv[n:]\n"
    script += "p = [subprocess.Popen(c) for c in (a, b)]; sys.exit(max(each.wait() for each in p))"
    return [sys.executable, "-S", "-c", script, str(2 + len(first)), *first, *second]


def _fresh_show(master: Path) -> Path:
    """Write a show of one episode with cover and chapters, of which nothing has been made yet."""
    show = OUT / "show"
    shutil.rmtree(show, ignore_errors=True)
    episode = show / "episodes" / "talk"
    shutil.copytree(ROOT / "tests" / "shows" / "minimal", show)
    (show / "episodes" / "pilot").rename(episode)
    (episode / "audio.lock").unlink()
    shutil.copy(ROOT / "episodes" / "cover.jpg", show / "episodes" / "cover.jpg")
    os.link(master, episode / "master.wav")
    return show


def _retitle(show: Path, title: str) -> None:
    """Change the title; no feed names the audio any more, which would stay as it is otherwise."""
    shutil.rmtree(show / "feeds")
    path = show / "episodes" / "talk" / "episode.md"
    path.write_text(
        re.sub(r"^title: .*", f"title: {title}", path.read_text("utf-8"), count=1, flags=re.M), "utf-8"
    )


def _print(result: Result, interpreter: Cost) -> bool:
    costs = result.costs
    print(f"{f'a talk of {result.minutes:g} minutes':<52}{'wall s':>9}{'CPU s':>9}{'peak MB':>9}")
    for name, cost in costs.items():
        print(f"{_NAMES[name]:<52}{cost.wall_s:>9.2f}{cost.cpu_s:>9.2f}{cost.peak_mb:>9.0f}")
    print()
    heard = (("master", result.master), ("publisher", result.ours), ("ffmpeg-normalize", result.normalized))
    for name, found in heard:
        levels = (
            f"{found.integrated_lufs:>9.2f} LUFS{found.true_peak_dbtp:>9.2f} dBTP{found.range_lu:>9.1f} LU"
        )
        print(f"{name:<35}{levels}")
    print()
    ours, other, encoder = costs["ours"], costs["normalize"], costs["encoder"]
    bars = (
        ("wall, of ffmpeg-normalize", ours.wall_s / other.wall_s, 0.20),
        ("CPU, of ffmpeg-normalize", ours.cpu_s / other.cpu_s, 0.40),
        ("wall, of the encoder alone on two cores", ours.wall_s / encoder.wall_s, 1.60),
        ("off the target, LU", abs(result.ours.integrated_lufs - _LUFS), 0.1),
        ("true peak above the target, dB", max(0.0, result.ours.true_peak_dbtp - _DBTP), 0.0),
        ("loudness range changed by, LU", abs(result.ours.range_lu - result.master.range_lu), 2.5),
        ("memory above the interpreter, MB", ours.peak_mb - interpreter.peak_mb, 60.0),
        ("nothing changed, s", costs["nothing"].wall_s, 0.3),
        ("only the title changed, s beyond no audio", costs["tag"].wall_s - costs["locked"].wall_s, 0.1),
    )
    print(f"{'bar':<52}{'reached':>9}{'must':>9}")
    for name, reached, must in bars:
        print(f"{name:<52}{reached:>9.2f}{must:>9.2f}  {'' if reached <= must else 'MISSED'}".rstrip())
    print()
    return all(reached <= must for _, reached, must in bars)


if __name__ == "__main__":
    sys.exit(main())
