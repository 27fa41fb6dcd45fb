"""What the last build read and made, so that the next one does only what changed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from publisher.building.snapshot import FileState, Stamp
from publisher.files import write_whole

MEMORY_FILE = ".publisher/build.json"
_FORMAT = 1


@dataclass(frozen=True, slots=True)
class Output:
    """A file made for the public: `source` is its path in the show, or "" for `build/<key>`."""

    key: str
    sha256: str
    bytes: int
    source: str = ""


@dataclass(frozen=True, slots=True)
class Made:
    """One episode as the last build left it: the facts that others need, and its outputs."""

    slug: str
    guid: str
    title: str
    date: str
    summary: str
    type: str
    season: int | None
    number: int | None
    state: str
    enclosure: Mapping[str, Any] | None = None
    outputs: tuple[Output, ...] = ()

    @property
    def is_public(self) -> bool:
        """Whether the episode is in the feed: neither a draft nor still to come."""
        return self.state == "public"


@dataclass(frozen=True, slots=True)
class EpisodeMemory:
    """The files that an episode was made from, and what was made."""

    folder: Stamp
    files: Mapping[str, FileState]
    made: Made
    is_locked: bool


@dataclass(frozen=True, slots=True)
class FeedMemory:
    """A feed file as it was written, and where each episode's item stands in it."""

    sha256: str
    slices: Mapping[str, tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Memory:
    """Everything remembered; an empty one remembers nothing and causes a whole build."""

    engine: str = ""
    shared_files: Mapping[str, FileState] = field(default_factory=dict)
    until: str = ""
    episodes: Mapping[str, EpisodeMemory] = field(default_factory=dict)
    feeds: Mapping[str, FeedMemory] = field(default_factory=dict)
    outputs: tuple[Output, ...] = ()
    folders: Mapping[str, Stamp] = field(default_factory=dict)


def read_memory(root: Path) -> Memory:
    """Read what is remembered; damaged or foreign content counts as nothing."""
    try:
        data = json.loads((root / MEMORY_FILE).read_bytes())
        if data["format"] != _FORMAT:
            return Memory()
        return Memory(
            engine=data["engine"],
            shared_files=_files(data["shared_files"]),
            until=data["until"],
            episodes={slug: _episode(slug, entry) for slug, entry in data["episodes"].items()},
            feeds={
                name: FeedMemory(sha256, {slug: (start, end) for slug, start, end in slices})
                for name, (sha256, slices) in data["feeds"].items()
            },
            outputs=tuple(Output(*output) for output in data["outputs"]),
            folders={name: _stamp(stamp) for name, stamp in data["folders"].items()},
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return Memory()


def write_memory(root: Path, memory: Memory) -> None:
    """Write what the next build may rely on."""
    data = {
        "format": _FORMAT,
        "engine": memory.engine,
        "shared_files": _plain(memory.shared_files),
        "until": memory.until,
        "episodes": {
            slug: [entry.folder, _plain(entry.files), _plain_made(entry.made), entry.is_locked]
            for slug, entry in memory.episodes.items()
        },
        "feeds": {
            name: [feed.sha256, [[slug, *span] for slug, span in feed.slices.items()]]
            for name, feed in memory.feeds.items()
        },
        "outputs": [_plain_output(output) for output in memory.outputs],
        "folders": dict(memory.folders),
    }
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    write_whole(root / MEMORY_FILE, text.encode(), durable=False)


def _plain(files: Mapping[str, FileState]) -> dict[str, list[Any]]:
    return {name: [*state.stamp, state.sha256] for name, state in files.items()}


def _files(data: Mapping[str, Any]) -> dict[str, FileState]:
    return {name: FileState(_stamp(entry[:4]), entry[4]) for name, entry in data.items()}


def _stamp(numbers: list[int]) -> Stamp:
    size, modified, changed, inode = numbers
    return (size, modified, changed, inode)


def _plain_output(output: Output) -> list[Any]:
    return [output.key, output.sha256, output.bytes, output.source]


def _plain_made(made: Made) -> list[Any]:
    return [
        made.guid,
        made.title,
        made.date,
        made.summary,
        made.type,
        made.season,
        made.number,
        made.state,
        made.enclosure,
        [_plain_output(output) for output in made.outputs],
    ]


def _episode(slug: str, entry: list[Any]) -> EpisodeMemory:
    folder, files, facts, is_locked = entry
    guid, title, date, summary, kind, season, number, state, enclosure, outputs = facts
    made = Made(
        slug,
        guid,
        title,
        date,
        summary,
        kind,
        season,
        number,
        state,
        enclosure,
        tuple(Output(*o) for o in outputs),
    )
    return EpisodeMemory(_stamp(folder), _files(files), made, is_locked)
