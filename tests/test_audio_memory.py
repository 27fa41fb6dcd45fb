"""What finishing audio takes of memory, and that hours take no more of it than minutes."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from publisher.audio.ffmpeg import find_ffmpeg, run

pytestmark = pytest.mark.integration  # whole commands; reads what the kernel of Linux counts

MOST_MB = 60
PEAK = """
def peak_mb():
    from pathlib import Path
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) * 1024 / 1e6
"""
COMMAND = """
import json, resource, sys
bare = peak_mb()
from publisher.__main__ import run
sys.argv = ["publisher", "--quiet", "audio", "bakersfield-part-1", "bakersfield-part-2"]
assert not run()
children = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024 / 1e6
print(json.dumps([peak_mb() - bare, children - bare]))
"""
HOURS = """
import json, sys
from array import array
from pathlib import Path
from publisher.audio.joint import join_parts
from publisher.audio.metering import Blocks, level_of_blocks
from publisher.audio.mp3 import Span
from publisher.audio.tags.content import Tags
from publisher.audio.tags.splice import write_tagged
from publisher.audio.tags.write import render_tag
from publisher.files import digest_file
part, out, hours = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])
before = peak_mb()
frames = join_parts(((number * 11000, part) for number in range(12 * hours)), out)
level = array("d", [-20.0]) * 1800
level_of_blocks([Blocks(level, level, -1.0) for _ in range(20 * hours)])
tagged = out.with_suffix(".tagged")
sha256, size = write_tagged(out, Span(0, out.stat().st_size, ()), render_tag(Tags("T", "A", "B")), tagged)
assert sha256 == digest_file(tagged)
tagged.unlink()
print(json.dumps([frames.samples / 44100 / 3600, size / 1e6, peak_mb() - before]))
"""


def told(program: str, *words: str, folder: Path) -> list[float]:
    command = [sys.executable, "-c", PEAK + program, *words]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    found: list[float] = json.loads(done.stdout.splitlines()[-1])
    return found


def test_two_episodes_at_once_with_a_large_cover_stay_small(own_show: Path) -> None:
    mine, children = told(COMMAND, folder=own_show)
    assert mine <= MOST_MB
    assert children <= MOST_MB + 20  # they count from the moment they are forked, which is not theirs


def test_four_hours_take_no_more_memory_than_one(tmp_path: Path) -> None:
    part = tmp_path / "part.mp3"
    silence = ["-f", "lavfi", "-i", "anullsrc=r=44100:cl=mono:d=300"]
    fast = ["-b:a", "128k", "-compression_level", "9", "-id3v2_version", "0"]
    run(find_ffmpeg(), [*silence, *fast, "-y", f"file:{part}"])
    hours, size_mb, one = told(HOURS, str(part), str(tmp_path / "one.mp3"), "1", folder=tmp_path)
    assert (round(hours), size_mb > 50) == (1, True)
    hours, size_mb, four = told(HOURS, str(part), str(tmp_path / "four.mp3"), "4", folder=tmp_path)
    assert (round(hours), size_mb > 200) == (4, True)
    assert one <= 10
    assert four <= one + 15  # of which the place of each frame takes 4, and the level of each block 6
