"""A title and a few facts into the files that a new show or episode starts with."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from publisher.errors import UsageError
from publisher.files import write_whole
from publisher.guids import feed_guid
from publisher.model import Chapter
from publisher.model.placeholders import SHOW_DESCRIPTION, SHOW_NOTES
from publisher.source.schemas import json_schema
from publisher.timecodes import format_clock

_COVER_PIXELS = 3000
SCHEMAS_FOLDER = ".schemas"


@dataclass(frozen=True, slots=True)
class NewShow:
    """What somebody says about a show before there is one."""

    title: str
    author: str
    base_url: str
    language: str
    timezone: str
    email: str
    feed: str


@dataclass(frozen=True, slots=True)
class NewEpisode:
    """What is known of an episode before anybody wrote about it."""

    slug: str
    title: str
    guid: str
    date: datetime
    season: int | None = None
    number: int | None = None
    chapters: Sequence[Chapter] = ()
    type: str = "full"


def write_show(folder: Path, show: NewShow) -> tuple[str, ...]:
    """Write the files of a new show; return their names.

    Raises:
        UsageError: there is a show already.
    """
    if (folder / "show.toml").exists():
        raise UsageError(f"{folder / 'show.toml'} is there already", hint="nothing was changed")
    files = {
        "show.toml": _show_toml(show).encode(),
        "episodes/resources.yaml": _RESOURCES.encode(),
        "episodes/cover.jpg": _placeholder_cover(show.title),
        ".gitignore": b"/build/\n/public/\n/.publisher/\n",
        **{
            f"{SCHEMAS_FOLDER}/{name}.json": _json(json_schema(name))
            for name in ("show", "episode", "resource")
        },
    }
    written = []
    for name, data in files.items():
        if not (folder / name).exists():
            write_whole(folder / name, data)
            written.append(name)
    return tuple(written)


def write_episode(root: Path, episode: NewEpisode) -> Path:
    """Write the `episode.md` of a new episode; return its path.

    Raises:
        UsageError: there is such an episode already.
    """
    path = root / "episodes" / episode.slug / "episode.md"
    if path.exists():
        raise UsageError(
            f"episodes/{episode.slug} is there already",
            hint="give the episode another title, or another folder with --slug",
        )
    write_whole(
        path, _episode_md(episode, has_schema=(root / SCHEMAS_FOLDER / "episode.json").exists()).encode()
    )
    return path


def _json(value: object) -> bytes:
    return (json.dumps(value, indent=2, ensure_ascii=False) + "\n").encode()


def _quoted(text: str) -> str:
    """Quote text; a JSON string is a TOML basic string and a YAML double-quoted scalar as well."""
    return json.dumps(text, ensure_ascii=False)


def _show_toml(show: NewShow) -> str:
    return f"""#:schema {SCHEMAS_FOLDER}/show.json
# Everything that is true for the whole show. `publisher check` says what directories will want besides.

[show]
title = {_quoted(show.title)}
description = {_quoted(f"{show.title}: {SHOW_DESCRIPTION}")}
language = {_quoted(show.language)}
author = {_quoted(show.author)}
owner = {{ name = {_quoted(show.author)}, email = {_quoted(show.email)} }}
copyright = {_quoted(show.author)}
categories = ["Education"]              # the first one counts; "Parent > Child" for a subcategory
explicit = false
type = "episodic"                       # "serial" when episodes are to be heard in order
cover = "episodes/cover.jpg"            # a placeholder: put in a square picture, 3000 x 3000
guid = "{feed_guid(show.base_url, show.feed)}"   # minted once; it stays when the feed moves
timezone = {_quoted(show.timezone)}
base_url = {_quoted(show.base_url)}     # every published address starts here

# [[people]]
# id = "first-last"
# name = "First Last"
# role = "host"

[audio]
loudness = -16.0                        # LUFS
true_peak = -1.0                        # dBTP
bitrate = "128k"

[feeds.{show.feed}]

[check]
profiles = ["apple", "spotify", "psp"]

[targets.local]                         # the default: a folder, nothing to set up
url = "file:public"

# [targets.production]
# url = "s3://BUCKET/PREFIX"            # any S3-compatible store; credentials from the standard AWS chain
# region = "us-west-2"
"""


_RESOURCES = f"""# yaml-language-server: $schema=../{SCHEMAS_FOLDER}/resource.json
# What episodes link to again and again. In show notes, [text][id] links to the resource of that id.
#
# example-toolkit:
#   title: Example toolkit
#   url: https://example.org/toolkit
#   by: Example Organisation
"""


_NO_CHAPTERS = 'chapters: []                    # [{at: "00:00", title: Welcome}, …]\n'


def _episode_md(episode: NewEpisode, *, has_schema: bool) -> str:
    schema = f"# yaml-language-server: $schema=../../{SCHEMAS_FOLDER}/episode.json\n" if has_schema else ""
    numbers = "".join(
        f"{key}: {value}\n"
        for key, value in (("season", episode.season), ("episode", episode.number))
        if value
    )
    chapters = "chapters:\n" + "".join(
        f"  - {{at: {_quoted(format_clock(chapter.start_ms))}, title: {_quoted(chapter.title)}}}\n"
        for chapter in episode.chapters
    )
    return f"""---
{schema}title: {_quoted(episode.title)}
guid: {episode.guid}          # minted once; never change it
date: {episode.date:%Y-%m-%d %H:%M}          # in the show's time zone; an episode waits for its date
{numbers}type: {episode.type:<25} # full, trailer, bonus
draft: true                     # delete this line when the episode is ready
summary:                        # one or two sentences, for lists and apps
people: []                      # [{{id: first-last, role: guest}}]
resources: []                   # ids from resources.yaml
{chapters if episode.chapters else _NO_CHAPTERS}---

{SHOW_NOTES}
"""


def _placeholder_cover(title: str) -> bytes:
    """Draw a plain square cover that says the title, so that a first feed is whole."""
    image = Image.new("RGB", (_COVER_PIXELS, _COVER_PIXELS), (31, 41, 71))
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 2700, _COVER_PIXELS, _COVER_PIXELS), fill=(240, 165, 64))
    font = ImageFont.load_default(size=330)
    lines: list[str] = []
    for word in title.split():
        if lines and draw.textlength(f"{lines[-1]} {word}", font=font) <= 2500:
            lines[-1] = f"{lines[-1]} {word}"
        else:
            lines.append(word)
    draw.multiline_text((240, 300), "\n".join(lines[:5]), font=font, fill=(250, 245, 235), spacing=60)
    buffer = BytesIO()
    image.save(buffer, "JPEG", quality=85, dpi=(72, 72))
    return buffer.getvalue()
