"""`show.toml` into a Show."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from publisher.errors import Place, Problem, SourceError
from publisher.guids import feed_guid
from publisher.model import (
    AudioFormat,
    AudioSettings,
    Bookends,
    FeedSettings,
    Funding,
    Licence,
    Location,
    Person,
    Show,
    TargetSettings,
    Txt,
    UpdateFrequency,
    Waiver,
)
from publisher.source import schemas
from publisher.source.document import Document, read_text
from publisher.source.paths import below, inside
from publisher.source.suggesting import did_you_mean
from publisher.source.tomlplaces import parse_toml
from publisher.source.validation import by_place, validate

SHOW_FILE = "show.toml"
DEFAULT_TARGET = TargetSettings(name="local", url="file:public")
_LIMIT_BYTES = 1024 * 1024
_BITRATES: Mapping[AudioFormat, str] = {"mp3": "128k", "m4a": "128k", "opus": "64k"}
_RANGES: Mapping[AudioFormat, tuple[int, int]] = {"mp3": (32, 320), "m4a": (32, 256), "opus": (16, 256)}
_QUALITY_KBPS = (245, 225, 190, 175, 165, 130, 115, 100, 85, 65)  # of stereo, as LAME states them


def load_show(root: Path) -> Show:
    """Read and check `show.toml`.

    Raises:
        SourceError: every problem of the file.
    """
    document = parse_toml(read_text(root / SHOW_FILE, SHOW_FILE, limit_bytes=_LIMIT_BYTES), SHOW_FILE)
    file = validate(schemas.ShowFile, document)
    problems = [
        *_people_problems(file, document),
        *_zone_problems(file, document),
        *_audio_problems(file.audio, document),
    ]
    cover, cover_problems = inside(root, file.show.cover, document, ("show", "cover"))
    bookends, bookend_problems = _bookends(root, file.audio, document)
    problems += cover_problems + bookend_problems
    if problems:
        raise SourceError(tuple(sorted(problems, key=by_place)))
    return _show(file, cover, bookends)


def show_place(root: Path, *loc: str | int) -> Place:
    """Return where a value of `show.toml` stands; parsed anew, for the few times that somebody asks.

    Raises:
        SourceError: the file cannot be read any more.
    """
    text = read_text(root / SHOW_FILE, SHOW_FILE, limit_bytes=_LIMIT_BYTES)
    return parse_toml(text, SHOW_FILE).place_of(loc)


def _people_problems(file: schemas.ShowFile, document: Document) -> list[Problem]:
    seen: dict[str, int] = {}
    problems = []
    for index, person in enumerate(file.people):
        if person.id in seen:
            place = document.place_of(("people", index, "id"))
            problems.append(
                Problem(f"person `{person.id}` is there twice", place, "give each an id of its own")
            )
        seen[person.id] = index
    for index, host in enumerate(file.show.hosts):
        if host not in seen:
            place = document.place_of(("show", "hosts", index))
            problems.append(
                Problem(
                    f"unknown person `{host}`",
                    place,
                    did_you_mean(host, seen) or "add the person as [[people]]",
                )
            )
    return problems


def _zone_problems(file: schemas.ShowFile, document: Document) -> list[Problem]:
    name = file.show.timezone
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        hint = did_you_mean(name, available_timezones()) or "a name such as America/Los_Angeles"
        return [Problem(f"unknown time zone {name!r}", document.place_of(("show", "timezone")), hint)]
    return []


def _audio_problems(table: schemas.AudioTable, document: Document) -> list[Problem]:
    """Find bit rates that a format does not have, and alternates that are there already."""
    problems = []
    seen: set[tuple[str, str]] = set()
    entries: tuple[schemas.AudioTable | schemas.AlternateTable, ...] = (table, *table.alternates)
    for number, entry in enumerate(entries):
        loc: tuple[str | int, ...] = ("audio",) if entry is table else ("audio", "alternates", number - 1)
        bitrate = entry.bitrate or _BITRATES[entry.format]
        least, most = _RANGES[entry.format]
        kind = entry.format.upper() if entry.format != "opus" else "Opus"
        if bitrate.startswith("V"):
            if entry.format != "mp3":
                hint = f'write kilobits a second, such as "{_BITRATES[entry.format]}"'
                message = f"{bitrate} is a quality of MP3; {kind} has none"
                problems.append(Problem(message, document.place_of((*loc, "bitrate")), hint))
        elif not least <= int(bitrate[:-1]) <= most:
            message = f"{bitrate} is no bit rate of {kind}"
            hint = f"write one from {least}k to {most}k"
            problems.append(Problem(message, document.place_of((*loc, "bitrate")), hint))
        if (entry.format, bitrate) in seen:
            hint = "take it out, or give it another format or bit rate"
            message = f"{kind} with {bitrate} is made already"
            problems.append(Problem(message, document.place_of(loc), hint))
        seen.add((entry.format, bitrate))
    return problems


def _bookends(root: Path, table: schemas.AudioTable, document: Document) -> tuple[Bookends, list[Problem]]:
    """Return what is heard around every recording; the files are asked for where audio is made of them."""
    paths: list[Path | None] = []
    problems: list[Problem] = []
    for key, name in (("intro", table.intro), ("outro", table.outro)):
        path, found = below(root, name, document, ("audio", key)) if name else (None, [])
        paths.append(path)
        problems += found
    return Bookends(paths[0], paths[1], round(table.crossfade * 1000)), problems


def _show(file: schemas.ShowFile, cover: Path, bookends: Bookends) -> Show:
    table = file.show
    base_url = table.base_url if table.base_url.endswith("/") else f"{table.base_url}/"
    people = {
        entry.id: Person(entry.id, entry.name, entry.role.lower(), entry.group.lower(), entry.href, entry.img)
        for entry in file.people
    }
    feeds = tuple(
        FeedSettings(
            name,
            feed.language or table.language,
            feed.title,
            feed.description,
            # the show's guid is its first feed's; two feeds must never share one
            feed.guid or (table.guid if index == 0 else feed_guid(base_url, name)),
            feed.psc,
            feed.hub,
        )
        for index, (name, feed) in enumerate(file.feeds.items())
    )
    targets = tuple(
        TargetSettings(
            name,
            target.url,
            target.region,
            target.endpoint,
            target.profile,
            target.expected_owner,
            target.conditional_writes,
        )
        for name, target in file.targets.items()
    )
    return Show(
        title=table.title,
        description=table.description,
        language=table.language,
        author=table.author,
        base_url=base_url,
        link=table.link or f"{base_url}index.html",
        guid=table.guid,
        timezone=table.timezone,
        cover=cover,
        categories=tuple(table.categories),
        owner_name=table.owner.name if table.owner else None,
        owner_email=table.owner.email if table.owner else None,
        copyright=table.copyright,
        explicit=table.explicit,
        type=table.type,
        locked=table.locked,
        transcripts=tuple(dict.fromkeys(table.transcripts)),
        medium=table.medium,
        block=table.block,
        complete=table.complete,
        new_feed_url=table.new_feed_url,
        funding=tuple(Funding(entry.url, entry.text) for entry in table.funding),
        location=location(table.location),
        licence=licence(table.license),
        update_frequency=_update_frequency(table.update_frequency),
        txt=txt(table.txt),
        people=tuple(people.values()),
        hosts=tuple(people[host] for host in table.hosts),
        audio=_audio(file.audio, file.audio.format, file.audio.bitrate),
        alternates=tuple(_audio(file.audio, each.format, each.bitrate) for each in file.audio.alternates),
        bookends=bookends,
        feeds=feeds or (FeedSettings("feed", table.language),),
        targets=targets or (DEFAULT_TARGET,),
        profiles=tuple(file.check.profiles),
        waivers=waivers(file.check.ignore),
        numbers=file.check.numbers,
        sign_releases=table.sign_releases,
    )


def location(entry: schemas.LocationEntry | None) -> Location | None:
    """Turn a location of a file into a Location."""
    return Location(entry.name, entry.geo, entry.osm, entry.country, entry.rel) if entry else None


def licence(entry: schemas.LicenceEntry | None) -> Licence | None:
    """Turn a licence of a file into a Licence."""
    return Licence(entry.id, entry.url) if entry else None


def txt(entries: list[schemas.TxtEntry]) -> tuple[Txt, ...]:
    """Turn the texts of a file into Txt values."""
    return tuple(Txt(entry.text, entry.purpose) for entry in entries)


def waivers(entries: list[schemas.IgnoreTable]) -> tuple[Waiver, ...]:
    """Turn the waivers of a file into Waivers."""
    return tuple(Waiver(entry.rule, entry.reason, entry.until) for entry in entries)


def _update_frequency(entry: schemas.UpdateFrequencyEntry | None) -> UpdateFrequency | None:
    if entry is None:
        return None
    return UpdateFrequency(entry.text, entry.rrule, entry.dtstart, entry.complete)


def _audio(table: schemas.AudioTable, kind: AudioFormat, written: str | None) -> AudioSettings:
    """Return the settings of the main audio or of an alternate, which differ in format and bit rate only."""
    bitrate = written or _BITRATES[kind]
    quality = int(bitrate[1:]) if bitrate.startswith("V") else None
    return AudioSettings(
        loudness_lufs=table.loudness,
        true_peak_dbtp=table.true_peak,
        format=kind,
        bitrate_kbps=int(bitrate[:-1]) if quality is None else _QUALITY_KBPS[quality],
        channels=table.channels,
        vbr_quality=quality,
    )
