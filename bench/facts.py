"""A number into the facts of one synthetic episode, the same on every machine."""

from __future__ import annotations

import hashlib
import random
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

RESOURCES = 40
PEOPLE = 12
TRANSCRIPT_EVERY = 10
"""Every tenth episode has a transcript, of `CUES` cues."""
CUES = 40

_FIRST = datetime(2005, 1, 1, 6, tzinfo=UTC)
_STARTS = (0, 95, 410, 1105, 1730)
_WORDS = (Path(__file__).parent / "words.txt").read_text(encoding="utf-8").split()


@dataclass(frozen=True, slots=True)
class Facts:
    """One episode: what an author would write, and what would be measured of its audio."""

    number: int
    slug: str
    title: str
    guid: str
    date: datetime
    summary: str
    people: tuple[int, int]
    resources: tuple[int, int, int]
    chapters: tuple[tuple[int, str], ...]
    cues: tuple[tuple[int, str, str], ...]
    sha256: str
    bytes: int
    duration_ms: int

    @property
    def season(self) -> int:
        """Return the season: a hundred episodes each."""
        return 1 + self.number // 100

    @property
    def episode(self) -> int:
        """Return the number within the season."""
        return 1 + self.number % 100

    def notes(self, *, own_titles: bool) -> str:
        """Return show notes of about 2.3 KB; without `own_titles`, some references have no text."""
        rng = _random(self.number, "notes")
        first, second, third = self.resources
        untitled = f"[{resource_title(third)}]" if own_titles else "[]"
        page = f"https://example.org/{_phrase(rng, 2).replace(' ', '-')}"
        return "\n\n".join(
            (
                f"{_sentences(rng, 3)} It starts with [{_phrase(rng, 3)}][{resource_id(first)}].",
                f"## {_phrase(rng, 3).capitalize()}",
                f"{_sentences(rng, 3)} We return to **{_phrase(rng, 2)}** and [{_phrase(rng, 2)}]({page}).",
                "\n".join(f"- *{_phrase(rng, 2)}*: {_sentences(rng, 1)}" for _ in range(4)),
                f"## {_phrase(rng, 3).capitalize()}",
                f"{_sentences(rng, 4)} More is in {untitled}[{resource_id(third)}].",
                f"> {_sentences(rng, 2)}",
                f"{_sentences(rng, 3)} Write to us about [{_phrase(rng, 3)}][{resource_id(second)}].",
            )
        )


def facts(number: int) -> Facts:
    """Return the facts of episode `number`, counted from 0."""
    rng = _random(number, "facts")
    title = _phrase(rng, 5).capitalize()
    first = rng.randrange(RESOURCES - 3)
    guest = rng.randrange(PEOPLE - 1)
    cues = CUES if number % TRANSCRIPT_EVERY == 0 else 0
    return Facts(
        number=number,
        slug=f"{number:05}-{title.lower().replace(' ', '-')}",
        title=title,
        guid=str(uuid.UUID(int=rng.getrandbits(128), version=4)),
        date=_FIRST + timedelta(hours=12 * number),
        summary=_sentences(rng, 2),
        people=(guest, guest + 1),
        resources=(first, first + 1, first + 2),
        chapters=tuple((start, _phrase(rng, 3).capitalize()) for start in _STARTS),
        cues=tuple((8 * at, f"Voice {1 + at % 2}", _sentences(rng, 1)) for at in range(cues)),
        sha256=hashlib.sha256(str(number).encode()).hexdigest(),
        bytes=30_000_000 + rng.randrange(10_000_000),
        duration_ms=2_000_000 + rng.randrange(1_000_000),
    )


def resource_id(number: int) -> str:
    """Return the id of an entry of the catalogue."""
    return f"resource-{number:02}"


def resource_title(number: int) -> str:
    """Return the title of an entry of the catalogue."""
    return _phrase(_random(number, "resource"), 4).capitalize()


def resource_url(number: int) -> str:
    """Return the address of an entry of the catalogue."""
    return f"https://example.org/resources/{number:02}"


def person_id(number: int) -> str:
    """Return the id of somebody of the show."""
    return f"person-{number:02}"


def _random(number: int, purpose: str) -> random.Random:
    return random.Random(f"{purpose} {number}")


def _phrase(rng: random.Random, words: int) -> str:
    return " ".join(rng.choices(_WORDS, k=words))


def _sentences(rng: random.Random, count: int) -> str:
    return " ".join(f"{_phrase(rng, rng.randint(8, 16)).capitalize()}." for _ in range(count))
