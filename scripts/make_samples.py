"""Turn the two scripts below into the spoken samples of `episodes/`: masters and their transcripts.

Needed only to make the samples again: the speech synthesiser `flite` (`apt-get install flite` on Debian and
Ubuntu) and the ffmpeg of this project's environment. `python scripts/make_samples.py [FOLDER]` also prints
the chapters and captions with their times, to be copied into each `episode.md`. Equal tools, equal bytes.

The voices stand for nobody. They read a summary of what is publicly known about the two episodes, 6 dB apart
and with pauses, so that the loudness stage has real work to do.
"""

from __future__ import annotations

import math
import shutil
import subprocess
import sys
import tempfile
import textwrap
import wave
from array import array
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import imageio_ffmpeg

from publisher.timecodes import format_clock, format_vtt

RATE = 16_000  # what flite speaks at
FRAME = RATE // 50
MASTER_RATE = 22_050
STRETCH = 1.06  # a little slower than flite's own pace
LINE_LENGTH = 65  # of a caption line, its voice tag included
PAUSE_SENTENCE_MS, PAUSE_SPEAKER_MS, PAUSE_CHAPTER_MS = 260, 420, 1150
LEAD_MS, TAIL_MS = 200, 700


@dataclass(frozen=True, slots=True)
class Voice:
    """Who speaks: the name in the transcript, flite's voice, and the level of the speech in dBFS (RMS)."""

    name: str
    flite: str
    level_dbfs: float


VOICES = {
    "1": Voice("First narrator", "slt", -19.0),
    "2": Voice("Second narrator", "rms", -25.0),
}


@dataclass(frozen=True, slots=True)
class Cue:
    """A caption with its exact place in the audio."""

    start_ms: int
    end_ms: int
    text: str
    speaker: str | None


# A line at the margin is a chapter; below it, who speaks and one caption of text.
PART_ONE = """
Welcome
  1 Rising from the Margins. Bakersfield City School District, Part One.
  2 This is a short sample. Two computer voices read a summary, and stand for nobody.
  1 The show is about schools, districts, families and communities,
  1 and about relationships that help every student succeed, English Learners among them.
The guests
  2 The guests of this episode are the district's superintendent,
  2 and his Family and Community Engagement team.
  1 They talk about taking part in the Community Engagement Initiative,
  1 and about what it changed for them.
Chronic absence in figures
  2 First, the figures. They come from the California School Dashboard.
  1 In 2022, the district's Chronic Absence Indicator stood at 51.6 percent.
  1 In 2023, it stood at 30.4 percent.
  2 From one Dashboard to the next, that is a fall of 21.2 percentage points.
What changed in educators
  1 The first of three themes: the initiative changed the educators.
  2 Deeper relationships with families and communities lead to better practice.
  1 A question to take home: what would a family in our district say has changed?
Join in
  2 You are invited to join the Community Engagement Initiative.
  1 Rising from the Margins is published, with that initiative,
  1 by the California Collaborative for Educational Excellence.
  2 Links are in the show notes. Part Two has two more themes.
"""

PART_TWO = """
Welcome back
  2 Rising from the Margins. Bakersfield City School District, Part Two.
  1 This too is a short sample. Two computer voices read a summary, and stand for nobody.
  2 In Part One, we heard how the initiative changed the educators.
  1 The district's Chronic Absence Indicator fell from 51.6 percent in 2022,
  1 to 30.4 percent in 2023, on the California School Dashboard.
Whole child, whole community
  2 The second theme is a wide view.
  2 The whole child, the whole family, and the whole community.
  1 A student's success is tied to the well-being of family and community,
  1 and to how far both are involved.
  2 The Whole Child Policy Toolkit, in the show notes, is a place to read on.
Voices that are heard
  1 The third theme is empowerment through engagement.
  2 Parents and community members get spaces where their voices are heard,
  2 and where what they contribute is valued.
  1 For this, see the Dual Capacity-Building Framework, by Dr. Karen Mapp.
Questions and thanks
  2 Two questions for your own team.
  1 Where are families heard in our district today?
  2 And what happens with what they say?
  1 You are invited to join the Community Engagement Initiative.
  2 Both parts are out, with links in the show notes. Thank you for listening.
"""

EPISODES = {"bakersfield-part-1": PART_ONE, "bakersfield-part-2": PART_TWO}


def speak(voice: Voice, text: str) -> array[float]:
    """Say a sentence as samples at `RATE`, without silence around it and at the voice's level."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "speech.wav"
        options = ["-voice", voice.flite, "--setf", f"duration_stretch={STRETCH}"]
        subprocess.run(["flite", *options, "-t", text, "-o", path], check=True)
        with wave.open(str(path)) as speech:
            if (speech.getframerate(), speech.getsampwidth(), speech.getnchannels()) != (RATE, 2, 1):
                sys.exit(f"flite spoke at {speech.getframerate()} Hz where {RATE} Hz mono was expected")
            samples = array("h", speech.readframes(speech.getnframes()))
    loud = [index for index, sample in enumerate(samples) if abs(sample) > 100]
    kept = samples[max(0, loud[0] - FRAME) : loud[-1] + FRAME]
    gain = 10 ** (voice.level_dbfs / 20) / measure_speech(kept)
    return array("d", fade((sample * gain for sample in kept), len(kept), FRAME // 4))


def measure_speech(samples: array[int]) -> float:
    """Return the RMS of the frames that hold speech: those within 30 dB of the loudest."""
    frames = [samples[at : at + FRAME] for at in range(0, len(samples) - FRAME, FRAME)]
    powers = [sum(sample * sample for sample in frame) / FRAME for frame in frames]
    speech = [power for power in powers if power > max(powers) / 1000]
    return math.sqrt(sum(speech) / len(speech))


def rising_notes() -> array[float]:
    """Play the show's sign: three soft bell notes, each higher than the one before."""
    samples = array("d", bytes(8 * int(RATE * 2.3)))
    for number, frequency in enumerate((392.0, 523.25, 659.26)):  # G4 C5 E5
        start = int(number * 0.26 * RATE)
        for index in range(start, len(samples)):
            time = (index - start) / RATE
            swell = min(1.0, time / 0.012) * math.exp(-2.6 * time)
            partials = ((1.0, 1.0), (2.0, 0.28), (3.0, 0.09))
            angle = 2 * math.pi * frequency * time
            tone = sum(share * math.sin(partial * angle) for partial, share in partials)
            samples[index] += 0.12 * swell * tone
    return array("d", fade(samples, len(samples), RATE // 4))


def fade(samples: Iterable[float], count: int, length: int) -> Iterable[float]:
    """Let samples start and end at nothing, over `length` samples."""
    return (
        sample * min(1.0, index / length, (count - 1 - index) / length)
        for index, sample in enumerate(samples)
    )


def silence(milliseconds: int) -> array[float]:
    """Return a pause."""
    return array("d", bytes(8 * (RATE * milliseconds // 1000)))


def perform(script: str) -> tuple[array[float], list[Cue], list[tuple[int, str]]]:
    """Speak a script: the samples, the captions, and the start in ms and title of each chapter."""
    samples, cues, chapters = silence(LEAD_MS), list[Cue](), list[tuple[int, str]]()
    speaker: Voice | None = None

    def play(piece: array[float], text: str, speaker: str | None) -> None:
        start = len(samples)
        samples.extend(piece)
        cues.append(Cue(start * 1000 // RATE, len(samples) * 1000 // RATE, text, speaker))

    play(rising_notes(), "[Three rising notes]", None)
    for line in script.strip().splitlines():
        if not line.startswith(" "):
            samples.extend(silence(PAUSE_CHAPTER_MS if chapters else PAUSE_SENTENCE_MS))
            chapters.append((len(samples) * 1000 // RATE if chapters else 0, line))
            speaker = None
            continue
        number, text = line.split(maxsplit=1)
        voice = VOICES[number]
        if speaker:
            samples.extend(silence(PAUSE_SENTENCE_MS if speaker is voice else PAUSE_SPEAKER_MS))
        play(speak(voice, text), text, voice.name)
        speaker = voice
    samples.extend(silence(TAIL_MS))
    return samples, cues, chapters


def write_master(path: Path, samples: array[float]) -> None:
    """Write the samples as 16-bit mono FLAC; equal samples give equal bytes."""
    clipped = [sample for sample in samples if abs(sample) > 0.98]
    if clipped:
        sys.exit(f"{path.parent.name}: {len(clipped)} samples are too loud; lower the level of a voice")
    pcm = array("h", (round(sample * 32767) for sample in samples))
    source = f"-f s16le -ar {RATE} -ac 1 -i pipe:0 -af highpass=f=70,aresample={MASTER_RATE}"
    flac = "-c:a flac -sample_fmt s16 -compression_level 12 -lpc_type cholesky -max_prediction_order 32"
    bitexact = "-map_metadata -1 -fflags +bitexact -flags:a +bitexact"
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-nostdin", "-y"]
    command += [*source.split(), *flac.split(), *bitexact.split(), str(path)]
    subprocess.run(command, input=pcm.tobytes(), check=True)


def render_transcript(cues: list[Cue]) -> str:
    """Write the captions as WebVTT, speakers in voice tags."""
    blocks = ["WEBVTT", "NOTE\nWritten by scripts/make_samples.py together with the audio it belongs to."]
    for cue in cues:
        text = f"<v {cue.speaker}>{cue.text}" if cue.speaker else cue.text
        lines = textwrap.wrap(text, LINE_LENGTH, break_long_words=False, break_on_hyphens=False)
        blocks.append("\n".join([f"{format_vtt(cue.start_ms)} --> {format_vtt(cue.end_ms)}", *lines]))
    return "\n\n".join(blocks) + "\n"


def main() -> None:
    """Make both samples below the folder that is named, or below this repository's `episodes/`."""
    if not shutil.which("flite"):
        sys.exit("the speech synthesiser flite is missing; on Debian and Ubuntu: apt-get install flite")
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent.parent / "episodes"
    for slug, script in EPISODES.items():
        samples, cues, chapters = perform(script)
        target = folder / slug
        target.mkdir(parents=True, exist_ok=True)
        write_master(target / "master.flac", samples)
        (target / "transcript.vtt").write_text(render_transcript(cues), encoding="utf-8", newline="\n")
        spoken = sum(cue.end_ms - cue.start_ms for cue in cues)
        length_ms = len(samples) * 1000 // RATE
        size = (target / "master.flac").stat().st_size
        print(f"{slug}: {length_ms / 1000:.1f} s, captions {spoken / length_ms:.0%}, {size:,} bytes")
        for start_ms, title in chapters:
            print(f'  - {{at: "{format_clock(start_ms)}", title: {title}}}')
        for cue in cues:
            print(f"    {cue.start_ms / 1000:7.2f} {cue.end_ms / 1000:7.2f} {cue.text}")


if __name__ == "__main__":
    main()
