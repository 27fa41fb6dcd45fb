"""A count of episodes into a whole show on disk, as `publisher` reads it or as Hugo reads it."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Iterable
from pathlib import Path

from bench.facts import (
    PEOPLE,
    RESOURCES,
    Facts,
    facts,
    person_id,
    resource_id,
    resource_title,
    resource_url,
)

BASE_URL = "https://media.example.org/bench/"
FEED = "bench"
_COVER = Path(__file__).resolve().parent.parent / "episodes" / "cover.jpg"
_HUGO = Path(__file__).resolve().parent / "hugo"


def write_show(root: Path, count: int) -> None:
    """Write the sources of a show with locked audio facts and no audio."""
    (root / "episodes").mkdir(parents=True)
    (root / "show.toml").write_text(_show_toml(), encoding="utf-8")
    (root / "episodes" / "resources.yaml").write_text(_catalogue(), encoding="utf-8")
    shutil.copyfile(_COVER, root / "episodes" / "cover.jpg")
    for number in range(count):
        episode = facts(number)
        folder = root / "episodes" / episode.slug
        folder.mkdir()
        text = f"---\n{front_matter(episode)}---\n{episode.notes(own_titles=False)}\n"
        (folder / "episode.md").write_text(text, encoding="utf-8")
        (folder / "audio.lock").write_text(_lock(episode), encoding="utf-8")
        if episode.cues:
            (folder / "transcript.vtt").write_text(_transcript(episode), encoding="utf-8")


def write_hugo_site(root: Path, count: int) -> None:
    """Write the same content for Hugo; audio facts, cues and the catalogue's addresses are ready to use."""
    shutil.copytree(_HUGO, root)
    content = root / "content" / "episodes"
    content.mkdir(parents=True)
    people = {person_id(number): _name(number) for number in range(PEOPLE)}
    (root / "data").mkdir()
    (root / "data" / "people.json").write_text(json.dumps(people), encoding="utf-8")
    for number in range(count):
        episode = facts(number)
        extra = {
            "enclosure": {
                "key": audio_key(episode),
                "bytes": episode.bytes,
                "duration": episode.duration_ms // 1000,
            },
            "cues": [{"at": at, "speaker": who, "text": text} for at, who, text in episode.cues],
            "links": [{"title": resource_title(at), "url": resource_url(at)} for at in episode.resources],
        }
        front = f"{front_matter(episode)}facts: {json.dumps(extra)}\n"
        definitions = "\n".join(f"[{resource_id(at)}]: {resource_url(at)}" for at in episode.resources)
        text = f"---\n{front}---\n{episode.notes(own_titles=True)}\n\n{definitions}\n"
        (content / f"{episode.slug}.md").write_text(text, encoding="utf-8")


def front_matter(episode: Facts) -> str:
    """Return the facts that the author of an episode writes above its notes."""
    lines = [
        f'title: "{episode.title}"',
        f"guid: {episode.guid}",
        f"date: {episode.date.isoformat()}",
        f"season: {episode.season}",
        f"episode: {episode.episode}",
        f"summary: {episode.summary}",
        f"people: [{_ids(map(person_id, episode.people))}]",
        f"resources: [{_ids(map(resource_id, episode.resources))}]",
        "chapters:",
        *(f'  - {{at: "{_clock(start)}", title: {title}}}' for start, title in episode.chapters),
    ]
    return "\n".join(lines) + "\n"


def audio_key(episode: Facts) -> str:
    """Return the key of the finished audio, which nobody needs to have."""
    return f"audio/{episode.slug}-{episode.sha256[:26]}.mp3"


def _show_toml() -> str:
    people = "".join(
        f'\n[[people]]\nid = "{person_id(number)}"\nname = "{_name(number)}"\n' for number in range(PEOPLE)
    )
    return f"""[show]
title = "A synthetic show"
description = "Episodes without audio, to measure how long a build takes."
language = "en"
author = "Bench"
owner = {{ name = "Bench", email = "podcast@example.org" }}
categories = ["Education"]
cover = "episodes/cover.jpg"
guid = "3f1d0c62-0f4b-5f6e-9a52-7b1f7f1f0c11"
timezone = "UTC"
base_url = "{BASE_URL}"
hosts = ["{person_id(0)}"]
{people}
[feeds.{FEED}]
language = "en"
"""


def _catalogue() -> str:
    return "".join(
        f"{resource_id(number)}:\n  title: {resource_title(number)}\n  url: {resource_url(number)}\n"
        for number in range(RESOURCES)
    )


def _lock(episode: Facts) -> str:
    lock = {
        "bytes": episode.bytes,
        "channels": 1,
        "duration_ms": episode.duration_ms,
        "encoder": "none",
        "key": audio_key(episode),
        "loudness_lufs": -16.0,
        "loudness_range_lu": 6.0,
        "master_loudness_lufs": -19.5,
        "master_sha256": episode.sha256,
        "media_type": "audio/mpeg",
        "mode": "gain",
        "recipe": "0123456789abcdef.0123456789abcdef",
        "sample_rate": 44_100,
        "sha256": episode.sha256,
        "true_peak_dbtp": -1.5,
    }
    return json.dumps(lock, indent=2, sort_keys=True) + "\n"


def _transcript(episode: Facts) -> str:
    cues = (
        f"{_clock(at)}.000 --> {_clock(at + 7)}.500\n<v {speaker}>{text}\n"
        for at, speaker, text in episode.cues
    )
    return "WEBVTT\n\n" + "\n".join(cues)


def _clock(seconds: int) -> str:
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"


def _ids(ids: Iterable[str]) -> str:
    return ", ".join(ids)


def _name(number: int) -> str:
    return f"Sample voice {number}"


if __name__ == "__main__":
    {"show": write_show, "hugo": write_hugo_site}[sys.argv[1]](Path(sys.argv[2]), int(sys.argv[3]))
