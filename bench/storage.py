"""Publishing to S3 beside aws, rclone and s5cmd on a SeaweedFS of this machine: `python -m bench.storage`."""

from __future__ import annotations

import argparse
import os
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from bench.measure import Cost, cost_of
from bench.sending import write_facts
from bench.weed import BUCKET, credentials, running_weed

ROOT = Path(__file__).resolve().parent.parent
_PEERS = ROOT / ".venv" / "bench-storage" / "bin"
_OURS = "publisher"


@dataclass(frozen=True, slots=True)
class Job:
    """So many files of one size: either new in every round, or there already."""

    name: str
    count: int
    size: int
    is_idle: bool
    bar: str


_JOBS = {
    "small": Job("200 new files of 100 KB", 200, 100_000, False, "0.7 × aws"),
    "large": Job("5 new files of 60 MB", 5, 60_000_000, False, "1.0 × aws"),
    "idle": Job("nothing to do with 10,000 files", 10_000, 2_000, True, "0.5 × the fastest peer"),
    "huge": Job("1 new file of 2 GB", 1, 2_000_000_000, False, "150 MB above idle"),
}


def main() -> int:
    """Run the jobs, one after the other."""
    words = _words()
    folder = Path(tempfile.mkdtemp(prefix="publisher-bench-storage-", dir=words.folder))
    try:
        with running_weed(folder) as endpoint:
            for name in words.jobs:
                _compete(folder, endpoint, _JOBS[name], 1 if name == "huge" else words.rounds)
    finally:
        shutil.rmtree(folder)
    return 0


def _compete(folder: Path, endpoint: str, job: Job, rounds: int) -> None:
    """Let all of them do one job in turn, and print the medians."""
    files = folder / "files"
    _write_files(files, job)
    facts = folder / "facts.json"
    write_facts(files, facts)
    env = credentials(os.environ)
    env.pop("AWS_CA_BUNDLE", None)
    racers = _racers(folder, files, facts, endpoint, job)
    place = f"idle-{job.size}"
    if job.is_idle:
        cost_of(racers[_OURS](place), cwd=ROOT, env=env)
    costs: dict[str, list[Cost]] = {name: [] for name in racers}
    for number in range(rounds):
        for name, command in racers.items():
            where = place if job.is_idle else f"{job.count}-{job.size}/{number}/{name}"
            costs[name].append(cost_of(command(where), cwd=ROOT, env=env))
            print(f"  {name}: {costs[name][-1].wall_s:.2f} s", file=sys.stderr, flush=True)
    again = place if job.is_idle else f"{job.count}-{job.size}/0/{_OURS}"
    told = subprocess.run(
        racers[_OURS](again), capture_output=True, text=True, cwd=ROOT, env=env, check=True
    ).stdout.strip()
    shutil.rmtree(files)
    _print(job, costs, told)


def _print(job: Job, costs: Mapping[str, list[Cost]], again: str) -> None:
    walls = {name: statistics.median(cost.wall_s for cost in listed) for name, listed in costs.items()}
    print(
        f"\n{job.name} (bar: {job.bar})\n\n| tool | median s (min-max) | of aws | of it | CPU s | peak MB |"
    )
    print("|---|---|---|---|---|---|")
    for name, listed in sorted(costs.items(), key=lambda pair: walls[pair[0]]):
        own = [cost.wall_s for cost in listed]
        of_aws = f"{walls[name] / walls['aws']:.2f}" if "aws" in walls else "-"
        cpu = statistics.median(cost.cpu_s for cost in listed)
        peak = statistics.median(cost.peak_mb for cost in listed)
        print(
            f"| {name} | {walls[name]:.2f} ({min(own):.2f}-{max(own):.2f}) | {of_aws} "
            f"| {walls[_OURS] / walls[name]:.2f} | {cpu:.2f} | {peak:.0f} |"
        )
    print(f"\npublisher, once more with nothing to do: {again}")


def _racers(
    folder: Path, files: Path, facts: Path, endpoint: str, job: Job
) -> dict[str, Callable[[str], list[str]]]:
    """Return the commands that bring a folder to a place in the bucket, those that are installed."""
    config = folder / "rclone.conf"
    config.write_text(
        f"[s]\ntype = s3\nprovider = SeaweedFS\nenv_auth = true\nendpoint = {endpoint}\n"
        "region = us-east-1\nforce_path_style = true\n"
    )
    aws, rclone, s5cmd = (str(_PEERS / name) for name in ("aws", "rclone", "s5cmd"))
    quick = ["--checksum", "--fast-list"] if job.is_idle else []

    def bucket(place: str) -> str:
        return f"s3://{BUCKET}/{place}"

    racers: dict[str, Callable[[str], list[str]]] = {
        _OURS: lambda place: [sys.executable, "-m", "bench.sending", str(facts), bucket(place), endpoint],
        "aws": lambda place: [
            aws, "--endpoint-url", endpoint, "s3", "sync", "--only-show-errors", str(files), bucket(place)
        ],
        "rclone": lambda place: [
            rclone, "--config", str(config), "copy", *quick, str(files), f"s:{BUCKET}/{place}"
        ],
        "s5cmd": lambda place: [
            s5cmd, "--endpoint-url", endpoint, "--log", "error", "sync", f"{files}/", f"{bucket(place)}/"
        ],
    }  # fmt: skip
    missing = [name for name in ("aws", "rclone", "s5cmd") if not (_PEERS / name).exists()]
    for name in missing:
        print(f"{name} is not installed: `make bench-storage` does it", file=sys.stderr)
        del racers[name]
    return racers


def _write_files(folder: Path, job: Job) -> None:
    """Write files whose bytes cannot be compressed and are never those of another."""
    for number, path in enumerate(_paths(folder, job.count)):
        path.parent.mkdir(parents=True, exist_ok=True)
        source = random.Random(number)
        with path.open("wb") as handle:
            left = job.size
            while left:
                left -= handle.write(source.randbytes(min(left, 1 << 20)))


def _paths(folder: Path, count: int) -> Iterator[Path]:
    for number in range(count):
        yield folder / f"episodes/part-{number // 10:04}/audio-{number:016x}.mp3"


def _words() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.storage", description=__doc__)
    parser.add_argument("jobs", nargs="*", default=["small", "large", "idle"], metavar="JOB",
                        help=", ".join(f"{name}: {job.name}" for name, job in _JOBS.items()))  # fmt: skip
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()))
    words = parser.parse_args()
    if unknown := set(words.jobs) - set(_JOBS):
        parser.error(f"there is no job {', '.join(unknown)}")
    return words


if __name__ == "__main__":
    sys.exit(main())
