"""publisher clip: short stretches of an episode for other places."""

from __future__ import annotations

from pathlib import Path

import click

from publisher.cli.options import command
from publisher.cli.session import Session


@command("clip", short_help="Cut clips out of an episode.")
@click.argument("episode")
@click.option("--from", "start", metavar="TIME", help="Where the clip starts, such as 01:10.")
@click.option("--to", "end", metavar="TIME", help="Where it ends.")
@click.option(
    "--soundbite", type=click.IntRange(min=1), metavar="N", help="The N-th soundbite of episode.md."
)
@click.option(
    "--fade",
    type=click.FloatRange(0, 10),
    default=0.3,
    show_default=True,
    help="Seconds of fade at both ends.",
)
@click.option("--video", is_flag=True, help="A video with cover, waveform and captions.")
@click.option(
    "--size", type=click.Choice(["square", "wide"]), help="The video's shape: 1080×1080 or 1280×720."
)
@click.option("--font", type=click.Path(path_type=Path), metavar="FILE", help="The video's letters.")
@click.option("--output", type=click.Path(path_type=Path), metavar="FILE", help="Where to write it.")
def clip_command(
    session: Session,
    episode: str,
    start: str | None,
    end: str | None,
    soundbite: int | None,
    fade: float,
    video: bool,
    size: str | None,
    font: Path | None,
    output: Path | None,
) -> None:
    r"""Cut a stretch out of an episode's finished audio, as loud as it is there, with fades and tags.

    Without --from and --to, every soundbite of episode.md. Clips go to build/clips; nothing is published.

    \b
    Examples:
      publisher clip part-1 --from 01:10 --to 01:55
      publisher clip part-1 --soundbite 1 --video
    """
    from publisher.cli.times import parse_time
    from publisher.clipping import ClipRequest, Stretch, make_clips  # loads every parser: not for --help
    from publisher.errors import UsageError

    if (start is None) != (end is None):
        raise UsageError("a clip needs both --from and --to", hint="such as --from 01:10 --to 01:55")
    if start is not None and soundbite is not None:
        raise UsageError("a clip is either a soundbite or a stretch", hint="leave --soundbite or --from out")
    if (size or font) and not video:
        raise UsageError("--size and --font are for videos", hint="add --video")
    clips = make_clips(
        ClipRequest(
            root=session.root,
            episode=episode,
            now=session.now,
            stretch=Stretch(parse_time(start), parse_time(end))
            if start is not None and end is not None
            else None,
            soundbite=soundbite,
            fade_ms=round(fade * 1000),
            output=session.folder / output if output else None,
            video=(size or "square") if video else None,
            font=session.folder / font if font else None,
            progress=session.report.progress,
        )
    )
    report = session.report
    for clip in clips:
        sound = f"{clip.loudness_lufs:.1f} LUFS, peak {clip.true_peak_dbtp:.1f} dBTP"
        length = f"{(clip.end_ms - clip.start_ms) / 1000:g} s"
        report.result(f"{_shown(clip.path, session.folder)}  {length}, {sound}")
        if video and not clip.captions:
            report.note(
                "the video has no captions: the episode has no transcript with times for this stretch;"
                f" `publisher transcript {clip.slug} --align` drafts one"
            )
    content = [{**clip.as_json(), "path": _shown(clip.path, session.folder)} for clip in clips]
    report.document("clip", {"episode": clips[0].slug, "clips": content})


def _shown(path: Path, folder: Path) -> str:
    return str(path.relative_to(folder)) if path.is_relative_to(folder) else str(path)
