"""The shape of `episode.md` and its translations."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import (
    Field,
)

from publisher.source.schemas.shared import IgnoreTable, Licence, Location, Table, TxtEntry, as_table
from publisher.source.schemas.values import (
    Bookend,
    Crossfade,
    Flag,
    Guid,
    Identifier,
    NamespaceText,
    Picture,
    Positive,
    ShortText,
    Text,
    Time,
    Url,
)


class PersonCredit(Table):
    """A person of the show in one episode, perhaps in another role."""

    id: Identifier
    role: NamespaceText | None = None
    group: NamespaceText | None = None


class ChapterEntry(Table):
    """One chapter."""

    at: Time
    title: ShortText
    url: Url | None = None
    image: Picture | None = None
    toc: Flag = True


class SoundbiteEntry(Table):
    """podcast:soundbite."""

    at: Time
    duration: Time
    title: Annotated[str, Field(max_length=128)] = ""


class RecordingEntry(Table):
    """Which file is the recording, and what is heard before and after it instead of the show's own."""

    file: Text | None = None
    intro: Bookend | None = None
    outro: Bookend | None = None
    crossfade: Crossfade | None = None


class CorrectionEntry(Table):
    """Something said wrongly, and what is right; `at` puts it into the transcript, too."""

    date: date
    text: Text
    at: Time | None = None


class EpisodeCheckEntry(Table):
    """`check:` of an episode: what is accepted for it alone."""

    ignore: list[IgnoreTable] = []


class EpisodeFile(Table):
    """The front matter of `episode.md`."""

    title: ShortText
    guid: Guid
    date: Text
    summary: Annotated[Text, Field(max_length=4000)] | None = None
    type: Literal["full", "trailer", "bonus"] = "full"
    season: Positive | None = None
    season_name: NamespaceText | None = None
    episode: Positive | None = None
    explicit: Flag | None = None
    draft: Flag = False
    people: list[Annotated[PersonCredit, as_table("id")]] = []
    resources: list[Identifier] = []
    chapters: list[ChapterEntry] = []
    soundbites: list[SoundbiteEntry] = []
    transcript: Text | None = None
    cover: Text | None = None
    audio: Annotated[RecordingEntry, as_table("file")] = RecordingEntry()
    location: Location | None = None
    license: Licence | None = None
    txt: list[TxtEntry] = []
    questions: list[Text] = []
    corrections: list[CorrectionEntry] = []
    check: EpisodeCheckEntry = EpisodeCheckEntry()


class TranslatedChapter(Table):
    """A chapter's title in another language; its time, too, where that language has its own recording."""

    title: ShortText
    at: Time | None = None
    url: Url | None = None
    image: Picture | None = None
    toc: Flag = True


class TranslatedSoundbite(Table):
    """A soundbite's title in another language; its times, too, where that language has its own recording."""

    title: Annotated[str, Field(max_length=128)]
    at: Time | None = None
    duration: Time | None = None


class TranslationFile(Table):
    """The front matter of `episode.<language>.md`: what it leaves out stays as in `episode.md`."""

    title: ShortText | None = None
    summary: Annotated[Text, Field(max_length=4000)] | None = None
    chapters: list[Annotated[TranslatedChapter, as_table("title")]] = []
    soundbites: list[Annotated[TranslatedSoundbite, as_table("title")]] = []
    questions: list[Text] = []
    corrections: list[CorrectionEntry] = []
    transcript: Text | None = None
    audio: Text | None = None
