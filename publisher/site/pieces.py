"""Parts of an item into what templates print of them."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from publisher.model import Chapter, Correction, Item, Link, Person, Show, Teaser
from publisher.site.addresses import from_page, web_address
from publisher.site.reading import paragraphs
from publisher.timecodes import format_clock, format_seconds
from publisher.transcripts import Transcript

_FILE_KINDS = {
    "application/json": "JSON",
    "application/x-subrip": "SRT",
    "text/html": "HTML",
    "text/plain": "TXT",
    "text/vtt": "WebVTT",
}


_DESCRIPTION_LETTERS = 300


def teaser_values(show: Show, key: str, teaser: Teaser) -> dict[str, object]:
    """Return what a list says of an episode, as seen from the page at `key`."""
    return {
        "title": teaser.title,
        "href": from_page(show, key, teaser.page_url),
        "summary": teaser.summary,
        "day": local_day(show, teaser.date),
        "minutes": minutes_of(teaser.duration_ms),
        "iso_duration": f"PT{teaser.duration_ms // 1000}S",
        "type": teaser.type,
        "season": teaser.season,
        "number": teaser.number,
    }


def correction_values(correction: Correction, audio: str) -> dict[str, object]:
    """Return a correction, with the address of the moment in the audio that it is about."""
    at_ms = correction.at_ms
    return {
        "date": correction.date,
        "text": correction.text,
        "clock": None if at_ms is None else format_clock(at_ms),
        "seconds": None if at_ms is None else format_seconds(at_ms),
        "href": None if at_ms is None else f"{audio}#t={format_seconds(at_ms)}",
    }


def chapter_values(chapter: Chapter, audio: str) -> dict[str, object]:
    """Return a chapter with the address of its moment in the audio."""
    return {
        "title": chapter.title,
        "clock": format_clock(chapter.start_ms),
        "seconds": format_seconds(chapter.start_ms),
        "href": f"{audio}#t={format_seconds(chapter.start_ms)}",
        "url": web_address(chapter.url),
    }


def spoken_paragraphs(transcript: Transcript | None, audio: str) -> list[dict[str, object]]:
    """Return the paragraphs of a transcript, each with the address of its moment in the audio."""
    return [
        {
            "speaker": each.speaker,
            "text": each.text,
            "clock": None if each.start_ms is None else format_clock(each.start_ms),
            "seconds": None if each.start_ms is None else format_seconds(each.start_ms),
            "href": None if each.start_ms is None else f"{audio}#t={format_seconds(each.start_ms)}",
        }
        for each in (paragraphs(transcript) if transcript else ())
    ]


def person_values(person: Person) -> dict[str, object]:
    """Return a person with an address that is safe to link to."""
    return {"name": person.name, "role": person.role, "href": web_address(person.href)}


def further_files(show: Show, key: str, item: Item) -> list[dict[str, str]]:
    """Return the same audio in further formats."""
    return [
        {
            "href": from_page(show, key, url),
            "kind": url.rpartition(".")[2].upper(),
            "megabytes": f"{each.bytes / 1_000_000:.1f}",
        }
        for url, each in zip(item.alternate_urls, item.enclosure.alternates, strict=True)
    ]


def named_file(show: Show, key: str, link: Link) -> tuple[str, str]:
    """Return the address of a file as seen from the page at `key`, and what its kind is called."""
    return from_page(show, key, link.url), _FILE_KINDS.get(link.type.partition(";")[0], link.type)


def licence_of(show: Show, item: Item) -> tuple[str, str | None] | None:
    """Return the licence of an episode, or else of the show, with its address."""
    licence = item.episode.licence or show.licence
    return (licence.identifier, web_address(licence.url)) if licence else None


def local_day(show: Show, instant: datetime) -> date:
    """Return the day in the show's time zone."""
    return instant.astimezone(ZoneInfo(show.timezone)).date()


def minutes_of(milliseconds: int) -> int:
    """Round milliseconds to minutes."""
    return (milliseconds + 30_000) // 60_000


def shortened(text: str) -> str:
    """Cut a description for search engines and previews at a word."""
    text = " ".join(text.split())
    if len(text) <= _DESCRIPTION_LETTERS:
        return text
    return text[:_DESCRIPTION_LETTERS].rpartition(" ")[0] + "…"
