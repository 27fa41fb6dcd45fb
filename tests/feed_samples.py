"""A show and items with everything that the model can hold, for the tests of feeds and checks."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

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
    Location,
    Notes,
    Person,
    Show,
    Soundbite,
    Txt,
    UpdateFrequency,
)

BASE = "https://media.example.org/sample/"
ZONE = ZoneInfo("America/Los_Angeles")
HOST = Person("first-host", "First Host", role="host", href="https://example.org/people/first-host")
GUEST = Person("a-guest", "A Guest & Co", img="https://example.org/guest.jpg")

SHOW = Show(
    title="Sample & Example",
    description="A made-up show about writing things down, for trying out feeds.",
    language="en",
    author="The Sample Office",
    base_url=BASE,
    link="https://podcast.example.org/",
    guid="917393e3-1b1e-5cef-ace4-edaa54e1f810",
    timezone="America/Los_Angeles",
    cover=Path("episodes/cover.jpg"),
    categories=("Education > Self-Improvement", "Government", "Education > How To"),
    owner_name="The Sample Office",
    owner_email="podcast@example.org",
    copyright="The Sample Office",
    funding=(Funding("https://example.org/give", "Support the show"),),
    location=Location(
        "Bakersfield, California", geo="geo:35.373,-119.019", osm="R111831", country="US", rel="subject"
    ),
    licence=Licence("cc-by-4.0"),
    update_frequency=UpdateFrequency("every two weeks", rrule="FREQ=WEEKLY;INTERVAL=2"),
    txt=(Txt("not-a-real-code", purpose="verify"), Txt("a note for machines")),
    people=(HOST, GUEST),
    hosts=(HOST,),
)
FEED = FeedSettings("sample", "en-US")
COVER_URL = BASE + "cover-0123456789ab.jpg"

ENCLOSURE = Enclosure(
    master_sha256="a" * 64,
    recipe="b" * 64,
    key="media/first-0123456789ab.mp3",
    bytes=1_201_744,
    sha256="c" * 64,
    media_type="audio/mpeg",
    duration_ms=75_500,
    sample_rate=44_100,
    channels=1,
    loudness_lufs=-16.0,
    true_peak_dbtp=-1.4,
    loudness_range_lu=4.2,
    master_loudness_lufs=-21.3,
    mode="gain",
    encoder="libmp3lame",
)

EPISODE = Episode(
    slug="writing-it-down",
    title="Writing it down",
    guid="3a0d6d5e-3f0f-4b0e-9a0d-0f7f6f9f2f11",
    date=datetime(2026, 3, 3, 6, 0, tzinfo=ZONE),
    summary="Why a district writes down what it hears, and who reads it afterwards.",
    notes="Why a district writes down what it hears.",
    notes_line=20,
    source=Place("episodes/writing-it-down/episode.md"),
    season=1,
    season_name="Listening",
    number=2,
    people=(GUEST,),
    chapters=(
        Chapter(0, "Welcome"),
        Chapter(20_000, "Notes", url="https://example.org/notes"),
        Chapter(50_000, "Goodbye"),
    ),
    soundbites=(Soundbite(20_500, 15_000, "The short version"),),
    transcript=Path("episodes/writing-it-down/transcript.vtt"),
    location=Location("City Hall"),
    licence=Licence("house-rules", url="https://example.org/house-rules"),
    txt=(Txt("false", purpose="ai-content"),),
)

ITEM = Item(
    episode=EPISODE,
    enclosure=ENCLOSURE,
    notes=Notes(
        feed_html='<p>Why a district writes it down: <a href="https://example.org/why">the study</a>.</p>',
        page_html="<p>Why</p>",
    ),
    audio_url=BASE + "media/first-0123456789ab.mp3",
    page_url="https://podcast.example.org/writing-it-down/",
    transcripts=(
        Link(BASE + "t/first.vtt", "text/vtt", "en-US", "captions"),
        Link("https://podcast.example.org/writing-it-down/transcript/", "text/html", "en-US"),
    ),
    chapters_url=BASE + "c/first.json",
    cover_url=BASE + "first-0123456789ab.png",
)

PLAIN_ITEM = Item(
    episode=Episode(
        slug="hello",
        title="Hello",
        guid="0d9f6a52-3c58-44c4-8f5b-0dfac9a0a4f6",
        date=datetime(2026, 2, 17, 6, 0, tzinfo=ZONE),
        summary="What this made-up show will be about, in less than two minutes.",
        notes="",
        notes_line=9,
        source=Place("episodes/hello/episode.md"),
        type="trailer",
        transcript=Path("episodes/hello/transcript.vtt"),
    ),
    enclosure=replace(ENCLOSURE, key="media/hello-ba9876543210.mp3", bytes=640_512, duration_ms=40_499),
    notes=Notes("", ""),
    audio_url=BASE + "media/hello-ba9876543210.mp3",
    page_url="https://podcast.example.org/hello/",
)
