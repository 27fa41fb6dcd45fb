"""A show, items and teasers for the tests of pages."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from publisher.errors import Place
from publisher.model import (
    Chapter,
    Enclosure,
    Episode,
    FeedSettings,
    Funding,
    Item,
    Licence,
    Link,
    Notes,
    Person,
    Show,
    Teaser,
)
from publisher.transcripts import Cue, Transcript

BASE = "https://media.example.org/rising/"
SHOW = Show(
    title="Rising & <Margins>",
    description="Families, districts & schools: relationships that help every student.",
    language="en",
    author="An agency",
    base_url=BASE,
    link=f"{BASE}index.html",
    guid="60c517fc-9133-557e-baf1-39992490a963",
    timezone="America/Los_Angeles",
    cover=Path("episodes/cover.jpg"),
    categories=("Education",),
    owner_name="An agency",
    owner_email="podcast@example.org",
    copyright="An agency",
    feeds=(FeedSettings("rising", "en"), FeedSettings("rising-es", "es")),
    hosts=(Person("ana", "Ana María", "host", href="https://ana.example.org/"),),
    funding=(Funding("https://give.example.org/", "Give"), Funding("javascript:alert(1)", "Bad")),
)
EPISODE = Episode(
    slug="part-1",
    title="Part I: “Colorín Colorado” & <more>",
    guid="e3eaaf88-6412-4912-9d00-2f178cde2aad",
    date=datetime(2026, 1, 13, 6, 30, tzinfo=UTC),
    summary="How a district brought its families in.",
    notes="",
    notes_line=9,
    source=Place("episodes/part-1/episode.md"),
    season=1,
    number=2,
    people=(Person("m", "Mark Luque", "guest", href="javascript:alert(1)"),),
    chapters=(
        Chapter(0, "Welcome"),
        Chapter(30_000, "", image="https://x.example.org/a.jpg", toc=False),
        Chapter(70_500, "What <changed>", url="https://x.example.org/"),
    ),
    questions=("What has changed?",),
    licence=Licence("CC-BY-4.0", "https://creativecommons.org/licenses/by/4.0/"),
)
ENCLOSURE = Enclosure(
    master_sha256="a" * 64,
    recipe="r1",
    key="audio/part-1-abc.mp3",
    bytes=1_448_211,
    sha256="b" * 64,
    media_type="audio/mpeg",
    duration_ms=3_754_000,
    sample_rate=44_100,
    channels=1,
    loudness_lufs=-16.0,
    true_peak_dbtp=-1.2,
    loudness_range_lu=5.0,
    master_loudness_lufs=-20.0,
    mode="limited",
    encoder="lame",
)
ITEM = Item(
    episode=EPISODE,
    enclosure=ENCLOSURE,
    notes=Notes("<p>Feed.</p>", "<p>Page.</p>\n<h2>Resources and tools</h2>"),
    audio_url=f"{BASE}audio/part-1-abc.mp3",
    page_url=f"{BASE}episodes/part-1.html",
    transcripts=(Link(f"{BASE}transcripts/part-1-abc.vtt", "text/vtt", "en"),),
)
TRANSCRIPT = Transcript(
    (
        Cue(0, 2_000, None, "[Music]"),
        Cue(2_000, 5_000, "Ana María", "Welcome\nall,"),
        Cue(5_000, 7_000, "Ana María", "and <hello>."),
        Cue(7_000, 9_000, "Mark Luque", "Thanks."),
    ),
    "en",
)
TEASERS = tuple(
    Teaser(
        title=f"Part {number} & <more>",
        date=datetime(2026, 1, number, 8, 30, tzinfo=UTC),
        summary=f"Summary {number}.",
        page_url=f"{BASE}episodes/part-{number}.html",
        duration_ms=3_754_000,
        type="full",
        season=1,
        number=number,
    )
    for number in (1, 3, 2)
)


def hostile(payload: str) -> tuple[Show, Item, Transcript]:
    """Put a payload into every text of a show, an item and a transcript."""
    person = Person("p", payload, payload, href=payload)
    show = replace(
        SHOW,
        title=payload,
        description=payload,
        author=payload,
        owner_email=payload,
        copyright=payload,
        link=payload,
        hosts=(person,),
        funding=(Funding(payload, payload),),
    )
    episode = replace(
        EPISODE,
        title=payload,
        summary=payload,
        people=(person,),
        chapters=(Chapter(0, payload, payload, payload),),
        questions=(payload,),
        licence=Licence(payload, payload),
    )
    transcript = Transcript((Cue(0, 1_000, payload, payload),), payload)
    return show, replace(ITEM, episode=episode), transcript
