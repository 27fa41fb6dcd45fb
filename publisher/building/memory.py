"""What the last build made, so that the next one makes only what changed."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, fields
from operator import attrgetter
from pathlib import Path
from typing import Any

from publisher.files import write_whole
from publisher.model import Enclosure

MEMORY_FILE = ".publisher/build.json"
_FORMAT = 4
_ENCLOSURE = tuple(each.name for each in fields(Enclosure))
_values_of_enclosure = attrgetter(*_ENCLOSURE)
_values_of_output = attrgetter("key", "sha256", "bytes", "source")


@dataclass(frozen=True, slots=True)
class Output:
    """A file made for the public: `source` is its path in the show, or "" for `build/<key>`."""

    key: str
    sha256: str
    bytes: int
    source: str = ""


@dataclass(frozen=True, slots=True)
class Made:
    """One episode as the last build left it.

    `titles` and `teasers`, the HTML that the show's page has for it, are in the languages that the show comes
    out in; so are `corrections`, the HTML for the page of all corrections, where there are any. A whole show
    of these is held at once, so enclosures and outputs stay `packed` until somebody asks for them.
    """

    slug: str
    guid: str
    titles: tuple[str, ...]
    date: str
    season: int | None
    number: int | None
    state: str
    teasers: tuple[str, ...]
    corrections: tuple[str, ...]
    packed: str

    @property
    def is_public(self) -> bool:
        """Whether the episode is in the feed: neither a draft nor still to come."""
        return self.state == "public"

    @property
    def enclosure(self) -> dict[str, Any] | None:
        """Return the facts of the finished audio, as plain values."""
        return self.enclosure_in(0)

    def enclosure_in(self, language: int) -> dict[str, Any] | None:
        """Return the facts of the finished audio that a language of the show, by its number, has."""
        enclosures, _ = json.loads(self.packed)
        values = enclosures[language] if language < len(enclosures) else enclosures[0]
        return dict(zip(_ENCLOSURE, values, strict=True)) if values else None

    @property
    def outputs(self) -> tuple[Output, ...]:
        """Return every file that was made of the episode."""
        _, outputs = json.loads(self.packed)
        return tuple(Output(*values) for values in outputs)


def pack(enclosures: Iterable[Enclosure | None], outputs: Iterable[Output]) -> str:
    """Write the audio of an episode in each language, and all its files, as `Made` holds them.

    Where every language has the same audio, it is written once.
    """
    values = [_values_of_enclosure(each) if each else None for each in enclosures]
    kept = values if any(each != values[0] for each in values) else values[:1]
    return _encode([kept, [_values_of_output(output) for output in outputs]])


_encode = json.JSONEncoder(separators=(",", ":"), default=asdict).encode
_facts_of = attrgetter(*(each.name for each in fields(Made) if each.name != "packed"))


@dataclass(frozen=True, slots=True)
class FeedMemory:
    """A feed file as it was written, and where each episode's item stands in it."""

    sha256: str = ""
    slices: Mapping[str, tuple[int, int]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Memory:
    """Everything that was made; an empty one remembers nothing and causes a whole build."""

    episodes: Mapping[str, Made] = field(default_factory=dict)
    feeds: Mapping[str, FeedMemory] = field(default_factory=dict)
    outputs: tuple[Output, ...] = ()


def read_memory(root: Path) -> Memory:
    """Read what is remembered; damaged or foreign content counts as nothing."""
    try:
        with (root / MEMORY_FILE).open(encoding="utf-8", newline="\n") as lines:
            facts = json.loads(next(lines))
            if facts["format"] != _FORMAT:
                return Memory()
            episodes = [_made(line) for line in lines]
        if len(episodes) != facts["episodes"]:
            return Memory()
        return Memory(
            episodes={made.slug: made for made in episodes},
            feeds={
                name: FeedMemory(sha256, _slices(*rest)) for name, (sha256, *rest) in facts["feeds"].items()
            },
            outputs=tuple(Output(*output) for output in facts["outputs"]),
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError, StopIteration):
        return Memory()


def write_memory(root: Path, memory: Memory) -> None:
    """Write what the next build may rely on: a line of JSON for the show, and one for each episode."""
    facts = {
        "format": _FORMAT,
        "episodes": len(memory.episodes),
        "feeds": {name: [feed.sha256, *_lengths(feed.slices)] for name, feed in memory.feeds.items()},
        "outputs": [_values_of_output(output) for output in memory.outputs],
    }
    data = bytearray(f"{_encode(facts)}\n".encode())  # no list of lines: it takes three times as much
    for made in memory.episodes.values():
        data += f"{_encode(_facts_of(made))}\t{made.packed}\n".encode()
    write_whole(root / MEMORY_FILE, data, durable=False)


def _made(line: str) -> Made:
    facts, _, packed = line.rstrip("\n").partition("\t")
    slug, guid, titles, date, season, number, state, teasers, corrections = json.loads(facts)
    texts = tuple(teasers), tuple(corrections)
    return Made(slug, guid, tuple(titles), date, season, number, state, *texts, packed)


def _lengths(slices: Mapping[str, tuple[int, int]]) -> tuple[int, list[str], list[int]]:
    """Say where slices that follow one another begin, whose they are and how long they are."""
    begin = min((start for start, _ in slices.values()), default=0)
    return begin, list(slices), [end - start for start, end in slices.values()]


def _slices(begin: int, slugs: list[str], lengths: list[int]) -> dict[str, tuple[int, int]]:
    slices: dict[str, tuple[int, int]] = {}
    for slug, length in zip(slugs, lengths, strict=True):
        slices[slug] = (begin, begin + length)
        begin += length
    return slices
