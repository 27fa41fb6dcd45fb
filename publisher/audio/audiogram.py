"""Turn a clip's sound, a cover and captions into a video for pages that play no sound: an audiogram."""

from __future__ import annotations

import io
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from PIL import Image, ImageDraw

from publisher.audio.cover import prepare_cover
from publisher.audio.ffmpeg import OnProgress, input_file, output_file, run
from publisher.audio.lettering import Font, Letters, line_height, readable, wrap
from publisher.audio.scratch import scratch
from publisher.files import move_into_place
from publisher.transcripts import Cue

FRAME_RATE = 25
_THREADS = 2
"""Part of the bytes: the video encoder splits pictures by it."""

_PLAIN = (
    "-map_metadata", "-1", "-fflags", "+bitexact", "-flags:v", "+bitexact", "-flags:a", "+bitexact",
    "-movflags", "+faststart", "-f", "mp4",
)  # fmt: skip
_COLOURS = (
    "-colorspace", "bt709", "-color_primaries", "bt709", "-color_trc", "bt709", "-color_range", "tv",
)  # fmt: skip
_Colour = tuple[int, int, int]
_WHITE: _Colour = (255, 255, 255)
_TITLE_PX, _SHOW_PX, _CAPTION_PX = 46, 30, 46
_DIMMED = 0.62


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle of the picture, in pixels."""

    x: int
    y: int
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Layout:
    """Where everything stands in a picture of this size; texts are centred or begin at the left."""

    width: int
    height: int
    cover: Box
    words: Box
    wave: Box
    captions: Box
    is_centred: bool


LAYOUTS = {
    "square": Layout(
        1080, 1080, Box(300, 60, 480, 480), Box(70, 560, 940, 170), Box(80, 740, 920, 120),
        Box(60, 872, 960, 180), is_centred=True,
    ),
    "wide": Layout(
        1280, 720, Box(60, 60, 400, 400), Box(500, 60, 720, 240), Box(500, 320, 720, 120),
        Box(60, 500, 1160, 180), is_centred=False,
    ),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Audiogram:
    """What a clip's video shows; the captions' times count from the start of the clip."""

    title: str
    show: str
    cover: Path
    captions: tuple[Cue, ...] = ()
    layout: str = "square"
    font: Path | None = None


def make_audiogram(
    ffmpeg: Path,
    sound: Path,
    audiogram: Audiogram,
    destination: Path,
    *,
    artist: str = "",
    bitrate_kbps: int = 128,
    on_progress: OnProgress | None = None,
) -> None:
    """Write an MP4 (H.264, AAC) with the cover, the sound as a moving wave, and captions.

    Raises:
        UsageError: the font lacks letters that are needed, or is none.
        SourceError: the cover cannot be opened.
        SurroundingsError: the disk is full, or ffmpeg failed.
    """
    layout = LAYOUTS[audiogram.layout]
    words = [audiogram.title, audiogram.show, *(cue.text for cue in audiogram.captions)]
    letters = Letters(audiogram.font, " ".join(words))
    captions = tuple(readable(audiogram.captions, letters.of_size(_CAPTION_PX), layout.captions.width))
    still, colour = _draw_still(audiogram, layout, letters)
    strip = _draw_strip(captions, layout.captions, letters, colour)
    with (
        scratch(destination.with_suffix(".png")) as back,
        scratch(destination.with_suffix(".png")) as spoken,
        scratch(destination) as video,
    ):
        still.save(back, "PNG", compress_level=1)
        strip.save(spoken, "PNG", compress_level=1)
        inputs = [*input_file(sound), *_picture(back), *_picture(spoken)]
        graph = ["-filter_complex", _graph(layout, captions), "-map", "[seen]", "-map", "[heard]"]
        said = ["-metadata", f"title={audiogram.title}", "-metadata", f"artist={artist}"]
        coded = [*_video_codec(), "-c:a", "aac", "-b:a", f"{bitrate_kbps}k", *_PLAIN, *said]
        run(ffmpeg, [*inputs, *graph, *coded, *output_file(video)], on_progress=on_progress)
        move_into_place(video, destination)


def captions_of(cues: Iterable[Cue], start_ms: int, end_ms: int) -> tuple[Cue, ...]:
    """Return the cues of a stretch, with times that count from its start."""
    return tuple(
        replace(cue, start_ms=max(cue.start_ms - start_ms, 0), end_ms=min(cue.end_ms, end_ms) - start_ms)
        for cue in cues
        if cue.start_ms < end_ms and cue.end_ms > start_ms and cue.text.strip()
    )


def _draw_still(audiogram: Audiogram, layout: Layout, letters: Letters) -> tuple[Image.Image, _Colour]:
    """Draw what does not move; return it with its background's colour."""
    with Image.open(io.BytesIO(prepare_cover(audiogram.cover)), formats=("JPEG",)) as opened:
        cover = opened.convert("RGB")
    colour = _dark(cover)
    still = Image.new("RGB", (layout.width, layout.height), colour)
    box = layout.cover
    fitted = cover.resize((box.width, box.height), Image.Resampling.LANCZOS)
    still.paste(fitted, (box.x, box.y))
    pen = ImageDraw.Draw(still)
    wave = layout.wave
    middle = wave.y + wave.height // 2
    pen.line((wave.x, middle, wave.x + wave.width, middle), _between(colour, _DIMMED), 2)  # seen in pauses
    box = layout.words
    title_font, show_font = letters.of_size(_TITLE_PX), letters.of_size(_SHOW_PX)
    most = (box.height - line_height(show_font)) // line_height(title_font)
    y = box.y
    lines = wrap(audiogram.title, title_font, box.width)
    for text in lines if len(lines) <= most else [*lines[: most - 1], f"{lines[most - 1]}…"]:
        _write(pen, box, y, text, title_font, _WHITE, is_centred=layout.is_centred)
        y += line_height(title_font)
    for text in wrap(audiogram.show, show_font, box.width)[:1]:
        _write(pen, box, y, text, show_font, _between(colour, _DIMMED), is_centred=layout.is_centred)
    return still, colour


def _draw_strip(captions: tuple[Cue, ...], box: Box, letters: Letters, colour: _Colour) -> Image.Image:
    """Draw an empty caption and all others below one another, in shades between background and white."""
    font = letters.of_size(_CAPTION_PX)
    strip = Image.new("L", (box.width, box.height * (len(captions) + 1)), 0)
    pen = ImageDraw.Draw(strip)
    for number, cue in enumerate(captions, 1):
        lines = cue.text.split("\n")
        y = number * box.height + (box.height - len(lines) * line_height(font)) // 2
        for line in lines:
            _write(pen, Box(0, 0, box.width, 0), y, line, font, 255, is_centred=True)
            y += line_height(font)
    strip.putpalette([part for shade in range(256) for part in _between(colour, shade / 255)])
    return strip


def _write(
    pen: ImageDraw.ImageDraw, box: Box, y: int, text: str, font: Font, fill: _Colour | int,
    *, is_centred: bool,
) -> None:  # fmt: skip
    x = box.x + (box.width - font.getlength(text)) / 2 if is_centred else box.x
    pen.text((round(x), y), text, font=font, fill=fill)


def _dark(cover: Image.Image) -> _Colour:
    """Return the cover's own colour, dark enough for white letters to be read on it."""
    red, green, blue = cover.resize((1, 1), Image.Resampling.BOX).tobytes()
    brightness = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    scale = min(1.0, 40 / max(brightness, 1))
    return round(red * scale), round(green * scale), round(blue * scale)


def _between(colour: _Colour, share: float) -> _Colour:
    """Return a colour on the way from this one to white."""
    red, green, blue = (round(part + (255 - part) * share) for part in colour)
    return red, green, blue


def _picture(path: Path) -> list[str]:
    """Return the arguments that open a picture of our own as a single frame."""
    opened = ["-protocol_whitelist", "file", "-f", "png_pipe", "-framerate", str(FRAME_RATE)]
    return [*opened, "-i", f"file:{path}"]


def _graph(layout: Layout, captions: tuple[Cue, ...]) -> str:
    """Write the filters: the wave runs with the sound, the strip of captions jumps to the one heard."""
    wave, box = layout.wave, layout.captions
    hold = "loop=loop=-1:size=1"
    heard = [
        f"{number}*gte(t,{cue.start_ms / 1000:.3f})*lt(t,{cue.end_ms / 1000:.3f})"
        for number, cue in enumerate(captions, 1)
    ]
    row = "+".join(heard) or "0"
    drawn = f"showwaves=s={wave.width}x{wave.height}:mode=cline:rate={FRAME_RATE}:scale=cbrt:draw=full"
    return ";".join(
        [
            "[0:a:0]asplit=2[heard][loud]",
            f"[loud]aformat=channel_layouts=mono,{drawn}:colors=0xFFFFFF[wave]",
            f"[1:v]{hold}[back]",
            f"[2:v]{hold},crop={box.width}:{box.height}:0:'{box.height}*({row})'[spoken]",
            f"[back][wave]overlay={wave.x}:{wave.y}:shortest=1[waving]",
            f"[waving][spoken]overlay={box.x}:{box.y}:shortest=1[drawn]",
            "[drawn]scale=out_color_matrix=bt709:out_range=tv,format=yuv420p[seen]",
        ]
    )


def _video_codec() -> list[str]:
    speed = ["-preset", "veryfast", "-crf", "23", "-threads", str(_THREADS)]
    return ["-c:v", "libx264", *speed, *_COLOURS, "-r", str(FRAME_RATE)]
