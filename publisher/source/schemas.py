"""The shape of `show.toml`, `episode.md` and `resources.yaml`, as editors and the loader see it."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    model_validator,
)

from publisher.source.identifiers import read_doi, read_isbn
from publisher.timecodes import parse_timecode


def _shown(value: object) -> str:
    text = str(value)
    return repr(text if len(text) <= 40 else f"{text[:37]}…")


def _true_or_false(value: object) -> object:
    if isinstance(value, str):
        word = value.lower()
        if word in {"true", "false"}:
            return word == "true"
        meant = {"yes": "true", "no": "false", "on": "true", "off": "false", "clean": "false"}.get(word)
        raise ValueError(f"{_shown(value)} is neither true nor false | write {meant or 'true or false'}")
    return value


def _web_address(value: str) -> str:
    try:
        parts = urlsplit(value)
        usable = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        usable = False
    if not usable or re.search(r"\s", value):
        raise ValueError(
            f"{_shown(value)} is no web address | write all of it, such as https://example.org/page"
        )
    if parts.username or parts.password:
        raise ValueError("the address holds a name or password | leave them out: everybody can read the feed")
    return value


def _picture(value: str) -> str:
    return _web_address(value) if ":" in value else value


def _guid(value: str) -> str:
    if not re.fullmatch(r"[\x21-\x7e]{1,255}", value):
        raise ValueError(
            f"{_shown(value)} cannot be a guid | use at most 255 plain characters without spaces, best a UUID"
        )
    return value


def is_identifier(value: str) -> bool:
    """Tell whether a text can be the id of a person, a resource, a feed or a target."""
    return re.fullmatch(r"[a-z0-9]+(?:-[a-z0-9]+)*", value) is not None


def _identifier(value: str) -> str:
    if not is_identifier(value):
        raise ValueError(
            f"{_shown(value)} cannot be an id | use lower-case letters, digits and dashes, such as mark-luque"
        )
    return value


def _time(value: object) -> object:
    if not isinstance(value, str):
        return value
    try:
        return parse_timecode(value)
    except ValueError as error:
        raise ValueError(f"{error} | write minutes and seconds, such as 01:10, or 1:08:22") from error


def _bitrate(value: object) -> object:
    if isinstance(value, str) and re.fullmatch(r"\d{2,3}k|V[0-9]", value):
        return value
    hint = 'write kilobits a second, such as "128k", or for an MP3 a quality from "V0" to "V9"'
    raise ValueError(f"{_shown(value)} is no bit rate | {hint}")


def _bookend(value: object) -> object:
    if value is False or (isinstance(value, str) and value.strip().lower() == "false"):
        return ""
    if value is True or (
        isinstance(value, str) and value.strip().lower() in {"true", "yes", "no", "off", "on"}
    ):
        raise ValueError(f"{_shown(value)} is no file | write false for none, or leave the line out")
    return value


Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
ShortText = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=255)]
NamespaceText = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=128)]
Url = Annotated[Text, AfterValidator(_web_address)]
Picture = Annotated[Text, AfterValidator(_picture)]
Guid = Annotated[Text, AfterValidator(_guid)]
Identifier = Annotated[Text, AfterValidator(_identifier)]
Flag = Annotated[bool, BeforeValidator(_true_or_false)]
Time = Annotated[int, BeforeValidator(_time), Field(ge=0, json_schema_extra={"type": "string"})]
Bitrate = Annotated[str, BeforeValidator(_bitrate)]
Bookend = Annotated[
    str,
    BeforeValidator(_bookend),
    StringConstraints(strip_whitespace=True),
    Field(json_schema_extra={"type": ["string", "boolean"]}),
]
Crossfade = Annotated[float, Field(ge=0, le=60)]
Language = Annotated[Text, Field(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$")]
Positive = Annotated[int, Field(ge=1, le=1_000_000)]


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class OwnerEntry(_Table):
    """Who answers mail about the show; directories send their claim codes there."""

    name: ShortText
    email: Annotated[Text, Field(pattern=r"^[^@\s]+@[^@\s]+\.[^@\s]+$")]


class LocationEntry(_Table):
    """podcast:location."""

    name: NamespaceText
    geo: Annotated[Text, Field(pattern=r"^geo:-?[0-9.]+,-?[0-9.]+(,-?[0-9.]+)?(;.*)?$")] | None = None
    osm: Annotated[Text, Field(pattern=r"^[NWR][0-9]+(#[0-9]+)?$")] | None = None
    country: Annotated[Text, Field(pattern=r"^[A-Z]{2}$")] | None = None
    rel: Literal["subject", "creator"] | None = None


class LicenceEntry(_Table):
    """podcast:license."""

    id: NamespaceText
    url: Url | None = None


class FundingEntry(_Table):
    """podcast:funding."""

    url: Url
    text: NamespaceText


class TxtEntry(_Table):
    """podcast:txt."""

    text: Annotated[Text, Field(max_length=4000)]
    purpose: NamespaceText | None = None


class UpdateFrequencyEntry(_Table):
    """podcast:updateFrequency."""

    text: NamespaceText
    rrule: Text | None = None
    dtstart: Text | None = None
    complete: Flag = False


def _as_table(key: str) -> BeforeValidator:
    """Let a single text stand for a table with that one key."""
    return BeforeValidator(lambda value: {key: value} if isinstance(value, str) else value)


def _as_list(value: object) -> object:
    """Let a single text stand for a list of one."""
    return [value] if isinstance(value, str | dict) else value


Languages = Annotated[list[Language], BeforeValidator(_as_list, json_schema_input_type=str | list[str])]
Location = Annotated[LocationEntry, _as_table("name")]
Licence = Annotated[LicenceEntry, _as_table("id")]
UpdateFrequency = Annotated[UpdateFrequencyEntry, _as_table("text")]


class ShowTable(_Table):
    """`[show]`: what is true for the whole show."""

    title: ShortText
    description: Text
    language: Language
    author: ShortText
    base_url: Url
    link: Url | None = None
    guid: Guid
    timezone: Text
    cover: Text
    categories: Annotated[list[Text], Field(min_length=1)]
    owner: OwnerEntry | None = None
    copyright: ShortText | None = None
    explicit: Flag = False
    type: Literal["episodic", "serial"] = "episodic"
    hosts: list[Identifier] = []
    locked: Flag = True
    transcripts: list[Literal["srt", "json", "html"]] = []
    medium: Text = "podcast"
    block: Flag = False
    complete: Flag = False
    new_feed_url: Url | None = None
    funding: list[FundingEntry] = []
    location: Location | None = None
    license: Licence | None = None
    update_frequency: UpdateFrequency | None = None
    txt: list[TxtEntry] = []
    sign_releases: Flag = False


class PersonTable(_Table):
    """`[[people]]`: somebody heard or named in several episodes."""

    id: Identifier
    name: NamespaceText
    role: NamespaceText = "guest"
    group: NamespaceText = "cast"
    href: Url | None = None
    img: Url | None = None


class AlternateTable(_Table):
    """`[[audio.alternates]]`: the same episodes in one more format."""

    format: Literal["mp3", "m4a", "opus"]
    bitrate: Bitrate | None = None


class AudioTable(_Table):
    """`[audio]`: how finished audio sounds."""

    loudness: Annotated[float, Field(ge=-36, le=-8)] = -16.0
    true_peak: Annotated[float, Field(ge=-9, le=0)] = -1.0
    format: Literal["mp3", "m4a", "opus"] = "mp3"
    bitrate: Bitrate | None = None
    channels: Literal["auto", "mono", "stereo"] = "auto"
    intro: Text | None = None
    outro: Text | None = None
    crossfade: Crossfade = 0.0
    alternates: list[AlternateTable] = []


class FeedTable(_Table):
    """`[feeds.NAME]`: one feed of the show; what it says of itself stands in for what the show says."""

    language: Language | None = None
    title: ShortText | None = None
    description: Annotated[Text, Field(max_length=4000)] | None = None
    guid: Guid | None = None
    psc: Flag = False
    hub: Url | None = None


class IgnoreTable(_Table):
    """`[[check.ignore]]`: a finding that is accepted, with its reason and an end."""

    rule: Text
    reason: Text
    until: date | None = None


class CheckTable(_Table):
    """`[check]`: which profiles are checked."""

    profiles: list[Text] = []
    ignore: list[IgnoreTable] = []
    numbers: dict[Text, dict[Text, int | float]] = {}


class TargetTable(_Table):
    """`[targets.NAME]`: a place to publish to; credentials come from the standard AWS chain only."""

    url: Annotated[Text, Field(pattern=r"^(file:.+|s3://[a-z0-9][a-z0-9.-]+(/.*)?)$")]
    region: Text | None = None
    endpoint: Url | None = None
    profile: Text | None = None
    expected_owner: Annotated[Text, Field(pattern=r"^\d{12}$")] | None = None
    conditional_writes: bool = True


class ShowFile(_Table):
    """`show.toml`."""

    show: ShowTable
    people: list[PersonTable] = []
    audio: AudioTable = AudioTable()
    feeds: dict[Identifier, FeedTable] = {}
    check: CheckTable = CheckTable()
    targets: dict[Identifier, TargetTable] = {}


class AuthorEntry(_Table):
    """Somebody whom a resource is by: a name as it is, or the two parts that lists of works sort by."""

    name: Text | None = None
    family: Text | None = None
    given: Text | None = None

    @model_validator(mode="after")
    def _is_named_once(self) -> AuthorEntry:
        if bool(self.name) == bool(self.family) or (self.given and not self.family):
            raise ValueError("nobody is named, or twice | write a name, or {family: …, given: …}")
        return self


Authors = Annotated[
    list[Annotated[AuthorEntry, _as_table("name")]],
    BeforeValidator(_as_list, json_schema_input_type=str | list[str | AuthorEntry]),
]


class ResourceWords(_Table):
    """A resource for readers of one more language."""

    title: Text | None = None
    url: Url | None = None
    description: Text | None = None


class ResourceEntry(_Table):
    """One entry of `resources.yaml`."""

    title: Text
    url: Url
    by: Authors = []
    publisher: Text | None = None
    kind: Text = "web page"
    languages: Languages = []
    description: Text | None = None
    format: Text | None = None
    licence: Text | None = None
    isbn: Annotated[Text, AfterValidator(read_isbn)] | None = None
    doi: Annotated[Text, AfterValidator(read_doi)] | None = None
    verified_on: date | None = None
    archived_url: Url | None = None
    translations: dict[Language, ResourceWords] = {}


class WithdrawnEntry(_Table):
    """An episode that was taken out of the feed, by its guid."""

    episode: Identifier
    title: Text
    on: date
    reason: Text | None = None


class PersonCredit(_Table):
    """A person of the show in one episode, perhaps in another role."""

    id: Identifier
    role: NamespaceText | None = None
    group: NamespaceText | None = None


class ChapterEntry(_Table):
    """One chapter."""

    at: Time
    title: ShortText
    url: Url | None = None
    image: Picture | None = None
    toc: Flag = True


class SoundbiteEntry(_Table):
    """podcast:soundbite."""

    at: Time
    duration: Time
    title: Annotated[str, Field(max_length=128)] = ""


class RecordingEntry(_Table):
    """Which file is the recording, and what is heard before and after it instead of the show's own."""

    file: Text | None = None
    intro: Bookend | None = None
    outro: Bookend | None = None
    crossfade: Crossfade | None = None


class CorrectionEntry(_Table):
    """Something said wrongly, and what is right; `at` puts it into the transcript, too."""

    date: date
    text: Text
    at: Time | None = None


class EpisodeCheckEntry(_Table):
    """`check:` of an episode: what is accepted for it alone."""

    ignore: list[IgnoreTable] = []


class EpisodeFile(_Table):
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
    people: list[Annotated[PersonCredit, _as_table("id")]] = []
    resources: list[Identifier] = []
    chapters: list[ChapterEntry] = []
    soundbites: list[SoundbiteEntry] = []
    transcript: Text | None = None
    cover: Text | None = None
    audio: Annotated[RecordingEntry, _as_table("file")] = RecordingEntry()
    location: Location | None = None
    license: Licence | None = None
    txt: list[TxtEntry] = []
    questions: list[Text] = []
    corrections: list[CorrectionEntry] = []
    check: EpisodeCheckEntry = EpisodeCheckEntry()


class TranslatedChapter(_Table):
    """A chapter's title in another language; its time, too, where that language has its own recording."""

    title: ShortText
    at: Time | None = None
    url: Url | None = None
    image: Picture | None = None
    toc: Flag = True


class TranslatedSoundbite(_Table):
    """A soundbite's title in another language; its times, too, where that language has its own recording."""

    title: Annotated[str, Field(max_length=128)]
    at: Time | None = None
    duration: Time | None = None


class TranslationFile(_Table):
    """The front matter of `episode.<language>.md`: what it leaves out stays as in `episode.md`."""

    title: ShortText | None = None
    summary: Annotated[Text, Field(max_length=4000)] | None = None
    chapters: list[Annotated[TranslatedChapter, _as_table("title")]] = []
    soundbites: list[Annotated[TranslatedSoundbite, _as_table("title")]] = []
    questions: list[Text] = []
    corrections: list[CorrectionEntry] = []
    transcript: Text | None = None
    audio: Text | None = None


FILES: dict[str, type[_Table]] = {
    "show": ShowFile,
    "episode": EpisodeFile,
    "translation": TranslationFile,
    "resource": ResourceEntry,
}


def json_schema(name: str) -> dict[str, Any]:
    """Return the JSON Schema of one file format, for editors."""
    schema = FILES[name].model_json_schema()
    if name == "resource":
        schema = {"type": "object", "additionalProperties": schema}
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}
