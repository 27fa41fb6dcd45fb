"""A length in minutes into a talk of four people of very different levels, for measuring what audio costs."""

from __future__ import annotations

import random
import shutil
import subprocess
import wave
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

_RATE = 44100
_TURN_S = (4.0, 22.0)
_BED_EVERY = 20
"""A turn of this many has music under it."""
_WORDS = (Path(__file__).parent / "words.txt").read_text(encoding="utf-8").split()


@dataclass(frozen=True, slots=True)
class _Person:
    """One of four at the table: how loud, where between the loudspeakers, and with which voice."""

    gain_db: float
    left: float
    right: float
    espeak: str
    flite: str


_PEOPLE = (
    _Person(-9.0, 0.85, 1.0, "en-us", "awb"),
    _Person(-4.0, 1.0, 0.7, "en-gb-scotland", "rms"),
    _Person(0.0, 1.0, 1.0, "en-gb", "slt"),
    _Person(3.0, 0.6, 1.0, "en-gb-x-rp", "kal16"),
)


def synthesiser() -> str:
    """Name what speaks here: a speech synthesiser of the machine, or noise in the rhythm of speech."""
    return next((name for name in ("espeak-ng", "flite") if shutil.which(name)), "shaped noise")


def write_talk(ffmpeg: Path, path: Path, minutes: float) -> None:
    """Write a 16 bit stereo WAV; about -24 LUFS with peaks at full scale, so it needs gain and limiting."""
    rng = random.Random(f"talk of {minutes} minutes")
    wanted = round(minutes * 60 * _RATE)
    done, turn = 0, 0
    with wave.open(str(path), "wb") as out:
        out.setnchannels(2)
        out.setsampwidth(2)
        out.setframerate(_RATE)
        while done < wanted:
            samples = _turn(ffmpeg, path.with_suffix(".turn"), rng, turn)[: (wanted - done) * 4]
            out.writeframes(samples)
            done += len(samples) // 4
            turn += 1


def _turn(ffmpeg: Path, scratch: Path, rng: random.Random, number: int) -> bytes:
    """Return the samples of one person's turn and the pause after it."""
    person = _PEOPLE[(number + rng.randrange(3)) % len(_PEOPLE)]
    seconds = rng.uniform(*_TURN_S)
    gain = 10 ** ((person.gain_db - 7.5 + rng.uniform(-2, 2)) / 20)
    pan = f"volume={gain:.4f},pan=stereo|c0={person.left}*c0|c1={person.right}*c0"
    pause = f"apad=pad_dur={rng.uniform(0.2, 1.5):.2f}"
    room = f"anoisesrc=color=pink:amplitude=0.0008:seed={number}:sample_rate={_RATE}"
    graph = [f"[0:a]aresample={_RATE},aformat=channel_layouts=mono,{pan},{pause}[voice]"]
    inputs = [*_voice(scratch, person, rng, seconds), "-f", "lavfi", "-i", room]
    mixed = "[voice][1:a]amix=inputs=2:duration=first:normalize=0"
    if number % _BED_EVERY == 0:
        notes = "+".join(
            f"sin({pitch}*2*PI*t)*(0.6+0.4*sin({pitch / 97:.2f}*t))" for pitch in (196, 294, 494)
        )
        inputs += ["-f", "lavfi", "-i", f"aevalsrc=exprs=0.03*({notes})|0.03*({notes}):s={_RATE}"]
        mixed = "[voice][1:a][2:a]amix=inputs=3:duration=first:normalize=0"
    # a knock on the table, or a plosive: full scale for two milliseconds
    knock = rng.uniform(0.5, seconds)
    knocks = f"aeval=exprs='val(ch)+if(between(t,{knock:.3f},{knock + 0.002:.3f}),0.9,0)':c=same"
    graph.append(f"{mixed},{knocks},alimiter=limit=1:level=false,aformat=sample_fmts=s16[out]")
    command = [str(ffmpeg), "-v", "error", "-nostdin", *inputs, "-filter_complex", ";".join(graph)]
    try:
        return _output([*command, "-map", "[out]", "-bitexact", "-f", "s16le", "-"])
    finally:
        scratch.unlink(missing_ok=True)


def _voice(scratch: Path, person: _Person, rng: random.Random, seconds: float) -> list[str]:
    """Return the input that speaks for this long."""
    speaker = synthesiser()
    if speaker == "shaped noise":
        rhythm = (
            f"(0.15+0.85*gt(sin({rng.uniform(18, 30):.2f}*t),-0.3))*gt(sin({rng.uniform(1, 2):.2f}*t),-0.8)"
        )
        shape = "highpass=f=120,lowpass=f=3800,equalizer=f=500:width_type=o:w=2:g=8"
        noise = f"anoisesrc=color=pink:amplitude=0.5:seed={rng.randrange(9999)}:sample_rate={_RATE}"
        return ["-f", "lavfi", "-t", f"{seconds:.2f}", "-i", f"{noise},{shape},volume='{rhythm}':eval=frame"]
    text = " ".join(
        " ".join(rng.choices(_WORDS, k=rng.randint(8, 16))).capitalize() + "."
        for _ in range(round(seconds / 5) + 1)
    )
    if speaker == "espeak-ng":
        said = ["espeak-ng", "-v", person.espeak, "-s", str(rng.randint(150, 185)), "-w", str(scratch), text]
    else:
        said = ["flite", "-voice", person.flite, "-t", text, "-o", str(scratch)]
    _output(said)
    return ["-i", str(scratch)]


def _output(command: Sequence[str]) -> bytes:
    return subprocess.run(command, check=True, capture_output=True).stdout
